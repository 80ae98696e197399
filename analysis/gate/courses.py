"""How the bet of a sequential gate goes, for planning: computed, and quick enough to be asked often.

At most :data:`_LOOKS` looks are computed of a gate, evenly spaced, so that a real one, which looks more
often, ends a little earlier.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, bdtrc

from ulterior.analysis.statistics import power
from ulterior.analysis.statistics.paired import difference_bounds
from ulterior.analysis.statistics.sequential import Course, Rates
from ulterior.analysis.statistics.sequential.betting import log_capital
from ulterior.analysis.statistics.sequential.course import Rule, first_passage, gate_rules

__all__ = ["POWER", "course_of", "gap_rise_at_once", "least_rise", "paired_rise_at_once", "rise_at_once"]

POWER = 0.8
"""The probability with which a rise is to be found."""

_LOOKS = 30
_PRECISION = 0.002
_DRAWS = 200


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
def least_rise(
    rates: tuple[float, ...], margin: float, cycles: int, alpha: float, upper_alpha: float
) -> float | None:
    """The smallest rise from the margin on that ends as REGRESSION with the wanted power; to 0.002 above.

    That the estimate has to be beyond the margin is part of the course. Where that alone is what decides, a
    gate that looks often finds a smaller rise than one look at the end, since it ends at the first look at
    which the estimate is beyond.
    """

    def found(rise: float) -> bool:
        return course_of(rates, rise, margin, cycles, alpha, upper_alpha).share("REGRESSION") >= POWER

    return _least(found, margin, 1.0 - min(rates), _PRECISION)


def rise_at_once(rates: Sequence[float], margin: float, blocks: int, alpha: float) -> float | None:
    """The smallest rise of which one look at the end says REGRESSION with the wanted power; ``alpha`` is
    two-sided.

    It has to be told from the baseline *and* the estimate has to be beyond the margin, which of a rise by
    just the margin it is half of the time. Both need a difference beyond some number, so that where the one
    with the larger number holds, so does the other, but for few outcomes.
    """
    base = sum(rates) / len(rates)
    told = power.detectable_rise(base, blocks, POWER, alpha)
    beyond = _least(
        lambda rise: _beyond(base, rise, margin, blocks) >= POWER, margin, 1.0 - base, _PRECISION / 20
    )
    return None if told is None or beyond is None else max(beyond, told - base)


def _beyond(base: float, rise: float, margin: float, n: int) -> float:
    """The chance that of two rates of ``n`` each, which differ by ``rise``, the second is seen to be higher
    by more than the margin."""
    counts = np.arange(n + 1)
    chances = np.diff(bdtr(counts, n, base), prepend=0.0)
    reached = np.minimum(np.floor(counts + margin * n + 1e-9), n)
    return float(chances @ bdtrc(reached, n, min(1.0, base + rise)))


def paired_rise_at_once(rates: Sequence[float], margin: float, blocks: int, alpha: float) -> float | None:
    """The same where pairs alone are looked at, whose exact bounds are longer; both conditions are enumerated
    together. Pairs are taken as independent, with the rates of their scenarios."""
    needed = _gains_needed(blocks, alpha, margin)
    lost = np.arange(blocks + 1)

    def found(rise: float) -> bool:
        pairs = [Rates(rate, min(1.0, rate + rise)).pair() for rate in rates]
        gain = sum(pair.candidate_only for pair in pairs) / len(pairs)
        loss = sum(pair.baseline_only for pair in pairs) / len(pairs)
        chances = np.diff(bdtr(lost, blocks, loss), prepend=0.0)
        rest, gaining = blocks - lost, 1.0 if loss >= 1 else min(1.0, gain / (1 - loss))
        enough = np.where(needed <= rest, bdtrc(np.minimum(needed, rest) - 1, rest, gaining), 0.0)
        return float(chances @ enough) >= POWER

    return _least(found, margin, 1.0 - min(rates), _PRECISION / 20)


@lru_cache(maxsize=16)
def _gains_needed(pairs: int, alpha: float, margin: float) -> NDArray[np.int64]:
    """By how many pairs only the baseline did it in, 0 to all: in how many only the candidate must have done
    it, for the bounds to exclude 0 and the estimate to be beyond the margin."""
    counts = np.arange(pairs + 1)
    most_lost = np.array([-difference_bounds(0, lost, pairs, 1 - alpha)[0] for lost in range(pairs + 1)])
    gained = np.array([difference_bounds(each, 0, pairs, 1 - alpha)[0] for each in range(pairs + 1)])
    beyond_zero = np.searchsorted(gained + most_lost[0], most_lost, side="right")
    beyond_margin = np.floor(counts + margin * pairs + 1e-9).astype(np.int64) + 1
    return np.maximum(np.maximum(beyond_zero, beyond_margin), 1)


def gap_rise_at_once(gaps: Sequence[float], margin: float, blocks: int, alpha: float) -> float | None:
    """The same of gaps, on whose mean rise the gate bets. Simulated, with the same draws every time: both
    sides draw their gaps from the baseline's, each by itself; that both meet the same items makes it
    smaller."""
    dice = np.random.default_rng(0)
    drawn: NDArray[np.float64] = dice.choice(np.asarray(gaps, dtype=float), (2, _DRAWS, blocks))

    def found(rise: float) -> bool:
        halves = np.asarray(np.rint(50 * (np.minimum(drawn[1] + rise, 1.0) - drawn[0])), dtype=float) / 100
        values = np.unique(halves)
        counts = np.stack([np.sum(halves == value, axis=1, dtype=float) for value in values], axis=-1)
        beyond = np.asarray(2 * halves.sum(axis=1) > margin * blocks)
        enough = log_capital(values, counts) >= -np.log(alpha / 2)
        return float((beyond & enough).mean()) >= POWER

    return _least(found, margin, 1.0 - float(np.mean(gaps)), _PRECISION)


def _least(found: Callable[[float], bool], low: float, high: float, precision: float) -> float | None:
    """The smallest rise above ``low`` that is found, None when not even ``high`` is."""
    if high <= low or not found(high):
        return None
    while high - low > precision:
        middle = (low + high) / 2
        low, high = (low, middle) if found(middle) else (middle, high)
    return high
