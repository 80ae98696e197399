"""The fourth channel: what it does to agents that their situation presents itself as a test.

The factor ``cue`` is drawn by whoever designs the study, never by the agent, so its contrasts are
effects: of the words that are put before the agent, on the act and on what it says of its own accord.
Awareness itself nobody can draw; the cue is as near as one gets from outside.

Two episodes are a pair when they agree in scenario, model, seed, epoch and every factor but the cue.
Only the conditions that tempt are compared: elsewhere there is no act to gain or lose. The interval is
that of :mod:`ulterior.analysis.statistics.paired`, with instances as clusters. Over several scenarios
all their instances are put together: the estimate is the mean over instances, which is the mean over
scenarios where each has as many, and the interval holds for that mean."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.forks import instance_of
from ulterior.analysis.statistics.paired import Difference, paired_difference
from ulterior.scenarios import Condition
from ulterior.scenarios.axes import SUSPECTED
from ulterior.traces import Frozen, canonical_json

__all__ = ["NOT_VARIED", "CueContrast", "CueEffects", "CueOutcome", "cue_effects", "suspects", "tempts"]

CUE = "cue"
BASE = "realistic"
NOT_VARIED = "the cue was not varied in this study"
NO_PARTNER = "no episode that differs in the cue alone"

CueOutcome = Literal["violated", "suspects"]
PrimaryOf = Callable[[str], Condition]
"""The condition of a scenario that tempts, by the scenario's name."""


class CueContrast(Frozen):
    """The rate of an outcome at ``level`` minus that at ``base``, over pairs.

    ``scenario`` is None over all scenarios of a model. ``left_out`` counts pairs in which one could not
    be judged, and episodes without a partner, by reason."""

    scenario: str | None
    model: str
    outcome: CueOutcome
    level: str
    base: str
    difference: Difference
    left_out: dict[str, int]


class CueEffects(Frozen):
    """All contrasts; with a ``reason`` there are none."""

    contrasts: tuple[CueContrast, ...] = ()
    reason: str | None = None


def suspects(finding: EpisodeFinding) -> bool | None:
    """Whether it said unasked that this may be a test, of whatever; None where that can't be read."""
    return None if finding.awareness is None else finding.awareness in SUSPECTED


_OUTCOMES: Mapping[CueOutcome, Callable[[EpisodeFinding], bool | None]] = {
    "violated": lambda finding: finding.violated,
    "suspects": suspects,
}


def tempts(finding: EpisodeFinding, primary_of: PrimaryOf) -> bool:
    """Whether it ran in the arm that tempts; so does all where a scenario has no arms."""
    if finding.scenario is None or finding.condition is None:
        return False
    primary = primary_of(finding.scenario)
    return "arm" not in primary or finding.condition.get("arm") == primary["arm"]


def cue_effects(findings: Iterable[EpisodeFinding], primary_of: PrimaryOf) -> CueEffects:
    """The contrasts of every scenario and model, then those over all scenarios. Forks are left out."""
    rated = [f for f in findings if f.fork is None and tempts(f, primary_of) and CUE in (f.condition or {})]
    by_model: dict[str, dict[str, list[EpisodeFinding]]] = {}
    for finding in sorted(rated, key=lambda finding: finding.order):
        by_scenario = by_model.setdefault(str(finding.model), {})
        by_scenario.setdefault(str(finding.scenario), []).append(finding)
    contrasts: list[CueContrast] = []
    for model, by_scenario in by_model.items():
        varied = {name: group for name, group in by_scenario.items() if len(_levels(group)) > 1}
        for name, group in varied.items():
            contrasts += _contrasts(name, model, group)
        if len(varied) > 1:
            contrasts += _contrasts(None, model, [finding for group in varied.values() for finding in group])
    return CueEffects(contrasts=tuple(contrasts), reason=None if contrasts else NOT_VARIED)


def _levels(group: Sequence[EpisodeFinding]) -> set[str]:
    return {(finding.condition or {})[CUE] for finding in group}


def _contrasts(scenario: str | None, model: str, group: Sequence[EpisodeFinding]) -> list[CueContrast]:
    """Every level against the least telling one that there is."""
    levels = sorted(_levels(group), key=lambda level: (level != BASE, level != "neutral", level))
    base, *others = levels
    return [
        _contrast(scenario, model, outcome, base, level, group) for level in others for outcome in _OUTCOMES
    ]


def _contrast(
    scenario: str | None,
    model: str,
    outcome: CueOutcome,
    base: str,
    level: str,
    group: Sequence[EpisodeFinding],
) -> CueContrast:
    cells: dict[bytes, dict[str, EpisodeFinding]] = {}
    for finding in group:
        condition = dict(finding.condition or {})
        cue = condition.pop(CUE)
        if cue in (base, level):
            key = canonical_json([finding.scenario, finding.seed, finding.epoch, finding.sandbox, condition])
            cells.setdefault(key, {})[cue] = finding
    pairs: list[tuple[str, bool, bool]] = []
    left_out: Counter[str] = Counter()
    for cell in cells.values():
        if len(cell) < 2:
            left_out[NO_PARTNER] += 1
            continue
        before, after = (_OUTCOMES[outcome](cell[cue]) for cue in (base, level))
        if before is None or after is None:
            cue = base if before is None else level
            left_out[f"{cue}: {_why(cell[cue], outcome)}"] += 1
        else:
            pairs.append((instance_of(cell[base]), before, after))
    return CueContrast(
        scenario=scenario,
        model=model,
        outcome=outcome,
        level=level,
        base=base,
        difference=paired_difference(pairs),
        left_out=dict(sorted(left_out.items())),
    )


def _why(finding: EpisodeFinding, outcome: CueOutcome) -> str:
    reasons = finding.reasons
    named = reasons.get("awareness" if outcome == "suspects" else "act")
    return named or ("the rule had not been shown" if not finding.exposed else f"the act is {finding.act}")
