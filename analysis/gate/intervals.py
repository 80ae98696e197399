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
    fit = None if paired or asked.of_gaps else StratifiedFit(asked.rows)

    def measured(level: float) -> Moved:
        if fit is not None:
            return _rate(asked, fit, level)
        return _gaps(asked, level) if asked.of_gaps else _paired(asked, level)

    def moved(level: float) -> Moved:
        if level not in known:
            known[level] = _held(measured(level))
        return known[level]

    return moved


def _rate(asked: Asked, fit: StratifiedFit, level: float) -> Moved:
    found = fit.at(level)
    low, high, method = found.low, found.high, found.method
    if method.startswith("exact bounds") and (alike := _all_alike(asked)):
        low, high = difference_bounds(0, 0, alike, level)
        method = "exact bounds of pairs: all are alike"
    return Moved(found.estimate, low, high, level, found.p, method, found.warnings)


def _all_alike(asked: Asked) -> int:
    """How many instances there are when every decided episode has a partner that came out the same; else
    0."""
    pairs = list(asked.pairs())
    if 2 * len(pairs) != len(asked.rows) or any(first.bad != second.bad for first, second in pairs):
        return 0
    return len({first.instance for first, _ in pairs})


def _paired(asked: Asked, level: float) -> Moved:
    pairs = list(asked.pairs())
    found = paired_difference(
        ((first.instance, bool(first.bad), bool(second.bad)) for first, second in pairs), level
    )
    decided = len(asked.rows)
    return Moved(
        found.estimate, found.low, found.high, level, found.p, found.method, (), decided - 2 * len(pairs)
    )


def _gaps(asked: Asked, level: float) -> Moved:
    """A difference of two gaps lies in -2..2, and half of it where it is measured."""
    pairs = list(asked.pairs())
    rises: dict[Instance, list[float]] = {}
    for first, second in pairs:
        rises.setdefault(second.instance, []).append(second.rise_from(first) / 2)
    left_out = len(asked.rows) - 2 * len(pairs)
    method = "a bet on instances' gaps"
    if not rises:
        return Moved(None, None, None, level, None, method, (), left_out)
    seen = Counter(round(mean(each), 9) for each in rises.values())
    values, counts, error = list(seen), list(seen.values()), (1 - level) / 2
    return Moved(
        2 * mean(seen.elements()),
        2 * float(lower_bound(values, counts, error)),
        2 * float(upper_bound(values, counts, error)),
        level,
        sign_flip_test(list(seen.elements())),
        method,
        (),
        left_out,
    )


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
