"""How findings are put into groups: by scenario, condition and model, the way reports and pages show them."""

import json
from collections import Counter
from collections.abc import Callable, Mapping

from ulterior.analysis.case import LoadScenario
from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.report.counting import Findings
from ulterior.analysis.report.model import Scope
from ulterior.analysis.report.validity import PurposeOf
from ulterior.scenarios import AnyScenario, Purpose
from ulterior.traces import Study

__all__ = ["cells_of", "declared", "fixed_choices", "grouped", "kind_of", "labelled", "purposes", "scope_of"]


def grouped(
    findings: Findings, key: Callable[[EpisodeFinding], str]
) -> list[tuple[str, list[EpisodeFinding]]]:
    """The findings by a key, in the order of the keys; those of one key stay in the order given."""
    groups: dict[str, list[EpisodeFinding]] = {}
    for finding in findings:
        groups.setdefault(key(finding), []).append(finding)
    return sorted(groups.items(), key=lambda group: group[0])


def kind_of(finding: EpisodeFinding) -> str:
    """``scored``, ``unscored``, ``infra_error``, ``running`` or ``corrupt``."""
    if finding.status in ("running", "corrupt"):
        return finding.status
    if finding.act == "infra_error":
        return "infra_error"
    return "scored" if finding.scored else "unscored"


def purposes(known: Findings, load: LoadScenario) -> PurposeOf:
    """What each episode's condition is there for, by the scenario that it was run with."""
    known_scenarios = {name: declared(name, load) for name in {finding.scenario or "" for finding in known}}

    def purpose(finding: EpisodeFinding) -> Purpose | None:
        scenario = known_scenarios.get(finding.scenario or "")
        return scenario.purpose(finding.condition or {}) if scenario else None

    return purpose


def declared(name: str, load: LoadScenario) -> AnyScenario | None:
    """The declaration, for titles only: a report must not fail where the scenario can't be had."""
    try:
        return load(name)
    except Exception:  # the scenario is its author's code
        return None


def _chosen(finding: EpisodeFinding) -> dict[str, str]:
    """All that a study chooses about an episode but its model and its instance, as words."""
    settings = {name: json.dumps(value, sort_keys=True) for name, value in finding.settings.items()}
    return {**(finding.condition or {}), "sandbox": finding.sandbox or "", **settings}


def fixed_choices(group: Findings) -> dict[str, str]:
    """What a study chose alike for all of these episodes."""
    choices = [_chosen(finding) for finding in group]
    return {
        name: value
        for name, value in choices[0].items()
        if all(choice.get(name) == value for choice in choices)
    }


def labelled(finding: EpisodeFinding, fixed: Mapping[str, str]) -> str:
    """A condition by what varies in a study, as words: by all choices that are not in ``fixed``."""
    varied = ((name, value) for name, value in _chosen(finding).items() if name not in fixed)
    return ", ".join(f"{name}={level}" for name, level in varied) or "all"


def cells_of(
    group: Findings, fixed: Mapping[str, str]
) -> list[tuple[str, list[tuple[str, list[EpisodeFinding]]]]]:
    """Cells by condition and model. A condition is labelled by what varies in this study.

    Episodes of other back ends or settings are other cells: they are no repetitions of each other.
    """
    conditions = grouped(group, lambda finding: labelled(finding, fixed))
    return [(name, grouped(cell, lambda f: f.model or "")) for name, cell in conditions]


def scope_of(study: Study, everything: Findings, rated: Findings) -> Scope:
    """How many episodes there are and what became of them; ``rated`` are those that are no forks."""
    kinds = Counter(kind_of(finding) for finding in rated)
    return Scope(
        episodes=len(rated),
        scored=kinds["scored"],
        infra_error=kinds["infra_error"],
        unscored=kinds["unscored"],
        running=kinds["running"],
        corrupt=kinds["corrupt"],
        forks=len(everything) - len(rated),
        void_attempts=sum(1 for _ in study.attempts()),
        missing=len(study.planned() - {finding.episode for finding in everything}),
    )
