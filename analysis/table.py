"""Findings on disk: append-only tables of what a stage found, as a cache that can be thrown away.

One file per stage and version, ``findings/<stage>-<version>.jsonl``; one line per episode, keyed by what
the finding depends on: the episode, the head of its hash chain, the content of its scenario, and the file
that holds it, so that damage done to a file since is not overlooked. Only
judgements are kept. Whatever could not be scored is tried again the next time: the reason may be gone.

In memory there is only where each line begins: a table of any length costs a few dozen bytes a row. A row
is read when it is asked for, and counts only if the line still holds the key that was asked for.

A torn last line is skipped and written over by nothing: the next append starts on a line of its own.
A folder that can't be written (an archive) is read without being cached.
"""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from ulterior.traces import Frozen, line_json

__all__ = ["FindingsTable", "Key"]

Row = TypeVar("Row", bound=Frozen)

_HEAD = b'{"key":'
_REST = b',"row":'


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
        self._places: dict[int, int] = {}  # hash of a key -> where its line begins
        self._begin = b""
        with suppress(OSError):
            self._index()

    def _index(self) -> None:
        place = 0
        line = b"\n"
        with self.path.open("rb") as file:
            for line in file:
                with suppress(ValueError, TypeError):
                    self._places[hash(_key_of(line))] = place
                place += len(line)
        self._begin = b"" if line.endswith(b"\n") else b"\n"

    def __contains__(self, key: Key) -> bool:
        """Whether there is most likely a row of this key; :meth:`get` knows for certain."""
        return hash(key) in self._places

    def get(self, key: Key) -> Row | None:
        """The row of this key, if there is one that this version can read."""
        place = self._places.get(hash(key))
        if place is None:
            return None
        with suppress(OSError, ValueError, TypeError, KeyError):
            with self.path.open("rb") as file:
                file.seek(place)
                record: Any = json.loads(file.readline())
            if Key(*record["key"]) == key:
                return self._row.model_validate(record["row"])
        return None

    def put(self, key: Key, row: Row) -> None:
        """Remember a row if the disk lets us."""
        line = line_json({"key": list(key), "row": row.model_dump(mode="json")}) + b"\n"
        with suppress(OSError):
            self._places[hash(key)] = self._append(line)

    def _append(self, line: bytes) -> int:
        """Where the line now stands."""
        self.path.parent.mkdir(exist_ok=True)
        fd = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        try:
            os.write(fd, self._begin + line)  # one write, so that lines of other processes stay whole
            end = os.lseek(fd, 0, os.SEEK_CUR)
        finally:
            os.close(fd)
        self._begin = b""
        return end - len(line)


def _key_of(line: bytes) -> Key:
    """The key of a line, without reading its row. Raises ``ValueError`` or ``TypeError`` when it has none."""
    if not line.startswith(_HEAD) or not line.endswith(b"}\n"):
        raise ValueError("not a whole line of a table")
    return Key(*json.loads(line[len(_HEAD) : line.index(_REST)]))
