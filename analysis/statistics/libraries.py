"""The few functions of statsmodels and scipy.stats that are used here, with types, imported when called.

statsmodels brings pandas along and takes a second to load, which no command should pay that computes no
statistics; it has no types, so this is the one place where it is unknown to the type checker.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# (statsmodels has neither types nor stubs; what leaves this module is converted to plain types)

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

__all__ = [
    "BOSCHLOO",
    "LogitFit",
    "arcsine_power",
    "boschloo",
    "cluster_robust_logit",
    "false_discovery_rates",
    "fisher",
    "kappa_with_bounds",
    "newcombe",
]

BOSCHLOO = 250
"""Episodes an arm up to which Boschloo's test is used: beyond, it takes seconds, and at 2,000 minutes."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LogitFit:
    """Coefficients on the logit scale and their covariance, in the order of the design's columns."""

    coefficients: Floats
    covariance: Floats
    converged: bool


def false_discovery_rates(p: Sequence[float]) -> list[float]:
    """Adjusted by Benjamini and Hochberg, in the order given."""
    from scipy.stats import false_discovery_control

    return [float(value) for value in false_discovery_control(p)]


def newcombe(k1: int, n1: int, k0: int, n0: int, level: float) -> tuple[float, float]:
    """Newcombe's hybrid score interval (1998, Stat. Med. 17, method 10) for k1/n1 - k0/n0."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(k1, n1, k0, n0, method="newcomb", compare="diff", alpha=1 - level)
    return float(low), float(high)


def boschloo(k1: int, n1: int, k0: int, n0: int) -> float:
    """Boschloo's two-sided exact unconditional test (1970, Stat. Neerl. 24) of equal rates."""
    from scipy.stats import boschloo_exact

    if k1 + k0 in (0, n1 + n0):
        return 1.0  # all outcomes are alike: nothing speaks against equal rates
    return min(1.0, float(boschloo_exact([[k1, k0], [n1 - k1, n0 - k0]]).pvalue))


def arcsine_power(p1: float, n1: float, p0: float, n0: float, alpha: float) -> float:
    """Power of the two-sided normal test on the arcsine scale (Cohen 1988, chapter 6)."""
    from statsmodels.stats.power import NormalIndPower
    from statsmodels.stats.proportion import proportion_effectsize

    effect = float(proportion_effectsize(p1, p0))
    power: Any = NormalIndPower().power
    return float(power(effect, n1, alpha, ratio=n0 / n1, alternative="two-sided"))


def kappa_with_bounds(table: NDArray[np.int64], level: float) -> tuple[float, float, float]:
    """Cohen's kappa of a square table of counts, with the bounds of Fleiss, Cohen and Everitt (1969,
    Psychol. Bull. 72); nan when one label alone occurs.
    """
    from statsmodels.stats.inter_rater import cohens_kappa

    with np.errstate(invalid="ignore", divide="ignore"):
        result: Any = cohens_kappa(table)
    half = float(ndtri(1 - (1 - level) / 2)) * float(np.sqrt(max(0.0, result.var_kappa)))
    return float(result.kappa), float(result.kappa) - half, float(result.kappa) + half


def fisher(k1: int, n1: int, k0: int, n0: int) -> float:
    """Fisher's two-sided exact test (1935, JRSS 98) of equal rates."""
    from scipy.stats import fisher_exact

    return float(fisher_exact(np.array([[k1, k0], [n1 - k1, n0 - k0]])).pvalue)


def cluster_robust_logit(design: Floats, outcomes: Floats, groups: NDArray[np.int64]) -> LogitFit:
    """Logistic regression with the cluster-robust covariance (Liang and Zeger 1986, Biometrika 73).

    The covariance has the usual correction for few clusters, G/(G-1) (n-1)/(n-k). ``design`` has full
    rank and separates nothing; see :mod:`ulterior.analysis.statistics.separation`.
    """
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    model: Any = GLM(outcomes, design, family=Binomial())
    fit = model.fit(
        cov_type="cluster", cov_kwds={"groups": groups, "use_correction": True}, maxiter=200, tol=1e-10
    )
    return LogitFit(
        np.asarray(fit.params, dtype=np.float64),
        np.asarray(fit.cov_params(), dtype=np.float64),
        bool(fit.converged),
    )
