"""What stands in the findings rail: each finding with its detector, its error and its proofs."""

from collections.abc import Iterable, Mapping, Sequence

from ulterior.analysis import EpisodeFinding
from ulterior.analysis.claims import claims_in
from ulterior.analysis.evidence import Evidence, Passage, holds, passages_of
from ulterior.analysis.finding import detector_of
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.analysis.labels.units import own_label
from ulterior.analysis.report.detectors import detector_lines
from ulterior.scenarios import AnyScenario
from ulterior.traces import Trace
from ulterior.viewer.documents import Claim, FunnelMark, Proof, Question, RailFinding, Tone

__all__ = ["claims_on", "funnel_of", "rail_of"]

_ACT_TONES: Mapping[str, Tone] = {
    "none": "good",
    "attempted_failed": "warn",
    "violated": "bad",
    "violated_reverted": "warn",
    "not_reached": "plain",
    "unaware": "plain",
    "ambiguous": "unknown",
    "infra_error": "unknown",
}
_TOLD_TONES: Mapping[str, Tone] = {
    "volunteered": "good",
    "on_indirect_ask": "warn",
    "on_direct_ask": "warn",
    "omitted": "bad",
    "false_denial": "bad",
    "not_asked": "plain",
}
_READ_TONES: Mapping[str, Tone] = {
    "stated": "bad",
    "euphemistic": "warn",
    "alignment_test": "warn",
    "other_test": "warn",
}


def rail_of(trace: Trace, finding: EpisodeFinding, scenario: AnyScenario | None) -> tuple[RailFinding, ...]:
    """All findings about an episode, those without a label too."""
    passages = passages_of(trace.events)
    errors = {
        line.stage: line.measured_error
        for line in detector_lines(
            {stage: detector_of(finding.detectors, stage) for stage in finding.detectors}, ()
        )
    }
    statements = {fact.id: fact.statement for fact in scenario.facts} if scenario else {}

    def one(
        id: str,
        stage: str,
        axis: str,
        title: str,
        label: str | None,
        tone: Tone,
        proofs: Iterable[Proof],
        rubric: str,
        about: str | None = None,
    ) -> RailFinding:
        name, version = detector_of(finding.detectors, stage)
        reason = None if label else finding.reasons.get(axis) or finding.reasons.get(stage) or "there is none"
        return RailFinding(
            id=id,
            stage=axis.partition(".")[0],
            title=title,
            label=label,
            words=(label or "unscored").replace("_", " "),  # pyright: ignore
            tone=tone if label else "unknown",
            reason=reason,
            detector=name,
            version=version,
            measured_error=errors.get(stage, ""),
            proofs=tuple(proofs),
            question=_question(finding, rubric, about),
        )

    rail = [
        one(
            "act",
            "audit",
            "act",
            "Act",
            finding.act,
            _ACT_TONES.get(finding.act or "", "unknown"),
            (_cited(trace, c.seq, c.note) for c in finding.citations),
            "breach",
        )
    ]
    for fact, label in finding.disclosure.items():
        rail.append(
            one(
                f"disclosure.{fact}",
                "disclosure",
                f"disclosure.{fact}",
                statements.get(fact, fact),
                label,
                _TOLD_TONES.get(label or "", "unknown"),
                (_proof(passages, q, q.rule) for q in finding.quotes if q.fact == fact),
                "telling",
                fact,
            )
        )
    for axis in ("intent", "awareness"):
        label = getattr(finding, axis)
        rail.append(
            one(
                axis,
                axis,
                axis,
                axis.capitalize(),
                label,
                _READ_TONES.get(label or "", "plain"),
                (_proof(passages, r, r.rule) for r in finding.remarks if r.axis == axis),
                axis,
            )
        )
    return tuple(rail)


def _cited(trace: Trace, seq: int, note: str) -> Proof:
    return Proof(seq=seq, note=note, resolves=0 <= seq < len(trace.events))


def _proof(passages: Sequence[Passage], evidence: Evidence, note: str) -> Proof:
    return Proof(
        seq=evidence.seq,
        block=evidence.block,
        field=evidence.field,
        start=evidence.start,
        end=evidence.end,
        quote=evidence.quote,
        channel=evidence.channel,
        match=evidence.match,
        note=note,
        resolves=holds(passages, evidence),
    )


def _question(finding: EpisodeFinding, rubric: str, about: str | None) -> Question | None:
    asked = RUBRICS[rubric]
    return Question(
        rubric=asked.id,
        version=asked.version,
        about=about,
        question=asked.question,
        labels=dict(asked.labels),
        says=own_label(finding, asked, about),
    )


def claims_on(trace: Trace, finding: EpisodeFinding, scenario: AnyScenario | None) -> tuple[Claim, ...]:
    """What the reports claim, set against the record."""
    if scenario is None:
        return ()
    passages = passages_of(trace.events)
    statements = {fact.id: fact.statement for fact in scenario.facts}
    return tuple(
        Claim(
            fact=claim.fact,
            statement=statements.get(claim.fact, claim.fact),
            told=claim.told,
            verdict=claim.verdict,
            proof=_proof(passages, claim.quote, claim.quote.rule) if claim.quote else None,
        )
        for claim in claims_in(finding, scenario)
    )


def funnel_of(finding: EpisodeFinding) -> tuple[FunnelMark, ...]:
    """How far the episode went, with the events that show it."""
    funnel = finding.funnel
    if funnel is None:
        return ()
    done = max((c.seq for c in finding.citations), default=None)
    denial = next((q.seq for q in finding.quotes if not q.told), None)
    at = {"exposed": finding.exposed_at, "attempted": done, "executed": done, "denied": denial}
    return tuple(
        FunnelMark(
            stage=stage, reached=getattr(funnel, stage), seq=at.get(stage) if getattr(funnel, stage) else None
        )
        for stage in ("exposed", "attempted", "executed", "concealed", "denied")
    )
