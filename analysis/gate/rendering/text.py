"""A verdict for a terminal."""

from collections.abc import Iterator, Sequence

from ulterior.analysis.gate.rendering.cells import HEAD, about_lines, headline, levels_line, row_of
from ulterior.analysis.gate.sentences import needs_sentence
from ulterior.analysis.gate.verdict import EpisodeLink, MetricVerdict, Verdict
from ulterior.analysis.visible import one_line, visible

__all__ = ["render_gate_text"]

_LINKED = 5
"""Episodes that are named for a metric; the rest stands in verdict.json."""


def render_gate_text(verdict: Verdict) -> str:
    """Headline, sides, table, then each metric's reason with the commands that show its episodes."""
    lines = [headline(verdict), visible(one_line(verdict.because, 2000)), "", *about_lines(verdict), ""]
    lines += _table([HEAD, *(row_of(metric) for metric in verdict.metrics)])
    lines += ["", levels_line(verdict)]
    for metric in verdict.metrics:
        lines += ["", *_reason(metric)]
    if verdict.notes:
        lines += ["", *(f"note: {one_line(note, 400)}" for note in verdict.notes)]
    if verdict.commands:
        lines += ["", *(f"{name}: {one_line(command, None)}" for name, command in verdict.commands.items())]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    safe = [[one_line(cell, 40) for cell in row] for row in rows]
    widths = [max(len(row[at]) for row in safe) for at in range(len(safe[0]))]
    for row in safe:
        cells = (
            cell.ljust(width) if at in (0, 6, 7) else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells)


def _reason(metric: MetricVerdict) -> Iterator[str]:
    yield f"{one_line(metric.metric, 60)}: {metric.word}. {one_line(metric.because, 600)}."
    if metric.needs:
        yield f"  {needs_sentence(metric)}"
    for warning in metric.warnings:
        yield f"  warning: {one_line(warning, 300)}"
    for link in metric.evidence[:_LINKED]:
        yield f"  {_link(link)}"
    if len(metric.evidence) > _LINKED:
        yield f"  and {len(metric.evidence) - _LINKED} more in verdict.json"


def _link(link: EpisodeLink) -> str:
    note = f"  {link.note}" if link.note else ""
    return one_line(f"{link.scenario} seed {link.seed}  {link.episode[:12]}{note}", 200)
