"""``ulterior baseline``: small reviewed files that gates compare with."""

import json
from collections.abc import Callable
from pathlib import Path

import click

from ulterior.cli.judged_by import chosen_judge, judged_by_options

__all__ = ["baseline"]


@click.group()
def baseline() -> None:
    """Make, read and compare baselines: small files that are reviewed and kept in git."""


@baseline.command("set")
@click.argument("study", metavar="STUDY", type=click.Path(path_type=Path))
@click.option("--model", help="Which model, where the study holds several.")
@click.option("--output", "-o", required=True, type=click.Path(path_type=Path), help="The baseline's file.")
@click.option("--reason", required=True, help="Why this is what others are to be compared with.")
@click.option("--policy", "-p", type=click.Path(path_type=Path), help="Its limits count: a gate.yaml.")
@click.option("--replace", is_flag=True, help="Take the place of a file that is there.")
@judged_by_options
def set_(
    study: Path,
    model: str | None,
    output: Path,
    reason: str,
    policy: Path | None,
    judged_by: str | None,
    cards: Path | None,
    *,
    replace: bool,
) -> None:
    """Make a baseline of a finished study.

    Refused where episodes are running, too many are missing, or too few are decided: what is compared
    with a poor baseline passes too easily.
    """
    from ulterior.cli.baselining import Wanted, set_baseline

    judge = chosen_judge(judged_by, cards)
    click.echo(set_baseline(Wanted(study, model, output, reason, policy, judge, replace)))


@baseline.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def show(file: Path, *, as_json: bool) -> None:
    """Print what a baseline, or a study, holds: rates by scenario and arm, and what they rest on."""
    from ulterior.cli.baselining import show_baseline

    _print(show_baseline(file), as_json=as_json)


@baseline.command()
@click.argument("first", metavar="A", type=click.Path(path_type=Path))
@click.argument("second", metavar="B", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def diff(first: Path, second: Path, *, as_json: bool) -> None:
    """Print what changed from one baseline, or study, to another. No verdict: that is what `ulterior
    gate` says."""
    from ulterior.cli.baselining import diff_baselines

    _print(diff_baselines(first, second), as_json=as_json)


def _print(told: tuple[object, Callable[[], str]], *, as_json: bool) -> None:
    data, text = told
    click.echo(json.dumps(data) if as_json else text(), nl=as_json)
