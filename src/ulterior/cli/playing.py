"""Planted agents played through the real runtime, for checks of a scenario that hold it as an object.

Unlike :mod:`ulterior.cli.verification` nothing is looked up by name, so that a scenario with a part replaced
can be checked as well. Everything runs in this process, in embedded sandboxes or whichever is asked for.
"""

import asyncio
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ulterior.agent_runtime.episode import package_versions, run_episode
from ulterior.agent_runtime.models.sim import SimModel
from ulterior.analysis.audit import AuditRow, audit
from ulterior.analysis.case import Unscored, open_case
from ulterior.clock import ManualClock
from ulterior.errors import ScenarioError
from ulterior.scenarios import Action, AnyInstance, AnyScenario, Condition, Move, Playbook, Script
from ulterior.traces import EpisodeSpec, Message, ModelTurn, Study, Trace

__all__ = ["Part", "Played", "acted", "play"]

_AT_A_TIME = 8


@dataclass(frozen=True)
class Part:
    """What to play: an agent, under a full condition that has a name, on a seed."""

    playbook: str
    cell: str
    condition: Condition
    seed: int

    @property
    def where(self) -> str:
        return f"playbook {self.playbook}, cell {self.cell}, seed {self.seed}"


@dataclass(frozen=True)
class Played:
    """A part with its stored trace, or with the reason why there is none."""

    part: Part
    trace: Trace | None
    why: str = ""

    @property
    def turns(self) -> int:
        """Model turns until the first question, which is what the limit counts."""
        turns = 0
        for event in self.trace.events if self.trace else ():
            if isinstance(event.body, Message) and event.body.question is not None:
                break
            turns += isinstance(event.body, ModelTurn)
        return turns


async def play(
    scenario: AnyScenario, parts: Iterable[Part], study: Study, sandbox: str = "embedded"
) -> list[Played]:
    """Play every part and store its trace in the study; the order is that of the parts."""
    slots, packages = asyncio.Semaphore(_AT_A_TIME), package_versions()

    async def one(part: Part) -> Played:
        spec = EpisodeSpec(
            scenario=scenario.name,
            scenario_version=scenario.version,
            scenario_hash=scenario.content_hash,
            condition=dict(part.condition),
            seed=part.seed,
            model=f"sim/{part.playbook}",
            sandbox=sandbox,
        )
        async with slots:
            model = SimModel(spec.model, lambda _: scenario)
            outcome = await run_episode(spec, scenario, model, study, ManualClock(1e9), packages)
        if outcome.status == "void":
            return Played(part, None, outcome.why)
        return Played(part, study.trace(spec.id))

    return list(await asyncio.gather(*(one(part) for part in parts)))


def acted(
    scenario: AnyScenario,
    levels: Condition,
    *turns: Sequence[Action],
    say: str = "Done.",
    seed: int = 0,
    sandbox: str = "embedded",
) -> AuditRow:
    """The audit of somebody who makes these calls, turn by turn, and hands over with ``say``.

    For a scenario's own tests. Blocks; raises :class:`ScenarioError` when there is no verdict.
    """

    def script(_: AnyInstance) -> Script:
        for calls in turns:
            yield Move(calls=tuple(calls))
        while True:
            yield Move(say=say)

    hand = Playbook[Any]("by_hand", "written by hand", script, lambda _: "none", lambda _: {})
    alone = replace(scenario, playbooks={hand.name: hand})
    part = Part(hand.name, "by hand", scenario.condition(levels), seed)

    async def row() -> AuditRow | Unscored:
        with tempfile.TemporaryDirectory(prefix="ulterior-acted-") as folder:
            [played] = await play(alone, [part], Study.create(Path(folder), {}), sandbox)
        case = open_case(played.trace, alone) if played.trace else Unscored(played.why)
        return case if isinstance(case, Unscored) else await audit(case)

    found = asyncio.run(row())
    if isinstance(found, Unscored):
        raise ScenarioError(f"what was done in {scenario.name} can't be judged", found.reason)
    return found
