"""One study that is open: its findings, kept up to date as its folder changes, and its documents.

Every episode is analysed once. After that only what is new or was written to is analysed again, by the
same analyst that the command line uses; what is finished costs nothing more. Nothing here runs an episode.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from threading import RLock

from ulterior.analysis import EpisodeFinding, JudgedBy, analyze_study
from ulterior.analysis.case import LoadScenario
from ulterior.analysis.findings import EpisodeAnalyst
from ulterior.analysis.pipeline import Progress, Say
from ulterior.analysis.waiting import wait_for
from ulterior.clock import Clock, SystemClock
from ulterior.errors import UlteriorError, UsageError
from ulterior.scenarios import load_scenario
from ulterior.traces import Frozen, Study
from ulterior.viewer.asked import StoredAnswers
from ulterior.viewer.beside import Beside
from ulterior.viewer.documents import Forks, Runs, StudyListed
from ulterior.viewer.folder import Folder, Marks, Stamp, stamp_of
from ulterior.viewer.forks import build_forks
from ulterior.viewer.replays import build_replay, trace_of
from ulterior.viewer.runs import build_runs

__all__ = ["OpenStudy", "Update"]

_SEALED_AT_ONCE, _RUNNING_AT_ONCE = 256, 32  # episodes analysed between two words to whoever waits


class Update(Frozen):
    """A study has changed. ``version`` counts its changes since it was opened, ``changed`` are the
    episodes that came, went or were written to, ``running`` those of them that have not ended."""

    version: int
    episodes: int
    changed: tuple[str, ...] = ()
    running: tuple[str, ...] = ()


class OpenStudy:
    """One study with its findings, as of the last :meth:`refresh`. May be used from several threads."""

    def __init__(
        self,
        key: str,
        study: Study,
        findings: Iterable[EpisodeFinding],
        load: LoadScenario = load_scenario,
        *,
        judged_by: JudgedBy | None = None,
        clock: Clock | None = None,
        seen: Mapping[str, Stamp] | None = None,
    ) -> None:
        self.key = key
        self.study = study
        self.findings: Mapping[str, EpisodeFinding] = {finding.episode: finding for finding in findings}
        self.version = 0
        self._load = load
        self._judged_by = judged_by
        self._lock = RLock()
        self._answers = StoredAnswers(study)
        self._read: tuple[int, Beside] | None = None
        self._folder = Folder(study, clock or SystemClock())
        self._seen: dict[str, Stamp | None] = dict(self._folder.look() if seen is None else seen)
        self._beside = self._folder.beside()

    @classmethod
    def open(
        cls,
        key: str,
        root: Path,
        *,
        progress: Progress | None = None,
        workers: int = 1,
        say: Say | None = None,
        judged_by: JudgedBy | None = None,
    ) -> "OpenStudy":
        """A study whose episodes are analysed first, as far as they are new. Raises
        :class:`UsageError`."""
        study = Study.open(root)
        clock = SystemClock()
        try:
            seen = Folder(study, clock).look()  # before: what is written meanwhile counts as new
        except OSError as error:
            raise UsageError(f"can't look into {root}", error.strerror or str(error)) from error
        found = analyze_study(study, progress, workers=workers, say=say, judged_by=judged_by)
        return cls(key, study, found, judged_by=judged_by, clock=clock, seen=seen)

    @property
    def live(self) -> bool:
        """Whether an episode of it has not ended."""
        return any(finding.status == "running" for finding in self.findings.values())

    def listed(self) -> StudyListed:
        """Its line in a catalog."""
        return StudyListed(
            key=self.key,
            name=self.study.name,
            episodes=len(self.findings),
            live=self.live,
            version=self.version,
        )

    def runs(self) -> Runs:
        """Its matrix and table."""
        return build_runs(self.key, self.study, self.findings.values(), self._load)

    def forks(self) -> Forks:
        """Its fork experiments."""
        return build_forks(self.key, self.study, self.findings.values(), self._answers, self._load)

    def replay(self, episode: str) -> Frozen:
        """One of its episodes. Raises :class:`~ulterior.errors.UlteriorError` when it can't be read."""
        finding = self.finding(episode)
        return build_replay(self.key, trace_of(self.study, episode), finding, self._read_beside(), self._load)

    def _read_beside(self) -> Beside:
        """Cards, judgements and forks as of the last change, read once for all replays."""
        with self._lock:
            if self._read is None or self._read[0] != self.version:
                self._read = self.version, Beside.of(self.study)
            return self._read[1]

    def stamp(self, episode: str | None = None) -> Hashable:
        """Changes whenever a document of the study, or of one of its episodes, may change."""
        about = None if episode is None else stamp_of(self.study, episode)
        return str(self.study.root), self.version, about

    def finding(self, episode: str) -> EpisodeFinding:
        """The finding about an episode as its file is now. Raises :class:`UsageError` when there is
        none."""
        stamp = stamp_of(self.study, episode)
        if stamp is None:
            raise UsageError(
                f"there is no episode {episode[:12]} in {self.study.name}",
                "its file is not there, or not there any more",
                f"`ulterior show {self.study.name}` lists what there is",
            )
        known = self.findings.get(episode)
        if known is not None and self._seen.get(episode) == stamp:
            return known
        return self._analyzed(episode)

    def latest(self) -> Update:
        """How it stands, without looking."""
        return Update(version=self.version, episodes=len(self.findings))

    def refresh(self) -> Update | None:
        """Look at the folder and analyse what has changed; None where nothing has. A big change is taken
        in parts. Raises ``OSError`` when the folder can't be looked at."""
        with self._lock:
            there, beside = self._folder.look(), self._folder.beside()
            if self._judged_by is not None and _judgements(beside) != _judgements(self._beside):
                vars(self).pop("_analyst", None)  # it has read the judgements as they were
                self._seen = dict.fromkeys(self._seen)
            gone = self._seen.keys() - there.keys()
            fresh = self._chosen(there)
            if not gone and not fresh and beside == self._beside:
                return None
            findings = {each: found for each, found in self.findings.items() if each not in gone}
            findings |= {episode: self._analyzed(episode) for episode in fresh}
            for episode in gone:
                del self._seen[episode]
            for episode in fresh:  # at the end of the line, so that others have their turn first
                self._seen.pop(episode, None)
                self._seen[episode] = there[episode]
            if beside != self._beside:
                self._beside = beside
                with suppress(UlteriorError):  # as it was, until it can be read again
                    self.study = Study.open(self.study.root)
            self.findings = findings
            self.version += 1
            return Update(
                version=self.version,
                episodes=len(findings),
                changed=tuple(sorted((*gone, *fresh))),
                running=tuple(sorted(each for each in fresh if findings[each].status == "running")),
            )

    def _chosen(self, there: Mapping[str, Stamp]) -> Sequence[str]:
        """What is analysed next: sealed episodes first, and of the running ones those longest waiting."""
        fresh = {each for each, stamp in there.items() if self._seen.get(each) != stamp}
        if not fresh:
            return ()
        waiting = [each for each in self._seen if each in fresh]
        queue = [*sorted(fresh - self._seen.keys()), *waiting]
        sealed = [each for each in queue if there[each].sealed]
        running = [each for each in queue if not there[each].sealed]
        return [*sealed[:_SEALED_AT_ONCE], *running[:_RUNNING_AT_ONCE]]

    def _analyzed(self, episode: str) -> EpisodeFinding:
        with self._lock:
            return wait_for(self._analyst.analyze(episode))

    @cached_property
    def _analyst(self) -> EpisodeAnalyst:
        return EpisodeAnalyst(self.study, self._load, self._judged_by)


def _judgements(beside: Marks) -> Marks:
    return tuple(each for each in beside if "judgements" in Path(each[0]).name)
