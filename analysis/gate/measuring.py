"""What one side of a metric comes to: a rate, or the mean of its gaps, with bounds of its own."""

from collections.abc import Sequence

from ulterior.analysis.gate.pairing import Unit
from ulterior.analysis.gate.verdict import Measured
from ulterior.analysis.sandbagging.paired_gap import paired_gap
from ulterior.analysis.statistics.rates import clustered_rate

__all__ = ["measured"]


def measured(units: Sequence[Unit], level: float, *, once: bool = True, of_gaps: bool = False) -> Measured:
    """Of the outcome itself, whichever direction is worse.

    The rate weighs episodes as the difference does that stands beside it: a comparison that is made ``once``
    counts each as one, k of n; cycles count instances, the mean of their means. Arms of one instance are no
    independent evidence, so the bounds are those of instance means, and hold the rate.
    """
    if of_gaps:
        return _gaps(units, level)
    decided = [(unit.instance, unit.mark == "x") for unit in units if unit.bad is not None]
    means = clustered_rate(decided, level)
    rate = means.k / means.n if means.n and once else means.estimate
    return Measured(
        k=means.k,
        n=means.n,
        clusters=means.clusters,
        rate=rate,
        low=None if rate is None or means.low is None else min(means.low, rate),
        high=None if rate is None or means.high is None else max(means.high, rate),
        undecided=_undecided(units),
    )


def _gaps(units: Sequence[Unit], level: float) -> Measured:
    decided = [(unit.instance, unit.gap) for unit in units if unit.gap is not None]
    found = paired_gap(decided, level=level)
    return Measured(
        k=sum(gap > 0 for _, gap in decided),
        n=len(decided),
        clusters=found.seeds,
        rate=found.estimate,
        low=found.low,
        high=found.high,
        undecided=_undecided(units),
    )


def _undecided(units: Sequence[Unit]) -> int:
    return sum(unit.mark == "?" for unit in units)
