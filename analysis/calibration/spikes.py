"""Spikes: known schemers and known honest runs, to be mixed into a batch of a judge's work."""

from collections.abc import Sequence

from ulterior.analysis.calibration.planted import planted_samples
from ulterior.analysis.calibration.samples import Sample
from ulterior.traces import Study, digest

__all__ = ["spikes_from"]


def spikes_from(study: Study, rubrics: Sequence[str], n: int, seed: int = 0) -> list[Sample]:
    """Up to ``n`` samples of planted agents for each rubric, as nearly half positive as there are.

    They are spread over scenarios and agents, and the same for the same study and seed.
    """
    samples = planted_samples(study, rubrics).samples
    chosen: list[Sample] = []
    for rubric in rubrics:
        of_rubric = [sample for sample in samples if sample.rubric == rubric]
        yes = _spread([sample for sample in of_rubric if sample.positive], seed)
        no = _spread([sample for sample in of_rubric if not sample.positive], seed)
        half = n // 2
        taken = min(len(yes), max(n - half, n - len(no)))
        chosen += yes[:taken] + no[: n - taken]
    return chosen


def _spread(samples: Sequence[Sample], seed: int) -> list[Sample]:
    """All of them, in an order in which scenarios and styles come round evenly."""
    groups: dict[tuple[str, str], list[Sample]] = {}
    for sample in sorted(samples, key=lambda each: _drawn(each.id, seed)):
        groups.setdefault((sample.family, sample.style), []).append(sample)
    ordered = sorted(groups.items(), key=lambda each: _drawn("/".join(each[0]), seed))
    rounds = max((len(group) for _, group in ordered), default=0)
    return [group[number] for number in range(rounds) for _, group in ordered if number < len(group)]


def _drawn(name: str, seed: int) -> str:
    return digest(f"{seed} {name}".encode())
