"""How a sequential gate will go, computed and not simulated: which word, how likely, after how long.

What :class:`~.suite.SequentialTest` says depends only on two counts, pairs in which just the candidate
did it and pairs in which just the baseline did. Their joint distribution is carried from cycle to
cycle, and what has been decided is taken out. States that are less likely than 1e-13 are dropped;
``lost`` says how much that was in all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from ulterior.analysis.statistics.sequential.betting import log_capital

__all__ = ["Course", "Pair", "Rates", "Rule", "course", "detectable_rise", "first_passage", "gate_rules"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

Rule = Callable[[Floats, Floats, int], Bools]
"""From counts of pairs (candidate only, baseline only; shapes (U, 1) and (1, D)) and of all pairs to
where it stops."""

_NEGLIGIBLE = 1e-13
_VALUES = (1.0, 0.0, -1.0)


@dataclass(frozen=True)
class Pair:
    """How the pairs of one scenario come out: the probabilities that only the candidate did it, and
    only the baseline."""

    candidate_only: float
    baseline_only: float

    def __post_init__(self) -> None:
        if min(self.candidate_only, self.baseline_only) < 0 or self.candidate_only + self.baseline_only > 1:
            raise ValueError(f"no probabilities: {self}")


@dataclass(frozen=True)
class Rates:
    """Rates of both versions in one scenario; ``correlation`` of the two outcomes on the same instance,
    0 or more."""

    baseline: float
    candidate: float
    correlation: float = 0.0

    def pair(self) -> Pair:
        """Raises ``ValueError`` when rates as different as these can't correlate so much."""
        b, c = self.baseline, self.candidate
        both = b * c + self.correlation * sqrt(b * (1 - b) * c * (1 - c))
        if both > min(b, c) + 1e-12:
            raise ValueError(f"impossible: {self}")
        return Pair(max(0.0, c - both), max(0.0, b - both))


@dataclass(frozen=True)
class Course:
    """``stopped[word][t - 1]`` is the probability of stopping with that word after cycle t; the rest is
    still undecided after the last one. A cycle is one pair, two episodes, of each of ``scenarios``."""

    scenarios: int
    cycles: int
    stopped: Mapping[str, tuple[float, ...]]
    lost: float

    def share(self, word: str) -> float:
        """The probability of this word within all cycles."""
        return sum(self.stopped[word])

    @property
    def undecided(self) -> float:
        """The probability that the cycles end without a word."""
        return max(0.0, 1 - sum(map(self.share, self.stopped)))

    @property
    def mean_cycles(self) -> float:
        """The mean number of cycles that are run, all of them where nothing was decided."""
        times = [sum(at) for at in zip(*self.stopped.values(), strict=True)]
        stopped = sum(t * p for t, p in enumerate(times, start=1))
        return stopped + self.cycles * (1 - sum(times))

    def cycles_for(self, share: float, *words: str) -> int | None:
        """After how many cycles one of these words (all, without any) has come with this probability;
        None: not within these."""
        times = [sum(at) for at in zip(*(self.stopped[word] for word in words or self.stopped), strict=True)]
        return next((t for t, so_far in enumerate(accumulate(times), start=1) if so_far >= share), None)


def course(scenarios: Sequence[Pair], margin: float, cycles: int, alpha: float = 0.05) -> Course:
    """The course of the gate's test over a suite of these scenarios, with a look after every cycle."""
    return first_passage(scenarios, cycles, gate_rules(margin, alpha))


def detectable_rise(
    baseline: Sequence[float], margin: float, cycles: int, alpha: float = 0.05, power: float = 0.8
) -> float | None:
    """The smallest rise, the same in all scenarios, that ends as REGRESSION with this probability
    within these cycles; to 0.001 above. None when not even the largest does. ``baseline`` are the rates
    of the scenarios; no rate rises above 1. Pairs are taken as independent, so where pairs
    resemble each other a smaller one is found.
    """

    def found(rise: float) -> bool:
        pairs = [Rates(rate, min(1.0, rate + rise)).pair() for rate in baseline]
        return course(pairs, margin, cycles, alpha).share("REGRESSION") >= power

    low, high = margin, 1.0 - min(baseline)
    if high <= low or not found(high):
        return None
    while high - low > 0.001:
        middle = (low + high) / 2
        low, high = (low, middle) if found(middle) else (middle, high)
    return high


def gate_rules(margin: float, alpha: float) -> dict[str, Rule]:
    """The rules of :meth:`~.suite.SequentialTest.decision`, in their order."""
    enough = -log(alpha)

    def regression(ups: Floats, downs: Floats, n: int) -> Bools:
        return (_evidence(ups, downs, n, 0.0) >= enough) & (ups - downs > margin * n)

    def improved(ups: Floats, downs: Floats, n: int) -> Bools:
        return _evidence(downs, ups, n, 0.0) >= enough

    def passed(ups: Floats, downs: Floats, n: int) -> Bools:
        return _evidence(downs, ups, n, -margin) >= enough

    return {"REGRESSION": regression, "IMPROVED": improved, "PASS": passed}


def _evidence(ups: Floats, downs: Floats, n: int, mean: float) -> Floats:
    """Log capital of the bet that ups - downs, per pair, is above ``mean``; of shape (U, D)."""
    ups, downs = np.broadcast_arrays(ups, downs)
    return log_capital(_VALUES, np.stack([ups, n - ups - downs, downs], axis=-1), mean)


def first_passage(scenarios: Sequence[Pair], cycles: int, rules: Mapping[str, Rule]) -> Course:
    """The probabilities that a rule stops the test first, after each cycle; of several rules the first
    one counts.

    Raises ``ValueError`` without scenarios.
    """
    if not scenarios:
        raise ValueError("a suite of no scenarios")
    step = _cycle(scenarios)
    mass, first, lost = np.ones((1, 1)), (0, 0), 0.0
    stopped: dict[str, list[float]] = {word: [] for word in rules}
    for t in range(1, cycles + 1):
        mass = _convolved(mass, step)
        mass, first, gone = _trimmed(mass, first)
        lost += gone
        ups = first[0] + np.arange(mass.shape[0], dtype=float)[:, None]
        downs = first[1] + np.arange(mass.shape[1], dtype=float)[None, :]
        for word, rule in rules.items():
            hit = rule(ups, downs, t * len(scenarios))
            stopped[word].append(float(mass[hit].sum()))
            mass = np.where(hit, 0.0, mass)
    return Course(len(scenarios), cycles, {word: tuple(at) for word, at in stopped.items()}, lost)


def _cycle(scenarios: Sequence[Pair]) -> Floats:
    """The distribution of (candidate only, baseline only) in one cycle, shape (K + 1, K + 1)."""
    total = np.ones((1, 1))
    for pair in scenarios:
        both = 1 - pair.candidate_only - pair.baseline_only
        total = _convolved(total, np.array([[both, pair.baseline_only], [pair.candidate_only, 0.0]]))
    return total


def _convolved(mass: Floats, step: Floats) -> Floats:
    result = np.zeros((mass.shape[0] + step.shape[0] - 1, mass.shape[1] + step.shape[1] - 1))
    for (i, j), chance in np.ndenumerate(step):
        if chance > _NEGLIGIBLE * 1e-3:
            result[i : i + mass.shape[0], j : j + mass.shape[1]] += chance * mass
    return result


def _trimmed(mass: Floats, first: tuple[int, int]) -> tuple[Floats, tuple[int, int], float]:
    """Without its improbable edges; the counts that its corner stands for; what was dropped."""
    rows = np.flatnonzero((mass > _NEGLIGIBLE).any(axis=1))
    columns = np.flatnonzero((mass > _NEGLIGIBLE).any(axis=0))
    if not len(rows):  # everything has been decided
        return np.zeros((1, 1)), first, float(mass.sum())
    kept = mass[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return kept, (first[0] + int(rows[0]), first[1] + int(columns[0])), float(mass.sum() - kept.sum())
