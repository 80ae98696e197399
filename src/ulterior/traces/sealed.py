"""Sealed episodes: one immutable file each, published whole or not at all.

A sealed file is a zstd frame with one summary line, followed by a zstd frame with the event lines. The
summary can be read without touching the events. It is published under its final name with ``link(2)``,
which fails if the name exists: an episode may be run twice, and is sealed once.

The second frame is cut into blocks of whole lines, some 8 kB each. A damaged block takes itself and what
follows with it, and nothing before; the blocks share one window, so this costs 1 % in size where frames of
their own would cost more than ten.

Covered: kills at any moment, two writers, a full disk. Not covered: someone who can write to the
study's folder and recomputes every hash; the chain detects damage, not a determined forger.
"""

import json
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

import zstandard

from ulterior.errors import CorruptTrace, OtherVersion
from ulterior.traces.blocks import Frozen
from ulterior.traces.canonical import line_json
from ulterior.traces.disk import refusals, write_durably
from ulterior.traces.events import SCHEMA_VERSION, End, UnknownVersion, check_version
from ulterior.traces.fold import TraceState
from ulterior.traces.identity import EpisodeSpec

__all__ = ["Summary", "publish", "read_sealed", "read_summary", "summarise"]

_LEVEL = 3
_BLOCK = 1 << 13
"""Bytes of event lines after which a block ends with the current line."""
_CHUNK = 1 << 12
"""More than any summary takes, compressed."""


class Summary(Frozen):
    """The first line of a sealed file: enough for lists and indexes, and the expected end of the chain.

    ``head`` is the digest of the last event line, ``bytes`` the length of all event lines. Tokens and
    ``cost`` (US dollars, None when unknown) cover the model under test. Times are epoch seconds.
    """

    schema_version: int = SCHEMA_VERSION
    episode: str
    spec: EpisodeSpec
    canary: str
    end: End
    events: int
    bytes: int
    head: str
    turns: int
    tokens_in: int
    tokens_out: int
    cost: float | None
    started: float
    ended: float


def summarise(state: TraceState, length: int) -> Summary:
    """The summary of a finished episode from its fold and the length of its event lines in bytes."""
    if state.start is None or state.end is None:
        raise ValueError("an episode that has not ended can't be sealed")
    return Summary(
        episode=state.start.episode,
        spec=state.start.spec,
        canary=state.start.canary,
        end=state.end,
        events=state.seq + 1,
        bytes=length,
        head=state.head,
        turns=state.turns,
        tokens_in=state.tokens_in,
        tokens_out=state.tokens_out,
        cost=state.cost,
        started=state.first_at,
        ended=state.last_at,
    )


def publish(path: Path, summary: Summary, lines: bytes) -> bool:
    """Create the sealed file at ``path`` in one step. False when somebody else already had.

    Raises :class:`StorageFailure` when the disk refuses; nothing is left behind then.
    """
    data = _compressed(line_json(summary.model_dump(mode="python")) + b"\n") + _compressed(lines)
    # The host's name keeps two machines apart that work on one network folder under the same process id.
    draft = path.with_name(f".{path.name}.{socket.gethostname()}.{os.getpid()}")
    with refusals(path, "seal"):
        try:
            write_durably(draft, data)
            os.link(draft, path)
            _sync_folder(path.parent)
        except FileExistsError:
            return False
        finally:
            draft.unlink(missing_ok=True)
    return True


def _compressed(lines: bytes) -> bytes:
    """One zstd frame with a checksum, in blocks of whole lines."""
    frame = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compressobj()
    parts: list[bytes] = []
    start = 0
    while start < len(lines):
        stop = lines.find(b"\n", start + _BLOCK) + 1 or len(lines)
        parts.append(frame.compress(lines[start:stop]))
        parts.append(frame.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK))
        start = stop
    return b"".join(parts) + frame.flush()


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def read_summary(path: Path) -> Summary:
    """The summary of a sealed file. Raises :class:`CorruptTrace` when there is none that can be read."""
    with path.open("rb") as file:
        return _parse_summary(path, _first_frame(path, file)[0])


def read_sealed(path: Path) -> tuple[Summary, bytes, str]:
    """The summary, the event lines, and what damaged the compressed stream ("" when nothing did).

    A damaged stream still yields every line that could be decompressed before the damage; the lines
    are not parsed here. Raises :class:`CorruptTrace` when not even the summary can be read.
    """
    with path.open("rb") as file:
        line, rest = _first_frame(path, file)
        summary = _parse_summary(path, line)
        lines, damage = _second_frame(rest + file.read())
    return summary, lines, damage


def _first_frame(path: Path, file: BinaryIO) -> tuple[bytes, bytes]:
    """The contents of the first frame, and what has been read of the file beyond it."""
    decompressor = zstandard.ZstdDecompressor().decompressobj()
    line = b""
    try:
        while not decompressor.eof and (part := file.read(_CHUNK)):
            line += decompressor.decompress(part)
    except zstandard.ZstdError as error:
        raise CorruptTrace(path, 1, 0, f"the summary is damaged: {error}") from error
    if not decompressor.eof:
        raise CorruptTrace(path, 1, 0, "the file ends within the summary")
    return line, decompressor.unused_data


def _second_frame(data: bytes) -> tuple[bytes, str]:
    try:
        return _decompress(data)
    except zstandard.ZstdError as error:
        return _salvage(data), f"the compressed file is damaged: {error}"


def _decompress(data: bytes) -> tuple[bytes, str]:
    decompressor = zstandard.ZstdDecompressor().decompressobj()
    lines = decompressor.decompress(data)
    if not decompressor.eof:
        return lines, "the compressed file ends early"
    return (
        lines,
        "there is something after the end of the compressed file" if decompressor.unused_data else "",
    )


def _salvage(data: bytes) -> bytes:
    """What can be decompressed before the damage. Fed bytewise: no good block goes down with a bad one."""
    decompressor = zstandard.ZstdDecompressor().decompressobj()
    lines = bytearray()
    with suppress(zstandard.ZstdError):
        for start in range(len(data)):
            lines += decompressor.decompress(data[start : start + 1])
    return bytes(lines)


def _parse_summary(path: Path, line: bytes) -> Summary:
    try:
        record: Any = json.loads(line)
        if isinstance(record, dict):
            check_version(cast("dict[str, Any]", record))
        return Summary.model_validate(record)
    except UnknownVersion as error:
        raise OtherVersion(path, str(error)) from error
    except (ValueError, RecursionError) as error:  # pydantic's ValidationError is a ValueError
        raise CorruptTrace(path, 1, 0, "the summary line can't be read") from error
