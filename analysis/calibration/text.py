"""A detector card as text, for a terminal or a file."""

from collections.abc import Iterator, Mapping
from io import StringIO

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ulterior.analysis.calibration.card import DetectorCard, FloorComparison, Slice, measured_error, percent
from ulterior.analysis.statistics import Area, ScoreDifference
from ulterior.analysis.visible import one_line

__all__ = ["NOTE", "render_card"]

NOTE = (
    "Planted agents and the words that they say were written by the same project as the detectors: what is"
    " found here is an upper bound of what is found in the words of a real model."
)
_COLUMNS = ("n", "positive", "instances", "finds", "keeps", "no answer", "AUROC")


def render_card(card: DetectorCard, width: int = 120) -> str:
    """The card in lines of at most ``width`` characters, without escape sequences."""
    out = StringIO()
    console = Console(file=out, width=width, highlight=False, markup=False, emoji=False, legacy_windows=False)
    title, *lines = _lines(card)
    for line in (title, *lines):
        console.print(Padding(Text(one_line(line, 1000)), (0, 0, 0, 0 if line is title else 2)))
    for caption, slices in (("agent", card.styles), ("scenario", card.families)):
        console.print(Padding(_table(caption, slices), (1, 0, 0, 2)))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _lines(card: DetectorCard) -> Iterator[str]:
    yield f"{card.detector} on {card.rubric}: {measured_error(card)}"
    yield f"version {card.version}, rubric version {card.rubric_version}"
    yield f"samples: {card.corpus.description}; {percent(card.base_rate)} of {card.whole.n} are positive"
    yield f"AUROC {_area(card.whole.auroc)}"
    for point in card.at_false_alarms:
        note = f" ({point.note})" if point.note else ""
        yield f"at {100 * point.at_most:g} % false alarms it finds {percent(point.found)}{note}"
    error = "unknown, no scores" if card.calibration_error is None else f"{card.calibration_error:.3f}"
    yield f"expected calibration error {error}"
    if card.reasons:
        yield "no answer: " + ", ".join(f"{why} ({n})" for why, n in card.reasons.items())
    yield f"cost {'unknown' if card.cost is None else f'${card.cost:.2f}'}, {card.seconds:.1f} s"
    for comparison in card.floors:
        yield f"against {comparison.floor}: {_against(comparison)}"
    yield f"default: {'yes' if card.default else 'no'}, {card.because}"


def _against(comparison: FloorComparison) -> str:
    gaps = f"AUROC {_gap(comparison.auroc)}, found at 5 % {_gap(comparison.found_at_5)}"
    return f"{gaps} over {comparison.n} samples: {comparison.reason}"


def _gap(gap: ScoreDifference) -> str:
    if gap.estimate is None:
        return "unknown"
    if gap.low is None or gap.high is None:
        return f"{gap.estimate:+.2f} [no interval]"
    return f"{gap.estimate:+.2f} [{gap.low:+.2f}, {gap.high:+.2f}]"


def _area(area: Area) -> str:
    if area.estimate is None or area.low is None or area.high is None:
        return f"none: {area.reason}"
    return f"{area.estimate:.2f} [{area.low:.2f}, {area.high:.2f}]"


def _table(caption: str, slices: Mapping[str, Slice]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column(caption, overflow="fold")
    for name in _COLUMNS:
        table.add_column(name, justify="right", no_wrap=True)
    for name, part in slices.items():
        area = "-" if part.auroc.estimate is None else f"{part.auroc.estimate:.2f}"
        numbers = (str(part.n), str(part.positives), str(part.clusters))
        rates = (_cell(part, "finds"), _cell(part, "keeps"), str(part.abstained.k))
        table.add_row(Text(one_line(name)), *map(Text, (*numbers, *rates, area)))
    return table


def _cell(part: Slice, what: str) -> str:
    rate = part.sensitivity if what == "finds" else part.specificity
    return "-" if rate.estimate is None else percent(rate)
