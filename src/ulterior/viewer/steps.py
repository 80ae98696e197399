"""A trace as steps: the stretches of events that people take in at once."""

from collections.abc import Iterable, Iterator, Sequence

from ulterior.traces import End, Event, Message, ModelTurn, Report, Result, WorldChange
from ulterior.viewer.documents import Step, Witness

__all__ = ["steps_of"]


def steps_of(events: Sequence[Event], witnesses: Iterable[Witness] = ()) -> tuple[Step, ...]:
    """All events of a trace in steps, in order, without gaps."""
    seen = list(witnesses)
    clock = 0.0
    steps: list[Step] = []
    for stretch in _stretches(events):
        for event in stretch:
            if isinstance(event.body, WorldChange):
                clock = event.body.clock
        steps.append(_step(len(steps), stretch, clock, seen))
    return tuple(steps)


def _stretches(events: Sequence[Event]) -> Iterator[list[Event]]:
    """A model turn begins one, and so does whatever comes from outside after a turn's last result."""
    current: list[Event] = []
    for event in events:
        if current and _begins(event, current):
            yield current
            current = []
        current.append(event)
    if current:
        yield current


def _begins(event: Event, current: Sequence[Event]) -> bool:
    match event.body:
        case ModelTurn() | End():
            return True
        case Message():
            return isinstance(current[0].body, ModelTurn)
        case WorldChange(cause=cause):
            return isinstance(current[0].body, ModelTurn) and cause.startswith(("schedule:", "edit:"))
        case _:
            return False


def _step(n: int, events: Sequence[Event], clock: float, witnesses: Sequence[Witness]) -> Step:
    first, last = events[0].seq, events[-1].seq
    turn = events[0].body if isinstance(events[0].body, ModelTurn) else None
    tools = tuple(call.name for call in turn.calls) if turn else ()
    changes = [event.body for event in events if isinstance(event.body, WorldChange)]
    kind = "turn" if turn else "end" if isinstance(events[0].body, End) else "outside" if n else "setup"
    return Step(
        n=n,
        kind=kind,
        first=first,
        last=last,
        turn=turn.turn if turn else None,
        purpose=turn.purpose if turn else None,
        title=_title(kind, events, tools, turn),
        tools=tools,
        writes=bool(turn) and any(change.files or change.services for change in changes),
        tells=any(isinstance(event.body, Report) for event in events),
        clock=clock,
        tokens=turn.usage.total if turn else 0,
        cost=turn.cost if turn else None,
        witnesses=tuple(witness for witness in witnesses if first <= witness.seq <= last),
    )


def _title(kind: str, events: Sequence[Event], tools: Sequence[str], turn: ModelTurn | None) -> str:
    if turn is not None:
        if tools:
            return ", ".join(tools)
        return "hands over" if turn.purpose == "work" else "answers"
    if kind == "setup":
        return "the briefing"
    body = events[0].body
    match body:
        case Message():
            return f"{body.author} writes"
        case WorldChange():
            return "an experimenter's edit" if body.cause.startswith("edit:") else "the world moves on"
        case End():
            return body.reason
        case Result():
            return body.tool
        case _:
            return body.kind
