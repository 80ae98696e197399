"""Exact tests of "the arm makes no difference in any scenario", by enumeration instead of resampling.

*Independent episodes.* Given each scenario's margins, the number of events in the first arm is a sum of
independent hypergeometric numbers. That is what permuting the arms within scenarios would sample, and
the test of Mantel and Haenszel (1959, JNCI 22) without its normal approximation.

*Paired clusters* (instances that both arms share, equally often): exchanging the arms within a cluster
changes nothing, so each cluster's difference may have either sign (Fisher 1935). With one pair a
cluster this is McNemar's exact test.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

__all__ = ["Counts", "sign_flip_test", "stratified_test"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Counts:
    """One stratum: ``k`` of ``n`` in the first arm, ``k0`` of ``n0`` in the reference."""

    k: int
    n: int
    k0: int
    n0: int


def stratified_test(strata: Sequence[Counts]) -> float:
    """Two-sided exact p-value: the probability of a sum at least as far from its expectation as
    the one observed. Both arms of every stratum hold data.
    """
    chances, first = np.ones(1), 0
    for stratum in strata:
        lowest, probabilities = _hypergeometric(stratum)
        chances, first = np.convolve(chances, probabilities), first + lowest
    sums = first + np.arange(len(chances))
    expected = sum(s.n * (s.k + s.k0) / (s.n + s.n0) for s in strata)
    observed = abs(sum(s.k for s in strata) - expected)
    return min(1.0, float(chances[np.abs(sums - expected) >= observed - 1e-9].sum()))


def _hypergeometric(stratum: Counts) -> tuple[int, Floats]:
    """The least number of events in the first arm, and the probabilities from there on."""
    events, total = stratum.k + stratum.k0, stratum.n + stratum.n0
    lowest, highest = max(0, events - stratum.n0), min(events, stratum.n)
    k = np.arange(lowest, highest + 1)
    logs = _log_choose(stratum.n, k) + _log_choose(stratum.n0, events - k) - _log_choose(total, events)
    probabilities = np.exp(logs)
    return lowest, probabilities / probabilities.sum()


def _log_choose(n: int, k: NDArray[np.int64] | int) -> Floats:
    return np.asarray(gammaln(n + 1) - gammaln(np.asarray(k) + 1) - gammaln(n - np.asarray(k) + 1))


def sign_flip_test(differences: Sequence[int]) -> float:
    """Two-sided exact p-value of a sum of differences when each could as well have the other sign."""
    reach = sum(map(abs, differences))
    chances = np.zeros(2 * reach + 1)
    chances[reach] = 1
    for size in (abs(difference) for difference in differences if difference):
        flipped = np.zeros_like(chances)
        flipped[size:] += chances[:-size] / 2
        flipped[:-size] += chances[size:] / 2
        chances = flipped
    sums = np.arange(-reach, reach + 1)
    return min(1.0, float(chances[np.abs(sums) >= abs(sum(differences))].sum()))
