"""``ulterior show``."""

import json
from pathlib import Path

import click

from ulterior.cli.options import parse_steps

__all__ = ["show"]


@click.command()
@click.argument("study", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("episode", required=False)
@click.option("--steps", help="Only the events A-B.")
@click.option("--format", "form", default="md", show_default=True, type=click.Choice(["md", "json"]))
@click.option(
    "--verify", is_flag=True, help="Check chain, contents and sequence of the stored files instead."
)
def show(study: Path, episode: str | None, steps: str | None, form: str, verify: bool) -> int:
    """List the episodes of a study, or show one of them with its findings.

    EPISODE is an id or the beginning of one. With --verify, every stored byte is checked and a damaged file
    is named with the line where trust ends.
    """
    from ulterior.traces import Study

    opened = Study.open(study)
    if verify:
        return _verify(opened, episode, form)
    if episode is None:
        _list(opened, form)
        return 0
    from ulterior.analysis import finding_of, render_transcript

    trace = opened.trace(opened.find(episode), salvage=True)
    if trace.fault is not None:
        click.echo(f"warning: {trace.fault}", err=True)
    click.echo(render_transcript(trace, finding_of(opened, trace), steps=parse_steps(steps), form=form))
    return 0


def _list(study: object, form: str) -> None:
    from ulterior.traces import Study
    from ulterior.traces.index import Index

    assert isinstance(study, Study)
    with Index.open(study) as index:
        for summary in index.summaries():
            if form == "json":
                click.echo(json.dumps(summary.model_dump(mode="json")))
            else:
                spec = summary.spec
                click.echo(
                    f"{summary.episode[:12]}  {spec.model}  {spec.scenario}  seed {spec.seed}  "
                    f"{spec.cell}  {summary.end.reason}"
                )
    for path in study.running():
        click.echo(f"{path.name[:12]}  not finished: the run's command goes on with it", err=True)
    for episode, why in study.attempts():
        click.echo(f"{episode[:12]}  failed attempt: {why.splitlines()[0]}", err=True)


def _verify(study: object, episode: str | None, form: str) -> int:
    from ulterior.traces import Study
    from ulterior.traces.verify import verify_study

    assert isinstance(study, Study)
    result = verify_study(study, only=study.find(episode) if episode else None)
    click.echo(json.dumps(result.model_dump(mode="json")) if form == "json" else result.describe())
    return 0 if result.intact else 2
