"""What a gate against a baseline could find, before a cent is spent.

Everything is computed for the paired bet of ``ulterior gate run``, with
:func:`~ulterior.analysis.statistics.sequential.course.first_passage`, which knows how the gate will go
without simulating it; beside it stands what one look at the end would find
(:func:`~ulterior.analysis.gate.courses.rise_at_once`). Scenarios have the baseline's own rates, pairs
are taken as independent, and an instance counts once however many epochs it has: all of that is on the
careful side.

Two shortcuts keep it within seconds: the looks of :mod:`~ulterior.analysis.gate.courses`, and that at most
:data:`_BLOCKS` blocks are computed, which is said where there are more.
"""

from collections.abc import Callable, Iterator, Sequence
from math import ceil
from statistics import mean
from typing import Literal

from ulterior.analysis.gate.comparing import PRIMARY
from ulterior.analysis.gate.courses import (
    POWER,
    course_of,
    gap_rise_at_once,
    least_rise,
    paired_rise_at_once,
    rise_at_once,
)
from ulterior.analysis.gate.cycles import Cycle, Schedule, scenarios_of, schedule_of
from ulterior.analysis.gate.measuring import measured
from ulterior.analysis.gate.pairing import Asked, Instance, asked_of, counted, is_asked
from ulterior.analysis.gate.policy import Kind, Metric, Policy
from ulterior.analysis.gate.side import GAP, Arm, Side
from ulterior.analysis.gate.verdict import Measured
from ulterior.analysis.statistics.rare import UpperBound, upper_bound
from ulterior.analysis.statistics.sequential import CanaryTest, Course
from ulterior.traces import Frozen

__all__ = ["GatePlan", "MetricPlan", "PriceOf", "plan_gate"]

PriceOf = Callable[[Arm], float | None]
"""US dollars that one episode of an arm is expected to cost; None where that is unknown."""

_BLOCKS = 1_000


class MetricPlan(Frozen):
    """One metric. Rates in 0..1; ``cycles`` and ``blocks`` are what it can use, ``considered`` what was
    computed. ``alpha`` is that of its lower bound, the smallest that Holm may make of it.

    ``sequential`` and ``once`` are the smallest rises (of what counts as bad) that end as REGRESSION with a
    power of 0.8, with a look after every cycle and with one at the end, as ``ulterior gate`` makes it; None
    where none does.
    ``unchanged`` is how a gate goes of a version that does what the baseline does: the probabilities of
    words, and ``mean_cycles``. ``zero`` is what no event among the candidate's instances would still allow,
    ``zero_anytime`` at whatever time one stops.

    Of gaps ``sequential`` is None and ``unchanged`` empty: they are not computed. All cycles are expected.
    """

    metric: str
    outcome: str
    kind: Kind
    direction: Literal["lower_is_better", "higher_is_better"] = "lower_is_better"
    purpose: str
    margin: float
    alpha: float
    baseline: Measured
    scenarios: int
    cycles: int
    blocks: int
    considered: int
    sequential: float | None
    once: float | None
    unchanged: dict[str, float]
    mean_cycles: float
    zero: UpperBound
    zero_anytime: float


class GatePlan(Frozen):
    """A gate of ``model`` against a baseline. Episodes and US dollars are the candidate's; costs None where
    unknown. ``expected`` is for a version that does what the baseline does, ``worst`` when it is never
    decided. ``affordable`` is how many cycles the budget pays for at the expected price, None without a
    budget or a price.
    """

    baseline: str
    model: str
    power: float = POWER
    cycles: int
    episodes_per_cycle: float
    episodes_expected: int
    episodes_worst: int
    cost_per_episode: float | None
    cost_expected: float | None
    cost_worst: float | None
    budget: float | None
    affordable: int | None
    metrics: tuple[MetricPlan, ...]


def plan_gate(
    baseline: Side,
    policy: Policy,
    model: str,
    price_of: PriceOf,
    *,
    budget: float | None = None,
    most: int | None = None,
    name: str | None = None,
) -> GatePlan:
    """The plan. ``most`` limits the cycles; ``name`` is what the baseline is called."""
    schedule = schedule_of(baseline, policy)
    cycles = schedule.cycles[:most]
    worst = sum(len(cycle.episodes) for cycle in cycles)
    cost = _cost(cycles, price_of)
    affordable = _affordable(cycles, cost, worst, budget)
    usable = len(cycles) if affordable is None else min(affordable, len(cycles))
    metrics = tuple(
        _metric(each, metric, baseline, policy, schedule, usable) for each, metric in policy.metrics.items()
    )
    expected = ceil(max((metric.mean_cycles for metric in metrics), default=0.0))
    episodes = sum(len(cycle.episodes) for cycle in cycles[:expected])
    return GatePlan(
        baseline=name or baseline.study,
        model=model,
        cycles=len(cycles),
        episodes_per_cycle=worst / len(cycles) if cycles else 0.0,
        episodes_expected=episodes,
        episodes_worst=worst,
        cost_per_episode=None if cost is None or not worst else cost / worst,
        cost_expected=None if cost is None or not worst else cost / worst * episodes,
        cost_worst=cost,
        budget=budget,
        affordable=affordable,
        metrics=metrics,
    )


def _cost(cycles: Sequence[Cycle], price_of: PriceOf) -> float | None:
    total = 0.0
    for cycle in cycles:
        for planned in cycle.episodes:
            price = price_of(planned.arm)
            if price is None:
                return None
            total += price
    return total


def _affordable(cycles: Sequence[Cycle], cost: float | None, worst: int, budget: float | None) -> int | None:
    if budget is None or cost is None or not cycles:
        return None
    return len(cycles) if cost <= budget else int(budget / (cost / len(cycles)))


def _metric(
    name: str, metric: Metric, baseline: Side, policy: Policy, schedule: Schedule, usable: int
) -> MetricPlan:
    scenarios = scenarios_of(baseline, metric)
    cycles = sum(at <= usable for at in schedule.ready[name])
    blocks = cycles * len(scenarios)
    asked, of_gaps = asked_of(baseline, baseline, metric), metric.outcome == GAP
    base = measured(asked.baseline, 1 - (metric.alpha or policy.alpha), once=False, of_gaps=of_gaps)
    alpha = own = metric.alpha or policy.alpha
    primary = sum(each.kind in PRIMARY for each in policy.metrics.values())
    if metric.kind in PRIMARY and policy.multiplicity == "holm":
        alpha /= primary
    bets = metric.kind != "canary" and bool(blocks) and not of_gaps
    rates = tuple(_rates(baseline, metric, scenarios))
    considered = min(cycles, max(1, _BLOCKS // len(scenarios))) if bets else cycles
    course = course_of(rates, 0.0, metric.margin, considered, alpha, own) if bets else None
    needed = ceil(policy.min_n / max(1, len(scenarios)))
    return MetricPlan(
        metric=name,
        outcome=metric.outcome,
        kind=metric.kind,
        direction=metric.direction,
        purpose=metric.purpose,
        margin=metric.margin,
        alpha=alpha,
        baseline=base,
        scenarios=len(scenarios),
        cycles=cycles,
        blocks=blocks,
        considered=considered,
        sequential=least_rise(rates, metric.margin, considered, alpha, own) if bets else None,
        once=_at_once(asked, metric, rates, blocks, alpha) if bets or of_gaps else None,
        unchanged={} if course is None else _shares(course, metric.kind),
        mean_cycles=_mean_cycles(course, cycles, min(cycles, needed), of_gaps=of_gaps),
        zero=upper_bound(0, blocks, 1 - own),
        zero_anytime=CanaryTest(own, 0, blocks).high,
    )


def _at_once(asked: Asked, metric: Metric, rates: Sequence[float], blocks: int, alpha: float) -> float | None:
    """The smallest rise that one look at the end calls a REGRESSION."""
    if metric.outcome != GAP:
        found_by = paired_rise_at_once if metric.kind == "paired" else rise_at_once
        return found_by(rates, metric.margin, blocks, alpha)
    gaps: dict[Instance, list[float]] = {}
    for unit in asked.baseline:
        if unit.gap is not None:
            gaps.setdefault(unit.instance, []).append(unit.gap)
    if not gaps or not blocks:
        return None
    return gap_rise_at_once(tuple(mean(each) for each in gaps.values()), metric.margin, blocks, alpha)


def _mean_cycles(course: Course | None, cycles: int, least: int, *, of_gaps: bool) -> float:
    if course is not None:
        return max(course.mean_cycles, least)
    return cycles if of_gaps else least  # how soon a bet on gaps ends is not computed


def _shares(course: Course, kind: Kind) -> dict[str, float]:
    """By the words that the gate has for this kind."""
    shares = {word: course.share(word) for word in course.stopped}
    if kind == "validity":
        passes = shares["PASS"] + shares["IMPROVED"]
        shares = {"VALIDITY WARNING": shares["REGRESSION"], "PASS": passes}
    return shares | {"undecided": course.undecided}


def _rates(baseline: Side, metric: Metric, scenarios: Sequence[str]) -> Iterator[float]:
    """How often the baseline does what the metric counts as bad, by scenario; 0 where nothing is decided."""
    bad = counted(metric)
    for scenario in scenarios:
        seen = [
            bad[mark]
            for arm in baseline.arms
            if arm.scenario == scenario and is_asked(arm, metric)
            for mark in arm.outcomes[metric.outcome]
            if mark in bad
        ]
        yield sum(seen) / len(seen) if seen else 0.0
