"""Reading event lines: how far a file can be trusted, and exactly where that ends.

Three things are checked, in this order: that each line is undamaged and continues the chain, that groups
of events are whole, and that each event may follow those before it. What a killed writer leaves behind
(a torn line, a group without its last lines) is dropped and no fault; anything else is one, with the
line and the byte where it begins.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ulterior.errors import CorruptTrace, OtherVersion
from ulterior.traces.canonical import digest
from ulterior.traces.events import GENESIS, Event, UnknownVersion, parse_line
from ulterior.traces.fold import TraceState, fold

__all__ = ["Scan", "read_events", "replay", "scan_events"]


@dataclass(frozen=True)
class Scan:
    """What a file of event lines holds: the whole groups, how many bytes they take, and the chain's head.

    ``offsets`` are the bytes at which the events' lines start.
    """

    events: tuple[Event, ...]
    length: int
    head: str
    fault: CorruptTrace | None = None
    offsets: tuple[int, ...] = ()

    def up_to(self, count: int, fault: CorruptTrace) -> "Scan":
        """The whole groups among the first ``count`` events, with the fault that ends them."""
        while count and self.events[count - 1].more:
            count -= 1
        if count == len(self.events):
            return replace(self, fault=fault)
        head = self.events[count].prev
        return Scan(self.events[:count], self.offsets[count], head, fault, self.offsets[:count])


def scan_events(path: Path, data: bytes) -> Scan:
    """Read event lines up to the first one that can't be trusted, never raising.

    A tail without its newline, or a group whose last lines are missing, is a crash's ordinary trace and
    no fault: ``length`` stops before it. A whole line that is damaged, doesn't parse or doesn't continue
    the chain is a fault, with its place; the whole groups before it are returned.
    """
    events: list[Event] = []
    offsets: list[int] = []
    whole, length, head, whole_head = 0, 0, GENESIS, GENESIS
    fault: CorruptTrace | None = None
    for start, line in _lines(data):
        try:
            event = _next_event(line, head, len(events))
        except UnknownVersion as error:
            fault = OtherVersion(path, str(error))
            break
        except ValueError as error:
            fault = CorruptTrace(path, len(events) + 1, start, _one_line(error))
            break
        events.append(event)
        offsets.append(start)
        head = digest(line)
        if not event.more:
            whole, length, whole_head = len(events), start + len(line), head
    return Scan(tuple(events[:whole]), length, whole_head, fault, tuple(offsets[:whole]))


def read_events(path: Path, data: bytes) -> tuple[Event, ...]:
    """The events in some event lines. Raises :class:`CorruptTrace` at the first that can't be trusted."""
    scan = scan_events(path, data)
    if scan.fault is not None:
        raise scan.fault
    return scan.events


def replay(path: Path, scan: Scan) -> tuple[Scan, TraceState]:
    """The scan up to the first event that can't follow those before it, and the state after its last."""
    state = TraceState()
    for event, offset in zip(scan.events, scan.offsets, strict=True):
        try:
            state.apply(event)
        except ValueError as error:
            scan = scan.up_to(event.seq, CorruptTrace(path, event.seq + 1, offset, _one_line(error)))
            state = fold(scan.events)
            break
    state.head = scan.head
    return scan, state


def _next_event(line: bytes, head: str, seq: int) -> Event:
    event = parse_line(line)
    if event.prev != head:
        raise ValueError("the hash chain is broken: this line does not continue the one before")
    if event.seq != seq:
        raise ValueError(f"expected event {seq}, found {event.seq}")
    return event


def _lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    start = 0
    while (stop := data.find(b"\n", start)) >= 0:
        yield start, data[start : stop + 1]
        start = stop + 1


def _one_line(error: ValueError) -> str:
    return " ".join(str(error).split())[:300]
