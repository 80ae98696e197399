"""How far people, or detectors, agree on the same items beyond what chance would make of it.

*Cohen's kappa* (1960, Educ. Psychol. Meas. 20) for two raters who both judged every item: (observed -
expected agreement) / (1 - expected), expected from each rater's own frequencies.

*Krippendorff's alpha* for nominal labels ("Computing Krippendorff's Alpha-Reliability", 2011), for any
number of raters and with labels missing: 1 - observed / expected disagreement, over all pairs of labels
of one item. A missing label is left out, and an item with one label is no evidence of agreement.

Kappa's interval is the normal one of Fleiss, Cohen and Everitt (1969, Psychol. Bull. 72), cut to -1..1;
alpha's a percentile bootstrap over items, seeded, in which a resample of one label alone has no value
and is left out. Where all labels agree there is none: neither method can say then how sure that is.
"""

from collections.abc import Hashable, Sequence
from math import isnan, nan
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ulterior.analysis.statistics.estimand import Estimand
from ulterior.analysis.statistics.libraries import kappa_with_bounds
from ulterior.analysis.statistics.rates import LEVEL
from ulterior.traces import Frozen

__all__ = ["Agreement", "cohen_kappa", "krippendorff_alpha"]

Label = Hashable
Measured = Literal["Cohen's kappa", "Krippendorff's alpha (nominal)"]
Floats = NDArray[np.float64]
_RESAMPLES = 2_000
_FEW_ITEMS = 20


class Agreement(Frozen):
    """Agreement beyond chance: 1 is perfect, 0 what chance gives, below 0 less than that.

    ``items`` were judged by two raters or more; ``labels`` were given to them. What is None has a
    ``reason``.
    """

    measure: Measured
    items: int
    labels: int
    value: float | None
    low: float | None
    high: float | None
    level: float = LEVEL
    method: str
    estimand: Estimand = "these episodes"
    warnings: tuple[str, ...] = ()
    reason: str | None = None


def cohen_kappa(first: Sequence[Label], second: Sequence[Label], level: float = LEVEL) -> Agreement:
    """Kappa of two raters over the same items, in the same order. Raises ``ValueError`` on unequal
    lengths.
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} labels against {len(second)}")
    names = {name: at for at, name in enumerate(dict.fromkeys([*first, *second]))}
    table = np.zeros((len(names), len(names)), dtype=np.int64)
    for a, b in zip(first, second, strict=True):
        table[names[a], names[b]] += 1
    value, low, high = kappa_with_bounds(table, level) if len(first) else (nan, nan, nan)
    return _agreement(
        "Cohen's kappa",
        "normal, variance of Fleiss, Cohen and Everitt",
        (len(first), 2 * len(first)),
        (value, max(-1.0, low), min(1.0, high)),
        level,
        agreed=list(first) == list(second),
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
    value = low = high = nan
    if pairable:
        dice = np.random.default_rng(seed)
        draws = (dice.integers(len(pairable), size=len(pairable)) for _ in range(_RESAMPLES))
        value, values = _alpha(counts), [_alpha(counts[drawn]) for drawn in draws]
        if not isnan(value):
            low, high = map(float, np.nanquantile(values, [(1 - level) / 2, (1 + level) / 2]))
    return _agreement(
        "Krippendorff's alpha (nominal)",
        f"percentile bootstrap over items, {_RESAMPLES} resamples",
        (len(pairable), int(counts.sum())),
        (value, low, high),
        level,
        agreed=all(len(set(item)) == 1 for item in pairable),
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


def _agreement(
    measure: Measured,
    method: str,
    counted: tuple[int, int],
    found: tuple[float, float, float],
    level: float,
    *,
    agreed: bool,
) -> Agreement:
    """The result, without what it can't say: numbers that are none, and the bounds of a perfect value."""
    items, labels = counted
    value, low, high = found
    reason = None
    if not items:
        reason = "no item with two labels"
    elif isnan(value):
        reason = "only one label occurs: chance would agree as well"
    elif agreed:
        reason = "all labels agree: the method can't say how sure that is"
    elif high - low < 1e-6:
        reason = "one rater gave one label only: the method can't say how sure that is"
    return Agreement(
        measure=measure,
        items=items,
        labels=labels,
        value=None if isnan(value) else value,
        low=low if reason is None else None,
        high=high if reason is None else None,
        level=level,
        method=method,
        warnings=(f"only {items} items (fewer than {_FEW_ITEMS})",) if 0 < items < _FEW_ITEMS else (),
        reason=reason,
    )
