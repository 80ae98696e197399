"""How often corrected rates, and rates from labels of some episodes, hold the truth."""

import numpy as np
from coverage_tables import RATES, header, row, tallied
from numpy.typing import NDArray

from ulterior.analysis.statistics import (
    Calibration,
    LabelStratum,
    clopper_pearson,
    corrected_rate,
    exact_rate,
    two_phase,
    two_phase_accuracy,
)

__all__ = ["correction_table", "labels_table", "strata_table"]


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


def strata_table(dice: np.random.Generator, repetitions: int) -> list[str]:
    """Strata of 30 episodes, half of them flagged by a detector that is right in 40 %; 3 % of the others have
    the outcome. *Prior alone* is the beta-binomial prediction as it is, from 1,000 draws."""
    names = ["prior alone", "**two-phase**", "sensitivity"]
    lines = header("strata", "labels in each", *names)
    for strata in (2, 4, 8, 16, 32):
        for labels in (4, 10):
            tallies = tallied(names)
            for _ in range(repetitions // 4):
                truth = dice.binomial(30, [0.4, 0.03] * (strata // 2))
                seen = dice.hypergeometric(truth, 30 - truth, labels)
                rates = dice.beta(seen + 0.5, labels - seen + 0.5, (1_000, strata))
                total = seen.sum() + dice.binomial(30 - labels, rates).sum(axis=1)
                low, high = np.quantile(total / (30 * strata), (0.025, 0.975), method="inverted_cdf")
                drawn = [LabelStratum(str(at), 30, labels, int(k), at % 2 == 0) for at, k in enumerate(seen)]
                share, found = two_phase(drawn), two_phase_accuracy(drawn)[0]
                tallies["prior alone"].add((low, high), truth.sum() / (30 * strata))
                tallies["**two-phase**"].add((share.low, share.high), truth.sum() / (30 * strata))
                if found.estimate is not None and truth.sum():
                    tallies["sensitivity"].add((found.low, found.high), truth[::2].sum() / truth.sum())
            lines.append(row(strata, labels, *(tally.cell() for tally in tallies.values())))
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
