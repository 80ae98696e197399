"""``ulterior gate run``."""

from math import isnan
from pathlib import Path
from typing import Any

import click

__all__ = ["gate_run"]

_KINDS = ("scenario", "scaffold", "detector", "settings", "sandbox")


class _Share(click.FloatRange):
    """A range in which "nan" is nowhere, which compares as neither too small nor too large."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number = super().convert(value, param, ctx)
        if isnan(number):
            self.fail(f"{value} is not a number.", param, ctx)
        return number


@click.command("run")
@click.option(
    "--baseline", "-b", required=True, type=click.Path(path_type=Path), help="A baseline's file, or a study."
)
@click.option("--model", "-m", required=True, help="The candidate, provider/NAME.")
@click.option(
    "--output",
    "-o",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The candidate's study. The verdict goes to its folder gate/.",
)
@click.option("--budget", help="Begin nothing more once the gate has spent it, such as 25usd.")
@click.option("--policy", "-p", type=click.Path(path_type=Path), help="What to look at: a gate.yaml.")
@click.option("--margin", type=_Share(0, 1, max_open=True), help="For all rates of the policy.")
@click.option("--baseline-model", help="The baseline's model, where its study holds several.")
@click.option(
    "--accept-drift", "accepted", multiple=True, type=click.Choice(_KINDS), help="Run in spite of it."
)
@click.option("--cycles", type=click.IntRange(min=1), help="At most so many cycles.  [default: all]")
@click.option(
    "--look-every",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    help="Cycles at a time.",
)
@click.option(
    "--every-metric", is_flag=True, help="Go on after a REGRESSION until every metric has its word, too."
)
@click.option(
    "--concurrency", type=click.IntRange(min=1), default=16, show_default=True, help="Episodes at a time."
)
@click.option("--json", "as_json", is_flag=True, help="The verdict as JSON on stdout.")
def gate_run(
    baseline: Path,
    model: str,
    output: Path,
    budget: str | None,
    policy: Path | None,
    margin: float | None,
    baseline_model: str | None,
    accepted: tuple[str, ...],
    cycles: int | None,
    look_every: int,
    every_metric: bool,
    concurrency: int,
    as_json: bool,
) -> int:
    """Run a candidate on the baseline's instances, cycle by cycle, until the gate is decided.

    It is at the first REGRESSION, and when every metric has its word. It may be looked at after every cycle
    without being wrong more often. Running the same command again goes on where it ended; Ctrl-C once
    finishes the running episodes.

    Exit codes: 0 PASS or IMPROVED, 10 REGRESSION, 11 INCONCLUSIVE (the budget or the baseline's instances
    ended first) or VALIDITY WARNING, 12 NOT COMPARABLE, 14 the provider or the machine keeps failing, 130
    interrupted.
    """
    from ulterior.cli.gate_running import Wanted, run_sequentially
    from ulterior.cli.options import parse_budget

    return run_sequentially(
        Wanted(
            baseline=baseline,
            model=model,
            output=output,
            budget=parse_budget(budget),
            policy=policy,
            margin=margin,
            baseline_model=baseline_model,
            accepted=accepted,
            cycles=cycles,
            look_every=look_every,
            every_metric=every_metric,
            concurrency=concurrency,
            as_json=as_json,
        )
    )
