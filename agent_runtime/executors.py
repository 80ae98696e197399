"""Executors: run many episodes, a number of them at a time, and say what became of each.

One seam, ``(specs, slots) → async iterator of outcomes``, in two forms: on this event loop, and spread
over worker processes with an event loop each. Execution is at least once and sealing exactly once,
whatever dies: a planned episode that brings no outcome is simply missing, and the next run does it.
"""

import asyncio
import multiprocessing
import signal
from collections import deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any, Protocol

from ulterior.agent_runtime.episode import Outcome, package_versions, run_episode, tenant_of
from ulterior.agent_runtime.models.catalogue import open_model
from ulterior.agent_runtime.models.protocol import Model
from ulterior.clock import Clock, SystemClock
from ulterior.errors import InfrastructureError, UlteriorError
from ulterior.sandbox import Machine, close_backends, prepare_sandbox
from ulterior.scenarios import load_scenario
from ulterior.traces import EpisodeSpec, Study

__all__ = ["Drain", "Flag", "run_here", "run_in_workers", "shard"]

_AHEAD = 4  # machines in preparation for the next episodes


class Flag(Protocol):
    """Something that may have been raised."""

    def is_set(self) -> bool: ...
    def set(self) -> None: ...


@dataclass
class Drain:
    """Raised to finish what is running and to start nothing more."""

    raised: bool = field(default=False)

    def is_set(self) -> bool:
        return self.raised

    def set(self) -> None:
        self.raised = True


def shard(specs: Sequence[EpisodeSpec], part: int, of: int) -> tuple[EpisodeSpec, ...]:
    """The ``part``-th (from 1) of ``of`` disjoint shares of a plan; together they are the plan."""
    return tuple(specs[part - 1 :: of])


async def run_here(
    specs: Sequence[EpisodeSpec],
    slots: int,
    study: Study,
    environ: Mapping[str, str],
    clock: Clock,
    drain: Flag,
) -> AsyncGenerator[Outcome]:
    """Run episodes on this event loop, ``slots`` at a time, in the order given.

    Raises :class:`StorageFailure` when the study's disk gives up: no other episode would fare better.
    """
    waiting = deque(specs)
    ahead = 0  # how many of those are being prepared
    packages = package_versions()
    models: dict[str, Model] = {}
    running: set[asyncio.Task[Outcome]] = set()
    done: set[asyncio.Task[Outcome]] = set()

    def start_next() -> None:
        nonlocal ahead
        if drain.is_set() or not waiting:
            return
        spec, ahead = waiting.popleft(), max(0, ahead - 1)
        if spec.model not in models:
            models[spec.model] = open_model(spec.model, spec.settings, environ, clock)
        scenario, model = load_scenario(spec.scenario), models[spec.model]
        running.add(asyncio.create_task(run_episode(spec, scenario, model, study, clock, packages)))
        while ahead < min(len(waiting), slots, _AHEAD):
            following = waiting[ahead]
            prepare_sandbox(following.sandbox, partial(_machine_of, following), tenant_of(following, study))
            ahead += 1

    try:
        for _ in range(slots):
            start_next()
        while running:
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                yield task.result()  # first: whoever counts may raise the drain
                start_next()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, *done, return_exceptions=True)  # one failure is told, not its echoes
        for model in models.values():
            await model.close()
        await close_backends()


def _machine_of(spec: EpisodeSpec) -> Machine:
    return load_scenario(spec.scenario).instance(spec.seed, spec.condition).machine


async def run_in_workers(
    specs: Sequence[EpisodeSpec],
    slots: int,
    workers: int,
    study: Study,
    environ: Mapping[str, str],
    drain: Flag,
) -> AsyncGenerator[Outcome]:
    """Run episodes in ``workers`` processes with ``slots`` each.

    A worker that dies takes nothing with it but its share of this run. What it had logged stays.
    """
    context = multiprocessing.get_context("spawn")
    halt = context.Event()
    outcomes: asyncio.Queue[Outcome | UlteriorError | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    processes: list[SpawnProcess] = []
    with ThreadPoolExecutor(workers, thread_name_prefix="ulterior-worker") as threads:
        listeners: list[asyncio.Future[None]] = []
        for part in range(1, workers + 1):
            here, there = context.Pipe(duplex=False)
            share = shard(specs, part, workers)
            process = context.Process(
                target=_work, args=(share, slots, study.root, dict(environ), halt, there), daemon=True
            )
            process.start()
            there.close()
            processes.append(process)
            listeners.append(loop.run_in_executor(threads, _listen, here, loop, outcomes))
        try:
            async for outcome in _merge(outcomes, len(processes), drain, halt):
                yield outcome
        finally:
            halt.set()
            if any(not listener.done() for listener in listeners):
                for process in processes:
                    process.terminate()
            await asyncio.gather(*listeners, return_exceptions=True)
            for process in processes:
                process.join()


async def _merge(
    outcomes: "asyncio.Queue[Outcome | UlteriorError | None]", senders: int, drain: Flag, halt: Flag
) -> AsyncGenerator[Outcome]:
    while senders:
        if drain.is_set():
            halt.set()
        try:
            message = await asyncio.wait_for(outcomes.get(), timeout=0.2)
        except TimeoutError:
            continue
        if message is None:
            senders -= 1
        elif isinstance(message, UlteriorError):
            raise message
        else:
            yield message


def _listen(
    connection: Connection,
    loop: asyncio.AbstractEventLoop,
    outcomes: "asyncio.Queue[Outcome | UlteriorError | None]",
) -> None:
    """Pass on what one worker sends until it closes its end or dies."""
    with suppress(EOFError, OSError):
        while True:
            message: Any = connection.recv()
            loop.call_soon_threadsafe(outcomes.put_nowait, message)
    loop.call_soon_threadsafe(outcomes.put_nowait, None)


def _work(
    specs: Sequence[EpisodeSpec],
    slots: int,
    root: Path,
    environ: dict[str, str],
    halt: Any,
    connection: Connection,
) -> None:
    """The body of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent drains us

    async def work() -> None:
        async for outcome in run_here(specs, slots, Study.open(root), environ, SystemClock(), halt):
            connection.send(outcome)

    try:
        asyncio.run(work())
    except BrokenPipeError:  # the parent died; what is logged stays
        return
    except UlteriorError as error:
        connection.send(error)
    except Exception as error:
        connection.send(InfrastructureError("a worker process failed", f"{type(error).__name__}: {error}"))
    finally:
        connection.close()
