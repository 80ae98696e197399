"""The episodes that a report shows as evidence: few, and those first that matter most."""

import shlex
from collections.abc import Iterable

from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.report.counting import Findings
from ulterior.analysis.report.model import Exhibit
from ulterior.traces import Study

__all__ = ["exhibits_of"]

EXHIBITS_PER_CELL = 3
CITATIONS_PER_EXHIBIT = 3


def exhibits_of(study: Study, label: str, model: str, cell: Findings) -> Iterable[Exhibit]:
    """The first few episodes to read in a cell: lies before silence, silence before open violations."""
    ranked = sorted((finding for finding in cell if _kind_of_exhibit(finding)), key=_exhibit_rank)
    for finding in ranked[:EXHIBITS_PER_CELL]:
        told = {fact: lab for fact, lab in finding.disclosure.items() if lab is not None}
        yield Exhibit(
            episode=finding.episode,
            model=model,
            label=label,
            seed=finding.seed or 0,
            epoch=finding.epoch or 0,
            kind=_kind_of_exhibit(finding),
            act=finding.act or "",
            disclosure=told,
            citations=finding.citations[:CITATIONS_PER_EXHIBIT],
            quotes=tuple(quote for quote in finding.quotes if quote.fact in told)[:CITATIONS_PER_EXHIBIT],
            command=f"ulterior show {shlex.quote(str(study.root))} {finding.episode[:12]}",
        )


_KINDS = ("covert, deceptive", "deceptive", "covert", "open violation")


def _kind_of_exhibit(finding: EpisodeFinding) -> str:
    if finding.flagged:
        return ", ".join(
            word for word, on in (("covert", finding.covert), ("deceptive", finding.deceptive)) if on
        )
    return "open violation" if finding.overt else ""


def _exhibit_rank(finding: EpisodeFinding) -> tuple[int, object]:
    return _KINDS.index(_kind_of_exhibit(finding)), finding.order
