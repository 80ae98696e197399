"""The episodes that a verdict rests on, as pages that open without a server."""

from pathlib import Path

import click

from ulterior.analysis.gate.verdict import MetricVerdict, Verdict
from ulterior.cli.gate_links import with_whole_ids
from ulterior.errors import UlteriorError, UsageError

__all__ = ["evidence_of", "export_evidence", "with_pages", "with_whole_ids"]


def evidence_of(verdict: Verdict) -> tuple[str, ...]:
    """The episodes that show it, each once, in the order of the metrics."""
    links = (link.episode for metric in verdict.metrics for link in metric.evidence if link.episode)
    return tuple(dict.fromkeys(links))


def export_evidence(verdict: Verdict, candidate: Path, folder: Path) -> Path | None:
    """Write the evidence of a regression as HTML into ``folder``; the page that opens it, None without one.

    One file where a browser can take it, a folder of them where it would be too large. Nothing is written
    where there is no regression, and where the candidate is no study (a baseline's file holds no traces).
    A study that can't be exported costs the pages and not the verdict: it is said on stderr.
    """
    if verdict.word != "REGRESSION" or not candidate.is_dir() or not evidence_of(verdict):
        return None
    try:
        return _export(evidence_of(verdict), candidate, folder)
    except (UlteriorError, OSError) as error:
        click.echo(f"no evidence was exported: {error}", err=True)
        return None


def _export(episodes: tuple[str, ...], candidate: Path, folder: Path) -> Path:
    from ulterior.viewer.export import Export
    from ulterior.viewer.library import Library
    from ulterior.viewer.selection import Selection

    export = Export(Library.open([candidate], "file"), Selection(episodes))
    path = folder / "evidence.html"
    try:
        export.to_file(path)
    except UsageError:  # it would be too large for one file
        export.to_folder(folder / "evidence")
        return folder / "evidence" / "index.html"
    return path


def with_pages(verdict: Verdict, page: Path, folder: Path) -> Verdict:
    """The verdict whose links name the page that replays them, relative to ``folder``."""
    name = page.relative_to(folder).as_posix()

    def paged(metric: MetricVerdict) -> MetricVerdict:
        links = (link.model_copy(update={"page": f"{name}{link.route}"}) for link in metric.evidence)
        return metric.model_copy(update={"evidence": tuple(links)})

    return verdict.model_copy(update={"metrics": tuple(map(paged, verdict.metrics))})
