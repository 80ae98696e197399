"""How sure one may be: rates, differences, effects, agreement, and what a detector's errors do to them.

Every result says what it is about (``estimand``) and how it was computed (``method``); a number that is
None has a reason beside it. Which method is used where, and how often its intervals hold, is in
``docs/statistics.md``.
"""

from ulterior.analysis.statistics.agreement import Agreement, cohen_kappa, krippendorff_alpha
from ulterior.analysis.statistics.contrast import Contrast
from ulterior.analysis.statistics.correction import Calibration, CorrectedRate, corrected_rate
from ulterior.analysis.statistics.differences import two_rates
from ulterior.analysis.statistics.discrimination import Area, OperatingPoint, Scored, auroc, found_at
from ulterior.analysis.statistics.effects import FactorEffect, FactorRow, factor_effects
from ulterior.analysis.statistics.estimand import Estimand
from ulterior.analysis.statistics.mantel_haenszel import Comparison, stratified_difference
from ulterior.analysis.statistics.multiplicity import benjamini_hochberg, holm
from ulterior.analysis.statistics.paired import Difference, paired_difference
from ulterior.analysis.statistics.population import PopulationRate, population_rate
from ulterior.analysis.statistics.rare import UpperBound, upper_bound
from ulterior.analysis.statistics.rates import (
    LEVEL,
    Interval,
    Rate,
    clopper_pearson,
    clustered_rate,
    exact_rate,
    wilson,
)
from ulterior.analysis.statistics.reliability import Bin, calibration_curve, calibration_error
from ulterior.analysis.statistics.score_difference import ScoreDifference, area_gap, found_gap
from ulterior.analysis.statistics.stratified import StratifiedRate, stratified_rate
from ulterior.analysis.statistics.two_phase import (
    LabelStratum,
    TwoPhase,
    two_phase,
    two_phase_accuracy,
)

__all__ = [
    "LEVEL",
    "Agreement",
    "Area",
    "Bin",
    "Calibration",
    "Comparison",
    "Contrast",
    "CorrectedRate",
    "Difference",
    "Estimand",
    "FactorEffect",
    "FactorRow",
    "Interval",
    "LabelStratum",
    "OperatingPoint",
    "PopulationRate",
    "Rate",
    "ScoreDifference",
    "Scored",
    "StratifiedRate",
    "TwoPhase",
    "UpperBound",
    "area_gap",
    "auroc",
    "benjamini_hochberg",
    "calibration_curve",
    "calibration_error",
    "clopper_pearson",
    "clustered_rate",
    "cohen_kappa",
    "corrected_rate",
    "exact_rate",
    "factor_effects",
    "found_at",
    "found_gap",
    "holm",
    "krippendorff_alpha",
    "paired_difference",
    "population_rate",
    "stratified_difference",
    "stratified_rate",
    "two_phase",
    "two_phase_accuracy",
    "two_rates",
    "upper_bound",
    "wilson",
]
