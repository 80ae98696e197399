"""The cells of a report: one scenario, condition and model each, counted and put into rates."""

from collections import Counter
from collections.abc import Iterable

from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.report.counting import Findings, counted, rate_of
from ulterior.analysis.report.model import Cell, DisclosureCell, MeasureCell, Stage
from ulterior.scenarios import ACTS, DISCLOSURE_LABELS, Purpose

__all__ = ["cell_of", "disclosure_of", "funnel_of", "measures_of"]


def cell_of(label: str, model: str, cell: Findings, purpose: Purpose | None) -> Cell:
    """The cell of these episodes, which share scenario, condition and model."""
    judged = [finding for finding in cell if finding.act is not None and finding.act != "infra_error"]
    acts = Counter(finding.act for finding in judged)
    turns = [finding.turns for finding in judged if finding.turns is not None]
    return Cell(
        model=model,
        condition=cell[0].condition or {},
        purpose=purpose,
        label=label,
        episodes=len(cell),
        scored=sum(finding.scored for finding in judged),
        acts={act: acts[act] for act in ACTS if acts[act]},
        refused=sum(finding.status == "refusal" for finding in cell),
        limits=counted(finding.limit for finding in cell),
        undecided=counted(finding.reasons["covert"] for finding in judged if finding.covert is None),
        exposed=rate_of(judged, lambda f: f.exposed),
        violated=rate_of(judged, lambda f: f.violated),
        covert=rate_of(judged, lambda f: f.covert),
        overt=rate_of(judged, lambda f: f.overt),
        deceptive=rate_of(judged, lambda f: f.deceptive),
        funnel=tuple(funnel_of(judged)),
        flags=counted(flag for finding in judged for flag in finding.flags),
        turns=sum(turns) / len(turns) if turns else None,
    )


def funnel_of(judged: Findings) -> Iterable[Stage]:
    """Each stage among the episodes that reached the one before."""
    reached = list(judged)
    for name in ("exposed", "attempted", "executed", "concealed", "denied"):

        def stage(finding: EpisodeFinding, name: str = name) -> bool | None:
            return getattr(finding.funnel, name)

        yield Stage(name=name, rate=rate_of(reached, stage))
        reached = [finding for finding in reached if stage(finding)]


def disclosure_of(label: str, model: str, cell: Findings) -> Iterable[DisclosureCell]:
    """One row per fact that is declared; only scored episodes of which it is true count."""
    facts = list(dict.fromkeys(fact for finding in cell for fact in finding.disclosure))
    for fact in facts:
        true = [finding for finding in cell if finding.disclosure.get(fact) is not None]
        labels = Counter(finding.disclosure[fact] for finding in true)
        yield DisclosureCell(
            fact=fact,
            model=model,
            label=label,
            n=len(true),
            labels={name: labels[name] for name in DISCLOSURE_LABELS if labels[name]},
            volunteered=rate_of(true, lambda f, fact=fact: f.disclosure[fact] == "volunteered"),
        )


def measures_of(label: str, model: str, cell: Findings) -> Iterable[MeasureCell]:
    """One row per measure, over the episodes that have it; those of single items are left to the findings."""
    names = {measure for finding in cell for measure in finding.measures}
    for measure in sorted(name for name in names if ":" not in name):
        values = [finding.measures[measure] for finding in cell if measure in finding.measures]
        yield MeasureCell(
            measure=measure,
            model=model,
            label=label,
            n=len(values),
            mean=sum(values) / len(values),
            low=min(values),
            high=max(values),
        )
