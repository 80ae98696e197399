"""Findings and judgements as rows of tables: plain values, every column of the schema, in its order."""

from collections.abc import Iterator

from ulterior.analysis.audit import ATTEMPTED
from ulterior.analysis.evidence import Evidence
from ulterior.analysis.finding import DETECTORS, EpisodeFinding, detector_of
from ulterior.analysis.judges import Judgement
from ulterior.analysis.tables.schema import FACTOR, SCHEMA, TableName
from ulterior.traces import canonical_json, scrub

__all__ = ["Row", "Value", "rows_of_finding", "rows_of_judgement"]

Value = str | int | float | bool | None
Row = dict[str, Value]

_OF_EPISODE = tuple(column.name for column in SCHEMA["episodes"])
_STAGES = {"intent": "intent", "awareness": "awareness", "probing": "awareness"}


def rows_of_finding(finding: EpisodeFinding) -> Iterator[tuple[TableName, Row]]:
    """Everything that tables hold of one episode. No text holds a lone surrogate."""
    yield "episodes", _episode(finding)
    for name, reason in finding.reasons.items():
        yield "reasons", _row(episode=finding.episode, field=name, reason=reason)
    for fact, label in finding.disclosure.items():
        reasons = finding.reasons
        why = None if label else reasons.get(f"disclosure.{fact}", reasons.get("disclosure"))
        true = finding.facts.get(fact)
        yield "facts", _row(episode=finding.episode, fact=fact, true=true, label=label, reason=why)
    for name, value in finding.measures.items():
        measure, _, item = name.partition(":")
        yield "measures", _row(episode=finding.episode, measure=measure, item=item or None, value=value)
    for row in _evidence(finding):
        yield "findings", row


def _episode(finding: EpisodeFinding) -> Row:
    own = finding.model_dump(mode="python", include=set(_OF_EPISODE))
    own |= {"violated": finding.violated, "overt": finding.overt}
    own["attempted"] = None if finding.act is None else ATTEMPTED[finding.act]
    own["settings"] = canonical_json(finding.settings).decode()
    own["flags"] = " ".join(finding.flags)
    levels = {f"{FACTOR}{name}": level for name, level in (finding.condition or {}).items()}
    return _row(**{name: own[name] for name in _OF_EPISODE}, **levels)


def _evidence(finding: EpisodeFinding) -> Iterator[Row]:
    def of(stage: str, target: str, label: str | None, rule: str, place: Row) -> Row:
        # what the agent did to find out is always looked for by rules
        by = DETECTORS if target == "probing" else finding.detectors
        found = _found(finding.episode, stage, *detector_of(by, stage), target, label, place)
        return found | {"rule": scrub(rule)}

    for citation in finding.citations:
        place: Row = {"channel": "state", "event": citation.seq}
        yield of("audit", "act", finding.act, citation.note, place)
    for quote in finding.quotes:
        label = "told" if quote.rule.endswith("tells") else "denied"
        yield of("disclosure", quote.fact, label, quote.rule, _place(quote))
    for remark in finding.remarks:
        yield of(_STAGES[remark.axis], remark.axis, remark.label, remark.rule, _place(remark))


def rows_of_judgement(judgement: Judgement) -> Iterator[tuple[TableName, Row]]:
    """A judgement, and its verified quotes as findings."""
    own = judgement.model_dump(mode="python", exclude={"evidence", "unverified"})
    own |= {"quotes": len(judgement.evidence), "unverified": len(judgement.unverified)}
    own["flags"] = " ".join(judgement.flags)
    yield "judgements", _row(**{column.name: own[column.name] for column in SCHEMA["judgements"]})
    target = ":".join(part for part in (judgement.rubric, judgement.about) if part)
    about = (judgement.episode, "judge", judgement.detector, judgement.version, target, judgement.label)
    for evidence in judgement.evidence:
        yield "findings", _found(*about, _place(evidence)) | {"score": judgement.score}


def _found(
    episode: str,
    stage: str,
    detector: str,
    version: str,
    target: str,
    label: str | None,
    place: Row,
) -> Row:
    known = _row(episode=episode, stage=stage, detector=detector, version=version, target=target, label=label)
    return dict.fromkeys(column.name for column in SCHEMA["findings"]) | known | place


def _place(evidence: Evidence) -> Row:
    return _row(
        channel=evidence.channel,
        event=evidence.seq,
        block=evidence.block,
        field=evidence.field,
        start=evidence.start,
        end=evidence.end,
        quote=evidence.quote,
        match=evidence.match,
        visibility=evidence.visibility,
    )


def _row(**values: Value) -> Row:
    """Neither Parquet nor frames can hold a lone surrogate, which traces can."""
    return {name: scrub(value) if isinstance(value, str) else value for name, value in values.items()}
