"""``ulterior fork``."""

import asyncio
import json
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ulterior.cli.exit_codes import BUDGET_REACHED, INTERRUPTED, TOO_MANY_VOID
from ulterior.cli.options import parse_budget, read_environment
from ulterior.errors import UsageError

if TYPE_CHECKING:
    from ulterior.agent_runtime.batch import Tally
    from ulterior.agent_runtime.edits import AnyEdit
    from ulterior.agent_runtime.fork_plan import ForkPlan
    from ulterior.agent_runtime.fork_points import Step
    from ulterior.analysis import EditResult, Outcome, ScanResult
    from ulterior.traces import Study, Trace

__all__ = ["fork"]

MOST = 10_000
"""Replicas of one branch: what an interval can still make use of."""


@dataclass(frozen=True)
class Options:
    """How to run, whatever is run. ``replicas`` is per arm and parent, or per step."""

    replicas: int
    sandbox: str | None
    concurrency: int
    workers: int
    budget: float | None
    dry_run: bool
    as_json: bool


@click.command()
@click.argument("study", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("episodes", metavar="[EPISODE]...", nargs=-1)
@click.option("--where", help="Parents by what they are: model=NAME,scenario=NAME,seed=N,factor=level.")
@click.option("--at", "place", help="Where to leave: an event's number, start, or turn:N (before that turn).")
@click.option("--edit", "-e", "spelled", multiple=True, help="KIND:ARGS; see docs/forks.md. Repeatable.")
@click.option(
    "--edits", "edits_file", type=click.Path(path_type=Path), help="A YAML file with a list of edits."
)
@click.option("--drop-reasoning", is_flag=True, help="Where reasoning can't be edited, delete the turn's.")
@click.option(
    "--scan", is_flag=True, help="Run on from every step, unedited, and find where the act is decided."
)
@click.option("--bisect", is_flag=True, help="Scan only the steps that a bisection needs.")
@click.option(
    "--outcome",
    default="violated",
    show_default=True,
    type=click.Choice(["violated", "covert", "deceptive"]),
    help="What a scan looks for.",
)
@click.option(
    "-n", "replicas", default=10, show_default=True, type=click.IntRange(1, MOST), help="Forks of each."
)
@click.option("--sandbox", help="Back end of the forks.  [default: the parent's]")
@click.option("--concurrency", default=16, show_default=True, type=click.IntRange(min=1))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(min=1), help="Worker processes.")
@click.option("--budget", help="Start nothing more once this run has spent it, such as 20usd.")
@click.option("--dry-run", is_flag=True, help="Check everything and say how many episodes it would run.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def fork(
    study: Path,
    episodes: tuple[str, ...],
    where: str | None,
    place: str | None,
    spelled: tuple[str, ...],
    edits_file: Path | None,
    drop_reasoning: bool,
    scan: bool,
    bisect: bool,
    outcome: "Outcome",
    budget: str | None,
    **options: Any,
) -> int:
    """Run episodes on from one of their steps, with an edit and without, and compare.

    EPISODE is an id or the beginning of one. The unedited control is always run along. Forks are episodes of
    the same study; the same command does only what is missing.

    \b
    ulterior fork DIR 3c7054 --at start --edit factor:arm=enough -n 20
    ulterior fork DIR 3c7054 --at turn:8 --edit 'message:Rosa Abalos=Mind the limits.' -n 20
    ulterior fork DIR 3c7054 --scan -n 20
    """
    from ulterior.traces import Study

    how = Options(budget=parse_budget(budget), **options)
    opened = Study.open(study)
    parents = _parents(opened, episodes, where)
    if scan or bisect:
        if place or spelled or edits_file:
            raise UsageError(
                "a scan has no edit and no step", "it tries all steps", "leave --at and --edit away"
            )
        if len(parents) != 1:
            raise UsageError("a scan takes one episode", f"{len(parents)} were given", "scan one at a time")
        return asyncio.run(_scan(opened, parents[0], outcome, bisect=bisect, how=how))
    edits = _edits(spelled, edits_file, drop_reasoning)
    if place is None:
        raise UsageError(
            "nothing says where to fork", "--at is missing", "--at 17, --at start or --at turn:5"
        )
    return asyncio.run(_edit(opened, parents, place, edits, how))


# ---- What is asked for ---------------------------------------------------------------------------------


def _parents(study: "Study", episodes: tuple[str, ...], where: str | None) -> "list[Trace]":
    ids = [study.find(prefix) for prefix in episodes]
    if where is not None:
        ids += _chosen(study, where)
    if not ids:
        why = "no episode fits --where" if where is not None else "no EPISODE and no --where is given"
        raise UsageError("nothing says what to fork", why, f"`ulterior show {study.root}` lists the episodes")
    return [study.trace(episode) for episode in dict.fromkeys(ids)]


def _chosen(study: "Study", where: str) -> list[str]:
    """The sealed episodes that fit, forks left out."""
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


def _edits(spelled: tuple[str, ...], path: Path | None, drop_reasoning: bool) -> "tuple[AnyEdit, ...]":
    from ulterior.agent_runtime.edit_syntax import parse_edit, parse_edits
    from ulterior.agent_runtime.edits import ReasoningEdit
    from ulterior.agent_runtime.study_file import read_yaml

    edits = [parse_edit(text, _read) for text in spelled]
    if path is not None:
        edits += parse_edits(read_yaml(path), _read)
    if not edits:
        raise UsageError("there is no edit", "a fork without one is a control", "--edit, --edits, or --scan")
    if drop_reasoning:
        return tuple(
            ReasoningEdit(seq=edit.seq, drop=True) if isinstance(edit, ReasoningEdit) else edit
            for edit in edits
        )
    return tuple(edits)


def _read(name: str) -> str:
    """The text of a file that an edit names."""
    try:
        return Path(name).read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"can't read {name}", error.strerror or str(error), "check the path") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"can't read {name}", "it is not UTF-8 text", "edits hold text only") from error


# ---- Doing it ------------------------------------------------------------------------------------------


async def _edit(
    study: "Study", parents: "list[Trace]", place: str, edits: "tuple[AnyEdit, ...]", how: Options
) -> int:
    from ulterior.agent_runtime.fork_plan import plan_edit
    from ulterior.agent_runtime.fork_points import parse_place
    from ulterior.analysis import edit_result
    from ulterior.cli.fork_text import edit_text

    plan = plan_edit(
        parents,
        parse_place(place),
        edits,
        how.replicas,
        sandbox=how.sandbox,
        environ=read_environment(),
        now=time.time(),
    )
    if how.dry_run:
        return _say_what_it_would_run(study, plan, how)
    began = time.monotonic()
    run = _Run(study, how)
    await run.do(plan)
    result = edit_result(plan.experiment, await run.findings(plan))
    _print(result, edit_text(result, edits), run, time.monotonic() - began)
    return run.exit_code


async def _scan(study: "Study", parent: "Trace", outcome: "Outcome", *, bisect: bool, how: Options) -> int:
    from ulterior.analysis import scan_result
    from ulterior.cli.fork_text import scan_text

    steps = _steps(parent, outcome)
    plan = _planned_scan(parent, steps, how)
    if how.dry_run:
        return _say_what_it_would_run(study, plan, how, bisect=bisect)
    began = time.monotonic()
    run = _Run(study, how)
    if bisect:
        plan = await _bisected(run, parent, steps, outcome)
    else:
        await run.do(plan)
    result = scan_result(plan.experiment, await run.findings(plan), outcome, bisected=bisect)
    _print(result, scan_text(result, parent), run, time.monotonic() - began)
    return run.exit_code


def _steps(parent: "Trace", outcome: "Outcome") -> "list[Step]":
    """The steps to try. The act is settled once the work is handed over; what is told is not."""
    from ulterior.agent_runtime.fork_points import steps_of

    steps = steps_of(parent)
    worked = sum(step.purpose == "work" for step in steps)
    chosen = steps[: worked + 1] if outcome == "violated" else steps
    if not chosen:
        raise UsageError(f"can't scan {parent.episode[:12]}", "it has no model turn", "scan another episode")
    return chosen


async def _bisected(run: "_Run", parent: "Trace", steps: "list[Step]", outcome: "Outcome") -> "ForkPlan":
    """Try steps until the jump is between neighbours; the plan of all that were tried."""
    from ulterior.analysis import next_to_try, scan_result

    tried: list[Step] = [steps[0]]
    while True:
        plan = _planned_scan(parent, sorted(tried, key=lambda step: step.at), run.how)
        await run.do(plan)
        if run.stopped:
            return plan
        rates = scan_result(plan.experiment, await run.findings(plan), outcome, bisected=True).steps
        following = next_to_try(rates, [step.at for step in steps])
        if following is None:
            return plan
        tried.append(next(step for step in steps if step.at == following))


def _planned_scan(parent: "Trace", steps: "list[Step]", how: Options) -> "ForkPlan":
    from ulterior.agent_runtime.fork_plan import plan_scan

    return plan_scan(
        parent, steps, how.replicas, sandbox=how.sandbox, environ=read_environment(), now=time.time()
    )


class _Run:
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

    async def findings(self, plan: "ForkPlan") -> dict[str, Any]:
        """The findings about the sealed forks of a plan, by id."""
        from ulterior.analysis import EpisodeAnalyst

        analyst = EpisodeAnalyst(self.study)
        return {
            spec.id: await analyst.analyze(spec.id) for spec in plan.specs if self.study.is_sealed(spec.id)
        }

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


def _print(result: "EditResult | ScanResult", text: str, run: _Run, seconds: float) -> None:
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


def _say_what_it_would_run(study: "Study", plan: "ForkPlan", how: Options, *, bisect: bool = False) -> int:
    missing = sum(not study.is_sealed(spec.id) for spec in plan.specs)
    most = len(plan.specs) if not bisect else how.replicas * _most_bisected(len(plan.experiment.branches))
    if how.as_json:
        counts = {"planned": most, "missing": min(missing, most), "dry_run": True}
        click.echo(json.dumps({"experiment": plan.experiment.id} | counts))
        return 0
    at_most = "at most " if bisect else ""
    click.echo(f"{at_most}{min(missing, most)} of {most} forks to run into {study.root}")
    for branch in plan.experiment.branches:
        lost = f", {len(branch.dropped)} turns lose their reasoning" if branch.dropped else ""
        place = f"behind event {branch.at}, before turn {branch.turn}"
        click.echo(f"  {branch.arm:8} {branch.parent[:12]} {place}: {len(branch.episodes)}{lost}", err=True)
    return 0


def _most_bisected(steps: int) -> int:
    """Both ends, and one step for every halving between them."""
    return min(steps, 2 + max(0, steps - 2).bit_length())
