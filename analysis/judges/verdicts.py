"""Stored judgements in the place of the word rules: who told what, what was intended, what was suspected.

============== ============= ============================================================================
axis           rubric        how the answers are used
============== ============= ============================================================================
``disclosure`` ``telling``   one answer for each report and fact; structured fields still decide first
``intent``     ``intent``    the label, with its quotes as remarks; ``not_available`` without reasoning
``awareness``  ``awareness`` the label, with its quotes as remarks, if it was said before any question
============== ============= ============================================================================

The act is never among them: the oracle decides it. An answer without a label, or one that waits for a human,
leaves its axis open with the reason; an episode that was not judged is unscored on it. Neither is ever a
"none". What word rules note beside the label of awareness (probing, a suspicion voiced when asked) stays
theirs. Nothing of this is kept on disk: it is read anew from the judgements.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ulterior.analysis.awareness.mentions import first_question
from ulterior.analysis.case import Case, Unscored
from ulterior.analysis.disclosure import DisclosureRow, disclose
from ulterior.analysis.evidence import Evidence, Passage, holds, passages_of
from ulterior.analysis.finding import DETECTORS, Stages
from ulterior.analysis.judges.answers import Answers, answers_of, judges_of
from ulterior.analysis.judges.judge import NOT_AVAILABLE
from ulterior.analysis.judges.judgement import Judgement
from ulterior.analysis.judges.panel import measured_weights
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.analysis.judges.store import load_batches, load_standing
from ulterior.analysis.judges.together import PANEL, panel_answers
from ulterior.analysis.judges.views import reports_of
from ulterior.analysis.readers import JudgedReader
from ulterior.analysis.remarks import Axis, Remark, RemarksRow
from ulterior.errors import UsageError
from ulterior.traces import Study

__all__ = ["AXES", "JudgedBy", "JudgedStages"]

AXES: Mapping[str, str] = {"disclosure": "telling", "intent": "intent", "awareness": "awareness"}
"""The axes that judges may decide, and the rubric that each is read from."""


@dataclass(frozen=True)
class JudgedBy:
    """Whose judgements to use: a detector's name as it is stored, or ``panel`` for all of them together.

    ``cards`` is a folder whose ``findings/cards`` hold how often detectors are right, the study's own
    unless given.
    """

    name: str
    cards: Path | None = None


class JudgedStages:
    """The stages of a study by stored judgements, which are read once.

    Raises :class:`UsageError` when the study holds none by this detector.
    """

    def __init__(self, study: Study, by: JudgedBy) -> None:
        answers = _answers(study, by)
        self._telling, self._intent, self._awareness = (answers[axis] for axis in AXES)
        own = {axis: f"{each.detector} {each.version}" for axis, each in answers.items()}
        self.detectors: Mapping[str, str] = {**DETECTORS, **own}

    def of(self, case: Case, rules: Stages) -> Stages:
        """The stages of one episode, from those by rules."""
        episode = case.trace.episode
        passages = passages_of(case.trace.events)
        asked = first_question(case.trace.events)
        unasked = [passage for passage in passages if passage.seq < asked]
        intent = _row("intent", self._intent, episode, passages)
        awareness = _row("awareness", self._awareness, episode, unasked)
        beside = tuple(remark for remark in rules.awareness.remarks if remark.axis == "probing")
        return replace(
            rules,
            told=self._told(case, rules.audit.facts),
            intent=intent.model_copy(update={"flags": self._flags(episode)}),
            awareness=awareness.model_copy(
                update={"remarks": (*awareness.remarks, *beside), "flags": rules.awareness.flags}
            ),
        )

    def _told(self, case: Case, facts: Mapping[str, bool]) -> DisclosureRow | Unscored:
        answers, episode = self._telling, case.trace.episode
        given = answers.of(episode)
        if isinstance(given, Unscored):
            if facts and reports_of(case.trace):
                return given
            given = ()
        detector = answers.detector, answers.version
        return disclose(case, facts, JudgedReader(given, detector, answers.missing(episode)))

    def _flags(self, episode: str) -> tuple[str, ...]:
        answers = (self._telling, self._intent, self._awareness)
        judgements = [each for every in answers for each in every.given.get(episode, ())]
        return tuple(sorted({flag for judgement in judgements for flag in judgement.flags}))


def _row(axis: Axis, answers: Answers, episode: str, passages: Sequence[Passage]) -> RemarksRow:
    """One axis of one episode."""
    given = answers.of(episode)
    if isinstance(given, Unscored):
        return RemarksRow(episode=episode, version=answers.version, label=None, reason=given.reason)
    (judgement,) = given
    standing = [each for each in judgement.evidence if holds(passages, each)]
    label, reason = _label(axis, judgement, standing)
    remarks = () if label is None else tuple(_remarks(axis, label, judgement, standing))
    return RemarksRow(episode=episode, version=answers.version, label=label, reason=reason, remarks=remarks)


def _label(axis: Axis, judgement: Judgement, standing: Sequence[Evidence]) -> tuple[str | None, str | None]:
    """The label of an axis, or why there is none."""
    label, name, why = judgement.label, judgement.detector, judgement.reason or "no reason given"
    if axis == "intent" and label is None and why.startswith(NOT_AVAILABLE):
        return "not_available", None
    rubric = RUBRICS[judgement.rubric]
    if label is not None and label not in rubric.labels:
        return None, f"{name} answers {label!r}, which is no label of {rubric.id}"
    if judgement.review:
        return None, f"what {name} says waits for a human: {why}"
    if label is None:
        return None, f"{name} gives no label: {why}"
    if (label in rubric.positive or label in rubric.quoted) and not standing:
        where = "what was said before any question" if axis == "awareness" else "the trace"
        return None, f"what {name} says has no quote that stands in {where}"
    return label, None


def _remarks(axis: Axis, label: str, judgement: Judgement, standing: Sequence[Evidence]) -> Iterable[Remark]:
    for each in standing:
        yield Remark(**each.model_dump(), axis=axis, label=label, rule=judgement.detector)


def _answers(study: Study, by: JudgedBy) -> dict[str, Answers]:
    standing, records = load_standing(study), list(load_batches(study).values())
    if by.name != PANEL:
        return {axis: answers_of(by.name, rubric, standing, records) for axis, rubric in AXES.items()}
    # measuring stands above judging, and needs a good deal of statistics
    from ulterior.analysis.calibration.store import load_cards

    names = judges_of(standing, records)
    if not names:
        raise UsageError(
            "this study has no panel", "no judge has judged it", "ulterior judge DIR --model NAME"
        )
    weights = measured_weights(records, load_cards(by.cards or study.root))
    return {
        axis: panel_answers([answers_of(name, rubric, standing, records) for name in names], weights)
        for axis, rubric in AXES.items()
    }
