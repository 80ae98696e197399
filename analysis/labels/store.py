"""What people said: an append-only table of labels, and what it amounts to.

``labels/labels.jsonl`` holds one line per label. Nothing is ever changed in it: whoever thinks again
appends another label, and their latest one counts. The fold looks at the times that labels carry and
never at the order of their lines, so files from two machines may simply be put together. A torn line is
skipped and reported, and the next append starts on a line of its own.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pydantic import Field

from ulterior.analysis.evidence import Evidence
from ulterior.analysis.labels.units import Target
from ulterior.traces import Frozen, Study, line_json
from ulterior.traces.disk import append_lines, refusals

__all__ = ["CANNOT_TELL", "HumanLabel", "Labels", "Settled", "append_labels", "load_labels"]

CANNOT_TELL = "cannot_tell"


class HumanLabel(Frozen):
    """One answer of one person to one question about one episode.

    ``label`` is one of the rubric's, or :data:`CANNOT_TELL`. ``evidence`` are the words that decided it,
    found in the trace. ``confidence`` lies in 0..1, None when it was not given. ``blinded`` says that
    the annotator saw neither scenario, condition and model nor what detectors say. ``annotator`` is a
    pseudonym, ``at`` epoch seconds. An ``adjudication`` settles what annotators disagree about."""

    format: Literal[1] = 1
    kind: Literal["label", "adjudication"] = "label"
    item: str
    episode: str
    rubric: str
    rubric_version: str
    about: str | None = None
    label: str
    evidence: tuple[Evidence, ...] = ()
    confidence: float | None = Field(default=None, ge=0, le=1)
    note: str = ""
    blinded: bool
    annotator: str
    at: float

    @property
    def target(self) -> Target:
        """What it is about."""
        return Target(self.episode, self.rubric, self.rubric_version, self.about)

    @property
    def order(self) -> tuple[float, bytes]:
        """When it was given; equal times are told apart by content, so that a fold never depends on
        lines."""
        return self.at, line_json(self.model_dump(mode="json"))


@dataclass(frozen=True)
class Settled:
    """What people say of one target: a label, or why there is none (yet)."""

    label: str | None
    reason: Literal["nobody", "disagreement", "not blinded"] | None = None


@dataclass(frozen=True)
class Labels:
    """All labels of a study. ``damaged`` are the numbers of lines that can't be read."""

    rows: tuple[HumanLabel, ...]
    damaged: tuple[int, ...] = ()

    @cached_property
    def latest(self) -> Mapping[Target, Mapping[str, HumanLabel]]:
        """For each target the latest label of each annotator, adjudications left aside."""
        return self._latest("label")

    @cached_property
    def adjudicated(self) -> Mapping[Target, Mapping[str, HumanLabel]]:
        """For each target the latest adjudication of each adjudicator."""
        return self._latest("adjudication")

    def _latest(self, kind: Literal["label", "adjudication"]) -> Mapping[Target, Mapping[str, HumanLabel]]:
        folded: dict[Target, dict[str, HumanLabel]] = {}
        for row in sorted((row for row in self.rows if row.kind == kind), key=lambda row: row.order):
            folded.setdefault(row.target, {})[row.annotator] = row
        return folded

    def blinded(self, target: Target) -> Mapping[str, str]:
        """The labels that count towards a rate or an agreement, by annotator."""
        return {who: row.label for who, row in sorted(self.latest.get(target, {}).items()) if row.blinded}

    def settled(self, target: Target) -> Settled:
        """The latest adjudication, else what all annotators say; those who were not blinded don't
        count."""
        if rulings := self.adjudicated.get(target):
            return Settled(max(rulings.values(), key=lambda row: row.order).label)
        said = set(self.blinded(target).values())
        if not said:
            return Settled(None, "not blinded" if target in self.latest else "nobody")
        return Settled(said.pop()) if len(said) == 1 else Settled(None, "disagreement")

    def disagreements(self) -> list[Target]:
        """What annotators disagree about and nobody has adjudicated, in a fixed order."""
        open_ones = [target for target in self.latest if self.settled(target).reason == "disagreement"]
        return sorted(open_ones, key=repr)


def append_labels(study: Study, labels: Iterable[HumanLabel]) -> None:
    """Append labels, all of them or, when the disk refuses, as many whole ones as it took. They are on the
    disk when this returns. Raises :class:`~ulterior.errors.StorageFailure`."""
    path = study.root / "labels" / "labels.jsonl"
    lines = [line_json(label.model_dump(mode="json")) for label in labels]
    with refusals(path):
        append_lines(path, *lines, need_lock=False)  # some network file systems can't lock


def load_labels(study: Study) -> Labels:
    """All labels of a study. Raises :class:`~ulterior.errors.StorageFailure` when they can't be read."""
    path = study.root / "labels" / "labels.jsonl"
    with refusals(path, "read"):
        return _parsed(path.read_bytes() if path.exists() else b"")


def _parsed(data: bytes) -> Labels:
    rows: list[HumanLabel] = []
    damaged: list[int] = []
    for number, line in _lines(data):
        try:
            rows.append(HumanLabel.model_validate(json.loads(line)))
        except (ValueError, RecursionError):
            damaged.append(number)
    return Labels(tuple(rows), tuple(damaged))


def _lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines that hold anything, with their numbers from 1."""
    return ((number, line) for number, line in enumerate(data.split(b"\n"), 1) if line.strip())
