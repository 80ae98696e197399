"""The studies that are open, and their documents by name: what the server and the exports draw from."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

from ulterior import __version__
from ulterior.analysis import EpisodeFinding, JudgedBy, analyze_study
from ulterior.analysis.case import LoadScenario
from ulterior.analysis.findings import EpisodeAnalyst
from ulterior.analysis.pipeline import Progress, Say
from ulterior.analysis.waiting import wait_for
from ulterior.errors import UsageError
from ulterior.scenarios import CANARY, load_scenario
from ulterior.traces import Frozen, Study
from ulterior.viewer.beside import Beside
from ulterior.viewer.documents import Catalog, Runs, StudyListed
from ulterior.viewer.replays import build_replay, trace_of
from ulterior.viewer.runs import build_runs

__all__ = ["Library", "OpenStudy"]


class OpenStudy:
    """One study with its findings, as of the last time that they were made."""

    def __init__(
        self, key: str, study: Study, findings: Sequence[EpisodeFinding], load: LoadScenario = load_scenario
    ) -> None:
        self.key = key
        self.study = study
        self.findings = {finding.episode: finding for finding in findings}
        self._load = load

    @property
    def live(self) -> bool:
        return any(finding.status == "running" for finding in self.findings.values())

    def listed(self) -> StudyListed:
        return StudyListed(key=self.key, name=self.study.name, episodes=len(self.findings), live=self.live)

    def runs(self) -> Runs:
        return build_runs(self.key, self.study, self.findings.values(), self._load)

    def replay(self, episode: str) -> Frozen:
        trace = trace_of(self.study, episode)
        finding = wait_for(EpisodeAnalyst(self.study, self._load).analyze(episode))
        return build_replay(self.key, trace, finding, Beside.of(self.study), self._load)


class Library:
    """Documents by name. Raises :class:`UsageError` for a name that there is no document of."""

    def __init__(self, studies: Iterable[OpenStudy], where: Literal["server", "file", "folder"]) -> None:
        self.studies = {opened.key: opened for opened in studies}
        self.where: Literal["server", "file", "folder"] = where

    @classmethod
    def open(
        cls,
        roots: Sequence[Path],
        where: Literal["server", "file", "folder"] = "server",
        *,
        progress: Progress | None = None,
        workers: int = 1,
        say: Say | None = None,
        judged_by: JudgedBy | None = None,
    ) -> "Library":
        """Open studies and analyse what is new in them."""
        opened: list[OpenStudy] = []
        for root in roots:
            study = Study.open(root)
            findings = analyze_study(study, progress, workers=workers, say=say, judged_by=judged_by)
            opened.append(OpenStudy(_key(study.name, {each.key for each in opened}), study, findings))
        return cls(opened, where)

    def document(self, name: str) -> Frozen:
        """The document of this name."""
        match name.split("/"):
            case ["catalog"]:
                return self.catalog()
            case ["runs", key] if key in self.studies:
                return self.studies[key].runs()
            case ["episode", key, episode] if key in self.studies:
                return self.studies[key].replay(episode)
            case _:
                raise UsageError(f"there is no document {name!r}")

    def catalog(self) -> Catalog:
        """What there is."""
        return Catalog(
            where=self.where,
            version=__version__,
            canary=CANARY,
            studies=tuple(opened.listed() for opened in self.studies.values()),
        )


def _key(name: str, taken: set[str]) -> str:
    """A word for an address: letters, digits, dots, dashes and underlines of the folder's name."""
    word = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "study"
    key, number = word, 2
    while key in taken:
        key, number = f"{word}-{number}", number + 1
    return key
