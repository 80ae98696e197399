"""The difference of two rates when the episodes of the two arms are not paired.

*One scenario*: Newcombe's interval (1998, Stat. Med. 17, method 10) and Boschloo's exact test, which is
never less powerful than Fisher's. Above 250 episodes an arm it takes too long, and gains little: there it
is Fisher's.

*Several scenarios*: :func:`~ulterior.analysis.statistics.mantel_haenszel.stratified_difference`, which
never compares an episode with one of another scenario.

Arms that share instances are pairs; :func:`~ulterior.analysis.statistics.paired.paired_difference`
knows it and is sharper.
"""

from ulterior.analysis.statistics.contrast import Contrast
from ulterior.analysis.statistics.libraries import BOSCHLOO, boschloo, fisher, newcombe
from ulterior.analysis.statistics.rates import LEVEL

__all__ = ["two_rates"]


def two_rates(k: int, n: int, k0: int, n0: int, level: float = LEVEL) -> Contrast:
    """``k`` of ``n`` against ``k0`` of ``n0`` independent episodes of one scenario.

    Raises ``ValueError`` unless 0 <= k <= n, 0 <= k0 <= n0 and 0 < level < 1.
    """
    if not (0 <= k <= n and 0 <= k0 <= n0 and 0 < level < 1):
        raise ValueError(f"no proportions: {k=}, {n=}, {k0=}, {n0=}, {level=}")
    small = max(n, n0) <= BOSCHLOO
    estimate = low = high = p = None
    reasons: dict[str, str] = {}
    if n == 0 or n0 == 0:
        reasons = dict.fromkeys(("estimate", "low", "high", "p"), "an arm has no data")
    else:
        estimate = k / n - k0 / n0
        low, high = newcombe(k, n, k0, n0, level)
        p = boschloo(k, n, k0, n0) if small else fisher(k, n, k0, n0)
    return Contrast(
        k=k,
        n=n,
        k0=k0,
        n0=n0,
        clusters=n + n0,
        estimate=estimate,
        low=low,
        high=high,
        p=p,
        level=level,
        method="Newcombe",
        test="Boschloo" if small else "Fisher",
        reasons=reasons,
    )
