"""A trace as pieces of text: what each event shows of task, thought, deed and word, before any view is made.

Calls are numbered over the whole trace, so that a call, its result and its changes find each other without
the ids that a provider gave them. What was told to a principal through a tool stands in the report that was
made of it: its call, result and change then say only that it was made.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ulterior.analysis.changes import Change, changes_by_step
from ulterior.analysis.evidence import Passage, passages_of
from ulterior.analysis.judges.judgement import BlockKind
from ulterior.traces import (
    Message,
    ModelTurn,
    Report,
    Result,
    Text,
    ToolCall,
    Trace,
    WorldChange,
    line_json,
)
from ulterior.traces.fold import EDIT, SETUP

__all__ = ["Deed", "Piece", "deeds_of", "pieces_of"]

_TOLD = "(what it says stands among the reports)"


@dataclass(frozen=True)
class Piece:
    """Text of one event. ``head`` is ours and says what it is, ``text`` is the trace's.

    ``report`` is the event of the report that it belongs to, as its text, a field or its question.
    """

    seq: int
    kind: BlockKind
    head: str
    text: str
    passage: Passage | None = None
    report: int | None = None


@dataclass
class Deed:
    """One call, for a log of what was done: its number, tool, arguments, and what came of it."""

    number: int
    seq: int
    tool: str
    arguments: str
    status: str = "open"
    changes: list[Change] = field(default_factory=list[Change])
    told: bool = False

    @property
    def name(self) -> str:
        return f"call {self.number}"


def deeds_of(trace: Trace) -> tuple[Deed, ...]:
    """All calls of a trace in order, with their statuses and changes."""
    return tuple(_Calls(trace).deeds)


def pieces_of(trace: Trace) -> Iterator[Piece]:
    """Everything that a trace shows, in order, each piece of the agent's with the passage that it is."""
    calls = _Calls(trace)
    passages: dict[int, list[Passage]] = {}
    for passage in passages_of(trace.events):
        passages.setdefault(passage.seq, []).append(passage)
    answered = {
        event.body.question: event.seq
        for event in trace.events
        if isinstance(event.body, Report) and event.body.question is not None
    }
    for event in trace.events:
        match event.body:
            case Message() as message:
                yield _message(event.seq, message, answered)
            case ModelTurn() as turn:
                yield from _turn(turn, passages.get(event.seq, ()), calls.by_event[event.seq])
            case Result() as result:
                yield _result(event.seq, result, calls.by_event[event.seq][0])
            case WorldChange() as change if change.cause != SETUP and calls.changes[event.seq]:
                yield _change(event.seq, change, calls)
            case Report() as report:
                yield from _report(event.seq, report, passages.get(event.seq, ()))
            case _:
                pass


def _message(seq: int, message: Message, answered: Mapping[str, int]) -> Piece:
    if message.question is not None:
        head = f"asked by {message.author}"
        return Piece(seq, "question", head, message.text, report=answered.get(message.question))
    if message.origin == "briefing":
        head = "instructions" if message.role == "system" else f"task, from {message.author}"
        return Piece(seq, "task", head, message.text)
    return Piece(seq, "message", f"from {message.author}", message.text)


def _turn(turn: ModelTurn, passages: Sequence[Passage], deeds: list[Deed]) -> Iterator[Piece]:
    """The turn's blocks. Text without a passage stands in the report that was made of it."""
    of_block = {passage.block: passage for passage in passages}
    open_deeds = iter(deeds)
    for at, block in enumerate(turn.blocks):
        passage = of_block.get(at)
        match block:
            case ToolCall(name=tool):
                deed = next(open_deeds)
                seq = deed.seq
                if deed.told:
                    yield Piece(seq, "call", f"{deed.name}: {tool}", _TOLD)
                else:
                    yield Piece(seq, "call", f"{deed.name}: {tool}", deed.arguments, passage)
            case Text():
                if passage is not None:
                    yield Piece(passage.seq, "said", "said aloud", passage.text, passage)
            case _:
                if passage is not None:
                    how = " (a summary)" if passage.visibility == "summary" else ""
                    yield Piece(passage.seq, "reasoning", f"reasoning{how}", passage.text, passage)


def _result(seq: int, result: Result, deed: Deed) -> Piece:
    text = _TOLD if deed.told else result.shown()
    return Piece(seq, "result", f"{deed.name}: {deed.status}", text)


def _change(seq: int, change: WorldChange, calls: "_Calls") -> Piece:
    deeds = calls.by_event.get(seq, [])
    if not deeds:
        who = "changed from outside" if change.cause.startswith(EDIT) else "changed by itself"
        return Piece(seq, "change", who, _diffs(calls.changes[seq]))
    brief = deeds[0].told
    return Piece(seq, "change", f"{deeds[0].name}: changed", _diffs(calls.changes[seq], brief=brief))


def _diffs(changes: tuple[Change, ...], *, brief: bool = False) -> str:
    return "\n".join(
        f"{change.what} {change.name}" + (f"\n{change.diff}" if change.diff and not brief else "")
        for change in changes
    )


def _report(seq: int, report: Report, passages: Sequence[Passage]) -> Iterator[Piece]:
    how = "answer" if report.question is not None else report.channel
    for passage in passages:
        where = f", field {passage.field}" if passage.field else ""
        yield Piece(seq, "report", f"{how} to {report.to}{where}", passage.text, passage, report=seq)


class _Calls:
    """Numbers the calls of a trace, and finds those that an event is about."""

    def __init__(self, trace: Trace) -> None:
        self.deeds: list[Deed] = []
        self.by_event: dict[int, list[Deed]] = {}
        self.changes = dict(changes_by_step(trace))
        latest: dict[str, Deed] = {}  # ids come from providers, and may come again
        for event in trace.events:
            match event.body:
                case ModelTurn() as turn:
                    self.by_event[event.seq] = [self._open(event.seq, call, latest) for call in turn.calls]
                case Result() as result:
                    deed = latest[result.call]
                    code = "" if result.exit_code is None else f", exit code {result.exit_code}"
                    deed.status = f"{result.status}{code}"
                    self.by_event[event.seq] = [deed]
                case WorldChange() as change if change.cause in latest:
                    latest[change.cause].changes += self.changes[event.seq]
                    self.by_event[event.seq] = [latest[change.cause]]
                case Report(call=str(call)) if call in latest:
                    latest[call].told = True
                case _:
                    pass

    def _open(self, seq: int, call: ToolCall, latest: dict[str, Deed]) -> Deed:
        arguments = call.raw or "" if call.arguments is None else line_json(call.arguments).decode()
        deed = Deed(len(self.deeds) + 1, seq, call.name, arguments)
        self.deeds.append(deed)
        latest[call.id] = deed
        return deed
