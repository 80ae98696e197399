"""``ulterior export``."""

import json
from functools import partial
from pathlib import Path

import click

from ulterior.cli.analysis_progress import analysis_progress, processors
from ulterior.cli.judged_by import chosen_judge, judged_by_options

__all__ = ["export"]


@click.command()
@click.argument("what", metavar="STUDY|EPISODE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--output",
    "-o",
    required=True,
    metavar="FILE|FOLDER",
    type=click.Path(path_type=Path),
    help="Where to write: one page if it ends in .html, a folder otherwise.",
)
@click.option(
    "--episode",
    "episodes",
    multiple=True,
    metavar="ID",
    help="Only this episode, by the beginning of its id; may be given several times.",
)
@click.option(
    "--flagged", is_flag=True, help="Only episodes that are worth reading first: covert or deceptive."
)
@click.option(
    "--workers",
    default=processors,
    show_default="one for each processor",
    type=click.IntRange(min=1),
    help="Worker processes of the analysis; 1 works in this one.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one object: what was written.")
@judged_by_options
def export(
    what: tuple[Path, ...],
    output: Path,
    episodes: tuple[str, ...],
    workers: int,
    judged_by: str | None,
    cards: Path | None,
    *,
    flagged: bool,
    as_json: bool,
) -> None:
    """Write studies as pages that open without a server: matrix, replay, findings, forks, comparison.

    One self-contained file, or a folder for bigger studies. Both open from a disk and need no network; links
    into them work as in `ulterior view`. An EPISODE is the path of a stored file. Labels are left out.
    """
    from ulterior.viewer.export import Export
    from ulterior.viewer.library import Library
    from ulterior.viewer.selection import Selection

    studies, named = _taken_apart(what)
    say = partial(click.echo, err=True)
    judge = chosen_judge(judged_by, cards)
    single = output.suffix.lower() in (".html", ".htm")
    with analysis_progress() as progress:
        library = Library.open(
            studies,
            "file" if single else "folder",
            progress=progress,
            workers=workers,
            say=say,
            judged_by=judge,
        )
    chosen = Export(library, Selection((*episodes, *named), flagged))
    with analysis_progress(doing="exporting") as progress:
        write = chosen.to_file if single else chosen.to_folder
        written = write(output, progress=progress, say=say)
    if as_json:
        fields = ("episodes", "documents", "size", "left_out")
        answer = {"path": str(written.path), **{name: getattr(written, name) for name in fields}}
        click.echo(json.dumps(answer))
        return
    opens = output if single else output / "index.html"
    click.echo(f"wrote {opens}: {written.episodes} episodes, {written.size / 1e6:.1f} MB", err=True)


def _taken_apart(what: tuple[Path, ...]) -> tuple[list[Path], tuple[str, ...]]:
    """The studies to open, and the episodes whose own files were named."""
    from ulterior.traces.identity import EPISODE_ID_LENGTH

    studies: dict[Path, None] = {}
    episodes: list[str] = []
    for path in what:
        if path.is_file() and ".jsonl" in path.suffixes:
            episodes.append(path.name[:EPISODE_ID_LENGTH])
            path = path.resolve().parents[2]  # STUDY/episodes/<2 hex>/<id>.jsonl.zst
        studies[path] = None
    return list(studies), tuple(episodes)
