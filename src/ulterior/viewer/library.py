"""The studies that are open, and their documents by name: what the server and the exports draw from."""

import re
from collections.abc import Hashable, Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Literal

from ulterior import __version__
from ulterior.analysis import JudgedBy
from ulterior.analysis.pipeline import Progress, Say
from ulterior.errors import UsageError
from ulterior.scenarios import CANARY
from ulterior.traces import Frozen
from ulterior.traces.identity import EPISODE_ID_LENGTH
from ulterior.viewer.documents import Catalog, Flips
from ulterior.viewer.flips import build_flips, contents_of
from ulterior.viewer.keys import study_key
from ulterior.viewer.open_study import OpenStudy

__all__ = ["Library", "OpenStudy"]

Where = Literal["server", "file", "folder"]
_EPISODE = re.compile(rf"[0-9a-f]{{{EPISODE_ID_LENGTH}}}")


class Library:
    """Documents by name. Raises :class:`UsageError` for a name that there is no document of.

    A name is looked up, never made into a path: keys are those of the studies that are open, and an
    episode's id is hex digits.
    """

    def __init__(self, studies: Iterable[OpenStudy], where: Where = "server") -> None:
        self.studies = {opened.key: opened for opened in studies}
        self.where: Where = where

    @classmethod
    def open(
        cls,
        roots: Sequence[Path],
        where: Where = "server",
        *,
        progress: Progress | None = None,
        workers: int = 1,
        say: Say | None = None,
        judged_by: JudgedBy | None = None,
    ) -> "Library":
        """Open studies and analyse what is new in them; one that is named twice is opened once."""
        opened: dict[Path, OpenStudy] = {}
        for root in roots:
            place = root.resolve()
            if place not in opened:
                key = study_key(place.name, {each.key for each in opened.values()})
                opened[place] = OpenStudy.open(
                    key, root, progress=progress, workers=workers, say=say, judged_by=judged_by
                )
        return cls(opened.values(), where)

    def study(self, key: str) -> OpenStudy:
        """A study by its key. Raises :class:`UsageError`."""
        if key not in self.studies:
            raise UsageError("no such study is open", f"open are: {', '.join(self.studies)}")
        return self.studies[key]

    def document(self, name: str) -> Frozen:
        """The document of this name."""
        match name.split("/"):
            case ["catalog"]:
                return self.catalog()
            case ["runs", key] if key in self.studies:
                return self.studies[key].runs()
            case ["episode", key, episode] if key in self.studies and _EPISODE.fullmatch(episode):
                return self.studies[key].replay(episode)
            case ["forks", key] if key in self.studies:
                return self.studies[key].forks()
            case ["flips", a, b] if a in self.studies and b in self.studies:
                return self.flips(a, b)
            case _:
                raise UsageError(f"there is no document {name!r}")

    def flips(self, a: str, b: str) -> Flips:
        """Two studies by their keys, paired; what B has more of is a gain."""
        one, other = self.studies[a], self.studies[b]
        return build_flips(
            (one.listed(), one.findings.values()),
            (other.listed(), other.findings.values()),
            contents_of(one.study) | contents_of(other.study),
        )

    def stamp(self, name: str) -> Hashable:
        """Changes whenever the document of this name may: what was made of it before is good until
        then."""
        kind, *names = name.split("/")
        if (
            kind == "episode"
            and len(names) == 2
            and names[0] in self.studies
            and _EPISODE.fullmatch(names[1])
        ):
            return self.studies[names[0]].stamp(names[1])
        of = [self.studies[each].stamp() for each in names if each in self.studies]
        return tuple(of or (each.stamp() for each in self.studies.values()))

    def catalog(self) -> Catalog:
        """What there is."""
        return Catalog(
            where=self.where,
            version=__version__,
            canary=CANARY,
            studies=tuple(opened.listed() for opened in self.studies.values()),
            flips=tuple(combinations(self.studies, 2)),
        )
