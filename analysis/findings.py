"""From an episode to its finding: sealed, unfinished or damaged; none is ever left out.

What was found before is reused, see :mod:`ulterior.analysis.table`. Stored judgements may take the place of
the word rules, see :mod:`ulterior.analysis.judges.verdicts`; what follows from them is not kept in tables.
Whole studies are gone through in :mod:`ulterior.analysis.pipeline`.
"""

from pathlib import Path

from ulterior.analysis.audit import AUDIT_VERSION, AuditRow, audit
from ulterior.analysis.awareness.mentions import AWARENESS_VERSION, read_awareness
from ulterior.analysis.case import Case, Instances, LoadScenario, Unscored, find_scenario, open_case
from ulterior.analysis.disclosure import DISCLOSURE_VERSION, DisclosureRow, disclose
from ulterior.analysis.evidence import passages_of
from ulterior.analysis.finding import EpisodeFinding, Identity, Stages, finding_for, silent_finding
from ulterior.analysis.judges.verdicts import JudgedBy, JudgedStages
from ulterior.analysis.laboratory import RememberingLaboratory
from ulterior.analysis.reasoning import REASONING_VERSION, read_reasoning
from ulterior.analysis.remarks import RemarksRow
from ulterior.analysis.table import FindingsTable, Key
from ulterior.errors import CorruptTrace, UlteriorError, UsageError
from ulterior.scenarios import AnyScenario, load_scenario
from ulterior.traces import EpisodeSpec, Study, Summary, load_trace, read_summary

__all__ = ["EpisodeAnalyst"]


class EpisodeAnalyst:
    """Analyses the episodes of one study, reusing what was found before.

    Episodes of one instance are cheapest one after the other: the instance is rebuilt once, and what its
    oracle runs in fresh worlds is run once.

    ``judged_by`` says whose judgements to use instead of the word rules. Raises
    :class:`~ulterior.errors.UsageError` when there are none.
    """

    def __init__(
        self, study: Study, load: LoadScenario = load_scenario, judged_by: JudgedBy | None = None
    ) -> None:
        self.study = study
        self.load = load
        self.judged_by = judged_by
        self._judged = None if judged_by is None else JudgedStages(study, judged_by)
        self._scenarios: dict[tuple[str, str], AnyScenario | Unscored] = {}
        self._instances = Instances()
        self._laboratories: dict[str, RememberingLaboratory] = {}
        self._audits = FindingsTable(study.root, "audit", AUDIT_VERSION, AuditRow)
        self._disclosures = FindingsTable(study.root, "disclosure", DISCLOSURE_VERSION, DisclosureRow)
        self._intents = FindingsTable(study.root, "intent", REASONING_VERSION, RemarksRow)
        self._awareness = FindingsTable(study.root, "awareness", AWARENESS_VERSION, RemarksRow)

    def is_known(self, path: Path, summary: Summary) -> bool:
        """Whether the finding about a sealed episode most likely is there already."""
        return self._judged is None and _key(path, summary) in self._audits

    async def analyze(self, episode: str) -> EpisodeFinding:
        """The finding about one episode. Never raises for what is stored or for what a scenario does."""
        return self._signed(await self._finding(episode))

    def _signed(self, finding: EpisodeFinding) -> EpisodeFinding:
        """With the detectors that were asked for, whatever came of it."""
        if self._judged is None:
            return finding
        return finding.model_copy(update={"detectors": dict(self._judged.detectors)})

    async def _finding(self, episode: str) -> EpisodeFinding:
        try:
            if not self.study.is_sealed(episode):
                return self._unfinished(episode)
            path = self.study.sealed_path(episode)
            summary = read_summary(path)
            if summary.episode != episode:
                return _damaged(Identity.of_summary(summary), f"{path.name} holds episode {summary.episode}")
            return await self._sealed(path, summary)
        except CorruptTrace as error:
            return _damaged(Identity(episode=episode, status="corrupt"), error.reason)
        except UsageError as error:  # gone or unreadable since it was listed
            return _unreadable(episode, f"{error.what}: {error.why}")
        except OSError as error:
            return _unreadable(episode, f"the stored file can't be read: {error.strerror or error}")

    def unjudged(self, episode: str, why: str) -> EpisodeFinding:
        """The finding about an episode that could not be analysed, for a reason that isn't its own."""
        try:
            summary = read_summary(self.study.sealed_path(episode))
        except (UlteriorError, OSError):
            return self._signed(_unreadable(episode, why))
        return self._signed(silent_finding(Identity.of_summary(summary), why))

    def _unfinished(self, episode: str) -> EpisodeFinding:
        trace = load_trace(self.study.running_path(episode), salvage=True)
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
        key = _key(path, summary)
        known = self._known(key)
        if known is not None and self._judged is None:
            return finding_for(identity, known)
        try:
            trace = load_trace(path)
        except CorruptTrace as error:
            return _damaged(identity, error.reason)
        facts = tuple(fact.id for fact in scenario.facts)
        case = open_case(trace, scenario, self._instances)
        if isinstance(case, Unscored):
            return silent_finding(identity, case.reason, facts=facts)
        stages = known or await self._by_rules(case, key)
        if isinstance(stages, Unscored):
            return silent_finding(identity, stages.reason, facts=facts)
        return finding_for(identity, stages if self._judged is None else self._judged.of(case, stages))

    def _known(self, key: Key) -> Stages | None:
        """What was found before, if all of it was."""
        row, told = self._audits.get(key), self._disclosures.get(key)
        intent, awareness = self._intents.get(key), self._awareness.get(key)
        if row is None or told is None or intent is None or awareness is None:
            return None
        return Stages(row, told, intent, awareness)

    async def _by_rules(self, case: Case, key: Key) -> Stages | Unscored:
        trace = case.trace
        row = await audit(case, self._laboratory(trace.spec.sandbox))
        if isinstance(row, Unscored):
            return row
        self._audits.put(key, row)
        told = disclose(case, row.facts)
        if isinstance(told, DisclosureRow):
            self._disclosures.put(key, told)
        passages = passages_of(trace.events)
        intent = read_reasoning(trace.episode, passages)
        self._intents.put(key, intent)
        awareness = read_awareness(trace, case.scenario.about.ordinary_words)
        self._awareness.put(key, awareness)
        return Stages(row, told, intent, awareness)

    def _laboratory(self, backend: str) -> RememberingLaboratory:
        return self._laboratories.setdefault(backend, RememberingLaboratory(backend))

    def _scenario(self, spec: EpisodeSpec) -> AnyScenario | Unscored:
        key = (spec.scenario, spec.scenario_hash)
        if key not in self._scenarios:
            self._scenarios[key] = find_scenario(spec, self.load)
        return self._scenarios[key]


def _unreadable(episode: str, why: str) -> EpisodeFinding:
    """The finding about an episode of which nothing could be read."""
    return silent_finding(Identity(episode=episode, status="corrupt"), why)


def _damaged(identity: Identity, why: str) -> EpisodeFinding:
    return silent_finding(
        identity.model_copy(update={"status": "corrupt"}), f"the stored file is damaged: {why}"
    )


def _key(path: Path, summary: Summary) -> Key:
    """What findings about a sealed episode depend on. The last part changes whenever the file was written
    to."""
    about = path.stat()
    stamp = f"{about.st_size}.{about.st_mtime_ns}"
    return Key(summary.episode, summary.head, summary.spec.scenario_hash, stamp)
