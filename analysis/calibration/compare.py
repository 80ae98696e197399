"""Which detector may be the default: one that beats the floors where it was not made.

A language model that judges costs money and can be talked to; word rules and a trained model of words do
neither. So a detector becomes the default for a rubric only if it is better than every floor that answers the
rubric, on the same held-out samples, in the area under the ROC curve *and* in what it finds at 5 % false
alarms, each with a 95 % interval of the paired difference that lies above 0.

The samples are those that the floor answered. One on which the candidate gave no answer counts against it in
full, a positive as never found and a negative as flagged before all others: silence is no way to win.
"""

from collections.abc import Mapping, Sequence

from ulterior.analysis.calibration.card import DetectorCard, FloorComparison
from ulterior.analysis.calibration.measure import SampleAnswer
from ulterior.analysis.judges.floors import RuleDetector
from ulterior.analysis.statistics import Scored, area_gap, found_gap
from ulterior.errors import UsageError

__all__ = ["FLOORS", "against_floors", "comparable"]

FLOORS = ("rules", "words")
"""The detectors that every other has to beat, where they answer the rubric."""

Measured = tuple[DetectorCard, Sequence[SampleAnswer]]


def against_floors(candidate: Measured, floors: Sequence[Measured], seed: int = 0) -> DetectorCard:
    """The candidate's card with its comparisons, and with what follows for the default.

    Raises :class:`UsageError` when a floor was measured on other samples or with another rubric.
    """
    card, answers = candidate
    rivals = () if card.detector in FLOORS else floors
    compared = tuple(_compare(card, answers, floor, seed) for floor in rivals)
    default, because = _verdict(card, compared)
    return card.model_copy(update={"floors": compared, "default": default, "because": because})


def comparable(one: DetectorCard, other: DetectorCard) -> None:
    """Raise :class:`UsageError` unless both were measured with the same rubric on the same samples.

    Cards of one detector in two versions are measured on the same samples or not compared at all.
    """
    what = f"the cards of {one.detector} and {other.detector} can't be compared"
    fix = "measure both with one `ulterior calibrate`"
    if (one.rubric, one.rubric_version) != (other.rubric, other.rubric_version):
        asked = [f"{card.rubric} version {card.rubric_version}" for card in (one, other)]
        raise UsageError(what, f"one is about {asked[0]}, the other about {asked[1]}", fix)
    if one.corpus.digest != other.corpus.digest:
        raise UsageError(what, "they were measured on different samples", fix)


def _compare(
    card: DetectorCard, answers: Sequence[SampleAnswer], floor: Measured, seed: int
) -> FloorComparison:
    floor_card, floor_answers = floor
    comparable(card, floor_card)
    ours, theirs = _paired(answers, floor_answers)
    area, found = area_gap(ours, theirs, seed), found_gap(ours, theirs, 0.05, seed)
    beats = area.above and found.above
    return FloorComparison(
        floor=floor_card.detector,
        version=floor_card.version,
        n=len(ours),
        auroc=area,
        found_at_5=found,
        beats=beats,
        reason=area.reason or found.reason or _why(area.above, found.above),
    )


def _why(area: bool, found: bool) -> str:
    if area and found:
        return "better in both, with the whole intervals"
    missing = [name for name, better in (("AUROC", area), ("what it finds at 5 %", found)) if not better]
    return f"not shown to be better in {' nor in '.join(missing)}"


def _paired(
    ours: Sequence[SampleAnswer], theirs: Sequence[SampleAnswer]
) -> tuple[list[Scored], list[Scored]]:
    """The samples that the second detector answered, as both score them."""
    by_id: Mapping[str, SampleAnswer] = {answer.sample.id: answer for answer in ours}
    first: list[Scored] = []
    second: list[Scored] = []
    for answer in theirs:
        positive, cluster = answer.sample.positive, answer.sample.cluster
        if answer.score is None or positive is None:
            continue
        score = by_id[answer.sample.id].score
        first.append(Scored(cluster, (0.0 if positive else 1.0) if score is None else score, positive))
        second.append(Scored(cluster, answer.score, positive))
    return first, second


def _verdict(card: DetectorCard, compared: Sequence[FloorComparison]) -> tuple[bool, str]:
    if card.detector in FLOORS:
        return False, "it is a floor: the default until something beats it"
    needed = [name for name in FLOORS if name != "rules" or card.rubric in RuleDetector.rubrics]
    measured = {comparison.floor for comparison in compared}
    if absent := [name for name in needed if name not in measured]:
        return False, f"it was not measured beside {' and '.join(absent)}"
    if lost := [comparison.floor for comparison in compared if not comparison.beats]:
        return False, f"it is not shown to beat {' and '.join(lost)}"
    return True, f"it beats {' and '.join(needed)}"
