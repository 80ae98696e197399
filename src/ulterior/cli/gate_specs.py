"""The candidate's episodes: the baseline's, with another model."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ulterior.agent_runtime.plan import LimitOverrides
from ulterior.analysis.gate.cycles import Cycle
from ulterior.analysis.gate.side import Arm, Fingerprint, Side
from ulterior.analysis.visible import one_line
from ulterior.errors import UsageError
from ulterior.scenarios import load_scenario
from ulterior.traces import EpisodeSpec
from ulterior.yaml_files import not_json, plain_problems

__all__ = ["Rerun", "specs_of"]

_NOT_AGAIN = "the baseline's episodes can't be run again"
_LIMITS = TypeAdapter(dict[str, LimitOverrides])
_REMAKE = "make it again with `ulterior baseline set`"


@dataclass(frozen=True)
class Rerun:
    """What all of the candidate's episodes share. Scenarios are those that are installed; whether they are
    the baseline's is for drifts to say."""

    model: str
    settings: Mapping[str, Any]
    sandbox: str

    @classmethod
    def of(cls, baseline: Side, model: str) -> "Rerun":
        """Raises :class:`~ulterior.errors.UsageError` where the baseline doesn't tell enough."""
        return cls(model, _settings(baseline.fingerprint), _sandbox(baseline.fingerprint))

    def spec(self, arm: Arm, seed: int, epoch: int) -> EpisodeSpec:
        """An episode of the baseline's arm. Raises :class:`~ulterior.errors.UsageError` where its condition
        is gone."""
        scenario = load_scenario(arm.scenario)
        condition = scenario.condition(arm.condition)
        if condition != arm.condition:
            raise UsageError(
                f"{scenario.name} {arm.cell} can't be run again",
                f"the scenario's conditions have other factors now: {', '.join(sorted(condition))}",
                "run the baseline's model again, and make a new baseline of it",
            )
        return EpisodeSpec(
            scenario=scenario.name,
            scenario_version=scenario.version,
            scenario_hash=scenario.content_hash,
            condition=condition,
            seed=seed,
            model=self.model,
            settings=dict(self.settings),
            epoch=epoch,
            sandbox=self.sandbox,
        )


def specs_of(baseline: Side, cycles: Iterable[Cycle], model: str) -> dict[int, tuple[EpisodeSpec, ...]]:
    """By the number of the cycle, one spec for each of its episodes, in their order. Raises as
    :class:`Rerun` does."""
    again = Rerun.of(baseline, model)
    return {
        cycle.number: tuple(again.spec(each.arm, each.seed, each.epoch) for each in cycle.episodes)
        for cycle in cycles
    }


def _settings(about: Fingerprint) -> dict[str, Any]:
    """The settings of all episodes; a file tells only those that all of them share."""
    try:
        settings = {name: json.loads(word) for name, word in about.settings.items()}
        why = not_json(settings, "settings")
    except ValueError as error:
        several = ", ".join(f"{name}: {word}" for name, word in about.settings.items())
        raise UsageError(
            _NOT_AGAIN,
            one_line(f"they were run with settings that differ ({several})"),
            "make a baseline of episodes that share their settings, or run the candidate yourself and gate "
            "its study",
        ) from error
    except RecursionError as error:
        raise UsageError(_NOT_AGAIN, "its settings are nested too deeply", _REMAKE) from error
    if why:
        raise UsageError(_NOT_AGAIN, one_line(why), _REMAKE)
    try:
        _LIMITS.validate_python({name: value for name, value in settings.items() if name == "limits"})
    except ValidationError as error:
        problems = plain_problems(error, {"": ["limits"], "limits": list(LimitOverrides.model_fields)})
        raise UsageError(_NOT_AGAIN, one_line(f"its settings: {problems}"), _REMAKE) from error
    return settings


def _sandbox(about: Fingerprint) -> str:
    if len(about.sandbox) != 1:
        raise UsageError(
            _NOT_AGAIN,
            one_line(f"they were run in several back ends ({', '.join(about.sandbox)})"),
            "make a baseline of one of them, or run the candidate yourself and gate its study",
        )
    return about.sandbox[0]
