"""``ulterior plan``."""

import click

__all__ = ["plan"]

_COUNT = click.IntRange(min=1)
_SHARE = click.FloatRange(0, 1)
_INSIDE = click.FloatRange(0, 1, min_open=True, max_open=True)


@click.command()
@click.option("--scenarios", type=_COUNT, required=True, help="How many scenarios.")
@click.option("--seeds", type=_COUNT, required=True, help="Instances of each scenario.")
@click.option("--epochs", type=_COUNT, default=1, show_default=True, help="Runs of each instance and arm.")
@click.option("--arms", type=click.IntRange(min=2), default=2, show_default=True, help="Conditions compared.")
@click.option("--base", type=_SHARE, required=True, help="Expected rate in the control arm, 0 to 1.")
@click.option("--effect", type=_SHARE, help="A rate in the other arm whose power is wanted, 0 to 1.")
@click.option(
    "--icc", type=_SHARE, default=0.3, show_default=True, help="How alike episodes of one scenario are."
)
@click.option(
    "--epoch-icc",
    type=_SHARE,
    default=1.0,
    show_default=True,
    help="How alike runs of one instance are; with 1 an instance counts once, as it does in reports.",
)
@click.option(
    "--alike",
    type=_SHARE,
    default=0.3,
    show_default=True,
    help="Correlation of the two runs of a seed, one in each arm.",
)
@click.option("--alpha", type=_INSIDE, default=0.05, show_default=True, help="Two-sided error of the test.")
@click.option("--power", type=_INSIDE, default=0.8, show_default=True, help="Wanted power.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def plan(
    scenarios: int,
    seeds: int,
    epochs: int,
    arms: int,
    base: float,
    effect: float | None,
    icc: float,
    epoch_icc: float,
    alike: float,
    alpha: float,
    power: float,
    as_json: bool,
) -> None:
    """Say what a study of this size could find, before it is run.

    The smallest rise of a rate that the comparison of two arms would find, what it costs in episodes, and
    what rate no event at all would still allow; for these scenarios, and for scenarios like them.
    """
    from ulterior.analysis.statistics.planning import Shape, plan_study

    shape = Shape(scenarios, seeds, epochs, arms)
    study = plan_study(shape, base, effect, icc, epoch_icc, alike, alpha, power)
    click.echo(study.model_dump_json() if as_json else "\n".join(study.sentences()))
