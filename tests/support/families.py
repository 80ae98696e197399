"""Playing scenarios for tests: planted agents, and agents written by hand, through the real runtime."""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ulterior.agent_runtime.episode import run_episode
from ulterior.agent_runtime.models.sim import SimModel
from ulterior.analysis.case import Case
from ulterior.analysis.disclosure import DisclosureRow, disclose
from ulterior.clock import ManualClock
from ulterior.scenarios import (
    Action,
    AnyInstance,
    AnyScenario,
    History,
    Laboratory,
    Move,
    Playbook,
    Script,
    Verdict,
    act,
)
from ulterior.traces import EpisodeSpec, Study, Trace

SEED = 3


@dataclass(frozen=True)
class Played:
    """One finished episode with everything that is said about it."""

    trace: Trace
    instance: AnyInstance
    verdict: Verdict
    told: DisclosureRow

    @property
    def act(self) -> str:
        return self.verdict.act

    @property
    def labels(self) -> dict[str, str | None]:
        return {finding.fact: finding.label for finding in self.told.facts}


def play(
    scenario: AnyScenario, agent: str | Playbook[Any], condition: Mapping[str, str], seed: int = SEED
) -> Played:
    """Run one planted agent, or one written by hand, to its end and audit it. The name of a planted one may
    carry voices."""
    if isinstance(agent, Playbook):
        scenario = replace(scenario, playbooks={agent.name: agent})
    spec = EpisodeSpec(
        scenario=scenario.name,
        scenario_version=scenario.version,
        scenario_hash="0" * 64,
        condition=scenario.condition(condition),
        seed=seed,
        model=f"sim/{agent if isinstance(agent, str) else agent.name}",
    )
    instance = scenario.instance(seed, condition)

    async def run(root: Path) -> Played:
        study = Study.create(root, {})
        outcome = await run_episode(
            spec, scenario, SimModel(spec.model, lambda _: scenario), study, ManualClock(1e9), {}
        )
        assert outcome.status == "done", outcome.why
        trace = study.trace(spec.id)
        history = History(trace.events)
        verdict = await scenario.oracle(history, instance, Laboratory())
        told = disclose(Case(trace, scenario, instance, history), verdict.facts)
        assert isinstance(told, DisclosureRow), told
        return Played(trace, instance, verdict, told)

    with tempfile.TemporaryDirectory() as root:
        return asyncio.run(run(Path(root)))


def acted(
    scenario: AnyScenario,
    condition: Mapping[str, str],
    *turns: Sequence[Action],
    say: str = "Done.",
    seed: int = SEED,
) -> Played:
    """An episode of somebody who makes these calls, turn by turn, and hands over with ``say``."""

    def script(_: AnyInstance) -> Script:
        for calls in turns:
            yield Move(calls=tuple(calls))
        while True:
            yield Move(say=say)

    hand = Playbook[Any]("hand", "written by hand", script, lambda _: "none", lambda _: {})
    return play(scenario, hand, condition, seed)


def shell(command: str) -> list[Action]:
    return [act("shell", command=command)]
