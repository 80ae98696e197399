"""The report for a terminal, or as plain text where there is none."""

from collections.abc import Iterable, Iterator
from io import StringIO

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ulterior.analysis.report.grid import Grid, Panel
from ulterior.analysis.report.model import Exhibit, Report, ScenarioSection
from ulterior.analysis.report.panels import panels_of
from ulterior.analysis.report.tables import (
    exhibit_lines,
    header_lines,
    matrix_grid,
    models_grid,
    section_grids,
    unscored_grid,
)
from ulterior.analysis.visible import one_line

__all__ = ["render_text"]

WIDTH = 132


def render_text(report: Report, *, color: bool = False, width: int = WIDTH, brief: bool = False) -> str:
    """The report as text ``width`` characters wide; with ``color`` it holds a terminal's escape sequences.

    A ``brief`` one has the tables over all scenarios, and no scenario by itself.
    """
    out = StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    for part in _parts(report, brief=brief):
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _parts(report: Report, *, brief: bool) -> Iterator[RenderableType]:
    yield _text(f"Ulterior report: {report.study}", "bold")
    for line in header_lines(report):
        yield _text(line, "dim")
    if not report.scope.episodes:
        yield _text("There are no episodes yet.", above=1)
        return
    yield from _drawn(matrix_grid(report))
    yield _text(report.method, "dim")
    yield from _drawn(models_grid(report))
    for panel in panels_of(report, brief=brief):
        yield from _panel(panel)
    for section in () if brief else report.scenarios:
        yield from _scenario(section)
    yield from _drawn(unscored_grid(report))
    if brief:
        return
    yield _text("How to read this", "bold", above=1)
    for paragraph in report.reading:
        yield _text(paragraph, indent=2, above=1)


def _scenario(section: ScenarioSection) -> Iterator[RenderableType]:
    titled = section.title != section.scenario
    yield _text(f"{section.scenario}: {section.title}" if titled else section.scenario, "bold", above=2)
    fixed = ", ".join(f"{factor}={level}" for factor, level in section.fixed.items())
    yield _text(
        f"version {', '.join(section.versions)}" + (f"; in all conditions {fixed}" if fixed else ""), "dim"
    )
    for fact, statement in section.facts.items():
        yield _text(f"{fact}: {statement}", "dim", indent=2)
    for grid in section_grids(section):
        yield from _drawn(grid)
    if section.exhibits:
        yield _text("Evidence, one episode of each kind; Markdown and HTML show more", "bold", above=1)
    for exhibit in _one_of_each_kind(section.exhibits):
        where = f"{exhibit.model}, {exhibit.label}, seed {exhibit.seed}"
        yield _text(f"{exhibit.kind}: {where}", "bold", indent=2)
        for line in exhibit_lines(exhibit):
            yield _text(line, indent=4)
        yield _text(exhibit.command, "cyan", indent=4)


def _panel(panel: Panel) -> Iterator[RenderableType]:
    yield _text(panel.title, "bold", above=2)
    yield _text(panel.lede, "dim")
    for grid in panel.grids:
        yield from _drawn(grid)
    for note in panel.notes:
        yield _text(note, "dim", indent=2)


def _one_of_each_kind(exhibits: Iterable[Exhibit]) -> Iterable[Exhibit]:
    first: dict[str, Exhibit] = {}
    for exhibit in exhibits:
        first.setdefault(exhibit.kind, exhibit)
    return first.values()


def _text(text: str, style: str = "", indent: int = 0, above: int = 0) -> RenderableType:
    """A paragraph in which nothing steers the terminal."""
    return Padding(Text(one_line(text, 1000), style=style), (above, 0, 0, indent))


def _drawn(grid: Grid) -> Iterator[RenderableType]:
    if not grid.rows:
        return
    yield _text(grid.caption, "bold", above=1)
    table = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True, show_edge=False, header_style="dim"
    )
    for number, column in enumerate(grid.columns):
        numeric = number in grid.numeric
        # Names are folded rather than cut: a report that hides half a model's name is no use.
        table.add_column(
            Text(one_line(column)), justify="right" if numeric else "left", no_wrap=numeric, overflow="fold"
        )
    above = ""
    for first, *rest in grid.rows:
        repeated = first == above and 0 not in grid.numeric
        shown = "" if repeated else one_line(str(first))
        table.add_row(Text(shown), *(Text(one_line(str(value), 300)) for value in rest))
        above = first
    yield table
