"""How the bet of a sequential gate goes, for planning: computed, and quick enough to be asked often.

At most :data:`_LOOKS` looks are computed of a gate, evenly spaced, so that a real one, which looks more
often, ends a little earlier.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import ceil

import numpy as np
from numpy.typing import NDArray

from ulterior.analysis.statistics import power
from ulterior.analysis.statistics.sequential import Course, Rates
from ulterior.analysis.statistics.sequential.course import Rule, first_passage, gate_rules

__all__ = ["POWER", "course_of", "least_rise", "rise_at_once"]

POWER = 0.8
"""The probability with which a rise is to be found."""

_LOOKS = 30
_PRECISION = 0.002


@lru_cache(maxsize=256)
def course_of(
    rates: tuple[float, ...], rise: float, margin: float, cycles: int, alpha: float, upper_alpha: float
) -> Course:
    """Of a candidate whose rate is higher by ``rise`` in every scenario."""
    rules: Mapping[str, Rule] = {
        "REGRESSION": gate_rules(margin, alpha)["REGRESSION"],
        "IMPROVED": gate_rules(margin, upper_alpha)["IMPROVED"],
        "PASS": gate_rules(margin, upper_alpha)["PASS"],
    }
    every = ceil(cycles / _LOOKS)
    sparse = {word: _now_and_then(rule, len(rates), every, cycles) for word, rule in rules.items()}
    pairs = [Rates(rate, min(1.0, rate + rise)).pair() for rate in rates]
    return first_passage(pairs, cycles, sparse)


def _now_and_then(rule: Rule, scenarios: int, every: int, last: int) -> Rule:
    """The rule at every so-manieth cycle, and at the last one."""

    def looked(ups: NDArray[np.float64], downs: NDArray[np.float64], n: int) -> NDArray[np.bool_]:
        cycle = n // scenarios
        if cycle % every and cycle != last:
            return np.zeros(np.broadcast_shapes(ups.shape, downs.shape), dtype=bool)
        return rule(ups, downs, n)

    return looked


@lru_cache(maxsize=64)
def least_rise(rates: tuple[float, ...], margin: float, cycles: int, alpha: float) -> float | None:
    """The smallest rise that ends as REGRESSION with the wanted power; to 0.002 above."""
    low, high = margin, 1.0 - min(rates)
    if high <= low or _found(rates, high, margin, cycles, alpha) < POWER:
        return None
    while high - low > _PRECISION:
        middle = (low + high) / 2
        if _found(rates, middle, margin, cycles, alpha) >= POWER:
            high = middle
        else:
            low = middle
    return high


def _found(rates: tuple[float, ...], rise: float, margin: float, cycles: int, alpha: float) -> float:
    return course_of(rates, rise, margin, cycles, alpha, alpha).share("REGRESSION")


def rise_at_once(rates: Sequence[float], margin: float, blocks: int, alpha: float) -> float | None:
    """The smallest rise that one look at the end tells from the baseline; ``alpha`` is two-sided."""
    base = sum(rates) / len(rates)
    rate = power.detectable_rise(base, blocks, POWER, alpha)
    return None if rate is None else max(margin, rate - base)
