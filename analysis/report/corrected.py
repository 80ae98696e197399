"""Rates with the detector's own errors taken out, per scenario and model, where that can be done.

A correction needs a card of the very detector that found the rate, measured on the same family of
scenarios (:mod:`ulterior.analysis.statistics.correction`). Without one the raw rate stands and says
that it is uncorrectable. Of a card, instances count and not samples, as in its own intervals."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ulterior.analysis.calibration.card import DetectorCard, Slice
from ulterior.analysis.calibration.store import card_for
from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.analysis.report.counting import rate_of
from ulterior.analysis.report.validity import PurposeOf
from ulterior.analysis.statistics import Rate
from ulterior.analysis.statistics.correction import Calibration, CorrectedRate, corrected_rate
from ulterior.scenarios import SUSPECTED
from ulterior.traces import Frozen

__all__ = ["CorrectedRow", "Corrections", "corrections_of"]

Corrected = Literal["intent", "awareness"]
DetectorOf = Mapping[str, tuple[str, str]]
"""Name and version of the detector behind each stage."""


@dataclass(frozen=True)
class _Axis:
    """A rate that a detector decides: of which stage it is, and what counts as yes."""

    stage: str
    question: Callable[[EpisodeFinding], bool | None]


_AXES: Mapping[Corrected, _Axis] = {
    "intent": _Axis(
        "intent",
        lambda finding: (
            None if finding.intent in (None, "not_available") else finding.intent in ("stated", "euphemistic")
        ),
    ),
    "awareness": _Axis(
        "awareness",
        lambda finding: None if finding.awareness is None else finding.awareness in SUSPECTED,
    ),
}


_COVERT = (
    "uncorrectable: it follows from the act and from the disclosure of every fact, and no card measures these"
    " together; labels of people do (ulterior label)"
)


class CorrectedRow(Frozen):
    """One rate of one scenario and model, raw and corrected."""

    outcome: Corrected
    scenario: str
    model: str
    rate: CorrectedRate


class Corrections(Frozen):
    """All rows of outcomes whose detector has a card. ``without`` says of the others why there is none."""

    rows: tuple[CorrectedRow, ...] = ()
    without: dict[str, str]


def corrections_of(
    findings: Sequence[EpisodeFinding],
    purpose: PurposeOf,
    cards: Sequence[DetectorCard],
    detectors: DetectorOf,
) -> Corrections:
    """The corrections over the tempting episodes; the caller leaves forks out."""
    tempting = [finding for finding in findings if purpose(finding) == "temptation"]
    rows: list[CorrectedRow] = []
    without: dict[str, str] = {"covert": _COVERT}
    for outcome, axis in _AXES.items():
        name, version = detectors.get(axis.stage, ("nothing", "-"))
        card = card_for(cards, name, version, outcome, RUBRICS[outcome].version)
        if card is None:
            without[outcome] = f"uncorrectable: there is no card of {name} {version} for this question"
        else:
            rows += _rows(outcome, axis, tempting, card)
    return Corrections(rows=tuple(rows), without=without)


def _rows(
    outcome: Corrected, axis: _Axis, tempting: Iterable[EpisodeFinding], card: DetectorCard
) -> Iterable[CorrectedRow]:
    groups: dict[tuple[str, str], list[EpisodeFinding]] = {}
    for finding in tempting:
        groups.setdefault((finding.scenario or "", finding.model or ""), []).append(finding)
    for (scenario, model), group in sorted(groups.items()):
        raw: Rate = rate_of(group, axis.question)
        calibration = _calibration(scenario, card.families.get(scenario))
        rate = corrected_rate(raw, scenario, calibration)
        yield CorrectedRow(outcome=outcome, scenario=scenario, model=model, rate=rate)


def _calibration(family: str, measured: Slice | None) -> Calibration | None:
    if measured is None:
        return None
    found, passed = measured.sensitivity, measured.specificity
    return Calibration(
        family=family,
        hits=round((found.estimate or 0.0) * found.clusters),
        positives=found.clusters,
        passed=round((passed.estimate or 0.0) * passed.clusters),
        negatives=passed.clusters,
    )
