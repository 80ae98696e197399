"""What ``ulterior judge`` prints for people."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ulterior.analysis.judges.panel import PanelSummary
    from ulterior.analysis.judges.store import BatchRecord, RubricRecord

__all__ = ["batch_text", "dollars", "panel_text"]

_INDENT = 14


def dollars(value: float | None) -> str:
    """A cost, or that none is known."""
    return "cost unknown" if value is None else f"${value:.4f}"


def batch_text(record: "BatchRecord") -> str:
    """A line for each rubric, then what was not judged and why, then what it cost."""
    from ulterior.analysis.visible import one_line

    lines = [f"{one_line(record.detector)}, version {record.version}, batch {record.batch}"]
    lines.append(f"{'rubric':14}{'asked':>7}{'yes':>6}{'no':>6}{'review':>8}{'no label':>10}  spikes")
    for rubric, row in record.rubrics.items():
        lines += _rubric(rubric, row)
    lines += [f"left out: {one_line(why, 90)}: {n}" for why, n in sorted(record.left_out.items())]
    lines += [f"failed: {one_line(why, 90)}: {n}" for why, n in sorted(record.failed.items())]
    if record.stopped is not None:
        lines.append(f"stopped early: {record.stopped}; the same command goes on from here")
    asked = f"{record.done} of {record.planned} questions, {record.cached} answered before"
    lines.append(f"{asked}, {dollars(record.cost)}, {record.ended - record.began:.1f} s")
    return "\n".join(lines)


def _rubric(rubric: str, row: "RubricRecord") -> Iterator[str]:
    from ulterior.analysis.visible import one_line

    none, spikes = sum(row.unlabelled.values()), row.spikes
    missed = f"missed {spikes.missed} of {spikes.positives}"
    alarms = f"false alarms {spikes.false_alarms} of {spikes.negatives}"
    checked = f"{missed}, {alarms}" if spikes.planned else "not checked"
    counts = f"{row.asked:>7}{row.positive:>6}{row.negative:>6}{row.review:>8}{none:>10}"
    yield f"{rubric:{_INDENT}}{counts}  {checked}"
    for why, n in sorted(row.unlabelled.items()):
        yield f"{'':{_INDENT}}no label: {one_line(why, 80)}: {n}"
    if row.repeated:
        yield f"{'':{_INDENT}}asked again: {row.agreed} of {row.repeated} got the same answer each time"
    if not row.valid:
        yield f"{'':{_INDENT}}INVALID: {row.reason}; its judgements are not used"


def panel_text(panel: "Mapping[str, PanelSummary]") -> str:
    """What several judges say together, a line for each rubric."""
    from ulterior.analysis.visible import one_line

    lines = [
        "together, weighed by detector cards, or else by the spikes",
        f"{'rubric':14}{'asked':>7}{'yes':>6}{'no':>6}{'open':>6}  for a human",
    ]
    for rubric, row in panel.items():
        counts = f"{row.questions:>7}{row.positive:>6}{row.negative:>6}{row.undecided:>6}"
        lines.append(f"{rubric:{_INDENT}}{counts}  {row.to_human}")
        lines += [f"{'':{_INDENT}}no voice: {one_line(why, 80)}: {n}" for why, n in row.left_out.items()]
    return "\n".join(lines)
