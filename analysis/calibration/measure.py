"""Putting samples to a detector, and its answers beside the truth."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ulterior.analysis.calibration.samples import Sample
from ulterior.analysis.judges.judgement import Detector, Judgement
from ulterior.analysis.statistics import Scored
from ulterior.errors import InfrastructureError

__all__ = ["SampleAnswer", "ask_samples", "no_answer", "scored"]

_AT_A_TIME = 8


@dataclass(frozen=True)
class SampleAnswer:
    """What a detector says of a sample."""

    sample: Sample
    judgement: Judgement

    @property
    def says(self) -> bool | None:
        """Whether it says yes; None where there is no answer that rates may count."""
        if not self.judgement.counted:
            return None
        return self.judgement.label in self.sample.asks.positive

    @property
    def score(self) -> float | None:
        """Its score, where there is an answer that counts."""
        return None if self.says is None else self.judgement.score


async def ask_samples(
    detector: Detector,
    samples: Sequence[Sample],
    *,
    at_a_time: int = _AT_A_TIME,
    progress: Callable[[int, int], None] | None = None,
) -> list[SampleAnswer]:
    """Its answers, in the samples' order. Whom it could not ask at all has no answer, and that is the
    reason."""
    slots = asyncio.Semaphore(at_a_time)
    done = 0

    async def one(sample: Sample) -> SampleAnswer:
        nonlocal done
        async with slots:
            try:
                judgement = await detector.judge(sample.view, sample.asks, about=sample.about)
            except InfrastructureError as error:
                judgement = no_answer(detector, sample, f"could not be asked: {error.what}")
        done += 1
        if progress is not None:
            progress(done, len(samples))
        return SampleAnswer(sample, judgement)

    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(one(sample)) for sample in samples]
    return [task.result() for task in running]


def no_answer(detector: Detector, sample: Sample, reason: str) -> Judgement:
    """What stands in the place of an answer that was not asked for."""
    return Judgement(
        episode=sample.view.episode,
        rubric=sample.rubric,
        detector=detector.name,
        version=detector.version,
        about=sample.about,
        report=sample.view.report,
        label=None,
        reason=reason,
    )


def scored(answers: Iterable[SampleAnswer]) -> list[Scored]:
    """The answers that have a score, with a truth that is known."""
    return [
        Scored(answer.sample.cluster, answer.score, answer.sample.positive)
        for answer in answers
        if answer.score is not None and answer.sample.positive is not None
    ]
