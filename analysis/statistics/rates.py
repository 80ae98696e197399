"""Rates with intervals that hold at 0 of n.

Which interval, and why
-----------------------
*One episode per instance.* Episodes of different instance seeds are independent given the model and the
scenario, so the count is binomial and the Clopper-Pearson interval covers at least at its level whatever
the rate (Clopper and Pearson 1934, Biometrika 26). Pooling cells with different rates keeps it valid for
their mean: the sum then varies less than a binomial one (Hoeffding 1956, Ann. Math. Statist. 27).

*Several epochs per instance.* Repetitions on one instance resemble each other, and an interval that
counts every episode would be too narrow. Instances are then taken as clusters and each cluster as one
observation, its mean: the estimate is the mean of the instance means, and the interval is the
Clopper-Pearson interval for that many "hits" among as many trials as there are instances, with
fractional hits allowed. This is the interval of Korn and Graubard (1998, Survey Methodology 24) with the
effective sample size at its lower bound, the number of clusters, which is right when repetitions are
copies of each other and too wide when they are not. It never claims more certainty than there is: more
epochs move the estimate but don't narrow the interval beyond what the instances allow. Simulated
coverage at a nominal 0.95 with 20 instances, 5 epochs and an intra-class correlation of 0.3: 1.00 at
rates of 0.03, 0.1 and 0.3; with a correlation of 1: 0.98, 0.99, 0.98.

Both speak of the scenarios that were run (``estimand``), with instances as the sample. What may be said
about scenarios like them is in :mod:`ulterior.analysis.statistics.population`.
"""

from collections.abc import Hashable, Iterable
from math import sqrt
from statistics import NormalDist
from typing import Literal

from scipy.special import betaincinv

from ulterior.analysis.statistics.estimand import Estimand
from ulterior.traces import Frozen

__all__ = ["LEVEL", "Interval", "Rate", "clopper_pearson", "clustered_rate", "exact_rate", "wilson"]

LEVEL = 0.95

Interval = tuple[float, float]
"""Lower and upper bound of a proportion, both in 0..1."""

Method = Literal["exact binomial", "exact binomial on instance means", "no data"]


class Rate(Frozen):
    """``k`` of ``n`` episodes with the bounds of a two-sided interval at ``level``; proportions in 0..1.

    ``estimate`` is k / n, or the mean of the instance means when instances were repeated. ``clusters``
    is the number of instances. Without data ``estimate``, ``low`` and ``high`` are None, which is not
    zero.
    """

    k: int
    n: int
    clusters: int
    estimate: float | None
    low: float | None
    high: float | None
    level: float = LEVEL
    method: Method
    estimand: Estimand = "this suite"


def exact_rate(k: int, n: int, level: float = LEVEL) -> Rate:
    """The rate of ``k`` among ``n`` independent episodes, with its Clopper-Pearson interval."""
    if n == 0:
        return Rate(k=0, n=0, clusters=0, estimate=None, low=None, high=None, level=level, method="no data")
    low, high = clopper_pearson(k, n, level)
    return Rate(
        k=k, n=n, clusters=n, estimate=k / n, low=low, high=high, level=level, method="exact binomial"
    )


def clustered_rate(outcomes: Iterable[tuple[Hashable, bool]], level: float = LEVEL) -> Rate:
    """The rate of true outcomes, each given with its instance; see the module's text for the interval."""
    by_instance: dict[Hashable, list[bool]] = {}
    for instance, outcome in outcomes:
        by_instance.setdefault(instance, []).append(outcome)
    n, clusters = sum(map(len, by_instance.values())), len(by_instance)
    k = sum(map(sum, by_instance.values()))
    if n == clusters:
        return exact_rate(k, n, level)
    hits = sum(sum(group) / len(group) for group in by_instance.values())
    low, high = clopper_pearson(hits, clusters, level)
    return Rate(
        k=k,
        n=n,
        clusters=clusters,
        estimate=hits / clusters,
        low=low,
        high=high,
        level=level,
        method="exact binomial on instance means",
    )


def clopper_pearson(k: float, n: float, level: float = LEVEL) -> Interval:
    """The exact interval for ``k`` hits among ``n`` trials; both may be fractional (see the module's
    text).

    Raises ``ValueError`` unless 0 <= k <= n, n > 0 and 0 < level < 1.
    """
    _check(k, n, level)
    tail = (1 - level) / 2
    low = 0.0 if k <= 0 else float(betaincinv(k, n - k + 1, tail))
    high = 1.0 if k >= n else float(betaincinv(k + 1, n - k, 1 - tail))
    return low, high


def wilson(k: float, n: float, level: float = LEVEL) -> Interval:
    """Wilson's score interval (1927, JASA 22): shorter than the exact one, right on average over rates.

    Raises ``ValueError`` unless 0 <= k <= n, n > 0 and 0 < level < 1.
    """
    _check(k, n, level)
    z = NormalDist().inv_cdf(1 - (1 - level) / 2)
    p, q = k / n, z * z / n
    centre = (p + q / 2) / (1 + q)
    half = z / (1 + q) * sqrt(p * (1 - p) / n + q / (4 * n))
    low = 0.0 if k == 0 else max(0.0, centre - half)
    high = 1.0 if k == n else min(1.0, centre + half)
    return low, high


def _check(k: float, n: float, level: float) -> None:
    if not (n > 0 and 0 <= k <= n and 0 < level < 1):
        raise ValueError(f"no proportion: {k=}, {n=}, {level=}")
