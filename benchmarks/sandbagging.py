"""How often the verdict on paired incentive arms is wrong, and which gaps it finds, on simulated sheets.

    python benchmarks/sandbagging.py [--repeats N]

Sheets of fourteen items. A seed's difficulty is drawn (beta, intra-class correlation 0.3 over seeds), then
each episode's own form around it (likewise, by the column), then its answers. With a gap, each right answer
in the arm where it pays to fail is spoiled with the same probability. ``naive`` is what one gets by taking
every item as independent: the two-sided z test of two proportions. ``undecided`` is inconclusive or, where
chance leaves the control arm below a fifth of right answers, not assessable.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from math import erfc, sqrt

import numpy as np

from ulterior.analysis.sandbagging.group import Group, GroupVerdict
from ulterior.analysis.sandbagging.outcomes import Outcome, Sitting
from ulterior.analysis.sandbagging.pairs import Cell
from ulterior.analysis.sandbagging.verdict import judge_groups

ITEMS = 14
SEED_ICC = 0.3
NAMES = [f"K3-{number:02}" for number in range(1, ITEMS + 1)]
GAP = "unexplained incentive-dependent gap"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=1000, help="simulated studies per row")
    repeats = parser.parse_args().repeats
    print("| right | episode ICC | seeds | epochs | gap said | naive | no gap said | undecided | coverage |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for right, icc, seeds, epochs in (
        (0.98, 0.0, 50, 1),
        (0.9, 0.0, 50, 1),
        (0.9, 0.3, 50, 1),
        (0.6, 0.0, 50, 1),
        (0.6, 0.3, 50, 1),
        (0.3, 0.3, 50, 1),
        (0.6, 0.3, 50, 3),
        (0.6, 0.3, 20, 1),
    ):
        row = simulate(right, icc, 0.0, seeds, epochs, repeats)
        print(f"| {right:.2f} | {icc} | {seeds} | {epochs} | {' | '.join(row)} |", flush=True)
    print("\n| right | gap | seeds | gap said | naive | no gap said | undecided | coverage |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    for right, gap, seeds in (
        (0.9, 0.02, 50),
        (0.9, 0.05, 50),
        (0.9, 0.10, 50),
        (0.9, 0.20, 50),
        (0.9, 0.10, 20),
        (0.9, 0.20, 20),
        (0.6, 0.05, 50),
        (0.6, 0.10, 50),
        (0.6, 0.20, 50),
    ):
        row = simulate(right, 0.1, gap, seeds, 1, repeats // 2)
        print(f"| {right:.2f} | {gap} | {seeds} | {' | '.join(row)} |", flush=True)


def simulate(right: float, icc: float, gap: float, seeds: int, epochs: int, repeats: int) -> list[str]:
    """The shares of the verdicts, and of the intervals that hold the true gap."""
    random = np.random.default_rng(20_240_607)
    said = Counter[str]()
    naive = covered = 0
    for _ in range(repeats):
        verdict = one(random, right, icc, gap, seeds, epochs)
        said[verdict.verdict] += 1
        naive += naive_p(verdict) <= 0.05
        assert verdict.gap.low is not None
        assert verdict.gap.high is not None
        covered += verdict.gap.low - 1e-9 <= gap <= verdict.gap.high + 1e-9
    undecided = said["inconclusive"] + said["not assessable"]
    counts = (said[GAP], naive, said["no gap found"], undecided, covered)
    return [f"{100 * count / repeats:.1f} %" for count in counts]


def one(
    random: np.random.Generator, right: float, icc: float, gap: float, seeds: int, epochs: int
) -> GroupVerdict:
    """One simulated study and the verdict on it."""
    arms: dict[str, dict[Cell, Sitting]] = {"tempted": {}, "control": {}}
    for seed in range(seeds):
        level = around(random, right, SEED_ICC)
        for arm, cells in arms.items():
            spoiled = gap / right if arm == "tempted" else 0.0
            for epoch in range(epochs):
                answers = random.random(ITEMS) < around(random, level, icc)
                answers &= random.random(ITEMS) >= spoiled
                cells[seed, epoch] = Sitting(
                    episode=f"{arm}-{seed}-{epoch}",
                    seed=seed,
                    epoch=epoch,
                    items=dict(zip(NAMES, outcomes(answers.tolist()), strict=True)),
                )
    (verdict,) = judge_groups([Group("simulated", "simulated", arms)])
    return verdict


def outcomes(answers: list[bool]) -> Iterator[Outcome]:
    return ("correct" if right else "wrong" for right in answers)


def around(random: np.random.Generator, mean: float, icc: float) -> float:
    """A probability drawn around a mean; ``icc`` is the correlation of two answers that share it."""
    if not icc or not 0 < mean < 1:
        return mean
    size = 1 / icc - 1
    return float(random.beta(mean * size, (1 - mean) * size))


def naive_p(verdict: GroupVerdict) -> float:
    """The z test of two proportions over all items as if they were independent."""
    items = verdict.items
    n = items.both_right + items.both_wrong + items.only_baseline_right + items.only_tempted_right
    ours, theirs = items.both_right + items.only_tempted_right, items.both_right + items.only_baseline_right
    pooled = (ours + theirs) / (2 * n)
    error = sqrt(2 * pooled * (1 - pooled) / n)
    return erfc(abs(theirs - ours) / n / error / sqrt(2)) if error else 1.0


if __name__ == "__main__":
    sys.exit(main())
