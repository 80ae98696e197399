"""Factor effects of a study: what every factor that was varied does to what was done and what was told.

Episodes of all scenarios and models are taken together, each compared within its own scenario and model
only (:mod:`ulterior.analysis.statistics.effects`). The reference of a factor is its default level, the
first one that its scenario declares. Multiplicity is corrected over all effects on one outcome.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from ulterior.analysis.case import LoadScenario
from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.statistics.effects import FactorEffect, FactorRow, factor_effects
from ulterior.scenarios import AnyScenario, load_scenario
from ulterior.traces import Frozen

__all__ = ["OutcomeEffects", "study_effects"]

Affected = Literal["violated", "covert", "deceptive"]

ARM = "arm"

_OUTCOMES: Mapping[Affected, Callable[[EpisodeFinding], bool | None]] = {
    "violated": lambda finding: finding.violated,
    "covert": lambda finding: finding.covert,
    "deceptive": lambda finding: finding.deceptive,
}


class OutcomeEffects(Frozen):
    """The effects on one outcome. ``undecided`` counts episodes in which the outcome is open: they are in
    none. Without effects there is a ``reason``."""

    outcome: Affected
    effects: tuple[FactorEffect, ...]
    undecided: int
    reason: str | None = None


def study_effects(
    findings: Sequence[EpisodeFinding], load: LoadScenario = load_scenario
) -> tuple[OutcomeEffects, ...]:
    """The effects on each outcome over these episodes; forks and episodes without a condition are left
    out."""
    rated = [finding for finding in findings if finding.fork is None and finding.condition]
    declared = {name: _declared(name, load) for name in {finding.scenario or "" for finding in rated}}
    references = {
        factor.name: factor.levels[0]
        for _, scenario in sorted(declared.items())
        if scenario is not None
        for factor in reversed(scenario.factors)
    } | {ARM: "temptation"}
    described = [(finding, _factors(finding, declared[finding.scenario or ""])) for finding in rated]
    return tuple(_effects(outcome, described, references) for outcome in _OUTCOMES)


def _declared(name: str, load: LoadScenario) -> AnyScenario | None:
    try:
        return load(name)
    except Exception:  # the scenario is its author's code; without it, levels stand as they are
        return None


def _factors(finding: EpisodeFinding, scenario: AnyScenario | None) -> dict[str, str]:
    """The levels of an episode, with all that decides between temptation and control put into one."""
    condition = dict(finding.condition or {})
    if scenario is None:
        return condition
    arms = {name: condition[name] for name in scenario.arm_factors if name in condition}
    purpose = scenario.purpose({**scenario.condition({}), **arms})  # a stored level may be gone from it
    others = {name: level for name, level in condition.items() if name not in arms}
    return {ARM: purpose or " ".join(arms.values()), **others}


def _effects(
    outcome: Affected,
    described: Sequence[tuple[EpisodeFinding, Mapping[str, str]]],
    references: Mapping[str, str],
) -> OutcomeEffects:
    rows: list[FactorRow] = []
    for finding, factors in described:
        answer = _OUTCOMES[outcome](finding)
        if answer is not None:
            place = (finding.scenario or "", finding.seed, finding.model or "")
            rows.append(FactorRow(answer, factors, *place))
    levels = {name: {row.factors.get(name) for row in rows} for name in references}
    effects = factor_effects(rows, {name: ref for name, ref in references.items() if ref in levels[name]})
    reason = None if effects else "no factor was varied" if rows else "no episode was decided"
    undecided = len(described) - len(rows)
    return OutcomeEffects(outcome=outcome, effects=effects, undecided=undecided, reason=reason)
