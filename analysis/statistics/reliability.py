"""Whether a score of 0.8 is right four times in five: the calibration curve and its expected error.

Scores are cut into bins of equal width. In each, the mean score stands beside the share of episodes
with the outcome. The expected calibration error (Naeini et al. 2015, AAAI) is the mean of their
distances, weighted by the episodes in each bin. It is biased upwards for few episodes: within a bin,
chance alone moves the share.
"""

from collections.abc import Sequence

import numpy as np

from ulterior.analysis.statistics.estimand import Estimand
from ulterior.analysis.statistics.rates import LEVEL, clopper_pearson
from ulterior.traces import Frozen

__all__ = ["CalibrationBin", "Reliability", "reliability"]


class CalibrationBin(Frozen):
    """Episodes with scores from ``start`` up to ``end`` (the last bin holds its end). Empty bins are
    left out.
    """

    start: float
    end: float
    n: int
    positives: int
    mean_score: float
    share: float
    low: float
    high: float


class Reliability(Frozen):
    """The curve over ``n`` episodes; ``ece`` in 0..1 is None with a ``reason`` when there are none."""

    bins: tuple[CalibrationBin, ...]
    n: int
    ece: float | None
    level: float = LEVEL
    method: str = "equal-width bins, Clopper-Pearson in each"
    estimand: Estimand = "this suite"
    reason: str | None = None


def reliability(
    scores: Sequence[float], truth: Sequence[bool], bins: int = 10, level: float = LEVEL
) -> Reliability:
    """The calibration of scores in 0..1. Raises ``ValueError`` when one is outside, or lengths differ."""
    if len(scores) != len(truth) or not all(0 <= score <= 1 for score in scores):
        raise ValueError("every episode needs one score in 0..1")
    if not scores:
        return Reliability(bins=(), n=0, ece=None, level=level, reason="no data")
    values, outcomes = np.asarray(scores, dtype=np.float64), np.asarray(truth, dtype=bool)
    index = np.minimum((values * bins).astype(np.int64), bins - 1)
    curve: list[CalibrationBin] = []
    for at in range(bins):
        inside = index == at
        n, k = int(inside.sum()), int(outcomes[inside].sum())
        if n:
            low, high = clopper_pearson(k, n, level)
            curve.append(
                CalibrationBin(
                    start=at / bins,
                    end=(at + 1) / bins,
                    n=n,
                    positives=k,
                    mean_score=float(values[inside].mean()),
                    share=k / n,
                    low=low,
                    high=high,
                )
            )
    error = sum(bin_.n * abs(bin_.mean_score - bin_.share) for bin_ in curve) / len(values)
    return Reliability(bins=tuple(curve), n=len(values), ece=error, level=level)
