"""What benchmarks/gate.py simulates: versions of a model, looked at while they run, with every test."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.stats import hypergeom, norm

from ulterior.analysis.statistics.sequential.betting import log_capital
from ulterior.analysis.statistics.sequential.two_streams import log_factor, plug_in

__all__ = [
    "ALPHA",
    "Floats",
    "Runs",
    "Test",
    "bet",
    "cycle_bet",
    "enough",
    "fisher_once",
    "fisher_peeked",
    "independent",
    "newcombe_once",
    "turner",
]

ALPHA = 0.05
ENOUGH = -log(ALPHA)
LOOK = 20
"""Blocks between two looks of the peeked Fisher test."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Runs:
    """Outcomes of repeated gates: shapes (repetitions, cycles, scenarios), 0 or 1 or means over
    epochs."""

    baseline: Floats
    candidate: Floats

    @property
    def blocks(self) -> int:
        return self.baseline.shape[1] * self.baseline.shape[2]

    def pooled(self) -> "Runs":
        """One scenario whose outcomes are the means of cycles."""
        return Runs(self.baseline.mean(axis=2, keepdims=True), self.candidate.mean(axis=2, keepdims=True))


def independent(
    dice: np.random.Generator, shape: tuple[int, int, int], baseline: object, candidate: object
) -> Runs:
    """Both versions at these rates, numbers or arrays that fit the shape."""
    return Runs(*((dice.random(shape) < np.asarray(rate)).astype(float) for rate in (baseline, candidate)))


def bet(runs: Runs, mean: float = 0.0, sign: int = 1) -> Floats:
    """When the bet on the mean difference lying above (``sign`` 1) or below ``mean`` has won: blocks,
    inf if never."""
    differences = np.round(sign * (runs.candidate - runs.baseline), 9)
    values = np.unique(differences)
    stops: list[Floats] = []
    for part in np.array_split(differences, max(1, len(differences) // 200)):
        counts = np.stack([(part == value).sum(axis=2).cumsum(axis=1) for value in values], axis=-1)
        stops.append(first(log_capital(values, counts, sign * mean) >= ENOUGH))
    return np.concatenate(stops) * runs.baseline.shape[2]


def cycle_bet(runs: Runs) -> Floats:
    """The same bet on the means of cycles, which needs no independence within one."""
    return bet(runs.pooled()) * runs.baseline.shape[2]


def turner(runs: Runs, m: float = 0.0, flipped: bool = False, two_sided: bool = False) -> Floats:
    """When the product of Turner's e-processes rejects "no scenario is worse by more than m";
    ``flipped``: "none is better than m"; ``two_sided``: the original, against equality."""
    shape = (runs.baseline.shape[0], runs.baseline.shape[2])
    events = np.zeros((2, *shape))
    capital, rejected = np.zeros(shape[0]), np.zeros(runs.baseline.shape[:2], dtype=bool)
    for t in range(runs.baseline.shape[1]):
        b, c = plug_in(events[0], t), plug_in(events[1], t)
        x, y = runs.baseline[:, t], runs.candidate[:, t]
        if two_sided:
            gain = np.where(c >= b, log_factor(b, c, x, y), log_factor(c, b, y, x))
        elif flipped:
            gain = log_factor(c, b, y, x, -m)
        else:
            gain = log_factor(b, c, x, y, m)
        capital = capital + gain.sum(axis=1)
        rejected[:, t] = capital >= ENOUGH
        events += np.stack([x, y])
    return first(rejected) * runs.baseline.shape[2]


def fisher_peeked(runs: Runs) -> Floats:
    """When Fisher's one-sided test on the pooled counts first gives p <= 0.05, looked at every 20
    blocks."""
    return _fisher(runs, range(LOOK, runs.blocks + 1, LOOK))


def fisher_once(runs: Runs) -> Floats:
    """The same with one look, at the end: what a fixed size would give."""
    return _fisher(runs, [runs.blocks])


def _fisher(runs: Runs, looks: range | list[int]) -> Floats:
    counts = [each.sum(axis=2).cumsum(axis=1) for each in (runs.baseline, runs.candidate)]
    scenarios, stopped = runs.baseline.shape[2], np.full(len(runs.baseline), np.inf)
    for n in looks:
        base, cand = (each[:, n // scenarios - 1].astype(int) for each in counts)
        hit = cand >= _critical(n)[base + cand]
        stopped = np.where(np.isinf(stopped) & hit, n, stopped)
    return stopped


def newcombe_once(runs: Runs, margin: float) -> Floats:
    """Whether Newcombe's upper bound of the difference is below the margin, with one look at the end;
    one-sided 95 %."""
    n, z = runs.blocks, float(norm.ppf(1 - ALPHA))
    b, c = (each.sum(axis=(1, 2)) / n for each in (runs.baseline, runs.candidate))
    upper = c - b + np.sqrt((_wilson(c, n, z) - c) ** 2 + (b - _wilson(b, n, -z)) ** 2)
    return np.where(upper < margin, float(n), np.inf)


def _wilson(p: Floats, n: int, z: float) -> Floats:
    """Its upper bound, for a negative z the lower one."""
    return (p + z * z / (2 * n) + z * np.sqrt(p * (1 - p) / n + (z / n) ** 2 / 4)) / (1 + z * z / n)


@cache
def _critical(n: int) -> NDArray[np.int64]:
    """From which number of the candidate's events on, given all events, Fisher rejects; index: all
    events, 0..2n."""
    events = np.arange(2 * n + 1)[:, None]
    k = np.arange(n + 2)[None, :]
    p = np.asarray(hypergeom.sf(k - 1, 2 * n, events, n))  # type: ignore[no-untyped-call]
    return np.asarray((p <= ALPHA).argmax(axis=1) + np.where((p <= ALPHA).any(axis=1), 0, n + 2))


def enough(ups: Floats, downs: Floats, n: int, mean: float) -> Bools:
    """Whether ups - downs per pair is proven to be above ``mean`` after ``n`` pairs; of shape (U,
    D)."""
    ups, downs = np.broadcast_arrays(ups, downs)
    counts = np.stack([ups, n - ups - downs, downs], axis=-1)
    return log_capital((1, 0, -1), counts, mean) >= ENOUGH


def first(hits: Bools) -> Floats:
    """The 1-based index of the first true one of each row, inf if none is."""
    return np.where(hits.any(axis=1), hits.argmax(axis=1) + 1.0, np.inf)


Test = Callable[[Runs], Floats]
