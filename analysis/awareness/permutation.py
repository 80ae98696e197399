"""The exact two-sample permutation test of a difference of means, for whole numbers.

When a piece makes no difference, the answers with it and without it could have been dealt out anyhow.
The p-value is the share of all ways to deal them out in which the first group's sum is at least the one
observed (Pitman 1937, Supplement to the JRSS 4). Whole numbers from 0 to 100 allow for counting all
ways: the number of subsets of each size with each sum is built up answer by answer. It holds at any
size and for answers of any distribution, ties included."""

from collections.abc import Sequence

import numpy as np

__all__ = ["holm", "permutation_p"]


def permutation_p(first: Sequence[int], second: Sequence[int]) -> float:
    """One-sided: how rarely chance puts the first group this far above the second. 1 without data.

    Raises ``ValueError`` on negative numbers.
    """
    if any(number < 0 for number in (*first, *second)):
        raise ValueError("numbers below zero")
    if not first or not second:
        return 1.0
    size, total = len(first), sum(sorted((*first, *second), reverse=True)[: len(first)])
    ways = np.zeros((size + 1, total + 1))  # ways[k, s]: subsets of k answers with the sum s
    ways[0, 0] = 1.0
    for seen, number in enumerate((*first, *second), start=1):
        for k in range(min(seen, size), 0, -1):
            ways[k, number:] += ways[k - 1, : total + 1 - number]
    dealt = ways[size]
    return float(dealt[sum(first) :].sum() / dealt.sum())


def holm(ps: Sequence[float]) -> list[float]:
    """Holm's adjusted p-values (1979, Scandinavian Journal of Statistics 6), in the order given."""
    adjusted = [0.0] * len(ps)
    greatest = 0.0
    for rank, at in enumerate(sorted(range(len(ps)), key=lambda each: ps[each])):
        greatest = max(greatest, min(1.0, (len(ps) - rank) * ps[at]))
        adjusted[at] = greatest
    return adjusted
