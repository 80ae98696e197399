"""``ulterior probe``."""

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ulterior.cli.forking import (
    ForkRun,
    Options,
    carry_out,
    finished_parents,
    fits_finished,
    fork_options,
    give_options,
    parent_options,
)
from ulterior.cli.options import read_environment
from ulterior.errors import UsageError

if TYPE_CHECKING:
    from ulterior.scenarios import Condition
    from ulterior.traces import Frozen, Study

__all__ = ["probe"]


@click.command()
@parent_options
@click.option(
    "--at",
    "place",
    default="handover",
    show_default=True,
    help="Where to ask: handover, an event's number, start, or turn:N (before it).",
)
@click.option("--limit", type=click.IntRange(min=1), help="At most N episodes, seed by seed.")
@fork_options(3, "parent and question")
def probe(
    study: Path,
    episodes: tuple[str, ...],
    where: str | None,
    place: str,
    limit: int | None,
    budget: str | None,
    **options: Any,
) -> int:
    """Ask agents in forks what they take their situation for: five questions, each in a fork of its own.

    By default all episodes that handed over their work are asked, those of the control arm too: they are the
    calibration. The answers say nothing about what an agent thought while it worked.

    \b
    ulterior probe DIR -n 3
    ulterior probe DIR --where model=NAME --at turn:4 -n 5
    """
    from ulterior.traces import Study

    how = give_options(budget, options)
    return asyncio.run(_probe(Study.open(study), episodes, where, place, limit, how))


async def _probe(
    study: "Study", episodes: tuple[str, ...], where: str | None, place: str, limit: int | None, how: Options
) -> int:
    from ulterior.agent_runtime.fork_plan import plan_probe
    from ulterior.agent_runtime.fork_points import parse_place
    from ulterior.analysis import probe_result
    from ulterior.cli.asked_text import probe_text

    at = parse_place(place)
    finished = await finished_parents(study)
    given = [study.find(prefix) for prefix in episodes]
    if where is not None:
        chosen = fits_finished(study, where, finished)
    else:
        chosen = [] if episodes else list(finished)
    given += sorted(chosen, key=lambda episode: (finished[episode].seed or 0, finished[episode].order))
    if not given:
        raise UsageError(
            "there is nobody to ask",
            "no episode handed over its work" if where is None else "none that handed it over fits --where",
            f"`ulterior show {study.root}` lists the episodes",
        )
    plan = plan_probe(
        [study.trace(episode) for episode in list(dict.fromkeys(given))[:limit]],
        at,
        how.replicas,
        sandbox=how.sandbox,
        environ=read_environment(),
        now=time.time(),
    )

    async def found(run: ForkRun) -> "tuple[Frozen, str]":
        result = probe_result(plan.experiment, await run.findings(plan), run.answers(plan), _primary)
        return result, probe_text(result)

    return await carry_out(study, plan, how, found)


def _primary(name: str) -> "Condition":
    """The condition of a scenario that tempts: the first of its named ones."""
    from ulterior.scenarios import load_scenario

    scenario = load_scenario(name)
    return scenario.condition(next(iter(scenario.conditions.values())))
