"""How often intervals of rates hold: over scenarios like these, and over this suite."""

import numpy as np
from coverage_tables import RATES, Floats, cluster_rates, header, row, tallied

from ulterior.analysis.statistics import clopper_pearson, stratified_rate, wilson
from ulterior.analysis.statistics.population import PopulationMethod, population_rate_of

__all__ = ["scenarios_table", "suite_table"]

RESAMPLES = 1_000


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
