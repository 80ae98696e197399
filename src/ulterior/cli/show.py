"""``ulterior show``."""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ulterior.cli.options import parse_steps

if TYPE_CHECKING:
    from ulterior.errors import CorruptTrace
    from ulterior.traces import EpisodeSpec, Study, Summary

__all__ = ["show"]

_WIDTH = 120


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

    EPISODE is an id or the beginning of one. Of a condition the list names what varies in the study. With
    --verify, every stored byte is checked and a damaged file is named with the line where trust ends.
    """
    from ulterior.traces import Study

    opened, span = Study.open(study), parse_steps(steps)
    if verify:
        return _verify(opened, episode, form)
    if episode is None:
        _list(opened, form)
        return 0
    from ulterior.analysis import finding_of, render_transcript

    trace = opened.trace(opened.find(episode), salvage=True)
    if trace.fault is not None:
        click.echo(f"warning: {trace.fault}", err=True)
    click.echo(render_transcript(trace, finding_of(opened, trace), steps=span, form=form))
    return 0


def _list(study: "Study", form: str) -> None:
    from ulterior.traces.index import Index

    with Index.open(study) as index:
        unreadable = index.refresh().damaged
        summaries = list(index.summaries())
    if form == "json":
        for summary in summaries:
            click.echo(json.dumps(summary.model_dump(mode="json")))
        for fault in unreadable:
            click.echo(json.dumps(_fault_as_json(fault)))
    else:
        for line in (*_lines(summaries), *map(_fault_line, unreadable)):
            click.echo(line)
    _say_what_is_missing(study, len(unreadable))


def _say_what_is_missing(study: "Study", unreadable: int) -> None:
    for path in study.running():
        click.echo(f"{path.name[:12]}  not finished: the run's command goes on with it", err=True)
    for episode, why in study.attempts():
        click.echo(f"{episode[:12]}  failed attempt: {next(iter(why.splitlines()), why)}", err=True)
    if unreadable:
        files = "1 file" if unreadable == 1 else f"{unreadable} files"
        click.echo(
            f"warning: {files} can't be read; `ulterior show {study.root} --verify` says where trust ends",
            err=True,
        )


def _lines(summaries: "list[Summary]") -> Iterator[str]:
    """One line per episode, at most as wide as a terminal."""
    from ulterior.analysis.visible import one_line

    varying = _varying(summaries)
    epochs = any(summary.spec.epoch for summary in summaries)
    for summary in summaries:
        spec = summary.spec
        seed = f"seed {spec.seed}" + (f" epoch {spec.epoch}" if epochs else "")
        chosen = _chosen(spec)
        varied = ",".join(f"{name}={chosen[name]}" for name in varying[spec.scenario] if name in chosen)
        head = [summary.episode[:12], one_line(spec.model), one_line(spec.scenario), seed, summary.end.reason]
        yield one_line("  ".join([*head, varied]), _WIDTH)


def _varying(summaries: "list[Summary]") -> dict[str, list[str]]:
    """By scenario, the choices that differ between its episodes, as the report tells its cells apart."""
    choices: dict[str, list[dict[str, str]]] = defaultdict(list)
    for summary in summaries:
        choices[summary.spec.scenario].append(_chosen(summary.spec))
    return {scenario: list(_differing(group)) for scenario, group in choices.items()}


def _differing(choices: list[dict[str, str]]) -> Iterator[str]:
    for name in dict.fromkeys(name for choice in choices for name in choice):
        if len({choice.get(name) for choice in choices}) > 1:
            yield name


def _chosen(spec: "EpisodeSpec") -> dict[str, str]:
    """All that a study chooses about an episode but its model and its instance, as words."""
    settings = {name: json.dumps(value, sort_keys=True) for name, value in spec.settings.items()}
    return {**spec.condition, "sandbox": spec.sandbox, **settings}


def _fault_line(fault: "CorruptTrace") -> str:
    return f"{fault.path.name[:12]}  can't be read: {fault.path.name}: {fault.reason}"


def _fault_as_json(fault: "CorruptTrace") -> dict[str, str]:
    return {
        "episode": fault.path.name.partition(".")[0],
        "unreadable": str(fault.path),
        "reason": fault.reason,
    }


def _verify(study: "Study", episode: str | None, form: str) -> int:
    from ulterior.traces.verify import verify_study

    result = verify_study(study, only=study.find(episode) if episode else None)
    click.echo(json.dumps(result.model_dump(mode="json")) if form == "json" else result.describe())
    return 0 if result.intact else 2
