"""A study on disk: the design, one file per episode, and caches that can be thrown away.

::

    STUDY/
      study.json                       what was asked for, with versions
      planned.txt                      the ids of all episodes that were planned
      episodes/<2 hex>/<id>.jsonl      running: one appended line per event, locked by its writer
      episodes/<2 hex>/<id>.jsonl.zst  sealed: immutable
      attempts/                        what infrastructure failures left behind, kept for audit
      findings/                        what detectors found, kept to be reused
      labels/                          what people said: keys of queues, and labels that are never overwritten
      forks/                           fork experiments, see :mod:`ulterior.traces.fork_tree`
      index.sqlite                     disposable, see :mod:`ulterior.traces.index`

Truth is the sealed files. Any number of processes on any number of machines may work on one study:
a running episode is locked, and sealing happens once.
"""

import fcntl
import json
import os
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ulterior.clock import Clock
from ulterior.errors import CorruptTrace, OtherVersion, UsageError
from ulterior.traces.canonical import digest, scrub
from ulterior.traces.disk import refusals, write_durably
from ulterior.traces.identity import EPISODE_ID_LENGTH
from ulterior.traces.log import EventLog, LockedElsewhere
from ulterior.traces.sealed import Summary, publish, read_summary, summarise
from ulterior.traces.trace import Trace, load_trace

__all__ = ["STUDY_FORMAT", "Study"]

STUDY_FORMAT = 1
_SEALED = ".jsonl.zst"
_RUNNING = ".jsonl"
_RESTORE = "restore it, or run the study into a new folder"


class Study:
    """The folder of one study. Create it with :meth:`create`, open what exists with :meth:`open`."""

    def __init__(self, root: Path, about: dict[str, Any]) -> None:
        self.root = root
        self.about = about

    @classmethod
    def open(cls, root: Path) -> "Study":
        """An existing study. Raises :class:`UsageError` when the folder isn't one."""
        path = root / "study.json"
        try:
            about: Any = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError) as error:
            raise UsageError(f"{root} is not a study", *_no_study(root)) from error
        except (OSError, ValueError, RecursionError) as error:
            raise UsageError(f"can't read {path}", str(error), _RESTORE) from error
        match about:
            case {"format": 1, "designs": [*_]}:  # STUDY_FORMAT
                return cls(root, about)
            case {"format": int(found)} if found != STUDY_FORMAT:
                why = f"it has format {found}; this version reads format {STUDY_FORMAT}"
                raise UsageError(f"can't read {path}", why, "use the version of ulterior that wrote it")
            case _:
                raise UsageError(f"can't read {path}", "it does not describe a study", _RESTORE)

    @classmethod
    def create(cls, root: Path, design: dict[str, Any], **about: Any) -> "Study":
        """The study at ``root``, made if need be, with ``design`` among the designs that it holds.

        Running another design into the same folder adds to it; running an equal one resumes it. Several
        processes may do so at once.
        """
        fresh: dict[str, Any] = json.loads(json.dumps(about | {"design": design}))  # as it would be read back
        design = fresh.pop("design")
        with _creating(root):
            if not (root / "study.json").exists():
                study = cls(root, {"format": STUDY_FORMAT, "designs": [design], **fresh})
                study._write_about()
                return study
            study = cls.open(root)
            if design not in study.about["designs"]:
                study.about["designs"].append(design)
                study._write_about()
            return study

    def _write_about(self) -> None:
        path = self.root / "study.json"
        draft = path.with_name(f".study.json.{os.getpid()}")
        try:
            write_durably(draft, json.dumps(self.about, indent=2).encode() + b"\n")
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)

    @property
    def name(self) -> str:
        """What people call it: the name of its folder."""
        return self.root.resolve().name

    def sealed_path(self, episode: str) -> Path:
        return self._folder(episode) / f"{episode}{_SEALED}"

    def running_path(self, episode: str) -> Path:
        return self._folder(episode) / f"{episode}{_RUNNING}"

    def _folder(self, episode: str) -> Path:
        return self.root / "episodes" / episode[:2]

    def is_sealed(self, episode: str) -> bool:
        return self.sealed_path(episode).exists()

    def settled(self, episode: str) -> bool:
        """Whether an episode needs no more work.

        Drops what a kill right after sealing left of its log, and sets aside a sealed file that can't even
        be listed. Damage further inside is for :func:`~ulterior.traces.verify.verify_study` to find.
        """
        path = self.sealed_path(episode)
        try:
            read_summary(path)
        except FileNotFoundError:
            return False
        except OtherVersion:
            raise
        except CorruptTrace as fault:
            self._set_aside(path, f"corrupt: {fault.reason}")
            return False
        with suppress(OSError):  # an archive that can't be written is as good as settled
            self.running_path(episode).unlink(missing_ok=True)
        return True

    def expect(self, episodes: Iterable[str]) -> None:
        """Remember that these episodes are planned, so that a report can say how many are missing."""
        path = self.root / "planned.txt"
        with refusals(path), _locked(self.root):
            fresh = sorted(set(episodes) - self.planned())
            if fresh:
                with path.open("a", encoding="ascii") as file:
                    file.write("".join(f"{episode}\n" for episode in fresh))

    def planned(self) -> set[str]:
        """The ids of all episodes that any run into this study planned."""
        try:
            lines = (self.root / "planned.txt").read_text(encoding="ascii", errors="replace").split()
        except FileNotFoundError:
            return set()
        return {line for line in lines if len(line) == EPISODE_ID_LENGTH}

    def sealed(self) -> Iterator[Path]:
        """The sealed files of this study, in the order of their ids."""
        return self._files(_SEALED)

    def running(self) -> Iterator[Path]:
        """The files of episodes that have begun and are not sealed."""
        return self._files(_RUNNING)

    def _files(self, suffix: str) -> Iterator[Path]:
        episodes = self.root / "episodes"
        for folder in _names(episodes):
            for name in _names(episodes / folder):
                # The length leaves out drafts, and running files when sealed ones are asked for.
                if name.endswith(suffix) and len(name) == EPISODE_ID_LENGTH + len(suffix):
                    yield episodes / folder / name

    def open_log(self, episode: str, clock: Clock) -> EventLog:
        """The log of a running episode. A file that can't be trusted is set aside and begun anew.

        Raises :class:`LockedElsewhere` when another process runs the episode, or has just sealed it.
        """
        path = self.running_path(episode)
        log = EventLog.open(path, clock, lambda fault: self._set_aside(path, f"corrupt: {fault}"))
        if self.is_sealed(episode):  # since the caller looked: what we opened is a new, empty file
            path.unlink(missing_ok=True)
            log.close()
            raise LockedElsewhere(str(path))
        return log

    def seal(self, log: EventLog) -> bool:
        """Publish a finished episode and drop its running file. False when it was sealed already.

        Raises :class:`CorruptTrace` when the disk does not give back what was written to it.
        """
        lines = log.lines()
        if len(lines) != log.length or digest(lines[lines.rfind(b"\n", 0, -1) + 1 :]) != log.state.head:
            raise CorruptTrace(
                log.path, log.state.seq + 1, 0, "the disk does not hold what was written to it"
            )
        summary = summarise(log.state, len(lines))
        published = publish(self.sealed_path(summary.episode), summary, lines)
        log.path.unlink(missing_ok=True)
        log.close()
        return published

    def abandon(self, log: EventLog, why: str) -> Path:
        """Keep what a failed attempt left under ``attempts/``, so that the episode can begin anew."""
        kept = self._set_aside(log.path, why)
        log.close()
        return kept

    def note_failure(self, episode: str, why: str) -> None:
        """Remember that an attempt failed whose events stay where they are, to be resumed."""
        self._note(episode, why)

    def _set_aside(self, path: Path, why: str) -> Path:
        """Move a file away. The lock of a running one must be held: it may be another process's otherwise."""
        episode, suffix = path.name[:EPISODE_ID_LENGTH], path.name[EPISODE_ID_LENGTH:]
        kept = self._note(episode, why).with_suffix(suffix)
        with refusals(kept):
            path.replace(kept)
        return kept

    def _note(self, episode: str, why: str) -> Path:
        path = self.root / "attempts" / f"{episode}.{time.time_ns()}.why"
        with refusals(path):
            path.parent.mkdir(exist_ok=True)
            path.write_text(scrub(why) + "\n", encoding="utf-8")
        return path

    def attempts(self) -> Iterator[tuple[str, str]]:
        """Episode id and reason of every failed attempt, oldest first."""
        for path in sorted((self.root / "attempts").glob("*.why"), key=lambda path: path.name.split(".")[1]):
            yield path.name.split(".")[0], path.read_text(encoding="utf-8").strip()

    def summaries(self) -> Iterator[Summary]:
        """The summaries of all sealed episodes."""
        for path in self.sealed():
            yield read_summary(path)

    def trace(self, episode: str, *, salvage: bool = False) -> Trace:
        """A stored episode by its id. Raises :class:`UsageError` when there is none."""
        sealed, running = self.sealed_path(episode), self.running_path(episode)
        for path in (sealed, running, sealed):  # once more: it may be sealed while we look
            try:
                trace = load_trace(path, salvage=salvage)
            except UsageError:
                if path.exists():
                    raise
            else:
                return _checked(trace, episode)
        raise UsageError(f"no episode {episode} in {self.root}", fix="`ulterior show DIR` lists the episodes")

    def find(self, prefix: str) -> str:
        """The full id of the one episode whose id begins with ``prefix``. Raises :class:`UsageError`."""
        ids = {path.name[:EPISODE_ID_LENGTH] for path in (*self.sealed(), *self.running())}
        matches = [episode for episode in ids if episode.startswith(prefix)]
        if len(matches) == 1:
            return matches[0]
        why = f"{len(matches)} episodes begin with it" if matches else "no episode begins with it"
        raise UsageError(
            f"{prefix!r} names no single episode", why, f"`ulterior show {self.root}` lists the episodes"
        )


@contextmanager
def _creating(root: Path) -> Generator[None]:
    """Holds the folder for one writer of study.json. Raises :class:`StorageFailure`."""
    with refusals(root):
        (root / "episodes").mkdir(parents=True, exist_ok=True)
        with _locked(root):
            yield


@contextmanager
def _locked(root: Path) -> Generator[None]:
    """Holds off other processes that write to the same file of a study."""
    folder = os.open(root, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with suppress(OSError):  # some network file systems can't lock a folder
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _checked(trace: Trace, episode: str) -> Trace:
    if trace.events and trace.episode != episode:
        raise CorruptTrace(trace.path, 1, 0, f"it holds episode {trace.episode}")
    return trace


def _names(folder: Path) -> list[str]:
    """Sorted, and with one call for the whole folder: a study may hold 50,000 episodes."""
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208  (names are enough, paths cost five times as much)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _no_study(root: Path) -> tuple[str, str]:
    """Why a folder is no study, and what to give instead."""
    if not root.exists():
        return "there is no such folder", "give the folder that `ulterior run -o` wrote"
    if not root.is_dir():
        return "it is a file", "give the folder that `ulterior run -o` wrote"
    inside = sorted(path.parent.name for path in root.glob("*/study.json"))
    named = f"; in it are {', '.join(inside[:5])}" if inside else ""
    such_as = f", such as {root / inside[0]}" if inside else ""
    return f"there is no study.json in it{named}", f"give the folder that `ulterior run -o` wrote{such_as}"
