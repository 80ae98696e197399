"""Turner, Ly and Grünwald's e-process for two Bernoulli streams, one scenario at a time.

For each block (one outcome of the baseline, one of the candidate) the gambler holds rates (b, c),
learnt from *earlier* blocks as Beta(0.18, 0.18) posterior means (Turner, Ly and Grünwald 2024, JSPI
230), and gets the likelihood ratio of (b, c) against the point (b0, c0) of the null that is closest to
it in Kullback-Leibler divergence. The null is "candidate - baseline <= m", a convex set (Turner and
Grünwald 2023, Statistics & Probability Letters 198); for m = 0 the point is the average of b and c, for
others it is found by bisection along the edge. If (b, c) lies in the null, the factor is 1.

Why the expected factor is at most 1 for every (s, t) in the null: it is f(s, t) = (s b/b0 +
(1-s)(1-b)/(1-b0)) times the like of c. Its logarithm is concave, it is 1 at (b0, c0), and its slope
there is minus that of the divergence, which doesn't fall in any direction into a convex null from its
minimum. If the outcomes of a pair are positively dependent, the expectation is smaller still, since one
bracket falls and the other rises with its outcome. Tests enumerate both.

*Several scenarios*: the product of their capitals tests "no scenario is worse by more than m".
Rejecting says that some scenario is, not that the suite is on average. Each scenario's own capital says
which.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import exp, log

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ulterior.analysis.statistics.multiplicity import holm
from ulterior.analysis.statistics.sequential.suite import Block

__all__ = ["PRIOR", "ScenarioTest", "Tally", "log_factor", "plug_in", "projection"]

Floats = NDArray[np.float64]

PRIOR = 0.18
_HALVINGS = 60


def projection(b: ArrayLike, c: ArrayLike, m: float = 0.0) -> tuple[Floats, Floats]:
    """The rates with candidate - baseline = m that are closest to (b, c) in Kullback-Leibler
    divergence; for (b, c) within candidate - baseline <= m it is (b, c) itself. Arrays of one shape,
    rates in (0, 1); m in (-1, 1).
    """
    b, c = np.broadcast_arrays(np.asarray(b, dtype=float), np.asarray(c, dtype=float))
    if m == 0:
        edge = (b + c) / 2
    else:
        low, high = np.full(b.shape, max(0.0, -m)), np.full(b.shape, min(1.0, 1.0 - m))
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            other = middle + m
            with np.errstate(divide="ignore"):  # at the very ends the slope is infinite, with the right sign
                slope = (middle - b) / (middle * (1 - middle)) + (other - c) / (other * (1 - other))
            low, high = np.where(slope < 0, middle, low), np.where(slope < 0, high, middle)
        edge = (low + high) / 2
    inside = c - b <= m
    return np.where(inside, b, edge), np.where(inside, c, edge + m)


def log_factor(
    b: ArrayLike, c: ArrayLike, baseline: ArrayLike, candidate: ArrayLike, m: float = 0.0
) -> Floats:
    """The logarithm of one block's factor against "candidate - baseline <= m", for rates (b, c) held
    before it. Outcomes are 0 or 1; all of one shape."""
    b0, c0 = projection(b, c, m)
    return _log_ratio(np.asarray(b), b0, baseline) + _log_ratio(np.asarray(c), c0, candidate)


def _log_ratio(rate: Floats, null: Floats, outcome: ArrayLike) -> Floats:
    return np.where(np.asarray(outcome) > 0, np.log(rate / null), np.log((1 - rate) / (1 - null)))


def plug_in(k: ArrayLike, n: ArrayLike) -> Floats:
    """The rate to bet on after ``k`` events in ``n`` blocks."""
    return (np.asarray(k, dtype=float) + PRIOR) / (np.asarray(n, dtype=float) + 2 * PRIOR)


@dataclass(frozen=True)
class Tally:
    """One scenario: ``n`` blocks, events of either version, and the log capital."""

    n: int = 0
    baseline: int = 0
    candidate: int = 0
    log_e: float = 0.0


@dataclass(frozen=True)
class ScenarioTest:
    """A fold over blocks whose outcomes are 0 or 1, against "no scenario is worse by more than ``m``";
    see the module's text. ``flipped`` tests "no scenario is better than that": candidate - baseline >=
    m, for non-inferiority.
    """

    m: float = 0.0
    flipped: bool = False
    tallies: tuple[tuple[str, Tally], ...] = ()

    def after(self, blocks: Iterable[Block]) -> "ScenarioTest":
        """The test with these blocks, too. Raises ``ValueError`` when an outcome is neither 0 nor 1."""
        tallies = dict(self.tallies)
        for block in blocks:
            if {block.baseline, block.candidate} - {0, 1}:
                raise ValueError(f"neither 0 nor 1: {block}")
            tallies[block.stratum] = self._next(tallies.get(block.stratum, Tally()), block)
        return replace(self, tallies=tuple(sorted(tallies.items())))

    def _next(self, tally: Tally, block: Block) -> Tally:
        b, c = plug_in(tally.baseline, tally.n), plug_in(tally.candidate, tally.n)
        if self.flipped:
            gain = log_factor(c, b, block.candidate, block.baseline, -self.m)
        else:
            gain = log_factor(b, c, block.baseline, block.candidate, self.m)
        return Tally(
            n=tally.n + 1,
            baseline=tally.baseline + int(block.baseline),
            candidate=tally.candidate + int(block.candidate),
            log_e=tally.log_e + float(gain),
        )

    @property
    def log_e(self) -> float:
        """The log of the product over scenarios, for the null that holds in all of them."""
        return sum(tally.log_e for _, tally in self.tallies)

    def rejects(self, alpha: float) -> bool:
        """Whether the null of all scenarios together is rejected."""
        return self.log_e >= log(1 / alpha)

    def adjusted(self) -> dict[str, float]:
        """Per scenario an anytime-valid p-value, adjusted by Holm: which ones moved."""
        names = [name for name, _ in self.tallies]
        p = holm([min(1.0, exp(-tally.log_e)) for _, tally in self.tallies])
        return {name: value for name, value in zip(names, p, strict=True) if value is not None}
