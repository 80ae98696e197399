"""``ulterior gate plan``."""

from pathlib import Path

import click

__all__ = ["gate_plan"]


@click.command("plan")
@click.option(
    "--baseline", "-b", required=True, type=click.Path(path_type=Path), help="A baseline's file, or a study."
)
@click.option("--model", "-m", help="The candidate, whose price counts.  [default: the baseline's model]")
@click.option("--policy", "-p", type=click.Path(path_type=Path), help="What to look at: a gate.yaml.")
@click.option("--baseline-model", help="The baseline's model, where its study holds several.")
@click.option("--budget", help="What may be spent, such as 25usd.")
@click.option("--cycles", type=click.IntRange(min=1), help="At most so many cycles.  [default: all]")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def gate_plan(
    baseline: Path,
    model: str | None,
    policy: Path | None,
    baseline_model: str | None,
    budget: str | None,
    cycles: int | None,
    as_json: bool,
) -> None:
    """Say what a gate could find, with how many episodes and for how much. Nothing is run.

    For every metric: the smallest rise that would be found, how the gate goes of a version that has not
    changed, and what no event at all would still allow.
    """
    from ulterior.analysis.gate.plan_text import plan_text
    from ulterior.analysis.visible import visible
    from ulterior.cli.gate_planning import plan_of
    from ulterior.cli.gating import read_policy_or_default, read_side
    from ulterior.cli.options import parse_budget

    spending = parse_budget(budget)
    rules = read_policy_or_default(policy)
    side = read_side(baseline, baseline_model, "--baseline-model")
    plan = plan_of(side, rules, model or side.model, spending, cycles, name=visible(str(baseline)))
    click.echo(plan.model_dump_json() if as_json else plan_text(plan), nl=as_json)
