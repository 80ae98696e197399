"""Studies that come out the same whenever they are run, for pages and pictures that are committed.

Agents are simulated, episodes run one after the other, and the clock moves only when somebody looks at it.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ulterior import __version__
from ulterior.agent_runtime.edit_syntax import parse_edit
from ulterior.agent_runtime.episode import run_episode
from ulterior.agent_runtime.fork_plan import plan_edit
from ulterior.agent_runtime.fork_points import parse_place
from ulterior.agent_runtime.models.catalogue import open_model
from ulterior.agent_runtime.plan import merge_design, plan_study
from ulterior.clock import ManualClock
from ulterior.sandbox import close_backends
from ulterior.scenarios import load_scenario
from ulterior.traces import EpisodeSpec, Study, record_forks

__all__ = ["Forking", "find", "run_fixed"]


@dataclass(frozen=True)
class Forking:
    """Forks of one episode: which, from where, with which edit (as `ulterior fork` spells it), how many."""

    parent: Mapping[str, object]
    edit: str
    at: str = "start"
    n: int = 2


class Ticking(ManualClock):
    """A clock that moves a little whenever somebody looks at it."""

    def now(self) -> float:
        self.advance(0.01)
        return super().now()

    def monotonic(self) -> float:
        return self.now()


def run_fixed(
    root: Path, scenarios: Sequence[str], models: Sequence[str], seeds: int, forking: Forking
) -> None:
    """Run such a study in ``root``, which must not be there yet."""
    asyncio.run(_run(root, scenarios, models, seeds, forking))


def find(specs: Iterable[EpisodeSpec], wanted: Mapping[str, object]) -> str:
    """The id of the one episode that is what is wanted: scenario, model, seed, arm.

    Raises ``ValueError`` where none or several are.
    """
    (found,) = (spec.id for spec in specs if wanted.items() <= _place(spec).items())
    return found


def _place(spec: EpisodeSpec) -> dict[str, object]:
    arm = spec.condition["arm"]
    return {
        "scenario": spec.scenario,
        "model": spec.model,
        "seed": spec.seed,
        "arm": arm,
        "fork": bool(spec.fork),
    }


async def _run(
    root: Path, scenarios: Sequence[str], models: Sequence[str], seeds: int, forking: Forking
) -> None:
    design = merge_design(None, scenarios=tuple(scenarios), models=tuple(models), seeds=seeds)
    clock = Ticking(1_767_225_600.0)  # the first of January 2026
    specs = plan_study(design, {})
    study = Study.create(root, design.model_dump(mode="json"), packages={"ulterior": __version__})
    study.expect(spec.id for spec in specs)
    await _run_all(specs, study, clock)
    plan = plan_edit(
        [study.trace(find(specs, forking.parent))],
        parse_place(forking.at),
        [parse_edit(forking.edit, str)],
        forking.n,
        sandbox=None,
        environ={},
        now=clock.now(),
    )
    record_forks(study, plan.experiment)
    study.expect(spec.id for spec in plan.specs)
    await _run_all(plan.specs, study, clock)
    await close_backends()


async def _run_all(specs: Iterable[EpisodeSpec], study: Study, clock: Ticking) -> None:
    for spec in specs:
        model = open_model(spec.model, spec.settings, {}, clock)
        scenario = load_scenario(spec.scenario)
        outcome = await run_episode(spec, scenario, model, study, clock, {"ulterior": __version__})
        await model.close()
        if outcome.status != "done":
            raise RuntimeError(f"{spec.scenario} {spec.model}: {outcome.status}: {outcome.why}")
