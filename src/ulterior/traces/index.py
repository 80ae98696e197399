"""A list of a study's sealed episodes that can be filtered quickly. Disposable: truth is the sealed files.

``STUDY/index.sqlite`` holds the summaries, which are the first frames of the sealed files. It may be
deleted at any time. A file of another version or a damaged one is made anew, and where none can be
written (a folder that is read-only or full) the list is made in memory for as long as it is needed.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, TypedDict, Unpack

from ulterior.errors import CorruptTrace
from ulterior.traces.canonical import canonical_json, line_json, scrub
from ulterior.traces.identity import EPISODE_ID_LENGTH
from ulterior.traces.sealed import Summary, read_summary
from ulterior.traces.store import Study

__all__ = ["Index", "Refresh", "Row", "Where"]

INDEX_VERSION = 1
# No second B-tree, neither for row ids nor as an index: one that is damaged could contradict the table, and
# sorting 50,000 rows takes a tenth of a second.
_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS episodes (
    episode TEXT PRIMARY KEY, size INTEGER, mtime INTEGER,
    scenario TEXT, model TEXT, condition TEXT, cell TEXT, seed, epoch INTEGER, sandbox TEXT, "end" TEXT,
    turns INTEGER, tokens_in INTEGER, tokens_out INTEGER, cost REAL, started REAL, ended REAL, summary TEXT,
    sum INTEGER
) WITHOUT ROWID;
PRAGMA user_version = {INDEX_VERSION};
COMMIT;
"""
_COLUMNS = (
    "episode", "size", "mtime", "scenario", "model", "condition", "cell", "seed", "epoch", "sandbox", "end",
    "turns", "tokens_in", "tokens_out", "cost", "started", "ended", "summary", "sum",
)  # fmt: skip
_INSERT = f"INSERT OR REPLACE INTO episodes VALUES ({','.join('?' for _ in _COLUMNS)})"
_ORDER = "ORDER BY scenario, model, cell, seed, epoch, episode"


class Row(NamedTuple):
    """One sealed episode. ``cell`` is the condition in one word, ``cost`` US dollars or None when unknown."""

    episode: str
    scenario: str
    model: str
    cell: str
    seed: int
    epoch: int
    sandbox: str
    end: str
    turns: int
    tokens_in: int
    tokens_out: int
    cost: float | None
    started: float
    ended: float


class Where(TypedDict, total=False):
    """What episodes to list. ``condition`` may name some factors only; ``end`` is the reason of the end."""

    scenario: str
    model: str
    condition: Mapping[str, str]
    seed: int
    end: str


class Refresh(NamedTuple):
    """What :meth:`Index.refresh` found: files new or replaced, files gone, and files that can't be read."""

    added: int
    dropped: int
    damaged: tuple[CorruptTrace, ...]


class Index:
    """The sealed episodes of one study, as of the last :meth:`refresh`. Made with :meth:`open`."""

    def __init__(self, study: Study, database: sqlite3.Connection) -> None:
        self._study = study
        self._database = database

    @classmethod
    def open(cls, study: Study) -> "Index":
        """The index of a study, made or made anew if need be, and refreshed."""
        path = study.root / "index.sqlite"
        try:
            try:
                return cls._refreshed(study, _connect(path))
            except sqlite3.OperationalError:  # not writable, or busy for very long
                raise
            except (sqlite3.DatabaseError, UnicodeDecodeError):  # damaged, or of another version
                return cls._refreshed(study, _connect_anew(path))
        except sqlite3.Error:
            return cls._refreshed(study, _furnished(sqlite3.connect(":memory:")))

    @classmethod
    def _refreshed(cls, study: Study, database: sqlite3.Connection) -> "Index":
        index = cls(study, database)
        try:
            index.refresh()
        except BaseException:
            database.close()
            raise
        return index

    def refresh(self) -> Refresh:
        """Take in sealed files that are new or replaced, and let go of those that are gone."""
        known = {
            row[0]: row[1:] for row in self._database.execute("SELECT episode, size, mtime FROM episodes")
        }
        gone = set(known)
        fresh: list[tuple[Any, ...]] = []
        damaged: list[CorruptTrace] = []
        for path in self._study.sealed():
            episode = path.name[:EPISODE_ID_LENGTH]
            try:
                status = path.stat()
                stamp = status.st_size, status.st_mtime_ns
                if known.get(episode) != stamp:
                    fresh.append(_values(read_summary(path), stamp))
                gone.discard(episode)
            except FileNotFoundError:  # removed while we look
                continue
            except CorruptTrace as fault:
                damaged.append(fault)
        with self._database as transaction:
            transaction.executemany(
                "DELETE FROM episodes WHERE episode = ?", [(episode,) for episode in gone]
            )
            transaction.executemany(_INSERT, fresh)
        return Refresh(len(fresh), len(gone), tuple(damaged))

    def rows(self, **where: Unpack[Where]) -> list[Row]:
        """The episodes that fit, by scenario, model, cell, seed and epoch."""
        names = ", ".join(f'"{name}"' for name in Row._fields)
        return [Row(*row) for row in self._select(names, where)]

    def summaries(self, **where: Unpack[Where]) -> Iterator[Summary]:
        """As :meth:`rows`, with everything that the summaries say."""
        for (line,) in self._select("summary", where):
            yield Summary.model_validate(json.loads(line))

    def _select(self, names: str, where: Where) -> Iterator[Any]:
        clauses, values = _clauses(where)
        yield from self._database.execute(f"SELECT {names} FROM episodes WHERE {clauses} {_ORDER}", values)

    def close(self) -> None:
        """Close the file. Closing twice is harmless."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _connect(path: Path) -> sqlite3.Connection:
    """The file as it is. Raises ``sqlite3.Error`` when it is damaged or of another version."""
    database = sqlite3.connect(path, timeout=30)  # another process may be refreshing it
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = OFF")  # a power failure costs a rebuild and nothing else
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            return _furnished(database)
        if version != INDEX_VERSION:
            raise sqlite3.DatabaseError(f"not an index of version {INDEX_VERSION}")
        try:
            _check(database)
        except sqlite3.OperationalError as error:  # a table that is missing
            raise sqlite3.DatabaseError(str(error)) from error
    except BaseException:
        database.close()
        raise
    return database


def _check(database: sqlite3.Connection) -> None:
    """Raises ``sqlite3.DatabaseError`` when a page or a cell is damaged, or the table is another one."""
    if database.execute("PRAGMA quick_check").fetchone() != ("ok",):
        raise sqlite3.DatabaseError("damaged pages")
    database.text_factory = bytes  # damaged text need not be text
    rows = database.execute("SELECT * FROM episodes")
    if tuple(column[0] for column in rows.description) != _COLUMNS:
        raise sqlite3.DatabaseError("other columns")
    for *values, checksum in rows:
        if checksum != _checksum(values):
            raise sqlite3.DatabaseError("damaged cells")
    database.text_factory = str


def _checksum(values: Sequence[Any]) -> int:
    return zlib.crc32(repr([v.encode() if isinstance(v, str) else v for v in values]).encode())


def _connect_anew(path: Path) -> sqlite3.Connection:
    for suffix in ("", "-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    return _connect(path)


def _furnished(database: sqlite3.Connection) -> sqlite3.Connection:
    database.executescript(_SCHEMA)
    return database


def _values(summary: Summary, stamp: tuple[int, int]) -> tuple[Any, ...]:
    spec = summary.spec
    values = (
        summary.episode,
        *stamp,
        spec.scenario,
        spec.model,
        canonical_json(spec.condition).decode(),
        spec.cell,
        _storable(spec.seed),
        spec.epoch,
        spec.sandbox,
        summary.end.reason,
        summary.turns,
        summary.tokens_in,
        summary.tokens_out,
        summary.cost,
        summary.started,
        summary.ended,
        line_json(summary.model_dump(mode="python")).decode(),
    )
    stored = tuple(_readable(value) for value in values)
    return (*stored, _checksum(stored))


def _clauses(where: Where) -> tuple[str, list[Any]]:
    """An SQL condition and its values."""
    wanted: dict[str, Any] = dict(where)
    if unknown := wanted.keys() - Where.__annotations__.keys():
        raise TypeError(f"episodes can't be listed by {', '.join(sorted(unknown))}")
    condition: Mapping[str, str] = wanted.pop("condition", {})
    clauses = ["true", *(f'"{name}" = ?' for name in wanted)]
    values = [_storable(value) if name == "seed" else _readable(value) for name, value in wanted.items()]
    for factor, level in condition.items():
        clauses.append("EXISTS (SELECT 1 FROM json_each(condition) WHERE key = ? AND value = ?)")
        values += [factor, level]
    return " AND ".join(clauses), values


def _readable(value: Any) -> Any:
    """A value that SQLite can hold: a lone surrogate in a name must not cost the list of all others."""
    return scrub(value) if isinstance(value, str) else value


def _storable(seed: int) -> int | str:
    return seed if -(2**63) <= seed < 2**63 else str(seed)
