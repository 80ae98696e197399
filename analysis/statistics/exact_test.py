"""Tests of "the arm makes no difference" that count, or try, everything chance could have done.

*Independent episodes that have an outcome or not.* Given each scenario's margins, the number of events
in the first arm is a sum of independent hypergeometric numbers. That is what permuting the arms within
scenarios would sample, and the test of Mantel and Haenszel (1959, JNCI 22) without its normal
approximation.

*Paired clusters* (instances that both arms share, equally often): exchanging the arms within a cluster
changes nothing, so each cluster's difference may have either sign (Fisher 1935, The Design of
Experiments, section 21). With one pair a cluster this is McNemar's exact test. Sums of whole numbers
are counted; of other numbers all flips are tried with up to twelve of them, and else 9,999 random ones,
always the same.

*Independent episodes with a number each.* The numbers could have been dealt out to the two arms anyhow
(Pitman 1937, Supplement to the JRSS 4). All ways are counted: the number of subsets of each size with
each sum is built up number by number. It holds at any size and for numbers of any distribution, ties
included.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

__all__ = ["Counts", "permutation_test", "sign_flip_test", "stratified_test"]

_COUNTED = 10_000
"""Up to which sum of whole numbers the sums are counted."""
_ENUMERATED = 12
_FLIPS = 9_999
_TIE = 1e-9

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


def sign_flip_test(differences: Sequence[float]) -> float:
    """Two-sided p-value of a sum of differences when each could as well have the other sign; 1 when nothing
    differs."""
    sizes = [abs(each) for each in differences if abs(each) > _TIE]
    if sum(sizes) <= _COUNTED and all(float(size).is_integer() for size in sizes):
        return _counted_flips([int(size) for size in sizes], abs(sum(differences)))
    values, observed = np.array(sizes), abs(sum(differences)) - _TIE * len(differences)
    if len(sizes) <= _ENUMERATED:
        sums = np.array(list(product((-1.0, 1.0), repeat=len(sizes)))) @ values
        return float((np.abs(sums) >= observed).mean())
    signs = np.random.default_rng(0).integers(0, 2, size=(_FLIPS, len(sizes)), dtype=np.int8)
    sums = (signs * 2.0 - 1.0) @ values
    return float((1 + (np.abs(sums) >= observed).sum()) / (1 + _FLIPS))


def _counted_flips(sizes: Sequence[int], observed: float) -> float:
    """The chance of a sum as far from 0 as the one observed, from the chances of all sums."""
    reach = sum(sizes)
    chances = np.zeros(2 * reach + 1)
    chances[reach] = 1
    for size in sizes:
        flipped = np.zeros_like(chances)
        flipped[size:] += chances[:-size] / 2
        flipped[:-size] += chances[size:] / 2
        chances = flipped
    sums = np.arange(-reach, reach + 1)
    return min(1.0, float(chances[np.abs(sums) >= observed - _TIE * max(1, len(sizes))].sum()))


def permutation_test(first: Sequence[int], second: Sequence[int]) -> float | None:
    """One-sided p-value: how rarely chance puts the first arm's numbers this far above the second's. None
    when an arm has none.

    Raises ``ValueError`` on negative numbers.
    """
    if any(number < 0 for number in (*first, *second)):
        raise ValueError("numbers below zero")
    if not first or not second:
        return None
    size, total = len(first), sum(sorted((*first, *second), reverse=True)[: len(first)])
    ways = np.zeros((size + 1, total + 1))  # ways[k, s]: subsets of k numbers with the sum s
    ways[0, 0] = 1.0
    for seen, number in enumerate((*first, *second), start=1):
        for k in range(min(seen, size), 0, -1):
            ways[k, number:] += ways[k - 1, : total + 1 - number]
    dealt = ways[size]
    return min(1.0, float(dealt[sum(first) :].sum() / dealt.sum()))
