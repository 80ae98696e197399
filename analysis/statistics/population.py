"""Rates over clusters: how often in scenarios like these, with intervals that know how alike a cluster's
episodes are.

The estimate is the mean over clusters of each cluster's own rate, so every scenario counts alike however
many episodes it has; its variance is that of a mean of ``clusters`` independent numbers. Three intervals
are offered, and all use Student's t with clusters - 1 degrees of freedom, because the variance itself is
estimated from few clusters:

``effective-n exact``
    The default. Korn and Graubard (1998, Survey Methodology 24): the Clopper-Pearson interval with the
    effective sample size n / design effect, times (t[n-1] / t[clusters-1])^2. The variance of a rare
    event that shows in two or three clusters is mostly luck, and with it the effective size. So when
    fewer than five clusters hold events, or fewer than five hold anything else, the effective size is
    the number of clusters: its smallest possible value, reached when a cluster's episodes are copies of
    each other.
``effective-n Wilson``
    The score interval with the effective sample size (Dean and Pagano 2015, J. Surv. Stat. Methodol. 3;
    Franco et al. 2019, ibid. 7). Shorter, and too short for rare events in few clusters.
``logit-t``
    Symmetric on the logit scale, by the delta method. Has no bounds when nothing or everything happened.

What each covers was simulated (``benchmarks/coverage.py``, table in ``docs/statistics.md``).
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Literal

from scipy.special import stdtrit

from ulterior.analysis.statistics.estimand import Estimand
from ulterior.analysis.statistics.rates import LEVEL, Interval, clopper_pearson
from ulterior.analysis.statistics.wording import several
from ulterior.traces import Frozen

__all__ = ["FEW_CLUSTERS", "FEW_WITH_EVENTS", "PopulationRate", "population_rate", "population_rate_of"]

FEW_CLUSTERS = 15
FEW_WITH_EVENTS = 5

PopulationMethod = Literal["effective-n exact", "effective-n Wilson", "logit-t"]


class PopulationRate(Frozen):
    """``k`` of ``n`` episodes in ``clusters`` clusters, of which ``with_events`` hold at least one.

    ``estimate`` is the mean of the clusters' rates. ``icc`` is the intra-class correlation (analysis of
    variance estimator, not below 0), ``design_effect`` the variance of the estimate over that of ``n``
    independent episodes, and ``effective_n`` the sample size that the interval uses. Each is None where
    it can't be known, and the bounds with it where that is so, with the ``reason``.
    """

    k: int
    n: int
    clusters: int
    with_events: int
    estimate: float | None
    low: float | None
    high: float | None
    icc: float | None
    design_effect: float | None
    effective_n: float | None
    level: float = LEVEL
    method: PopulationMethod
    estimand: Estimand = "scenarios like these"
    warnings: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True)
class _Sample:
    """Episodes and events of each cluster."""

    sizes: tuple[int, ...]
    events: tuple[int, ...]

    @property
    def n(self) -> int:
        return sum(self.sizes)

    @property
    def means(self) -> list[float]:
        return [k / m for k, m in zip(self.events, self.sizes, strict=True)]

    @property
    def mean(self) -> float:
        return sum(self.means) / len(self.sizes)

    @property
    def variance(self) -> float:
        """Of the mean; needs two clusters."""
        clusters = len(self.sizes)
        return sum((y - self.mean) ** 2 for y in self.means) / (clusters - 1) / clusters

    @property
    def with_events(self) -> int:
        return sum(k > 0 for k in self.events)

    @property
    def with_others(self) -> int:
        return sum(k < m for k, m in zip(self.events, self.sizes, strict=True))


def population_rate(
    outcomes: Iterable[tuple[Hashable, bool]],
    level: float = LEVEL,
    method: PopulationMethod = "effective-n exact",
    estimand: Estimand = "scenarios like these",
) -> PopulationRate:
    """The rate of true outcomes, each given with its cluster (a scenario); see the module's text.

    With instances as clusters pass ``estimand="this suite"``. Raises ``ValueError`` unless 0 < level <
    1.
    """
    by_cluster: dict[Hashable, list[bool]] = {}
    for cluster, outcome in outcomes:
        by_cluster.setdefault(cluster, []).append(outcome)
    counts = [(sum(group), len(group)) for group in by_cluster.values()]
    return population_rate_of(counts, level, method, estimand)


def population_rate_of(
    counts: Iterable[tuple[int, int]],
    level: float = LEVEL,
    method: PopulationMethod = "effective-n exact",
    estimand: Estimand = "scenarios like these",
) -> PopulationRate:
    """The same from every cluster's events and episodes. Raises ``ValueError`` on what can't be counts."""
    counts = list(counts)
    if not 0 < level < 1 or any(not 0 <= events <= size or not size for events, size in counts):
        raise ValueError(f"no rates: {level=}, {counts=}")
    sample = _Sample(tuple(size for _, size in counts), tuple(events for events, _ in counts))
    clusters = len(counts)
    bounds = effective = reason = None
    if clusters == 0:
        reason = "no data"
    elif clusters == 1:
        reason = "one cluster says nothing about how clusters differ"
    else:
        effective = _effective_n(sample, level, method)
        bounds = _bounds(sample, effective, level, method)
        if bounds is None:
            reason = "a logit has no interval when all outcomes are alike"
    low, high = bounds or (None, None)
    return PopulationRate(
        k=sum(sample.events),
        n=sample.n,
        clusters=clusters,
        with_events=sample.with_events,
        estimate=sample.mean if clusters else None,
        low=low,
        high=high,
        icc=_icc(sample),
        design_effect=_design_effect(sample),
        effective_n=effective,
        level=level,
        method=method,
        estimand=estimand,
        warnings=tuple(_warnings(sample, method)) if clusters else (),
        reason=reason,
    )


def _effective_n(sample: _Sample, level: float, method: PopulationMethod) -> float:
    clusters = len(sample.sizes)
    effect = _design_effect(sample)
    few = min(sample.with_events, sample.with_others) < FEW_WITH_EVENTS
    if effect is None or (few and method == "effective-n exact"):
        return float(clusters)
    effective = sample.n / max(effect, 1.0)
    if method == "effective-n exact":
        effective *= (_t(level, sample.n - 1) / _t(level, clusters - 1)) ** 2
    return effective


def _bounds(sample: _Sample, effective: float, level: float, method: PopulationMethod) -> Interval | None:
    p, t = sample.mean, _t(level, len(sample.sizes) - 1)
    if method == "effective-n exact":
        return clopper_pearson(min(p * effective, effective), effective, level)
    if method == "effective-n Wilson":
        return _score_bounds(p, effective, t)
    if not 0 < p < 1:
        return None
    half = t * sqrt(sample.variance) / (p * (1 - p))
    middle = log(p / (1 - p))
    return 1 / (1 + exp(half - middle)), 1 / (1 + exp(-half - middle))


def _score_bounds(p: float, n: float, quantile: float) -> Interval:
    """Wilson's interval around the proportion ``p`` of ``n``, with any quantile in place of the
    normal's.
    """
    q = quantile * quantile / n
    centre = (p + q / 2) / (1 + q)
    half = quantile / (1 + q) * sqrt(p * (1 - p) / n + q / (4 * n))
    return max(0.0, centre - half) if p > 0 else 0.0, min(1.0, centre + half) if p < 1 else 1.0


def _design_effect(sample: _Sample) -> float | None:
    """Variance of the mean of cluster means over p(1 - p) / n; None when all outcomes are alike."""
    if len(sample.sizes) < 2 or not 0 < sample.mean < 1:
        return None
    return sample.variance / (sample.mean * (1 - sample.mean) / sample.n)


def _icc(sample: _Sample) -> float | None:
    """The analysis-of-variance estimator (Donner 1986, Int. Stat. Rev. 54), with n0 for unequal sizes."""
    clusters, n, k = len(sample.sizes), sample.n, sum(sample.events)
    if clusters < 2 or n == clusters or k in (0, n):
        return None
    pairs = list(zip(sample.events, sample.sizes, strict=True))
    within = sum(events * (1 - events / size) for events, size in pairs) / (n - clusters)
    between = sum(size * (events / size - k / n) ** 2 for events, size in pairs) / (clusters - 1)
    usual = (n - sum(size * size for size in sample.sizes) / n) / (clusters - 1)
    return max(0.0, (between - within) / (between + (usual - 1) * within))


def _warnings(sample: _Sample, method: PopulationMethod) -> Iterable[str]:
    clusters, with_events, with_others = len(sample.sizes), sample.with_events, sample.with_others
    if clusters < FEW_CLUSTERS:
        few = several(clusters, "cluster")
        yield f"only {few}: how far they differ is hardly known (fewer than {FEW_CLUSTERS})"
    for what, number in (("events", with_events), ("anything but events", with_others)):
        if number < FEW_WITH_EVENTS:
            taken = "; each cluster counts once" if method == "effective-n exact" else ""
            where = f"{number} of {several(clusters, 'cluster')}"
            yield f"{what} in {where} (fewer than {FEW_WITH_EVENTS}){taken}"


def _t(level: float, freedom: int) -> float:
    return float(stdtrit(freedom, 1 - (1 - level) / 2))
