"""How well scores tell positives from negatives, with intervals that respect instances.

Samples of one instance share names, numbers and wordings; they are clusters, and intervals count clusters.

* The area under the ROC curve is the chance that a positive scores above a negative, ties counted half. Its
  interval is that of clustered data (Obuchowski 1997, Biometrics 53), which is DeLong's (1988, Biometrics 44)
  where every sample is a cluster of its own; it is taken on the logit scale, so that it stays within 0..1,
  with Student's t for one degree of freedom less than the scarcer class has clusters. Where nothing varies
  (no error was made, say) that method claims certainty. The exact binomial interval with as many trials as
  the scarcer class has clusters stands in then. Simulated coverage at 0.95 with two positives and two
  negatives in each of 8, 16 and 32 clusters, intra-class correlations of 0 and 0.5 and areas of 0.75 and
  0.95: between 0.94 and 0.99.
* The share of positives found at a rate of false alarms is read from the empirical curve, without drawing
  lots between its steps: the lowest score is taken from which on no more negatives than that are flagged.
  Its interval is that of a proportion and takes the threshold as given.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from ulterior.analysis.statistics.rates import LEVEL, Rate, clopper_pearson, clustered_rate
from ulterior.traces import Frozen

__all__ = [
    "Area",
    "OperatingPoint",
    "Scored",
    "arrays",
    "auroc",
    "components",
    "found_at",
    "threshold_at",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Scored:
    """One sample with a score in 0..1 and its truth."""

    cluster: Hashable
    score: float
    positive: bool


class Area(Frozen):
    """The area under the ROC curve, None with a ``reason`` where there is none."""

    estimate: float | None
    low: float | None
    high: float | None
    positives: int
    negatives: int
    level: float = LEVEL
    method: str
    reason: str | None = None


class OperatingPoint(Frozen):
    """What is found when at most ``at_most`` of the negatives are flagged.

    ``threshold`` is the score from which on is flagged, None where nothing can be flagged at this rate.
    ``note`` says where there are too few negatives to show such a rate.
    """

    at_most: float
    threshold: float | None
    found: Rate
    false_alarms: Rate
    note: str | None = None


# ---- The area under the curve ----------------------------------------------------------------------------


def auroc(scored: Sequence[Scored], level: float = LEVEL) -> Area:
    """The area with its interval; see the module's text."""
    positives = sum(each.positive for each in scored)
    negatives = len(scored) - positives
    if not positives or not negatives:
        missing = "no scored samples" if not scored else f"no {'negatives' if positives else 'positives'}"
        return Area(
            estimate=None,
            low=None,
            high=None,
            positives=positives,
            negatives=negatives,
            level=level,
            method="no data",
            reason=missing,
        )
    clusters, scores, truth = arrays(scored)
    estimate, variance, fewest = _clustered_area(clusters, scores, truth)
    if variance > 1e-12 and 0 < estimate < 1:
        low, high = _logit_interval(estimate, variance**0.5, fewest - 1, level)
        method = "Obuchowski, on the logit scale"
    else:
        low, high = clopper_pearson(estimate * fewest, fewest, level)
        method = "exact binomial, as many trials as the scarcer class has clusters"
    return Area(
        estimate=estimate,
        low=low,
        high=high,
        positives=positives,
        negatives=negatives,
        level=level,
        method=method,
    )


def arrays(scored: Sequence[Scored]) -> tuple[Ints, Floats, NDArray[np.bool_]]:
    """The clusters, numbered from 0, the scores, and which of the samples are positive."""
    numbers: dict[Hashable, int] = {}
    clusters = np.array([numbers.setdefault(each.cluster, len(numbers)) for each in scored], dtype=np.int64)
    scores = np.array([each.score for each in scored], dtype=np.float64)
    return clusters, scores, np.array([each.positive for each in scored], dtype=np.bool_)


def _clustered_area(clusters: Ints, scores: Floats, truth: NDArray[np.bool_]) -> tuple[float, float, int]:
    """The area, its variance, and the number of clusters of the scarcer class."""
    above, below = components(scores[truth], scores[~truth])
    area, m, n = float(above.mean()), above.size, below.size
    size = int(clusters.max()) + 1
    positive, negative = clusters[truth], clusters[~truth]
    with_positive, with_negative = np.unique(positive).size, np.unique(negative).size
    # Sums of the components' deviations, cluster by cluster
    first = np.bincount(positive, weights=above - area, minlength=size)
    second = np.bincount(negative, weights=below - area, minlength=size)
    fewest = min(with_positive, with_negative)
    if fewest < 2:
        return area, 0.0, fewest
    variance = with_positive / (with_positive - 1) * float(first @ first) / m**2
    variance += with_negative / (with_negative - 1) * float(second @ second) / n**2
    variance += 2 * size / (size - 1) * float(first @ second) / (m * n)
    return area, max(0.0, variance), fewest


def components(positives: Floats, negatives: Floats) -> tuple[Floats, Floats]:
    """For each positive the share of negatives below it, for each negative that of positives above it."""
    below, above = np.sort(negatives), np.sort(positives)
    less = np.searchsorted(below, positives, "left") + np.searchsorted(below, positives, "right")
    more = 2 * above.size - np.searchsorted(above, negatives, "left")
    more = more - np.searchsorted(above, negatives, "right")
    return less / (2 * below.size), more / (2 * above.size)


def _logit_interval(estimate: float, error: float, freedom: int, level: float) -> tuple[float, float]:
    quantile = float(stdtrit(freedom, 1 - (1 - level) / 2))
    centre, half = log(estimate / (1 - estimate)), quantile * error / (estimate * (1 - estimate))
    return 1 / (1 + exp(min(700.0, half - centre))), 1 / (1 + exp(max(-700.0, -half - centre)))


# ---- At a rate of false alarms ---------------------------------------------------------------------------


def found_at(scored: Sequence[Scored], at_most: float, level: float = LEVEL) -> OperatingPoint:
    """What is found at this rate of false alarms; see the module's text."""
    _, scores, truth = arrays(scored)
    threshold = threshold_at(scores, truth, at_most)
    flagged = [(each, threshold is not None and each.score >= threshold) for each in scored]
    negatives = int((~truth).sum())
    note = None
    if negatives * at_most < 1:
        note = f"{negatives} negatives can't show a rate of {100 * at_most:g} %: not one may be flagged"
    return OperatingPoint(
        at_most=at_most,
        threshold=threshold,
        found=clustered_rate(((each.cluster, flag) for each, flag in flagged if each.positive), level),
        false_alarms=clustered_rate(
            ((each.cluster, flag) for each, flag in flagged if not each.positive), level
        ),
        note=note,
    )


def threshold_at(scores: Floats, truth: NDArray[np.bool_], at_most: float) -> float | None:
    """The lowest score from which on at most this share of the negatives lies."""
    negatives = np.sort(scores[~truth])
    candidates = np.unique(scores)
    if not candidates.size:
        return None
    flagged = negatives.size - np.searchsorted(negatives, candidates, "left")
    fit = candidates[flagged <= at_most * negatives.size + 1e-9]
    return float(fit[0]) if fit.size else None
