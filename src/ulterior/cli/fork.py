"""``ulterior fork``."""

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ulterior.cli.forking import (
    ForkRun,
    Options,
    carry_out,
    fits,
    fork_options,
    give_options,
    parent_options,
    print_result,
    say_what_it_would_run,
)
from ulterior.cli.options import read_environment
from ulterior.errors import UsageError

if TYPE_CHECKING:
    from ulterior.agent_runtime.edits import AnyEdit
    from ulterior.agent_runtime.fork_plan import ForkPlan
    from ulterior.agent_runtime.fork_points import Step
    from ulterior.analysis import Outcome
    from ulterior.traces import Frozen, Study, Trace

__all__ = ["fork"]


@click.command()
@parent_options
@click.option(
    "--at", "place", help="Where to leave: an event's number, start, turn:N (before it) or handover."
)
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
@fork_options(10, "arm and parent, or of each step")
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

    how = give_options(budget, options)
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
            "nothing says where to fork",
            "--at is missing",
            "--at 17, --at start, --at turn:5 or --at handover",
        )
    return asyncio.run(_edit(opened, parents, place, edits, how))


# ---- What is asked for ---------------------------------------------------------------------------------


def _parents(study: "Study", episodes: tuple[str, ...], where: str | None) -> "list[Trace]":
    ids = [study.find(prefix) for prefix in episodes]
    if where is not None:
        ids += fits(study, where)
    if not ids:
        why = "no episode fits --where" if where is not None else "no EPISODE and no --where is given"
        raise UsageError("nothing says what to fork", why, f"`ulterior show {study.root}` lists the episodes")
    return [study.trace(episode) for episode in dict.fromkeys(ids)]


def _edits(spelled: tuple[str, ...], path: Path | None, drop_reasoning: bool) -> "tuple[AnyEdit, ...]":
    from ulterior.agent_runtime.edit_syntax import parse_edit, parse_edits
    from ulterior.agent_runtime.edits import ReasoningEdit
    from ulterior.yaml_files import read_yaml

    edits = [parse_edit(text, _read) for text in spelled]
    if path is not None:
        edits += parse_edits(read_yaml(path, "file of edits"), _read)
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

    async def found(run: ForkRun) -> "tuple[Frozen, str]":
        result = edit_result(plan.experiment, await run.findings(plan))
        return result, edit_text(result, edits)

    return await carry_out(study, plan, how, found)


async def _scan(study: "Study", parent: "Trace", outcome: "Outcome", *, bisect: bool, how: Options) -> int:
    from ulterior.analysis import scan_result
    from ulterior.analysis.commit_step import most_bisected
    from ulterior.cli.fork_text import scan_text

    steps = _steps(parent, outcome)
    plan = _planned_scan(parent, steps, how)
    if how.dry_run:
        at_most = how.replicas * most_bisected(len(steps)) if bisect else None
        return say_what_it_would_run(study, plan, how, at_most)
    began = time.monotonic()
    run = ForkRun(study, how)
    if bisect:
        plan = await _bisected(run, parent, steps, outcome)
    else:
        await run.do(plan)
    result = scan_result(plan.experiment, await run.findings(plan), outcome, bisected=bisect)
    print_result(result, scan_text(result, parent), run, time.monotonic() - began)
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


async def _bisected(run: ForkRun, parent: "Trace", steps: "list[Step]", outcome: "Outcome") -> "ForkPlan":
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
