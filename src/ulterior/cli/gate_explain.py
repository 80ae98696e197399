"""``ulterior gate explain``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from ulterior.cli.judged_by import chosen_judge, judged_by_options
from ulterior.cli.shell_words import split_words
from ulterior.errors import UsageError

__all__ = ["explain"]

_KINDS = ("scenario", "scaffold", "detector", "calibration", "settings", "sandbox", "design")


@click.command()
@click.argument("file", metavar="[VERDICT.json]", required=False, type=click.Path(path_type=Path))
@click.option("--baseline", "-b", type=click.Path(path_type=Path), help="A baseline's file, or a study.")
@click.option("--candidate", "-c", type=click.Path(path_type=Path), help="The study of the new version.")
@click.option("--policy", "-p", type=click.Path(path_type=Path), help="What the gate looked at: a gate.yaml.")
@click.option("--model", help="The baseline's model, where its study holds several.")
@click.option("--candidate-model", help="The candidate's model, where its study holds several.")
@click.option(
    "--accept-drift", "accepted", multiple=True, type=click.Choice(_KINDS), help="As the gate was told."
)
@click.option("--json", "as_json", is_flag=True, help="As JSON, with everything that flipped.")
@judged_by_options
def explain(file: Path | None, *, as_json: bool, **options: Any) -> None:
    """Say where a gate's metrics moved, which episodes flipped, what to look at first, and what that costs.

    Takes the words that the gate took, or the verdict.json that it wrote. Reads what is stored: no model is
    called, and no word of the verdict changes.

    \b
    ulterior gate explain -b baselines/main.json -c runs/new -p gate.yaml
    ulterior gate explain gate/verdict.json
    """
    from ulterior.cli.gate_explaining import explained, read_verdict, told
    from ulterior.cli.gating import Request

    verdict = None
    if file is not None:
        if any(value for value in options.values()):
            raise UsageError(
                "a verdict and a comparison are given",
                "the verdict says what was compared",
                "leave the options or the file away",
            )
        verdict = read_verdict(file)
        options = _compared(file, verdict.commands)
    if options["baseline"] is None or options["candidate"] is None:
        missing = "--baseline" if options["baseline"] is None else "--candidate"
        raise UsageError(
            f"{missing} is not given",
            "what is to be explained is a comparison",
            "ulterior gate explain --baseline B --candidate C, or: ulterior gate explain gate/verdict.json",
        )
    judge = chosen_judge(options.pop("judged_by"), options.pop("cards"))
    found = explained(Request(**options, judge=judge), verdict)
    click.echo(found.model_dump_json() if as_json else told(found), nl=as_json)


_OF_RUN = {
    "--baseline": "--baseline",
    "--output": "--candidate",
    "--policy": "--policy",
    "--model": "--candidate-model",
    "--baseline-model": "--model",
    "--accept-drift": "--accept-drift",
}
"""What the options of `gate run` are to the comparison of what it ran."""


def _compared(file: Path, commands: Mapping[str, str]) -> dict[str, Any]:
    """The options of the comparison that a verdict is about, as its own commands say. Raises
    :class:`UsageError` where they name none."""
    command = commands.get("explain") or commands.get("again", "")
    try:
        match split_words(command):
            case ["ulterior", "gate", "explain", *words]:
                pass
            case ["ulterior", "gate", "run", *all_words]:
                left = iter(all_words)
                words = [part for word in left if word in _OF_RUN for part in (_OF_RUN[word], next(left, ""))]
            case ["ulterior", "gate", *words]:
                pass
            case _:
                raise click.UsageError("it names no comparison")
        found = explain.make_context("explain", words).params
    except (click.UsageError, ValueError) as error:
        raise UsageError(
            f"{file} doesn't say what was compared",
            f"its command is {command!r}" if command else "it holds no command",
            "give --baseline and --candidate instead",
        ) from error
    return {name: value for name, value in found.items() if name not in ("file", "as_json")}
