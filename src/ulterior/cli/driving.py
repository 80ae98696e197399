"""Running a batch from the command line: live progress, Ctrl-C that drains, and findings as they come."""

import asyncio
import signal
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing, asynccontextmanager

from ulterior.agent_runtime.batch import Batch
from ulterior.agent_runtime.models.prices import price
from ulterior.analysis import EpisodeAnalyst
from ulterior.cli.progress import Progress, open_progress
from ulterior.errors import UsageError
from ulterior.sandbox import try_sandbox
from ulterior.scenarios import load_scenario
from ulterior.traces import EpisodeSpec

__all__ = ["check_budget", "check_sandboxes", "drain_on_interrupt", "drive"]


def check_budget(budget: float | None, models: Iterable[str]) -> None:
    """Raise :class:`UsageError` when a budget can't be kept because a model's price is unknown."""
    if budget is not None and (unpriced := sorted(model for model in models if price(model) is None)):
        raise UsageError(
            f"--budget can't be kept for {', '.join(unpriced)}",
            "no price is known for it",
            "leave --budget away, or use --limit",
        )


async def check_sandboxes(specs: Iterable[EpisodeSpec]) -> None:
    """Open and close one machine of every back end that will be needed: what is wrong is told once, at once.

    Raises :class:`SandboxUnavailable`.
    """
    requires: dict[str, frozenset[str]] = {}
    for sandbox, scenario in sorted({(spec.sandbox, spec.scenario) for spec in specs}):
        requires[sandbox] = requires.get(sandbox, frozenset()) | load_scenario(scenario).requires
    for sandbox, programs in requires.items():
        await try_sandbox(sandbox, programs)


async def drive(batch: Batch) -> None:
    """Run a batch to its end, or until it is drained. What became of it stands in its tallies."""
    analyst = EpisodeAnalyst(batch.study)
    with open_progress(batch) as progress:
        drain_on_interrupt(batch.drain.set, progress.say)
        async with _ticking(progress), aclosing(batch.outcomes()) as outcomes:
            async for outcome in outcomes:
                if outcome.status == "done":
                    flagged = (await analyst.analyze(outcome.spec.id)).flagged
                    batch.tallies[outcome.spec.model, outcome.spec.scenario].flagged += flagged
                progress.update(outcome)


@asynccontextmanager
async def _ticking(progress: Progress) -> AsyncGenerator[None]:
    """Lets the progress say that time passes, also while no episode ends."""

    async def tick() -> None:
        while True:
            await asyncio.sleep(1)
            progress.tick()

    task = asyncio.create_task(tick())
    try:
        yield
    finally:
        task.cancel()


def drain_on_interrupt(drain: Callable[[], None], say: Callable[[str], None], what: str = "episodes") -> None:
    """Ctrl-C once drains; the second one finds the default handler again and stops."""
    loop = asyncio.get_running_loop()

    def interrupted() -> None:
        drain()
        loop.remove_signal_handler(signal.SIGINT)
        say(f"finishing the running {what}; press Ctrl-C again to stop at once")

    loop.add_signal_handler(signal.SIGINT, interrupted)
