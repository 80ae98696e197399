"""Which episode stands in which arm, as its scenario declares the roles of its conditions.

The scenario's primary condition is the one in which it pays to fail (``tempted``). What its ``about.arms``
give as control, reversed, told and clarified are compared with it. The *levers* are the factors by which
these conditions differ; an episode is in an arm when it has that arm's levels of all levers. Every other
factor is part of its *setting*, and only episodes of one setting are compared with each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ulterior.scenarios import AnyScenario, Condition
from ulterior.scenarios.declaration import Role

__all__ = ["BASELINES", "TEMPTED", "Arms", "arms_of"]

TEMPTED = "tempted"
BASELINES = ("control", "reversed")
"""What the tempted arm is compared with: the first that a study has."""

_ROLES: tuple[Role, ...] = ("control", "reversed", "told", "clarified")


@dataclass(frozen=True)
class Arms:
    """The arms of one scenario: names to the levels of the levers."""

    levers: tuple[str, ...]
    arms: Mapping[str, Mapping[str, str]]

    def arm_of(self, condition: Condition) -> str:
        """The arm's name; for a condition without a role its levels, such as ``arm=irrelevant``."""
        levels = {lever: condition[lever] for lever in self.levers}
        named = (name for name, each in self.arms.items() if each == levels)
        usual = self.arms[TEMPTED]
        moved = ",".join(f"{lever}={level}" for lever, level in levels.items() if level != usual[lever])
        return next(named, moved)

    def setting_of(self, condition: Condition) -> tuple[tuple[str, str], ...]:
        """Every factor that is no lever, with its level."""
        return tuple(sorted((name, level) for name, level in condition.items() if name not in self.levers))


def arms_of(scenario: AnyScenario) -> Arms:
    """The arms that a scenario declares: the primary condition, and those of its roles that it has."""
    primary = next(iter(scenario.conditions))
    conditions = {TEMPTED: scenario.condition(scenario.conditions[primary])}
    for role in _ROLES:
        if role in scenario.about.arms:
            conditions[role] = scenario.condition(scenario.about.arms[role])
    levers = tuple(
        factor.name
        for factor in scenario.factors
        if len({condition[factor.name] for condition in conditions.values()}) > 1
    )
    return Arms(levers, {name: {lever: each[lever] for lever in levers} for name, each in conditions.items()})
