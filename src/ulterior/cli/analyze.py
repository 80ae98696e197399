"""``ulterior analyze``."""

import json
from pathlib import Path

import click

__all__ = ["analyze"]


@click.command()
@click.argument("study", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line and episode.")
def analyze(study: Path, as_json: bool) -> None:
    """Audit the stored episodes of a study: no episode is run, no model is asked.

    Results are kept in the study's findings/ and reused while neither the episode nor the detector changes.
    """
    from ulterior.analysis import analyze_study
    from ulterior.traces import Study

    for finding in analyze_study(Study.open(study)):
        click.echo(json.dumps(finding.as_json()) if as_json else finding.describe())
