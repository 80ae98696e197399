"""One difference between two arms, with everything that is needed to judge it."""

from pydantic import Field

from ulterior.analysis.statistics.estimand import Estimand
from ulterior.analysis.statistics.rates import LEVEL
from ulterior.traces import Frozen

__all__ = ["Contrast"]


class Contrast(Frozen):
    """The rate of the first arm minus that of the second, in -1..1, with bounds at ``level``.

    ``k`` events of ``n`` episodes in the first arm, ``k0`` of ``n0`` in the second. ``clusters`` is the
    number of independent units in both arms together, ``strata`` that of strata compared (scenarios,
    say). ``p`` is two-sided, of the ``test``. What is None has its reason under its name in ``reasons``.
    """

    k: int
    n: int
    k0: int
    n0: int
    clusters: int
    strata: int = 1
    estimate: float | None
    low: float | None
    high: float | None
    p: float | None
    level: float = LEVEL
    method: str
    test: str | None
    estimand: Estimand = "this suite"
    warnings: tuple[str, ...] = ()
    reasons: dict[str, str] = Field(default_factory=dict[str, str])
