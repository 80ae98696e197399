"""The difference of two arms within scenarios, put together by Mantel and Haenszel's weights.

Episodes are compared within their scenario only, so that arms with another mix of scenarios are no
confounder. The estimate is sum(w_s (p1_s - p0_s)) / sum(w_s) with w_s = n1_s n0_s / (n1_s + n0_s)
(Greenland and Robins 1985, Biometrics 41). Two variances:

*Every cluster is one episode*: Sato's (1989, Biometrics 45), which holds for few large strata and for
many sparse ones alike. With R_s = w_s (p1_s - p0_s)::

    P = sum((n1^2 k0 - n0^2 k1 + n1 n0 (n0 - n1) / 2) / N^2)
    Q = sum((k1 (n0 - k0) + k0 (n1 - k1)) / (2 N))
    var = (estimate P + Q) / sum(w)^2

*Clusters of several episodes* (repetitions; or an instance that both arms share, or that several models
met): the sum over clusters of their squared residuals, as in a cluster-robust regression (Liang and
Zeger 1986, Biometrika 73), with Student's t. A residual is an outcome less its arm's rate in its
stratum, times its weight in the estimate, times sqrt(G / (G - 1)) where G clusters make that rate up.
It is right for positive correlation within an arm and gains from pairing between arms. A stratum with
one cluster in an arm has no residuals: there the strata themselves are the sample, each with its
difference less the estimate. With whole scenarios as clusters that is all there is, and what is
estimated is about scenarios like these.

Where nothing varies (all outcomes alike) either variance is 0 and would claim certainty. The bounds are
then exact ones of the two arms, each at half of the error, subtracted bound from opposite bound.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from scipy.special import stdtrit

from ulterior.analysis.statistics.contrast import Contrast
from ulterior.analysis.statistics.estimand import Estimand
from ulterior.analysis.statistics.exact_test import Counts, sign_flip_test, stratified_test
from ulterior.analysis.statistics.rates import LEVEL, clopper_pearson
from ulterior.analysis.statistics.wording import several

__all__ = ["Comparison", "StratifiedFit", "mantel_haenszel", "stratified_difference"]

FEW_WITH_EVENTS = 5


@dataclass(frozen=True)
class Comparison:
    """One episode of a comparison: its stratum, its independent unit (an instance), its arm, what came out.

    The stratum is whatever episodes must share to be compared: the scenario, and perhaps the model.
    ``first`` says whether it belongs to the arm of interest; the other is the reference.
    """

    stratum: Hashable
    cluster: Hashable
    first: bool
    outcome: bool


def stratified_difference(
    rows: Iterable[Comparison], level: float = LEVEL, estimand: Estimand = "this suite"
) -> Contrast:
    """First arm minus reference over the strata that hold both; see the module's text.

    Clusters are known by their keys alone: give instances of two scenarios different ones. Raises
    ``ValueError`` unless 0 < level < 1.
    """
    return StratifiedFit(rows, estimand).at(level)


class StratifiedFit:
    """The estimate with all that its intervals need, for whoever wants it at several levels.

    What takes time (tables, variance, exact test) is computed once.
    """

    def __init__(self, rows: Iterable[Comparison], estimand: Estimand = "this suite") -> None:
        rows = list(rows)
        table = _tabulate(rows)
        both = {stratum for stratum, counts in table.items() if counts.n and counts.n0}
        self._estimand: Estimand = estimand
        self._used = [row for row in rows if row.stratum in both]
        self._strata = [table[stratum] for stratum in table if stratum in both]
        self._clusters = len({row.cluster for row in self._used})
        self._warnings = tuple(_warnings(self._used, len(table) - len(self._strata)))
        self._estimate: float | None = None
        self._variance, self._freedom = 0.0, inf
        self._p: float | None = None
        self._test: str | None = None
        self._method, self._reasons = "Mantel-Haenszel, Sato's variance", dict[str, str]()
        if not self._strata:
            self._reasons |= dict.fromkeys(
                ("estimate", "low", "high", "p"), "no stratum has data of both arms"
            )
            return
        self._estimate, self._variance = mantel_haenszel(self._strata)
        if self._clusters == len(self._used):
            self._p = stratified_test(self._strata)
            self._test = "exact, permuting the arms within scenarios"
            return
        self._method = "Mantel-Haenszel, cluster-robust variance"
        within = {stratum: table[stratum] for stratum in both}
        self._variance, self._freedom = _cluster_variance(self._used, within, self._estimate)
        self._p = _paired_test(self._used)
        if self._p is None:
            self._reasons["p"] = "clusters of several episodes that aren't paired: no exact test"
        else:
            self._test = "exact, swapping the arms within clusters"

    def at(self, level: float) -> Contrast:
        """With the interval at a level. Raises ``ValueError`` unless 0 < level < 1."""
        if not 0 < level < 1:
            raise ValueError(f"no level: {level}")
        low = high = None
        method, reasons = self._method, dict(self._reasons)
        if self._estimate is None:
            pass
        elif self._variance <= 1e-15:
            method = "exact bounds of the arms: nothing varies"
            low, high = _exact_bounds(self._used, level)
        elif self._freedom == 0:
            reasons |= dict.fromkeys(("low", "high"), "one cluster says nothing about how clusters differ")
        else:
            half = float(stdtrit(self._freedom, 1 - (1 - level) / 2)) * sqrt(self._variance)
            low, high = max(-1.0, self._estimate - half), min(1.0, self._estimate + half)
        totals = [sum(getattr(s, name) for s in self._strata) for name in ("k", "n", "k0", "n0")]
        k, n, k0, n0 = totals
        return Contrast(
            k=k,
            n=n,
            k0=k0,
            n0=n0,
            clusters=self._clusters,
            strata=len(self._strata),
            estimate=self._estimate,
            low=low,
            high=high,
            p=self._p,
            level=level,
            method=method,
            test=self._test,
            estimand=self._estimand,
            warnings=self._warnings,
            reasons=reasons,
        )


def _tabulate(rows: Sequence[Comparison]) -> dict[Hashable, Counts]:
    counts: dict[Hashable, list[int]] = {}
    for row in rows:
        cell = counts.setdefault(row.stratum, [0, 0, 0, 0])
        at = 0 if row.first else 2
        cell[at] += row.outcome
        cell[at + 1] += 1
    return {stratum: Counts(*cell) for stratum, cell in counts.items()}


def mantel_haenszel(strata: Sequence[Counts]) -> tuple[float, float]:
    """The risk difference and Sato's variance; both arms of every stratum hold data."""
    k, n, k0, n0 = (np.array([getattr(s, name) for s in strata], float) for name in ("k", "n", "k0", "n0"))
    total = n + n0
    weight = (n * n0 / total).sum()
    estimate = ((k * n0 - k0 * n) / total).sum() / weight
    skew = ((n**2 * k0 - n0**2 * k + n * n0 * (n0 - n) / 2) / total**2).sum()
    spread = ((k * (n0 - k0) + k0 * (n - k)) / (2 * total)).sum()
    return float(estimate), max(0.0, float((estimate * skew + spread) / weight**2))


def _cluster_variance(
    rows: Sequence[Comparison], table: Mapping[Hashable, Counts], estimate: float
) -> tuple[float, int]:
    """The variance over clusters and its degrees of freedom; ``table`` holds both arms of all strata."""
    members: dict[tuple[Hashable, bool], set[Hashable]] = {}
    for row in rows:
        members.setdefault((row.stratum, row.first), set()).add(row.cluster)
    single = {s for s in table if min(len(members[s, True]), len(members[s, False])) < 2}
    residuals: dict[Hashable, float] = {}
    reached: dict[Hashable, set[Hashable]] = {}
    for row in rows:
        if row.stratum not in single:
            counts, clusters = table[row.stratum], len(members[row.stratum, row.first])
            rate, weight = (counts.k, counts.n0) if row.first else (counts.k0, -counts.n)
            share = weight / (counts.n + counts.n0) * sqrt(clusters / (clusters - 1))
            own = share * (row.outcome - rate / (counts.n if row.first else counts.n0))
            residuals[row.cluster] = residuals.get(row.cluster, 0.0) + own
            reached.setdefault(row.cluster, set()).add(row.stratum)
    parts = [_parts(table[stratum]) for stratum in single]
    squares = sum(own**2 for own in residuals.values())
    between = sum((top - estimate * bottom) ** 2 for top, bottom in parts)
    squares += between * (len(parts) / (len(parts) - 1) if len(parts) > 1 else 1.0)
    freedom = len(residuals) - len(set(map(frozenset, reached.values()))) + max(0, len(parts) - 1)
    return squares / sum(_parts(counts)[1] for counts in table.values()) ** 2, freedom


def _by_cluster(rows: Iterable[Comparison]) -> dict[Hashable, dict[Hashable, Counts]]:
    """The counts of every cluster in every stratum that it has episodes in."""
    clusters: dict[Hashable, list[Comparison]] = {}
    for row in rows:
        clusters.setdefault(row.cluster, []).append(row)
    return {cluster: _tabulate(own) for cluster, own in clusters.items()}


def _paired_test(rows: Sequence[Comparison]) -> float | None:
    """The sign-flip test when every cluster has as many episodes in one arm as in the other."""
    clusters = [list(own.values()) for own in _by_cluster(rows).values()]
    if any(counts.n != counts.n0 for own in clusters for counts in own):
        return None
    return sign_flip_test([sum(counts.k - counts.k0 for counts in own) for own in clusters])


def _parts(counts: Counts) -> tuple[float, float]:
    """A stratum's share of the estimate's numerator and denominator."""
    total = counts.n + counts.n0
    return (counts.k * counts.n0 - counts.k0 * counts.n) / total, counts.n * counts.n0 / total


def _exact_bounds(rows: Sequence[Comparison], level: float) -> tuple[float, float]:
    each = 1 - (1 - level) / 2
    bounds: list[tuple[float, float]] = []
    for first in (True, False):
        arm = [row for row in rows if row.first == first]
        units = len({row.cluster for row in arm})
        share = sum(row.outcome for row in arm) / len(arm)
        bounds.append(clopper_pearson(share * units, units, each))
    (low, high), (low0, high0) = bounds
    return low - high0, high - low0


def _warnings(rows: Sequence[Comparison], left_out: int) -> Iterable[str]:
    if left_out:
        yield f"left out because only one arm has data there: {several(left_out, 'stratum', 'strata')}"
    with_events = len({row.cluster for row in rows if row.outcome})
    if rows and with_events < FEW_WITH_EVENTS:
        where = several(with_events, "cluster")
        yield f"events in {where} (fewer than {FEW_WITH_EVENTS}): the bounds are rough"
