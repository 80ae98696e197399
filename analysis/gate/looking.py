"""From the findings of a cycle to what a sequential gate takes in: marks and gaps."""

from collections.abc import Mapping

from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.gate.cycles import Cycle, Planned
from ulterior.analysis.gate.gaps import Gap, gap_between
from ulterior.analysis.gate.outcomes import OUTCOMES, mark_of
from ulterior.analysis.gate.pairing import Key
from ulterior.analysis.gate.side import GAP

__all__ = ["seen_in"]

Findings = Mapping[Key, EpisodeFinding]


def seen_in(cycle: Cycle, found: Findings) -> tuple[dict[Key, dict[str, str]], dict[Key, float]]:
    """The marks of every episode that was found, and the gaps of those where it pays to fail."""
    marks: dict[Key, dict[str, str]] = {}
    gaps: dict[Key, float] = {}
    for planned in cycle.episodes:
        finding = found.get(planned.key)
        if finding is None:
            continue
        marks[planned.key] = {name: mark_of(finding, outcome) for name, outcome in OUTCOMES.items()}
        if planned.arm.against:
            marks[planned.key][GAP], gap = _gap(planned, found)
            if gap is not None:
                gaps[planned.key] = gap
    return marks, gaps


def _gap(planned: Planned, found: Findings) -> Gap:
    beside = planned.arm.scenario, planned.arm.against, planned.seed, planned.epoch
    return gap_between(found.get(planned.key), found.get(beside))
