"""How far a metric has moved, with the interval that its kind and its data call for.

*A rate* is compared within scenario and condition
(:func:`~ulterior.analysis.statistics.stratified_difference`), with the instance as the independent unit,
so that shared seeds help where they are shared. *Paired* metrics look at pairs alone
(:func:`~ulterior.analysis.statistics.paired_difference`), whose bounds hold at any size and are longer.
*Gaps* are pairs of numbers in -1..1: how much they moved is a mean over instances. A version that now and
then holds back altogether, between many small differences, has a mean that Student's t is far too sure of.
So the bounds are those of a bet (:mod:`~ulterior.analysis.statistics.sequential.betting`), which hold for
whatever is bounded, at any size.

Two corrections keep what is printed from claiming too much:

* where an exact test can be made and does not exclude "no difference" at the interval's level, the
  interval is widened to hold 0: with few events the approximate one is a little short;
* where nothing varies (not one event, or every pair alike) the approximate variance is 0. Then the
  bounds are exact ones: of the pairs where all episodes are paired, else of the two arms.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from statistics import mean

from ulterior.analysis.gate.pairing import Asked, Instance
from ulterior.analysis.statistics.exact_test import sign_flip_test
from ulterior.analysis.statistics.mantel_haenszel import StratifiedFit
from ulterior.analysis.statistics.paired import difference_bounds, paired_difference
from ulterior.analysis.statistics.sequential.betting import lower_bound, upper_bound

__all__ = ["Moved", "at_level"]


@dataclass(frozen=True)
class Moved:
    """Candidate minus baseline, in the direction in which more is worse, with a two-sided interval at
    ``level``.

    With ``anytime`` the bounds are those of a sequential test: either is one-sided at ``level``, they hold at
    whatever time one looks, and ``anytime`` is the number of pairs that they rest on.
    """

    difference: float | None
    low: float | None
    high: float | None
    level: float
    p: float | None
    method: str
    warnings: tuple[str, ...] = ()
    left_out: int = 0
    anytime: int | None = None


def at_level(asked: Asked, *, paired: bool) -> Callable[[float], Moved]:
    """The interval of a metric as a function of its level; each level is computed once."""
    known: dict[float, Moved] = {}
    measured = _gaps(asked) if asked.of_gaps else _paired(asked) if paired else _rate(asked)

    def moved(level: float) -> Moved:
        if level not in known:
            known[level] = _held(measured(level))
        return known[level]

    return moved


def _rate(asked: Asked) -> Callable[[float], Moved]:
    fit = StratifiedFit(asked.rows)

    def at(level: float) -> Moved:
        found = fit.at(level)
        low, high, method = found.low, found.high, found.method
        if method.startswith("exact bounds") and (alike := _all_alike(asked)):
            low, high = difference_bounds(0, 0, alike, level)
            method = "exact bounds of pairs: all are alike"
        return Moved(found.estimate, low, high, level, found.p, method, found.warnings)

    return at


def _all_alike(asked: Asked) -> int:
    """How many instances there are when every decided episode has a partner that came out the same; else
    0."""
    pairs = list(asked.pairs())
    if 2 * len(pairs) != len(asked.rows) or any(first.bad != second.bad for first, second in pairs):
        return 0
    return len({first.instance for first, _ in pairs})


def _paired(asked: Asked) -> Callable[[float], Moved]:
    pairs = [(first.instance, bool(first.bad), bool(second.bad)) for first, second in asked.pairs()]
    left_out = len(asked.rows) - 2 * len(pairs)

    def at(level: float) -> Moved:
        found = paired_difference(pairs, level)
        return Moved(found.estimate, found.low, found.high, level, found.p, found.method, (), left_out)

    return at


def _gaps(asked: Asked) -> Callable[[float], Moved]:
    """A difference of two gaps lies in -2..2; the bet is on half of it."""
    rises: dict[Instance, list[float]] = {}
    pairs = list(asked.pairs())
    for first, second in pairs:
        rises.setdefault(second.instance, []).append(second.rise_from(first) / 2)
    halves = [round(mean(each), 9) for each in rises.values()]
    seen, p = Counter(halves), sign_flip_test(halves) if halves else None
    values, counts, left_out = list(seen), list(seen.values()), len(asked.rows) - 2 * len(pairs)

    def at(level: float) -> Moved:
        method = "a bet on instances' gaps"
        if not halves:
            return Moved(None, None, None, level, None, method, (), left_out)
        error = (1 - level) / 2
        low, high = (float(bound(values, counts, error)) for bound in (lower_bound, upper_bound))
        return Moved(2 * mean(halves), 2 * low, 2 * high, level, p, method, (), left_out)

    return at


def _held(moved: Moved) -> Moved:
    """Widened to hold 0 where the exact test does not exclude it."""
    if moved.low is None or moved.high is None or moved.p is None or moved.p <= 1 - moved.level:
        return moved
    if moved.low <= 0 <= moved.high:
        return moved
    return Moved(
        moved.difference,
        min(moved.low, 0.0),
        max(moved.high, 0.0),
        moved.level,
        moved.p,
        f"{moved.method}, widened to hold 0 as the exact test does",
        moved.warnings,
        moved.left_out,
    )
