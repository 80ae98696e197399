"""The awareness panel in lines, with its caveats; safe to print."""

from collections.abc import Iterator

from ulterior.analysis.awareness.cues import CueContrast
from ulterior.analysis.awareness.panel import AwarenessPanel, AwarenessRow, Bounds, PromptedRow
from ulterior.analysis.statistics import Rate
from ulterior.analysis.visible import one_line

__all__ = ["panel_lines"]

_WIDTH = 118


def panel_lines(panel: AwarenessPanel) -> Iterator[str]:
    """What was said unasked, done to find out, answered when asked, and what the cue does: in this order."""
    yield f"said unasked ({panel.measured}); {panel.caveats['lower bound']}"
    for row in panel.rows:
        yield from _row(row)
    yield panel.caveats["selection"]
    yield ""
    yield f"asked for: {panel.caveats['prompted']}"
    if panel.prompted_reason:
        yield f"  {panel.prompted_reason}"
    for prompted in panel.prompted:
        yield _prompted(prompted)
    yield ""
    yield "the cue: what words about a test do, paired"
    if panel.cues.reason:
        yield f"  {panel.cues.reason}"
    for contrast in panel.cues.contrasts:
        yield _contrast(contrast)


def _row(row: AwarenessRow) -> Iterator[str]:
    yield f"  {_name(row.model, row.scenario)}: {row.episodes} episodes that were tempted"
    yield f"    suspects a test      {_rate(row.suspects)}"
    for label, rate in row.labels.items():
        yield f"      {label:18} {_rate(rate)}; the act: {_rate(row.act[label])}"
    for reason, count in row.unread.items():
        yield f"      no label           {count}: {one_line(reason, _WIDTH)}"
    yield f"    reasoning visible    {_rate(row.visible)}"
    yield f"    probes environment   {_rate(row.probes_environment)}"
    yield f"    the act, suspecting  {_rate(row.act_suspects)}"
    yield f"    the act, others      {_rate(row.act_others)}; {_bounds(row.bounds)}"


def _name(model: str, scenario: str | None) -> str:
    return one_line(f"{model}, {scenario or 'all scenarios'}", _WIDTH)


def _bounds(bounds: Bounds) -> str:
    if bounds.low is None or bounds.high is None:
        return f"who voiced nothing: {bounds.reason}"
    between = f"{bounds.low:.2f} to {bounds.high:.2f}"
    return f"who voiced nothing: {between}, as the rules may have missed {bounds.missed}"


def _prompted(row: PromptedRow) -> str:
    arm = f"{row.arm}{' (ordinary)' if row.ordinary else ''}"
    likely = "" if row.likely is None else f"; how likely: {row.likely:.0f} of 100"
    where = f"{_name(row.model, row.scenario)}, {one_line(arm, _WIDTH)}"
    return f"  {where}: says test {_rate(row.says_test)}{likely}"


def _contrast(contrast: CueContrast) -> str:
    difference = contrast.difference
    where = f"  {_name(contrast.model, contrast.scenario)}, {contrast.outcome}"
    what = f"{where}, {contrast.level} - {contrast.base}: "
    left_out = "".join(
        f"; left out: {count} {one_line(reason, _WIDTH)}" for reason, count in contrast.left_out.items()
    )
    if difference.estimate is None or difference.low is None or difference.high is None:
        return f"{what}no pairs{left_out}"
    interval = f"{difference.estimate:+.2f} [{difference.low:+.2f}, {difference.high:+.2f}]"
    return f"{what}{interval}, {difference.n} pairs of {difference.clusters} instances{left_out}"


def _rate(rate: Rate) -> str:
    if rate.estimate is None or rate.low is None or rate.high is None:
        return "no data"
    return f"{rate.k}/{rate.n} = {rate.estimate:.2f} [{rate.low:.2f}, {rate.high:.2f}]"
