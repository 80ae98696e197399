"""``ulterior run`` and ``ulterior estimate``."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import click

from ulterior.cli.exit_codes import BUDGET_REACHED, INTERRUPTED, NOTHING_TO_DO, TOO_MANY_VOID
from ulterior.cli.options import Share, parse_budget
from ulterior.cli.study_options import Plan, StudyOptions, make_plan, study_options

__all__ = ["estimate", "run"]


@click.command()
@study_options
@click.option(
    "--concurrency",
    default=16,
    show_default=True,
    type=click.IntRange(min=1),
    help="Episodes at a time per process.",
)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(min=1), help="Worker processes.")
@click.option("--budget", help="Start nothing more once this run has spent it, such as 20usd.")
@click.option(
    "--max-void",
    default=0.1,
    show_default=True,
    type=Share(),
    help="Share of void episodes from which the exit code is 14.",
)
@click.option("--dry-run", is_flag=True, help="Plan and check everything, run nothing.")
def run(
    concurrency: int,
    workers: int,
    budget: str | None,
    max_void: float,
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> int:
    """Run a study, or what is still missing of it.

    Say what to run in a YAML file, with options, or both: options replace what the file says. Running the
    same command again resumes; Ctrl-C once finishes the running episodes, twice stops at once.

    \b
    ulterior run studies/demo.yaml
    ulterior run -s borrowed_allotment -m sim/covert -m sim/honest --seeds 20 -o runs/first
    ulterior run studies/demo.yaml -m anthropic/NAME --limit 3 --budget 1usd
    """
    spending = parse_budget(budget)
    plan = make_plan(StudyOptions(**options))
    if dry_run:
        return _print_estimate(plan, as_json)
    return asyncio.run(_run(plan, concurrency, workers, spending, max_void, as_json))


@click.command()
@study_options
def estimate(as_json: bool, **options: Any) -> int:
    """Say what a run would do and cost: episodes, tokens and dollars, from past episodes if there are any."""
    return _print_estimate(make_plan(StudyOptions(**options)), as_json)


async def _run(
    plan: Plan, concurrency: int, workers: int, budget: float | None, max_void: float, as_json: bool
) -> int:
    from ulterior.agent_runtime.batch import Batch
    from ulterior.agent_runtime.episode import package_versions
    from ulterior.agent_runtime.models.prices import PRICES_DATE
    from ulterior.cli.driving import check_budget, check_sandboxes, drive
    from ulterior.clock import SystemClock
    from ulterior.traces import Study

    check_budget(budget, {spec.model for spec in plan.specs})
    await check_sandboxes(plan.specs)
    study = Study.create(plan.root, plan.describe(), packages=package_versions(), prices=PRICES_DATE)
    study.expect(spec.id for spec in plan.specs)
    batch = Batch(study, plan.specs, plan.environ, SystemClock(), concurrency, workers, budget)
    began = time.monotonic()
    await drive(batch)
    return _conclude(batch, plan, time.monotonic() - began, max_void, as_json)


def _conclude(batch: Any, plan: Plan, seconds: float, max_void: float, as_json: bool) -> int:
    total = batch.total
    missing = total.planned - total.finished
    if as_json:
        counts = {"planned": total.planned, "done": total.done, "skipped": total.skipped, "void": total.void}
        more = {"missing": missing, "seconds": round(seconds, 3), "cost": total.cost, "study": str(plan.root)}
        click.echo(json.dumps(counts | more))
    else:
        _say_what_next(total, missing, plan.root, seconds)
    if batch.budget_reached:
        click.echo(f"the budget is reached; {missing} episodes are left, the same command goes on", err=True)
        return BUDGET_REACHED
    if missing:
        click.echo(f"interrupted; {missing} episodes are left, the same command goes on", err=True)
        return INTERRUPTED
    if total.void and total.void >= max_void * max(1, total.done + total.void):
        return TOO_MANY_VOID
    return 0 if total.done or total.void else NOTHING_TO_DO


def _say_what_next(total: Any, missing: int, root: Path, seconds: float) -> None:
    done = f"{total.done} episodes done, {total.skipped} there before, {total.void} void, {missing} left"
    click.echo(f"{done}, in {seconds:.1f} s", err=True)
    if total.void:
        click.echo(
            f"void episodes are not scored; why: `ulterior show {root}`; the same command tries them again",
            err=True,
        )
    click.echo(f"next: ulterior report {root}    the tables", err=True)
    click.echo(f"      ulterior view {root}      the episodes behind them, in a browser", err=True)


def _print_estimate(plan: Plan, as_json: bool) -> int:
    from ulterior.agent_runtime.estimate import estimate_cost

    figures = estimate_cost(plan.specs, plan.root)
    if as_json:
        click.echo(json.dumps([row.model_dump(mode="json") for row in figures]))
        return 0
    for row in figures:
        click.echo(row.describe())
    click.echo(f"{sum(row.missing for row in figures)} episodes to run into {plan.root}", err=True)
    return 0
