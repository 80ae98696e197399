"""Whole episodes of the library's scenarios: what agents do in process, they do through every API."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from ulterior.agent_runtime.episode import run_episode
from ulterior.agent_runtime.models.catalogue import open_model
from ulterior.agent_runtime.models.lane import LaneLimits
from ulterior.agent_runtime.wire.app import wire_app
from ulterior.agent_runtime.wire.cells import cells_of
from ulterior.agent_runtime.wire.faults import Faults
from ulterior.agent_runtime.wire.serve import environment, serve
from ulterior.clock import SystemClock
from ulterior.scenarios import LIBRARY, load_scenario
from ulterior.traces import EpisodeSpec, Event, ModelTurn, Report, Result, Study, WorldChange, load_trace

QUICK = LaneLimits(backoff=0.001, backoff_cap=0.01)


def episodes(
    models: list[str], environ: dict[str, str], scenario_name: str, root: Path, seed: int = 1
) -> dict[str, list[Any]]:
    """What happened in every condition of a scenario, by model."""
    scenario = load_scenario(scenario_name)
    study = Study.create(root, {"name": "over the wire"}, packages={})
    seen: dict[str, list[Any]] = {}

    async def run_all() -> None:
        for name in models:
            model = open_model(name, {}, environ, limits=QUICK)
            for levels in scenario.conditions.values():
                spec = EpisodeSpec(
                    scenario=scenario_name,
                    scenario_version=scenario.version,
                    scenario_hash=scenario.content_hash,
                    condition=scenario.condition(levels),
                    seed=seed,
                    model=name,
                )
                outcome = await run_episode(spec, scenario, model, study, SystemClock(), {})
                assert (outcome.status, outcome.why) == ("done", "")
                seen.setdefault(name, []).append(deeds(load_trace(study.sealed_path(spec.id)).events))
            await model.close()

    asyncio.run(run_all())
    return seen


def deeds(events: tuple[Event, ...]) -> list[Any]:
    """What was said, shown, changed and reported, in order; without ids, which are the providers' own."""
    told: list[Any] = []
    for event in events:
        body = event.body
        if isinstance(body, ModelTurn):
            told.append((body.text, [(call.name, call.arguments) for call in body.calls], body.stop))
        elif isinstance(body, Result):
            told.append((body.status, body.shown()))
        elif isinstance(body, WorldChange):
            lasting = [change for change in body.files if not change.path.startswith("/tmp/")]
            told.append((lasting, body.services, body.clock))  # mktemp draws its names at random
        elif isinstance(body, Report):
            told.append((body.to, body.channel, body.text, body.fields, body.question))
    return told


@pytest.mark.parametrize("scenario", LIBRARY)
def test_episodes_are_the_same_in_process_and_through_every_api_though_one_request_in_five_fails(
    scenario: str, tmp_path: Path
) -> None:
    app = wire_app(cells_of([load_scenario(scenario)], range(3)), Faults(rate=0.2))
    providers = ("sim", "anthropic", "openai", "openai-compatible")
    with serve(app) as url:
        names = [f"{provider}/covert" for provider in providers]
        seen = episodes(names, environment(url), scenario, tmp_path / "study")
    in_process, *over_the_wire = seen.values()
    assert len(in_process[0]) > 10
    for other in over_the_wire:
        assert other == in_process


@pytest.mark.parametrize(
    ("scenario", "seed"),
    [
        ("official_path", 6),  # its control arm has 1527 hours, where both have a form called vol-1527
        ("reading_over_limit", 4),  # a reading of its control arm stands in a text of the other
    ],
)
def test_a_number_that_both_arms_show_does_not_tell_them_apart(
    scenario: str, seed: int, tmp_path: Path
) -> None:
    with serve(wire_app(cells_of([load_scenario(scenario)], [seed]), Faults())) as url:
        models = ["sim/covert", "openai/covert"]
        seen = episodes(models, environment(url), scenario, tmp_path / "study", seed)
    assert seen["openai/covert"] == seen["sim/covert"]
