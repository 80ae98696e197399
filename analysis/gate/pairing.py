"""The episodes that a metric is about, on both sides, arm by arm and instance by instance."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ulterior.analysis.gate.policy import Metric
from ulterior.analysis.gate.side import GAP, Arm, Side
from ulterior.analysis.statistics.mantel_haenszel import Comparison

__all__ = ["Asked", "Instance", "Key", "Unit", "asked_of", "counted", "is_asked"]

Key = tuple[str, str, int, int]
"""Scenario, condition, seed and epoch: what a pair shares."""

Instance = tuple[str, int]
"""Scenario and seed: the independent unit."""


@dataclass(frozen=True)
class Unit:
    """One episode and its mark. ``bad`` is whether the metric counts it, None where it can't tell or is
    missing; ``gap`` by how much, of :data:`~ulterior.analysis.gate.side.GAP`."""

    scenario: str
    cell: str
    seed: int
    epoch: int
    episode: str
    mark: str
    bad: bool | None
    gap: float | None = None

    @property
    def key(self) -> Key:
        return self.scenario, self.cell, self.seed, self.epoch

    @property
    def instance(self) -> Instance:
        """The independent unit: conditions and epochs of a seed share names, numbers and files."""
        return self.scenario, self.seed

    @property
    def stratum(self) -> tuple[str, str]:
        return self.scenario, self.cell

    def rise_from(self, other: "Unit") -> float:
        """How much worse it is than its partner, both decided: -1, 0 or 1, or the rise of a gap."""
        if self.gap is not None and other.gap is not None:
            return self.gap - other.gap
        return int(bool(self.bad)) - int(bool(other.bad))


@dataclass(frozen=True)
class Asked:
    """The units of both sides in the arms that both have, and how many arms only one has. ``shares`` is
    what is missing of the whole, where this is a part of it; ``of_gaps``: what is compared are the units'
    gaps."""

    baseline: tuple[Unit, ...]
    candidate: tuple[Unit, ...]
    lonely: int
    adrift: tuple[int, int] = (0, 0)
    shares: tuple[float, float] | None = None
    of_gaps: bool = False
    rows: tuple[Comparison, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", tuple(_rows(self)))

    def partners(self) -> dict[Key, Unit]:
        """What the baseline has decided, by what a pair shares."""
        return {unit.key: unit for unit in self.baseline if unit.bad is not None}

    def pairs(self) -> Iterator[tuple[Unit, Unit]]:
        """Baseline and candidate on the same instance, condition and epoch, decided on both sides."""
        first = self.partners()
        for unit in self.candidate:
            if unit.bad is not None and unit.key in first:
                yield first[unit.key], unit

    def of_pairs(self) -> "Asked":
        """Without what is decided on one side only; what is undecided or missing stays to be counted."""
        keys = {second.key for _, second in self.pairs()}
        return replace(
            self,
            baseline=tuple(unit for unit in self.baseline if unit.bad is None or unit.key in keys),
            candidate=tuple(unit for unit in self.candidate if unit.bad is None or unit.key in keys),
        )

    def missing(self) -> tuple[float, float]:
        """The share of episodes that nothing can be taken from, on either side; 0..1."""
        if self.shares is not None:
            return self.shares
        return _missing(self.baseline, self.adrift[0]), _missing(self.candidate, self.adrift[1])

    def within(self, instances: Collection[Instance]) -> "Asked":
        """What of it is about these instances; what is missing is still a share of the whole."""
        return replace(
            self,
            baseline=tuple(unit for unit in self.baseline if unit.instance in instances),
            candidate=tuple(unit for unit in self.candidate if unit.instance in instances),
            shares=self.missing(),
        )


def asked_of(baseline: Side, candidate: Side, metric: Metric) -> Asked:
    """What a metric is about. Planned episodes that no arm is known of count as missing in every metric."""
    before, now = _arms(baseline, metric), _arms(candidate, metric)
    if metric.outcome == GAP:
        before, now = before | _lost(baseline, now), now | _lost(candidate, before)
    shared = before.keys() & now.keys()
    return Asked(
        baseline=tuple(_units((before[key] for key in sorted(shared)), metric)),
        candidate=tuple(_units((now[key] for key in sorted(shared)), metric)),
        lonely=len(before.keys() ^ now.keys()),
        adrift=(baseline.adrift, candidate.adrift),
        of_gaps=metric.outcome == GAP,
    )


_Arms = dict[tuple[str, str], Arm]


def _arms(side: Side, metric: Metric) -> _Arms:
    return {arm.key: arm for arm in side.arms if is_asked(arm, metric)}


def _lost(side: Side, others: _Arms) -> _Arms:
    """The arms whose gaps the other side has and this one has not, or has of another arm: no item could be
    read, or what stands beside it was not run. Each of their episodes is missing."""
    found = (arm for arm in side.arms if arm.key in others and arm.against != others[arm.key].against)
    return {
        arm.key: arm.model_copy(
            update={"outcomes": {GAP: "-" * len(arm.seeds)}, "gaps": (None,) * len(arm.seeds)}
        )
        for arm in found
    }


def is_asked(arm: Arm, metric: Metric) -> bool:
    """Whether the metric is about this arm."""
    return (
        arm.purpose == metric.purpose
        and metric.outcome in arm.outcomes
        and (not metric.scenarios or arm.scenario in metric.scenarios)
    )


def counted(metric: Metric) -> Mapping[str, bool]:
    """Marks that decide, and whether the metric counts them as bad."""
    worse = "x" if metric.direction == "lower_is_better" else "."
    better = "." if worse == "x" else "x"
    return {worse: True, better: False}


def _units(arms: Iterable[Arm], metric: Metric) -> Iterator[Unit]:
    bad = counted(metric)
    for arm in arms:
        cell, marks = arm.cell, arm.outcomes[metric.outcome]
        episodes = arm.episodes or ("",) * len(marks)
        gaps = arm.gaps if metric.outcome == GAP else (None,) * len(marks)
        for (seed, epoch), episode, mark, gap in zip(arm.instances, episodes, marks, gaps, strict=True):
            yield Unit(arm.scenario, cell, seed, epoch, episode, mark, bad.get(mark), gap)


def _rows(asked: Asked) -> Iterator[Comparison]:
    for units, first in ((asked.candidate, True), (asked.baseline, False)):
        for unit in units:
            if unit.bad is not None:
                yield Comparison(unit.stratum, unit.instance, first, unit.bad)


def _missing(units: Sequence[Unit], adrift: int) -> float:
    whole = len(units) + adrift
    return (sum(unit.mark == "-" for unit in units) + adrift) / whole if whole else 0.0
