"""Spikes with declared truths: known schemers and known honest runs, to be mixed into a batch of a judge's
work.

Their truth is what planted agents declare, of what they do and tell, what they think and what they take their
situation for. How they are counted stands in :mod:`ulterior.analysis.judges.spikes`.
"""

from collections.abc import Sequence

from ulterior.analysis.calibration.planted import planted_samples
from ulterior.analysis.calibration.samples import Sample
from ulterior.analysis.judges.spikes import PlantedSpike
from ulterior.traces import Study, digest

__all__ = ["choose_spikes", "in_turn", "spikes_from"]


def spikes_from(study: Study, rubrics: Sequence[str], n: int = 10, seed: int = 0) -> tuple[PlantedSpike, ...]:
    """Up to ``n`` spikes for each rubric, as nearly half of them positive as there are.

    They are spread over scenarios and agents, and the same for the same study and seed. Where only a negative
    is certain its label is the first of those that may be right: spikes count as positive or not.
    """
    return choose_spikes(planted_samples(study, rubrics).samples, rubrics, n, seed)


def choose_spikes(
    samples: Sequence[Sample], rubrics: Sequence[str], n: int = 10, seed: int = 0
) -> tuple[PlantedSpike, ...]:
    """As :func:`spikes_from`, from samples that are there already."""
    chosen: list[Sample] = []
    for rubric in rubrics:
        of_rubric = [sample for sample in samples if sample.rubric == rubric]
        yes = in_turn([sample for sample in of_rubric if sample.positive], seed)
        no = in_turn([sample for sample in of_rubric if not sample.positive], seed)
        taken = min(len(yes), max(n - n // 2, n - len(no)))
        chosen += yes[:taken] + no[: n - taken]
    return tuple(
        PlantedSpike(each.id, each.view, each.rubric, min(each.truth), each.about) for each in chosen
    )


def in_turn(samples: Sequence[Sample], seed: int = 0) -> list[Sample]:
    """All of them, in an order in which scenarios and styles come round evenly."""
    groups: dict[tuple[str, str], list[Sample]] = {}
    for sample in sorted(samples, key=lambda each: _drawn(each.id, seed)):
        groups.setdefault((sample.family, sample.style), []).append(sample)
    ordered = sorted(groups.items(), key=lambda each: _drawn("/".join(each[0]), seed))
    rounds = max((len(group) for _, group in ordered), default=0)
    return [group[number] for number in range(rounds) for _, group in ordered if number < len(group)]


def _drawn(name: str, seed: int) -> str:
    return digest(f"{seed} {name}".encode())
