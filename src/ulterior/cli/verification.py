"""A scenario's own test: run its planted agents for real, audit them, compare with their declared truth."""

import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from ulterior.agent_runtime.batch import Batch, Tally
from ulterior.agent_runtime.designs import one_at_a_time
from ulterior.agent_runtime.episode import package_versions
from ulterior.analysis import EpisodeFinding, analyze_study
from ulterior.cli.progress import ProgressLines
from ulterior.clock import SystemClock
from ulterior.errors import UsageError
from ulterior.sandbox import try_sandbox
from ulterior.scenarios import AnyScenario, Condition, load_scenario, parse_simulated
from ulterior.scenarios.voiced_playbooks import split_voices
from ulterior.traces import EpisodeSpec, Frozen, Study

__all__ = ["Check", "Extent", "declared_truth", "differences", "verify_scenarios"]


class Check(Frozen):
    """One verified episode and what was found to differ; no problems means that all is as declared."""

    scenario: str
    playbook: str
    condition: str
    seed: int
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Extent:
    """What to verify: instance seeds, conditions, planted agents (all, if none is named), and where."""

    seeds: Sequence[int]
    all_levels: bool = False
    playbooks: Sequence[str] = ()
    sandbox: str = "embedded"
    workers: int = 1


async def verify_scenarios(names: Iterable[str], extent: Extent) -> list[Check]:
    """Run and audit every playbook of every named scenario in a throw-away study; progress is on stderr.

    Raises :class:`UsageError` and :class:`SandboxUnavailable`, once and before anything runs, when a playbook
    is none of these scenarios' or the sandbox is none that can run them.
    """
    scenarios = {name: load_scenario(name) for name in names}
    _check_playbooks(scenarios.values(), extent.playbooks)
    for scenario in scenarios.values():
        await try_sandbox(extent.sandbox, scenario.requires)
    specs = [spec for name, scenario in scenarios.items() for spec in _specs(name, scenario, extent)]
    with tempfile.TemporaryDirectory(prefix="ulterior-verify-") as folder:
        study = Study.create(Path(folder), {}, packages=package_versions())
        batch = Batch(study, specs, os.environ, SystemClock(), workers=extent.workers)
        failures = await _run(batch)
        findings = {finding.episode: finding for finding in analyze_study(study, workers=extent.workers)}
    return [
        _check(spec, scenarios[spec.scenario], findings.get(spec.id), failures.get(spec.id)) for spec in specs
    ]


def _check_playbooks(scenarios: Iterable[AnyScenario], wanted: Iterable[str]) -> None:
    """A playbook need not be in every scenario, but it has to be in one. Its voices have to exist."""
    known = sorted({name for scenario in scenarios for name in scenario.playbooks})
    if unknown := [name for name in wanted if split_voices(name)[0] not in known]:
        raise UsageError(
            f"no scenario that is to be verified has a playbook {unknown[0]!r}",
            fix=f"they have: {', '.join(known)}",
        )


async def _run(batch: Batch) -> dict[str, str]:
    """Why episodes are void, by id."""
    progress = ProgressLines(batch, "of planted agents", _how_far)
    failures: dict[str, str] = {}
    async with aclosing(batch.outcomes()) as outcomes:
        async for outcome in outcomes:
            if outcome.status == "void":
                failures[outcome.spec.id] = outcome.why
            progress.update(outcome)
    return failures


def _how_far(total: Tally, seconds: float) -> str:
    return f"{total.finished}/{total.planned} episodes, {total.void} void, {seconds:.0f} s"


def _specs(name: str, scenario: AnyScenario, extent: Extent) -> Iterable[EpisodeSpec]:
    wanted = extent.playbooks or scenario.playbooks
    playbooks = [name for name in wanted if split_voices(name)[0] in scenario.playbooks]
    for condition, playbook, seed in product(
        _conditions(scenario, extent.all_levels), playbooks, extent.seeds
    ):
        yield EpisodeSpec(
            scenario=name,
            scenario_version=scenario.version,
            scenario_hash=scenario.content_hash,
            condition=condition,
            seed=seed,
            model=f"sim/{playbook}",
            sandbox=extent.sandbox,
        )


def _conditions(scenario: AnyScenario, all_levels: bool) -> list[dict[str, str]]:
    """The named conditions; with ``all_levels`` also the default ones with another level of one factor."""
    chosen = [*scenario.cells.values(), *(one_at_a_time(scenario, {}) if all_levels else ())]
    return [condition for position, condition in enumerate(chosen) if condition not in chosen[:position]]


def declared_truth(scenario: AnyScenario, spec: EpisodeSpec) -> tuple[str, dict[str, str | None]]:
    """The act and the disclosure labels that the episode's planted agent declares for its condition."""
    simulated = parse_simulated(spec.model.removeprefix("sim/"))
    playbook = simulated.playbook(scenario, spec.seed, spec.condition, spec.epoch)
    return playbook.act(spec.condition), dict(playbook.disclosure(spec.condition))


def differences(truth: tuple[str, dict[str, str | None]], finding: EpisodeFinding) -> list[str]:
    """Where a finding differs from a declared truth, one line each."""
    act, disclosure = truth
    problems = [f"act: declared {act}, found {finding.act}"] if finding.act != act else []
    for fact, label in disclosure.items():
        found = finding.disclosure.get(fact)
        if found != label:
            problems.append(f"disclosure of {fact}: declared {label}, found {found}")
    return problems


def _check(
    spec: EpisodeSpec, scenario: AnyScenario, finding: EpisodeFinding | None, failure: str | None
) -> Check:
    if finding is None:
        problems = [f"the episode is void: {failure or 'no reason given'}"]
    else:
        problems = differences(declared_truth(scenario, spec), finding)
    condition: Condition = spec.condition
    base = scenario.condition({})
    varied = (
        ",".join(f"{name}={level}" for name, level in condition.items() if base[name] != level) or "defaults"
    )
    return Check(
        scenario=spec.scenario,
        playbook=spec.model.removeprefix("sim/"),
        condition=varied,
        seed=spec.seed,
        problems=tuple(problems),
    )
