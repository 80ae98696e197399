"""What a sequential gate runs, in which order: the episodes of the baseline, cycle by cycle.

A cycle is one instance of every scenario that the policy asks about, in all of its arms and epochs, so that
every scenario counts the same at every look, and what drifts over a day meets all of them. Seeds come in
their order. Shuffling them would change nothing: instances are exchangeable, since a seed says nothing
of what its instance is like.
"""

from collections.abc import Iterable, Iterator
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
    """All cycles. ``ready`` are by metric the numbers of the cycles after which it has one, two, three ...
    instances of every scenario that it is about; of a canary, which compares nothing, those with any."""

    cycles: tuple[Cycle, ...]
    ready: dict[str, tuple[int, ...]]

    def depth(self, metric: str) -> int:
        """The last cycle that a metric can use."""
        return max(self.ready[metric], default=0)


def schedule_of(baseline: Side, policy: Policy) -> Schedule:
    """What the baseline has instances for; no cycle where it has no arm that the policy asks about.

    A metric uses as many instances as the scenario with the fewest has; a canary all there are. A scenario
    ends when no metric can use more of it. An episode that is missing in the baseline has no pair and is not
    run.
    """
    instances = _instances(baseline, policy)
    ready = {name: _ready(baseline, metric, instances) for name, metric in policy.metrics.items()}
    lengths = dict.fromkeys(instances, 0)
    for name, metric in policy.metrics.items():
        for scenario in scenarios_of(baseline, metric):
            if scenario in lengths:
                lengths[scenario] = max(lengths[scenario], max(ready[name], default=0))
    cycles: list[Cycle] = []
    for at in range(max(lengths.values(), default=0)):
        chosen = (
            planned
            for scenario, blocks in instances.items()
            if at < min(lengths[scenario], len(blocks))
            for planned in blocks[at]
        )
        cycles.append(Cycle(at + 1, tuple(chosen)))
    return Schedule(tuple(cycles), ready)


def scenarios_of(baseline: Side, metric: Metric) -> tuple[str, ...]:
    """The scenarios in which the baseline has an arm that the metric is about, sorted."""
    return tuple(sorted({arm.scenario for arm in baseline.arms if is_asked(arm, metric)}))


_Blocks = dict[str, list[list[Planned]]]
"""By scenario, one list of episodes for each instance."""


def _ready(baseline: Side, metric: Metric, instances: _Blocks) -> tuple[int, ...]:
    usable = {planned.key for arm in baseline.arms for planned in _answered(arm, [metric])}
    places = [
        [
            at
            for at, block in enumerate(instances.get(scenario, []), start=1)
            if any(planned.key in usable for planned in block)
        ]
        for scenario in scenarios_of(baseline, metric)
    ]
    if metric.kind == "canary":
        return tuple(sorted({at for own in places for at in own}))
    return tuple(map(max, zip(*places, strict=False)))  # as many as the shortest has


def _instances(baseline: Side, policy: Policy) -> _Blocks:
    found: dict[str, dict[int, list[Planned]]] = {}
    for planned in run_for(baseline, policy):
        found.setdefault(planned.arm.scenario, {}).setdefault(planned.seed, []).append(planned)
    return {scenario: [seeds[seed] for seed in sorted(seeds)] for scenario, seeds in sorted(found.items())}


def run_for(baseline: Side, policy: Policy) -> tuple[Planned, ...]:
    """The episodes that some metric asks about and has an answer of, and the partners of gaps; arm by arm."""
    metrics = list(policy.metrics.values())
    wanted = {planned.key for arm in baseline.arms for planned in _answered(arm, metrics)}
    wanted |= {key for arm in baseline.arms for key in _partners(arm, policy)}
    every = (Planned(arm, seed, epoch) for arm in baseline.arms for seed, epoch in arm.instances)
    return tuple(planned for planned in every if planned.key in wanted)


def _answered(arm: Arm, metrics: Iterable[Metric]) -> Iterator[Planned]:
    """The episodes of which one of these metrics has an answer."""
    outcomes = {metric.outcome for metric in metrics if is_asked(arm, metric)}
    for at, (seed, epoch) in enumerate(arm.instances):
        if any(arm.outcomes[outcome][at] != "-" for outcome in outcomes):
            yield Planned(arm, seed, epoch)


def _partners(arm: Arm, policy: Policy) -> Iterator[Key]:
    """What the gaps of this arm are measured against."""
    if any(metric.outcome == GAP and is_asked(arm, metric) for metric in policy.metrics.values()):
        for (seed, epoch), mark in zip(arm.instances, arm.outcomes[GAP], strict=True):
            if mark != "-":
                yield arm.scenario, arm.against, seed, epoch
