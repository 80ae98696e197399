"""How far people, or detectors, agree on the same items beyond what chance would make of it.

*Cohen's kappa* (1960, Educ. Psychol. Meas. 20) for two raters who both judged every item: (observed -
expected agreement) / (1 - expected), expected from each rater's own frequencies.

*Krippendorff's alpha* for nominal labels ("Computing Krippendorff's Alpha-Reliability", 2011), for any
number of raters and with labels missing: 1 - observed / expected disagreement, over all pairs of labels
of one item. A missing label is left out, and an item with one label is no evidence of agreement.

Intervals are percentile bootstraps over items, seeded. They are None where all labels agree: a resample
can't say then how sure agreement is. A resample in which only one label occurs has no value and is left
out.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

from ulterior.analysis.statistics.estimand import Estimand
from ulterior.analysis.statistics.libraries import unweighted_kappa
from ulterior.analysis.statistics.rates import LEVEL
from ulterior.traces import Frozen

__all__ = ["Agreement", "cohen_kappa", "krippendorff_alpha"]

Label = Hashable
Floats = NDArray[np.float64]
_RESAMPLES = 2_000
_FEW_ITEMS = 20


class Agreement(Frozen):
    """Agreement beyond chance: 1 is perfect, 0 what chance gives, below 0 less than that.

    ``items`` were judged by two raters or more; ``labels`` were given to them. What is None has a
    ``reason``.
    """

    measure: Literal["Cohen's kappa", "Krippendorff's alpha (nominal)"]
    items: int
    labels: int
    value: float | None
    low: float | None
    high: float | None
    level: float = LEVEL
    method: str = f"percentile bootstrap over items, {_RESAMPLES} resamples"
    estimand: Estimand = "these episodes"
    warnings: tuple[str, ...] = ()
    reason: str | None = None


def cohen_kappa(
    first: Sequence[Label], second: Sequence[Label], level: float = LEVEL, seed: int = 0
) -> Agreement:
    """Kappa of two raters over the same items, in the same order. Raises ``ValueError`` on unequal
    lengths.
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} labels against {len(second)}")
    names = {name: at for at, name in enumerate(dict.fromkeys([*first, *second]))}
    cells = np.array(
        [names[a] * len(names) + names[b] for a, b in zip(first, second, strict=True)], dtype=np.int64
    )
    shape = (len(names), len(names))

    def of(items: NDArray[np.int64]) -> float:
        return unweighted_kappa(np.bincount(cells[items], minlength=len(names) ** 2).reshape(shape))

    measured = _measured(of, len(cells), first == second, level, seed)
    return Agreement(
        measure="Cohen's kappa", items=len(cells), labels=2 * len(cells), level=level, **measured
    )


def krippendorff_alpha(
    items: Sequence[Sequence[Label | None]], level: float = LEVEL, seed: int = 0
) -> Agreement:
    """Alpha over items, each a sequence of the raters' labels, None where a rater gave none."""
    given = [[label for label in item if label is not None] for item in items]
    pairable = [item for item in given if len(item) > 1]
    names = {name: at for at, name in enumerate(dict.fromkeys(label for item in pairable for label in item))}
    counts = np.zeros((len(pairable), len(names)))
    for at, item in enumerate(pairable):
        for label in item:
            counts[at, names[label]] += 1
    agreed = all(len(set(item)) == 1 for item in pairable)
    measured = _measured(lambda chosen: _alpha(counts[chosen]), len(pairable), agreed, level, seed)
    return Agreement(
        measure="Krippendorff's alpha (nominal)",
        items=len(pairable),
        labels=int(counts.sum()),
        level=level,
        **measured,
    )


def _alpha(counts: Floats) -> float:
    """From the number of labels of each kind (columns) for each item (rows); nan when only one kind
    occurs.
    """
    sizes, kinds = counts.sum(axis=1), counts.sum(axis=0)
    total = sizes.sum()
    expected = total * total - (kinds**2).sum()
    if expected == 0:
        return float("nan")
    observed = ((sizes**2 - (counts**2).sum(axis=1)) / (sizes - 1)).sum()
    return float(1 - (total - 1) * observed / expected)


class _Measured(TypedDict):
    value: float | None
    low: float | None
    high: float | None
    warnings: tuple[str, ...]
    reason: str | None


def _measured(
    of: Callable[[NDArray[np.int64]], float], items: int, agreed: bool, level: float, seed: int
) -> _Measured:
    if not 0 < level < 1:
        raise ValueError(f"no level: {level}")
    few = (f"only {items} items (fewer than {_FEW_ITEMS})",) if items < _FEW_ITEMS else ()
    if not items:
        return _Measured(value=None, low=None, high=None, warnings=(), reason="no item with two labels")
    value = of(np.arange(items))
    if np.isnan(value):
        reason = "only one label occurs: chance would agree as well"
        return _Measured(value=None, low=None, high=None, warnings=few, reason=reason)
    if agreed:
        reason = "all labels agree: resampling can't say how sure that is"
        return _Measured(value=value, low=None, high=None, warnings=few, reason=reason)
    dice = np.random.default_rng(seed)
    values = [of(dice.integers(items, size=items)) for _ in range(_RESAMPLES)]
    low, high = np.nanquantile(values, [(1 - level) / 2, (1 + level) / 2])
    return _Measured(value=value, low=float(low), high=float(high), warnings=few, reason=None)
