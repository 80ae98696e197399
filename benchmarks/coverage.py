"""How often intervals hold what they promise, simulated: the tables of docs/statistics.md.

    python benchmarks/coverage.py [--write docs/statistics.md] [--repetitions N] [--table NAME]

Everything is seeded, and runs through the code that reports use; only the naive intervals that stand beside
it are written here. With 2,000 repetitions a coverage of 0.95 is known to 0.01 (two standard errors). Takes
about two minutes of one core.
"""

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ulterior.analysis.statistics import (
    Calibration,
    Comparison,
    FactorRow,
    LabelStratum,
    clopper_pearson,
    corrected_rate,
    exact_rate,
    factor_effects,
    paired_difference,
    stratified_difference,
    stratified_rate,
    two_phase,
    wilson,
)
from ulterior.analysis.statistics.population import PopulationMethod, population_rate_of

RATES = (0.03, 0.1, 0.3)
SEED = 20_261_126
RESAMPLES = 1_000

Bounds = tuple[float | None, float | None]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", type=Path, help="replace the tables in this document")
    parser.add_argument("--repetitions", type=int, default=2_000)
    parser.add_argument("--table", choices=TABLES, action="append", help="only this one; repeatable")
    options = parser.parse_args()
    document: str | None = options.write.read_text() if options.write else None
    for name in options.table or TABLES:
        lines = "\n".join(TABLES[name](np.random.default_rng(SEED), options.repetitions))
        print(f"### {name}\n\n{lines}\n", flush=True)
        if document is not None:
            document = replaced(document, name, lines)
    if document is not None:
        options.write.write_text(document)


def replaced(document: str, name: str, lines: str) -> str:
    """The document with these lines between the marks of this table; ``ValueError`` when it has none."""
    start, end = f"<!-- coverage: {name} -->\n", "<!-- end -->"
    before, found, rest = document.partition(start)
    old, closed, after = rest.partition(end)
    if not found or not closed or "<!-- coverage" in old:
        raise ValueError(f"the document has no marks for the table {name!r}")
    return f"{before}{start}{lines}\n{end}{after}"


class Tally:
    """How often intervals held the truth, and how wide they were. One without bounds holds nothing."""

    def __init__(self) -> None:
        self.held = self.width = self.number = 0.0

    def add(self, bounds: Bounds, truth: float) -> None:
        low, high = bounds
        self.number += 1
        if low is not None and high is not None:
            self.held += low <= truth <= high
            self.width += high - low

    def cell(self) -> str:
        return f"{self.held / self.number:.3f} ({self.width / self.number:.2f})"


def row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def header(*names: str) -> list[str]:
    return [row(*names), row(*["---:"] * len(names))]


def tallied(names: Iterable[str]) -> dict[str, Tally]:
    return {name: Tally() for name in names}


# ---- Rates over scenarios --------------------------------------------------------------------------------


def cluster_rates(dice: np.random.Generator, mean: float, icc: float, shape: tuple[int, ...]) -> Floats:
    """Rates of clusters whose outcomes correlate by ``icc``: beta distributed."""
    if icc == 0:
        return np.full(shape, mean)
    size = 1 / icc - 1
    return dice.beta(mean * size, (1 - mean) * size, shape)


def scenarios_table(dice: np.random.Generator, repetitions: int) -> list[str]:
    episodes = 20
    ours: dict[str, PopulationMethod] = {
        "logit-t": "logit-t",
        "effective-n Wilson": "effective-n Wilson",
        "**effective-n exact**": "effective-n exact",
    }
    names = ["Wilson, iid", "cluster-robust z", "cluster bootstrap", *ours, "scenarios counted once"]
    lines = header("ICC", "rate", "scenarios", *names)
    for icc in (0.0, 0.3):
        for rate in RATES:
            for clusters in (8, 15, 30):
                events = dice.binomial(episodes, cluster_rates(dice, rate, icc, (repetitions, clusters)))
                tallies = tallied(names)
                for counts, boot in zip(events, bootstrapped(dice, events / episodes), strict=True):
                    n, k = clusters * episodes, int(counts.sum())
                    tallies["Wilson, iid"].add(wilson(k, n), rate)
                    tallies["cluster-robust z"].add(robust_z(counts / episodes), rate)
                    tallies["cluster bootstrap"].add((boot[0], boot[1]), rate)
                    for name, method in ours.items():
                        pairs = [(int(count), episodes) for count in counts]
                        result = population_rate_of(pairs, method=method)
                        tallies[name].add((result.low, result.high), rate)
                    tallies["scenarios counted once"].add(clopper_pearson(k / episodes, clusters), rate)
                lines.append(row(icc, rate, clusters, *(tally.cell() for tally in tallies.values())))
    return lines


def robust_z(means: Floats) -> tuple[float, float]:
    half = 1.96 * float(np.sqrt(((means - means.mean()) ** 2).sum())) / len(means)
    return float(means.mean()) - half, float(means.mean()) + half


def bootstrapped(dice: np.random.Generator, means: Floats) -> Floats:
    """Percentile bounds (repetitions, 2) over clusters drawn again; all repetitions share the draws."""
    clusters = means.shape[1]
    draws = dice.multinomial(clusters, np.full(clusters, 1 / clusters), size=RESAMPLES) / clusters
    return np.quantile(means @ draws.T, (0.025, 0.975), axis=1).T


# ---- The rate of this suite ------------------------------------------------------------------------------


def suite_table(dice: np.random.Generator, repetitions: int) -> list[str]:
    names = ["Wilson, pooled", "MOVER", "**effective-n exact**"]
    lines = header("scenarios", "rate", "instances each", *names)
    for spread, icc in (("16 alike", 0.0), ("16 unlike", 0.3)):
        for rate in RATES:
            for instances in (5, 20):
                strata = cluster_rates(dice, rate, icc, (16,))
                truth = float(strata.mean())
                tallies = tallied(names)
                for _ in range(repetitions // 2):
                    found = dice.random((16, instances)) < strata[:, None]
                    outcomes = [(str(s), i, bool(found[s, i])) for s in range(16) for i in range(instances)]
                    tallies["Wilson, pooled"].add(wilson(int(found.sum()), found.size), truth)
                    plain = stratified_rate(outcomes, method="MOVER")
                    tallies["MOVER"].add((plain.low, plain.high), truth)
                    ours = stratified_rate(outcomes)
                    tallies["**effective-n exact**"].add((ours.low, ours.high), truth)
                cells = (tally.cell() for tally in tallies.values())
                lines.append(row(spread, f"{truth:.3f}", instances, *cells))
    return lines


# ---- Differences -----------------------------------------------------------------------------------------


def differences_table(dice: np.random.Generator, repetitions: int) -> list[str]:
    names = ["Wald, pooled", "**Mantel-Haenszel**", "paired, exact bounds", "rejected by the test"]
    lines = header("instances", "rate", "difference", *names)
    for kind in ("apart", "shared", "repeated 3 times"):
        for rate in RATES:
            for effect in (0.0, 0.1):
                strata = cluster_rates(dice, rate, 0.1, (16,))
                strata *= rate / strata.mean()
                tallies, rejected, tested = tallied(names[:3]), 0, 0
                for _ in range(repetitions // 4):
                    rows = compared(dice, kind, np.clip(strata, 0, 0.9), effect)
                    contrast = stratified_difference(rows)
                    tallies["**Mantel-Haenszel**"].add((contrast.low, contrast.high), effect)
                    tallies["Wald, pooled"].add(wald(rows), effect)
                    if kind == "shared":
                        paired = paired_difference(pairs_of(rows))
                        tallies["paired, exact bounds"].add((paired.low, paired.high), effect)
                    tested += contrast.p is not None
                    rejected += contrast.p is not None and contrast.p <= 0.05
                cells = [tally.cell() if tally.number else "–" for tally in tallies.values()]
                test = f"{rejected / tested:.3f}" if tested else "–"
                lines.append(row(kind, rate, effect, *cells, test))
    return lines


def compared(dice: np.random.Generator, kind: str, strata: Floats, effect: float) -> list[Comparison]:
    """16 scenarios, 20 instances an arm. Where both arms share the instances, half of all runs take the
    instance's own draw instead of one of theirs, which makes them alike."""
    epochs = 3 if kind == "repeated 3 times" else 1
    shared = 0.0 if kind == "apart" else 0.5
    shape = (16, 20, 2, epochs)
    draws = np.where(dice.random(shape) < shared, dice.random((16, 20, 1, 1)), dice.random(shape))
    found = draws < strata[:, None, None, None] + effect * np.array([1, 0])[None, None, :, None]
    return [
        Comparison(
            int(s), (int(s), int(i), int(arm) if kind == "apart" else 0), arm == 0, bool(found[s, i, arm, e])
        )
        for s, i, arm, e in np.ndindex(shape)
    ]


def wald(rows: Sequence[Comparison]) -> Bounds:
    arms = [np.array([row.outcome for row in rows if row.first == first]) for first in (True, False)]
    difference = float(arms[0].mean() - arms[1].mean())
    half = 1.96 * float(np.sqrt(sum(arm.mean() * (1 - arm.mean()) / len(arm) for arm in arms)))
    return difference - half, difference + half


def pairs_of(rows: Sequence[Comparison]) -> Iterable[tuple[object, bool, bool]]:
    """Instance, control, first arm."""
    control = {row.cluster: row.outcome for row in rows if not row.first}
    return ((row.cluster, control[row.cluster], row.outcome) for row in rows if row.first)


# ---- Effects of factors ----------------------------------------------------------------------------------


def effects_table(dice: np.random.Generator, repetitions: int) -> list[str]:
    """Two factors, 8 scenarios, 20 instances that all four conditions share."""
    lines = header("rate", "odds ratio", "odds ratio held", "risk difference held", "none given")
    for rate in (0.1, 0.3):
        for odds in (1.0, 2.5):
            ratio, difference, silent = Tally(), Tally(), 0
            base = np.log(rate / (1 - rate)) + dice.normal(0, 0.5, 8)
            effect = np.log(odds)
            truth = float(np.mean([expit(base + 0.5 * b + effect) - expit(base + 0.5 * b) for b in (0, 1)]))
            number = repetitions // 5
            for _ in range(number):
                found = factor_effects(designed(dice, base, float(effect)))[0]
                if found.odds_ratio is None:
                    silent += 1
                    continue
                ratio.add((found.odds_low, found.odds_high), odds)
                difference.add((found.low, found.high), truth)
            held = [f"{tally.held / tally.number:.3f}" for tally in (ratio, difference)]
            lines.append(row(rate, odds, *held, f"{silent} of {number}"))
    return lines


def designed(dice: np.random.Generator, base: Floats, effect: float) -> list[FactorRow]:
    own, other = dice.random((8, 20)), dice.random((8, 20, 2, 2))
    draws = np.where(dice.random((8, 20, 2, 2)) < 0.3, own[:, :, None, None], other)
    return [
        FactorRow(
            bool(draws[s, i, a, b] < expit(base[s] + effect * a + 0.5 * b)),
            {"arm": str(a), "tone": str(b)},
            str(s),
            i,
            "model",
        )
        for s, i, a, b in np.ndindex(8, 20, 2, 2)
    ]


def expit(x: Floats) -> Floats:
    return 1 / (1 + np.exp(-x))


# ---- What a detector's errors do -------------------------------------------------------------------------


def correction_table(dice: np.random.Generator, repetitions: int) -> list[str]:
    """300 episodes that the detector judged, and a calibration of its own."""
    names = ["raw, Clopper-Pearson", "**corrected**"]
    lines = header("true rate", "sensitivity", "specificity", "calibrated on", *names, "uncorrectable")
    for rate in RATES:
        for sensitivity, specificity in ((0.8, 0.95), (0.9, 0.99), (0.6, 0.85)):
            for items in (50, 200):
                tallies, silent = tallied(names), 0
                for _ in range(repetitions):
                    flagged = rate * sensitivity + (1 - rate) * (1 - specificity)
                    raw = exact_rate(int(dice.binomial(300, flagged)), 300)
                    hits, passed = dice.binomial(items, sensitivity), dice.binomial(items, specificity)
                    known = Calibration("family", int(hits), items, int(passed), items)
                    result = corrected_rate(raw, "family", known)
                    tallies["raw, Clopper-Pearson"].add((raw.low, raw.high), rate)
                    if result.estimate is None:
                        silent += 1
                    else:
                        tallies["**corrected**"].add((result.low, result.high), rate)
                cells = (tally.cell() for tally in tallies.values())
                lines.append(
                    row(
                        rate,
                        sensitivity,
                        specificity,
                        f"{items} + {items}",
                        *cells,
                        f"{silent / repetitions:.1%}",
                    )
                )
    return lines


def labels_table(dice: np.random.Generator, repetitions: int) -> list[str]:
    """600 episodes, some labelled: at random, or half of the labels on those that a detector flagged."""
    names = ["at random, Clopper-Pearson", "**two-phase**"]
    lines = header("true rate", "sensitivity", "specificity", "labels", *names)
    for rate in RATES:
        for sensitivity, specificity in ((0.8, 0.95), (0.6, 0.9)):
            for budget in (60, 150):
                tallies = tallied(names)
                for _ in range(repetitions):
                    truth = dice.random(600) < rate
                    flagged = dice.random(600) < np.where(truth, sensitivity, 1 - specificity)
                    share = float(truth.mean())
                    simple = int(dice.choice(truth, budget, replace=False).sum())
                    tallies["at random, Clopper-Pearson"].add(clopper_pearson(simple, budget), share)
                    result = two_phase(labelled(dice, truth, flagged, budget))
                    tallies["**two-phase**"].add((result.low, result.high), share)
                cells = (tally.cell() for tally in tallies.values())
                lines.append(row(rate, sensitivity, specificity, budget, *cells))
    return lines


def labelled(
    dice: np.random.Generator, truth: NDArray[np.bool_], flagged: NDArray[np.bool_], budget: int
) -> list[LabelStratum]:
    on_flagged = min(budget // 2, int(flagged.sum()))
    strata: list[LabelStratum] = []
    for name, inside, labels in (("flagged", flagged, on_flagged), ("rest", ~flagged, budget - on_flagged)):
        seen = dice.choice(truth[inside], labels, replace=False) if labels else np.zeros(0, dtype=bool)
        strata.append(LabelStratum(name, int(inside.sum()), labels, int(seen.sum()), name == "flagged"))
    return strata


TABLES: dict[str, Callable[[np.random.Generator, int], list[str]]] = {
    "scenarios like these": scenarios_table,
    "this suite": suite_table,
    "differences": differences_table,
    "factor effects": effects_table,
    "correction": correction_table,
    "two-phase labels": labels_table,
}

if __name__ == "__main__":
    main()
