"""Two detectors on the same samples: paired differences of what they are worth.

Clusters are resampled with replacement (Efron and Tibshirani 1993, An Introduction to the Bootstrap, ch. 16),
the same ones for both detectors, and the bounds are percentiles of the differences. With fewer than ten
clusters of either kind such bounds are much too narrow, and none are given.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ulterior.analysis.statistics.discrimination import Scored, arrays, components, threshold_at
from ulterior.analysis.statistics.rates import LEVEL
from ulterior.traces import Frozen

__all__ = ["FEWEST", "RESAMPLES", "ScoreDifference", "area_gap", "found_gap"]

RESAMPLES = 2000
FEWEST = 10
"""Clusters with positives, and clusters with negatives, that a resampled interval needs."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class ScoreDifference(Frozen):
    """A paired difference in -1..1, first detector minus second, None with a ``reason`` where there is
    none."""

    estimate: float | None
    low: float | None
    high: float | None
    level: float = LEVEL
    resamples: int = RESAMPLES
    seed: int = 0
    reason: str | None = None

    @property
    def above(self) -> bool:
        """Whether the whole interval lies above 0."""
        return self.low is not None and self.low > 0


def area_gap(first: Sequence[Scored], second: Sequence[Scored], seed: int = 0) -> ScoreDifference:
    """The difference of two areas. Both sequences hold the same samples in the same order."""
    return _gap(first, second, _area_of, seed)


def found_gap(
    first: Sequence[Scored], second: Sequence[Scored], at_most: float, seed: int = 0
) -> ScoreDifference:
    """The difference of what is found at a rate of false alarms, over samples; see :func:`area_gap`."""

    def found(scores: Floats, truth: NDArray[np.bool_]) -> float:
        threshold = threshold_at(scores, truth, at_most)
        return 0.0 if threshold is None else float((scores[truth] >= threshold).mean())

    return _gap(first, second, found, seed)


def _area_of(scores: Floats, truth: NDArray[np.bool_]) -> float:
    return float(components(scores[truth], scores[~truth])[0].mean())


def _gap(
    first: Sequence[Scored],
    second: Sequence[Scored],
    measure: Callable[[Floats, NDArray[np.bool_]], float],
    seed: int,
) -> ScoreDifference:
    if [(a.cluster, a.positive) for a in first] != [(b.cluster, b.positive) for b in second]:
        raise ValueError("a paired difference needs the same samples in the same order")
    if len({each.positive for each in first}) < 2:
        return ScoreDifference(
            estimate=None, low=None, high=None, seed=seed, reason="positives or negatives are missing"
        )
    clusters, one, truth = arrays(first)
    _, other, _ = arrays(second)
    estimate = measure(one, truth) - measure(other, truth)
    fewest = min(np.unique(clusters[truth]).size, np.unique(clusters[~truth]).size)
    if fewest < FEWEST:
        few = f"only {fewest} instances hold positives, or negatives: too few for an interval"
        return ScoreDifference(estimate=estimate, low=None, high=None, seed=seed, reason=few)
    members: list[Ints] = [np.flatnonzero(clusters == number) for number in range(int(clusters.max()) + 1)]
    rng, differences = np.random.default_rng(seed), list[float]()
    for _ in range(RESAMPLES):
        drawn = rng.integers(len(members), size=len(members))
        rows: Ints = np.concatenate([members[int(number)] for number in drawn.tolist()])
        if 0 < truth[rows].sum() < rows.size:
            differences.append(measure(one[rows], truth[rows]) - measure(other[rows], truth[rows]))
    low, high = np.quantile(np.array(differences), [0.025, 0.975])
    return ScoreDifference(estimate=estimate, low=float(low), high=float(high), seed=seed)
