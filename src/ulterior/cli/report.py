"""``ulterior report``."""

import os
import shutil
import sys
from functools import partial
from pathlib import Path

import click

from ulterior.cli.analysis_progress import analysis_progress, processors
from ulterior.cli.judged_by import chosen_judge, judged_by_options

__all__ = ["report"]

_NAMES = {"text": "report.txt", "md": "report.md", "json": "report.json", "html": "report.html"}


@click.command()
@click.argument("study", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--format", "form", default="text", show_default=True, type=click.Choice(["text", "md", "json", "html"])
)
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Write to a file instead of stdout.")
@click.option("--brief", is_flag=True, help="As text: the tables over all scenarios only.")
@judged_by_options
def report(
    study: Path,
    form: str,
    output: Path | None,
    judged_by: str | None,
    cards: Path | None,
    *,
    brief: bool,
) -> None:
    """Report what happened in a study: acts, disclosure, rates with exact intervals, what is unscored.

    The HTML page is one self-contained file that opens without a server or a network.
    """
    from ulterior.analysis import analyze_study, build_report, render_report, render_text
    from ulterior.errors import StorageFailure, UsageError
    from ulterior.traces import Study

    if output is not None and output.is_dir():
        raise UsageError(
            f"can't write the report to {output}", "it is a folder, not a file", f"-o {output / _NAMES[form]}"
        )
    if brief and form != "text":
        raise UsageError("--brief is for text", f"{form} holds the whole report", "leave --brief away")
    opened = Study.open(study)
    judge = chosen_judge(judged_by, cards)
    with analysis_progress() as progress:
        say = partial(click.echo, err=True)
        findings = analyze_study(opened, progress, workers=processors(), say=say, judged_by=judge)
    built = build_report(opened, findings, cards=cards)
    if output is None and form == "text" and sys.stdout.isatty():
        columns = shutil.get_terminal_size().columns
        color = "NO_COLOR" not in os.environ
        click.echo(render_text(built, color=color, width=max(80, columns), brief=brief))
        _say_what_next(study)
        return
    text = render_text(built, brief=True) if brief else render_report(built, form)
    if output is None:
        click.echo(text, nl=False)
        if form == "text":
            _say_what_next(study)
        return
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8")
    except (FileExistsError, NotADirectoryError) as error:
        raise UsageError(
            f"can't write {output}", f"{output.parent} is no folder", "choose another file with -o"
        ) from error
    except OSError as error:
        raise StorageFailure(
            f"can't write {output}", error.strerror or str(error), "choose another file with -o"
        ) from error
    click.echo(f"wrote {output}", err=True)


def _say_what_next(study: Path) -> None:
    click.echo(f"next: ulterior view {study}    the episodes behind the numbers, in a browser", err=True)
