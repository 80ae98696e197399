"""What ``ulterior fork`` prints for people."""

from collections.abc import Iterator, Mapping, Sequence

from ulterior.agent_runtime.edit_syntax import spell_all
from ulterior.agent_runtime.edits import AnyEdit
from ulterior.analysis import EditResult, Rate, ScanResult
from ulterior.analysis.commit_step import CommitStep
from ulterior.analysis.forks import Contrast
from ulterior.analysis.visible import one_line
from ulterior.traces import ModelTurn, Trace

__all__ = ["counts_text", "edit_text", "rate_text", "scan_text"]

_WIDTH = 110


def edit_text(result: EditResult, edits: Sequence[AnyEdit]) -> str:
    """The arms side by side, then the differences."""
    return "\n".join(_edit_lines(result, edits))


def _edit_lines(result: EditResult, edits: Sequence[AnyEdit]) -> Iterator[str]:
    parents = ", ".join(parent[:12] for parent in result.parents)
    yield one_line(f"fork {result.experiment} of {parents}", _WIDTH)
    yield one_line(f"edit: {spell_all(edits)}", _WIDTH)
    for parent, turns in result.dropped.items():
        yield f"reasoning dropped in the edited arm: {turns} turns of {parent[:12]}"
    yield ""
    names = [arm.arm for arm in result.arms]
    yield "  ".join([f"{'':12}", *(f"{name:26}" for name in names)]).rstrip()
    for outcome in result.arms[0].rates:
        cells = [f"{rate_text(arm.rates[outcome]):26}" for arm in result.arms]
        yield "  ".join([f"{outcome:12}", *cells]).rstrip()
    for arm in result.arms:
        yield f"acts, {arm.arm}: {counts_text(arm.acts) or 'none judged'}"
    yield ""
    yield "edit - control, paired"
    for contrast in result.contrasts:
        yield f"{contrast.outcome:12}  {_difference(contrast)}"


def _difference(contrast: Contrast) -> str:
    difference = contrast.difference
    left_out = f"; left out: {counts_text(contrast.left_out)}" if contrast.left_out else ""
    if difference.estimate is None or difference.low is None or difference.high is None:
        return f"-  no pairs{left_out}"
    p = "" if difference.p is None else f", McNemar p {difference.p:.3f}"
    interval = f"[{difference.low:+.2f}, {difference.high:+.2f}]"
    return f"{difference.estimate:+.2f} {interval}  {difference.n} pairs{p}{left_out}"


def scan_text(result: ScanResult, parent: Trace) -> str:
    """A line for every step, then the commit step."""
    return "\n".join(_scan_lines(result, parent))


def _scan_lines(result: ScanResult, parent: Trace) -> Iterator[str]:
    taken = {event.body.turn: event.body for event in parent.events if isinstance(event.body, ModelTurn)}
    yield f"scan {result.experiment} of {parent.episode[:12]}: {result.outcome}"
    yield ""
    yield f"{'event':>6} {'turn':>5}  {'rate':26}  what the parent does in this turn"
    for step in result.steps:
        turn = taken.get(step.turn)
        what = "" if turn is None else _summary(turn)
        unscored = f"  ({counts_text(step.unscored)})" if step.unscored else ""
        numbers = f"{step.at:>6} {step.turn:>5}  {rate_text(step.rate):26}"
        yield f"{numbers}  {one_line(f'{what}{unscored}', _WIDTH - len(numbers) - 2)}"
    yield ""
    yield from _commit(result.commit)


def _summary(turn: ModelTurn) -> str:
    calls = ", ".join(call.name for call in turn.calls)
    return calls or f"says: {' '.join(turn.text.split())[:50]}"


def _commit(commit: CommitStep) -> Iterator[str]:
    if commit.p is None or commit.before is None or commit.after is None:
        yield "commit step: too few steps were judged"
        return
    turns = f"turn {commit.first_turn}"
    if commit.first_turn != commit.last_turn:
        turns = f"turns {commit.first_turn} to {commit.last_turn}"
    support = f"likelihood ratio {commit.ratio:.1f}, p {commit.p:.4f} ({commit.test})"
    if commit.found:
        yield f"commit step: {turns}, from {commit.before:.2f} to {commit.after:.2f}; {support}"
    else:
        yield f"commit step: no jump is supported at 5 %; {support}"


def rate_text(rate: Rate) -> str:
    """A rate with its bounds, or a dash where there are no data."""
    if rate.estimate is None or rate.low is None or rate.high is None:
        return "-"
    return f"{rate.k}/{rate.n} = {rate.estimate:.2f} [{rate.low:.2f}, {rate.high:.2f}]"


def counts_text(counts: Mapping[str, int]) -> str:
    """Counts in a line."""
    return ", ".join(f"{count} {name}" for name, count in counts.items())
