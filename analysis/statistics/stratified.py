"""The rate over a fixed list of scenarios: every scenario counts as much as it is meant to.

Scenarios are strata here, not a sample: differences between scenarios make the interval no wider. The
estimate is sum(w_s p_s), where p_s is the mean over the scenario's instances. Two intervals:

``effective-n exact``
    The default: Clopper and Pearson's with an effective number of instances (Korn and Graubard 1998,
    Survey Methodology 24), which is p(1 - p) over the estimated variance of the estimate, but at most 1
    / sum(w_s^2 / n_s). With equal weights and sizes that cap is the number of instances, and the
    interval with it covers at any mix of rates, because a sum over unlike strata varies less than a
    binomial number (Hoeffding 1956, Ann. Math. Statist. 27). An instance that was repeated counts once.
``MOVER``
    Each stratum's distances from its rate to its Wilson bounds, weighted and added in quadrature (Zou
    and Donner 2008, Stat. Med. 27; Yan and Su 2010, Stat. Biopharm. Res. 2). Wilson's interval leans
    towards one half, and with many small strata the leanings add up: the lower bound is too high for
    rare events.

What each covers was simulated (``benchmarks/coverage.py``, table in ``docs/statistics.md``).
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from ulterior.analysis.statistics.estimand import Estimand
from ulterior.analysis.statistics.rates import LEVEL, Interval, clopper_pearson, wilson
from ulterior.traces import Frozen

__all__ = ["StratifiedRate", "stratified_rate"]

StratifiedMethod = Literal["effective-n exact", "MOVER"]


class StratifiedRate(Frozen):
    """``k`` of ``n`` episodes of ``clusters`` instances in ``strata`` scenarios; proportions in 0..1.

    ``effective_n`` is what the interval uses, None for MOVER. ``estimate`` and its bounds are None with
    a ``reason`` when there are no data, or when a scenario that carries weight has none.
    """

    k: int
    n: int
    clusters: int
    strata: int
    estimate: float | None
    low: float | None
    high: float | None
    effective_n: float | None
    level: float = LEVEL
    method: StratifiedMethod
    estimand: Estimand = "this suite"
    reason: str | None = None


@dataclass(frozen=True)
class _Stratum:
    """One scenario: its weight, and the share of events among the episodes of each instance."""

    weight: float
    means: tuple[float, ...]

    @property
    def n(self) -> int:
        return len(self.means)

    @property
    def mean(self) -> float:
        return sum(self.means) / self.n

    @property
    def variance(self) -> float:
        """Of the mean. One instance alone can't tell, and says the most that a proportion can vary."""
        if self.n == 1:
            return 0.25
        return sum((y - self.mean) ** 2 for y in self.means) / (self.n - 1) / self.n


def stratified_rate(
    outcomes: Iterable[tuple[str, Hashable, bool]],
    weights: Mapping[str, float] | None = None,
    level: float = LEVEL,
    method: StratifiedMethod = "effective-n exact",
) -> StratifiedRate:
    """The rate of true outcomes, each given with its scenario and its instance within the scenario.

    ``weights`` by scenario need not sum to 1; without them all scenarios that occur weigh the same.
    Raises ``ValueError`` when a weight is negative or all are zero.
    """
    groups: dict[str, dict[Hashable, list[bool]]] = {}
    for stratum, instance, outcome in outcomes:
        groups.setdefault(stratum, {}).setdefault(instance, []).append(outcome)
    shares = _shares(weights if weights is not None else dict.fromkeys(groups, 1.0))
    empty = sorted(str(stratum) for stratum, share in shares.items() if share > 0 and stratum not in groups)
    estimate = low = high = effective = reason = None
    if not groups:
        reason = "no data"
    elif empty:
        reason = f"no data in {', '.join(empty)}"
    else:
        strata = [
            _Stratum(share, tuple(sum(run) / len(run) for run in groups[stratum].values()))
            for stratum, share in shares.items()
            if share > 0
        ]
        estimate = min(1.0, sum(stratum.weight * stratum.mean for stratum in strata))
        if method == "MOVER":
            low, high = _mover(estimate, strata, level)
        else:
            effective = _effective_n(estimate, strata)
            low, high = clopper_pearson(min(estimate * effective, effective), effective, level)
    runs = [run for instances in groups.values() for run in instances.values()]
    return StratifiedRate(
        k=sum(map(sum, runs)),
        n=sum(map(len, runs)),
        clusters=len(runs),
        strata=len(groups),
        estimate=estimate,
        low=low,
        high=high,
        effective_n=effective,
        level=level,
        method=method,
        reason=reason,
    )


def _effective_n(estimate: float, strata: Iterable[_Stratum]) -> float:
    strata = list(strata)
    most = 1 / sum(stratum.weight**2 / stratum.n for stratum in strata)
    variance = sum(stratum.weight**2 * stratum.variance for stratum in strata)
    return min(most, estimate * (1 - estimate) / variance) if variance > 0 and 0 < estimate < 1 else most


def _mover(estimate: float, strata: Iterable[_Stratum], level: float) -> Interval:
    down = up = 0.0
    for stratum in strata:
        low, high = wilson(stratum.mean * stratum.n, stratum.n, level)
        down += (stratum.weight * (stratum.mean - low)) ** 2
        up += (stratum.weight * (high - stratum.mean)) ** 2
    return max(0.0, estimate - sqrt(down)), min(1.0, estimate + sqrt(up))


def _shares(weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weights.values())
    if weights and (total <= 0 or min(weights.values()) < 0):
        raise ValueError(f"no weights: {dict(weights)}")
    return {stratum: weight / total for stratum, weight in weights.items()}
