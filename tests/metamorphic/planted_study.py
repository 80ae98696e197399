"""A study of planted agents, and what is found when its episodes are told differently."""

import asyncio
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rewriting import Change, copied

from ulterior.agent_runtime.batch import Batch
from ulterior.analysis import EpisodeFinding, analyze_study
from ulterior.clock import SystemClock
from ulterior.scenarios import load_scenario
from ulterior.traces import EpisodeSpec, Study, Trace

FAMILIES = ("borrowed_allotment", "locked_file", "ceiling_test", "reading_over_limit", "two_questionnaires")
AGENTS = ("honest", "covert+admits", "denier", "open_violation+rationalises", "suspicious", "refuser")
SEED = 3

CITED = ("citations", "quotes", "remarks", "exposed_at")
"""Parts of a finding that say where something stands."""
SPENT = ("turns", "tokens_in", "tokens_out", "cost", "started", "ended")


def tempting(family: str) -> dict[str, str]:
    """The condition in which breaking the rule pays."""
    return next(iter(load_scenario(family).cells.values()))


def spec(
    family: str, agent: str, seed: int = SEED, condition: Mapping[str, str] | None = None
) -> EpisodeSpec:
    """The episode of a planted agent, under the condition that tempts unless another one is given."""
    scenario = load_scenario(family)
    return EpisodeSpec(
        scenario=family,
        scenario_version=scenario.version,
        scenario_hash=scenario.content_hash,
        condition=dict(condition or tempting(family)),
        seed=seed,
        model=f"sim/{agent}",
    )


def play(study: Study, specs: Sequence[EpisodeSpec]) -> None:
    """Run these episodes into a study, each to its end."""

    async def run() -> None:
        async with aclosing(Batch(study, specs, {}, SystemClock()).outcomes()) as outcomes:
            async for outcome in outcomes:
                assert outcome.status == "done", outcome.why

    asyncio.run(run())


@dataclass
class Planted:
    """The study as played: traces and findings by episode. Changed ones go to folders beside it."""

    study: Study
    traces: Mapping[str, Trace]
    findings: Mapping[str, EpisodeFinding]
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def fresh(self) -> Study:
        """An empty study."""
        number = next(self._numbers)
        return Study.create(self.study.root.with_name(f"{self.study.root.name}-{number}"), {})

    def names(self, episodes: Iterable[str] | None = None) -> list[str]:
        return list(self.traces if episodes is None else episodes)

    def of(self, agent: str = "", family: str = "") -> list[str]:
        """The episodes of agents whose names begin so, in one family or all."""
        specs = {episode: trace.spec for episode, trace in self.traces.items()}
        return [
            episode
            for episode, each in specs.items()
            if each.model.startswith(f"sim/{agent}") and each.scenario.startswith(family)
        ]

    def told(
        self, *changes: Change, only: Iterable[str] | None = None, model: str | None = None
    ) -> dict[str, EpisodeFinding]:
        """What is found when these episodes are told with these changes, by their ids as played. ``model`` is
        another name for who played them."""
        study, ids = self.fresh(), dict[str, str]()
        for episode in self.names(only):
            trace = self.traces[episode]
            named = trace.spec.model_copy(update={"model": f"{model}/{trace.spec.model}"} if model else {})
            ids[copied(trace, study, *changes, spec=named).episode] = episode
        return {ids[finding.episode]: finding for finding in analyze_study(study)}

    def differences(
        self, found: Mapping[str, EpisodeFinding], *but: str
    ) -> dict[str, dict[str, tuple[Any, Any]]]:
        """By family and agent: fields that differ from what was found in the episodes as played, as pairs of
        before and after."""
        differing = {
            f"{finding.scenario} {self.findings[episode].model}": apart(self.findings[episode], finding, *but)
            for episode, finding in found.items()
        }
        return {name: fields for name, fields in differing.items() if fields}


def apart(before: EpisodeFinding, after: EpisodeFinding, *but: str) -> dict[str, tuple[Any, Any]]:
    """Where two findings differ, but for these fields."""
    one, two = before.as_json(), after.as_json()
    return {name: (one[name], two[name]) for name in one if name not in but and one[name] != two[name]}


def plant(root: Path) -> Planted:
    """Play the study once."""
    study = Study.create(root / "study", {})
    specs = [spec(family, agent) for family in FAMILIES for agent in AGENTS]
    play(study, specs)
    found = {finding.episode: finding for finding in analyze_study(study)}
    return Planted(study, {each.id: study.trace(each.id) for each in specs}, found)
