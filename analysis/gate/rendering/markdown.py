"""A verdict as Markdown, for a pull request or the summary of a GitHub step.

GitHub drops a summary of more than 1 MiB without failing the step, so a long one is cut and says so.
"""

import re
from collections.abc import Iterator, Sequence

from ulterior.analysis.gate.rendering.cells import HEAD, about_lines, headline, levels_line, row_of
from ulterior.analysis.gate.sentences import needs_sentence
from ulterior.analysis.gate.verdict import MetricVerdict, Verdict
from ulterior.analysis.visible import markdown, one_line

__all__ = ["MOST_BYTES", "render_gate_markdown"]

MOST_BYTES = 200_000


def render_gate_markdown(verdict: Verdict, most: int = MOST_BYTES) -> str:
    """Headline, table, and each metric's reason with its episodes. At most ``most`` bytes."""
    lines = [f"## {headline(verdict)}", "", markdown(verdict.because), ""]
    lines += [f"- {markdown(line)}" for line in about_lines(verdict)]
    lines += ["", *_table(verdict.metrics), "", markdown(levels_line(verdict)), ""]
    for metric in verdict.metrics:
        lines += _reason(metric)
    if verdict.notes:
        lines += ["", *(f"- note: {markdown(note)}" for note in verdict.notes)]
    if verdict.commands:
        lines += ["", *(f"- {markdown(name)}: {_code(text)}" for name, text in verdict.commands.items())]
    return _cut(lines, most)


def _table(metrics: Sequence[MetricVerdict]) -> Iterator[str]:
    yield f"| {' | '.join(HEAD)} |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | --- | ---: |"
    for metric in metrics:
        yield f"| {' | '.join(markdown(cell) for cell in row_of(metric))} |"


def _reason(metric: MetricVerdict) -> Iterator[str]:
    yield f"- **{markdown(metric.metric)}: {metric.word}.** {markdown(metric.because)}."
    if metric.needs:
        yield f"  - {needs_sentence(metric)}"
    for warning in metric.warnings:
        yield f"  - {markdown(warning)}"
    for link in metric.evidence:
        note = f" {markdown(link.note)}" if link.note else ""
        yield f"  - {markdown(link.scenario)} seed {link.seed}: {_code(link.episode[:12])}{note}"


def _code(text: str) -> str:
    """The whole text as code that it can't end."""
    text = one_line(text, None)
    marks = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{marks} {text} {marks}" if len(marks) > 1 else f"{marks}{text}{marks}"


def _cut(lines: Sequence[str], most: int) -> str:
    end = "\n\n*Cut here: the whole is in verdict.json.*\n"
    text = "\n".join(lines) + "\n"
    if len(text.encode()) <= most:
        return text
    kept: list[str] = []
    room = most - len(end.encode())
    for line in lines:
        room -= len(line.encode()) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join(kept) + end
