"""How well a detector's score tells episodes with an outcome from those without.

*AUROC*: the chance that an episode with the outcome has the higher score, ties counted half. Its
interval inverts the score test with Hanley and McNeil's variance (1982, Radiology 143) in Newcombe's
form (2006, Stat. Med. 25, method 5): all A with |auc - A| <= z sqrt(V(A)), where, with N = (m + n) / 2
- 1, ::

    V(A) = A (1 - A) (1 + N (1 - A) / (2 - A) + N A / (1 + A)) / (m n)

It stays in 0..1 and has a width also when the score never errs.

*TPR at an FPR*: the score above which episodes are flagged is the lowest at which at most that share of
the negatives is. Fewer than 1 / FPR negatives can't tell such a rate from zero; that is a warning.
Bounds are Clopper-Pearson's for the positives above the threshold, which is taken as fixed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from ulterior.analysis.statistics.estimand import Estimand
from ulterior.analysis.statistics.rates import LEVEL, Interval, clopper_pearson
from ulterior.traces import Frozen

__all__ = ["Measure", "Operating", "auroc", "operating_point", "tpr_at_fpr"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Measure(Frozen):
    """One number about a detector on ``positives`` episodes with the outcome and ``negatives`` without.

    ``threshold`` and ``achieved`` belong to a TPR at an FPR: scores from the threshold on are flagged,
    and ``achieved`` is the share of negatives that are. ``p`` belongs to a difference. What is None has
    a ``reason``.
    """

    measure: str
    positives: int
    negatives: int
    estimate: float | None
    low: float | None
    high: float | None
    threshold: float | None = None
    achieved: float | None = None
    level: float = LEVEL
    method: str
    estimand: Estimand = "this suite"
    warnings: tuple[str, ...] = ()
    reason: str | None = None


class Operating(Frozen):
    """A detector that says yes or no: sensitivity, specificity, and their product (the square of the
    geometric mean, which no imbalance of the two kinds flatters)."""

    sensitivity: Measure
    specificity: Measure
    g_mean_squared: Measure


@dataclass(frozen=True)
class Scored:
    """Scores of positives and negatives, each in the order given."""

    scores: Floats
    truth: Flags

    @property
    def positives(self) -> Floats:
        return self.scores[self.truth]

    @property
    def negatives(self) -> Floats:
        return self.scores[~self.truth]


def scored_episodes(scores: Sequence[float], truth: Sequence[bool]) -> Scored:
    if len(scores) != len(truth):
        raise ValueError(f"{len(scores)} scores for {len(truth)} episodes")
    scored = Scored(np.asarray(scores, dtype=np.float64), np.asarray(truth, dtype=bool))
    if not np.isfinite(scored.scores).all():
        raise ValueError("a score is no number; leave out who abstained")
    return scored


def auroc(scores: Sequence[float], truth: Sequence[bool], level: float = LEVEL) -> Measure:
    """The area under the ROC curve. Raises ``ValueError`` when lengths differ or a score is no number."""
    scored = scored_episodes(scores, truth)
    m, n = len(scored.positives), len(scored.negatives)
    method = "score interval with Hanley and McNeil's variance"
    if not m or not n:
        return unmeasured("AUROC", m, n, level, method)
    area = area_under_roc(scored)
    low, high = _area_bounds(area, m, n, level)
    return Measure(
        measure="AUROC",
        positives=m,
        negatives=n,
        estimate=area,
        low=low,
        high=high,
        level=level,
        method=method,
    )


def tpr_at_fpr(scores: Sequence[float], truth: Sequence[bool], fpr: float, level: float = LEVEL) -> Measure:
    """The share of positives flagged when at most ``fpr`` (0..1) of the negatives are."""
    scored = scored_episodes(scores, truth)
    m, n = len(scored.positives), len(scored.negatives)
    name, method = f"TPR at {100 * fpr:g} % FPR", "Clopper-Pearson at the threshold"
    if not m or not n:
        return unmeasured(name, m, n, level, method)
    threshold = threshold_at(scored.negatives, fpr)
    found = int((scored.positives >= threshold).sum())
    low, high = clopper_pearson(found, m, level)
    few = (f"{n} negatives can't show a rate of {100 * fpr:g} %",) if n * fpr < 1 else ()
    return Measure(
        measure=name,
        positives=m,
        negatives=n,
        estimate=found / m,
        low=low,
        high=high,
        threshold=threshold,
        achieved=float((scored.negatives >= threshold).mean()),
        level=level,
        method=method,
        warnings=few,
    )


def operating_point(
    hits: int, positives: int, passed: int, negatives: int, level: float = LEVEL
) -> Operating:
    """Sensitivity ``hits`` / ``positives``, specificity ``passed`` / ``negatives``, and their product.

    The bounds of the product multiply those of both at half of the error each: at least ``level``.
    """
    each = 1 - (1 - level) / 2
    sensitivity = _share("sensitivity", hits, positives, positives, negatives, level)
    specificity = _share("specificity", passed, negatives, positives, negatives, level)
    method = "product of Clopper-Pearson bounds (Bonferroni)"
    if not positives or not negatives:
        product = unmeasured("g-mean squared", positives, negatives, level, method)
    else:
        low, high = clopper_pearson(hits, positives, each)
        low0, high0 = clopper_pearson(passed, negatives, each)
        product = Measure(
            measure="g-mean squared",
            positives=positives,
            negatives=negatives,
            estimate=hits / positives * passed / negatives,
            low=low * low0,
            high=high * high0,
            level=level,
            method=method,
        )
    return Operating(sensitivity=sensitivity, specificity=specificity, g_mean_squared=product)


def area_under_roc(scored: Scored) -> float:
    """By ranks: Mann and Whitney's count, ties half."""
    negatives = np.sort(scored.negatives)
    below = np.searchsorted(negatives, scored.positives, side="left")
    upto = np.searchsorted(negatives, scored.positives, side="right")
    return float((below + upto).sum() / 2 / len(negatives) / len(scored.positives))


def threshold_at(negatives: Floats, fpr: float) -> float:
    """The lowest score from which on at most this share of the negatives is flagged.

    Just above the first negative that must be left alone: a score tied with it is left alone, too.
    """
    allowed = int(np.floor(fpr * len(negatives) + 1e-9))
    if allowed >= len(negatives):
        return float("-inf")
    return float(np.nextafter(np.sort(negatives)[::-1][allowed], np.inf))


def _area_bounds(area: float, m: int, n: int, level: float) -> Interval:
    z = float(ndtri(1 - (1 - level) / 2))
    size = (m + n) / 2 - 1

    def outside(a: float) -> bool:
        factor = 1 + size * (1 - a) / (2 - a) + size * a / (1 + a)
        return abs(area - a) > z * sqrt(max(0.0, a * (1 - a) * factor / (m * n)))

    return _edge(outside, 0.0, area), _edge(outside, 1.0, area)


def _edge(outside: Callable[[float], bool], far: float, near: float) -> float:
    """Where ``outside`` changes between ``far`` and ``near``, which is inside."""
    if not outside(far):
        return far
    for _ in range(60):
        middle = (far + near) / 2
        far, near = (middle, near) if outside(middle) else (far, middle)
    return near


def _share(name: str, k: int, n: int, positives: int, negatives: int, level: float) -> Measure:
    if not n:
        return unmeasured(name, positives, negatives, level, "Clopper-Pearson")
    low, high = clopper_pearson(k, n, level)
    return Measure(
        measure=name,
        positives=positives,
        negatives=negatives,
        estimate=k / n,
        low=low,
        high=high,
        level=level,
        method="Clopper-Pearson",
    )


def unmeasured(name: str, positives: int, negatives: int, level: float, method: str) -> Measure:
    missing = "no episode with the outcome" if not positives else "no episode without the outcome"
    return Measure(
        measure=name,
        positives=positives,
        negatives=negatives,
        estimate=None,
        low=None,
        high=None,
        level=level,
        method=method,
        reason=missing,
    )
