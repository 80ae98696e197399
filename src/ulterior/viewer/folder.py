"""What a study's folder holds right now, found out cheaply enough to be asked every second.

A sealed file is immutable and is looked at once; after that its folder's modification time says whether
anything came or went. Running files are looked at every time. A folder that was changed a moment ago is
listed again at the next look: file systems keep times so coarsely that a second change may not show.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from ulterior.clock import Clock
from ulterior.traces import Study
from ulterior.traces.identity import EPISODE_ID_LENGTH

__all__ = ["Folder", "Marks", "Stamp", "stamp_of"]

_SETTLED = 2.0  # seconds after which a change of the same folder has another time
_BESIDE = ("study.json", "planned.txt", "attempts", "forks/*", "findings/cards", "findings/judgements*")


class Stamp(NamedTuple):
    """One episode's file: bytes, and when it was last written to in nanoseconds."""

    sealed: bool
    size: int
    mtime: int


Marks = tuple[tuple[str, int, int], ...]
"""Path, size and time of everything beside episodes that documents depend on."""


@dataclass
class _Listed:
    mtime: int
    sealed: dict[str, Stamp]
    running: list[str]


class Folder:
    """The episodes of one study as files."""

    def __init__(self, study: Study, clock: Clock) -> None:
        self._root = study.root
        self._study = study
        self._clock = clock
        self._kept: dict[str, _Listed] = {}

    def look(self) -> dict[str, Stamp]:
        """Every episode that has begun, by id. Raises ``OSError`` when the study itself can't be looked
        at."""
        episodes = self._root / "episodes"
        settled = int((self._clock.now() - _SETTLED) * 1e9)
        found: dict[str, Stamp] = {}
        for name in self._names(episodes):
            listed = self._listed(episodes / name, settled)
            if listed is None:
                continue
            for episode in listed.running:
                with suppress(OSError):  # sealed, or set aside, since it was listed
                    found[episode] = _stamp(self._study.running_path(episode), sealed=False)
            found |= listed.sealed  # a file that a killed writer left beside a sealed one counts for nothing
        return found

    def beside(self) -> Marks:
        """What there is beside episodes: the design, forks, failed attempts, judgements."""
        return tuple(sorted(self._beside()))

    def _beside(self) -> Iterator[tuple[str, int, int]]:
        for pattern in _BESIDE:
            for path in self._root.glob(pattern):
                with suppress(OSError):
                    about = path.stat()
                    yield str(path), about.st_size, about.st_mtime_ns

    def _names(self, episodes: Path) -> list[str]:
        try:
            return os.listdir(episodes)  # noqa: PTH208  (names are enough)
        except FileNotFoundError:  # a study in which nothing has begun, or one that is not there any more
            (self._root / "study.json").stat()
            return []

    def _listed(self, path: Path, settled: int) -> _Listed | None:
        try:
            mtime = path.stat().st_mtime_ns
            kept = self._kept.get(path.name)
            if kept is None or kept.mtime != mtime or mtime > settled:
                kept = self._kept[path.name] = _list(path, mtime)
        except OSError:
            self._kept.pop(path.name, None)
            return None
        return kept


def stamp_of(study: Study, episode: str) -> Stamp | None:
    """The stamp of one episode, None where there is no such file."""
    sealed, running = study.sealed_path(episode), study.running_path(episode)
    for path in (sealed, running, sealed):  # once more: it may be sealed while we look
        with suppress(OSError):
            return _stamp(path, sealed=path is sealed)
    return None


def _stamp(path: Path, *, sealed: bool) -> Stamp:
    about = path.stat()
    return Stamp(sealed, about.st_size, about.st_mtime_ns)


def _list(path: Path, mtime: int) -> _Listed:
    listed = _Listed(mtime, {}, [])
    with os.scandir(path) as entries:
        for entry in entries:
            episode, suffix = entry.name[:EPISODE_ID_LENGTH], entry.name[EPISODE_ID_LENGTH:]
            if suffix == ".jsonl.zst":
                with suppress(OSError):
                    about = entry.stat()
                    listed.sealed[episode] = Stamp(True, about.st_size, about.st_mtime_ns)
            elif suffix == ".jsonl":
                listed.running.append(episode)
    return listed
