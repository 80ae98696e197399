"""How often intervals of differences and of factor effects hold, and how often the tests reject."""

from collections.abc import Iterable, Sequence

import numpy as np
from coverage_tables import RATES, Bounds, Floats, Tally, cluster_rates, header, row, tallied

from ulterior.analysis.statistics import (
    Comparison,
    FactorRow,
    factor_effects,
    paired_difference,
    stratified_difference,
)

__all__ = ["differences_table", "effects_table"]


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
