"""One damaged byte anywhere is noticed, named with its line, and costs nothing that came before it."""

import random
from bisect import bisect_right
from itertools import accumulate
from pathlib import Path

import pytest
import zstandard
from recorded import (
    BRIEFING,
    EPOCH,
    GROUPS,
    SPEC,
    SUBMITTED,
    Group,
    chained,
    seal_bytes,
    spec_of,
    start_of,
    step,
    turn_of,
    write_log,
)

from ulterior.clock import ManualClock
from ulterior.errors import CorruptTrace
from ulterior.traces import (
    GENESIS,
    Event,
    EventLog,
    Intent,
    Study,
    Trace,
    digest,
    load_trace,
    read_summary,
    to_line,
)
from ulterior.traces.scan import read_events, scan_events
from ulterior.traces.sealed import read_sealed

LINES = chained(GROUPS)
SPLIT = LINES.splitlines(keepends=True)
STARTS = [0, *accumulate(map(len, SPLIT))]
MEMORY = Path("memory")


def whole_groups(events: int) -> int:
    """How many of the first events are in groups that end among them."""
    ends = list(accumulate((len(group) for group in GROUPS), initial=0))
    return ends[bisect_right(ends, events) - 1]


def salvaged(path: Path) -> tuple[tuple[Event, ...], CorruptTrace | None]:
    """The events before the damage, none when it is at the very start, and the fault."""
    try:
        trace = load_trace(path, salvage=True)
    except CorruptTrace as fault:
        return (), fault
    return trace.events, trace.fault


def flipped(data: bytes, place: int, bits: int) -> bytes:
    return data[:place] + bytes([data[place] ^ bits]) + data[place + 1 :]


@pytest.mark.parametrize("bits", [0x01, 0x08, 0x20, 0x80, 0xFF])
def test_every_damaged_byte_of_a_running_log_is_found_in_its_line(bits: int) -> None:
    for place in range(len(LINES) - 1):
        line = bisect_right(STARTS, place)
        scan = scan_events(MEMORY, flipped(LINES, place, bits))
        assert scan.fault is not None, place
        assert (scan.fault.line, scan.fault.byte) == (line, STARTS[line - 1])
        assert len(scan.events) == whole_groups(line - 1)
        assert scan.length == STARTS[len(scan.events)]


def test_a_log_without_its_last_line_break_is_a_torn_one() -> None:
    scan = scan_events(MEMORY, flipped(LINES, len(LINES) - 1, 1))
    assert (scan.fault, len(scan.events)) == (None, len(SPLIT) - 1)


@pytest.mark.parametrize("place", range(0, len(LINES), 997))
def test_what_is_before_the_damage_is_salvaged(tmp_path: Path, place: int) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(flipped(LINES, place, 4))
    line = bisect_right(STARTS, place)
    with pytest.raises(CorruptTrace) as fault:
        load_trace(path)
    assert (fault.value.line, fault.value.byte) == (line, STARTS[line - 1])
    if kept := whole_groups(line - 1):
        trace = load_trace(path, salvage=True)
        assert b"".join(trace.lines()) == LINES[: STARTS[kept]]
        assert (trace.fault, trace.final.seq) == (trace.fault, kept - 1)
        assert str(trace.fault) == str(fault.value)
    else:
        with pytest.raises(CorruptTrace):
            load_trace(path, salvage=True)


REARRANGED = {
    "two lines swapped": ([*SPLIT[:5], SPLIT[6], SPLIT[5], *SPLIT[7:]], 6, "hash chain is broken"),
    "a line left out": ([*SPLIT[:5], *SPLIT[6:]], 6, "hash chain is broken"),
    "a line twice": ([*SPLIT[:5], SPLIT[4], *SPLIT[5:]], 6, "hash chain is broken"),
    "the first line left out": (SPLIT[1:], 1, "hash chain is broken"),
    "an empty line": ([*SPLIT[:5], b"\n", *SPLIT[5:]], 6, "checksum"),
    "zeros from a power failure": ([*SPLIT[:5], b"\0" * 300 + b"\n"], 6, "checksum"),
    "a line of another episode": (
        [
            *SPLIT[:5],
            chained([(start_of(spec_of(9)), *GROUPS[0][1:]), *GROUPS[1:]]).splitlines(keepends=True)[5],
        ],
        6,
        "hash chain is broken",
    ),
}


@pytest.mark.parametrize("name", REARRANGED)
def test_lines_that_are_not_where_they_were_written_are_noticed(tmp_path: Path, name: str) -> None:
    lines, line, why = REARRANGED[name]
    data = b"".join(lines)
    scan = scan_events(MEMORY, data)
    assert scan.fault is not None
    assert (scan.fault.line, scan.fault.byte) == (line, sum(map(len, lines[: line - 1])))
    assert why in scan.fault.reason
    with pytest.raises(CorruptTrace):
        read_events(MEMORY, data)
    with pytest.raises(CorruptTrace):
        load_trace(seal_bytes(tmp_path / "x.jsonl.zst", data))


def test_a_chain_that_skips_a_number_is_noticed() -> None:
    first = to_line(0, EPOCH, GENESIS, False, start_of())
    scan = scan_events(MEMORY, first + to_line(2, EPOCH, digest(first), False, BRIEFING))
    assert scan.fault is not None
    assert (scan.fault.line, scan.fault.reason) == (2, "expected event 1, found 2")


# ---- Sealed files ----


def sealed(folder: Path, groups: tuple[Group, ...] = GROUPS) -> Path:
    study = Study.create(folder, {})
    log = write_log(study.running_path(SPEC.id), groups)
    study.seal(log)
    return study.sealed_path(SPEC.id)


@pytest.mark.parametrize("bits", [0x01, 0x10, 0xFF])
def test_every_damaged_byte_of_a_sealed_file_is_found_or_without_any_effect(
    tmp_path: Path, bits: int
) -> None:
    path = sealed(tmp_path)
    data, original = path.read_bytes(), load_trace(path)
    harmless: list[int] = []
    for place in range(len(data)):
        path.write_bytes(flipped(data, place, bits))
        events, fault = salvaged(path)
        assert events == original.events[: len(events)]
        if fault is None:
            assert load_trace(path) == original
            harmless.append(place)
        elif fault.byte:  # else the summary may be meant, which stands before all lines
            assert fault.byte == STARTS[fault.line - 1]
            assert len(events) == whole_groups(fault.line - 1)
    assert len(harmless) <= 10  # bits without a meaning in the headers of frames and blocks


def test_a_sealed_file_cut_off_anywhere_is_noticed(tmp_path: Path) -> None:
    path = sealed(tmp_path)
    data = path.read_bytes()
    for length in range(len(data)):
        path.write_bytes(data[:length])
        with pytest.raises(CorruptTrace):
            load_trace(path)


def test_bytes_after_the_end_of_a_sealed_file_are_noticed(tmp_path: Path) -> None:
    path = sealed(tmp_path)
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(CorruptTrace, match="something after the end"):
        load_trace(path)
    assert len(load_trace(path, salvage=True).events) == len(SPLIT)


def long_groups() -> tuple[Group, ...]:
    """An episode of some hundred kilobytes, hard to compress."""
    draw = random.Random(3)
    groups: list[Group] = [GROUPS[0]]
    for number in range(1, 101):
        call = f"c{number}"
        intent = Intent(call=call, tool="shell", arguments={})
        groups += [(turn_of(number, call, text=draw.randbytes(900).hex()),), (intent,), step(call, number)]
    return (*groups, (SUBMITTED,))


def test_damage_deep_in_a_long_file_costs_no_block_before_it(tmp_path: Path) -> None:
    groups = long_groups()
    path = sealed(tmp_path, groups)
    data, lines = path.read_bytes(), chained(groups)
    first = data.index(b"\x28\xb5\x2f\xfd", 4)
    worst = 0
    for place in random.Random(4).sample(range(first + 20, len(data)), 40):
        path.write_bytes(flipped(data, place, 0x55))
        events, fault = salvaged(path)
        assert fault is not None
        kept = b"".join(to_line(e.seq, e.at, e.prev, e.more, e.body) for e in events)
        intact = zstandard.ZstdDecompressor().decompressobj().decompress(data[first:place])
        assert lines.startswith(kept)
        assert (
            len(kept) >= len(lines[: intact.rfind(b"\n") + 1]) - 3000
        )  # a group that is cut in two goes whole
        worst = max(worst, round(len(lines) * (place - first) / (len(data) - first)) - len(kept))
    assert worst < 3 * 32_768


def test_a_sealed_file_in_one_block_is_still_read(tmp_path: Path) -> None:
    path = sealed(tmp_path)
    line = zstandard.ZstdCompressor().compress(read_line(path))
    path.write_bytes(line + zstandard.ZstdCompressor().compress(LINES))
    assert b"".join(load_trace(path).lines()) == LINES


def read_line(path: Path) -> bytes:
    return zstandard.ZstdDecompressor().decompressobj().decompress(path.read_bytes())


# ---- A summary that says something else ----


@pytest.mark.parametrize(
    ("wrong", "line", "why"),
    [
        ({"head": "0" * 64}, len(SPLIT), "not the one that the summary names"),
        ({"bytes": len(LINES) - 1}, len(SPLIT), "not the one that the summary names"),
        ({"bytes": len(LINES) + 1}, len(SPLIT) + 1, "the file ends early"),
        ({"spec": spec_of(9)}, 1, "the summary names another episode"),
        ({"episode": spec_of(9).id}, 1, "the summary names another episode"),
    ],
)
def test_a_summary_that_contradicts_the_events_is_noticed(
    tmp_path: Path, wrong: dict[str, object], line: int, why: str
) -> None:
    path = seal_bytes(tmp_path / "x.jsonl.zst", LINES, **wrong)
    with pytest.raises(CorruptTrace, match=why) as fault:
        load_trace(path)
    assert fault.value.line == line
    assert load_trace(path, salvage=True).events == read_events(MEMORY, LINES)


def test_events_of_another_episode_under_a_summary_are_noticed(tmp_path: Path) -> None:
    other = chained([(start_of(spec_of(9)), *GROUPS[0][1:]), *GROUPS[1:]])
    with pytest.raises(CorruptTrace):
        load_trace(seal_bytes(tmp_path / "x.jsonl.zst", other))


@pytest.mark.parametrize("lines", [b"", SPLIT[0][:50], b"".join(SPLIT[:5]), LINES + SPLIT[3][:40]])
def test_events_that_stop_too_early_or_go_on_are_noticed(tmp_path: Path, lines: bytes) -> None:
    with pytest.raises(CorruptTrace):
        load_trace(seal_bytes(tmp_path / "x.jsonl.zst", lines))


def test_a_sealed_episode_without_an_end_is_noticed(tmp_path: Path) -> None:
    lines = chained(GROUPS[:-1])
    head = digest(lines.splitlines(keepends=True)[-1])
    path = seal_bytes(tmp_path / "x.jsonl.zst", lines, bytes=len(lines), head=head)
    with pytest.raises(CorruptTrace, match="its last event is no end"):
        load_trace(path)


@pytest.mark.parametrize("data", [b"", b"not zstd", zstandard.ZstdCompressor().compress(b'{"episode": 1}\n')])
def test_a_file_without_a_summary_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.jsonl.zst"
    path.write_bytes(data)
    for read in (read_summary, read_sealed, load_trace):
        with pytest.raises(CorruptTrace) as fault:
            read(path)
        assert (fault.value.path, fault.value.line, fault.value.byte) == (path, 1, 0)


def test_a_trace_without_events_has_no_identity(tmp_path: Path) -> None:
    log = EventLog.open(tmp_path / "log.jsonl", ManualClock(1.0))
    trace = load_trace(log.path)
    assert (trace.events, trace.fault) == ((), None)
    with pytest.raises(CorruptTrace, match="no first event"):
        Trace(log.path, (), None).episode  # noqa: B018
