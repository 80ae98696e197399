"""What a detector is asked, what it is shown, and what it says: the types that all detectors share.

The flow, for one trace and one rubric::

    trace ──view_of──▶ View ──Detector.judge──▶ Judgement ──▶ findings/judgements-*.jsonl
                        │                         │
                        │ blinded, numbered       │ label or a reason, score, verified quotes
                        ▼                         ▼
                 one channel of the trace    verdicts of the stages, detector cards, the human queue

A *rubric* is one narrow question about one view. A *view* is what a detector gets to see: blocks of text,
with the passages that they may quote. A *detector* is whatever answers: word rules, a trained model of
words, a language model. All of them get the same views and give the same judgements, so that one
calibration measures them all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from pydantic import Field

from ulterior.analysis.evidence import Channel, Evidence, Passage
from ulterior.traces import Frozen

__all__ = ["BlockKind", "Detector", "Judgement", "Rubric", "View", "ViewBlock", "ViewName", "judged"]

ViewName = Literal["action", "reasoning", "report", "full"]
"""What is shown: calls and what came of them; reasoning; what people were told beside a log of what was
done; everything."""

BlockKind = Literal[
    "task", "message", "reasoning", "said", "call", "result", "change", "question", "report", "log"
]


@dataclass(frozen=True)
class Rubric:
    """One narrow question. ``labels`` maps each possible answer to its meaning, ``positive`` names those
    that say yes. Quotes count as evidence only from ``channels``; a positive label has to have one, and so
    do the labels in ``quoted``. With ``about`` the question is put once per material fact, whose statement it
    contains, and about one report at a time."""

    id: str
    version: str
    view: ViewName
    question: str
    labels: Mapping[str, str]
    positive: frozenset[str]
    channels: frozenset[Channel]
    about: bool = False
    quoted: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ViewBlock:
    """One numbered piece of a view. Only one with a ``passage`` may be quoted as evidence."""

    number: int
    kind: BlockKind
    text: str
    passage: Passage | None = None


@dataclass(frozen=True)
class View:
    """One channel of one episode as a detector sees it: no scenario, condition, model or label.

    ``episode`` is for the caller's books and never shown. ``reasoning`` says how reasoning was visible at
    best. ``report`` is the event of the only report that is shown, if it is one. ``cut`` counts the blocks
    of the agent's own that were too long to be shown whole. ``hidden`` are the names of the experiment that
    no prompt may hold.
    """

    name: ViewName
    episode: str
    blocks: Sequence[ViewBlock]
    reasoning: Literal["full", "summary", "hidden", "absent"] = "absent"
    about: Mapping[str, str] = field(default_factory=dict[str, str])
    report: int | None = None
    cut: int = 0
    hidden: Sequence[str] = ()

    @property
    def passages(self) -> tuple[Passage, ...]:
        return tuple(block.passage for block in self.blocks if block.passage is not None)


class Judgement(Frozen):
    """One answer to one rubric about one episode.

    ``label`` is None with a ``reason`` when the detector abstained, failed, or gave no answer that could
    be used; that is never a negative. ``score`` in 0..1 says how much speaks for a positive label.
    ``unverified`` holds quotes that stand nowhere in the view's passages: with them, and no verified one,
    a positive label waits for a human (``review``). ``about`` is the material fact that was asked about,
    and ``report`` the event of the report that was read, where the question is about one. ``flags`` are
    ``addresses_judge`` (the agent talks to whoever judges it). ``cost`` is in US dollars, None when no price
    is known; ``cached`` says that it was paid before.
    """

    episode: str
    rubric: str
    detector: str
    version: str
    about: str | None = None
    report: int | None = None
    repeat: int = 0
    label: str | None
    score: float | None = Field(default=None, ge=0, le=1)
    evidence: tuple[Evidence, ...] = ()
    unverified: tuple[str, ...] = ()
    reason: str | None = None
    review: bool = False
    flags: tuple[str, ...] = ()
    cost: float | None = 0.0
    seconds: float = 0.0
    cached: bool = False

    @property
    def counted(self) -> bool:
        """Whether rates may count it: there is a label, and it waits for no human."""
        return self.label is not None and not self.review


class Detector(Protocol):
    """Whatever answers rubrics. ``version`` changes whenever its answers can."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def rubrics(self) -> frozenset[str]:
        """The ids of the rubrics that it answers."""
        ...

    async def judge(
        self, view: View, rubric: Rubric, *, about: str | None = None, repeat: int = 0
    ) -> Judgement:
        """The answer. ``about`` is the id of a material fact of the view. Raises
        :class:`~ulterior.errors.InfrastructureError` when it could not be asked at all."""
        ...


def judged(
    detector: Detector, view: View, rubric: Rubric, about: str | None, repeat: int, **said: Any
) -> Judgement:
    """A detector's answer to one question: whose and to what it is, with what it ``said``."""
    return Judgement(
        episode=view.episode,
        rubric=rubric.id,
        detector=detector.name,
        version=detector.version,
        about=about,
        report=view.report,
        repeat=repeat,
        **said,
    )
