"""A batch: many questions put to one detector, with a budget, spikes, and a record of what it is worth.

Nothing is lost when it stops: judgements are written as they come, and what a model answered is in the cache,
so that the same batch run again goes on where it was and pays for nothing twice. Its id is the hash of
what it asks, so that it is the same batch then.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ulterior.analysis.case import LoadScenario
from ulterior.analysis.judges.judgement import Detector, Judgement, Rubric
from ulterior.analysis.judges.questions import Item, Questions
from ulterior.analysis.judges.spikes import Spike, count_spikes, spike_fault
from ulterior.analysis.judges.store import (
    BatchRecord,
    RubricRecord,
    Stopped,
    keep_batch,
    keep_judgement,
    rows_of,
    slot_of,
)
from ulterior.errors import InfrastructureError
from ulterior.scenarios import load_scenario
from ulterior.traces import Study, Summary, canonical_json, digest

__all__ = ["BatchPlan", "Progress", "judge_episodes"]

Progress = Callable[[int, int, float | None], None]
"""Told after every question: how many are done, of how many, and US dollars newly spent (None: no price)."""

_GIVE_UP = 5  # failures in a row: the model is not there


@dataclass(frozen=True)
class BatchPlan:
    """What a batch asks and how. ``budget`` is in US dollars; ``tolerance`` is the share of the spikes of one
    kind that may be judged wrongly."""

    rubrics: Sequence[Rubric]
    episodes: Sequence[Summary]
    spikes: Sequence[Spike] = ()
    repeats: int = 1
    sample: float = 1.0
    tolerance: float = 0.25
    budget: float | None = None
    concurrency: int = 8
    load: LoadScenario = load_scenario

    def questions(self, study: Study) -> Questions:
        """The questions, made anew each time they are gone through."""
        return Questions(
            study, self.episodes, self.rubrics, self.spikes, self.repeats, self.sample, self.load
        )

    def id(self, detector: Detector) -> str:
        """The same for equal questions to an equal detector."""
        spikes = sorted([spike.id, spike.rubric, spike.about, spike.truth] for spike in self.spikes)
        whole = {
            "detector": [detector.name, detector.version],
            "rubrics": sorted([rubric.id, rubric.version] for rubric in self.rubrics),
            "episodes": sorted(summary.episode for summary in self.episodes),
            "spikes": spikes,
            "repeats": [self.repeats, self.sample if self.repeats > 1 else 1.0],
        }
        return digest(canonical_json(whole))[:16]


async def judge_episodes(
    study: Study,
    detector: Detector,
    plan: BatchPlan,
    progress: Progress | None = None,
    drain: asyncio.Event | None = None,
) -> BatchRecord:
    """Put all questions of a plan; keep the judgements and the record of the batch, which is returned.

    A question that could not be put (:class:`InfrastructureError`) is counted in ``failed`` and left for the
    next time; after five of them in a row the batch stops. Once ``drain`` is set, no more is asked. Other
    errors end the batch without a record.
    """
    batch = _Batch(study, detector, plan, progress, drain)
    await batch.run()
    record = batch.record()
    keep_batch(study, record)
    return record


@dataclass
class _Batch:
    study: Study
    detector: Detector
    plan: BatchPlan
    progress: Progress | None
    drain: asyncio.Event | None
    spent: float | None = 0.0
    done: int = 0
    cached: int = 0
    in_a_row: int = 0
    stopped: Stopped | None = None
    failed: Counter[str] = field(default_factory=Counter[str])
    judgements: list[Judgement] = field(default_factory=list[Judgement])
    spiked: list[tuple[Spike, Judgement]] = field(default_factory=list[tuple[Spike, Judgement]])

    def __post_init__(self) -> None:
        self.id = self.plan.id(self.detector)
        self.began = time.time()
        self.questions = self.plan.questions(self.study)
        self.planned = self.questions.count()
        self.stored = rows_of(self.study, self.detector.name, self.id)

    async def run(self) -> None:
        items = iter(self.questions)
        try:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(max(1, self.plan.concurrency)):
                    tasks.create_task(self._work(items))
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None

    async def _work(self, items: Iterator[Item]) -> None:
        """Take the next question until there is none, or the batch has stopped."""
        while self._goes_on() and (item := next(items, None)) is not None:
            try:
                judgement = await self.detector.judge(
                    item.view, item.rubric, about=item.about, repeat=item.repeat
                )
            except InfrastructureError as error:
                self._fail(error)
            else:
                self._take(item, judgement)
            if self.progress is not None:
                self.progress(self.done, self.planned, self.spent)
            await asyncio.sleep(0)  # detectors that never wait would keep the loop from everything else

    def _goes_on(self) -> bool:
        if self.drain is not None and self.drain.is_set():
            self.stopped = self.stopped or "interrupted"
        return self.stopped is None

    def _fail(self, error: InfrastructureError) -> None:
        self.failed[error.what] += 1
        self.in_a_row += 1
        if self.in_a_row >= _GIVE_UP:
            self.stopped = self.stopped or "failures"

    def _take(self, item: Item, judgement: Judgement) -> None:
        self.done += 1
        self.in_a_row = 0
        self.cached += judgement.cached
        if not judgement.cached:
            known = self.spent is not None and judgement.cost is not None
            self.spent = (self.spent or 0.0) + (judgement.cost or 0.0) if known else None
        if self.plan.budget is not None:
            if self.spent is None:
                self.stopped = self.stopped or "no price"
            elif self.spent >= self.plan.budget:
                self.stopped = self.stopped or "budget"
        if item.spike is not None:
            self.spiked.append((item.spike, judgement))
            return
        self.judgements.append(judgement)
        if not _equal(self.stored.get(slot_of(judgement)), judgement):
            keep_judgement(self.study, self.id, judgement)

    def record(self) -> BatchRecord:
        return BatchRecord(
            batch=self.id,
            detector=self.detector.name,
            version=self.detector.version,
            rubrics={rubric.id: self._of_rubric(rubric) for rubric in self.plan.rubrics},
            planned=self.planned,
            done=self.done,
            cached=self.cached,
            cost=self.spent,
            tolerance=self.plan.tolerance,
            stopped=self.stopped,
            left_out=dict(self.questions.left_out),
            failed=dict(self.failed),
            began=self.began,
            ended=time.time(),
        )

    def _of_rubric(self, rubric: Rubric) -> RubricRecord:
        spiked = [pair for pair in self.spiked if pair[0].rubric == rubric.id]
        planned = sum(spike.rubric == rubric.id for spike in self.questions.spikes)
        spikes = count_spikes(spiked, rubric, planned)
        asked = [judgement for judgement in self.judgements if judgement.rubric == rubric.id]
        counted = [judgement for judgement in asked if judgement.counted]
        positive = sum(judgement.label in rubric.positive for judgement in counted)
        fault = spike_fault(spikes, self.plan.tolerance)
        repeated, agreed = _repeats(asked)
        return RubricRecord(
            version=rubric.version,
            asked=len(asked),
            positive=positive,
            negative=len(counted) - positive,
            review=sum(judgement.review for judgement in asked),
            unlabelled=dict(Counter(_why(judgement) for judgement in asked if judgement.label is None)),
            repeated=repeated,
            agreed=agreed,
            spikes=spikes,
            valid=fault is None,
            reason=fault,
        )


def _equal(stored: Judgement | None, judgement: Judgement) -> bool:
    """Whether this is what was kept before: a reply from the cache says the same in another time."""
    same = {"seconds": 0.0, "cached": False}
    return stored is not None and stored.model_copy(update=same) == judgement.model_copy(update=same)


def _why(judgement: Judgement) -> str:
    """The beginning of a reason, up to its details."""
    return (judgement.reason or "no reason given").partition(":")[0]


def _repeats(judgements: Sequence[Judgement]) -> tuple[int, int]:
    """How many questions were put several times, and how many of them got one label each time."""
    labels: dict[tuple[str, str | None, int | None], list[str | None]] = {}
    for judgement in judgements:
        labels.setdefault((judgement.episode, judgement.about, judgement.report), []).append(judgement.label)
    several = [each for each in labels.values() if len(each) > 1]
    return len(several), sum(len(set(each)) == 1 for each in several)
