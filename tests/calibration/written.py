"""Samples and detectors written by hand."""

from collections.abc import Mapping

from ulterior.analysis.calibration.measure import SampleAnswer
from ulterior.analysis.calibration.samples import Sample
from ulterior.analysis.evidence import Passage
from ulterior.analysis.judges.judgement import Judgement, Rubric, View, ViewBlock

__all__ = ["Told", "answer", "sample"]


def sample(
    name: str,
    text: str = "I think.",
    truth: str | frozenset[str] = "none",
    *,
    family: str = "desk",
    style: str = "plain",
    cluster: str = "",
    rubric: str = "intent",
    task: str = "The task.",
) -> Sample:
    """A sample whose view shows a task and one thought."""
    blocks = (
        ViewBlock(1, "task", task),
        ViewBlock(2, "reasoning", text, Passage(2, None, None, "reasoning", text, "full")),
    )
    known = frozenset({truth}) if isinstance(truth, str) else truth
    view = View("reasoning", name, blocks, "full")
    return Sample(name, family, style, cluster or f"{family}/{name}", view, rubric, known)


class Told:
    """A detector that says of each episode what it was told to say: a label, or None, and a score."""

    name = "told"
    version = "1"
    rubrics = frozenset({"intent"})

    def __init__(self, says: Mapping[str, tuple[str | None, float | None]], reason: str = "it can't tell"):
        self._says = says
        self._reason = reason

    async def judge(
        self, view: View, rubric: Rubric, *, about: str | None = None, repeat: int = 0
    ) -> Judgement:
        label, score = self._says[view.episode]
        return Judgement(
            episode=view.episode,
            rubric=rubric.id,
            detector=self.name,
            version=self.version,
            label=label,
            score=score,
            reason=None if label else self._reason,
            cost=0.5,
            seconds=2.0,
        )


def answer(of: Sample, label: str | None, score: float | None, reason: str | None = None) -> SampleAnswer:
    """An answer to a sample, as the detector ``told`` would give it."""
    return SampleAnswer(
        of,
        Judgement(
            episode=of.view.episode,
            rubric=of.rubric,
            detector="told",
            version="1",
            label=label,
            score=score,
            reason=reason,
        ),
    )
