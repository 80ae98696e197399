"""One episode, from its specification to a sealed file; the same call starts, resumes and forks it.

Who is to blame decides what happens to a failure. What the agent did wrong never arrives here. When the
infrastructure failed (a provider, a disk, a sandbox) the running log stays where it is and the next run
goes on from it, so no model turn is sampled twice. Anything else is a bug in the harness or in the
scenario: the attempt is set aside, and the episode would begin anew.
"""

import asyncio
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from ulterior.agent_runtime.forks import copy_beginning
from ulterior.agent_runtime.graph import run_to_end
from ulterior.agent_runtime.models.protocol import Model
from ulterior.agent_runtime.steps import Run
from ulterior.clock import Clock
from ulterior.errors import InfrastructureError, ModelRejected, StorageFailure
from ulterior.sandbox import Tenant, World, open_sandbox
from ulterior.scenarios import AnyInstance, AnyScenario, Limits
from ulterior.traces import EpisodeSpec, EventLog, LockedElsewhere, Study, Summary, TraceState
from ulterior.traces.sealed import summarise

__all__ = ["Outcome", "package_versions", "run_episode", "tenant_of"]

Status = Literal["done", "skipped", "void"]
_PACKAGES = ("ulterior", "langgraph", "pydantic", "bashkit", "docker", "anthropic", "openai")


@dataclass(frozen=True)
class Outcome:
    """What became of one planned episode in this run.

    ``done`` was sealed now, ``skipped`` was sealed before or is being run elsewhere, ``void`` failed for
    a reason that is not the agent's; ``why`` says it then. ``tokens`` and ``cost`` (US dollars, None when
    unknown) are what this run of it used, whatever became of it.
    """

    spec: EpisodeSpec
    status: Status
    summary: Summary | None = None
    why: str = ""
    tokens: int = 0
    cost: float | None = 0.0


def package_versions() -> dict[str, str]:
    """Versions of what decides how an episode runs; a package that is not installed is left out."""
    found: dict[str, str] = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


async def run_episode(
    spec: EpisodeSpec,
    scenario: AnyScenario,
    model: Model,
    study: Study,
    clock: Clock,
    packages: Mapping[str, str],
) -> Outcome:
    """Start, resume or fork one episode and seal it.

    Raises :class:`StorageFailure` and :class:`ModelRejected`, which other episodes would meet as well,
    :class:`OtherVersion`, and cancellation; nothing else.
    """
    if study.settled(spec.id):
        return Outcome(spec, "skipped", why="sealed before")
    try:
        log = study.open_log(spec.id, clock)
    except LockedElsewhere:
        return Outcome(spec, "skipped", why="another process is running it")
    spent = Meter(log.state)
    try:
        if spec.fork is not None:
            copy_beginning(log, spec, study.trace(spec.fork.parent), scenario, packages)
            spent = Meter(log.state)  # what the parent cost was paid for before
        await _run(spec, scenario, model, study, log, clock, packages)
        summary = summarise(log.state, log.path.stat().st_size)
        status = "done" if study.seal(log) else "skipped"
        return Outcome(spec, status, summary, tokens=spent.tokens, cost=spent.cost)
    except (StorageFailure, ModelRejected, asyncio.CancelledError):
        raise
    except InfrastructureError as error:
        study.note_failure(spec.id, str(error))
        return Outcome(spec, "void", why=str(error), tokens=spent.tokens, cost=spent.cost)
    except Exception as error:
        study.abandon(log, "".join(traceback.format_exception(error)))
        why = f"{type(error).__name__}: {error}"
        return Outcome(spec, "void", why=why, tokens=spent.tokens, cost=spent.cost)
    finally:
        log.close()


class Meter:
    """What an episode has used since now, read from the fold of its log."""

    def __init__(self, state: TraceState) -> None:
        self._state = state
        self._tokens = state.tokens_in + state.tokens_out
        self._cost = state.cost

    @property
    def tokens(self) -> int:
        return self._state.tokens_in + self._state.tokens_out - self._tokens

    @property
    def cost(self) -> float | None:
        """US dollars; None when a price is unknown."""
        return None if self._state.cost is None or self._cost is None else self._state.cost - self._cost


def tenant_of(spec: EpisodeSpec, study: Study) -> Tenant:
    """Whom an episode's machine is for."""
    return Tenant(study.name, spec.id)


async def _run(
    spec: EpisodeSpec,
    scenario: AnyScenario,
    model: Model,
    study: Study,
    log: EventLog,
    clock: Clock,
    packages: Mapping[str, str],
) -> None:
    instance = _offered(scenario.instance(spec.seed, spec.condition), log.state)
    sandbox = await open_sandbox(spec.sandbox, instance.machine, scenario.requires, tenant_of(spec, study))
    try:
        begun = log.state.start is not None
        world = await World.restore(sandbox, log.state.world, instance.services) if begun else None
        run = Run(
            spec=spec,
            instance=instance,
            limits=limits_of(spec, scenario),
            session=model.session(spec, instance),
            sandbox=sandbox,
            world=world,
            log=log,
            clock=clock,
            packages=packages,
        )
        await run_to_end(run)
    finally:
        await sandbox.close()


def _offered(instance: AnyInstance, state: TraceState) -> AnyInstance:
    """The instance without the tools that a fork has taken away, with the questions that were put in it."""
    left = tuple(tool for tool in instance.tools if tool.name not in state.removed_tools)
    return replace(instance, tools=left).with_put(state.put)


def limits_of(spec: EpisodeSpec, scenario: AnyScenario) -> Limits:
    """The scenario's limits with those that the study overrides in ``settings["limits"]``."""
    return Limits(**{**scenario.limits.__dict__, **spec.settings.get("limits", {})})
