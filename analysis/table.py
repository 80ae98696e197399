"""Findings on disk: append-only tables of what a stage found, as a cache that can be thrown away.

One file per stage and version, ``findings/<stage>-<version>.jsonl``; one line per episode, keyed by what
the finding depends on: the episode, the head of its hash chain, the content of its scenario, and the file
that holds it, so that damage done to a file since is not overlooked. Only
judgements are kept. Whatever could not be scored is tried again the next time: the reason may be gone.

A torn last line is skipped and written over by nothing: the next append starts on a line of its own.
A folder that can't be written (an archive) is read without being cached.
"""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from ulterior.traces import Frozen, line_json

__all__ = ["FindingsTable", "Key"]

Row = TypeVar("Row", bound=Frozen)


class Key(NamedTuple):
    """What a finding depends on, besides the stage's own version."""

    episode: str
    head: str
    scenario_hash: str
    file: str


class FindingsTable(Generic[Row]):
    """The rows of one stage. Several processes may append to one table; equal keys hold equal rows."""

    def __init__(self, root: Path, stage: str, version: str, row: type[Row]) -> None:
        self.path = root / "findings" / f"{stage}-{version}.jsonl"
        self._row = row
        self._lines: dict[Key, object] = {}
        self._begin = b""
        with suppress(OSError):
            self._read(self.path.read_bytes())

    def _read(self, data: bytes) -> None:
        self._begin = b"\n" if data and not data.endswith(b"\n") else b""
        for line in data.split(b"\n"):
            with suppress(ValueError, TypeError, KeyError):
                record = json.loads(line)
                self._lines[Key(*record["key"])] = record["row"]

    def get(self, key: Key) -> Row | None:
        """The row of this key, if there is one that this version can read."""
        record = self._lines.get(key)
        with suppress(ValueError):
            return None if record is None else self._row.model_validate(record)
        return None

    def put(self, key: Key, row: Row) -> None:
        """Remember a row, on disk if the disk lets us."""
        record = row.model_dump(mode="json")
        self._lines[key] = record
        with suppress(OSError):
            self._append(line_json({"key": list(key), "row": record}) + b"\n")

    def _append(self, line: bytes) -> None:
        self.path.parent.mkdir(exist_ok=True)
        fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        try:
            os.write(fd, self._begin + line)  # one write, so that lines of other processes stay whole
        finally:
            os.close(fd)
        self._begin = b""
