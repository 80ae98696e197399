"""Where labelling stands: how much is read, how far people agree, what is open, and what follows for the
rates."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from ulterior.analysis.labels.estimate import LabelledRates, labelled_rates
from ulterior.analysis.labels.key import QueueKey, RubricKey
from ulterior.analysis.labels.store import Labels
from ulterior.analysis.statistics.agreement import Agreement, cohen_kappa, krippendorff_alpha
from ulterior.traces import Frozen

__all__ = ["Disagreement", "LabelStatus", "PairAgreement", "RubricStatus", "label_status"]


class PairAgreement(Frozen):
    """Two annotators on the items that both have read; ``same`` counts those with equal labels."""

    annotators: tuple[str, str]
    same: int
    kappa: Agreement


class Disagreement(Frozen):
    """An item that people label differently, with the label of each."""

    item: str
    said: dict[str, str]


class RubricStatus(Frozen):
    """One question of a queue. ``wanted`` and ``given`` count labels, ``read`` items with one at least;
    ``unblinded`` labels count nowhere else."""

    rubric: str
    items: int
    read: int
    wanted: int
    given: int
    unblinded: int
    alpha: Agreement
    pairs: tuple[PairAgreement, ...]
    disagreements: tuple[Disagreement, ...]
    adjudicated: int
    estimates: LabelledRates


class LabelStatus(Frozen):
    """One queue of a study. ``damaged`` are the lines of the table of labels that can't be read."""

    queue: str
    rubrics: tuple[RubricStatus, ...]
    damaged: tuple[int, ...] = ()


def label_status(key: QueueKey, labels: Labels) -> LabelStatus:
    """Everything about one queue. The bootstrap behind the agreement is seeded: equal labels, equal
    numbers."""
    estimates = labelled_rates(key, labels)
    rubrics = [_status(rubric, labels, rates) for rubric, rates in zip(key.rubrics, estimates, strict=True)]
    return LabelStatus(queue=key.id, rubrics=tuple(rubrics), damaged=labels.damaged)


def _status(key: RubricKey, labels: Labels, estimates: LabelledRates) -> RubricStatus:
    said = {item.item: labels.blinded(key.target(item)) for item in key.items}
    everybody = [who for item in key.items for who in labels.latest.get(key.target(item), {}).values()]
    return RubricStatus(
        rubric=key.rubric,
        items=len(key.items),
        read=sum(bool(each) for each in said.values()),
        wanted=sum(item.readers for item in key.items),
        given=sum(min(item.readers, len(said[item.item])) for item in key.items),
        unblinded=sum(not label.blinded for label in everybody),
        alpha=krippendorff_alpha([list(each.values()) for each in said.values()]),
        pairs=tuple(_pairs(list(said.values()))),
        disagreements=tuple(
            Disagreement(item=item.item, said=dict(said[item.item]))
            for item in key.items
            if labels.settled(key.target(item)).reason == "disagreement"
        ),
        adjudicated=sum(key.target(item) in labels.adjudicated for item in key.items),
        estimates=estimates,
    )


def _pairs(items: Sequence[Mapping[str, str]]) -> Iterator[PairAgreement]:
    annotators = sorted({name for said in items for name in said})
    for a, b in combinations(annotators, 2):
        both = [(said[a], said[b]) for said in items if a in said and b in said]
        if both:
            kappa = cohen_kappa([one for one, _ in both], [other for _, other in both])
            same = sum(one == other for one, other in both)
            yield PairAgreement(annotators=(a, b), same=same, kappa=kappa)
