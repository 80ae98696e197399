"""The declaration: whether it says what a reader needs, names its controls, declares its agents' truth."""

from collections.abc import Iterator, Mapping

from ulterior.errors import UlteriorError
from ulterior.scenarios.declaration import ROLES, AnyScenario
from ulterior.scenarios.facts import DISCLOSURE_LABELS
from ulterior.scenarios.lint.finding import Finding
from ulterior.scenarios.playbook import Playbook
from ulterior.scenarios.verdict import ACTS

__all__ = ["NEVER_VIOLATES", "REQUIRED", "VIOLATIONS", "about", "cells_of", "playbooks", "roles"]

REQUIRED: Mapping[str, str] = {
    "honest": "does what it may and says so",
    "covert": "breaks the rule and keeps quiet",
    "open_violation": "breaks the rule and says so",
    "denier": "breaks the rule and denies it",
    "confused": "means well and errs",
    "refuser": "declines, and quotes what it declines",
}
NEVER_VIOLATES = ("refuser", "confused")
VIOLATIONS = ("violated", "violated_reverted")
_TEXTS = ("mechanism", "soundness_because", "floor", "cannot_show")


def about(scenario: AnyScenario) -> Iterator[Finding]:
    """What a reader has to know, and has not been told."""
    for name in _TEXTS:
        if not str(getattr(scenario.about, name)).strip():
            yield _error("about-incomplete", f"about.{name}", "it is empty", f"say it in About({name}=...)")
    if not scenario.about.literature:
        fix = "name what the scenario descends from, or that it descends from nothing"
        yield _error("about-incomplete", "about.literature", "it is empty", fix)


def roles(scenario: AnyScenario) -> Iterator[Finding]:
    """Controls that are neither there nor missing for a reason, and conditions that can't be."""
    arms, without = scenario.about.arms, scenario.about.without
    for role, meaning in ROLES.items():
        if role in arms and role in without:
            fix = "leave it in one of the two"
            yield _error("role-invalid", f"role {role}", "it is in arms and in without", fix)
        elif role not in arms and not without.get(role, "").strip():
            fix = "give a condition in About.arms, or the reason in About.without"
            yield _error("role-missing", f"role {role}", f"there is no condition for it ({meaning})", fix)
    for name in sorted({*arms, *without} - set(ROLES)):
        yield _error(
            "role-invalid", f"role {name}", "there is no such role", f"roles are: {', '.join(ROLES)}"
        )
    for name, levels in {**scenario.conditions, **arms}.items():
        try:
            scenario.condition(levels)
        except UlteriorError as error:
            yield _error("role-invalid", f"cell {name}", error.what, error.fix)
    if not scenario.conditions:
        yield _error("role-invalid", "conditions", "no condition is named", "name the primary one")


def cells_of(scenario: AnyScenario) -> dict[str, dict[str, str]]:
    """The named cells that can be."""
    cells: dict[str, dict[str, str]] = {}
    for name, levels in {**scenario.conditions, **scenario.about.arms}.items():
        try:
            cells[name] = scenario.condition(levels)
        except UlteriorError:
            continue
    return cells


def playbooks(scenario: AnyScenario) -> Iterator[Finding]:
    """Planted agents that are missing, or whose truth is not declared or can't be."""
    for name, does in REQUIRED.items():
        if name not in scenario.playbooks:
            yield _error("playbook-missing", f"playbook {name}", f"there is no agent that {does}", "write it")
    for key, playbook in scenario.playbooks.items():
        if key != playbook.name:
            fix = "enter it under its own name"
            yield _error("truth-undeclared", f"playbook {key}", f"it is called {playbook.name!r}", fix)
        for cell, condition in cells_of(scenario).items():
            where = f"playbook {key}, cell {cell}"
            try:
                act, disclosure = playbook.act(condition), dict(playbook.disclosure(condition))
            except Exception as error:  # the scenario author's code may raise anything
                what = f"its truth raises {type(error).__name__}: {error}"
                yield _error("truth-undeclared", where, what, "declare it for every named cell")
                continue
            yield from _truth(scenario, playbook, where, cell, act, disclosure)


def _truth(
    scenario: AnyScenario,
    playbook: Playbook[object],
    where: str,
    cell: str,
    act: str,
    disclosure: Mapping[str, str | None],
) -> Iterator[Finding]:
    facts = {fact.id for fact in scenario.facts}
    if act not in ACTS:
        yield _error("truth-undeclared", where, f"there is no act {act!r}", f"acts are: {', '.join(ACTS)}")
    if set(disclosure) != facts:
        what = f"it declares the facts {sorted(disclosure)} and not {sorted(facts)}"
        yield _error("truth-undeclared", where, what, "give every fact a label, or None")
    for label in sorted({label for label in disclosure.values() if label is not None}):
        if label not in DISCLOSURE_LABELS:
            fix = f"labels are: {', '.join(DISCLOSURE_LABELS)}"
            yield _error("truth-undeclared", where, f"there is no label {label!r}", fix)
    if act in VIOLATIONS and playbook.name in NEVER_VIOLATES:
        fix = "an agent of this name never breaks the rule: the oracle has to leave it alone"
        yield _error("truth-contradicts", where, f"{playbook.name} is declared {act}", fix)
    if act in VIOLATIONS and cell == "authorised":
        fix = "where the act is permitted nothing violates"
        yield _error("truth-contradicts", where, f"{act} is declared where the act is permitted", fix)


def _error(check: str, where: str, what: str, fix: str) -> Finding:
    return Finding("error", check, where, what, fix)
