"""Whether a study of this size could find what it is looking for, decided before it is run.

*Two rates, episodes not paired*: by enumerating all outcomes, the power of Boschloo's exact test up to
250 episodes an arm, and that of Fisher's up to 5,000, which is a little lower. Beyond that the normal
approximation on the arcsine scale (Cohen 1988, chapter 6). It isn't used for less, because it promises
too much when one rate is near 0: for 0 against 5 % and 120 episodes an arm it says 0.94, and Boschloo's
test has 0.72.

*Paired seeds*: the power of McNemar's exact test, by enumeration. Pairs in which both runs agree say
nothing, so what counts is how many pairs differ: the more alike the two runs of a seed are, the fewer
by chance.

*Clusters*: m episodes of one cluster are worth m / (1 + (m - 1) icc) independent ones (the design
effect of Kish 1965). With icc 1 a cluster counts once.

All effects are rises from ``base``; a fall from p is a rise to p from the lower rate.
"""

from collections.abc import Callable
from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, gammaln, xlog1py, xlogy

from ulterior.analysis.statistics.libraries import BOSCHLOO, arcsine_power

__all__ = [
    "design_effect",
    "detectable_paired_rise",
    "detectable_rise",
    "effective_size",
    "method_at",
    "needed_per_arm",
    "paired_power",
    "power_of_two_rates",
]

FISHER = 5_000
_NUISANCE = np.linspace(0.005, 0.995, 199)
_PRECISION = 1e-4

Floats = NDArray[np.float64]


def design_effect(size: float, icc: float) -> float:
    """How many times more episodes clusters of ``size`` need; ``icc`` in 0..1."""
    return 1 + (size - 1) * icc


def effective_size(clusters: int, size: float, icc: float) -> float:
    """How many independent episodes ``clusters`` of ``size`` episodes are worth."""
    return clusters * size / design_effect(size, icc)


def method_at(n: float) -> str:
    """How :func:`power_of_two_rates` computes at this size."""
    if int(n) <= BOSCHLOO:
        return "Boschloo's test, enumerated"
    return "Fisher's test, enumerated" if int(n) <= FISHER else "normal approximation, arcsine scale"


def power_of_two_rates(base: float, other: float, n: float, alpha: float = 0.05) -> float:
    """The chance of a two-sided p <= alpha with ``n`` independent episodes an arm; rates in 0..1.

    A fractional ``n`` (an effective size) is rounded down.
    """
    n = int(n)
    if n < 1:
        return 0.0
    if n > FISHER:
        return arcsine_power(other, n, base, n, alpha)
    if n <= BOSCHLOO:
        return float(_binomial(n, base) @ _boschloo_region(n, alpha) @ _binomial(n, other))
    return _fisher_power(base, other, n, alpha)


def detectable_rise(base: float, n: float, power: float = 0.8, alpha: float = 0.05) -> float | None:
    """The smallest rate above ``base`` that is told from it with this power; None when not even 1 is."""
    return _least(lambda rate: power_of_two_rates(base, rate, n, alpha), base, power)


def needed_per_arm(base: float, other: float, power: float = 0.8, alpha: float = 0.05) -> int:
    """The smallest number of independent episodes an arm that reaches this power.

    Raises ``ValueError`` when the rates are equal.
    """
    if base == other:
        raise ValueError("no number of episodes tells equal rates apart")
    low, high = 1, 2
    while power_of_two_rates(base, other, high, alpha) < power:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if power_of_two_rates(base, other, middle, alpha) < power:
            low = middle
        else:
            high = middle
    return high


def paired_power(base: float, other: float, pairs: int, alike: float, alpha: float = 0.05) -> float:
    """The power of McNemar's exact test over ``pairs`` seeds, each run once in either arm.

    ``alike`` in 0..1 is the correlation of the two runs of a seed, at most what the two rates allow.
    """
    both = min(min(base, other), base * other + alike * sqrt(base * (1 - base) * other * (1 - other)))
    differing = min(1.0, base + other - 2 * both)
    if differing <= 0:
        return 0.0
    gaining = min(1.0, (other - both) / differing)  # rounding may leave it above 1
    return float(
        sum(
            chance * float(_binomial(m, gaining) @ _mcnemar_region(m, alpha))
            for m, chance in enumerate(_binomial(pairs, differing))
            if chance > 1e-12
        )
    )


def detectable_paired_rise(
    base: float, pairs: int, alike: float, power: float = 0.8, alpha: float = 0.05
) -> float | None:
    """The smallest rate above ``base`` that pairs tell from it with this power; None when not even 1
    is.
    """
    return _least(lambda rate: paired_power(base, rate, pairs, alike, alpha), base, power)


def _least(power_at: Callable[[float], float], base: float, power: float) -> float | None:
    low, high = base, 1.0
    if power_at(high) < power:
        return None
    while high - low > _PRECISION:
        middle = (low + high) / 2
        low, high = (middle, high) if power_at(middle) < power else (low, middle)
    return high


def _binomial(n: int, p: float | Floats) -> Floats:
    """Probabilities of 0 to n; for an array of p one row each."""
    k = np.arange(n + 1)
    p = np.asarray(p, dtype=np.float64)[..., None]
    return np.exp(_log_choose(n, k) + xlogy(k, p) + xlog1py(n - k, -p))


def _log_choose(n: int, k: NDArray[np.int64]) -> Floats:
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))


@lru_cache(maxsize=64)
def _boschloo_region(n: int, alpha: float) -> NDArray[np.bool_]:
    """Which pairs of counts (n + 1, n + 1) Boschloo's test rejects.

    Tables are ordered by Fisher's p-value; as many are taken as keep the error at alpha, whatever the
    common rate is (searched on a grid of 199).
    """
    fisher = _fisher(n)
    order = np.argsort(fisher, axis=None, kind="stable")
    sorted_p = fisher.ravel()[order]
    worst = np.zeros(len(order))
    for chances in _binomial(n, _NUISANCE):
        np.maximum(worst, np.cumsum(np.outer(chances, chances).ravel()[order]), out=worst)
    last_of_tie = np.append(sorted_p[1:] > sorted_p[:-1] * (1 + 1e-9), True)
    within = np.flatnonzero(last_of_tie & (worst <= alpha))
    limit = sorted_p[within[-1]] if len(within) else -1.0
    return fisher <= limit * (1 + 1e-9)


def _fisher(n: int) -> Floats:
    """Fisher's two-sided p-value of every pair of counts (n + 1, n + 1)."""
    table = np.empty((n + 1, n + 1))
    for events in range(2 * n + 1):
        first, p = _fisher_of_margin(n, events)
        table[events - first, first] = p
    return table


def _fisher_of_margin(n: int, events: int) -> tuple[NDArray[np.int64], Floats]:
    """The possible numbers in the second arm when both hold ``events`` together, and their p-values.

    The p-value is the chance of all numbers that are at most as likely. The chances rise to the middle
    and fall again, alike on both sides as the arms are of one size: those are both tails.
    """
    first = np.arange(max(0, events - n), min(n, events) + 1)
    logs = _log_choose(n, first) + _log_choose(n, events - first)
    chances = np.exp(logs - logs.max())
    tail = np.cumsum(chances) / chances.sum()
    return first, np.minimum(1.0, 2 * np.minimum(tail, tail[::-1]))


def _fisher_power(base: float, other: float, n: int, alpha: float) -> float:
    """By enumerating the counts that can occur at all."""
    low, high = (_binomial(n, rate) for rate in (base, other))
    likely, likely_other = np.flatnonzero(low > 1e-10), np.flatnonzero(high > 1e-10)
    total = 0.0
    for events in range(int(likely[0] + likely_other[0]), int(likely[-1] + likely_other[-1]) + 1):
        first, p = _fisher_of_margin(n, events)
        rejected = first[p <= alpha]
        total += float(low[events - rejected] @ high[rejected])
    return total


def _mcnemar_region(differing: int, alpha: float) -> Floats:
    """1 for every number gained, 0 to ``differing``, that McNemar's exact test rejects."""
    k = np.arange(differing + 1)
    p = np.minimum(1.0, 2 * bdtr(np.minimum(k, differing - k), differing, 0.5))
    return (p <= alpha).astype(np.float64)
