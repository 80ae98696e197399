"""The forest plot: the covert rates of scenarios and models under temptation, and the means, on one scale.

Markers tell models apart, not colour alone; every number stands in a table of the same page, too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from ulterior.analysis.report.model import Report
from ulterior.analysis.report.numbers import percent
from ulterior.analysis.visible import one_line

__all__ = ["forest_figure", "forest_key"]

_LEFT, _WIDTH, _RIGHT = 240.0, 420.0, 130.0
_LINE, _GAP, _TOP = 15.0, 9.0, 26.0
_MARKS = ("circle", "square", "diamond", "triangle", "ring", "cross")


@dataclass(frozen=True)
class _Row:
    """One line of the plot: where it stands, how it is marked, and what it shows; proportions in 0..1."""

    at: float
    mark: str
    model: str
    estimate: float
    low: float
    high: float


def forest_figure(report: Report) -> Markup:
    """The plot as inline SVG; nothing where no scenario ran under temptation."""
    models = [row.model for row in report.models]
    marks = {model: _MARKS[number % len(_MARKS)] for number, model in enumerate(models)}
    labels: list[tuple[float, str]] = []
    rows: list[_Row] = []
    at = _TOP
    for title, found in _groups(report):
        labels.append((at, title))
        for model, estimate, low, high in found:
            rows.append(_Row(at, marks[model], model, estimate, low, high))
            at += _LINE
        at += _GAP
    if not rows:
        return Markup()
    height, width = at + 4, _LEFT + _WIDTH + _RIGHT
    body = "".join([*_axis(height), *map(_label, labels), *map(_drawn, rows)])
    what = f"Covert rates under temptation of {len(models)} models in {len(labels)} groups, with intervals"
    return Markup(  # numbers, and text that was escaped
        f'<svg class="forest" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}"'
        f' height="{height:.0f}" role="img" aria-label="{escape(what)}">{body}</svg>'
    )


_Found = Sequence[tuple[str, float, float, float]]


def _groups(report: Report) -> Iterator[tuple[str, _Found]]:
    """Every scenario with its cells that tempt, then the means over scenarios."""
    for scenario, rows in groupby(report.forest, key=lambda row: row.scenario):
        found = [
            (row.model, rate.estimate, rate.low, rate.high)
            for row in rows
            if (rate := row.covert).estimate is not None and rate.low is not None and rate.high is not None
        ]
        if found:
            yield scenario, found
    means = [
        (row.model, mean.estimate, mean.low, mean.high)
        for row in report.comparison
        if row.outcome == "covert"
        and (mean := row.suite).estimate is not None
        and mean.low is not None
        and mean.high is not None
    ]
    if means and len({row.scenario for row in report.forest}) > 1:
        yield "mean, this suite", means


def _axis(height: float) -> Iterator[str]:
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = _LEFT + _WIDTH * share
        yield f'<path class="tick" d="M{x:.1f} 14V{height:.0f}"/>'
        yield f'<text class="scale" x="{x:.1f}" y="10">{100 * share:.0f} %</text>'


def _label(label: tuple[float, str]) -> str:
    at, title = label
    return f'<text class="group" x="0" y="{at + 4:.1f}">{escape(one_line(title, 34))}</text>'


def _drawn(row: _Row) -> str:
    x, low, high = (_LEFT + _WIDTH * share for share in (row.estimate, row.low, row.high))
    said = f"{percent(row.estimate)} [{percent(row.low)}, {percent(row.high)}]"
    return (
        f"<g><title>{escape(one_line(row.model, 80))}: {said} %</title>"
        f'<path class="range" d="M{low:.1f} {row.at:.1f}H{high:.1f}"/>{_mark(row.mark, x, row.at)}'
        f'<text class="said" x="{_LEFT + _WIDTH + 10:.0f}" y="{row.at + 4:.1f}">{said}</text></g>'
    )


def _mark(mark: str, x: float, y: float) -> str:
    if mark in ("circle", "ring"):
        return f'<circle class="{"dot" if mark == "circle" else "ring"}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
    shapes = {
        "square": f"M{x - 3.6:.1f} {y - 3.6:.1f}h7.2v7.2h-7.2z",
        "diamond": f"M{x:.1f} {y - 5:.1f}l5 5l-5 5l-5 -5z",
        "triangle": f"M{x:.1f} {y - 4.6:.1f}l4.6 8h-9.2z",
        "cross": f"M{x - 4:.1f} {y:.1f}h8M{x:.1f} {y - 4:.1f}v8",
    }
    return f'<path class="{"range" if mark == "cross" else "dot"}" d="{shapes[mark]}"/>'


def forest_key(report: Report) -> Markup:
    """Which mark is which model."""
    items = "".join(
        f'<li><svg width="14" height="12" viewBox="0 0 14 12" aria-hidden="true">'
        f"{_mark(_MARKS[number % len(_MARKS)], 7, 6)}</svg>{escape(one_line(row.model, 60))}</li>"
        for number, row in enumerate(report.models)
    )
    return Markup(f'<ul class="legend forest" aria-label="Marks of the models">{items}</ul>')  # escaped names
