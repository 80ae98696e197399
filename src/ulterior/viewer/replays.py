"""One episode as the replay document."""

from collections.abc import Iterator

from ulterior.analysis import EpisodeFinding
from ulterior.analysis.case import LoadScenario
from ulterior.analysis.report.grouping import declared
from ulterior.analysis.triangle import triangle_of
from ulterior.errors import CorruptTrace
from ulterior.scenarios import AnyScenario, load_scenario
from ulterior.traces import Message, Study, Trace
from ulterior.traces.fork_tree import ForkTree
from ulterior.viewer.beside import Beside
from ulterior.viewer.documents import About, Branching, ForkOf, Replay
from ulterior.viewer.edit_words import edit_words
from ulterior.viewer.funnel import funnel_of
from ulterior.viewer.outcomes import outcome_of
from ulterior.viewer.proofs import Proofs
from ulterior.viewer.rail import claims_on, rail_of, statements_of
from ulterior.viewer.shown_events import contents_of, shown_events
from ulterior.viewer.steps import steps_of
from ulterior.viewer.witnesses import witnesses_of

__all__ = ["build_replay", "trace_of"]


def build_replay(
    key: str,
    trace: Trace,
    finding: EpisodeFinding,
    beside: Beside | None = None,
    load: LoadScenario = load_scenario,
) -> Replay:
    """The document of one episode of the study under ``key``; ``beside`` is what else that study holds.

    Unfinished and damaged traces have one too, as far as they can be read.
    """
    beside = beside or Beside()
    scenario = declared(finding.scenario, load) if finding.scenario else None
    proofs = Proofs(trace.events)
    funnel = funnel_of(finding, trace.events)
    return Replay(
        about=_about(key, trace, finding, scenario),
        steps=steps_of(trace.events, witnesses_of(trace.events)),
        events=shown_events(trace.events),
        contents=contents_of(trace.events),
        findings=rail_of(finding, scenario, funnel, proofs, beside),
        claims=claims_on(finding, scenario, proofs),
        funnel=funnel,
        facts=finding.facts,
        statements=statements_of(scenario),
        flags=finding.flags,
        measures=finding.measures,
        branches=tuple(_branches(beside.forks, finding.episode)),
    )


def trace_of(study: Study, episode: str) -> Trace:
    """The episode as far as it can be read: what is damaged is left out, and a file of which nothing can
    be read is a trace without events, with its fault. Raises :class:`UsageError` when there is no such
    file."""
    try:
        return study.trace(episode, salvage=True)
    except CorruptTrace as fault:
        return Trace(fault.path, (), None, fault)


def _about(key: str, trace: Trace, finding: EpisodeFinding, scenario: AnyScenario | None) -> About:
    start = trace.final.start
    triangle = triangle_of(finding)
    origin = start.spec.fork if start else None
    asked = (event.body for event in trace.events if isinstance(event.body, Message))
    given = (message.author for message in asked if (message.role, message.origin) == ("user", "briefing"))
    return About(
        episode=finding.episode,
        study=key,
        scenario=finding.scenario,
        title=scenario.title if scenario else finding.scenario or "",
        version=finding.scenario_version,
        condition=finding.condition or {},
        label=finding.cell,
        purpose=scenario.purpose(finding.condition or {}) if scenario else None,
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
        principal=next(given, None),
    )


def _branches(forks: ForkTree, episode: str) -> Iterator[Branching]:
    for experiment, branch in forks.below(episode):
        yield Branching(
            experiment=experiment.id,
            kind=experiment.kind,
            arm=branch.arm,
            at=branch.at,
            turn=branch.turn,
            edits=edit_words(branch.edit),
            episodes=branch.episodes,
        )
