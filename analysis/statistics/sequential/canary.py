"""One stream of outcomes against a tolerated rate: for what should never, or hardly ever, happen.

The capital against "the rate is at most m" is the mean likelihood ratio of rates t above m against m,
weighted by a density proportional to t^(a-1) on (m, 1); against "at least m" the same on (0, m). With a
= 1/4 rare rates get most of the weight. Both integrals are incomplete beta functions::

    below:  a / m^a       * B(k+a, n-k+1) * I_m(k+a, n-k+1)       / (m^k (1-m)^(n-k))
    above:  a / (1 - m^a) * B(k+a, n-k+1) * (1 - I_m(k+a, n-k+1)) / (m^k (1-m)^(n-k))

The restriction to one side makes the test hold for the whole null: a ratio with t > m rises with the
outcome, so its expectation is largest at m itself, where it is 1 (mixture martingales: Robbins 1970,
Ann. Math. Statist. 41; one-sided: Howard et al. 2021, Ann. Statist. 49). With m = 0 the first event is
proof.

The price of looking all the time: 0 of 100 allows up to 3.3 % instead of 3.0 %, at the same one-sided
95 %.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import inf, log

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betainc, betaincc, betaln, xlog1py, xlogy

__all__ = ["CanaryTest", "log_above", "log_below"]

Floats = NDArray[np.float64]

_SHAPE = 0.25
_HALVINGS = 60


def log_above(k: ArrayLike, n: ArrayLike, m: ArrayLike) -> Floats:
    """The log capital that bets on a rate above ``m``, after ``k`` events in ``n``; m in (0, 1). Arrays
    broadcast."""
    return _log_capital(k, n, m, betaincc, np.log(_SHAPE / -np.expm1(_SHAPE * np.log(m))))


def log_below(k: ArrayLike, n: ArrayLike, m: ArrayLike) -> Floats:
    """The log capital that bets on a rate below ``m``; see :func:`log_above`."""
    return _log_capital(k, n, m, betainc, np.log(_SHAPE) - _SHAPE * np.log(m))


def _log_capital(k: ArrayLike, n: ArrayLike, m: ArrayLike, part: np.ufunc, scale: Floats) -> Floats:
    k, n, m = np.asarray(k, dtype=float), np.asarray(n, dtype=float), np.asarray(m, dtype=float)
    with np.errstate(divide="ignore"):  # log 0: the capital is gone, far below anything that matters
        mass = np.log(part(k + _SHAPE, n - k + 1, m))
    return scale + betaln(k + _SHAPE, n - k + 1) + mass - xlogy(k, m) - xlog1py(n - k, -m)


@dataclass(frozen=True)
class CanaryTest:
    """A fold over the candidate's outcomes, one per instance: ``k`` events in ``n``.

    ``alpha`` is one-sided and holds over all looks together. Raises ``ValueError`` unless 0 <= k <= n
    and 0 < alpha < 0.5.
    """

    alpha: float = 0.05
    k: int = 0
    n: int = 0

    def __post_init__(self) -> None:
        if not (0 <= self.k <= self.n and 0 < self.alpha < 0.5):
            raise ValueError(f"no test: {self}")

    def after(self, outcomes: Iterable[bool]) -> "CanaryTest":
        """The test with these outcomes, too."""
        new = list(outcomes)
        return replace(self, k=self.k + sum(new), n=self.n + len(new))

    @property
    def high(self) -> float:
        """The upper bound of the rate, at all times at once; 1 without data."""
        if self.k == self.n:
            return 1.0
        return self._edge(lambda m: not self.below(m))

    @property
    def low(self) -> float:
        """The lower bound; 0 without events."""
        if self.k == 0:
            return 0.0
        return self._edge(self.above)

    def _edge(self, below: Callable[[float], bool]) -> float:
        """Where the answer turns from yes to no between 0 and 1."""
        low, high = 0.0, 1.0
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if below(middle) else (low, middle)
        return (low + high) / 2

    def evidence_above(self, tolerated: float) -> float:
        """Log capital against "the rate is at most ``tolerated``", in [0, 1): infinite for an event
        where none is."""
        if tolerated == 0:
            return inf if self.k else 0.0
        return float(log_above(self.k, self.n, tolerated))

    def above(self, tolerated: float) -> bool:
        """Whether the rate is above the tolerated one, beyond alpha."""
        return self.evidence_above(tolerated) >= log(1 / self.alpha)

    def below(self, limit: float) -> bool:
        """Whether the rate is below a limit in (0, 1), beyond alpha."""
        return float(log_below(self.k, self.n, limit)) >= log(1 / self.alpha)
