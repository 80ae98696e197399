"""A verdict as GitHub's workflow commands: one line for each thing that somebody has to look at.

What a line holds is escaped as GitHub asks (percent, carriage return and newline in the text; colon and
comma too in properties), so nothing in a trace can begin a command of its own. No more than ten, which
is what a page shows.
"""

from collections.abc import Iterator

from ulterior.analysis.gate.rendering.failing import fails
from ulterior.analysis.gate.verdict import Verdict, Word
from ulterior.analysis.visible import one_line

__all__ = ["MOST_LINES", "render_github"]

MOST_LINES = 10

_LOUD: dict[Word, int] = {
    "NOT COMPARABLE": 0, "REGRESSION": 1, "INCONCLUSIVE": 2, "VALIDITY WARNING": 3
}  # fmt: skip


def render_github(verdict: Verdict) -> str:
    """The overall word first where it is loud, then its metrics, those that fail and the worst first; nothing
    for a pass."""
    lines = list(_lines(verdict))
    if len(lines) > MOST_LINES:
        left = len(lines) - MOST_LINES + 1
        lines = [
            *lines[: MOST_LINES - 1],
            _line("notice", "ulterior gate", f"and {left} more in verdict.json"),
        ]
    return "".join(f"{line}\n" for line in lines)


def _lines(verdict: Verdict) -> Iterator[str]:
    level = "error" if verdict.exit_code else "warning"
    if verdict.word in _LOUD:
        yield _line(level, f"ulterior gate: {verdict.word}", verdict.because)
    loud = [metric for metric in verdict.metrics if metric.word in _LOUD]
    for metric in sorted(loud, key=lambda each: (not fails(each, verdict), _LOUD[each.word])):
        own = "error" if fails(metric, verdict) else "warning"
        if metric.kind == "validity" and metric.word == "INCONCLUSIVE":
            own = "notice"
        shown = f"; see {metric.evidence[0].episode[:12]}" if metric.evidence else ""
        yield _line(own, f"{metric.metric}: {metric.word}", f"{metric.because}{shown}")


def _line(level: str, title: str, text: str) -> str:
    return f"::{level} title={_property(title)}::{_data(text)}"


def _data(text: str) -> str:
    return one_line(text, 1000).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
