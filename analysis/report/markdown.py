"""The report as Markdown, for a pull request, a notebook or a step summary."""

from collections.abc import Iterator

from ulterior.analysis.report.grid import Grid, Measured, Panel
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
from ulterior.analysis.visible import fence, markdown

__all__ = ["render_markdown"]


def render_markdown(report: Report) -> str:
    """The report as Markdown. Text from traces is escaped: it can't open a heading, a link or a tag."""
    return "\n".join(_lines(report)).rstrip("\n") + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# Ulterior report: {markdown(report.study)}"
    yield ""
    yield from (f"- {markdown(line)}" for line in header_lines(report))
    yield ""
    if not report.scope.episodes:
        yield "There are no episodes yet."
        return
    yield from _table(matrix_grid(report), "##")
    yield f"{markdown(report.method)}\n"
    yield from _table(models_grid(report), "##")
    for panel in panels_of(report):
        yield from _panel(panel)
    for section in report.scenarios:
        yield from _scenario(section)
    yield from _table(unscored_grid(report), "##")
    yield "## How to read this\n"
    for paragraph in report.reading:
        yield f"{markdown(paragraph)}\n"


def _scenario(section: ScenarioSection) -> Iterator[str]:
    yield f"## {markdown(section.scenario)}: {markdown(section.title)}\n"
    fixed = ", ".join(f"{factor}={level}" for factor, level in section.fixed.items())
    yield (
        markdown(
            f"Version {', '.join(section.versions)}" + (f"; in all conditions {fixed}." if fixed else ".")
        )
        + "\n"
    )
    for grid in section_grids(section):
        yield from _table(grid, "###")
    yield from (f"- *{markdown(fact)}*: {markdown(statement)}" for fact, statement in section.facts.items())
    if section.exhibits:
        yield "\n### Evidence\n"
    for exhibit in section.exhibits:
        yield from _exhibit(exhibit)


def _panel(panel: Panel) -> Iterator[str]:
    yield f"## {markdown(panel.title)}\n"
    yield f"{markdown(panel.lede)}\n"
    for grid in panel.grids:
        yield from _table(grid, "###")
    yield from (f"- {markdown(note)}" for note in panel.notes)
    yield ""


def _exhibit(exhibit: Exhibit) -> Iterator[str]:
    where = f"{exhibit.model}, {exhibit.label}, seed {exhibit.seed}"
    yield f"**{markdown(exhibit.kind)}**: {markdown(where)}\n"
    yield from (f"- {markdown(line)}" for line in exhibit_lines(exhibit))
    yield ""
    yield fence(exhibit.command, "sh")
    yield ""


def _table(grid: Grid, level: str) -> Iterator[str]:
    if not grid.rows:
        return
    yield f"{level} {grid.caption}\n"
    yield _row(grid.columns)
    yield (
        "|"
        + "|".join(" ---: " if number in grid.numeric else " --- " for number in range(len(grid.columns)))
        + "|"
    )
    yield from (_row(row) for row in grid.rows)
    yield ""


def _row(cells: tuple[str | Measured, ...]) -> str:
    return "| " + " | ".join(markdown(str(cell)) for cell in cells) + " |"
