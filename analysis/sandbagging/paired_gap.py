"""Paired differences with the seed as unit: means, intervals and tests of differences between two arms.

Items of one episode hang together, and so do epochs of one seed. Each seed is therefore one observation, the
mean over its pairs; nothing here counts items or episodes as independent.

*Interval.* Student's t over seeds, which is the cluster-robust interval for a mean with equal weights. It
fails where nearly all seeds are equal: when nothing ever differs it has no width at all. So where fewer than
six seeds are off the commonest value v, it is widened to exact bounds. The mean is v plus the mean of what
lies above it, in 0..1 - v, minus the mean of what lies below, in 0..1 + v; each of the two gets the
Clopper-Pearson interval at half of the error, with its sum as hits, since no variable in 0..1 varies more
than a coin with its mean (as in :mod:`ulterior.analysis.statistics.paired`, where v is 0). Simulated
coverage stands in ``docs/sandbagging.md``.

*Test.* Sign flips (:func:`~ulterior.analysis.statistics.exact_test.sign_flip_test`): if the arm changes
nothing, a seed's difference may as well have the other sign. Whole seeds are flipped, so that
clustering does not matter. Beside it stands the exact conditional (McNemar) test of how many seeds were
better and how many worse, which ignores by how much.

*Detectable.* The mean that is found with a probability of 0.8 at this spread: (t(1 - a/2) + t(0.8)) standard
errors. Where the exact bounds are in use the spread is not known; it is then the share of seeds that would
have to fail altogether so that six of them are seen, the fewest with which a test at 0.05 can succeed.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable

import numpy as np
from scipy.special import bdtri, stdtrit

from ulterior.analysis.statistics.exact_test import sign_flip_test
from ulterior.analysis.statistics.paired import mcnemar
from ulterior.analysis.statistics.rates import LEVEL, Interval, clopper_pearson
from ulterior.traces import Frozen

__all__ = ["POWER", "PairedGap", "paired_gap"]

POWER = 0.8
_FEW = 6
_TIE = 1e-9

Means = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


class PairedGap(Frozen):
    """The mean difference over ``seeds``, baseline minus the arm under test unless it says otherwise.

    ``pairs`` are the episode pairs behind it. ``p`` is the sign-flip test, ``sign_p`` the exact test of
    ``more`` seeds above zero against ``less`` below. ``detectable`` is the mean that would be found with a
    probability of 0.8. ``exact`` says that the interval was widened to exact bounds. What can't be said is
    None, with its ``reason``; that is never zero.
    """

    pairs: int
    seeds: int
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    more: int = 0
    less: int = 0
    sign_p: float | None = None
    detectable: float | None = None
    exact: bool = False
    level: float = LEVEL
    reason: str | None = None


def paired_gap(
    differences: Iterable[tuple[Hashable, float]], *, bounded: bool = True, level: float = LEVEL
) -> PairedGap:
    """The difference over pairs, each given as its seed and its difference.

    ``bounded``: differences lie in -1..1. Others (turns, tokens) have no exact bounds and need spread.
    """
    by_seed: dict[Hashable, list[float]] = defaultdict(list)
    for seed, difference in differences:
        by_seed[seed].append(difference)
    pairs, seeds = sum(map(len, by_seed.values())), len(by_seed)
    if not seeds:
        return PairedGap(pairs=0, seeds=0, level=level, reason="there is no pair")
    means = np.array([sum(each) / len(each) for each in by_seed.values()])
    more, less = int((means > _TIE).sum()), int((means < -_TIE).sum())
    result = PairedGap(
        pairs=pairs,
        seeds=seeds,
        estimate=float(means.mean()),
        p=sign_flip_test(means.tolist()),
        more=more,
        less=less,
        sign_p=mcnemar(more, less),
        level=level,
    )
    return _with_interval(result, means, bounded)


def _with_interval(result: PairedGap, means: Means, bounded: bool) -> PairedGap:
    seeds, level = len(means), result.level
    commonest, times = Counter(round(float(each), 9) for each in means).most_common(1)[0]
    if not bounded and times == seeds:
        return result.model_copy(update={"reason": "all seeds are equal, and nothing bounds the others"})
    low, high, detectable = _students(means, level) if seeds > 1 else (commonest, commonest, 0.0)
    exact = bounded and seeds - times < _FEW
    if exact:
        least, most = _exact_bounds(means, commonest, level)
        low, high, detectable = min(low, least), max(high, most), max(detectable, _fewest_seen(seeds))
    if bounded:
        low, high, detectable = max(low, -1.0), min(high, 1.0), min(detectable, 1.0)
    return result.model_copy(update={"low": low, "high": high, "detectable": detectable, "exact": exact})


def _students(means: Means, level: float) -> tuple[float, float, float]:
    """Student's interval for the mean, and what it would find."""
    centre, error = float(means.mean()), float(means.std(ddof=1)) / len(means) ** 0.5
    t, more = float(stdtrit(len(means) - 1, (1 + level) / 2)), float(stdtrit(len(means) - 1, POWER))
    return centre - t * error, centre + t * error, (t + more) * error


def _exact_bounds(means: Means, commonest: float, level: float) -> Interval:
    """The bounds around the commonest value; see the module's text."""
    each = (1 + level) / 2
    off = means - commonest

    def part(total: float, span: float) -> Interval:
        low, high = (
            clopper_pearson(min(total / span, len(means)), len(means), each) if span > _TIE else (0, 0)
        )
        return low * span, high * span

    low_up, high_up = part(float(off[off > _TIE].sum()), 1 - commonest)
    low_down, high_down = part(float(-off[off < -_TIE].sum()), 1 + commonest)
    return commonest + low_up - high_down, commonest + high_up - low_down


def _fewest_seen(seeds: int) -> float:
    """The share of seeds that has to differ so that six of them do with a probability of :data:`POWER`."""
    return 1.0 if seeds <= _FEW else float(bdtri(_FEW - 1, seeds, 1 - POWER))
