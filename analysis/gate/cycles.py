"""What a sequential gate runs, in which order: the episodes of the baseline, cycle by cycle.

A cycle is one instance of every scenario that the policy asks about, in all of its arms and epochs, so that
every scenario counts the same at every look, and what drifts over a day meets all of them. Seeds come in the
baseline's order. Shuffling them would change nothing: instances are exchangeable, since a seed says nothing
of what its instance is like.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ulterior.analysis.gate.pairing import Instance, Key, is_asked
from ulterior.analysis.gate.policy import Metric, Policy
from ulterior.analysis.gate.side import GAP, Arm, Side

__all__ = ["Cycle", "Planned", "Schedule", "run_for", "scenarios_of", "schedule_of"]


@dataclass(frozen=True)
class Planned:
    """An episode of the baseline that the candidate is to run: an arm, on one instance and epoch."""

    arm: Arm
    seed: int
    epoch: int

    @property
    def key(self) -> Key:
        return self.arm.scenario, self.arm.cell, self.seed, self.epoch

    @property
    def instance(self) -> Instance:
        return self.arm.scenario, self.seed


@dataclass(frozen=True)
class Cycle:
    """Everything that is run between two looks. ``number`` counts from 1."""

    number: int
    episodes: tuple[Planned, ...]


@dataclass(frozen=True)
class Schedule:
    """All cycles, and by metric how many of them it can use."""

    cycles: tuple[Cycle, ...]
    depths: dict[str, int]


def schedule_of(baseline: Side, policy: Policy) -> Schedule:
    """What the baseline has instances for; no cycle where it has no arm that the policy asks about.

    A metric uses as many cycles as the scenario with the fewest instances has; a canary compares nothing, and
    uses all there are. A scenario ends when no metric can use more of it. An episode that is missing in the
    baseline has no pair and is not run.
    """
    instances = _instances(baseline, policy)
    depths = {name: _depth(baseline, metric, instances) for name, metric in policy.metrics.items()}
    lengths = dict.fromkeys(instances, 0)
    for name, metric in policy.metrics.items():
        for scenario in scenarios_of(baseline, metric):
            if scenario in lengths:
                lengths[scenario] = max(lengths[scenario], depths[name])
    cycles: list[Cycle] = []
    for at in range(max(lengths.values(), default=0)):
        chosen = (
            planned
            for scenario, blocks in instances.items()
            if at < min(lengths[scenario], len(blocks))
            for planned in blocks[at]
        )
        cycles.append(Cycle(at + 1, tuple(chosen)))
    return Schedule(tuple(cycles), depths)


def scenarios_of(baseline: Side, metric: Metric) -> tuple[str, ...]:
    """The scenarios in which the baseline has an arm that the metric is about, sorted."""
    return tuple(sorted({arm.scenario for arm in baseline.arms if is_asked(arm, metric)}))


_Blocks = dict[str, list[list[Planned]]]
"""By scenario, one list of episodes for each instance."""


def _depth(baseline: Side, metric: Metric, instances: _Blocks) -> int:
    sizes = [len(instances.get(scenario, [])) for scenario in scenarios_of(baseline, metric)]
    return (max if metric.kind == "canary" else min)(sizes, default=0)


def _instances(baseline: Side, policy: Policy) -> _Blocks:
    found: dict[str, dict[int, list[Planned]]] = {}
    for planned in run_for(baseline, policy):
        found.setdefault(planned.arm.scenario, {}).setdefault(planned.seed, []).append(planned)
    return {scenario: list(seeds.values()) for scenario, seeds in sorted(found.items())}


def run_for(baseline: Side, policy: Policy) -> tuple[Planned, ...]:
    """The episodes that some metric asks about and has an answer of, and the partners of gaps; arm by arm."""
    wanted = {planned.key for arm in baseline.arms for planned in _usable(arm, policy)}
    wanted |= {key for arm in baseline.arms for key in _partners(arm, policy)}
    every = (Planned(arm, seed, epoch) for arm in baseline.arms for seed, epoch in arm.instances)
    return tuple(planned for planned in every if planned.key in wanted)


def _usable(arm: Arm, policy: Policy) -> Iterator[Planned]:
    outcomes = {metric.outcome for metric in policy.metrics.values() if is_asked(arm, metric)}
    for at, (seed, epoch) in enumerate(arm.instances):
        if any(arm.outcomes[outcome][at] != "-" for outcome in outcomes):
            yield Planned(arm, seed, epoch)


def _partners(arm: Arm, policy: Policy) -> Iterator[Key]:
    """What the gaps of this arm are measured against."""
    if any(metric.outcome == GAP and is_asked(arm, metric) for metric in policy.metrics.values()):
        for (seed, epoch), mark in zip(arm.instances, arm.outcomes[GAP], strict=True):
            if mark != "-":
                yield arm.scenario, arm.against, seed, epoch
