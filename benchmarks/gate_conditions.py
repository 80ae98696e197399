"""Tables of benchmarks/gate.py: coverage, and what happens when episodes are not independent;
canaries."""

from collections.abc import Callable
from math import log

import numpy as np
from coverage_tables import cluster_rates, header, row
from gate_simulations import (
    ALPHA,
    Floats,
    Runs,
    bet,
    cycle_bet,
    fisher_once,
    fisher_peeked,
    independent,
    turner,
)
from gate_tests import BLOCKS, exact, share

from ulterior.analysis.statistics.rare import upper_bound as fixed_bound
from ulterior.analysis.statistics.sequential.betting import lower_bound, upper_bound
from ulterior.analysis.statistics.sequential.canary import CanaryTest, log_above, log_below
from ulterior.analysis.statistics.sequential.course import Pair, Rates

__all__ = [
    "canary_table",
    "clustering_table",
    "coverage_table",
    "epochs_table",
    "together_table",
    "zero_table",
]

ICC = 0.3
CYCLES = BLOCKS // 10


def coverage_table(dice: np.random.Generator, repetitions: int) -> list[str]:
    """Exact; the dice draw the suite of unlike scenarios only, and ``repetitions`` is not used."""
    unlike = cluster_rates(dice, 0.1, ICC, (10,))
    worse = np.clip(unlike + np.tile([0.2, -0.1], 5), 0, 1)
    suites = {
        "1 at 0.02": [Rates(0.02, 0.02)],
        "1 at 0.3": [Rates(0.3, 0.3)],
        "1, 0.1 → 0.3": [Rates(0.1, 0.3)],
        "10 at 0.02": [Rates(0.02, 0.02)] * 10,
        "10 at 0.3": [Rates(0.3, 0.3)] * 10,
        "10, 0.1 → 0.3": [Rates(0.1, 0.3)] * 10,
        "10, 0.1 → 0.3, pairs correlate by 0.3": [Rates(0.1, 0.3, 0.3)] * 10,
        "10 unlike, the same in both": [Rates(rate, rate) for rate in unlike],
        "10 unlike, moving apart": [Rates(b, c) for b, c in zip(unlike, worse, strict=True)],
    }
    lines = header("scenarios", "low too high", "high too low", "width at 100 blocks", "at 300", "at 1000")
    for name, rates in suites.items():
        pairs = [each.pair() for each in rates]
        mean = float(np.mean([each.candidate_only - each.baseline_only for each in pairs]))
        missed = (exact(pairs, mean, sign).share("won") for sign in (1, -1))
        widths = (f"{width(pairs, blocks):.2f}" for blocks in (100, 300, 1000))
        lines.append(row(name, *(f"{each:.3f}" for each in missed), *widths))
    return lines


def width(pairs: list[Pair], blocks: int) -> float:
    """Of the interval, when each difference is seen as often as expected."""
    ups, downs = (blocks * np.mean([getattr(each, side) for each in pairs]) for side in Pair.__annotations__)
    counts, values = (ups, blocks - ups - downs, downs), (1, 0, -1)
    return float(upper_bound(values, counts, ALPHA) - lower_bound(values, counts, ALPHA))


def clustering_table(dice: np.random.Generator, repetitions: int) -> list[str]:
    """The null is true throughout; 10 scenarios, 30 instances of each. Suites of their own in each
    repetition."""
    lines = header("what is alike", "rate", "**paired bet**", "Turner", "Fisher, peeked", "Fisher, once")
    for rate in (0.02, 0.1, 0.3):
        for name, shape in {
            "nothing": (1, 1, 1),
            "instances, for both versions": (repetitions, CYCLES, 10),
            "scenarios": (repetitions, 1, 10),
        }.items():
            rates = cluster_rates(dice, rate, 0 if name == "nothing" else ICC, shape)
            runs = independent(dice, (repetitions, CYCLES, 10), rates, rates)
            tests = (bet, turner, fisher_peeked, fisher_once)
            lines.append(row(name, rate, *(share(test(runs)) for test in tests)))
    return lines


def epochs_table(dice: np.random.Generator, repetitions: int) -> list[str]:
    """60 instances of one scenario, 5 epochs of each; the rates of each instance and version are drawn
    apart."""
    lines = header(
        "rates", "an instance's mean is a block", "an epoch is a block (wrong)", "Fisher, once (wrong)"
    )
    for b, c in ((0.1, 0.1), (0.3, 0.3), (0.1, 0.3)):
        rates = [cluster_rates(dice, rate, ICC, (repetitions, 60, 1)) for rate in (b, c)]
        epochs = independent(dice, (repetitions, 60, 5), *rates)
        apart = Runs(*(each.reshape(repetitions, BLOCKS, 1) for each in (epochs.baseline, epochs.candidate)))
        shares = (share(stops) for stops in (bet(epochs.pooled()), bet(apart), fisher_once(apart)))
        lines.append(row(f"{b} → {c}", *shares))
    return lines


def together_table(dice: np.random.Generator, repetitions: int) -> list[str]:
    """In each cycle one version, by a coin, has a bad day in all ten scenarios: no difference on
    average."""
    lines = header("rates on good and bad days", "paired bet", "bet on cycle means", "Turner", "Fisher, once")
    for good, bad in ((0.1, 0.1), (0.05, 0.15), (0.02, 0.18), (0.1, 0.5)):
        coin = dice.random((repetitions, CYCLES, 1)) < 0.5
        rates = (np.where(coin, bad, good), np.where(coin, good, bad))
        runs = independent(dice, (repetitions, CYCLES, 10), *rates)
        tests = (bet, cycle_bet, turner, fisher_once)
        lines.append(row(f"{good}, {bad}", *(share(test(runs)) for test in tests)))
    return lines


def canary_table(dice: np.random.Generator, repetitions: int) -> list[str]:
    """Exact: up to 300 episodes, a look after each. Shares of gates and mean episodes until then."""
    lines = header("true rate", "proven above 0.01", "episodes", "proven below 0.05", "episodes")
    for rate in (0.0, 0.01, 0.02, 0.05, 0.1, 0.2):
        above = canary_course(rate, lambda k, n: log_above(k, n, 0.01))
        below = canary_course(rate, lambda k, n: log_below(k, n, 0.05))
        lines.append(row(rate, *(cell for p, t in (above, below) for cell in (f"{p:.3f}", f"{t:.0f}"))))
    return lines


def canary_course(rate: float, capital: Callable[[Floats, int], Floats]) -> tuple[float, float]:
    """The chance that the capital ever reaches 1/alpha within 300 episodes, and the mean number run."""
    mass, stopped, mean = np.ones(1), 0.0, 0.0
    for n in range(1, BLOCKS + 1):
        mass = np.append(mass * (1 - rate), 0) + np.insert(mass * rate, 0, 0)
        hit = capital(np.arange(n + 1.0), n) >= -log(ALPHA)
        now = float(mass[hit].sum())
        stopped, mean, mass = stopped + now, mean + n * now, np.where(hit, 0, mass)
    return stopped, mean + BLOCKS * (1 - stopped)


def zero_table(dice: np.random.Generator, repetitions: int) -> list[str]:
    """Exact: what no event, and one, among n still allow, one-sided at 95 %."""
    lines = header(
        "n", "0 of n, at any time", "0 of n, at a fixed size", "1 of n, at any time", "1 of n, fixed"
    )
    for n in (30, 60, 100, 300, 1000):
        cells = [(CanaryTest(k=k, n=n).high, fixed_bound(k, n).high or 1) for k in (0, 1)]
        lines.append(row(n, *(f"{100 * each:.1f} %" for pair in cells for each in pair)))
    return lines
