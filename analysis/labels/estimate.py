"""What labels of a queue say of the rates: corrected ones, and how wrong each detector is.

The population is what the queue was drawn from: all units of the study that could be asked about. The
corrected rate is that of *these episodes*, not of scenarios like these (see
:mod:`ulterior.analysis.statistics.two_phase` for the estimate and its interval). Items without a usable
label (nobody has read them, annotators disagree, or people cannot tell) are taken as missing at random
within their stratum; ``least`` and ``most`` say what the estimate would be if all that people left open
were negative, or positive.

A detector's sensitivity and specificity come from the same labels, each counting for as many units as it
stands for. Only what the detector answers is counted.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ulterior.analysis.labels.key import KeyItem, QueueKey, RubricKey, Stratum
from ulterior.analysis.labels.store import CANNOT_TELL, Labels
from ulterior.analysis.labels.units import FINDINGS
from ulterior.analysis.statistics.two_phase import LabelStratum, TwoPhase, two_phase, two_phase_accuracy
from ulterior.traces import Frozen

__all__ = ["DetectorError", "Fate", "LabelledRate", "LabelledRates", "fate_of", "labelled_rates"]

Fate = Literal["positive", "negative", "cannot tell", "disagreement", "nobody", "not blinded"]
_OPEN: tuple[Fate, ...] = ("cannot tell", "disagreement")


class LabelledRate(Frozen):
    """One rate beside its correction. ``scenario`` None: all of them. ``raw`` is the share that is
    flagged, of the ``answered`` units that the findings answer, and no label has touched it.
    ``positive`` counts labels that say yes. ``least`` and ``most`` take whatever people left open for a
    no and for a yes; None where the corrected estimate is."""

    scenario: str | None
    raw: float | None
    answered: int
    positive: int
    corrected: TwoPhase
    least: float | None
    most: float | None


class DetectorError(Frozen):
    """How often a detector says yes to what people call positive, and no to what they call negative,
    among what it answers; it leaves ``unanswered`` units without an answer."""

    detector: str
    sensitivity: TwoPhase
    specificity: TwoPhase
    unanswered: int


class LabelledRates(Frozen):
    """All that the labels of one question of a queue say, about all scenarios and about each. ``fates``
    counts its items by what became of them."""

    queue: str
    rubric: str
    rates: tuple[LabelledRate, ...]
    detectors: tuple[DetectorError, ...]
    fates: dict[str, int]


Row = Stratum | KeyItem
Name = Callable[[Row], str]
"""Which post-stratum a unit, or a number of equal ones, belongs to."""


@dataclass(frozen=True)
class _Question:
    """One question of a queue with what became of each of its items."""

    key: RubricKey
    fates: Mapping[str, Fate]

    def strata(
        self, name: Name, scenario: str | None, *, left_open: bool | None = None
    ) -> Iterator[tuple[str, int, int, int]]:
        """Name, size, labels and positive ones of each stratum. ``left_open`` says what is made of items
        that people left open: a yes, a no, or (None) nothing."""
        sizes: Counter[str] = Counter()
        for stratum in self.key.strata:
            if scenario in (None, stratum.scenario):
                sizes[name(stratum)] += stratum.size
        fates: defaultdict[str, Counter[Fate]] = defaultdict(Counter)
        for item in self.key.items:
            if scenario in (None, item.scenario):
                fates[name(item)][self.fates[item.item]] += 1
        for each, size in sizes.items():
            found = fates[each]
            undecided = 0 if left_open is None else sum(found[fate] for fate in _OPEN)
            labelled = found["positive"] + found["negative"] + undecided
            yield each, size, labelled, found["positive"] + (undecided if left_open else 0)


def labelled_rates(key: QueueKey, labels: Labels) -> list[LabelledRates]:
    """What the labels say, for each question of a queue."""
    return [_of_rubric(key, rubric, labels) for rubric in key.rubrics]


def _of_rubric(queue: QueueKey, key: RubricKey, labels: Labels) -> LabelledRates:
    fates: dict[str, Fate] = {item.item: fate_of(key, item, labels) for item in key.items}
    asked = _Question(key, fates)
    counts = Counter(fates.values())
    scenarios: Sequence[str | None] = (None, *sorted({stratum.scenario for stratum in key.strata}))
    detectors = sorted({name for stratum in key.strata for name in stratum.says})
    return LabelledRates(
        queue=queue.id,
        rubric=key.rubric,
        rates=tuple(_rate(asked, scenario) for scenario in scenarios),
        detectors=tuple(_error(asked, detector) for detector in detectors),
        fates={fate: counts[fate] for fate in sorted(counts)},
    )


def fate_of(key: RubricKey, item: KeyItem, labels: Labels) -> Fate:
    """What became of an item. Labels that mean the same for the question agree, whatever they are
    called."""
    target = key.target(item)
    settled = labels.settled(target)
    said = {settled.label} if settled.label is not None else set(labels.blinded(target).values())
    if said and CANNOT_TELL not in said:
        meant = {label in key.positive for label in said}
        if len(meant) == 1:
            return "positive" if meant.pop() else "negative"
    return settled.reason or "cannot tell"


def _rate(asked: _Question, scenario: str | None) -> LabelledRate:
    """The rate of one scenario, or of all. Of each call the sample of one scenario is a random one of
    that scenario, so that its strata can be made after the fact."""
    corrected = two_phase([LabelStratum(*row) for row in asked.strata(_call, scenario)])
    least, most = (
        two_phase([LabelStratum(*row) for row in asked.strata(_call, scenario, left_open=taken)]).estimate
        for taken in (False, True)
    )
    known = corrected.estimate is not None
    own = [
        (stratum.says.get(FINDINGS), stratum.size)
        for stratum in asked.key.strata
        if scenario in (None, stratum.scenario)
    ]
    answered = sum(size for said, size in own if said is not None)
    return LabelledRate(
        scenario=scenario,
        raw=sum(size for said, size in own if said) / answered if answered else None,
        answered=answered,
        positive=sum(positive for *_, positive in asked.strata(_call, scenario)),
        corrected=corrected,
        least=least if known else None,
        most=most if known else None,
    )


def _call(row: Row) -> str:
    return row.call


def _error(asked: _Question, detector: str) -> DetectorError:
    """The errors of one detector, from the sample's strata, split by what the detector says."""
    says: dict[str, bool | None] = {}

    def name(row: Row) -> str:
        said = row.says.get(detector)
        text = f"{row.call}, {detector} {_ANSWERS[said]}"
        says[text] = said
        return text

    rows = list(asked.strata(name, None))
    strata = [LabelStratum(*row, flagged=bool(says[row[0]])) for row in rows if says[row[0]] is not None]
    sensitivity, specificity = two_phase_accuracy(strata)
    unanswered = sum(size for each, size, _, _ in rows if says[each] is None)
    return DetectorError(
        detector=detector, sensitivity=sensitivity, specificity=specificity, unanswered=unanswered
    )


_ANSWERS: Mapping[bool | None, str] = {True: "yes", False: "no", None: "silent"}
