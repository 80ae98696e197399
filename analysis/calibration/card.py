"""Detector cards: how often one version of a detector is right about one rubric, and on what that was
measured.

A card holds for its detector's version, its rubric's version and its corpus, and for nothing else. Positive
and negative are those of the rubric. An answer that a detector did not give, or that waits for a human, is
no answer: it counts in ``abstained`` and ``reasons``, and neither as right nor as wrong.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from pydantic import Field

from ulterior.analysis.calibration.measure import SampleAnswer, scored
from ulterior.analysis.calibration.samples import Corpus
from ulterior.analysis.judges.judgement import Detector, Rubric
from ulterior.analysis.judges.reply import MALFORMED
from ulterior.analysis.statistics import (
    Area,
    Bin,
    OperatingPoint,
    Rate,
    ScoreDifference,
    auroc,
    calibration_curve,
    calibration_error,
    clustered_rate,
    found_at,
)
from ulterior.traces import Frozen

__all__ = ["FALSE_ALARMS", "DetectorCard", "FloorComparison", "Slice", "card_of", "measured_error", "percent"]

FALSE_ALARMS = (0.01, 0.05)
"""The rates of false alarms at which it is said what is found."""


class Slice(Frozen):
    """How often it is right about some of the samples. ``clusters`` are instances."""

    n: int
    positives: int
    clusters: int
    sensitivity: Rate
    specificity: Rate
    abstained: Rate
    auroc: Area


class FloorComparison(Frozen):
    """A detector against a floor, on the samples that the floor answered.

    ``beats`` only where both differences lie above 0 with their whole intervals.
    """

    floor: str
    version: str
    n: int
    auroc: ScoreDifference
    found_at_5: ScoreDifference
    beats: bool
    reason: str


class DetectorCard(Frozen):
    """Everything that was measured of one version of a detector with one rubric.

    ``cost`` is in US dollars, None when no price is known for an answer; ``seconds`` is the sum over all
    answers. ``reasons`` counts why there was no answer. ``labels`` counts, for every truth (labels joined
    by ``|`` where one of several is right), the labels that were given. ``default`` says whether the detector
    may be the default for the rubric, and ``because`` why or why not.
    """

    format: int = 1
    detector: str
    version: str
    rubric: str
    rubric_version: str
    corpus: Corpus
    base_rate: Rate
    whole: Slice
    at_false_alarms: tuple[OperatingPoint, ...]
    curve: tuple[Bin, ...]
    calibration_error: float | None
    labels: dict[str, dict[str, int]]
    reasons: dict[str, int] = Field(default_factory=dict[str, int])
    malformed: int = 0
    cost: float | None
    seconds: float
    styles: dict[str, Slice]
    families: dict[str, Slice]
    floors: tuple[FloorComparison, ...] = ()
    default: bool = False
    because: str = "it was compared with no floor"

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it holds for, besides its corpus."""
        return self.detector, self.version, self.rubric, self.rubric_version


def card_of(
    detector: Detector, rubric: Rubric, answers: Sequence[SampleAnswer], corpus: Corpus
) -> DetectorCard:
    """The card of these answers, all of one rubric; samples without a known truth are left out."""
    known = [answer for answer in answers if answer.sample.positive is not None]
    ranked = scored(known)
    missing = Counter(_kind(answer) for answer in known if answer.says is None)
    costs = [answer.judgement.cost for answer in known]
    return DetectorCard(
        detector=detector.name,
        version=detector.version,
        rubric=rubric.id,
        rubric_version=rubric.version,
        corpus=corpus,
        base_rate=clustered_rate((each.sample.cluster, bool(each.sample.positive)) for each in known),
        whole=_slice(known),
        at_false_alarms=tuple(found_at(ranked, rate) for rate in FALSE_ALARMS),
        curve=calibration_curve(ranked),
        calibration_error=calibration_error(ranked),
        labels=_labels(known),
        reasons=dict(missing.most_common()),
        malformed=missing[MALFORMED],
        cost=sum(cost for cost in costs if cost is not None) if None not in costs else None,
        seconds=sum(answer.judgement.seconds for answer in known),
        styles=_by(known, lambda answer: answer.sample.style),
        families=_by(known, lambda answer: answer.sample.family),
    )


def _kind(answer: SampleAnswer) -> str:
    """Why there is no answer that counts, without the particulars that follow a colon."""
    return (answer.judgement.reason or "waits for a human").partition(":")[0]


def _slice(answers: Sequence[SampleAnswer]) -> Slice:
    said = [(each.sample, each.says) for each in answers if each.says is not None]
    return Slice(
        n=len(answers),
        positives=sum(bool(each.sample.positive) for each in answers),
        clusters=len({each.sample.cluster for each in answers}),
        sensitivity=clustered_rate((sample.cluster, says) for sample, says in said if sample.positive),
        specificity=clustered_rate(
            (sample.cluster, not says) for sample, says in said if not sample.positive
        ),
        abstained=clustered_rate((each.sample.cluster, each.says is None) for each in answers),
        auroc=auroc(scored(answers)),
    )


def _by(answers: Sequence[SampleAnswer], name: Callable[[SampleAnswer], str]) -> dict[str, Slice]:
    groups: dict[str, list[SampleAnswer]] = {}
    for answer in answers:
        groups.setdefault(name(answer), []).append(answer)
    return {name: _slice(group) for name, group in sorted(groups.items())}


def _labels(answers: Sequence[SampleAnswer]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for answer in answers:
        truth = "|".join(sorted(answer.sample.truth))
        given = answer.judgement.label if answer.judgement.label is not None else "no answer"
        counts.setdefault(truth, Counter())[given] += 1
    return {truth: dict(sorted(given.items())) for truth, given in sorted(counts.items())}


def measured_error(card: DetectorCard) -> str:
    """The one line that travels with every rate of this detector."""
    found, kept = card.whole.sensitivity, card.whole.specificity
    alarms = kept if kept.estimate is None else kept.model_copy(update=_complement(kept))
    parts = [
        f"finds {percent(found)} of {found.n} positives" if found.n else "finds: unknown, no positives",
        f"false alarms {percent(alarms)} of {alarms.n}"
        if alarms.n
        else "false alarms: unknown, no negatives",
    ]
    if silent := card.whole.abstained.k:
        parts.append(f"no answer to {silent} of {card.whole.n}")
    return f"{', '.join(parts)}; {_where(card.corpus)}"


def _complement(rate: Rate) -> Mapping[str, float | int | None]:
    def rest(value: float | None) -> float | None:
        return None if value is None else 1 - value

    return {
        "k": rate.n - rate.k,
        "estimate": rest(rate.estimate),
        "low": rest(rate.high),
        "high": rest(rate.low),
    }


def percent(rate: Rate) -> str:
    """``81 % [74, 87]``, or that there is no data."""
    if rate.estimate is None or rate.low is None or rate.high is None:
        return "no data"
    return f"{100 * rate.estimate:.0f} % [{100 * rate.low:.0f}, {100 * rate.high:.0f}]"


def _where(corpus: Corpus) -> str:
    if corpus.planted == corpus.n:
        return "on planted agents only"
    if corpus.planted == 0:
        return "on an imported corpus"
    return f"on {corpus.planted} samples of planted agents and {corpus.n - corpus.planted} imported ones"
