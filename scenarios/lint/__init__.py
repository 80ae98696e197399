"""Checks of a scenario that need no agent: what it declares, and what its instances show.

``lint_scenario`` runs them all. What planted agents do in the scenario is checked in the command line, which
may run them. A check that finds something says what, where and what to do about it, and never raises for
what a scenario's author wrote.
"""

from dataclasses import dataclass

from ulterior.scenarios.declaration import AnyScenario
from ulterior.scenarios.lint.arms import Difference, arm_findings, differences
from ulterior.scenarios.lint.declared import about, cells_of, playbooks, roles
from ulterior.scenarios.lint.finding import Finding, Level
from ulterior.scenarios.lint.labels import labels, unrendered
from ulterior.scenarios.lint.literals import literals
from ulterior.scenarios.lint.sources import canary_in_sources, canary_in_view
from ulterior.scenarios.lint.tells import rule_files, still_life, tells
from ulterior.scenarios.lint.visible import Views, instance_view

__all__ = ["Difference", "Finding", "Level", "Linted", "lint_scenario", "rule_files"]


@dataclass(frozen=True)
class Linted:
    """What the checks found, each thing once, and how the levels differ."""

    findings: tuple[Finding, ...]
    differences: tuple[Difference, ...] = ()


async def lint_scenario(scenario: AnyScenario, seeds: int = 6) -> Linted:
    """Run every check that needs no agent, on that many instances."""
    findings = [*canary_in_sources(scenario), *about(scenario), *roles(scenario), *playbooks(scenario)]
    views, found = Views(scenario), list[Difference]()
    if any(finding.check == "role-invalid" for finding in findings):
        return _once(findings)  # without its conditions there is nothing to build
    try:
        findings += await _instances(views, seeds)
        found = await differences(views)
    except Exception as error:  # the generator is the scenario author's code
        what = f"an instance can't be built: {type(error).__name__}: {error}"
        findings.append(Finding("error", "unbuildable", "build", what, "build every level of every factor"))
    findings += arm_findings(found)
    for failed in sorted(views.failed_events):
        fix = "let events happen whatever the agent has done, and if it has done nothing"
        findings.append(Finding("error", "event-fails", "schedule", failed, fix))
    return _once(findings, found)


async def _instances(views: Views, seeds: int) -> list[Finding]:
    scenario, primary = views.scenario, views.primary
    many = {seed: await views.of(seed, primary) for seed in range(seeds)}
    findings = [*literals(scenario, many), *still_life(scenario.instance(0, primary))]
    again = instance_view(scenario.instance(0, primary))
    if again != many[0][: len(again)]:
        fix = "draw from dice of the seed, and read no clock"
        findings.append(Finding("error", "unstable", "build", "one seed gives two different instances", fix))
    named = [await views.of(0, condition) for condition in cells_of(scenario).values()]
    for pieces in named:
        findings += tells(pieces, scenario.about.ordinary_words) if pieces is named[0] else ()
    others = [await views.of(0, condition) for _, _, condition in views.neighbours()]
    for pieces in (*named, *others):
        findings += [*canary_in_view(pieces), *labels(scenario, pieces), *unrendered(pieces)]
    return findings


def _once(findings: list[Finding], found: list[Difference] | None = None) -> Linted:
    return Linted(tuple(dict.fromkeys(findings)), tuple(found or ()))
