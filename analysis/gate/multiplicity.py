"""Several questions at once: which level each interval has, so that a false alarm stays as rare as was
declared.

The primary metrics (rates and pairs) ask together "has anything moved?". Holm's procedure (1979, Scand.
J. Stat. 6) runs over their intervals: with r of them left, those whose interval at 1 - alpha / r
excludes 0 are decided, and the rest is looked at again with a smaller r. A metric keeps the level at
which it was decided, or the last one that it was looked at, and its *lower* bound is printed at that
level: so whenever a REGRESSION is claimed, the printed lower bound is above 0, and the chance of a
single false claim among all stays below alpha.

*Upper* bounds, on which PASS rests, need no adjustment. The gate passes only if every metric does, and a
conjunction of tests at alpha each has level alpha (intersection-union; Berger 1982, Technometrics 24).
They stay at 1 - alpha.

Canaries claim what they saw and have no interval; validity metrics warn, each at its own alpha.
"""

from collections.abc import Callable, Mapping

from ulterior.analysis.gate.intervals import Moved

__all__ = ["levels_of"]


def levels_of(
    metrics: Mapping[str, tuple[Callable[[float], Moved], float]], *, adjust: bool
) -> dict[str, float]:
    """The level of every metric's lower bound, from its interval as a function of the level, and its
    alpha.

    Metrics without data are no questions and keep 1 - alpha. With alphas that differ, the chance of a
    false claim is bounded by the largest of them.
    """
    levels = {name: 1 - alpha for name, (_, alpha) in metrics.items()}
    if not adjust:
        return levels
    left = {name for name, (moved, alpha) in metrics.items() if moved(1 - alpha).low is not None}
    while left:
        levels |= {name: 1 - metrics[name][1] / len(left) for name in left}
        decided = {name for name in left if _excludes_zero(metrics[name][0](levels[name]))}
        if not decided:
            break
        left -= decided
    return levels


def _excludes_zero(moved: Moved) -> bool:
    """Of one-sided bounds only the lower one claims anything here: it has all of its level."""
    if moved.anytime is not None:
        return moved.low is not None and moved.low > 0
    return moved.low is not None and moved.high is not None and not moved.low <= 0 <= moved.high
