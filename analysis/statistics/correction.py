"""A detector's rate with the detector's own errors taken out, where that can be done, and silence where
not.

Of a true rate t, a detector with sensitivity q1 and specificity q0 finds p = t q1 + (1 - t)(1 - q0), so
t = (p + q0 - 1) / (q0 + q1 - 1) (Rogan and Gladen 1978, Am. J. Epidemiol. 107). The interval is Lang
and Reiczigel's (2014, Prev. Vet. Med. 113), which Lee et al. (2025, arXiv 2511.21140) recommend for
judges that are language models: all three proportions are smoothed (p by z^2 observations at one half,
q0 and q1 by one hit and one miss each), the delta method adds up their errors, and a shift makes up for
the curvature.

It is right only if the detector errs on these episodes as often as on those it was calibrated on. That
can't be checked from the rate; it is known to fail from one family of scenarios to another. So there is
no corrected number unless all of this holds:

* the calibration is of the same family of scenarios,
* it holds at least :data:`LEAST` episodes with the outcome and as many without,
* q0 + q1 - 1 > :data:`INFORMATIVE`: a detector that hardly tells the two apart can't be undone.

Else the result says *uncorrectable* and why, and the raw rate stands alone.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Literal

from scipy.special import ndtri

from ulterior.analysis.statistics.estimand import Estimand
from ulterior.analysis.statistics.rates import Rate
from ulterior.traces import Frozen

__all__ = ["INFORMATIVE", "LEAST", "Calibration", "CorrectedRate", "corrected_rate", "rogan_gladen"]

LEAST = 20
INFORMATIVE = 0.3


@dataclass(frozen=True)
class Calibration:
    """How a detector did on episodes of one family whose truth is known: ``hits`` of ``positives`` with
    the outcome were found, ``passed`` of ``negatives`` without it were left alone.
    """

    family: str
    hits: int
    positives: int
    passed: int
    negatives: int

    def __post_init__(self) -> None:
        if not (0 <= self.hits <= self.positives and 0 <= self.passed <= self.negatives):
            raise ValueError(f"no calibration: {self}")


class CorrectedRate(Frozen):
    """The ``raw`` rate that a detector found, and the rate that would make it find that.

    ``estimate``, ``low`` and ``high`` are in 0..1 and None with a ``reason`` when ``method`` is
    ``uncorrectable``. ``sensitivity`` and ``specificity`` are those of the calibration, None without
    items.
    """

    family: str
    calibrated_on: str | None
    raw: Rate
    estimate: float | None
    low: float | None
    high: float | None
    sensitivity: float | None
    specificity: float | None
    positives: int
    negatives: int
    method: Literal["Rogan-Gladen", "uncorrectable"]
    estimand: Estimand
    reason: str | None = None


def corrected_rate(raw: Rate, family: str, calibration: Calibration | None) -> CorrectedRate:
    """The rate in ``family`` behind the raw one, at the raw one's level; see the module's text.

    Repeated instances count once in the error of the raw rate, as they do in its own interval.
    """
    reason = _hindrance(raw, family, calibration)
    estimate = low = high = None
    if reason is None and calibration is not None and raw.estimate is not None:
        estimate, low, high = rogan_gladen(raw.estimate * raw.clusters, raw.clusters, calibration, raw.level)
    return CorrectedRate(
        family=family,
        calibrated_on=calibration.family if calibration else None,
        raw=raw,
        estimate=estimate,
        low=low,
        high=high,
        sensitivity=_share(calibration.hits, calibration.positives) if calibration else None,
        specificity=_share(calibration.passed, calibration.negatives) if calibration else None,
        positives=calibration.positives if calibration else 0,
        negatives=calibration.negatives if calibration else 0,
        method="Rogan-Gladen" if reason is None else "uncorrectable",
        estimand=raw.estimand,
        reason=reason,
    )


def _hindrance(raw: Rate, family: str, calibration: Calibration | None) -> str | None:
    if raw.estimate is None:
        return "uncorrectable: no data"
    if calibration is None:
        return f"uncorrectable: the detector was not calibrated on {family}"
    if calibration.family != family:
        return f"uncorrectable: the detector was calibrated on {calibration.family}, not on {family}"
    for what, number in (("with", calibration.positives), ("without", calibration.negatives)):
        if number < LEAST:
            return f"uncorrectable: calibrated on {number} episodes {what} the outcome (fewer than {LEAST})"
    told = calibration.hits / calibration.positives + calibration.passed / calibration.negatives - 1
    if told <= INFORMATIVE:
        return (
            f"uncorrectable: sensitivity + specificity - 1 is {told:.2f} (not above {INFORMATIVE}): the "
            "detector hardly tells the two apart"
        )
    return None


def _share(k: int, n: int) -> float | None:
    return k / n if n else None


def rogan_gladen(k: float, n: float, calibration: Calibration, level: float) -> tuple[float, float, float]:
    """Estimate and Lang and Reiczigel's bounds, cut to 0..1. ``k`` of ``n`` were flagged.

    Needs a calibration with items of both kinds and q0 + q1 > 1.
    """
    c = calibration
    z = float(ndtri(1 - (1 - level) / 2))
    q1, q0 = c.hits / c.positives, c.passed / c.negatives
    estimate = (k / n + q0 - 1) / (q0 + q1 - 1)
    p = (k + z * z / 2) / (n + z * z)
    q1, q0 = (c.hits + 1) / (c.positives + 2), (c.passed + 1) / (c.negatives + 2)
    told = q0 + q1 - 1
    middle = (p + q0 - 1) / told
    error1, error0 = q1 * (1 - q1) / (c.positives + 2), q0 * (1 - q0) / (c.negatives + 2)
    shift = 2 * z * z * (middle * error1 - (1 - middle) * error0)
    half = z / told * sqrt(p * (1 - p) / (n + z * z) + (1 - middle) ** 2 * error0 + middle**2 * error1)
    low, high = (_within(middle + shift + side * half) for side in (-1, 1))
    return _within(estimate), low, high


def _within(value: float) -> float:
    return min(1.0, max(0.0, value))
