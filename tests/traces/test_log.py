"""The running log: groups are kept or lost whole, whatever kills the writer or fills the disk."""

import asyncio
import errno
import os
import random
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from hypothesis import given
from recorded import BRIEFING, EPOCH, GROUPS, SUBMITTED, SYSTEM, Group, chained, start_of, write_log
from strategies import episodes

from ulterior.clock import ManualClock
from ulterior.errors import CorruptTrace, StorageFailure
from ulterior.traces import GENESIS, EventLog, Intent, LockedElsewhere, digest, fold, load_trace
from ulterior.traces import log as log_module
from ulterior.traces.syncer import Syncer

CLOCK = ManualClock(EPOCH)
LINES = chained(GROUPS)
SMALL = chained([(start_of(), SYSTEM, BRIEFING), (BRIEFING,), (BRIEFING, BRIEFING)])


def ends_of_groups(groups: tuple[Group, ...] = GROUPS) -> list[tuple[int, int]]:
    """How many events and bytes there are after each group, from none on."""
    return [(sum(map(len, groups[:n])), len(chained(groups[:n]))) for n in range(len(groups) + 1)]


def open_log(path: Path) -> EventLog:
    return EventLog.open(path, CLOCK)


def test_a_log_holds_what_was_appended_and_its_state_is_the_fold(tmp_path: Path) -> None:
    log = write_log(tmp_path / "deep" / "log.jsonl")
    assert log.path.read_bytes() == log.lines() == LINES
    trace = load_trace(log.path)
    assert trace.final == log.state == fold(trace.events)
    assert trace.final.head == log.state.head == digest(LINES.splitlines(keepends=True)[-1])
    assert b"".join(trace.lines()) == LINES


def test_a_new_log_is_empty_and_appending_nothing_leaves_it_so(tmp_path: Path) -> None:
    log = open_log(tmp_path / "log.jsonl")
    log.append()
    assert (log.lines(), log.state.seq, log.state.head, log.length) == (b"", -1, GENESIS, 0)


@given(episodes())
def test_a_log_that_is_reopened_between_groups_is_the_same_log(groups: list[Group]) -> None:
    path = Path(os.environ["PYTEST_LOGS"]) / "log.jsonl"
    path.unlink(missing_ok=True)
    for group in groups:
        log = open_log(path)
        log.append(*group)
        log.close()
    log = open_log(path)
    log.close()
    assert path.read_bytes() == chained(groups)
    assert log.state == fold(load_trace(path).events)


@pytest.fixture(autouse=True)
def folder_for_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hypothesis runs many examples in one test: they share its folder."""
    monkeypatch.setenv("PYTEST_LOGS", str(tmp_path))


@pytest.mark.long
def test_a_log_cut_off_at_any_byte_keeps_its_whole_groups_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    ends = ends_of_groups()
    for cut in range(len(LINES) + 1):
        path.write_bytes(LINES[:cut])
        events, length = max(end for end in ends if end[1] <= cut)
        trace = load_trace(path)
        assert (len(trace.events), trace.fault) == (events, None)
        log = open_log(path)
        assert (log.state.seq + 1, log.length, path.stat().st_size) == (events, length, length)
        if events < len(trace.events) or cut % 50 == 0:
            for group in GROUPS[[end[0] for end in ends].index(events) :]:
                log.append(*group)
            assert path.read_bytes() == LINES
        log.close()


def test_only_one_process_can_have_a_log(tmp_path: Path) -> None:
    first = open_log(tmp_path / "log.jsonl")
    with pytest.raises(LockedElsewhere):
        open_log(first.path)
    first.append(start_of())
    first.close()
    first.close()
    second = open_log(first.path)
    assert second.state.seq == 0


def test_a_log_that_was_moved_away_while_it_was_being_opened_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "log.jsonl"
    flock = log_module.fcntl.flock

    def seal_meanwhile(fd: int, how: int) -> None:
        path.rename(tmp_path / "sealed")
        flock(fd, how)

    monkeypatch.setattr(log_module.fcntl, "flock", seal_meanwhile)
    with pytest.raises(LockedElsewhere):
        open_log(path)


def test_nothing_can_be_appended_to_a_closed_log(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", GROUPS[:1])
    log.close()
    with pytest.raises(ValueError, match="closed"):
        log.append(BRIEFING)
    assert load_trace(log.path).final.seq == 3


def test_events_that_cannot_follow_are_not_written(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", GROUPS[:1])
    state, before = log.state, fold(load_trace(log.path).events)
    with pytest.raises(ValueError, match="no open tool call"):
        log.append(SYSTEM, Intent(call="c1", tool="shell", arguments={}))
    with pytest.raises(ValueError, match="JSON"):
        log.append(SYSTEM, Intent(call="c1", tool="shell", arguments={"x": float("nan")}))
    assert log.state is state
    assert (state, log.lines()) == (before, chained(GROUPS[:1]))
    for group in GROUPS[1:]:
        log.append(*group)
    assert log.lines() == LINES


# ---- A disk that is full ----


@contextmanager
def files_of_at_most(size: int) -> Generator[None]:
    """A disk that takes a part of what is written and then refuses."""
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)


def check_refusal(log: EventLog, refusing: Callable[[], object]) -> None:
    """An append that the disk refuses leaves file and state as they were, and says what to do."""
    before, state = log.lines(), fold(load_trace(log.path).events)
    with pytest.raises(StorageFailure) as failure:
        refusing()
    assert failure.value.what == f"can't write {log.path}"
    assert failure.value.why
    assert "free some space" in failure.value.fix
    assert (log.lines(), log.state) == (before, state)


def test_a_full_disk_leaves_the_log_as_it_was_and_it_goes_on_later(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", GROUPS[:2])
    room = log.length

    def append_into(spare: int) -> None:
        with files_of_at_most(room + spare):
            log.append(*GROUPS[2])

    for spare in (0, 1, 100):
        check_refusal(log, lambda spare=spare: append_into(spare))
    for group in GROUPS[2:]:
        log.append(*group)
    assert log.lines() == LINES


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_write_that_fails_after_a_part_was_taken_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    log = write_log(tmp_path / "log.jsonl", GROUPS[:3])
    write, taken = os.write, list[int]()

    def failing(fd: int, data: bytes) -> int:
        if taken:
            raise OSError(code, os.strerror(code))
        taken.append(write(fd, data[:40]))
        return taken[0]

    def refusing() -> None:
        with monkeypatch.context() as patch:
            patch.setattr(log_module.os, "write", failing)
            log.append(*GROUPS[3])

    check_refusal(log, refusing)
    assert taken == [40]


def test_a_short_write_that_is_then_completed_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(log_module.os, "write", lambda fd, data: write(fd, data[:100]))  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
    assert write_log(tmp_path / "log.jsonl").lines() == LINES


def test_a_disk_that_cannot_even_be_read_gets_nothing_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = write_log(tmp_path / "log.jsonl", GROUPS[:1])

    def dead(*_: object) -> int:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr(log_module.os, "write", dead)
        patch.setattr(log_module.os, "ftruncate", dead)
        with pytest.raises(StorageFailure, match="put/output"):
            log.append(BRIEFING)
    with pytest.raises(ValueError, match="closed"):
        log.append(BRIEFING)


def test_a_real_full_disk_is_survived(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small disk needs root and CAP_SYS_ADMIN")
    try:
        log = write_log(disk / "log.jsonl", GROUPS[:1])

        def fill() -> None:
            for _ in range(1000):
                log.append(BRIEFING)
                written.append(log.state.seq)

        written: list[int] = []
        with pytest.raises(StorageFailure, match="No space left on device"):
            fill()
        assert load_trace(log.path).final == log.state
        assert log.state.seq == written[-1] > 20
        log.close()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("name", ["file", "file/log.jsonl"])
def test_a_path_that_cannot_be_a_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").mkdir() if name == "file" else (tmp_path / "file").touch()
    with pytest.raises(StorageFailure, match="can't write"):
        open_log(tmp_path / name)


# ---- A file that can't be trusted ----


def test_a_damaged_log_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(SMALL.replace(b"ledger", b"Ledger", 1))
    with pytest.raises(CorruptTrace) as fault:
        open_log(path)
    start = len(b"".join(SMALL.splitlines(keepends=True)[:2]))
    assert (fault.value.path, fault.value.line, fault.value.byte) == (path, 3, start)
    assert "checksum" in fault.value.reason


def test_a_log_whose_events_cannot_follow_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(chained([GROUPS[0], (SUBMITTED,), (BRIEFING,)]))
    with pytest.raises(CorruptTrace) as fault:
        open_log(path)
    assert (fault.value.line, fault.value.byte) == (6, len(chained([GROUPS[0], (SUBMITTED,)])))


def test_a_damaged_log_can_be_set_aside_under_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(b"{}\n")
    faults: list[CorruptTrace] = []

    def set_aside(fault: CorruptTrace) -> None:
        with pytest.raises(LockedElsewhere):
            open_log(path)
        faults.append(fault)
        path.rename(tmp_path / "kept")

    log = EventLog.open(path, CLOCK, set_aside)
    assert (log.state.seq, [fault.line for fault in faults]) == (-1, [1])
    assert (tmp_path / "kept").read_bytes() == b"{}\n"


# ---- Syncing ----


def test_many_logs_can_be_synced_at_once_on_one_loop_after_another(tmp_path: Path) -> None:
    logs = [write_log(tmp_path / f"{number}.jsonl", GROUPS[:1]) for number in range(20)]

    async def sync_all() -> None:
        await asyncio.gather(*(log.sync() for log in logs))

    asyncio.run(sync_all())
    asyncio.run(sync_all())


def test_a_sync_that_nobody_waits_for_any_more_harms_no_other(tmp_path: Path) -> None:
    log = write_log(tmp_path / "log.jsonl", GROUPS[:1])

    async def give_up() -> None:
        waiting = asyncio.ensure_future(log.sync())
        await asyncio.sleep(0)
        waiting.cancel()

    for _ in range(20):
        asyncio.run(give_up())  # the loop is closed when the answer comes
    asyncio.run(log.sync())


def test_a_sync_that_the_disk_refuses_is_a_storage_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = write_log(tmp_path / "log.jsonl", GROUPS[:1])

    def dead(fd: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr("ulterior.traces.syncer._flush", dead)
        with pytest.raises(StorageFailure, match="Input/output error"):
            asyncio.run(log.sync())
    asyncio.run(log.sync())


def test_a_closed_log_is_not_synced_and_others_still_are(tmp_path: Path) -> None:
    closed, log = (write_log(tmp_path / f"{number}.jsonl", GROUPS[:1]) for number in range(2))
    closed.close()
    with pytest.raises(ValueError, match="closed"):
        asyncio.run(closed.sync())
    with pytest.raises(ValueError, match="negative"):
        asyncio.run(Syncer().sync(-1))
    asyncio.run(log.sync())


FORKED = """
import asyncio, os, sys
from pathlib import Path
from ulterior.clock import ManualClock
from ulterior.traces import EventLog, Message

def sync(name):
    log = EventLog.open(Path(sys.argv[1], name), ManualClock(1.0))
    asyncio.run(asyncio.wait_for(log.sync(), 20))

sync("parent")
child = os.fork()
if child == 0:
    sync("child")
    os._exit(7)
sync("parent again")
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}


def test_a_forked_worker_syncs_with_a_thread_of_its_own(tmp_path: Path) -> None:
    ran = subprocess.run(
        python("-c", FORKED, str(tmp_path)), env=environment(), capture_output=True, text=True, check=True
    )
    assert ran.stdout == "7\n"


# ---- kill -9 ----


@pytest.mark.long
def test_a_killed_writer_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    log = write_log(path, GROUPS[:1])
    log.close()
    script = python(str(Path(__file__).with_name("appender.py")), str(path))
    draw = random.Random(20)
    with subprocess.Popen(script, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        for _ in range(20):
            server.stdin.write(b"go\n")
            server.stdin.flush()
            acknowledged = _kill_after(server.stdout, draw.randint(1, 30))
            log = open_log(path)
            assert log.state.seq >= acknowledged
            assert load_trace(path).final == log.state
            log.append(BRIEFING)
            log.close()
        server.stdin.close()


def _kill_after(said: IO[bytes], acknowledgements: int) -> int:
    """Kill the child after so many of its appends; the last one that it acknowledged."""
    child, last = 0, -1
    while (line := said.readline()) != b"dead\n":
        word, number = line.split()
        if word == b"pid":
            child = int(number)
        else:
            last, acknowledgements = int(number), acknowledgements - 1
        if child and acknowledgements <= 0:
            os.kill(child, signal.SIGKILL)
    return last
