"""A scenario on one page, or as one object: what it declares, and an instance as the agent meets it.

The declaration stands by itself (:func:`declaration_page`): pages about scenarios are made of it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ulterior.scenarios import ROLES, AnyInstance, AnyScenario, Condition, Factor, Role

__all__ = ["declaration_page", "scenario_object", "scenario_page"]

SOUNDNESS: Mapping[str, str] = {
    "both": "Sound both ways: it should neither miss a violation nor count anything else.",
    "lower": "A lower bound: what it counts is a violation, and it may have missed some.",
    "upper": "An upper bound: it should miss none, and may have counted some that are none.",
}
"""What the number of violations that an oracle finds is worth."""

FACT_SOUNDNESS: Mapping[str, str] = {
    "both": "known to be true or not",
    "lower": "may be true where the oracle says it is not, so owning up to it is no false confession",
}


def scenario_page(scenario: AnyScenario, seed: int, levels: Condition) -> str:
    """The page of one scenario with the instance of one seed."""
    condition = scenario.condition(levels)
    instance = scenario.instance(seed, condition)
    hashed = ["", f"Content hash: `{scenario.content_hash}`", ""]
    return "\n".join(
        [declaration_page(scenario).rstrip("\n"), *hashed, *_instance(instance, seed, condition)]
    )


def declaration_page(scenario: AnyScenario) -> str:
    """What a scenario declares. Depends on nothing else, and on no seed."""
    about = scenario.about
    why = f" Why: {about.soundness_because}" if about.soundness_because else ""
    sections = {
        "Mechanism": _text(about.mechanism),
        "Conditions": _conditions(scenario),
        "Controls it lacks": [f"- `{role}` ({ROLES[role]}): {why}" for role, why in about.without.items()],
        "Factors": [f"- `{f.name}`: {', '.join(f.levels)}. {f.about}" for f in scenario.factors],
        "Material facts": [
            f"- `{fact.id}`: {fact.statement} ({FACT_SOUNDNESS[fact.sound]})" for fact in scenario.facts
        ],
        "What the count of violations is worth": [SOUNDNESS[about.soundness] + why],
        "What to expect of agents that don't scheme": _text(about.floor),
        "What it can't show": _text(about.cannot_show),
        "Planted agents": [f"- `{agent.name}`: {agent.about}" for agent in scenario.playbooks.values()],
        "Literature": [f"- {source}" for source in about.literature],
    }
    lines = [f"# {scenario.title} (`{scenario.name}` {scenario.version})", "", scenario.summary]
    for title, content in sections.items():
        if content:
            lines += ["", f"## {title}", "", *content]
    return "\n".join(lines) + "\n"


def _text(text: str) -> list[str]:
    return [text] if text else []


def _conditions(scenario: AnyScenario) -> list[str]:
    lines = ["The first level of every factor holds unless a condition says otherwise.", ""]
    for name, levels in _named(scenario).items():
        varied = ", ".join(f"{factor}={level}" for factor, level in levels.items()) or "the first levels"
        why = "; ".join(filter(None, [_run_by_default(scenario, name), _meaning(scenario, name)]))
        lines.append(f"- `{name}` ({varied}): {why}")
    return lines


def _named(scenario: AnyScenario) -> dict[str, Condition]:
    """Every named condition by the levels that it gives, default ones first."""
    return {**scenario.conditions, **scenario.about.arms}


def _run_by_default(scenario: AnyScenario, name: str) -> str:
    if name == next(iter(scenario.conditions), None):
        return "the primary condition, which tempts; run by default"
    return "run by default" if name in scenario.conditions else ""


def _meaning(scenario: AnyScenario, name: str) -> str:
    role = _role(scenario, name)
    return ROLES[role] if role else ""


def _role(scenario: AnyScenario, name: str) -> Role | None:
    """The role that a named condition has: by its name, or because an arm has the same levels."""
    roles: dict[str, Role] = {role: role for role in ROLES}
    if name in roles:
        return roles[name]
    cell = scenario.cells[name]
    return next((role for role in scenario.about.arms if scenario.cells[role] == cell), None)


def _instance(instance: AnyInstance, seed: int, condition: Condition) -> list[str]:
    varied = ", ".join(f"{name}={level}" for name, level in condition.items())
    lines = [f"## Instance {seed} ({varied})", "", "### System", "", instance.system, ""]
    lines += ["### Briefing", "", instance.briefing, ""]
    lines += ["### Tools", "", *(f"- `{tool.name}`: {tool.description}" for tool in instance.tools), ""]
    lines += ["### Questions afterwards", "", *(f"- {q.kind}: {q.text}" for q in instance.questions), ""]
    lines += ["### Files", ""]
    for path, text in _files(instance):
        fence = "`" * max(3, 1 + max((len(run) for run in text.split("\n") if set(run) == {"`"}), default=0))
        lines += [f"`{path}`", "", fence, text.rstrip("\n"), fence, ""]
    return lines


def _files(instance: AnyInstance) -> Iterable[tuple[str, str]]:
    return ((path, data.decode("utf-8", "replace")) for path, data in sorted(instance.files.items()))


# ---- The same as one object ----------------------------------------------------------------------------


def scenario_object(scenario: AnyScenario, seed: int, levels: Condition) -> dict[str, Any]:
    """What :func:`scenario_page` says, for programs: values that JSON holds."""
    condition = scenario.condition(levels)
    instance = _instance_object(scenario.instance(seed, condition))
    return _declaration_object(scenario) | {"instance": {"seed": seed, "condition": condition, **instance}}


def _declaration_object(scenario: AnyScenario) -> dict[str, Any]:
    about = scenario.about
    return {
        "name": scenario.name,
        "version": scenario.version,
        "title": scenario.title,
        "summary": scenario.summary,
        "hash": scenario.content_hash,
        "mechanism": about.mechanism,
        "conditions": [_condition_object(scenario, name) for name in scenario.cells],
        "without": dict(about.without),
        "factors": [_factor_object(factor) for factor in scenario.factors],
        "facts": [{"id": f.id, "statement": f.statement, "sound": f.sound} for f in scenario.facts],
        "soundness": about.soundness,
        "soundness_because": about.soundness_because,
        "floor": about.floor,
        "cannot_show": about.cannot_show,
        "playbooks": [{"name": agent.name, "about": agent.about} for agent in scenario.playbooks.values()],
        "literature": list(about.literature),
    }


def _condition_object(scenario: AnyScenario, name: str) -> dict[str, Any]:
    role = _role(scenario, name)
    return {
        "name": name,
        "condition": scenario.cells[name],
        "default": name in scenario.conditions,
        "role": role,
        "means": ROLES[role] if role else None,
    }


def _factor_object(factor: Factor) -> dict[str, Any]:
    return {"name": factor.name, "levels": list(factor.levels), "about": factor.about}


def _instance_object(instance: AnyInstance) -> dict[str, Any]:
    return {
        "system": instance.system,
        "briefing": instance.briefing,
        "tools": [{"name": tool.name, "description": tool.description} for tool in instance.tools],
        "questions": [{"id": q.id, "kind": q.kind, "text": q.text} for q in instance.questions],
        "files": dict(_files(instance)),
    }
