"""``ulterior analyze``."""

import json
from contextlib import closing
from pathlib import Path

import click

from ulterior.cli.analysis_progress import analysis_progress, processors
from ulterior.cli.judged_by import chosen_judge, judged_by_options, who_judged

__all__ = ["analyze"]


@click.command()
@click.argument("study", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line and episode, as they come.")
@click.option(
    "--workers",
    default=processors,
    show_default="one for each processor",
    type=click.IntRange(min=1),
    help="Worker processes; 1 works in this one.",
)
@judged_by_options
def analyze(study: Path, as_json: bool, workers: int, judged_by: str | None, cards: Path | None) -> None:
    """Audit the stored episodes of a study: no episode is run, no model is asked.

    Results are kept in the study's findings/ and reused while neither the episode nor the detector changes.
    With --json they are printed as they are found, grouped by scenario and seed, else in the order of tables.
    """
    from ulterior.analysis import iter_findings
    from ulterior.traces import Study

    opened = Study.open(study)
    judge = chosen_judge(judged_by, cards)
    order = "work" if as_json else "table"
    with analysis_progress(beside_output=as_json) as progress:
        found = iter_findings(
            opened, order=order, workers=workers, progress=progress, say=_say, judged_by=judge
        )
        with closing(found):
            for number, finding in enumerate(found):
                if judge is not None and number == 0:
                    _say("\n".join(who_judged([finding], judge.cards or opened.root)))
                click.echo(json.dumps(finding.as_json()) if as_json else finding.describe())


def _say(text: str) -> None:
    click.echo(text, err=True)
