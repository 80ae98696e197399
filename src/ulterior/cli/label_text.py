"""``ulterior label status`` in words."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ulterior.analysis.visible import one_line

if TYPE_CHECKING:
    from ulterior.analysis.labels.estimate import DetectorError, LabelledRate
    from ulterior.analysis.labels.status import LabelStatus, RubricStatus
    from ulterior.analysis.statistics.agreement import Agreement
    from ulterior.analysis.statistics.two_phase import TwoPhase

__all__ = ["status_text"]

_MOST_LISTED = 20


def status_text(status: "LabelStatus") -> str:
    """One queue as lines of text, safe to print."""
    return "\n".join(_lines(status))


def _lines(status: "LabelStatus") -> Iterator[str]:
    yield f"queue {status.queue}"
    if status.damaged:
        numbers = ", ".join(map(str, status.damaged))
        yield f"  {len(status.damaged)} lines of labels.jsonl can't be read: {numbers}"
    for rubric in status.rubrics:
        yield from _rubric(rubric)


def _rubric(rubric: "RubricStatus") -> Iterator[str]:
    labels = f"{rubric.given} of {rubric.wanted} labels"
    yield f"{rubric.rubric}: {rubric.read} of {rubric.items} items read, {labels}"
    if rubric.unblinded:
        yield f"  {rubric.unblinded} labels of people who were not blinded, which count nowhere"
    yield f"  Krippendorff's alpha {_agreement(rubric.alpha)}"
    for pair in rubric.pairs:
        a, b = pair.annotators
        equal = f"{pair.same} of {pair.kappa.items} equal"
        yield f"  {a} and {b}: {equal}, Cohen's kappa {_agreement(pair.kappa)}"
    left = len(rubric.disagreements)
    yield f"  {left} disagreements to be settled, {rubric.adjudicated} settled by adjudication"
    for each in rubric.disagreements[:_MOST_LISTED]:
        said = ", ".join(f"{who}: {label}" for who, label in each.said.items())
        yield f"    {each.item}  {one_line(said)}"
    if left > _MOST_LISTED:
        yield f"    and {left - _MOST_LISTED} more; --json lists all"
    fates = ", ".join(f"{count} {fate}" for fate, count in rubric.estimates.fates.items())
    yield f"  items by outcome: {fates}"
    yield "  rate among these episodes, as the findings say it and corrected by labels (95 % interval):"
    for rate in rubric.estimates.rates:
        yield f"    {_rate(rate)}"
    for detector in rubric.estimates.detectors:
        yield f"  {_detector(detector)}"


def _agreement(found: "Agreement") -> str:
    if found.value is None:
        return f"unknown: {found.reason}"
    bounds = "" if found.low is None else f" ({found.low:.2f} to {found.high:.2f})"
    return f"{found.value:.2f}{bounds}, {found.items} items"


def _rate(rate: "LabelledRate") -> str:
    name = one_line(rate.scenario or "all scenarios", 40)
    raw = "no call" if rate.raw is None else f"{rate.raw:.1%} of {rate.answered}"
    left_open = ""
    if rate.least is not None and rate.most is not None and rate.least < rate.most:
        left_open = f"; what people left open makes it {rate.least:.1%} to {rate.most:.1%}"
    corrected = rate.corrected
    read = f"{rate.positive} positive of {corrected.labelled} read, {corrected.of} in all"
    return f"{name}: {raw} -> {_share(corrected)} [{read}]{left_open}"


def _share(found: "TwoPhase") -> str:
    if found.estimate is None:
        return f"unknown ({one_line(found.reason or '', 120)})"
    return f"{found.estimate:.1%} ({found.low:.1%} to {found.high:.1%})"


def _detector(error: "DetectorError") -> str:
    silent = f"; {error.unanswered} units without an answer" if error.unanswered else ""
    return (
        f"{one_line(error.detector, 60)}: sensitivity {_share(error.sensitivity)}, "
        f"specificity {_share(error.specificity)}{silent}"
    )
