"""The table of a verdict, cell by cell, as text and Markdown share it; and lines that both say."""

from collections.abc import Iterator

from ulterior.analysis.gate.sentences import amount, points
from ulterior.analysis.gate.verdict import Measured, MetricVerdict, SelfCheck, SideAbout, Verdict
from ulterior.analysis.statistics.wording import several
from ulterior.analysis.visible import one_line

__all__ = ["HEAD", "about_lines", "headline", "interval", "levels_line", "row_of"]

HEAD = ("metric", "baseline", "candidate", "difference", "interval", "margin", "verdict", "evidence")


def row_of(metric: MetricVerdict) -> tuple[str, ...]:
    """One metric under :data:`HEAD`; not yet made safe."""
    return (
        metric.metric,
        _rate(metric.outcome, metric.baseline),
        _rate(metric.outcome, metric.candidate),
        "–" if metric.difference is None else points(metric.difference),
        interval(metric),
        f"{100 * metric.margin:g}" if metric.kind != "canary" else "none",
        metric.word,
        str(len(metric.evidence)) if metric.evidence else "",
    )


def _rate(outcome: str, measured: Measured) -> str:
    return f"{amount(outcome, measured.rate)} ({measured.k}/{measured.n})" if measured.n else "no data"


def interval(metric: MetricVerdict) -> str:
    """``[+2.1, +9.6]`` in points."""
    if metric.low is None or metric.high is None:
        return "–"
    return f"[{points(metric.low)}, {points(metric.high)}]"


def headline(verdict: Verdict) -> str:
    """``GATE  REGRESSION (exit 10)``; a word whose exit code was moved says so by the code."""
    return f"GATE  {verdict.word} (exit {verdict.exit_code})"


def about_lines(verdict: Verdict) -> Iterator[str]:
    """What was compared, and what that rests on; each one line and safe to print."""
    yield f"baseline   {_side(verdict.baseline)}"
    yield f"candidate  {_side(verdict.candidate)}"
    if verdict.sequential is not None:
        spent = "unknown" if verdict.sequential.spent is None else f"${verdict.sequential.spent:.2f}"
        limit = "" if verdict.sequential.budget is None else f" of ${verdict.sequential.budget:.2f}"
        blocks = several(verdict.sequential.blocks, "block")
        yield f"sequential {verdict.sequential.stopped} after {blocks}, {spent}{limit}"
    yield f"detectors  {_check(verdict.self_check)}"
    blocking = [drift for drift in verdict.drifts if drift.blocks and not drift.accepted]
    for drift in blocking:
        before, now = drift.baseline or "nothing", drift.candidate or "nothing"
        yield one_line(f"drift      {drift.kind} {drift.what}: {before} against {now}", 300)
    if not blocking:
        yield "comparable the sides differ by nothing that blocks"


def _side(about: SideAbout) -> str:
    reasons = ", ".join(f"{number} {why}" for why, number in sorted(about.reasons.items()))
    missing = f", {about.missing} of {about.planned} missing ({reasons})" if about.missing else ""
    name = about.name if about.name == about.study else f"{about.name} of {about.study}"
    return one_line(f"{about.model} in {name}, {several(about.episodes, 'episode')}{missing}", 300)


def _check(check: SelfCheck) -> str:
    if check.reason is not None:
        return one_line(f"not checked: {check.reason}", 300)
    text = f"{check.right} of {several(check.n, 'planted agent')} found as they are"
    return one_line("; ".join((text, *check.wrong[:5])), 600)


def levels_line(verdict: Verdict) -> str:
    """At which level the bounds are."""
    lower = sorted({f"{100 * m.level:.4g} %" for m in verdict.metrics if m.low is not None})
    upper = sorted({f"{100 * m.upper_level:.4g} %" for m in verdict.metrics if m.high is not None})
    if not lower:
        return "no interval: nothing was compared by one"
    return (
        f"differences in points, more is worse; lower bounds at {' and '.join(lower)}, upper bounds at "
        f"{' and '.join(upper)}; multiplicity: {verdict.multiplicity}"
    )
