"""Questions that were put several times, settled to one judgement each."""

from collections import Counter
from collections.abc import Iterable

from ulterior.analysis.judges.judgement import Judgement
from ulterior.analysis.judges.store import slot_of

__all__ = ["settled"]


def settled(judgements: Iterable[Judgement]) -> list[Judgement]:
    """One judgement for each question, from its repeats, in the order in which the questions first come.

    The label of most repeats that count wins, with the first judgement that gave it, and their mean score.
    Two that are equally frequent settle nothing: there is no label then, and a human has to look.
    """
    questions: dict[tuple[object, ...], list[Judgement]] = {}
    for judgement in judgements:
        questions.setdefault(slot_of(judgement)[:-1], []).append(judgement)
    return [_settle(repeats) for repeats in questions.values()]


def _settle(repeats: list[Judgement]) -> Judgement:
    counted = [judgement for judgement in repeats if judgement.counted]
    if len(repeats) == 1 or not counted:
        return repeats[0]
    (label, most), *others = Counter(judgement.label for judgement in counted).most_common()
    if others and others[0][1] == most:
        said = ", ".join(sorted({str(judgement.label) for judgement in counted}))
        nothing = {"label": None, "score": None, "review": True, "reason": f"its repeats disagree: {said}"}
        return counted[0].model_copy(update=nothing)
    winners = [judgement for judgement in counted if judgement.label == label]
    scores = [judgement.score for judgement in winners if judgement.score is not None]
    mean = sum(scores) / len(scores) if scores else None
    return winners[0].model_copy(update={"score": mean})
