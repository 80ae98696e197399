"""How many episodes have an outcome when people looked at some of them only.

Every episode lies in one stratum (flagged by a detector or not, say, or a band of its score). In each,
some episodes drawn at random were labelled. The estimate is the sum of the strata's totals, N_h k_h /
n_h. The episodes at hand are a finite set, and only the unlabelled rest is uncertain: with Jeffreys'
prior its number of outcomes is beta-binomial, Beta(k + 1/2, n - k + 1/2) behind N - n draws (Ericson
1969, JRSS B 31, on finite populations). The strata's distributions are convolved, so nothing is drawn
at random. Labelling everything leaves no width.

The prior draws each stratum's rate towards one half. That is little beside the width of one stratum's
interval, but it adds up where strata are many and their labels few, and whole intervals move off the
truth: with four labels in each of 32 strata they hold it half of the time. So each bound reaches as far as
it would without that pull (the posterior mean less the estimate), too. Simulated coverage of either is in
``docs/statistics.md``; where the pull exceeds a standard error there is a warning.

The same labels say how often the detector that made the strata is right: each label counts for the N_h
/ n_h episodes that it stands for (Begg and Greenes 1983, Biometrics 39).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln

from ulterior.analysis.statistics.estimand import Estimand
from ulterior.analysis.statistics.rates import LEVEL
from ulterior.analysis.statistics.wording import several
from ulterior.traces import Frozen

__all__ = ["LabelStratum", "TwoPhase", "two_phase", "two_phase_accuracy"]

_NAMED = 4
"""How many strata a warning names at most."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LabelStratum:
    """``size`` episodes, of which ``labelled`` were labelled, ``positive`` of them with the outcome.

    ``flagged`` says whether the detector claims the outcome for the whole stratum.
    """

    name: str
    size: int
    labelled: int
    positive: int
    flagged: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.positive <= self.labelled <= self.size:
            raise ValueError(f"no stratum: {self}")


class TwoPhase(Frozen):
    """A share in 0..1 from labels of some episodes. ``of`` is how many episodes there are.

    ``estimate``, ``low`` and ``high`` are None with a ``reason`` where a stratum has no label, or where
    there is nothing to take a share of.
    """

    quantity: str
    of: int
    labelled: int
    estimate: float | None
    low: float | None
    high: float | None
    level: float = LEVEL
    method: str = "two-phase, beta-binomial prediction of the unlabelled"
    estimand: Estimand = "these episodes"
    warnings: tuple[str, ...] = ()
    reason: str | None = None


def two_phase(strata: Sequence[LabelStratum], level: float = LEVEL) -> TwoPhase:
    """The share of episodes with the outcome. Raises ``ValueError`` unless 0 < level < 1."""
    reason = _hindrance(strata, level)
    if reason is not None:
        return _result("prevalence", strata, level, None, (None, None), reason)
    total = sum(stratum.size for stratum in strata)
    chances, expected = _total(strata), sum(map(_expected, strata))
    low, high = (_quantile(chances, at) for at in ((1 - level) / 2, (1 + level) / 2))
    low, high = _unpulled((low, high), _mean(chances) - expected, _possible(strata))
    return _result("prevalence", strata, level, expected / total, (low / total, high / total), None)


def two_phase_accuracy(strata: Sequence[LabelStratum], level: float = LEVEL) -> tuple[TwoPhase, TwoPhase]:
    """Sensitivity and specificity of the detector whose verdict is ``flagged``."""
    flipped = [
        LabelStratum(s.name, s.size, s.labelled, s.labelled - s.positive, not s.flagged) for s in strata
    ]
    return _recall("sensitivity", strata, level), _recall("specificity", flipped, level)


def _recall(quantity: str, strata: Sequence[LabelStratum], level: float) -> TwoPhase:
    """The flagged share of all positives. Found and missed are sums over different strata: independent."""
    reason = _hindrance(strata, level)
    expected = sum(map(_expected, strata))
    if reason is None and expected == 0:
        reason = "no label says that there is any"
    if reason is not None:
        return _result(quantity, strata, level, None, (None, None), reason)
    flagged, others = [s for s in strata if s.flagged], [s for s in strata if not s.flagged]
    found, missed = _total(flagged), _total(others)
    low, high = (_share_quantile(found, missed, at) for at in ((1 - level) / 2, (1 + level) / 2))
    estimate = sum(map(_expected, flagged)) / expected
    pull = _mean(found) / (_mean(found) + _mean(missed)) - estimate
    (found_least, found_most), (missed_least, missed_most) = _possible(flagged), _possible(others)
    least = found_least / (found_least + missed_most) if found_least else 0.0
    most = found_most / (found_most + missed_least) if missed_least else 1.0
    return _result(quantity, strata, level, estimate, _unpulled((low, high), pull, (least, most)), None)


def _possible(strata: Sequence[LabelStratum]) -> tuple[int, int]:
    """The fewest and the most positives that the labels leave possible."""
    least = sum(stratum.positive for stratum in strata)
    return least, least + sum(stratum.size - stratum.labelled for stratum in strata)


def _unpulled(
    bounds: tuple[float, float], pull: float, least_most: tuple[float, float]
) -> tuple[float, float]:
    """The bounds, each as far out as it is with the prior's pull or without it, within what is possible."""
    (low, high), (least, most) = bounds, least_most
    return max(least, min(most, low, low - pull)), min(most, max(least, high, high - pull))


def _hindrance(strata: Sequence[LabelStratum], level: float) -> str | None:
    if not 0 < level < 1:
        raise ValueError(f"no level: {level}")
    unlabelled = [stratum.name for stratum in strata if stratum.size and not stratum.labelled]
    if unlabelled:
        return f"no label in {', '.join(unlabelled)}"
    return None if any(stratum.size for stratum in strata) else "no data"


def _result(
    quantity: str,
    strata: Sequence[LabelStratum],
    level: float,
    estimate: float | None,
    bounds: tuple[float | None, float | None],
    reason: str | None,
) -> TwoPhase:
    return TwoPhase(
        quantity=quantity,
        of=sum(stratum.size for stratum in strata),
        labelled=sum(stratum.labelled for stratum in strata),
        estimate=estimate,
        low=bounds[0],
        high=bounds[1],
        level=level,
        warnings=tuple(_warnings(strata)),
        reason=reason,
    )


def _warnings(strata: Sequence[LabelStratum]) -> Iterator[str]:
    few = [s.name for s in strata if s.labelled < min(s.size, 10)]
    if len(few) > _NAMED:
        yield f"fewer than 10 labels in {len(few)} of {several(len(strata), 'stratum', 'strata')}"
    elif few:
        yield f"fewer than 10 labels in {', '.join(few)}"
    chances = _total(strata)
    pull = abs(_mean(chances) - sum(map(_expected, strata)))
    if pull > _deviation(chances) and not any(s.size and not s.labelled for s in strata):
        yield f"few labels for {several(len(strata), 'stratum', 'strata')}: the bounds are wide for it"


def _expected(stratum: LabelStratum) -> float:
    return stratum.size * stratum.positive / stratum.labelled if stratum.labelled else 0.0


def _total(strata: Sequence[LabelStratum]) -> Floats:
    """The probabilities of 0, 1, ... positives in all these strata together."""
    chances = np.ones(1)
    for stratum in strata:
        rest = _beta_binomial(stratum.size - stratum.labelled, stratum.positive, stratum.labelled)
        chances = np.convolve(chances, np.concatenate([np.zeros(stratum.positive), rest]))
    return chances / chances.sum()


def _beta_binomial(draws: int, k: int, n: int) -> Floats:
    a, b = k + 0.5, n - k + 0.5
    x = np.arange(draws + 1)
    choose = gammaln(draws + 1) - gammaln(x + 1) - gammaln(draws - x + 1)
    return np.exp(choose + betaln(x + a, draws - x + b) - betaln(a, b))


def _mean(chances: Floats) -> float:
    return float(chances @ np.arange(len(chances)))


def _deviation(chances: Floats) -> float:
    return sqrt(float(chances @ (np.arange(len(chances)) - _mean(chances)) ** 2))


def _quantile(chances: Floats, at: float) -> int:
    return int(np.searchsorted(np.cumsum(chances), at - 1e-12))


def _share_quantile(found: Floats, missed: Floats, at: float) -> float:
    """The smallest share s with P(found / (found + missed) <= s) >= at, given that there is any."""
    at_least = np.append(np.cumsum(missed[::-1])[::-1], 0.0)  # P(missed >= m)
    numbers = np.arange(len(found))
    none = found[0] * missed[0]

    def below(share: float) -> float:
        least = np.ceil(numbers * (1 - share) / share - 1e-9).clip(0, len(missed)).astype(np.int64)
        return float((found @ at_least[least] - none) / (1 - none))

    return _bisect(below, at)


def _bisect(below: Callable[[float], float], at: float) -> float:
    low, high = 0.0, 1.0
    if below(1e-12) >= at:
        return 0.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < at else (low, middle)
    return high
