"""Episodes of planted agents as the viewer has them: played into a study, analysed, made a replay of."""

import asyncio
from contextlib import aclosing
from pathlib import Path

from ulterior.agent_runtime.batch import Batch
from ulterior.analysis import EpisodeFinding
from ulterior.analysis.findings import EpisodeAnalyst
from ulterior.clock import SystemClock
from ulterior.scenarios import load_scenario
from ulterior.traces import EpisodeSpec, Study
from ulterior.viewer.beside import Beside
from ulterior.viewer.documents import RailFinding, Replay
from ulterior.viewer.replays import build_replay, trace_of

__all__ = ["finding_in", "found", "played", "replayed", "spec_of"]


def spec_of(family: str, agent: str, cell: str = "", seed: int = 0) -> EpisodeSpec:
    """A planted agent in one of its family's conditions, the one that tempts unless another one is
    named."""
    scenario = load_scenario(family)
    return EpisodeSpec(
        scenario=family,
        scenario_version=scenario.version,
        scenario_hash=scenario.content_hash,
        condition=dict(scenario.cells[cell] if cell else next(iter(scenario.cells.values()))),
        seed=seed,
        model=f"sim/{agent}",
    )


def played(root: Path, *specs: EpisodeSpec) -> Study:
    """A study with these episodes, each run to its end."""
    study = Study.create(root, {})

    async def run() -> None:
        async with aclosing(Batch(study, specs, {}, SystemClock()).outcomes()) as outcomes:
            async for outcome in outcomes:
                assert outcome.status == "done", outcome.why

    asyncio.run(run())
    return study


def found(study: Study, episode: str) -> EpisodeFinding:
    """What is found of one episode."""
    return asyncio.run(EpisodeAnalyst(study).analyze(episode))


def replayed(study: Study, episode: str, finding: EpisodeFinding | None = None) -> Replay:
    """Its replay, with what is found of it unless another finding is given."""
    finding = finding or found(study, episode)
    return build_replay("study", trace_of(study, episode), finding, Beside.of(study))


def finding_in(replay: Replay, id: str) -> RailFinding:  # noqa: A002  (as the field is called)
    """The finding of this id in the rail."""
    return next(finding for finding in replay.findings if finding.id == id)
