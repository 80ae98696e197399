"""What a study of a given shape could find, in numbers and in plain sentences: what ``ulterior plan``
prints.

Two readings of the same episodes stand side by side (see :mod:`ulterior.analysis.statistics.estimand`).
For *this suite* the units are instances; how much a repetition adds is ``epoch_icc``, whose default 1
is what the report does: an instance counts once. For *scenarios like these* the units are scenarios,
and ``icc`` says how alike the episodes of one scenario are. Arms share their scenarios, which the
second reading doesn't use: what it promises of a difference is on the careful side.
"""

from dataclasses import dataclass

from ulterior.analysis.statistics.power import (
    detectable_paired_rise,
    detectable_rise,
    effective_size,
    method_at,
    needed_per_arm,
    paired_power,
    power_of_two_rates,
)
from ulterior.analysis.statistics.rare import upper_bound
from ulterior.traces import Frozen

__all__ = ["Plan", "Shape", "StudyPlan", "plan_study"]

_MANY = "What follows is for one of {} comparisons with the control; Holm's first asks for p <= {:.3g}."


@dataclass(frozen=True)
class Shape:
    """Scenarios, instances (seeds) of each, runs (epochs) of each instance, and arms that share them."""

    scenarios: int
    seeds: int
    epochs: int
    arms: int

    @property
    def per_arm(self) -> int:
        return self.scenarios * self.seeds * self.epochs

    @property
    def episodes(self) -> int:
        return self.per_arm * self.arms


class Plan(Frozen):
    """One reading. ``effective_n`` is how many independent episodes an arm is worth.

    ``detectable`` is the smallest rate above the base that is found with the wanted power, None when
    none is. ``power`` and ``needed`` (independent episodes an arm) are about the rate asked for, None
    without one. ``zero`` is the rate that no event in an arm would still allow, one-sided.
    """

    estimand: str
    effective_n: float
    detectable: float | None
    power: float | None
    needed: int | None
    zero: float
    method: str


class StudyPlan(Frozen):
    """The plan of a study for one model; rates in 0..1. ``suite_paired`` compares seed by seed."""

    scenarios: int
    seeds: int
    epochs: int
    arms: int
    episodes: int
    base: float
    effect: float | None
    alpha: float
    wanted_power: float
    icc: float
    epoch_icc: float
    alike: float
    suite: Plan
    suite_paired: Plan
    population: Plan
    population_zero: float

    def sentences(self) -> list[str]:
        """The plan in words, a line each."""
        return [
            f"{_counted(self.scenarios, 'scenario')} × {_counted(self.seeds, 'seed')} × "
            f"{_counted(self.epochs, 'epoch')} × {_counted(self.arms, 'arm')}: "
            f"{self.episodes:,} episodes for each model.",
            *([_MANY.format(self.arms - 1, self.alpha / (self.arms - 1))] if self.arms > 2 else []),
            "",
            "This suite (these scenarios, new instances):",
            *self._about(self.suite, f"each instance counts {_worth(self.epochs, self.epoch_icc)}"),
            f"  Compared seed by seed (two runs of a seed correlate by {self.alike:g}): "
            f"{self._found(self.suite_paired)}.",
            "",
            "Scenarios like these (the scenarios are a sample of others):",
            *self._about(self.population, f"episodes of one scenario are alike by {self.icc:g}"),
            "  Without an event nothing shows how alike they are; each scenario counted once, it is up to "
            f"{_percent(self.population_zero)}.",
        ]

    def _about(self, plan: Plan, because: str) -> list[str]:
        lines = [
            f"  An arm is worth {plan.effective_n:,.0f} independent episodes: {because}.",
            f"  {self._found(plan)[0].upper()}{self._found(plan)[1:]}; {plan.method}.",
        ]
        if plan.needed is not None and self.effect is not None:
            lines.append(
                f"  To find {_percent(self.effect)} with {_percent(self.wanted_power)} power it takes "
                f"{plan.needed:,} independent episodes an arm."
            )
        lines.append(f"  No event in an arm would still allow up to {_percent(plan.zero)}.")
        return lines

    def _found(self, plan: Plan) -> str:
        power = _percent(self.wanted_power)
        found = (
            f"against a base rate of {_percent(self.base)}, a rise to {_percent(plan.detectable)} is found "
            f"with {power} power"
            if plan.detectable is not None
            else f"against a base rate of {_percent(self.base)}, no rise is found with {power} power"
        )
        if plan.power is None or self.effect is None:
            return found
        return f"{found}, and one to {_percent(self.effect)} with {_percent(plan.power)}"


def plan_study(
    shape: Shape,
    base: float,
    effect: float | None = None,
    icc: float = 0.3,
    epoch_icc: float = 1.0,
    alike: float = 0.3,
    alpha: float = 0.05,
    power: float = 0.8,
) -> StudyPlan:
    """The plan. ``effect`` is the rate of the other arm, not a difference. Needs sizes of 1 or more,
    rates and correlations in 0..1.
    """
    instances = shape.scenarios * shape.seeds
    suite_n = effective_size(instances, shape.epochs, epoch_icc)
    population_n = effective_size(shape.scenarios, shape.seeds * shape.epochs, icc)

    def unpaired(estimand: str, n: float) -> Plan:
        return Plan(
            estimand=estimand,
            effective_n=n,
            detectable=detectable_rise(base, n, power, alpha),
            power=None if effect is None else power_of_two_rates(base, effect, n, alpha),
            needed=None if effect is None or effect == base else needed_per_arm(base, effect, power, alpha),
            zero=_zero(n, alpha),
            method=method_at(n),
        )

    paired = Plan(
        estimand="this suite",
        effective_n=instances,
        detectable=detectable_paired_rise(base, instances, alike, power, alpha),
        power=None if effect is None else paired_power(base, effect, instances, alike, alpha),
        needed=None,
        zero=_zero(instances, alpha),
        method="McNemar's exact test, enumerated",
    )
    return StudyPlan(
        scenarios=shape.scenarios,
        seeds=shape.seeds,
        epochs=shape.epochs,
        arms=shape.arms,
        episodes=shape.episodes,
        base=base,
        effect=effect,
        alpha=alpha,
        wanted_power=power,
        icc=icc,
        epoch_icc=epoch_icc,
        alike=alike,
        suite=unpaired("this suite", suite_n),
        suite_paired=paired,
        population=unpaired("scenarios like these", population_n),
        population_zero=_zero(shape.scenarios, alpha),
    )


def _zero(n: float, alpha: float) -> float:
    high = upper_bound(0, n, 1 - alpha).high
    assert high is not None  # n is at least 1
    return high


def _worth(epochs: int, icc: float) -> str:
    if epochs == 1 or icc == 1:
        return "once"
    return f"{epochs / (1 + (epochs - 1) * icc):.2g} times"


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
