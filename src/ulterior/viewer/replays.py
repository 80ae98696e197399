"""One episode as the replay document."""

from collections.abc import Iterable, Mapping
from typing import Any

from ulterior.analysis import EpisodeFinding
from ulterior.analysis.case import LoadScenario
from ulterior.analysis.report.grouping import declared
from ulterior.analysis.triangle import triangle_of
from ulterior.scenarios import load_scenario
from ulterior.traces import Event, Message, Trace, WorldChange
from ulterior.traces.world_state import bytes_of
from ulterior.viewer.documents import About, Content, ForkOf, Replay
from ulterior.viewer.outcomes import outcome_of
from ulterior.viewer.rail import claims_on, funnel_of, rail_of
from ulterior.viewer.steps import steps_of

__all__ = ["build_replay"]

_LEFT_OUT = {"wire", "blobs"}


def build_replay(
    key: str, trace: Trace, finding: EpisodeFinding, load: LoadScenario = load_scenario
) -> Replay:
    """The document of one episode of the study under ``key``."""
    scenario = declared(finding.scenario or "", load)
    return Replay(
        about=_about(
            key,
            trace,
            finding,
            scenario.title if scenario else finding.scenario or "",
            scenario.purpose(finding.condition or {}) if scenario else None,
        ),
        steps=steps_of(trace.events),
        events=tuple(_shown(event) for event in trace.events),
        contents=_contents(trace.events),
        findings=rail_of(trace, finding, scenario),
        claims=claims_on(trace, finding, scenario),
        funnel=funnel_of(finding),
        facts=finding.facts,
        statements={fact.id: fact.statement for fact in scenario.facts} if scenario else {},
    )


def _about(key: str, trace: Trace, finding: EpisodeFinding, title: str, purpose: str | None) -> About:
    start = trace.final.start
    triangle = triangle_of(finding)
    origin = start.spec.fork if start else None
    principal = next(
        (e.body.author for e in trace.events if isinstance(e.body, Message) and e.body.role == "user"), None
    )
    return About(
        episode=finding.episode,
        study=key,
        scenario=finding.scenario,
        title=title,
        version=finding.scenario_version,
        condition=finding.condition or {},
        label=finding.cell,
        purpose=purpose,
        model=finding.model,
        settings=finding.settings,
        seed=finding.seed,
        epoch=finding.epoch,
        sandbox=finding.sandbox,
        status=finding.status,
        limit=finding.limit,
        act=finding.act,
        outcome=outcome_of(finding),
        kind=triangle.kind if triangle else None,
        turns=finding.turns,
        tokens_in=finding.tokens_in,
        tokens_out=finding.tokens_out,
        cost=finding.cost,
        started=finding.started,
        ended=finding.ended,
        packages=start.packages if start else {},
        fork=ForkOf(parent=origin.parent, at=origin.at, edits=edit_words(origin.edit), replica=origin.replica)
        if origin
        else None,
        fault=trace.fault.reason if trace.fault else None,
        principal=principal,
    )


def edit_words(edit: Mapping[str, Any]) -> tuple[str, ...]:
    """The edits of a fork in words: their kind and what they say, without knowing their types."""
    return tuple(
        " ".join(f"{name}={value}" for name, value in each.items()) for each in edit.get("edits", ())
    )


def _shown(event: Event) -> dict[str, Any]:
    body = event.body.model_dump(mode="json", exclude=_LEFT_OUT)
    return {"seq": event.seq, "at": event.at, **body}


def _contents(events: Iterable[Event]) -> dict[str, Content]:
    found: dict[str, Content] = {}
    for event in events:
        if isinstance(event.body, WorldChange):
            for name, blob in event.body.blobs.items():
                text = blob.data if blob.encoding == "text" else None
                found[name] = Content(size=len(bytes_of(blob)), text=text)
    return found
