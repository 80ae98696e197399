"""What commands share that run forks: their options, whom to fork, the run itself, and how it is told."""

import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ulterior.cli.exit_codes import BUDGET_REACHED, INTERRUPTED, TOO_MANY_VOID
from ulterior.cli.options import parse_budget, read_environment
from ulterior.errors import UsageError

if TYPE_CHECKING:
    from ulterior.agent_runtime.batch import Tally
    from ulterior.agent_runtime.fork_plan import ForkPlan
    from ulterior.analysis import Answer, EpisodeFinding
    from ulterior.traces import Frozen, Study

__all__ = [
    "ForkRun",
    "Options",
    "carry_out",
    "finished_parents",
    "fits",
    "fits_finished",
    "fork_options",
    "give_options",
    "parent_options",
    "print_result",
    "say_what_it_would_run",
]

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

MOST = 10_000
"""Replicas of one branch: what an interval can still make use of."""


@dataclass(frozen=True)
class Options:
    """How to run, whatever is run. ``replicas`` is per arm and parent, per step, or per question."""

    replicas: int
    sandbox: str | None
    concurrency: int
    workers: int
    budget: float | None
    dry_run: bool
    as_json: bool


def fork_options(replicas: int, of: str) -> Decorator:
    """Adds the options of :class:`Options` to a command; ``of`` says what ``-n`` counts."""
    options = (
        click.option(
            "-n",
            "replicas",
            default=replicas,
            show_default=True,
            type=click.IntRange(1, MOST),
            help=f"Forks of each {of}.",
        ),
        click.option("--sandbox", help="Back end of the forks.  [default: the parent's]"),
        click.option("--concurrency", default=16, show_default=True, type=click.IntRange(min=1)),
        click.option(
            "--workers", default=1, show_default=True, type=click.IntRange(min=1), help="Worker processes."
        ),
        click.option("--budget", help="Start nothing more once this run has spent it, such as 20usd."),
        click.option(
            "--dry-run", is_flag=True, help="Check everything and say how many episodes it would run."
        ),
        click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout."),
    )

    return lambda command: _with(command, options)


def parent_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds what says whom to fork: ``study``, ``episodes`` and ``where``."""
    options = (
        click.argument("study", metavar="DIR", type=click.Path(path_type=Path)),
        click.argument("episodes", metavar="[EPISODE]...", nargs=-1),
        click.option(
            "--where", help="Parents by what they are: model=NAME,scenario=NAME,seed=N,factor=level."
        ),
    )
    return _with(command, options)


def _with(command: Callable[..., Any], options: Sequence[Decorator]) -> Callable[..., Any]:
    for option in reversed(options):
        command = option(command)
    return command


def give_options(budget: str | None, options: dict[str, Any]) -> Options:
    """The options as a command was given them."""
    return Options(budget=parse_budget(budget), **options)


# ---- Whom to fork --------------------------------------------------------------------------------------


def fits(study: "Study", where: str) -> list[str]:
    """The sealed episodes that fit, such as ``model=NAME,arm=conflict``; forks are left out."""
    from ulterior.traces.index import Index

    wanted: dict[str, Any] = {"condition": {}}
    for pair in where.split(","):
        name, equals, value = (part.strip() for part in pair.partition("="))
        if not (name and equals and value):
            raise UsageError(f"can't read --where {where!r}", fix="--where model=sim/covert,arm=conflict")
        if name == "seed":
            wanted["seed"] = _seed(value)
        elif name in ("scenario", "model", "end"):
            wanted[name] = value
        else:
            wanted["condition"][name] = value
    with Index.open(study) as index:
        found = index.summaries(**wanted)
        return [summary.episode for summary in found if summary.spec.fork is None]


def _seed(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise UsageError(f"can't read the seed {text!r}", "it is no whole number", "--where seed=3")
    return int(text)


async def finished_parents(study: "Study") -> "dict[str, EpisodeFinding]":
    """The findings about all episodes that handed over their work, forks left out, by id."""
    from ulterior.agent_runtime.fork_points import handed_over
    from ulterior.analysis import EpisodeAnalyst
    from ulterior.traces.index import Index

    with Index.open(study) as index:
        index.refresh()
        summaries = [summary for summary in index.summaries() if summary.spec.fork is None]
    analyst = EpisodeAnalyst(study)
    found: dict[str, EpisodeFinding] = {}
    for summary in summaries:
        submitted = summary.end.reason in ("submitted", "gave_up")  # which nobody does before the hand-over
        if submitted or handed_over(study.trace(summary.episode)) is not None:
            found[summary.episode] = await analyst.analyze(summary.episode)
    return found


def fits_finished(study: "Study", where: str, finished: "Mapping[str, EpisodeFinding]") -> list[str]:
    """As :func:`fits`, without those that never handed over their work, which is said."""
    fitting = fits(study, where)
    left = [episode for episode in fitting if episode in finished]
    if len(left) < len(fitting):
        click.echo(f"left out: {len(fitting) - len(left)} that never handed over their work", err=True)
    return left


# ---- Running them --------------------------------------------------------------------------------------


class ForkRun:
    """Batches of one command, and what became of all of them together."""

    def __init__(self, study: "Study", how: Options) -> None:
        from ulterior.agent_runtime.batch import Tally

        self.study = study
        self.how = how
        self.budget_reached = False
        self._before: set[str] = set()
        self._total: Tally = Tally(planned=0)

    async def do(self, plan: "ForkPlan") -> None:
        """Run what is missing of a plan, after it has been written down."""
        from ulterior.agent_runtime.batch import Batch
        from ulterior.cli.driving import check_budget, check_sandboxes, drive
        from ulterior.clock import SystemClock
        from ulterior.traces import record_forks

        how = self.how
        specs = [spec for spec in plan.specs if spec.id not in self._before]
        self._before |= {spec.id for spec in specs}
        check_budget(how.budget, {spec.model for spec in specs})
        await check_sandboxes(specs)
        record_forks(self.study, plan.experiment)
        self.study.expect(spec.id for spec in specs)
        left = None if how.budget is None else max(how.budget - (self._total.cost or 0.0), 1e-9)
        batch = Batch(
            self.study, specs, read_environment(), SystemClock(), how.concurrency, how.workers, left
        )
        await drive(batch)
        self._add(batch.total)
        self.budget_reached |= batch.budget_reached

    def _add(self, more: "Tally") -> None:
        total = self._total
        for name in ("planned", "done", "skipped", "void", "tokens"):
            setattr(total, name, getattr(total, name) + getattr(more, name))
        total.cost = None if total.cost is None or more.cost is None else total.cost + more.cost

    async def findings(self, plan: "ForkPlan") -> dict[str, "EpisodeFinding"]:
        """The findings about a plan's parents and its sealed forks, by id."""
        from ulterior.analysis import EpisodeAnalyst

        analyst = EpisodeAnalyst(self.study)
        wanted = [branch.parent for branch in plan.experiment.branches] + [spec.id for spec in plan.specs]
        return {
            episode: await analyst.analyze(episode)
            for episode in dict.fromkeys(wanted)
            if self.study.is_sealed(episode)
        }

    def answers(self, plan: "ForkPlan") -> dict[str, "Answer"]:
        """What the sealed forks of a plan answered to the question put in them, by id."""
        from ulterior.analysis import answer_in

        sealed = (spec.id for spec in plan.specs if self.study.is_sealed(spec.id))
        return {episode: answer_in(self.study.trace(episode)) for episode in sealed}

    @property
    def total(self) -> "Tally":
        return self._total

    @property
    def missing(self) -> int:
        return self._total.planned - self._total.finished

    @property
    def stopped(self) -> bool:
        return self.budget_reached or self.missing > 0

    @property
    def exit_code(self) -> int:
        if self.budget_reached:
            return BUDGET_REACHED
        if self.missing:
            return INTERRUPTED
        return TOO_MANY_VOID if self._total.void else 0


# ---- Telling it ----------------------------------------------------------------------------------------


Found = Callable[[ForkRun], Awaitable[tuple["Frozen", str]]]
"""What a command makes of the forks that were run: the result, and the same as text."""


async def carry_out(study: "Study", plan: "ForkPlan", how: Options, found: Found) -> int:
    """Run a plan, or say what it would run, and print what is ``found`` in it. The command's exit code."""
    if how.dry_run:
        return say_what_it_would_run(study, plan, how)
    began = time.monotonic()
    run = ForkRun(study, how)
    await run.do(plan)
    result, text = await found(run)
    print_result(result, text, run, time.monotonic() - began)
    return run.exit_code


def print_result(result: "Frozen", text: str, run: ForkRun, seconds: float) -> None:
    """The result on stdout, as JSON or text, and what became of the run on stderr."""
    total = run.total
    if run.how.as_json:
        counts = {"planned": total.planned, "done": total.done, "skipped": total.skipped, "void": total.void}
        more = {"missing": run.missing, "seconds": round(seconds, 3), "cost": total.cost}
        click.echo(
            json.dumps(result.model_dump(mode="json") | counts | more | {"study": str(run.study.root)})
        )
    else:
        click.echo(text)
    done = f"{total.done} forks done, {total.skipped} there before, {total.void} void, {run.missing} left"
    click.echo(f"{done}, in {seconds:.1f} s", err=True)
    if run.stopped or total.void:
        click.echo("the numbers hold what there is; the same command goes on", err=True)


def say_what_it_would_run(study: "Study", plan: "ForkPlan", how: Options, at_most: int | None = None) -> int:
    """For ``--dry-run``. ``at_most`` is the number of forks where not all of the plan will be run."""
    missing = sum(not study.is_sealed(spec.id) for spec in plan.specs)
    most = len(plan.specs) if at_most is None else at_most
    if how.as_json:
        counts = {"planned": most, "missing": min(missing, most), "dry_run": True}
        click.echo(json.dumps({"experiment": plan.experiment.id} | counts))
        return 0
    number = f"{'' if at_most is None else 'at most '}{min(missing, most)} of {most}"
    click.echo(f"{number} forks to run into {study.root}")
    for branch in plan.experiment.branches:
        lost = f", {len(branch.dropped)} turns lose their reasoning" if branch.dropped else ""
        place = f"behind event {branch.at}, before turn {branch.turn}"
        click.echo(f"  {branch.arm:8} {branch.parent[:12]} {place}: {len(branch.episodes)}{lost}", err=True)
    return 0
