"""Whether a score of 0.8 is right four times in five: the calibration curve and its expected error.

The curve sets the mean score of each tenth of the scale beside the share of positives in it, with the
interval of a rate in which samples of one cluster count once. The expected calibration error is the
mean distance of the two, weighted by samples (Naeini et al. 2015, AAAI). It is biased upwards for few
samples: within a tenth, chance alone moves the share.
"""

from collections.abc import Sequence

from ulterior.analysis.statistics.discrimination import Scored
from ulterior.analysis.statistics.rates import LEVEL, Rate, clustered_rate
from ulterior.traces import Frozen

__all__ = ["Bin", "calibration_curve", "calibration_error"]

BINS = 10


class Bin(Frozen):
    """The samples that score in ``low`` .. ``high``. ``positive`` is the share of positives among them."""

    low: float
    high: float
    mean_score: float
    positive: Rate


def calibration_curve(scored: Sequence[Scored], bins: int = BINS, level: float = LEVEL) -> tuple[Bin, ...]:
    """The tenths of the scale that hold samples, from below; a score of 1 belongs to the last."""
    groups: dict[int, list[Scored]] = {}
    for each in scored:
        groups.setdefault(min(int(each.score * bins), bins - 1), []).append(each)
    return tuple(
        Bin(
            low=number / bins,
            high=(number + 1) / bins,
            mean_score=sum(each.score for each in group) / len(group),
            positive=clustered_rate(((each.cluster, each.positive) for each in group), level),
        )
        for number, group in sorted(groups.items())
    )


def calibration_error(scored: Sequence[Scored], bins: int = BINS) -> float | None:
    """The expected calibration error in 0..1, None without samples."""
    if not scored:
        return None
    curve = calibration_curve(scored, bins)
    distances = (each.positive.n * abs(each.mean_score - each.positive.k / each.positive.n) for each in curve)
    return sum(distances) / len(scored)
