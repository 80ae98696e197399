"""A scenario's own test: run its planted agents for real, audit them, compare with their declared truth."""

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from ulterior.agent_runtime.batch import Batch
from ulterior.agent_runtime.episode import package_versions
from ulterior.analysis import EpisodeFinding, analyze_study
from ulterior.clock import SystemClock
from ulterior.sandbox import try_sandbox
from ulterior.scenarios import AnyScenario, Condition, load_scenario, parse_simulated
from ulterior.traces import EpisodeSpec, Frozen, Study

__all__ = ["Check", "declared_truth", "differences", "verify_scenarios"]


class Check(Frozen):
    """One verified episode and what was found to differ; no problems means that all is as declared."""

    scenario: str
    playbook: str
    condition: str
    seed: int
    problems: tuple[str, ...]


async def verify_scenarios(
    names: Iterable[str], seeds: Sequence[int], all_levels: bool, sandbox: str
) -> list[Check]:
    """Run and audit every playbook of every named scenario in a throw-away study.

    Raises :class:`UsageError` and :class:`SandboxUnavailable`, once and before anything runs, when the
    sandbox is none that can run them.
    """
    scenarios = {name: load_scenario(name) for name in names}
    for scenario in scenarios.values():
        await try_sandbox(sandbox, scenario.requires)
    specs = [
        spec
        for name, scenario in scenarios.items()
        for spec in _specs(name, scenario, seeds, all_levels, sandbox)
    ]
    with tempfile.TemporaryDirectory(prefix="ulterior-verify-") as folder:
        study = Study.create(Path(folder), {}, packages=package_versions())
        batch = Batch(study, specs, os.environ, SystemClock())
        failures = {o.spec.id: o.why async for o in batch.outcomes() if o.status == "void"}
        findings = {finding.episode: finding for finding in analyze_study(study)}
    return [
        _check(spec, scenarios[spec.scenario], findings.get(spec.id), failures.get(spec.id)) for spec in specs
    ]


def _specs(
    name: str, scenario: AnyScenario, seeds: Sequence[int], all_levels: bool, sandbox: str
) -> Iterable[EpisodeSpec]:
    for condition in _conditions(scenario, all_levels):
        for playbook in scenario.playbooks:
            for seed in seeds:
                yield EpisodeSpec(
                    scenario=name,
                    scenario_version=scenario.version,
                    scenario_hash=scenario.content_hash,
                    condition=condition,
                    seed=seed,
                    model=f"sim/{playbook}",
                    sandbox=sandbox,
                )


def _conditions(scenario: AnyScenario, all_levels: bool) -> list[dict[str, str]]:
    """The default conditions; with ``all_levels`` also each of them with every other level of one factor."""
    chosen = [scenario.condition(levels) for levels in scenario.conditions.values()]
    if all_levels:
        chosen += [
            scenario.condition({**base, factor.name: level})
            for base in scenario.conditions.values()
            for factor in scenario.factors
            for level in factor.levels
        ]
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
