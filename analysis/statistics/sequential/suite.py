"""The gate's sequential test: blocks in, bounds of the suite's mean difference and a word out, at any
time.

The estimand is the mean over a fixed list of scenarios of (candidate - baseline), each scenario
counting the same. Only complete cycles enter (one block of every scenario); what came early waits for
the others. A block that can't be decided is left out by the caller, and its scenario catches up with
another instance.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import exp, log
from typing import Literal

from ulterior.analysis.statistics.sequential.betting import log_capital, lower_bound, upper_bound

__all__ = ["Block", "Decision", "SequentialTest"]

_DIGITS = 9
"""Of a difference, so that equal ones count as one value."""

Decision = Literal["REGRESSION", "IMPROVED", "PASS"]


@dataclass(frozen=True)
class Block:
    """One instance of a scenario, run by both versions. Outcomes in 0..1, more is worse: 0 or 1, or the
    mean over the instance's epochs."""

    stratum: str
    baseline: float
    candidate: float

    def __post_init__(self) -> None:
        if not (0 <= self.baseline <= 1 and 0 <= self.candidate <= 1):
            raise ValueError(f"no outcomes: {self}")


@dataclass(frozen=True)
class SequentialTest:
    """A fold over blocks. ``alpha`` is the chance of a false alarm, and of a false all-clear, over all
    looks together; it is one-sided, so ``low`` and ``high`` are together an interval at the level 1 - 2
    alpha.

    ``seen`` maps each difference of complete cycles to how often it occurred, sorted; ``waiting`` holds
    the differences of each stratum whose cycle is not complete. What comes out depends on ``seen``
    alone, not on the order.

    Raises ``ValueError`` for no or repeated strata, or an alpha outside (0, 0.5).
    """

    strata: tuple[str, ...]
    alpha: float = 0.05
    cycles: int = 0
    seen: tuple[tuple[float, int], ...] = ()
    waiting: tuple[tuple[float, ...], ...] = ()

    def __post_init__(self) -> None:
        if not self.strata or len(set(self.strata)) < len(self.strata) or not 0 < self.alpha < 0.5:
            raise ValueError(f"no test: {self.strata=}, {self.alpha=}")

    def after(self, blocks: Iterable[Block]) -> "SequentialTest":
        """The test with these blocks, too. Raises ``ValueError`` for a block of a stratum that is not
        in the suite."""
        queues = dict(zip(self.strata, map(list, self.waiting or [()] * len(self.strata)), strict=True))
        for block in blocks:
            if block.stratum not in queues:
                raise ValueError(f"not in the suite: {block}")
            queues[block.stratum].append(round(block.candidate - block.baseline, _DIGITS))
        complete = min(map(len, queues.values()))
        seen = Counter(dict(self.seen))
        for queue in queues.values():
            seen.update(queue[:complete])
        return replace(
            self,
            cycles=self.cycles + complete,
            seen=tuple(sorted(seen.items())),
            waiting=tuple(tuple(queue[complete:]) for queue in queues.values()),
        )

    @property
    def blocks(self) -> int:
        """How many blocks stand in complete cycles."""
        return self.cycles * len(self.strata)

    @property
    def estimate(self) -> float | None:
        """The mean difference, None before the first cycle. At the moment of stopping it is biased
        towards the decision."""
        if not self.seen:
            return None
        return sum(value * count for value, count in self.seen) / self.blocks

    @property
    def low(self) -> float:
        """The lower bound of the mean difference, one-sided at 1 - alpha at all times at once; -1
        without data."""
        return float(lower_bound(self._values(), self._counts(), self.alpha)) if self.seen else -1.0

    @property
    def high(self) -> float:
        """The upper bound; 1 without data."""
        return float(upper_bound(self._values(), self._counts(), self.alpha)) if self.seen else 1.0

    @property
    def p(self) -> float:
        """An anytime-valid p-value of "not worse", one over the capital: fit for Holm at whatever time
        one stops."""
        return min(1.0, exp(-self._evidence_above(0.0)))

    def decision(self, margin: float) -> Decision | None:
        """REGRESSION: the lower bound is above 0, and the estimate above the margin. IMPROVED: the
        upper bound is below 0. PASS: the upper bound is below the margin. None: can't tell yet.
        ``margin`` is in [0, 1).
        """
        estimate, enough = self.estimate, -log(self.alpha)
        if estimate is None:
            return None
        if self._evidence_above(0.0) >= enough and estimate > margin:
            return "REGRESSION"
        if self._evidence_below(0.0) >= enough:
            return "IMPROVED"
        return "PASS" if self._evidence_below(margin) >= enough else None

    def needs(self, margin: float, most: int = 100_000) -> int | None:
        """About how many more cycles until a decision, if differences keep coming as often as so far;
        None when it takes more than ``most``, or nothing was seen yet. An extrapolation, no promise."""
        if self.decision(margin) is not None:
            return 0
        if not self.cycles or self._decides(margin, most) is None:
            return None
        low, high = 0, most
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._decides(margin, middle) is None else (low, middle)
        return high

    def _decides(self, margin: float, more: int) -> Decision | None:
        """The decision after so many more cycles like those seen; counts may be fractional here."""
        factor = (self.cycles + more) / self.cycles
        scaled = tuple((value, count * factor) for value, count in self.seen)
        estimate, enough = self.estimate or 0.0, -log(self.alpha)
        if _evidence(scaled, 0.0, 1) >= enough and estimate > margin:
            return "REGRESSION"
        return "PASS" if _evidence(scaled, margin, -1) >= enough else None

    def _evidence_above(self, mean: float) -> float:
        return _evidence(self.seen, mean, 1)

    def _evidence_below(self, mean: float) -> float:
        return _evidence(self.seen, mean, -1)

    def _values(self) -> list[float]:
        return [value for value, _ in self.seen]

    def _counts(self) -> list[int]:
        return [count for _, count in self.seen]


def _evidence(seen: Iterable[tuple[float, float]], mean: float, sign: int) -> float:
    """Log capital of the bet that the true mean lies above (``sign`` 1) or below (-1) this one."""
    pairs = list(seen)
    values, counts = [sign * value for value, _ in pairs], [count for _, count in pairs]
    return float(log_capital(values, counts, sign * mean)) if pairs else 0.0
