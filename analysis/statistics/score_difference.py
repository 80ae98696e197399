"""Two detectors on the same episodes: which one tells outcomes apart better, and how sure that is.

The interval is a paired bootstrap, seeded: positives and negatives are drawn again, each among
themselves, or whole groups of episodes (scenarios) where groups are given, because a detector that
knows one scenario's words does well on all of its episodes at once. Both detectors always see the same
draw.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ulterior.analysis.statistics.discrimination import (
    Flags,
    Measure,
    Scored,
    area_under_roc,
    scored_episodes,
    threshold_at,
    unmeasured,
)
from ulterior.analysis.statistics.rates import LEVEL

__all__ = ["Metric", "score_difference"]

Metric = Literal["AUROC", "TPR at 5 % FPR", "TPR at 1 % FPR"]
Draw = Callable[[], NDArray[np.int64]]

_RESAMPLES = 2_000


def score_difference(
    metric: Metric,
    first: Sequence[float],
    second: Sequence[float],
    truth: Sequence[bool],
    groups: Sequence[Hashable] | None = None,
    level: float = LEVEL,
    seed: int = 0,
) -> Measure:
    """The first detector's measure less the second's, on the same episodes in the same order.

    With ``groups`` (scenarios, say) whole groups are drawn again. A resample without either kind is
    drawn anew.
    """
    one, other = scored_episodes(first, truth), scored_episodes(second, truth)
    m, n = len(one.positives), len(one.negatives)
    name, method = f"difference in {metric}", f"paired bootstrap, {_RESAMPLES} resamples"
    if not m or not n:
        return unmeasured(name, m, n, level, method)
    of = _METRICS[metric]
    estimate = of(one) - of(other)
    dice = np.random.default_rng(seed)
    draw = _by_kind(one.truth, dice) if groups is None else _by_group(groups, one.truth, dice)
    values = [
        of(Scored(one.scores[at], one.truth[at])) - of(Scored(other.scores[at], one.truth[at]))
        for at in (draw() for _ in range(_RESAMPLES))
    ]
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return Measure(
        measure=name,
        positives=m,
        negatives=n,
        estimate=estimate,
        low=float(low),
        high=float(high),
        level=level,
        method=method,
    )


def _by_kind(truth: Flags, dice: np.random.Generator) -> Draw:
    kinds = [np.flatnonzero(truth), np.flatnonzero(~truth)]
    return lambda: np.concatenate([dice.choice(kind, len(kind)) for kind in kinds])


def _by_group(groups: Sequence[Hashable], truth: Flags, dice: np.random.Generator) -> Draw:
    names = {name: at for at, name in enumerate(dict.fromkeys(groups))}
    index = np.array([names[group] for group in groups])
    members: list[NDArray[np.int64]] = [np.flatnonzero(index == at) for at in range(len(names))]

    def draw() -> NDArray[np.int64]:
        while True:
            drawn: list[int] = dice.integers(len(members), size=len(members)).tolist()
            at = np.concatenate([members[name] for name in drawn])
            if truth[at].any() and not truth[at].all():
                return at

    return draw


def _tpr(fpr: float) -> Callable[[Scored], float]:
    return lambda scored: float((scored.positives >= threshold_at(scored.negatives, fpr)).mean())


_METRICS: dict[Metric, Callable[[Scored], float]] = {
    "AUROC": area_under_roc,
    "TPR at 5 % FPR": _tpr(0.05),
    "TPR at 1 % FPR": _tpr(0.01),
}
