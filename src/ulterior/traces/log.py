"""The append-only log of a running episode: one writer, one line per event, a chain of hashes.

Theory of operation. ``append`` hands a whole group of events to the kernel in one ``write``, so a
killed process leaves at most a torn tail and never a hole. All but the last line of a group carry
``more``; on opening, whatever follows the last line without it is cut off. ``sync`` makes what was
appended survive a power failure; it is called at turn ends and waits on one syncing thread per
process, which serves all episodes that asked meanwhile.

``state`` is at every moment the fold of what the file holds, also after an ``append`` that failed.

The file is locked while it is open: two processes can't continue the same episode.
"""

import fcntl
import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path

from ulterior.clock import Clock
from ulterior.errors import CorruptTrace, OtherVersion
from ulterior.traces.canonical import digest
from ulterior.traces.disk import refusals, write_all
from ulterior.traces.events import Body, Event, to_line
from ulterior.traces.fold import TraceState, fold
from ulterior.traces.scan import Scan, read_events, replay, scan_events
from ulterior.traces.syncer import Syncer

__all__ = ["EventLog", "LockedElsewhere", "Scan", "read_events", "scan_events"]

SetAside = Callable[[CorruptTrace], object]
_SYNCER = Syncer()


class LockedElsewhere(Exception):
    """Another process is running this episode at the moment."""


class EventLog:
    """The one writer of a running episode, and the fold of what it wrote."""

    def __init__(self, path: Path, fd: int, clock: Clock, state: TraceState, length: int) -> None:
        self.path = path
        self.state = state
        self._fd = fd
        self._clock = clock
        self._length = length

    @classmethod
    def open(cls, path: Path, clock: Clock, set_aside: SetAside | None = None) -> "EventLog":
        """Create the log, or continue it after its last whole group of events.

        ``set_aside`` is called when what is there can't be trusted, still under the lock, and must move
        the file away; the log then begins anew. Without it :class:`CorruptTrace` is raised, and
        :class:`OtherVersion` always: what another version wrote may be intact. Raises
        :class:`LockedElsewhere` when another process has it, :class:`StorageFailure` when the disk refuses.
        """
        with ExitStack() as undo:
            fd = _open(path)
            undo.callback(os.close, fd)
            try:
                log = cls._take(path, fd, clock)
            except CorruptTrace as fault:
                if set_aside is None or isinstance(fault, OtherVersion):
                    raise
                set_aside(fault)
            else:
                undo.pop_all()
                return log
        return cls.open(path, clock)

    @classmethod
    def _take(cls, path: Path, fd: int, clock: Clock) -> "EventLog":
        with refusals(path):
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise LockedElsewhere(str(path)) from error
            if not _same_file(path, fd):  # sealed by another process between our open and our lock
                raise LockedElsewhere(str(path))
            scan, state = _whole(path, fd)
        return cls(path, fd, clock, state, scan.length)

    @property
    def length(self) -> int:
        """Bytes written so far."""
        return self._length

    def append(self, *bodies: Body) -> None:
        """Write a group of events that are kept or lost together, and move the fold on.

        Once this returns, killing the process can't lose them. Raises :class:`StorageFailure` when the
        disk refuses and ``ValueError`` when the events can't follow what is there; the file and the
        state are then as before.
        """
        at, last = self._clock.now(), len(bodies) - 1
        self._extend([(at, number < last, body) for number, body in enumerate(bodies)])

    def copy(self, events: Iterable[Event]) -> None:
        """Write events of another log behind what is here, with their times and groups, chained anew.

        Raises as :meth:`append` does; the file and the state are then as before. A kill can leave a part
        of them: whole groups, in their order.
        """
        self._extend([(event.at, event.more, event.body) for event in events])

    def _extend(self, entries: list[tuple[float, bool, Body]]) -> None:
        self._check_open()
        events, data, head = self._chained(entries)
        try:
            fold(events, self.state)  # first, so that what can't follow is never written
            self._write(data)
        except BaseException:
            self._take_back()
            raise
        self.state.head = head

    def _chained(self, entries: list[tuple[float, bool, Body]]) -> tuple[list[Event], bytes, str]:
        """The events that these become here, their lines, and the digest of the last one."""
        head = self.state.head
        events: list[Event] = []
        lines: list[bytes] = []
        for seq, (at, more, body) in enumerate(entries, start=self.state.seq + 1):
            line = to_line(seq, at, head, more, body)
            events.append(Event(seq=seq, at=at, prev=head, more=more, body=body))
            lines.append(line)
            head = digest(line)
        return events, b"".join(lines), head

    def _write(self, data: bytes) -> None:
        with refusals(self.path):
            write_all(self._fd, data)
        self._length += len(data)

    def _take_back(self) -> None:
        """Make file and state agree again after an append that failed half-way."""
        try:
            scan, state = _whole(self.path, self._fd)
        except (OSError, CorruptTrace):  # this disk can't even be read: nothing more is written to it
            self.close()
            return
        self._length = scan.length
        vars(self.state).update(vars(state))  # in place: others hold this object

    def lines(self) -> bytes:
        """All that has been written, as it is on the disk. Raises :class:`StorageFailure`."""
        self._check_open()
        with refusals(self.path, "read"):
            return _read(self._fd)

    async def sync(self) -> None:
        """Wait until everything appended so far would survive a power failure."""
        self._check_open()
        with refusals(self.path):
            await _SYNCER.sync(self._fd)

    def _check_open(self) -> None:
        if self._fd < 0:
            raise ValueError(f"{self.path} is closed")

    def close(self) -> None:
        """Give up the lock. Closing twice is harmless."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def _open(path: Path) -> int:
    with refusals(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)


def _whole(path: Path, fd: int) -> tuple[Scan, TraceState]:
    """Read the log and cut off what a kill left torn. Raises :class:`CorruptTrace`."""
    scan, state = replay(path, scan_events(path, _read(fd)))
    if scan.fault is not None:
        raise scan.fault
    os.ftruncate(fd, scan.length)
    return scan, state


def _read(fd: int) -> bytes:
    with os.fdopen(fd, "rb", closefd=False) as file:
        file.seek(0)
        return file.read()


def _same_file(path: Path, fd: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(fd))
    except FileNotFoundError:
        return False
