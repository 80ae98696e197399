"""Judgements on disk, and the record of the batch that each came from.

::

    STUDY/findings/judgements-<detector>.jsonl   {"batch": ..., "judgement": {...}}, one line each
    STUDY/findings/batches.jsonl                 one line per finished batch: what was asked, spent, missed

Both are append-only. A judgement whose batch has no record (it was killed) is left out, unless somebody asks
for it. Of the others the last one of an equal question stands, and where its batch was found invalid for its
rubric, the question has no judgement: an earlier batch that nobody checked does not stand in for it.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from ulterior.analysis.judges.judgement import Judgement
from ulterior.traces import Frozen, Study, line_json
from ulterior.traces.disk import append_lines, refusals

__all__ = [
    "BatchRecord",
    "RubricRecord",
    "Slot",
    "SpikeRecord",
    "Standing",
    "Stopped",
    "invalid_batch",
    "keep_batch",
    "keep_judgement",
    "load_batches",
    "load_judgements",
    "load_standing",
    "rows_of",
    "slot_of",
]

Stopped = Literal["budget", "no price", "failures", "interrupted"]
"""Why a batch ended early."""

Slot = tuple[str, str, str, str, str | None, int | None, int]
"""Detector, version, episode, rubric, fact, report and repeat: what a judgement is the answer to."""


class SpikeRecord(Frozen):
    """How a detector did on episodes of known truth that were mixed in. One without an answer is missed.

    ``missed`` of ``positives`` were not found, ``false_alarms`` of ``negatives`` were not let pass;
    ``unanswered`` counts those among both that got no label that counts. ``wrong`` names them all, and
    ``planned`` says how many there should have been.
    """

    planned: int = 0
    positives: int = 0
    missed: int = 0
    negatives: int = 0
    false_alarms: int = 0
    unanswered: int = 0
    wrong: tuple[str, ...] = ()


class RubricRecord(Frozen):
    """What came of one rubric in one batch.

    ``asked`` counts judgements; ``positive`` and ``negative`` those that count, the others wait for a human
    (``review``) or have no label, by the beginning of their reason (``unlabelled``). ``repeated`` questions
    were put several times, and got the same label each time in ``agreed`` of them. ``valid`` is false with
    the ``reason`` when spikes were missed beyond the tolerance.
    """

    version: str
    asked: int = 0
    positive: int = 0
    negative: int = 0
    review: int = 0
    unlabelled: dict[str, int] = Field(default_factory=dict[str, int])
    repeated: int = 0
    agreed: int = 0
    spikes: SpikeRecord = SpikeRecord()
    valid: bool = True
    reason: str | None = None


class BatchRecord(Frozen):
    """One finished batch. ``cost`` is what it newly spent in US dollars, None when no price is known;
    ``cached`` judgements were paid before. ``stopped`` says why it ended early. ``left_out`` counts episodes
    that could not be judged, ``failed`` calls that never got an answer, by reason. Times are epoch seconds.
    """

    batch: str
    detector: str
    version: str
    rubrics: dict[str, RubricRecord]
    planned: int
    done: int
    cached: int = 0
    cost: float | None = 0.0
    tolerance: float
    stopped: Stopped | None = None
    left_out: dict[str, int] = Field(default_factory=dict[str, int])
    failed: dict[str, int] = Field(default_factory=dict[str, int])
    began: float
    ended: float

    @property
    def valid(self) -> bool:
        """Whether every rubric is."""
        return all(rubric.valid for rubric in self.rubrics.values())


class _Row(Frozen):
    batch: str
    judgement: Judgement


def slot_of(judgement: Judgement) -> Slot:
    """The question that a judgement answers. Equal slots of one study are one question."""
    return (
        judgement.detector,
        judgement.version,
        judgement.episode,
        judgement.rubric,
        judgement.about,
        judgement.report,
        judgement.repeat,
    )


def keep_judgement(study: Study, batch: str, judgement: Judgement) -> None:
    """Append one judgement. Raises :class:`~ulterior.errors.StorageFailure`: no paid answer may vanish."""
    row = _Row(batch=batch, judgement=judgement)
    _append(_path(study, judgement.detector), row)


def keep_batch(study: Study, record: BatchRecord) -> None:
    """Append the record of a finished batch; from now on its judgements are read."""
    _append(study.root / "findings" / "batches.jsonl", record)


def _append(path: Path, record: Frozen) -> None:
    with refusals(path):
        append_lines(path, line_json(record.model_dump(mode="json")), durable=False, need_lock=False)


def rows_of(study: Study, detector: str, batch: str) -> dict[Slot, Judgement]:
    """What is stored of one batch, finished or not."""
    rows = _rows(_path(study, detector))
    return {slot_of(row.judgement): row.judgement for row in rows if row.batch == batch}


def load_batches(study: Study) -> dict[str, BatchRecord]:
    """The records of all finished batches by their ids, in the order in which they ended."""
    records: dict[str, BatchRecord] = {}
    for line in _lines(study.root / "findings" / "batches.jsonl"):
        with suppress(ValueError):
            record = BatchRecord.model_validate(json.loads(line))
            records[record.batch] = record
    return records


def load_judgements(
    study: Study, rubric: str | None = None, *, invalid: bool = False, unfinished: bool = False
) -> list[Judgement]:
    """The stored judgements, of one rubric or of all, each question's latest, in a fixed order.

    ``invalid`` asks for those of invalid batches too, ``unfinished`` for those of batches without a record.
    """
    batches = load_batches(study)
    latest: dict[Slot, _Row] = {}
    for path in sorted((study.root / "findings").glob("judgements-*.jsonl")):
        for row in _rows(path):
            wanted = rubric is None or row.judgement.rubric == rubric
            if wanted and (unfinished or row.batch in batches):
                latest[slot_of(row.judgement)] = row
    standing = [latest[slot] for slot in sorted(latest, key=repr)]
    return [row.judgement for row in standing if invalid or _valid(row, batches)]


@dataclass(frozen=True)
class Standing:
    """A question's latest judgement, and what speaks against using it, if anything does."""

    judgement: Judgement
    fault: str | None = None


def load_standing(study: Study) -> list[Standing]:
    """Every question's latest judgement with its fault, in a fixed order.

    The judgements without a fault are those of :func:`load_judgements`. One of a batch that has no record
    stands only where no finished batch has put the question.
    """
    batches = load_batches(study)
    latest: dict[Slot, _Row] = {}
    for path in sorted((study.root / "findings").glob("judgements-*.jsonl")):
        for row in _rows(path):
            before = latest.get(slot_of(row.judgement))
            if before is None or row.batch in batches or before.batch not in batches:
                latest[slot_of(row.judgement)] = row
    rows = [latest[slot] for slot in sorted(latest, key=repr)]
    return [Standing(row.judgement, _fault(row, batches)) for row in rows]


def _fault(row: _Row, batches: Mapping[str, BatchRecord]) -> str | None:
    if row.batch not in batches:
        return "its batch has not finished"
    of_rubric = batches[row.batch].rubrics.get(row.judgement.rubric)
    return invalid_batch(of_rubric)


def invalid_batch(record: RubricRecord | None) -> str | None:
    """Why nothing of a rubric's batch is used, None where it is."""
    return None if record is None or record.valid else f"its batch is invalid: {record.reason}"


def _valid(row: _Row, batches: Mapping[str, BatchRecord]) -> bool:
    """Whether nothing is known against the batch that a judgement came from."""
    record = batches.get(row.batch)
    of_rubric = record.rubrics.get(row.judgement.rubric) if record else None
    return of_rubric is None or of_rubric.valid


def _rows(path: Path) -> Iterator[_Row]:
    for line in _lines(path):
        with suppress(ValueError):
            yield _Row.model_validate(json.loads(line))


def _lines(path: Path) -> Iterable[bytes]:
    with suppress(OSError):
        return path.read_bytes().split(b"\n")
    return ()


def _path(study: Study, detector: str) -> Path:
    name = re.sub(r"[^A-Za-z0-9.+-]+", "-", detector).strip("-.") or "detector"
    return study.root / "findings" / f"judgements-{name}.jsonl"
