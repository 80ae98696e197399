"""Several detectors of one question put together, with weights from what each was measured to get right.

A member's label is evidence as strong as its error rates make it: with sensitivity *s* and specificity *t*,
a positive label adds log(s / (1 - t)) to the log-odds, a negative one log((1 - s) / t). That is naive Bayes:
members that err together are counted as if each had looked for itself, so every member's voice is capped,
and how far they disagree is said beside what comes out. Detectors that see different views err together
least.

Who abstained, failed, waits for a human or was never measured has no voice, which is said, never guessed.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field

from ulterior.analysis.judges.judgement import Judgement, Rubric
from ulterior.traces import Frozen

__all__ = ["CAP", "Combined", "Weight", "combine", "combine_views", "human_queue"]

CAP = 3.0
"""Log-odds that one member can add at most: odds of 20 to 1."""

_MARGIN = 0.7  # log-odds, 2 to 1: less is too close to call
_CLIP = 0.01
_ABSTAINED = "no label"
_UNMEASURED = "never measured"


@dataclass(frozen=True)
class Weight:
    """What one detector was measured to get right: of positives found, of negatives let pass."""

    sensitivity: float
    specificity: float

    @classmethod
    def measured(cls, found: int, positives: int, passed: int, negatives: int) -> "Weight":
        """From counts, with one success and one failure added to each (Laplace): no detector is perfect."""
        if not 0 <= found <= positives or not 0 <= passed <= negatives:
            raise ValueError(f"can't have found {found} of {positives} and let pass {passed} of {negatives}")
        return cls((found + 1) / (positives + 2), (passed + 1) / (negatives + 2))

    def log_odds(self, *, positive: bool) -> float:
        """What a label of this detector adds to the log-odds of a positive, at most :data:`CAP`."""
        s, t = self.sensitivity, self.specificity
        return _capped(math.log(s / (1 - t)) if positive else math.log((1 - s) / t))


class Combined(Frozen):
    """What several detectors say together of one question.

    ``score`` is the probability of a positive label under the prior. ``label`` is the strongest member's on
    the side that won; None, as ``positive``, where nobody has a voice or it is too close to call.
    ``disagreement`` is 0 when all voices say the same and 1 when they cancel out. ``voices`` are the
    log-odds of each member that has one, ``left_out`` the reason of each that hasn't. ``review``: too close
    to call, or a member waits for a human.
    """

    episode: str
    rubric: str
    about: str | None = None
    report: int | None = None
    label: str | None
    positive: bool | None
    score: float | None
    disagreement: float | None
    voices: dict[str, float]
    left_out: dict[str, str] = Field(default_factory=dict[str, str])
    review: bool
    reason: str | None = None


def combine(
    judgements: Sequence[Judgement], weights: Mapping[str, Weight], rubric: Rubric, *, prior: float = 0.5
) -> Combined:
    """What these judgements of one question, one from each detector, amount to.

    ``weights`` are by detector. ``prior`` is the probability of a positive before anybody has spoken. Raises
    ``ValueError`` when the judgements answer different questions, or a detector speaks twice.
    """
    first = _one_question(judgements, rubric)
    voices: dict[str, float] = {}
    left_out: dict[str, str] = {}
    for judgement in judgements:
        name = judgement.detector
        if not judgement.counted:
            left_out[name] = judgement.reason or _ABSTAINED
        elif name not in weights:
            left_out[name] = _UNMEASURED
        else:
            voices[name] = weights[name].log_odds(positive=judgement.label in rubric.positive)
    place = {key: getattr(first, key) for key in ("episode", "rubric", "about", "report")}
    waiting = any(judgement.review for judgement in judgements)
    if not voices:
        return Combined(
            **place,
            label=None,
            positive=None,
            score=None,
            disagreement=None,
            voices={},
            left_out=left_out,
            review=waiting,
            reason="no member has a voice",
        )
    total = math.fsum([_logit(prior), *voices.values()])
    positive = None if abs(total) < _MARGIN else total > 0
    label = None if positive is None else _label(judgements, voices, rubric, positive=positive)
    if positive is None:
        doubt = "too close to call"
    elif label is None:
        doubt = "nobody gave a label of the side that won"
    else:
        doubt = "a member waits for a human" if waiting else None
    return Combined(
        **place,
        label=label,
        positive=positive,
        score=_probability(total),
        disagreement=_disagreement(list(voices.values())),
        voices=voices,
        left_out=left_out,
        review=doubt is not None,
        reason=doubt,
    )


def combine_views(
    scores: Mapping[str, float | None], weights: Mapping[str, float] | None = None
) -> float | None:
    """One score from those of different views: their weighted mean on the log-odds scale.

    Reasoning can talk a judge out of what it sees, so that views are scored apart and put together
    afterwards (arXiv 2505.23575). Equal weights unless others are given; a view without a score has no part.
    """
    given = {view: score for view, score in scores.items() if score is not None}
    shares = {view: 1.0 if weights is None else weights.get(view, 0.0) for view in given}
    whole = math.fsum(shares.values())
    if whole <= 0:
        return None
    mean = math.fsum(shares[view] * _logit(score) for view, score in given.items()) / whole
    return _probability(mean)


def human_queue(combined: Iterable[Combined], least: float = 0.5) -> list[Combined]:
    """What a human should read, the most disputed first: close calls, disagreement, members that wait."""
    queue = [each for each in combined if each.review or (each.disagreement or 0.0) >= least]
    return sorted(
        queue, key=lambda each: (-(each.disagreement or 0.0), _margin(each), each.episode, each.rubric)
    )


def _one_question(judgements: Sequence[Judgement], rubric: Rubric) -> Judgement:
    asked = {(each.episode, each.rubric, each.about, each.report) for each in judgements}
    if len(asked) != 1 or judgements[0].rubric != rubric.id:
        raise ValueError("these judgements answer different questions")
    if len({judgement.detector for judgement in judgements}) != len(judgements):
        raise ValueError("a detector speaks twice: repeats have to be settled first")
    return judgements[0]


def _label(
    judgements: Sequence[Judgement], voices: Mapping[str, float], rubric: Rubric, *, positive: bool
) -> str | None:
    """The strongest voice's label on this side. There may be none: the prior decided, or a member that is
    worse than chance and so speaks for the other side."""
    side = [each for each in judgements if each.detector in voices]
    side = [each for each in side if (each.label in rubric.positive) == positive]
    best = max(side, key=lambda each: (abs(voices[each.detector]), each.detector), default=None)
    return None if best is None else best.label


def _disagreement(voices: Sequence[float]) -> float:
    yes = math.fsum(voice for voice in voices if voice > 0)
    no = -math.fsum(voice for voice in voices if voice < 0)
    return 2 * min(yes, no) / (yes + no) if yes + no else 0.0


def _margin(combined: Combined) -> float:
    return 0.0 if combined.score is None else abs(combined.score - 0.5)


def _capped(log_odds: float) -> float:
    return max(-CAP, min(CAP, log_odds))


def _logit(probability: float) -> float:
    clipped = max(_CLIP, min(1 - _CLIP, probability))
    return math.log(clipped / (1 - clipped))


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))
