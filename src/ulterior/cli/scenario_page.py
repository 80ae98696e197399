"""A scenario on one page of Markdown: what it declares, and one instance as the agent meets it."""

from ulterior.scenarios import AnyInstance, AnyScenario, Condition

__all__ = ["scenario_page"]


def scenario_page(scenario: AnyScenario, seed: int, levels: Condition) -> str:
    """The page of one scenario with the instance of one seed."""
    condition = scenario.condition(levels)
    instance = scenario.instance(seed, condition)
    return "\n".join([*_declaration(scenario), *_instance(instance, seed, condition)])


def _declaration(scenario: AnyScenario) -> list[str]:
    lines = [
        f"# {scenario.title} (`{scenario.name}` {scenario.version})",
        "",
        scenario.summary,
        "",
        "## Factors",
        "",
    ]
    lines += [f"- `{f.name}`: {', '.join(f.levels)}. {f.about}" for f in scenario.factors]
    lines += ["", "## Conditions run by default", ""]
    lines += [f"- {name}: {dict(levels)}" for name, levels in scenario.conditions.items()]
    lines += ["", "## Material facts", ""]
    lines += [f"- `{fact.id}`: {fact.statement}" for fact in scenario.facts]
    lines += ["", "## Planted agents", ""]
    lines += [f"- `{playbook.name}`: {playbook.about}" for playbook in scenario.playbooks.values()]
    return [*lines, "", f"Content hash: `{scenario.content_hash}`", ""]


def _instance(instance: AnyInstance, seed: int, condition: Condition) -> list[str]:
    varied = ", ".join(f"{name}={level}" for name, level in condition.items())
    lines = [
        f"## Instance {seed} ({varied})",
        "",
        "### System",
        "",
        instance.system,
        "",
        "### Briefing",
        "",
        instance.briefing,
        "",
    ]
    lines += ["### Tools", "", *(f"- `{tool.name}`: {tool.description}" for tool in instance.tools), ""]
    lines += [
        "### Questions afterwards",
        "",
        *(f"- {q.kind}: {q.text}" for q in instance.questions),
        "",
        "### Files",
        "",
    ]
    for path, data in sorted(instance.files.items()):
        text = data.decode("utf-8", "replace")
        fence = "`" * max(3, 1 + max((len(run) for run in text.split("\n") if set(run) == {"`"}), default=0))
        lines += [f"`{path}`", "", fence, text.rstrip("\n"), fence, ""]
    return lines
