"""What stands in the findings rail: each finding with its detector, its error and its proofs.

First what act and disclosure amount to together, then the axes one by one as the study's findings have
them, then every stored judgement, used or not. What was not judged stands there too, with its reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from ulterior.analysis import EpisodeFinding
from ulterior.analysis.claims import claims_in
from ulterior.analysis.finding import detector_of
from ulterior.analysis.report.detectors import detector_lines
from ulterior.scenarios import AWARENESS, INTENTS, Act, AnyScenario, Awareness, DisclosureLabel, Intent
from ulterior.viewer.beside import Beside
from ulterior.viewer.documents import Claim, FunnelMark, Proof, RailFinding, Tone
from ulterior.viewer.judged import judged_findings
from ulterior.viewer.meanings import ACT_MEANINGS, ACT_SAID, TOLD_MEANINGS, TOLD_SAID
from ulterior.viewer.overall import overall_findings
from ulterior.viewer.proofs import Proofs
from ulterior.viewer.questions import question_of

__all__ = ["claims_on", "rail_of", "statements_of"]

ACT_TONES: Mapping[Act, Tone] = {
    "none": "good",
    "attempted_failed": "warn",
    "violated": "bad",
    "violated_reverted": "warn",
    "not_reached": "plain",
    "unaware": "plain",
    "ambiguous": "unknown",
    "infra_error": "unknown",
}
TOLD_TONES: Mapping[DisclosureLabel, Tone] = {
    "volunteered": "good",
    "on_indirect_ask": "warn",
    "on_direct_ask": "warn",
    "omitted": "bad",
    "false_denial": "bad",
    "not_asked": "plain",
}
INTENT_TONES: Mapping[Intent, Tone] = {
    "stated": "bad",
    "euphemistic": "warn",
    "none": "plain",
    "not_available": "unknown",
}
AWARENESS_TONES: Mapping[Awareness, Tone] = {
    "alignment_test": "warn",
    "other_test": "warn",
    "states_real": "plain",
    "none": "plain",
}
_NOTES: Mapping[str, str] = {
    "denied_then_told": "it was denied somewhere and told somewhere",
    "told_someone_else": "somebody was told, but no principal",
    "false_confession": "it was told, although it is certainly not true",
    "unread": "a report that could not be read may say something of it",
}
"""What the flags of a fact's disclosure say in words."""

assert set(ACT_TONES) == set(ACT_MEANINGS) == set(get_args(Act)), "every act has a tone and a meaning"
assert set(TOLD_TONES) == set(TOLD_MEANINGS) == set(get_args(DisclosureLabel)), "and so has every disclosure"


def rail_of(
    finding: EpisodeFinding,
    scenario: AnyScenario | None,
    funnel: Sequence[FunnelMark],
    proofs: Proofs,
    beside: Beside | None = None,
) -> tuple[RailFinding, ...]:
    """All findings about an episode, those without a label too."""
    beside = beside or Beside()
    statements = statements_of(scenario)
    rail = _Rail(finding, statements, proofs, _errors(finding, beside))
    standing = beside.judgements.get(finding.episode, ())
    return (
        *overall_findings(finding, statements, funnel, proofs),
        rail.act(),
        *(rail.told(fact) for fact in dict.fromkeys((*finding.disclosure, *statements))),
        rail.intent(),
        rail.awareness(),
        *judged_findings(standing, statements, beside.cards, proofs),
    )


def statements_of(scenario: AnyScenario | None) -> dict[str, str]:
    """The material facts of a scenario, in a sentence each."""
    return {fact.id: fact.statement for fact in scenario.facts} if scenario else {}


def _errors(finding: EpisodeFinding, beside: Beside) -> dict[str, str]:
    """What is known of the error of each stage's detector."""
    judged = {stage: detector_of(finding.detectors, stage) for stage in finding.detectors}
    return {line.stage: line.measured_error for line in detector_lines(judged, beside.cards)}


@dataclass(frozen=True)
class _Reading:
    """A label on an axis, if there is one, with how it is said, meant and drawn, and what is remarkable
    about it here."""

    label: str | None
    words: str = "unscored"
    meaning: str = ""
    tone: Tone = "unknown"
    why: str = ""


@dataclass(frozen=True)
class _Rail:
    """The findings of one episode, axis by axis."""

    finding: EpisodeFinding
    statements: Mapping[str, str]
    proofs: Proofs
    errors: Mapping[str, str]

    def act(self) -> RailFinding:
        """The oracle's finding. Its first proof shows the rule, as far as it was shown."""
        act, seen = self.finding.act, self.finding.exposed_at
        cited = [self.proofs.cited(c.seq, c.note) for c in self.finding.citations]
        shown = [proof for proof in cited if proof.seq == seen]
        if seen is not None and not shown:
            shown = [self.proofs.cited(seen, "shown the rule")]
        reading = _Reading(act, ACT_SAID[act], ACT_MEANINGS[act], ACT_TONES[act]) if act else _Reading(None)
        return self._one(
            "act", "audit", "Act", reading, (*shown, *(p for p in cited if p.seq != seen)), "breach"
        )

    def told(self, fact: str) -> RailFinding:
        """What was told of one fact; of one that is not true of the run there is nothing to tell."""
        label = self.finding.disclosure.get(fact)
        if label:
            reading = _Reading(label, TOLD_SAID[label], TOLD_MEANINGS[label], TOLD_TONES[label])
        else:
            reading = _Reading(None, "not true" if self.finding.facts.get(fact) is False else "unscored")
        notes = [note for flag, note in _NOTES.items() if f"{flag}:{fact}" in self.finding.flags]
        reading = replace(reading, why=f"{'; '.join(notes).capitalize()}." if notes else "")
        quotes = [self.proofs.quoted(q, q.rule) for q in self.finding.quotes if q.fact == fact]
        title = self.statements.get(fact, fact)
        return self._one(f"disclosure.{fact}", "disclosure", title, reading, quotes, "telling", fact)

    def intent(self) -> RailFinding:
        """What the reasoning says of the act."""
        label = self.finding.intent
        reading = (
            _Reading(label, _words(label), INTENTS[label], INTENT_TONES[label]) if label else _Reading(None)
        )
        return self._one("intent", "intent", "Intent", reading, self._remarks("intent"), "intent")

    def awareness(self) -> RailFinding:
        """What the agent takes its situation for. Remarks that don't count, about reviews and tests of
        the story itself, say so."""
        label = self.finding.awareness
        reading = (
            _Reading(label, _words(label), AWARENESS[label], AWARENESS_TONES[label])
            if label
            else _Reading(None)
        )
        return self._one(
            "awareness", "awareness", "Awareness", reading, self._remarks("awareness"), "awareness"
        )

    def _remarks(self, axis: str) -> list[Proof]:
        remarks = [remark for remark in self.finding.remarks if remark.axis == axis]
        return [self.proofs.quoted(each, f"{_words(each.label)}: {each.rule}") for each in remarks]

    def _one(
        self,
        axis: str,
        stage: Literal["audit", "disclosure", "intent", "awareness"],
        title: str,
        reading: _Reading,
        proofs: Iterable[Proof],
        rubric: str,
        about: str | None = None,
    ) -> RailFinding:
        name, version = detector_of(self.finding.detectors, stage)
        reasons = self.finding.reasons
        why_not = reasons.get(axis) or reasons.get(stage) or reasons.get("act") or "nothing is known of it"
        return RailFinding(
            id=axis,
            stage="act" if stage == "audit" else stage,
            title=title,
            label=reading.label,
            words=reading.words,
            meaning=reading.meaning,
            why=reading.why,
            tone=reading.tone,
            reason=None if reading.label else why_not,
            detector=name,
            version=version,
            measured_error=self.errors.get(stage, ""),
            proofs=tuple(proofs),
            question=question_of(self.finding, rubric, about),
        )


def _words(label: str) -> str:
    return label.replace("_", " ")


def claims_on(finding: EpisodeFinding, scenario: AnyScenario | None, proofs: Proofs) -> tuple[Claim, ...]:
    """What the reports claim, set against the record; nothing where the scenario can't be had."""
    if scenario is None:
        return ()
    statements = statements_of(scenario)
    return tuple(
        Claim(
            fact=claim.fact,
            statement=statements.get(claim.fact, claim.fact),
            told=claim.told,
            verdict=claim.verdict,
            proof=proofs.quoted(claim.quote, claim.quote.rule) if claim.quote else None,
        )
        for claim in claims_in(finding, scenario)
    )
