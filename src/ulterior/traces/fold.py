"""The state of an episode at any step: a fold over its events.

The live run, resume, replay, fork, audit and viewer all call :meth:`TraceState.apply` on the same
events, so there is one answer to "where are we" and nothing that a later stage needs lives only in
memory. The fold also checks the grammar of a trace: what may follow what.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ulterior.traces.blocks import ToolCall
from ulterior.traces.events import (
    GENESIS,
    End,
    EpisodeStart,
    Event,
    Intent,
    Message,
    ModelTurn,
    Report,
    Result,
    WorldChange,
)
from ulterior.traces.world_state import WorldState

__all__ = ["EDIT", "QUESTION_PUT", "SETUP", "TOOL_REMOVED", "TraceState", "fold"]

SETUP = "setup"
SCHEDULE = "schedule:"
EDIT = "edit:"
TOOL_REMOVED = "edit:no-tool:"
QUESTION_PUT = "edit:ask:"


@dataclass
class TraceState:
    """Everything known after some prefix of a trace.

    ``seq`` is the last event applied, -1 before the first. ``head`` is the digest of its line as the log
    or trace knows it; it says where in a file we are and is no part of the state that is compared.
    ``conversation`` holds the events that a model gets to see, in order. ``pending`` are the calls of the
    latest model turn that have no result yet; ``intent`` is the one among them that was about to run.
    ``cost`` is in US dollars and None as soon as one turn had no known price. ``busy`` sums the seconds
    spent in models and tools, so that a pause between a crash and a resume doesn't count.
    ``removed_tools`` are those that a fork took away from the agent, ``put`` the questions that an
    experimenter put in a fork, each with the kind that it was declared to be of; ``putting`` is the kind of
    the one whose message comes next.
    """

    seq: int = -1
    head: str = field(default=GENESIS, compare=False)
    start: EpisodeStart | None = None
    conversation: list[Event] = field(default_factory=list[Event])
    pending: list[ToolCall] = field(default_factory=list[ToolCall])
    intent: Intent | None = None
    world: WorldState = field(default_factory=WorldState)
    turns: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = 0.0
    busy: float = 0.0
    first_at: float = 0.0
    last_at: float = 0.0
    last_turn: ModelTurn | None = None
    last_message: Message | None = None
    fired: set[str] = field(default_factory=set[str])
    removed_tools: set[str] = field(default_factory=set[str])
    asked: list[str] = field(default_factory=list[str])
    put: list[tuple[str, Message]] = field(default_factory=list[tuple[str, Message]])
    putting: str | None = None
    reports: list[Report] = field(default_factory=list[Report])
    end: End | None = None

    def apply(self, event: Event) -> None:
        """Move on by one event. Raises ``ValueError`` when it can't follow this state."""
        if event.seq != self.seq + 1:
            raise ValueError(f"expected event {self.seq + 1}, found {event.seq}")
        if (self.start is None) != isinstance(event.body, EpisodeStart):
            raise ValueError("a trace begins with one episode event and has no other")
        if self.end is not None:
            raise ValueError("an event after the end")
        self._apply_body(event)
        self.seq = event.seq
        self.last_at = event.at

    def _apply_body(self, event: Event) -> None:
        match event.body:
            case EpisodeStart() as start:
                self._begin(start, event.at)
            case Message() as message:
                self.conversation.append(event)
                self.last_message = message
                if message.question is not None:
                    self._ask(message)
            case ModelTurn() as turn:
                self.conversation.append(event)
                self._take_turn(turn)
            case Intent() as intent:
                self._expect_pending(intent.call)
                self.intent = intent
            case Result() as result:
                self.conversation.append(event)
                self._resolve(result)
            case WorldChange() as change:
                self.world.apply(change)
                if change.cause.startswith(SCHEDULE):
                    self.fired.add(change.cause.removeprefix(SCHEDULE))
                if change.cause.startswith(TOOL_REMOVED):
                    self.removed_tools.add(change.cause.removeprefix(TOOL_REMOVED))
                if change.cause.startswith(QUESTION_PUT):
                    self.putting = change.cause.removeprefix(QUESTION_PUT)
            case Report() as report:
                self.reports.append(report)
            case End() as end:
                self.end = end

    def _begin(self, start: EpisodeStart, at: float) -> None:
        if start.episode != start.spec.id:
            raise ValueError("the episode's id does not match its identity")
        self.start = start
        self.first_at = at

    def _ask(self, message: Message) -> None:
        self.asked.append(message.question or "")
        if self.putting is not None:
            self.put.append((self.putting, message))
            self.putting = None

    def _take_turn(self, turn: ModelTurn) -> None:
        if self.pending:
            raise ValueError("a model turn while tool calls wait for their results")
        if turn.turn != self.turns + 1:
            raise ValueError(f"expected model turn {self.turns + 1}, found {turn.turn}")
        self.turns = turn.turn
        self.last_turn = turn
        self.busy += turn.latency
        self.tokens_in += turn.usage.input
        self.tokens_out += turn.usage.output
        self.cost = None if self.cost is None or turn.cost is None else self.cost + turn.cost
        self.pending = list(turn.calls)

    def _expect_pending(self, call: str) -> None:
        if not any(pending.id == call for pending in self.pending):
            raise ValueError(f"no open tool call {call!r}")

    def _resolve(self, result: Result) -> None:
        self._expect_pending(result.call)
        if result.status == "executed" and (self.intent is None or self.intent.call != result.call):
            raise ValueError(f"tool call {result.call!r} ran without a written intent")
        self.busy += result.duration
        self.intent = None
        self.pending = [call for call in self.pending if call.id != result.call]


def fold(events: Iterable[Event], state: TraceState | None = None) -> TraceState:
    """The state after all of ``events``, from the beginning or from ``state``, which is changed in place."""
    state = TraceState() if state is None else state
    for event in events:
        state.apply(event)
    return state
