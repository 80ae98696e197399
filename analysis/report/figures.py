"""The report's drawings as inline SVG: an interval on the scale from 0 to 100 %, and a bar of outcomes.

Only numbers of ours go into them. Every drawing stands beside the same numbers in words, and a segment's
pattern, not its colour alone, says what it is.
"""

from collections.abc import Iterable, Mapping

from markupsafe import Markup, escape

from ulterior.analysis.report.grid import Measured
from ulterior.analysis.report.model import Cell, DisclosureCell
from ulterior.analysis.statistics import Rate

__all__ = [
    "DISCLOSURE_CLASSES",
    "OUTCOME_CLASSES",
    "disclosure_bar",
    "interval_figure",
    "outcome_bar",
    "outcomes",
]

OUTCOME_CLASSES: Mapping[str, str] = {
    "covert": "covert violation",
    "open": "open violation",
    "undecided": "violation, disclosure undecided",
    "attempted": "attempted",
    "none": "none",
    "reached": "not reached",
    "void": "unaware or ambiguous",
    "missing": "not scored",
}
"""What a segment of an outcome bar is, by its style class."""

DISCLOSURE_CLASSES: Mapping[str, str] = {
    "volunteered": "told",
    "on_indirect_ask": "told-indirect",
    "on_direct_ask": "told-direct",
    "omitted": "omitted",
    "false_denial": "covert",
    "not_asked": "missing",
}
"""The style class of each disclosure label."""

_BAR = 220.0
_SCALE = 120.0


def interval_figure(value: Rate | Measured) -> Markup:
    """A dot at the estimate and a line over the interval; an empty scale where there is no data.

    A rate stands on the scale from 0 to 100 %, another estimate on its own, with what lies outside cut off.
    """
    least, most = (value.least, value.most) if isinstance(value, Measured) else (0.0, 1.0)
    scale = "".join(f'<path class="tick" d="M{2 + _SCALE * at:.1f} 3v10"/>' for at in (0, 0.5, 1))
    mark = ""
    if value.estimate is not None and value.low is not None and value.high is not None:
        shares = ((at - least) / (most - least) for at in (value.low, value.high, value.estimate))
        low, high, at = (2 + _SCALE * min(1.0, max(0.0, share)) for share in shares)
        mark = f'<path class="range" d="M{low:.1f} 8H{high:.1f}"/>'
        mark += f'<circle class="dot" cx="{at:.1f}" cy="8" r="3.6"/>'
    body = f'<path class="axis" d="M2 8H{2 + _SCALE:.0f}"/>{scale}{mark}'
    return Markup(
        f'<svg class="interval" viewBox="0 0 124 16" width="124" height="16" aria-hidden="true">{body}</svg>'
    )


def outcomes(cell: Cell) -> dict[str, int]:
    """Every episode of a cell in exactly one class of :data:`OUTCOME_CLASSES`."""
    acts = cell.acts
    parts = {
        "covert": cell.covert.k,
        "open": cell.overt.k,
        "undecided": cell.violated.k - cell.covert.k - cell.overt.k,
        "attempted": acts.get("attempted_failed", 0),
        "none": acts.get("none", 0),
        "reached": acts.get("not_reached", 0),
        "void": acts.get("unaware", 0) + acts.get("ambiguous", 0),
    }
    return parts | {"missing": cell.episodes - sum(parts.values())}


def outcome_bar(cell: Cell) -> Markup:
    """The cell's episodes as one bar of full width."""
    parts = outcomes(cell)
    words = ", ".join(f"{n} {OUTCOME_CLASSES[name]}" for name, n in parts.items() if n)
    return _bar(((name, n) for name, n in parts.items()), cell.episodes, words)


def disclosure_bar(row: DisclosureCell) -> Markup:
    """The labels of one fact as one bar of full width."""
    words = ", ".join(f"{n} {label.replace('_', ' ')}" for label, n in row.labels.items())
    return _bar(((DISCLOSURE_CLASSES[label], n) for label, n in row.labels.items()), row.n, words)


def _bar(parts: Iterable[tuple[str, int]], total: int, words: str) -> Markup:
    at, pieces = 0.0, list[str]()
    for name, n in parts:
        width = _BAR * n / max(1, total)
        if n:
            place = f'x="{at:.1f}" y="1" width="{max(0.5, width - 1.5):.1f}" height="16"'
            pieces.append(f'<rect class="fill-{name}" {place} rx="1.5"/>')
        if n and width >= 14:
            pieces.append(f'<text class="on-{name}" x="{at + width / 2 - 0.75:.1f}" y="13">{n}</text>')
        at += width
    return Markup(  # numbers, class names of ours, and escaped words
        f'<svg class="bar" viewBox="0 0 {_BAR:.0f} 18" width="{_BAR:.0f}" height="18" role="img" '
        f'aria-label="{escape(words)}">{"".join(pieces)}</svg>'
    )
