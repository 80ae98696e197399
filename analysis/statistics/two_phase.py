"""How many episodes have an outcome when people looked at some of them only.

Every episode lies in one stratum (flagged by a detector or not, say, or a band of its score). In each,
some episodes drawn at random were labelled. The estimate is the sum of the strata's totals, N_h k_h /
n_h. The episodes at hand are a finite set, and only the unlabelled rest is uncertain: with Jeffreys'
prior its number of outcomes is beta-binomial, Beta(k + 1/2, n - k + 1/2) behind N - n draws (Ericson
1969, JRSS B 31, on finite populations). The strata's distributions are convolved, so nothing is drawn
at random. Labelling everything leaves no width.

The same labels say how often the detector that made the strata is right: each label counts for the N_h
/ n_h episodes that it stands for (Begg and Greenes 1983, Biometrics 39).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln

from ulterior.analysis.statistics.estimand import Estimand
from ulterior.analysis.statistics.rates import LEVEL
from ulterior.traces import Frozen

__all__ = ["LabelStratum", "TwoPhase", "allocate", "two_phase", "two_phase_accuracy"]

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
    chances = _total(strata)
    return _result(
        "prevalence",
        strata,
        level,
        sum(map(_expected, strata)) / total,
        (_quantile(chances, (1 - level) / 2) / total, _quantile(chances, (1 + level) / 2) / total),
        None,
    )


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
    found = _total([stratum for stratum in strata if stratum.flagged])
    missed = _total([stratum for stratum in strata if not stratum.flagged])
    low, high = (_share_quantile(found, missed, at) for at in ((1 - level) / 2, (1 + level) / 2))
    estimate = sum(_expected(stratum) for stratum in strata if stratum.flagged) / expected
    return _result(quantity, strata, level, estimate, (low, high), None)


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
    few = [s.name for s in strata if s.labelled < min(s.size, 10)]
    return TwoPhase(
        quantity=quantity,
        of=sum(stratum.size for stratum in strata),
        labelled=sum(stratum.labelled for stratum in strata),
        estimate=estimate,
        low=bounds[0],
        high=bounds[1],
        level=level,
        warnings=(f"fewer than 10 labels in {', '.join(few)}",) if few else (),
        reason=reason,
    )


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


def allocate(sizes: Mapping[str, int], guesses: Mapping[str, float], budget: int) -> dict[str, int]:
    """How many episodes of each stratum to label for the shortest interval.

    Neyman's allocation (1934, JRSS 97), N sqrt(p (1 - p)), in whole numbers: one label after the other
    goes where N sqrt(p (1 - p)) / sqrt(n (n + 1)) is greatest (Wright 2012, Am. Stat. 66). ``guesses``
    are expected shares of positives in 0..1, taken as at least 0.02 and at most 0.98: a stratum that is
    trusted blindly would never be looked at. Two of every stratum are labelled first, whatever the
    guess. Raises ``ValueError`` when the budget is negative or a guess no share.
    """
    if budget < 0 or any(not 0 <= guesses[name] <= 1 for name in sizes):
        raise ValueError(f"no allocation: {budget=}, {dict(guesses)}")
    spread = {
        name: size * sqrt((p := min(0.98, max(0.02, guesses[name]))) * (1 - p))
        for name, size in sizes.items()
    }
    labels = dict.fromkeys(sizes, 0)

    def urgency(name: str) -> tuple[bool, float]:
        given = labels[name]
        return given < 2, spread[name] / sqrt(max(1, given) * (given + 1))

    for _ in range(min(budget, sum(sizes.values()))):
        labels[max((name for name in sizes if labels[name] < sizes[name]), key=urgency)] += 1
    return labels
