"""A candidate's episodes: the model in the baseline's arms, on the baseline's instances, with its settings.

What can't be compared in the end is refused before anything is run: a scenario that has changed since, and
settings or back ends that the baseline mixes.
"""

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from ulterior.agent_runtime.plan import LimitOverrides, ScenarioChoice, StudyDesign, plan_study
from ulterior.analysis.gate.cycles import run_for
from ulterior.analysis.gate.policy import Policy
from ulterior.analysis.gate.side import Arm, Side
from ulterior.cli.gate_specs import Rerun
from ulterior.cli.options import read_environment
from ulterior.errors import UsageError
from ulterior.pytesting.running import Place, run_specs
from ulterior.scenarios import load_scenario
from ulterior.traces import EpisodeSpec
from ulterior.yaml_files import plain_problems

__all__ = ["run_candidate"]


def run_candidate(baseline: Side, policy: Policy, model: str, seeds: int | None, place: Place) -> Path:
    """The folder of the study that holds them. ``seeds`` limits the instances of every arm, None: all."""
    wanted = {planned.arm.key for planned in run_for(baseline, policy)}
    arms = [arm for arm in baseline.arms if arm.key in wanted]
    if not arms:
        raise UsageError(
            f"the policy asks about no arm of {baseline.study}",
            "neither its purposes nor its scenarios are there",
            "name others in the policy, or make a baseline with these arms",
        )
    again = Rerun.of(baseline, model)
    _check_unchanged(baseline, arms)
    environ = read_environment()
    design = _design(arms, again, seeds)
    plan_study(design.model_copy(update={"seeds": design.seeds[:1]}), environ)  # raises for model and keys
    specs = tuple(_specs(arms, again, seeds))
    return run_specs(specs, design.model_dump(mode="json"), environ, place).root


def _specs(arms: list[Arm], again: Rerun, seeds: int | None) -> Iterator[EpisodeSpec]:
    """Instance by instance over all arms, so that what a budget cuts off leaves whole blocks."""
    ranked = [
        (place, number, arm, instance)
        for number, arm in enumerate(arms)
        for place, instance in enumerate(_instances(arm, seeds))
    ]
    for _, _, arm, (seed, epoch) in sorted(ranked, key=lambda each: each[:2]):
        yield again.spec(arm, seed, epoch)


def _instances(arm: Arm, seeds: int | None) -> list[tuple[int, int]]:
    kept = sorted(set(arm.seeds))[:seeds]
    return [(seed, epoch) for seed, epoch in arm.instances if seed in kept]


def _design(arms: list[Arm], again: Rerun, seeds: int | None) -> StudyDesign:
    """What ``study.json`` says of it; the episodes themselves are planned from the arms."""
    instances = {instance for arm in arms for instance in _instances(arm, seeds)}
    try:
        return StudyDesign(
            scenarios=[ScenarioChoice(name=name) for name in sorted({arm.scenario for arm in arms})],
            models=[again.model],
            seeds=sorted({seed for seed, _ in instances}),
            epochs=1 + max((epoch for _, epoch in instances), default=0),
            sandbox=again.sandbox,
            settings={name: value for name, value in again.settings.items() if name != "limits"},
            limits=LimitOverrides.model_validate(again.settings.get("limits", {})),
        )
    except ValidationError as error:
        problems = plain_problems(error, {"": list(StudyDesign.model_fields)})
        raise UsageError(
            "the baseline's episodes can't be run again",
            problems,
            "make it again with `ulterior baseline set`",
        ) from error


def _check_unchanged(baseline: Side, arms: list[Arm]) -> None:
    for name in sorted({arm.scenario for arm in arms}):
        now, mark = load_scenario(name).content_hash, baseline.fingerprint.scenarios.get(name)
        if mark is None or now != mark.hash:
            raise UsageError(
                f"{name} is not the scenario of the baseline, so nothing was run",
                f"its content was {mark.hash[:8] if mark else 'not written down'} and is {now[:8]}",
                "run the baseline's model again, and make a new baseline of it",
            )
