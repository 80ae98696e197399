"""``ulterior tables``."""

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ulterior.cli.analysis_progress import analysis_progress, processors
from ulterior.cli.judged_by import chosen_judge, judged_by_options

if TYPE_CHECKING:
    from ulterior.analysis.tables import Format

__all__ = ["tables"]


@click.command()
@click.argument("study", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--output", "-o", required=True, metavar="FOLDER", type=click.Path(path_type=Path), help="Where to write."
)
@click.option(
    "--format",
    "form",
    default="parquet",
    show_default=True,
    type=click.Choice(["parquet", "csv", "jsonl"]),
)
@click.option(
    "--workers",
    default=processors,
    show_default="one for each processor",
    type=click.IntRange(min=1),
    help="Worker processes of the analysis; 1 works in this one.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one object: the rows of each table.")
@judged_by_options
def tables(
    study: Path,
    output: Path,
    form: "Format",
    workers: int,
    as_json: bool,
    judged_by: str | None,
    cards: Path | None,
) -> None:
    """Write a study as tidy tables: episodes, facts, evidence, judgements, measures, factor effects.

    One file per table, and tables.json, which says what each column holds. The study is analysed first, as
    far as it has not been.
    """
    from ulterior.analysis.tables import Sources, write_tables
    from ulterior.traces import Study

    opened = Study.open(study)
    with analysis_progress() as progress:
        say = partial(click.echo, err=True)
        judge = chosen_judge(judged_by, cards)
        sources = Sources(workers=workers, progress=progress, say=say, judged_by=judge)
        counts = write_tables(opened, output, form, sources)
    if as_json:
        click.echo(json.dumps(counts))
        return
    for table, rows in counts.items():
        click.echo(f"{output / f'{table}.{form}'}  {rows} rows")
