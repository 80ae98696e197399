"""A bet against "the mean difference is at most m", and the bound that follows from it.

The differences D are numbers in [-1, 1]: candidate minus baseline of a pair. A gambler who stakes the
share c of the capital on "D is above m" gets, for each pair, the factor::

    (1 - c) + c * (1 + D) / (1 + m)          0 <= c <= 1

It is never negative, its expectation is 1 if E[D] = m and less if E[D] < m. The capital is the mean
over all shares c, each held for ever: Cover's universal portfolio (1991, Mathematical Finance 1), which
as a confidence sequence is that of Orabona and Jun (2024, IEEE Trans. Inf. Theory 70), in the family of
Waudby-Smith and Ramdas (2024, JRSS B 86). The integral over c is a sum over Gauss-Legendre nodes.
Nothing rests on how exact it is: a weighted mean of e-processes is one.

**Several scenarios.** Write d_k for the mean of D in scenario k. If the pairs of one cycle are
independent of each other, then the expected factor of a cycle is the product over k of 1 + c (d_k - m)
/ (1 + m), which by the inequality of the arithmetic and the geometric mean is at most (1 + c (mean d_k
- m) / (1 + m))^K. So with the *same share in all scenarios* it is at most 1 whenever the mean of the
d_k is at most m, whatever the d_k are. Between cycles nothing but "the mean is at most m, given the
past" is needed. Within a pair any dependence is allowed: only D enters.

The capital depends on how often each difference was seen, not on when. It falls as m grows, so the m
that are not rejected lie above one bound. With m = 0 and outcomes of 0 and 1 only the pairs that differ
count: a sequential test of McNemar. Where pairs of one cycle may be dependent, use the means of cycles
for D: always valid, but with many scenarios hopeless, since a difference can then be no more certain
than "all of them at once" would make it.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["log_capital", "lower_bound", "upper_bound"]

Floats = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(32)
_SHARES: Floats = (1 + _NODES) / 2
_LOG_WEIGHTS: Floats = np.log(_WEIGHTS / _WEIGHTS.sum())
_PARTS: Floats = np.arange(1, 32) / 32
_ROUNDS = 10
"""Each cuts what is left into 32 parts: 50 halvings in a fifth of the calls."""


def log_capital(values: ArrayLike, counts: ArrayLike, mean: ArrayLike = 0.0) -> Floats:
    """The natural logarithm of the capital that bets on the true mean being above ``mean``.

    ``values`` are the differences that occur, shape (V,), each in [-1, 1]; ``counts`` how often each
    was seen, shape (..., V); ``mean`` in (-1, 1], a number or of shape (...). The result has the shape
    (...). Reject at ``alpha`` where it reaches ``log(1 / alpha)``. For the other side give ``-values``
    and ``-mean``.
    """
    values, counts = np.asarray(values, dtype=float), np.asarray(counts, dtype=float)
    mean = np.asarray(mean, dtype=float)[..., None]
    total = np.zeros((*np.broadcast_shapes(counts.shape[:-1], mean.shape[:-1]), len(_SHARES)))
    for at, value in enumerate(values):
        total = total + counts[..., at, None] * np.log1p(_SHARES * (value - mean) / (1 + mean))
    total = total + _LOG_WEIGHTS
    highest = total.max(axis=-1, keepdims=True)
    return np.asarray(highest[..., 0] + np.log(np.exp(total - highest).sum(axis=-1)))


def lower_bound(values: ArrayLike, counts: ArrayLike, alpha: float) -> Floats:
    """The largest m in [-1, 1] such that "the mean is at most m" is rejected at ``alpha``; -1 without
    data.

    Valid at all times at once, and one-sided: the chance that it ever exceeds the true mean is at most
    ``alpha``. Shapes as in :func:`log_capital`.
    """
    counts = np.asarray(counts, dtype=float)
    low, width = np.full(counts.shape[:-1], -1.0), 2.0
    for _ in range(_ROUNDS):
        inner = low[..., None] + width * _PARTS
        rejected = log_capital(values, counts[..., None, :], inner) >= -np.log(alpha)
        width /= len(_PARTS) + 1
        low = low + width * rejected.sum(axis=-1)  # the capital falls as m grows: those rejected come first
    return low


def upper_bound(values: ArrayLike, counts: ArrayLike, alpha: float) -> Floats:
    """The smallest m such that "the mean is at least m" is rejected; see :func:`lower_bound`."""
    return -lower_bound(-np.asarray(values, dtype=float), counts, alpha)
