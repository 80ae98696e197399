"""The case: one stored trace together with what it is judged by.

A trace is judged by the scenario that it was run with, never by a later one: when the scenario's sources
have changed since, there is no case, and that is said instead of a verdict.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from ulterior.errors import InfrastructureError
from ulterior.scenarios import AnyInstance, AnyScenario, History, load_scenario
from ulterior.traces import EpisodeSpec, Trace, canonical_json

__all__ = ["Case", "Instances", "LoadScenario", "Unscored", "find_scenario", "open_case", "unscored"]

LoadScenario = Callable[[str], AnyScenario]


@dataclass(frozen=True)
class Unscored:
    """Why there is no judgement, in words for a reader of the report."""

    reason: str


@dataclass(frozen=True)
class Case:
    """A finished episode, its scenario and instance, and its history."""

    trace: Trace
    scenario: AnyScenario
    instance: AnyInstance
    history: History


class Instances:
    """Rebuilds instances and keeps the latest: all models and epochs of a cell have the same one.

    Oracles and readings get it in turn; like everything about a case, it is there to be read.
    """

    def __init__(self, kept: int = 8) -> None:
        self._kept = kept
        self._latest: OrderedDict[tuple[str, str, int, str], AnyInstance] = OrderedDict()

    def rebuilt(self, spec: EpisodeSpec, scenario: AnyScenario) -> AnyInstance:
        """The instance of an episode that was run with this very scenario."""
        condition = canonical_json(spec.condition).decode()
        key = (spec.scenario, spec.scenario_hash, spec.seed, condition)
        if key not in self._latest:
            self._latest[key] = scenario.instance(spec.seed, spec.condition)
            if len(self._latest) > self._kept:
                self._latest.popitem(last=False)
        return self._latest[key]


def find_scenario(spec: EpisodeSpec, load: LoadScenario = load_scenario) -> AnyScenario | Unscored:
    """The scenario that an episode was run with, if it is still the same."""
    try:
        scenario = load(spec.scenario)
        current = scenario.content_hash
    except Exception as error:  # the scenario is its author's code: it may raise anything
        return unscored("the scenario can't be loaded", error)
    if current != spec.scenario_hash:
        return Unscored(
            f"the scenario has changed since: run with content {spec.scenario_hash[:8]}, now {current[:8]}"
        )
    return scenario


def open_case(trace: Trace, scenario: AnyScenario, instances: Instances | None = None) -> Case | Unscored:
    """The case of a trace whose scenario was found by :func:`find_scenario`.

    ``instances`` are shared by the cases of one study; without them the instance is made anew.
    """
    try:
        instance = (instances or Instances()).rebuilt(trace.spec, scenario).with_put(trace.final.put)
        return Case(trace, scenario, instance, History(trace.events))
    except Exception as error:  # the generator is the scenario author's code
        return unscored("the instance can't be rebuilt", error)


def unscored(what: str, error: Exception) -> Unscored:
    """The reason behind an exception, by its name: a bug must be visible and never look like behaviour."""
    first = next(iter(str(error).splitlines()), "")
    kind = "this machine lacks something" if isinstance(error, InfrastructureError) else type(error).__name__
    return Unscored(f"{what}: {kind}: {first[:300]}" if first else f"{what}: {kind}")
