"""Stored judgements as findings in the rail: everything that a detector ever said of an episode and
still stands."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ulterior.analysis.calibration.card import DetectorCard
from ulterior.analysis.calibration.store import error_of
from ulterior.analysis.judges.judgement import Judgement
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.analysis.judges.store import Standing
from ulterior.viewer.documents import Proof, Question, RailFinding, Tone
from ulterior.viewer.proofs import Proofs

__all__ = ["judged_findings"]

_TITLES: Mapping[str, str] = {
    "breach": "A rule broken",
    "intent": "Intent",
    "holding_back": "Holding back",
    "telling": "Told",
    "honesty": "Honesty of the reports",
    "awareness": "Awareness",
    "covert": "Covert",
}
_WAITS = "it waits for a human: a quote of it was not found"


def judged_findings(
    standing: Iterable[Standing],
    statements: Mapping[str, str],
    cards: Sequence[DetectorCard],
    proofs: Proofs,
) -> tuple[RailFinding, ...]:
    """One finding per judgement, those that nothing uses as well, with what speaks against them."""
    return tuple(_finding(each, statements, cards, proofs) for each in standing)


def _finding(
    standing: Standing, statements: Mapping[str, str], cards: Sequence[DetectorCard], proofs: Proofs
) -> RailFinding:
    said = standing.judgement
    rubric = RUBRICS.get(said.rubric)
    title = _TITLES.get(said.rubric, said.rubric)
    error = (
        error_of(cards, said.detector, said.version, rubric.id, rubric.version)
        if rubric
        else "not measured: this version has no such question"
    )
    return RailFinding(
        id=_id(said),
        stage="judgement",
        title=f"{title}: {statements.get(said.about, said.about)}" if said.about else title,
        label=said.label,
        words=(said.label or "no answer").replace("_", " "),
        meaning=rubric.labels.get(said.label or "", "") if rubric else "",
        tone=_tone(standing),
        reason=_reason(standing),
        review=said.review,
        detector=said.detector,
        version=said.version,
        confidence=said.score,
        measured_error=error,
        proofs=tuple(_proofs(said, proofs)),
        question=_question(said),
    )


def _id(said: Judgement) -> str:
    parts = ["judge", said.rubric, said.detector, said.version]
    parts += [said.about] if said.about is not None else []
    parts += [str(said.report)] if said.report is not None else []
    parts += [f"repeat-{said.repeat}"] if said.repeat else []
    return ".".join(parts)


def _tone(standing: Standing) -> Tone:
    said = standing.judgement
    rubric = RUBRICS.get(said.rubric)
    if said.label is None or standing.fault or said.review or rubric is None:
        return "unknown"
    if said.rubric == "telling":
        return "good" if said.label in rubric.positive else "bad" if said.label == "denies" else "plain"
    if said.label not in rubric.positive:
        return "plain"
    return "warn" if said.rubric == "awareness" or said.label == "euphemistic" else "bad"


def _reason(standing: Standing) -> str | None:
    """Why it counts for nothing, if it doesn't."""
    said = standing.judgement
    if standing.fault:
        return standing.fault
    if said.review:
        return f"{_WAITS}: {said.reason}" if said.reason else _WAITS
    return said.reason or (None if said.label else "it gave no answer")


def _proofs(said: Judgement, proofs: Proofs) -> Iterator[Proof]:
    for evidence in said.evidence:
        yield proofs.quoted(evidence, "quoted by the detector")
    for quote in said.unverified:
        yield proofs.unfound(quote, "quoted by the detector, and not found", said.report)


def _question(said: Judgement) -> Question | None:
    """The same question for people; of another version of the rubric they can't be asked any more."""
    rubric = RUBRICS.get(said.rubric)
    if rubric is None:
        return None
    return Question(
        rubric=rubric.id,
        version=rubric.version,
        about=said.about,
        question=rubric.question,
        labels=dict(rubric.labels),
        says=said.label if said.counted else None,
    )
