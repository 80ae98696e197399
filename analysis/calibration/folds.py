"""Measuring what is trained: every family is read by a model that has seen nothing of it."""

from collections.abc import Sequence

from ulterior.analysis.calibration.measure import SampleAnswer, ask_samples, no_answer
from ulterior.analysis.calibration.samples import Sample
from ulterior.analysis.judges.words import WordModel, WordsDetector, fit_words
from ulterior.traces import digest

__all__ = ["FOLDS", "folds_of", "held_out_words"]

FOLDS = 5
_UNTRAINED = "can't be held out: the other families lack positives or negatives"


def folds_of(families: Sequence[str], folds: int = FOLDS) -> list[frozenset[str]]:
    """The families in groups of nearly equal size, dealt out in an order that looks drawn."""
    ordered = sorted(set(families), key=lambda family: digest(f"fold {family}".encode()))
    return [group for start in range(folds) if (group := frozenset(ordered[start::folds]))]


async def held_out_words(
    samples: Sequence[Sample], seed: int = 0
) -> tuple[list[SampleAnswer], WordsDetector | None, WordModel | None]:
    """The answers to samples of one rubric, each by a model trained on the other families' samples; and the
    model that is trained on all of them, with its detector, None where they are all of one kind.

    The answers carry the version of the model of all: they measure how it is made, on families that it
    would not have seen. A sample that nothing could be trained for has no answer.
    """
    if {each.positive for each in samples if each.positive is not None} != {True, False}:
        return [], None, None
    model = fit_words(samples, seed)
    whole = WordsDetector([model])
    answers: dict[str, SampleAnswer] = {}
    for fold in folds_of([sample.family for sample in samples]):
        kept = [sample for sample in samples if sample.family not in fold]
        asked = [sample for sample in samples if sample.family in fold]
        if {each.positive for each in kept if each.positive is not None} == {True, False}:
            found = await ask_samples(WordsDetector([fit_words(kept, seed)]), asked)
        else:
            found = [SampleAnswer(sample, no_answer(whole, sample, _UNTRAINED)) for sample in asked]
        answers |= {each.sample.id: _as_of(each, whole) for each in found}
    return [answers[sample.id] for sample in samples], whole, model


def _as_of(answer: SampleAnswer, whole: WordsDetector) -> SampleAnswer:
    return SampleAnswer(answer.sample, answer.judgement.model_copy(update={"version": whole.version}))
