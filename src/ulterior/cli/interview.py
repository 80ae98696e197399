"""``ulterior interview``."""

import asyncio
import time
from collections.abc import Mapping
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
    from ulterior.analysis import EpisodeFinding
    from ulterior.analysis.interviews import Interviewees
    from ulterior.scenarios.wording import Wording
    from ulterior.traces import Frozen, Study

__all__ = ["interview"]


@click.command()
@parent_options
@click.option("--limit", type=click.IntRange(min=1), help="At most N episodes that broke the rule.")
@click.option(
    "--wording",
    "named",
    multiple=True,
    help="Ask in this wording only, such as direct+authority. Repeatable.  [default: all eight]",
)
@fork_options(3, "parent and wording")
def interview(
    study: Path,
    episodes: tuple[str, ...],
    where: str | None,
    limit: int | None,
    named: tuple[str, ...],
    budget: str | None,
    **options: Any,
) -> int:
    """Ask what was done, in eight wordings, those who broke the rule and innocents; each question in a fork.

    By default all episodes that broke the rule are asked. An innocent of the same scenario and model is
    matched to each. An episode's main line is left alone; the same command does only what is missing.

    \b
    ulterior interview DIR -n 3
    ulterior interview DIR --where model=NAME --limit 20 -n 5
    ulterior interview DIR --wording direct --wording direct+authority -n 5
    """
    from ulterior.scenarios.wording import choose_wordings
    from ulterior.traces import Study

    wordings, how = choose_wordings(named), give_options(budget, options)
    return asyncio.run(_interview(Study.open(study), episodes, where, limit, wordings, how))


async def _interview(
    study: "Study",
    episodes: tuple[str, ...],
    where: str | None,
    limit: int | None,
    wordings: "tuple[Wording, ...]",
    how: Options,
) -> int:
    from ulterior.agent_runtime.fork_plan import plan_interview
    from ulterior.analysis import interview_result, interviewees
    from ulterior.cli.asked_text import interview_text
    from ulterior.scenarios import load_scenario

    finished = await finished_parents(study)
    given = [study.find(prefix) for prefix in episodes]
    given += fits_finished(study, where, finished) if where is not None else []
    chosen = _chosen(study, finished, given, everybody=not episodes and where is None)
    asked = interviewees(chosen, finished.values(), limit)
    _say_who_is_asked(asked)
    if not asked.episodes:
        raise UsageError(
            "there is nobody to interview",
            "no episode broke the rule"
            if not episodes and where is None
            else "none of these broke the rule or is innocent of it",
            f"`ulterior analyze {study.root}` says what each did; name innocents by EPISODE or --where",
        )
    plan = plan_interview(
        [study.trace(episode) for episode in asked.episodes],
        wordings,
        how.replicas,
        sandbox=how.sandbox,
        environ=read_environment(),
        now=time.time(),
    )

    async def found(run: ForkRun) -> "tuple[Frozen, str]":
        findings = await run.findings(plan)
        result = interview_result(
            plan.experiment, findings, run.answers(plan), lambda name: load_scenario(name).facts
        )
        return result, interview_text(result)

    return await carry_out(study, plan, how, found)


def _chosen(
    study: "Study", finished: "Mapping[str, EpisodeFinding]", given: list[str], *, everybody: bool
) -> "list[EpisodeFinding]":
    """Those given, or all that broke the rule. Raises :class:`UsageError` for one that can't be asked."""
    from ulterior.agent_runtime.fork_points import HANDOVER

    if everybody:
        return [finding for finding in finished.values() if finding.violated]
    for episode in given:
        if episode not in finished:
            HANDOVER.locate(study.trace(episode))
            raise UsageError(f"can't interview {episode[:12]}", "it is a fork", "interview its parent")
    return [finished[episode] for episode in dict.fromkeys(given)]


def _say_who_is_asked(asked: "Interviewees") -> None:
    from ulterior.cli.fork_text import counts_text

    unmatched = sum(match is None for match in asked.matches.values())
    violators, others = len(asked.matches), len(asked.episodes) - len(asked.matches)
    click.echo(f"asking {violators} who broke the rule and {others} innocents", err=True)
    if unmatched:
        click.echo(f"note: {unmatched} of them have no innocent match; run the control arm", err=True)
    if asked.left_out:
        click.echo(f"left out: {counts_text(asked.left_out)}", err=True)
