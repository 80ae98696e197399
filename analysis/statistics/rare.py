"""What few events, or none at all, still allow: one-sided exact bounds.

``0 of n`` is not 0. With no event among n independent episodes the one-sided bound is 1 - (1 -
level)^(1/n), about 3/n at 95 % (Hanley and Lippman-Hand 1983, JAMA 249). Episodes of one instance or of
one scenario are not independent; give the number of clusters, or an effective sample size, as ``n``
then.
"""

from scipy.special import betaincinv

from ulterior.analysis.statistics.estimand import Estimand
from ulterior.analysis.statistics.rates import LEVEL
from ulterior.traces import Frozen

__all__ = ["UpperBound", "upper_bound"]


class UpperBound(Frozen):
    """The largest rate that ``k`` events among ``n`` still allow at a one-sided ``level``, in 0..1.

    Without data ``high`` is None: any rate is allowed, and nothing has been learnt.
    """

    k: float
    n: float
    high: float | None
    level: float = LEVEL
    method: str = "one-sided exact binomial"
    estimand: Estimand = "this suite"

    def sentence(self) -> str:
        """``0 of 100 still allows up to 3.0 %``."""
        if self.high is None:
            return "no data: any rate is possible"
        return f"{self.k:g} of {self.n:g} still allows up to {100 * self.high:.2g} %"


def upper_bound(k: float, n: float, level: float = LEVEL, estimand: Estimand = "this suite") -> UpperBound:
    """The one-sided Clopper-Pearson bound; ``k`` and ``n`` may be fractional (effective sizes).

    Raises ``ValueError`` unless 0 <= k <= n and 0 < level < 1.
    """
    if not (0 <= k <= n and 0 < level < 1):
        raise ValueError(f"no proportion: {k=}, {n=}, {level=}")
    if n == 0:
        high = None
    elif k >= n:
        high = 1.0
    else:
        high = float(betaincinv(k + 1, n - k, level))
    return UpperBound(k=k, n=n, high=high, level=level, estimand=estimand)
