"""One stored episode, read back: its events, its summary if it is sealed, and its state at any step."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from ulterior.errors import CorruptTrace, UsageError
from ulterior.traces.events import GENESIS, Event, to_line
from ulterior.traces.fold import TraceState, fold
from ulterior.traces.identity import EpisodeSpec
from ulterior.traces.scan import Scan, replay, scan_events
from ulterior.traces.sealed import Summary, read_sealed

__all__ = ["Trace", "load_trace"]


@dataclass(frozen=True)
class Trace:
    """The events of one episode. ``summary`` is None while it is not sealed.

    ``fault`` is set when the file is damaged; ``events`` are then the whole groups before the damage.
    ``head`` is the digest of the last event's line.
    """

    path: Path
    events: tuple[Event, ...]
    summary: Summary | None
    fault: CorruptTrace | None = field(default=None, compare=False)
    head: str = field(default=GENESIS, compare=False)

    @property
    def spec(self) -> EpisodeSpec:
        start = self.final.start
        if start is None:
            raise CorruptTrace(self.path, 1, 0, "there is no first event")
        return start.spec

    @property
    def episode(self) -> str:
        return self.spec.id

    @cached_property
    def final(self) -> TraceState:
        """The state after the last event. Shared: don't change it."""
        return self.state_at(len(self.events) - 1)

    def state_at(self, seq: int) -> TraceState:
        """The state after event ``seq``, freshly folded; -1 is the empty state before the first."""
        state = fold(self.events[: seq + 1])
        state.head = self._head_after(state.seq)
        return state

    def states(self) -> Iterator[tuple[Event, TraceState]]:
        """Every event with the state after it. It is one state object that moves: copy what you keep."""
        state = TraceState()
        for event in self.events:
            state.apply(event)
            state.head = self._head_after(event.seq)
            yield event, state

    def lines(self) -> Iterator[bytes]:
        """The event lines, written anew from the events."""
        for event in self.events:
            yield to_line(event.seq, event.at, event.prev, event.more, event.body)

    def _head_after(self, seq: int) -> str:
        return self.events[seq + 1].prev if seq + 1 < len(self.events) else self.head


def load_trace(path: Path, *, salvage: bool = False) -> Trace:
    """Read a sealed (``.jsonl.zst``) or running (``.jsonl``) episode, checking the whole chain.

    Raises :class:`CorruptTrace` when anything in it can't be trusted. With ``salvage`` the intact part
    is returned instead, together with the fault; only a file without a readable start still raises.
    Raises :class:`UsageError` when there is no such file, or it can't be opened.
    """
    try:
        trace = _load_sealed(path) if path.suffix == ".zst" else _load_running(path)
    except OSError as error:
        raise UsageError(f"can't read {path}", error.strerror or str(error)) from error
    if trace.fault is not None and not (salvage and trace.events):
        raise trace.fault
    return trace


def _load_running(path: Path) -> Trace:
    return _trace(path, *replay(path, scan_events(path, path.read_bytes())), None)


def _load_sealed(path: Path) -> Trace:
    summary, lines, damage = read_sealed(path)
    scan, state = replay(path, scan_events(path, lines))
    if scan.length < len(lines):
        damage = damage or "the last line or group of events is torn"
    if scan.fault is None:
        scan = replace(scan, fault=_mismatch(path, scan, state, summary, damage))
    return _trace(path, scan, state, summary)


def _trace(path: Path, scan: Scan, state: TraceState, summary: Summary | None) -> Trace:
    trace = Trace(path, scan.events, summary, scan.fault, scan.head)
    trace.__dict__["final"] = state  # the fold just made is the answer to `final`
    return trace


def _mismatch(
    path: Path, scan: Scan, state: TraceState, summary: Summary, damage: str
) -> CorruptTrace | None:
    """Where event lines that are intact in themselves contradict the summary."""
    last = max(len(scan.events), 1), scan.offsets[-1] if scan.offsets else 0
    if damage or scan.length < summary.bytes:
        why = damage or f"the file ends early: {scan.length} of {summary.bytes} bytes of events"
        return CorruptTrace(path, len(scan.events) + 1, scan.length, why)
    if scan.length > summary.bytes or scan.head != summary.head:
        return CorruptTrace(path, *last, "the last event is not the one that the summary names")
    if state.end is None:
        return CorruptTrace(path, *last, "the episode is sealed, but its last event is no end")
    if state.start is None or state.start.spec != summary.spec or state.start.episode != summary.episode:
        return CorruptTrace(path, 1, 0, "the summary names another episode")
    return None
