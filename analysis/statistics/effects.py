"""What each factor of the conditions does to an outcome, over all scenarios and models at once.

The model is logistic regression with an intercept for every model in every scenario, so that episodes
are compared within scenario and model only, and one coefficient per level of each factor against the
factor's reference. Errors are robust to clusters (Liang and Zeger 1986, Biometrika 73): episodes of one
instance, which all arms share, count as one observation. Intervals and tests use Student's t with
clusters - 1 degrees of freedom.

Every level is given twice: as an odds ratio, and as a risk difference, which is the mean over the
episodes of what the model predicts at the level less what it predicts at the reference, everything else
as it was (standardisation; its variance by the delta method). The second is what readers take the first
for.

Where no finite odds ratio exists, or too few clusters are left to know its error, there is none, with
the reason. The Mantel-Haenszel difference, within scenario, model and all other factors, then stands
in.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.special import expit, stdtr, stdtrit

from ulterior.analysis.statistics.estimand import Estimand
from ulterior.analysis.statistics.libraries import cluster_robust_logit
from ulterior.analysis.statistics.mantel_haenszel import Comparison, stratified_difference
from ulterior.analysis.statistics.multiplicity import benjamini_hochberg, holm
from ulterior.analysis.statistics.rates import LEVEL
from ulterior.analysis.statistics.separation import Estimable, estimable
from ulterior.analysis.statistics.wording import several
from ulterior.traces import Frozen

__all__ = ["FactorEffect", "FactorRow", "factor_effects"]

SPARE_CLUSTERS = 5
FEW_CLUSTERS = 30
FEW_EPISODES = 10
_NOTHING = 1e-12

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FactorRow:
    """One episode: what came out, the level of every factor that its scenario has, and where it belongs.

    ``cluster`` is the instance, unique over scenarios or not: it is taken within its scenario.
    """

    outcome: bool
    factors: Mapping[str, str]
    scenario: str
    cluster: Hashable
    model: str


class FactorEffect(Frozen):
    """One value of a factor against its reference. ``k`` of ``n`` episodes there, ``k0`` of ``n0`` at
    the reference; counts are over all scenarios that have the factor, and adjusted for nothing.

    Odds ratio > 1 and difference > 0 say that the outcome is more frequent at ``value``. ``p_holm`` and
    ``p_bh`` are adjusted over the effects of one call. What is None has its reason in ``reasons``.
    """

    factor: str
    value: str
    reference: str
    k: int
    n: int
    k0: int
    n0: int
    clusters: int
    odds_ratio: float | None
    odds_low: float | None
    odds_high: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    p_holm: float | None = None
    p_bh: float | None = None
    level: float = LEVEL
    method: Literal["logistic regression, cluster-robust", "Mantel-Haenszel", "none"]
    estimand: Estimand = "this suite"
    warnings: tuple[str, ...] = ()
    reasons: dict[str, str] = Field(default_factory=dict[str, str])


def factor_effects(
    rows: Iterable[FactorRow], references: Mapping[str, str] | None = None, level: float = LEVEL
) -> tuple[FactorEffect, ...]:
    """The effect of every level of every factor that varies; see the module's text.

    ``references`` names the reference of a factor; without it, that is the level of its first episode.
    Raises ``ValueError`` unless 0 < level < 1, or when a reference occurs nowhere.
    """
    if not 0 < level < 1:
        raise ValueError(f"no level: {level}")
    rows = list(rows)
    factors = _factors(rows, references or {})
    if not factors:
        return ()
    fit = _fit(rows, factors)
    effects = [_effect(fit, factor, value, level) for factor, value in fit.columns]
    tests = [effect.p for effect in effects]
    return tuple(
        effect.model_copy(update={"p_holm": by_holm, "p_bh": by_bh})
        for effect, by_holm, by_bh in zip(effects, holm(tests), benjamini_hochberg(tests), strict=True)
    )


def _factors(rows: Sequence[FactorRow], references: Mapping[str, str]) -> dict[str, list[str]]:
    """The levels of every factor that varies, its reference first."""
    levels: dict[str, dict[str, None]] = {}
    for row in rows:
        for factor, value in row.factors.items():
            levels.setdefault(factor, {})[value] = None
    for factor, reference in references.items():
        if factor in levels:
            if reference not in levels[factor]:
                raise ValueError(f"no episode has {factor} = {reference}")
            levels[factor] = dict.fromkeys([reference, *levels[factor]])
    return {factor: list(values) for factor, values in levels.items() if len(values) > 1}


@dataclass(frozen=True)
class _Fit:
    """The design (rows, levels then intercepts), what of it can be estimated, and the estimates if any."""

    rows: Sequence[FactorRow]
    factors: Mapping[str, list[str]]
    columns: Sequence[tuple[str, str]]
    design: Floats
    can: Estimable
    clusters: int
    coefficients: Floats  # of all columns; 0 where there is none
    covariance: Floats
    problem: str | None
    warnings: tuple[str, ...]


def _fit(rows: Sequence[FactorRow], factors: Mapping[str, list[str]]) -> _Fit:
    columns = [(factor, value) for factor, values in factors.items() for value in values[1:]]
    cells = list(dict.fromkeys((row.model, row.scenario) for row in rows))
    design = np.zeros((len(rows), len(columns) + len(cells)))
    for at, (factor, value) in enumerate(columns):
        design[:, at] = [row.factors.get(factor) == value for row in rows]
    for at, row in enumerate(rows):
        design[at, len(columns) + cells.index((row.model, row.scenario))] = 1
    outcomes = np.array([row.outcome for row in rows], dtype=bool)
    can = estimable(design, outcomes)
    keys = {key: at for at, key in enumerate(dict.fromkeys((row.scenario, row.cluster) for row in rows))}
    groups = np.array([keys[row.scenario, row.cluster] for row in rows], dtype=np.int64)[can.rows]
    clusters, width = len(np.unique(groups)), design.shape[1]
    coefficients, covariance, problem = np.zeros(width), np.zeros((width, width)), None
    if clusters - len(can.columns) < SPARE_CLUSTERS:
        wanted = several(len(can.columns), "coefficient")
        problem = f"too few clusters: {clusters} whose outcome varies, for {wanted}"
    else:
        fit = cluster_robust_logit(
            design[can.rows][:, can.columns], outcomes[can.rows].astype(np.float64), groups
        )
        if fit.converged:
            coefficients[can.columns] = fit.coefficients
            covariance[np.ix_(can.columns, can.columns)] = fit.covariance
        else:
            problem = "the fit did not converge"
    warnings: list[str] = []
    if not can.rows.all():
        left = int((~can.rows).sum())
        warnings.append(
            f"predicted without error, and no evidence on odds ratios: {several(left, 'episode')}"
        )
    if problem is None and clusters < FEW_CLUSTERS:
        warnings.append(f"{several(clusters, 'cluster')} (fewer than {FEW_CLUSTERS}): errors are rough")
    used = len(
        {cells.index((row.model, row.scenario)) for row, kept in zip(rows, can.rows, strict=True) if kept}
    )
    if problem is None and can.rows.sum() < FEW_EPISODES * used:
        warnings.append(f"fewer than {FEW_EPISODES} episodes per model and scenario: odds ratios lean from 1")
    return _Fit(
        rows, factors, columns, design, can, clusters, coefficients, covariance, problem, tuple(warnings)
    )


def _effect(fit: _Fit, factor: str, value: str, level: float) -> FactorEffect:
    at = fit.columns.index((factor, value))
    reference = fit.factors[factor][0]
    there = [row.outcome for row in fit.rows if row.factors.get(factor) == value]
    base = [row.outcome for row in fit.rows if row.factors.get(factor) == reference]
    effect = FactorEffect(
        factor=factor,
        value=value,
        reference=reference,
        k=sum(there),
        n=len(there),
        k0=sum(base),
        n0=len(base),
        clusters=fit.clusters,
        odds_ratio=None,
        odds_low=None,
        odds_high=None,
        difference=None,
        low=None,
        high=None,
        p=None,
        level=level,
        method="none",
        warnings=fit.warnings,
    )
    odds = ("odds_ratio", "odds_low", "odds_high")
    if fit.can.confounded[at]:
        reason = "confounded: in these episodes it can't be told from scenario, model and other factors"
        return effect.model_copy(
            update={"reasons": dict.fromkeys((*odds, "difference", "low", "high", "p"), reason)}
        )
    if fit.can.separated[at]:
        reason = "separated: the outcome is the same for all episodes that could tell"
    elif fit.problem is None and fit.covariance[at, at] < _NOTHING:
        reason = "every cluster says the same: how sure that is can't be known from them"
    else:
        reason = fit.problem
    if reason is not None:
        return _stand_in(fit, effect, dict.fromkeys(odds, reason))
    return effect.model_copy(update=_regression(fit, at, factor, level))


def _regression(fit: _Fit, at: int, factor: str, level: float) -> dict[str, object]:
    freedom = fit.clusters - 1
    t = float(stdtrit(freedom, 1 - (1 - level) / 2))
    b, error = float(fit.coefficients[at]), sqrt(float(fit.covariance[at, at]))
    difference, spread = _standardised(fit, at, factor)
    return {
        "odds_ratio": exp(b),
        "odds_low": exp(b - t * error),
        "odds_high": exp(b + t * error),
        "difference": difference,
        "low": max(-1.0, difference - t * spread),
        "high": min(1.0, difference + t * spread),
        "p": 2 * float(stdtr(freedom, -abs(b) / error)),
        "method": "logistic regression, cluster-robust",
    }


def _standardised(fit: _Fit, at: int, factor: str) -> tuple[float, float]:
    """Mean predicted difference over the episodes that have the factor, and its standard error.

    An episode that is predicted without error at both levels adds no difference.
    """
    with_factor = np.array([factor in row.factors for row in fit.rows], dtype=bool)
    base = fit.design[with_factor].copy()
    base[:, [i for i, (name, _) in enumerate(fit.columns) if name == factor]] = 0
    base = base[fit.can.predictable(base)]
    there = base.copy()
    there[:, at] = 1
    p, p0 = expit(there @ fit.coefficients), expit(base @ fit.coefficients)
    total = int(with_factor.sum())
    slope = ((p * (1 - p))[:, None] * there - (p0 * (1 - p0))[:, None] * base).sum(axis=0) / total
    return float((p - p0).sum() / total), sqrt(max(0.0, float(slope @ fit.covariance @ slope)))


def _stand_in(fit: _Fit, effect: FactorEffect, reasons: dict[str, str]) -> FactorEffect:
    def stratum(row: FactorRow) -> Hashable:
        others = tuple(sorted((name, value) for name, value in row.factors.items() if name != effect.factor))
        return row.model, row.scenario, others

    contrast = stratified_difference(
        (
            Comparison(
                stratum(row),
                (row.scenario, row.cluster),
                row.factors[effect.factor] == effect.value,
                row.outcome,
            )
            for row in fit.rows
            if row.factors.get(effect.factor) in (effect.value, effect.reference)
        ),
        effect.level,
    )
    renamed = {"estimate": "difference"}
    reasons |= {renamed.get(name, name): reason for name, reason in contrast.reasons.items()}
    return effect.model_copy(
        update={
            "difference": contrast.estimate,
            "low": contrast.low,
            "high": contrast.high,
            "p": contrast.p,
            "clusters": contrast.clusters,
            "method": "Mantel-Haenszel" if contrast.estimate is not None else "none",
            "warnings": contrast.warnings,
            "reasons": reasons,
        }
    )
