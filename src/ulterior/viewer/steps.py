"""A trace as steps: the stretches of events that people take in at once.

A model turn begins a step and takes with it all that came of its calls, and the report that it makes.
What comes from outside between two turns begins one of its own: each thing that happened by itself and
each edit of an experimenter with the messages it brought, and messages that come alone. Before the first
turn all that the scenario prepared is one step, the setup; the end is one.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from ulterior.traces import End, Event, Message, ModelTurn, Report, WorldChange
from ulterior.traces.fold import EDIT, SCHEDULE
from ulterior.viewer.documents import Source, Step, Witness
from ulterior.viewer.titles import title_of

__all__ = ["steps_of"]

Kind = Literal["setup", "turn", "outside", "end"]


def steps_of(events: Sequence[Event], witnesses: Iterable[Witness] = ()) -> tuple[Step, ...]:
    """All events of a trace in steps, in order, without gaps; none for a trace without events."""
    seen: dict[int, list[Witness]] = {}
    for witness in witnesses:
        seen.setdefault(witness.seq, []).append(witness)
    clock = 0.0
    steps: list[Step] = []
    for stretch in _stretches(events):
        clock = next((e.body.clock for e in reversed(stretch) if isinstance(e.body, WorldChange)), clock)
        witnessed = [witness for event in stretch for witness in seen.get(event.seq, ())]
        steps.append(_step(len(steps), stretch, clock, _once(witnessed)))
    return tuple(steps)


def _stretches(events: Sequence[Event]) -> Iterator[list[Event]]:
    current: list[Event] = []
    for event in events:
        if current and _begins(event, current):
            yield current
            current = []
        current.append(event)
    if current:
        yield current


def _begins(event: Event, current: Sequence[Event]) -> bool:
    """Whether an event begins a step behind those of ``current``."""
    match event.body:
        case ModelTurn() | End():
            return True
        case Message():
            return isinstance(current[0].body, ModelTurn)
        case WorldChange(cause=cause):
            return cause.startswith((SCHEDULE, EDIT))
        case _:
            return False


def _step(n: int, events: Sequence[Event], clock: float, witnesses: tuple[Witness, ...]) -> Step:
    turn = events[0].body if isinstance(events[0].body, ModelTurn) else None
    changes = [event.body for event in events if isinstance(event.body, WorldChange)]
    kind = _kind(n, events[0])
    return Step(
        n=n,
        kind=kind,
        first=events[0].seq,
        last=events[-1].seq,
        turn=turn.turn if turn else None,
        purpose=turn.purpose if turn else None,
        title=title_of(kind, events),
        source=_source(events),
        tools=tuple(call.name for call in turn.calls) if turn else (),
        writes=bool(turn) and any(map(_is_write, changes)),
        tells=any(isinstance(event.body, Report) for event in events),
        clock=clock,
        tokens=turn.usage.total if turn else 0,
        cost=turn.cost if turn else None,
        witnesses=witnesses,
    )


def _is_write(change: WorldChange) -> bool:
    """Whether more changed than that a mail was marked as read."""
    operations = (each for name, patch in change.services.items() for each in patch if name != "mailbox")
    mails = (each for each in change.services.get("mailbox", ()) if not str(each["path"]).endswith("/read"))
    return bool(change.files) or any(True for _ in (*operations, *mails))


def _once(witnesses: Iterable[Witness]) -> tuple[Witness, ...]:
    """Who saw the same in several calls of a turn stands there once, with the first of them."""
    kept: dict[tuple[str, str], Witness] = {}
    for witness in witnesses:
        kept.setdefault((witness.who, witness.how), witness)
    return tuple(kept.values())


def _kind(n: int, first: Event) -> Kind:
    match first.body:
        case ModelTurn():
            return "turn"
        case End():
            return "end"
        case _:
            return "outside" if n else "setup"


def _source(events: Sequence[Event]) -> Source:
    match events[0].body:
        case ModelTurn():
            return "agent"
        case Message(origin="harness") | End():
            return "harness"
        case WorldChange(cause=cause) if cause.startswith(EDIT):
            return "experimenter"
        case _:
            return "scenario"
