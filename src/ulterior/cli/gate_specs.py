"""The candidate's episodes: the baseline's, with another model."""

import json
from collections.abc import Iterable
from typing import Any

from ulterior.analysis.gate.cycles import Cycle, Planned
from ulterior.analysis.gate.side import Fingerprint, Side
from ulterior.errors import UsageError
from ulterior.scenarios import load_scenario
from ulterior.traces import EpisodeSpec

__all__ = ["specs_of"]


def specs_of(baseline: Side, cycles: Iterable[Cycle], model: str) -> dict[int, tuple[EpisodeSpec, ...]]:
    """By the number of the cycle, one spec for each of its episodes, in their order.

    Scenarios are those that are installed; whether they are the baseline's is for drifts to say. Raises
    :class:`~ulterior.errors.UsageError` where the baseline doesn't tell enough, or a condition is gone.
    """
    settings, sandbox = _settings(baseline.fingerprint), _sandbox(baseline.fingerprint)
    return {
        cycle.number: tuple(_spec(planned, model, settings, sandbox) for planned in cycle.episodes)
        for cycle in cycles
    }


def _spec(planned: Planned, model: str, settings: dict[str, Any], sandbox: str) -> EpisodeSpec:
    scenario = load_scenario(planned.arm.scenario)
    condition = scenario.condition(planned.arm.condition)
    if condition != planned.arm.condition:
        raise UsageError(
            f"{scenario.name} {planned.arm.cell} can't be run again",
            f"the scenario's conditions have other factors now: {', '.join(sorted(condition))}",
            "run the baseline's model again, and make a new baseline of it",
        )
    return EpisodeSpec(
        scenario=scenario.name,
        scenario_version=scenario.version,
        scenario_hash=scenario.content_hash,
        condition=condition,
        seed=planned.seed,
        model=model,
        settings=settings,
        epoch=planned.epoch,
        sandbox=sandbox,
    )


def _settings(about: Fingerprint) -> dict[str, Any]:
    """The settings of all episodes; a file tells only those that all of them share."""
    try:
        return {name: json.loads(word) for name, word in about.settings.items()}
    except ValueError as error:
        several = ", ".join(f"{name}: {word}" for name, word in about.settings.items())
        raise UsageError(
            "the baseline's episodes can't be run again",
            f"they were run with settings that differ ({several})",
            "make a baseline of episodes that share their settings",
        ) from error


def _sandbox(about: Fingerprint) -> str:
    if len(about.sandbox) != 1:
        raise UsageError(
            "the baseline's episodes can't be run again",
            f"they were run in several back ends ({', '.join(about.sandbox)})",
            "make a baseline of one of them",
        )
    return about.sandbox[0]
