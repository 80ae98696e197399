"""Tables of benchmarks/gate.py: false alarms, power, words, and one scenario of ten."""

import numpy as np
from coverage_tables import header, row
from gate_simulations import (
    Floats,
    Runs,
    Test,
    cycle_bet,
    enough,
    fisher_once,
    fisher_peeked,
    independent,
    newcombe_once,
    turner,
)
from numpy.typing import NDArray

from ulterior.analysis.statistics.sequential.course import (
    Course,
    Pair,
    Rates,
    Rule,
    course,
    first_passage,
)

__all__ = [
    "BLOCKS",
    "SUITES",
    "alarm_table",
    "all_clear_table",
    "exact",
    "power_table",
    "share",
    "sparse_table",
    "word_table",
]

BLOCKS = 300
SUITES = (1, 10)
BASE_RATES = (0.01, 0.02, 0.1, 0.3)
RISES = ((0.01, 0.05), (0.02, 0.08), (0.05, 0.15), (0.1, 0.2), (0.1, 0.3))
MARGIN = 0.03


def exact(pairs: list[Pair], mean: float = 0.0, sign: int = 1, blocks: int = BLOCKS) -> Course:
    """The course of the bet alone: stop as soon as the mean difference is proven above (``sign`` 1) or
    below it."""

    def won(ups: Floats, downs: Floats, n: int) -> NDArray[np.bool_]:
        return enough(ups, downs, n, mean) if sign > 0 else enough(downs, ups, n, -mean)

    rules: dict[str, Rule] = {"won": won}
    return first_passage(pairs, blocks // len(pairs), rules)


def share(stops: Floats) -> str:
    """How often a simulated test stopped, with its standard error."""
    p = float(np.isfinite(stops).mean())
    return f"{p:.3f} ± {np.sqrt(max(p * (1 - p), 0.5 / len(stops)) / len(stops)):.3f}"


def share_and_mean(stops: Floats, digits: int = 2) -> str:
    return f"{np.isfinite(stops).mean():.{digits}f} ({np.minimum(stops, BLOCKS).mean():.0f})"


def suite_runs(dice: np.random.Generator, repetitions: int, scenarios: int, b: object, c: object) -> Runs:
    return independent(dice, (repetitions, BLOCKS // scenarios, scenarios), b, c)


def alarm_table(dice: np.random.Generator, repetitions: int) -> list[str]:
    tests: list[Test] = [turner, cycle_bet, fisher_peeked, fisher_once]
    lines = header(
        "scenarios",
        "rate",
        "**paired bet**",
        "Turner",
        "bet on cycle means",
        "Fisher, peeked",
        "Fisher, once",
    )
    for scenarios in SUITES:
        for rate in BASE_RATES:
            sure = exact([Rates(rate, rate).pair()] * scenarios).share("won")
            runs = suite_runs(dice, repetitions, scenarios, rate, rate)
            lines.append(row(scenarios, rate, f"{sure:.3f}", *(share(test(runs)) for test in tests)))
    return lines


def power_table(dice: np.random.Generator, repetitions: int) -> list[str]:
    tests: list[Test] = [turner, lambda runs: turner(runs, two_sided=True), cycle_bet]
    lines = header(
        "scenarios",
        "rates",
        "**paired bet**",
        "… and above the margin",
        "Turner",
        "Turner, two-sided",
        "bet on cycle means",
        "Fisher, once",
    )
    for scenarios in SUITES:
        for b, c in RISES:
            pairs = [Rates(b, c).pair()] * scenarios
            sure, gate = exact(pairs), course(pairs, MARGIN, BLOCKS // scenarios)
            runs = suite_runs(dice, repetitions // 2, scenarios, b, c)
            lines.append(
                row(
                    scenarios,
                    f"{b} → {c}",
                    f"{sure.share('won'):.2f} ({sure.mean_cycles * scenarios:.0f})",
                    f"{gate.share('REGRESSION'):.2f} ({gate.mean_cycles * scenarios:.0f})",
                    *(share_and_mean(test(runs)) for test in tests),
                    f"{np.isfinite(fisher_once(runs)).mean():.2f}",
                )
            )
    return lines


def word_table(dice: np.random.Generator, repetitions: int) -> list[str]:
    """Exact: ``dice`` and ``repetitions`` are not used."""
    lines = header(
        "margin", "rates", "blocks at most", "REGRESSION", "PASS", "IMPROVED", "undecided", "mean blocks"
    )
    for margin, b, rest in (
        (0.03, 0.02, (0.0, 0.02, 0.035, 0.05, 0.08, 0.12)),
        (0.05, 0.02, (0.02, 0.045, 0.07, 0.12)),
        (0.1, 0.1, (0.05, 0.1, 0.15, 0.2, 0.3)),
    ):
        for c in rest:
            for blocks in (300, 1000):
                gate = course([Rates(b, c).pair()] * 10, margin, blocks // 10)
                words = [f"{gate.share(word):.3f}" for word in ("REGRESSION", "PASS", "IMPROVED")]
                mean = f"{gate.mean_cycles * 10:.0f}"
                lines.append(row(margin, f"{b} → {c}", blocks, *words, f"{gate.undecided:.3f}", mean))
    return lines


def all_clear_table(dice: np.random.Generator, repetitions: int) -> list[str]:
    """One scenario. At a difference of the margin a PASS is an error, at none it is what one wants."""
    lines = header("margin", "rates", "**paired bet**", "Turner", "Newcombe, once")
    for margin, base in ((0.03, 0.01), (0.03, 0.02), (0.1, 0.1), (0.1, 0.3)):
        for candidate in (round(base + margin, 2), base):
            sure = exact([Rates(base, candidate).pair()], margin, -1)
            runs = suite_runs(dice, repetitions // 2, 1, base, candidate)
            lines.append(
                row(
                    margin,
                    f"{base} → {candidate}",
                    f"{sure.share('won'):.3f} ({sure.mean_cycles:.0f})",
                    share_and_mean(turner(runs, margin, flipped=True), 3),
                    f"{np.isfinite(newcombe_once(runs, margin)).mean():.3f}",
                )
            )
    return lines


def sparse_table(dice: np.random.Generator, repetitions: int) -> list[str]:
    """Ten scenarios at 2 %, of which a few change; or half get worse and half better, so that the mean
    stays."""
    cases = {
        "one 0.02 → 0.3": [0.3] + [0.02] * 9,
        "one 0.02 → 0.6": [0.6] + [0.02] * 9,
        "three 0.02 → 0.2": [0.2] * 3 + [0.02] * 7,
        "five 0.2 → 0.3, five 0.2 → 0.1": [0.3] * 5 + [0.1] * 5,
    }
    lines = header("what changed", "mean difference", "paired bet", "Turner, product")
    for name, rates in cases.items():
        base = 0.2 if name.startswith("five") else 0.02
        sure = exact([Rates(base, rate).pair() for rate in rates])
        runs = suite_runs(dice, repetitions // 2, 10, base, np.array(rates))
        mine = f"{sure.share('won'):.2f} ({sure.mean_cycles * 10:.0f})"
        lines.append(row(name, f"{np.mean(rates) - base:+.3f}", mine, share_and_mean(turner(runs))))
    return lines
