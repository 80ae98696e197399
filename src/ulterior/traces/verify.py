"""Is every stored byte what it was when it was written? For ``ulterior show --verify``.

Each file is read anew and put to all :data:`CHECKS`. A check that an earlier one has made meaningless is
left out, so that one damaged byte is reported once.

Covered: damage, loss, files under wrong names, summaries that contradict their events. Not covered:
someone who rewrites a file and recomputes every hash in it.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ulterior.errors import CorruptTrace
from ulterior.traces.blocks import Frozen
from ulterior.traces.canonical import digest
from ulterior.traces.events import WorldChange
from ulterior.traces.fold import TraceState
from ulterior.traces.identity import EPISODE_ID_LENGTH
from ulterior.traces.scan import Scan, replay, scan_events
from ulterior.traces.sealed import Summary, read_sealed, summarise
from ulterior.traces.store import Study
from ulterior.traces.world_state import bytes_of

__all__ = ["CHECKS", "Problem", "StudyVerification", "Verification", "verify_episode", "verify_study"]

Progress = Callable[[int, int], None]
"""Called with how many files are done, and how many there are."""


class Problem(Frozen):
    """A check that a file fails. ``line`` counts event lines from 1, ``byte`` is where that line starts."""

    check: str
    line: int
    byte: int
    why: str


class Verification(Frozen):
    """What became of checking one file. ``torn`` are the bytes that a kill left at the end of it."""

    path: str
    episode: str
    sealed: bool
    events: int
    torn: int
    problems: tuple[Problem, ...]

    @property
    def intact(self) -> bool:
        return not self.problems

    def describe(self) -> str:
        """A line for the file and one for each problem."""
        head = f"{'intact' if self.intact else 'NOT INTACT'}  {self.path}  ({_count(self.events, 'event')})"
        return "\n".join(
            [head, *(f"  {p.check}: line {p.line} (byte {p.byte}): {p.why}" for p in self.problems)]
        )


class StudyVerification(Frozen):
    """What became of checking a study.

    ``failed`` are the files that are not intact, ``duplicates`` ids sealed more than once, ``misplaced``
    files in a folder where no one looks for them. The rest is no damage: ``running`` episodes are not
    finished, ``stale`` running files belong to sealed episodes, ``drafts`` are what a kill during sealing
    leaves, ``attempts`` counts failures that were noted.
    """

    root: str
    sealed: int
    events: int
    failed: tuple[Verification, ...]
    duplicates: tuple[str, ...] = ()
    misplaced: tuple[str, ...] = ()
    running: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    attempts: int = 0

    @property
    def intact(self) -> bool:
        return not (self.failed or self.duplicates or self.misplaced)

    def describe(self) -> str:
        """The outcome in lines: first what is damaged, then what is merely left over, then the sum."""
        lines = [failed.describe() for failed in self.failed]
        lines += [f"NOT INTACT  {episode} is sealed more than once" for episode in self.duplicates]
        lines += [f"NOT INTACT  {path} is in the wrong folder" for path in self.misplaced]
        lines += [f"not finished: {path}" for path in self.running]
        lines += [f"left over, sealed already: {path}" for path in self.stale]
        lines += [f"left over, a draft: {path}" for path in self.drafts]
        if self.attempts:
            lines.append(_count(self.attempts, "failed attempt") + " noted in attempts/")
        outcome = "intact" if self.intact else "NOT INTACT"
        lines.append(f"{_count(self.sealed, 'sealed episode')}, {_count(self.events, 'event')}: {outcome}")
        return "\n".join(lines)


def verify_study(
    study: Study, progress: Progress | None = None, *, only: str | None = None
) -> StudyVerification:
    """Check every file of a study, or those of one episode by its id."""
    sealed = [path for path in study.sealed() if only in (None, _episode(path))]
    running = [path for path in study.running() if only in (None, _episode(path))]
    found: list[Verification] = []
    for done, path in enumerate([*sealed, *running], start=1):
        verification = verify_episode(path)
        if path.exists():  # or it was sealed while we looked
            found.append(verification)
        if progress is not None:
            progress(done, len(sealed) + len(running))
    ids = Counter(map(_episode, sealed))
    return StudyVerification(
        root=str(study.root),
        sealed=len(sealed),
        events=sum(verification.events for verification in found),
        failed=tuple(verification for verification in found if not verification.intact),
        duplicates=tuple(episode for episode, count in ids.items() if count > 1),
        misplaced=_names(p for p in [*sealed, *running] if p.parent.name != _episode(p)[:2]),
        running=_names(path for path in running if _episode(path) not in ids),
        stale=_names(path for path in running if _episode(path) in ids),
        drafts=() if only else _names(sorted((study.root / "episodes").glob("*/.*.jsonl.zst.*"))),
        attempts=sum(1 for episode, _ in study.attempts() if only in (None, episode)),
    )


def verify_episode(path: Path) -> Verification:
    """Check one sealed or running file."""
    sealed = path.suffix == ".zst"
    try:
        summary, lines, damage = read_sealed(path) if sealed else (None, path.read_bytes(), "")
    except (CorruptTrace, OSError) as error:
        why = error.reason if isinstance(error, CorruptTrace) else str(error)
        return Verification(
            path=str(path),
            episode=_episode(path),
            sealed=sealed,
            events=0,
            torn=0,
            problems=(Problem(check="storage", line=1, byte=0, why=why),),
        )
    scan = scan_events(path, lines)
    replayed, state = replay(path, scan)
    stored = _Stored(path, summary, len(lines), damage, scan, replayed, state)
    return Verification(
        path=str(path),
        episode=_episode(path),
        sealed=sealed,
        events=len(replayed.events),
        torn=0 if sealed or scan.fault else len(lines) - scan.length,
        problems=tuple(_problems(stored)),
    )


@dataclass(frozen=True)
class _Stored:
    """One file as read. ``replayed`` is the part of ``scan`` in which every event may follow those before."""

    path: Path
    summary: Summary | None
    length: int
    damage: str
    scan: Scan
    replayed: Scan
    state: TraceState

    @property
    def whole(self) -> bool:
        return self.replayed.fault is None and not self.damage


_Finding = tuple[int, int, str] | None
"""Line, byte and reason."""


def _storage(stored: _Stored) -> _Finding:
    """The compressed stream is whole, and as long as the summary says."""
    after = len(stored.scan.events) + 1, stored.scan.length
    if stored.damage:
        return *after, stored.damage
    if stored.scan.fault is None and stored.summary and stored.scan.length < stored.length:
        return *after, "the last line or group of events is torn"
    return None


def _chain(stored: _Stored) -> _Finding:
    """Every line is undamaged and continues the one before."""
    fault = stored.scan.fault
    return None if fault is None or stored.damage else (fault.line, fault.byte, fault.reason)


def _contents(stored: _Stored) -> _Finding:
    """Every digest that an event refers to stands for a content in this file, and for the right one."""
    known: set[str] = set()
    for event, offset in zip(stored.scan.events, stored.scan.offsets, strict=True):
        if isinstance(event.body, WorldChange) and (why := _wrong_content(event.body, known)):
            return event.seq + 1, offset, why
    return None


def _wrong_content(change: WorldChange, known: set[str]) -> str:
    for name, blob in change.blobs.items():
        try:
            right = digest(bytes_of(blob)) == name
        except ValueError:
            right = False
        if not right:
            return f"content {name[:12]} does not match its digest"
        known.add(name)
    for file in change.files:
        if file.after and file.after.type != "directory" and file.after.digest not in known:
            return f"{file.path} refers to content {file.after.digest[:12]}, which is not in this trace"
    return ""


def _sequence(stored: _Stored) -> _Finding:
    """Every event may follow those before it, and a sealed episode has an end."""
    fault = stored.replayed.fault
    if stored.scan.fault is None and fault is not None:
        found = fault.line, fault.byte, fault.reason
        contents = _contents(stored)
        return None if contents and contents[0] == fault.line else found
    if stored.summary and stored.whole and stored.state.end is None:
        return *_last(stored), "the episode is sealed, but its last event is no end"
    return None


def _summary(stored: _Stored) -> _Finding:
    """The summary says what the events say."""
    if stored.summary is None or not stored.whole or stored.state.end is None:
        return None
    expected = summarise(stored.state, stored.length)
    wrong = [
        f"{name} ({getattr(stored.summary, name)!r:.80} instead of {getattr(expected, name)!r:.80})"
        for name in Summary.model_fields
        if getattr(stored.summary, name) != getattr(expected, name)
    ]
    return (*_last(stored), f"the summary contradicts the events: {', '.join(wrong)}") if wrong else None


def _identity(stored: _Stored) -> _Finding:
    """The file is named after the identity of the episode in it."""
    start = stored.state.start
    if start is None:
        return (1, 0, "there is no first event") if stored.summary and stored.whole else None
    if start.spec.id == _episode(stored.path):
        return None
    return 1, 0, f"the file is named after another episode: it holds {start.spec.id}"


def _canary(stored: _Stored) -> _Finding:
    """The mark that keeps traces out of training data is there."""
    start = stored.state.start
    return (1, 0, "the canary is missing") if start is not None and not start.canary.strip() else None


CHECKS: dict[str, Callable[[_Stored], _Finding]] = {
    "storage": _storage,
    "chain": _chain,
    "contents": _contents,
    "sequence": _sequence,
    "summary": _summary,
    "identity": _identity,
    "canary": _canary,
}
"""All checks by name, in the order in which they are made and reported."""


def _problems(stored: _Stored) -> Iterable[Problem]:
    for name, check in CHECKS.items():
        if (finding := check(stored)) is not None:
            line, byte, why = finding
            yield Problem(check=name, line=line, byte=byte, why=why)


def _last(stored: _Stored) -> tuple[int, int]:
    """Line and byte of the last event."""
    offsets = stored.replayed.offsets
    return (len(offsets), offsets[-1]) if offsets else (1, 0)


def _episode(path: Path) -> str:
    return path.name[:EPISODE_ID_LENGTH]


def _names(paths: Iterable[Path]) -> tuple[str, ...]:
    return tuple(map(str, paths))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
