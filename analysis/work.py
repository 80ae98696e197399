"""The order in which a study's episodes are analysed, and the portions that are given out.

Episodes of one instance come one after the other, since most of what an episode costs is shared by them
(see :class:`~ulterior.analysis.findings.EpisodeAnalyst`). All that is read for this are the summaries, a
tenth of a millisecond each; what is kept of each are a few words.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from ulterior.analysis.findings import EpisodeAnalyst
from ulterior.errors import CorruptTrace
from ulterior.traces import Summary, read_summary

__all__ = ["Portion", "Work", "plan_work"]

_LEAST, _MOST = 16, 64  # episodes of a portion, as far as instances allow

_WAITING = 8  # episodes at a time where oracles may have to wait for machines of their own


class Portion(NamedTuple):
    """Ids of episodes that one process analyses in this order, ``at_a_time`` of them beside each other."""

    episodes: tuple[str, ...]
    at_a_time: int = 1


@dataclass(frozen=True)
class Work:
    """All episodes of a study that have begun, in portions. ``fresh`` counts those whose finding is not
    there yet."""

    portions: Sequence[Portion]
    fresh: int

    @property
    def total(self) -> int:
        return sum(len(portion.episodes) for portion in self.portions)


class _Place(NamedTuple):
    """Where an episode stands in the order of work; one whose summary can't be read comes last."""

    unreadable: bool
    sandbox: str
    scenario: str
    seed: int
    cell: str
    model: str
    epoch: int
    episode: str

    @property
    def shared(self) -> tuple[str, str, int]:
        return self.sandbox, self.scenario, self.seed


def plan_work(analyst: EpisodeAnalyst) -> Work:
    """The portions of a study. Never raises for what is stored."""
    study = analyst.study
    places: list[_Place] = []
    fresh = 0
    for path in study.sealed():
        try:
            summary = read_summary(path)
            known = analyst.is_known(path, summary)
        except (CorruptTrace, OSError):  # it is told when its turn comes
            places.append(_unknown(path))
            continue
        fresh += not known
        places.append(_place(_id(path), summary))
    sealed = {place.episode for place in places}
    places += (_unknown(path) for path in study.running() if _id(path) not in sealed)
    return Work(tuple(_portions(sorted(places))), fresh)


def _place(episode: str, summary: Summary) -> _Place:
    spec = summary.spec
    cell = ",".join(f"{name}={level}" for name, level in sorted(spec.condition.items()))
    return _Place(False, spec.sandbox, spec.scenario, spec.seed, cell, spec.model, spec.epoch, episode)


def _unknown(path: Path) -> _Place:
    return _Place(True, "", "", 0, "", "", 0, _id(path))


def _id(path: Path) -> str:
    return path.name.partition(".")[0]


def _portions(places: Sequence[_Place]) -> Iterator[Portion]:
    for sandbox, there in groupby(places, lambda place: place.sandbox):
        # An embedded machine never waits, and episodes beside each other can't learn from each other.
        at_a_time = 1 if sandbox in ("", "embedded") else _WAITING
        for episodes in _cut(there):
            yield Portion(episodes, at_a_time)


def _cut(places: Iterable[_Place]) -> Iterator[tuple[str, ...]]:
    episodes: list[str] = []
    for _, group in groupby(places, lambda place: place.shared):
        for place in group:
            episodes.append(place.episode)
            if len(episodes) == _MOST:
                yield tuple(episodes)
                episodes = []
        if len(episodes) >= _LEAST:
            yield tuple(episodes)
            episodes = []
    if episodes:
        yield tuple(episodes)
