"""From a study to findings: one per episode, sealed, unfinished or damaged; none is ever left out."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from ulterior.analysis.audit import AUDIT_VERSION, AuditRow, audit
from ulterior.analysis.awareness.mentions import AWARENESS_VERSION, read_awareness
from ulterior.analysis.case import LoadScenario, Unscored, find_scenario, open_case
from ulterior.analysis.disclosure import DISCLOSURE_VERSION, DisclosureRow, disclose
from ulterior.analysis.evidence import passages_of
from ulterior.analysis.finding import EpisodeFinding, Identity, Stages, finding_for, silent_finding
from ulterior.analysis.reasoning import REASONING_VERSION, read_reasoning
from ulterior.analysis.remarks import RemarksRow
from ulterior.analysis.table import FindingsTable, Key
from ulterior.errors import CorruptTrace, UsageError
from ulterior.scenarios import AnyScenario, load_scenario
from ulterior.traces import EpisodeSpec, Study, Summary, Trace, load_trace, read_summary

__all__ = ["EpisodeAnalyst", "Progress", "analyze_study", "finding_of"]

Progress = Callable[[int, int], None]
"""Told after every episode how many are done, of how many."""

_AT_A_TIME = 8  # oracles may wait for machines of their own

T = TypeVar("T")


class EpisodeAnalyst:
    """Analyses the episodes of one study, reusing what was found before."""

    def __init__(self, study: Study, load: LoadScenario = load_scenario) -> None:
        self._study = study
        self._load = load
        self._scenarios: dict[tuple[str, str], AnyScenario | Unscored] = {}
        self._audits = FindingsTable(study.root, "audit", AUDIT_VERSION, AuditRow)
        self._disclosures = FindingsTable(study.root, "disclosure", DISCLOSURE_VERSION, DisclosureRow)
        self._intents = FindingsTable(study.root, "intent", REASONING_VERSION, RemarksRow)
        self._awareness = FindingsTable(study.root, "awareness", AWARENESS_VERSION, RemarksRow)

    def episodes(self) -> list[str]:
        """The ids of all episodes that have begun."""
        paths = (*self._study.sealed(), *self._study.running())
        return sorted({_id(path) for path in paths})

    async def analyze(self, episode: str) -> EpisodeFinding:
        """The finding about one episode. Never raises for what is stored or for what a scenario does."""
        try:
            if not self._study.is_sealed(episode):
                return self._unfinished(episode)
            path = self._study.sealed_path(episode)
            summary = read_summary(path)
            if summary.episode != episode:
                return _damaged(Identity.of_summary(summary), f"{path.name} holds episode {summary.episode}")
            return await self._sealed(path, summary)
        except CorruptTrace as error:
            return _damaged(Identity(episode=episode, status="corrupt"), error.reason)
        except UsageError as error:  # gone or unreadable since it was listed
            return silent_finding(Identity(episode=episode, status="corrupt"), f"{error.what}: {error.why}")

    def _unfinished(self, episode: str) -> EpisodeFinding:
        trace = load_trace(self._study.running_path(episode), salvage=True)
        if trace.fault is not None:
            return _damaged(Identity.of_state(episode, trace.final), trace.fault.reason)
        return silent_finding(Identity.of_state(episode, trace.final), "the episode has not ended")

    async def _sealed(self, path: Path, summary: Summary) -> EpisodeFinding:
        identity = Identity.of_summary(summary)
        if summary.end.reason == "infrastructure_error":
            why = f"void, an infrastructure error: {summary.end.detail or 'no detail given'}"
            return silent_finding(identity, why, act="infra_error")
        scenario = self._scenario(summary.spec)
        if isinstance(scenario, Unscored):
            return silent_finding(identity, scenario.reason)
        key = Key(summary.episode, summary.head, summary.spec.scenario_hash, _stamp(path))
        if (known := self._known(key)) is not None:
            return finding_for(identity, known)
        try:
            trace = load_trace(path)
        except CorruptTrace as error:
            return _damaged(identity, error.reason)
        return await self._judge(identity, trace, scenario, key)

    def _known(self, key: Key) -> Stages | None:
        """What was found before, if all of it was."""
        row, told = self._audits.get(key), self._disclosures.get(key)
        intent, awareness = self._intents.get(key), self._awareness.get(key)
        if row is None or told is None or intent is None or awareness is None:
            return None
        return Stages(row, told, intent, awareness)

    async def _judge(
        self, identity: Identity, trace: Trace, scenario: AnyScenario, key: Key
    ) -> EpisodeFinding:
        facts = tuple(fact.id for fact in scenario.facts)
        case = open_case(trace, scenario)
        if isinstance(case, Unscored):
            return silent_finding(identity, case.reason, facts=facts)
        row = await audit(case)
        if isinstance(row, Unscored):
            return silent_finding(identity, row.reason, facts=facts)
        self._audits.put(key, row)
        told = disclose(case, row.facts)
        if isinstance(told, DisclosureRow):
            self._disclosures.put(key, told)
        passages = passages_of(trace.events)
        intent = read_reasoning(trace.episode, passages)
        self._intents.put(key, intent)
        awareness = read_awareness(trace, scenario.about.ordinary_words)
        self._awareness.put(key, awareness)
        return finding_for(identity, Stages(row, told, intent, awareness))

    def _scenario(self, spec: EpisodeSpec) -> AnyScenario | Unscored:
        key = (spec.scenario, spec.scenario_hash)
        if key not in self._scenarios:
            self._scenarios[key] = find_scenario(spec, self._load)
        return self._scenarios[key]


def analyze_study(
    study: Study, progress: Progress | None = None, load: LoadScenario = load_scenario
) -> list[EpisodeFinding]:
    """The findings about all episodes of a study that have begun, in table order.

    Blocks until they are there, also when it is called from within a running event loop.
    """
    return _wait_for(_analyze_all(EpisodeAnalyst(study, load), progress))


def finding_of(study: Study, trace: Trace, load: LoadScenario = load_scenario) -> EpisodeFinding:
    """The finding about one stored trace."""
    return _wait_for(EpisodeAnalyst(study, load).analyze(_id(trace.path)))


async def _analyze_all(analyst: EpisodeAnalyst, progress: Progress | None) -> list[EpisodeFinding]:
    episodes = analyst.episodes()
    findings: list[EpisodeFinding] = []
    slots = asyncio.Semaphore(_AT_A_TIME)

    async def one(episode: str) -> None:
        async with slots:
            findings.append(await analyst.analyze(episode))
        if progress is not None:
            progress(len(findings), len(episodes))

    async with asyncio.TaskGroup() as tasks:
        for episode in episodes:
            tasks.create_task(one(episode))
    return sorted(findings, key=lambda finding: finding.order)


def _wait_for(coroutine: Coroutine[Any, Any, T]) -> T:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(coroutine)
    with ThreadPoolExecutor(1) as thread:  # a loop can't be run inside another one of the same thread
        return thread.submit(asyncio.run, coroutine).result()


def _damaged(identity: Identity, why: str) -> EpisodeFinding:
    return silent_finding(
        identity.model_copy(update={"status": "corrupt"}), f"the stored file is damaged: {why}"
    )


def _stamp(path: Path) -> str:
    """Changes whenever a file was written to."""
    about = path.stat()
    return f"{about.st_size}.{about.st_mtime_ns}"


def _id(path: Path) -> str:
    return path.name.partition(".")[0]
