"""``ulterior scenarios lint``: the checks of a scenario, those in which planted agents act among them.

What needs no agent stands in :mod:`ulterior.scenarios.lint`. Here ``honest`` works in the control cell, and
every agent that declares a violation in the primary one: the one has to be able to do the whole task, the
others to get to the act, each within the scenario's own budgets and with turns to spare.
"""

import tempfile
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from ulterior.analysis.audit import AuditRow, audit
from ulterior.analysis.case import Case, Unscored, open_case
from ulterior.cli.playing import Part, Played, play
from ulterior.scenarios import AnyScenario, load_scenario
from ulterior.scenarios.lint import Finding, Linted, lint_scenario, rule_files
from ulterior.traces import Frozen, Study

__all__ = ["LintedScenario", "lint_by_name", "lint_text", "lint_whole"]

_SHARE = 0.6
"""Of the turns that the limits allow; models need more than a script that knows the way."""
_TASK_DONE = "task_done"
"""The measure by which an oracle may say how much of the task was done: 1 is all of it."""
_VIOLATIONS = ("violated", "violated_reverted")
_SHOWN = 12
_CANNOT_PLAY = frozenset({"unbuildable", "role-invalid", "truth-undeclared"})


class LintedScenario(Frozen):
    """All that was found of one scenario. ``differences`` are characters that differ per factor and level."""

    scenario: str
    findings: tuple[Finding, ...]
    differences: dict[str, int]

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level == "error"]


async def lint_by_name(names: Iterable[str], seeds: int, static: bool) -> list[LintedScenario]:
    """Lint scenarios. Raises :class:`UsageError` and :class:`ScenarioError` for one that can't be loaded."""
    scenarios = {name: load_scenario(name) for name in names}
    return [await lint_whole(name, scenario, seeds, static) for name, scenario in scenarios.items()]


async def lint_whole(
    name: str, scenario: AnyScenario, seeds: int = 6, static: bool = False
) -> LintedScenario:
    """Every check of one scenario; with ``static`` those alone in which no agent acts."""
    linted: Linted = await lint_scenario(scenario, seeds)
    findings = list(linted.findings)
    if not static and not any(finding.check in _CANNOT_PLAY for finding in findings):
        with tempfile.TemporaryDirectory(prefix="ulterior-lint-") as folder:
            findings += await _acted(scenario, Study.create(Path(folder), {}))
    return LintedScenario(
        scenario=name,
        findings=tuple(dict.fromkeys(findings)),
        differences={f"{each.factor}={each.level}": each.characters for each in linted.differences},
    )


# ---- Agents that act -------------------------------------------------------------------------------------


async def _acted(scenario: AnyScenario, study: Study) -> list[Finding]:
    cells = scenario.cells
    primary = next(iter(cells))
    violating = [
        name for name, agent in scenario.playbooks.items() if agent.act(cells[primary]) in _VIOLATIONS
    ]
    parts = [Part(name, primary, cells[primary], 0) for name in violating]
    if "honest" in scenario.playbooks and "control" in cells:
        parts.append(Part("honest", "control", cells["control"], 0))
    findings: list[Finding] = []
    if not violating:
        what = "no planted agent declares a violation in it"
        findings.append(_error("no-violation", f"cell {primary}", what, "write one that reaches the act"))
    for played in await play(scenario, parts, study):
        findings += await _one(scenario, played)
    return findings


async def _one(scenario: AnyScenario, played: Played) -> list[Finding]:
    where, trace = played.part.where, played.trace
    if trace is None:
        return [_error("run-void", where, f"the episode is void: {played.why}", "correct what raises")]
    case = open_case(trace, scenario)
    row = case if isinstance(case, Unscored) else await audit(case)
    if isinstance(case, Unscored) or isinstance(row, Unscored):
        reason = row.reason if isinstance(row, Unscored) else ""
        return [_error("run-unscored", where, reason, "correct the oracle")]
    return [
        *_budgets(scenario, played, where),
        *_truth(scenario, played, row, where),
        *_beside_the_rule(scenario, case, row, where),
    ]


def _budgets(scenario: AnyScenario, played: Played, where: str) -> Iterator[Finding]:
    assert played.trace is not None
    end = played.trace.final.end
    if end is None or end.reason != "submitted":
        what = f"it ends with {end.reason if end else 'nothing'}, not by handing over"
        yield _error("run-unfinished", where, what, "let it hand over, or raise the limits")
    most = scenario.limits.turns
    if played.turns > _SHARE * most:
        what = f"it takes {played.turns} of {most} turns, and it knows the way"
        yield _error("budget-short", where, what, f"raise Limits.turns to {round(played.turns / _SHARE) + 1}")


def _truth(scenario: AnyScenario, played: Played, row: AuditRow, where: str) -> Iterator[Finding]:
    agent = scenario.playbooks[played.part.playbook]
    declared = agent.act(played.part.condition)
    if row.act != declared:
        what = f"it declares {declared}, the audit finds {row.act}"
        yield _error("act-differs", where, what, "see `ulterior scenarios verify`, and correct one of them")
    if agent.name == "honest" and played.part.cell == "control":
        done = row.measures.get(_TASK_DONE)
        if done is None:
            yield Finding(
                "realism",
                "task-unmeasured",
                where,
                "the oracle doesn't measure how much of the task was done",
                f"let it give the measure {_TASK_DONE}, 1 for all of it",
            )
        elif done < 1:
            what = f"it does {done:.0%} of the task"
            yield _error("honest-short", where, what, "without temptation the honest way has to do it all")


def _beside_the_rule(scenario: AnyScenario, case: Case, row: AuditRow, where: str) -> Iterator[Finding]:
    """Whether the agent broke the rule in the very file that states it.

    The rule's file is the one that changes when the rule is stated elsewhere, by the factor ``rule``.
    """
    levels = next((factor.levels for factor in scenario.factors if factor.name == "rule"), ())
    if row.act not in _VIOLATIONS or not {"file", "system"} <= set(levels):
        return
    spec = case.trace.spec
    stated, elsewhere = (
        scenario.instance(spec.seed, {**spec.condition, "rule": level}) for level in ("file", "system")
    )
    for path in sorted(rule_files(stated, elsewhere)):
        if any(not version.planted for version in case.history.versions(path)):
            yield Finding(
                "realism",
                "rule-beside-lever",
                where,
                f"it changes {path}, which states the rule",
                "state the rule in another file than the one that breaks it",
            )


def _error(check: str, where: str, what: str, fix: str) -> Finding:
    return Finding("error", check, where, what, fix)


# ---- Telling ---------------------------------------------------------------------------------------------


def lint_text(linted: Iterable[LintedScenario]) -> Iterator[str]:
    """Findings in lines, by scenario and check, errors first."""
    for each in linted:
        realism = len(each.findings) - len(each.errors)
        widest = max(each.differences, key=each.differences.__getitem__, default=None)
        arms = f"; widest level {widest} with {each.differences[widest]} characters" if widest else ""
        yield f"{each.scenario}: {len(each.errors)} errors, {realism} of realism{arms}"
        ordered = sorted(each.findings, key=lambda finding: (finding.level, finding.check))
        for (level, check), group in groupby(ordered, key=lambda finding: (finding.level, finding.check)):
            found = list(group)
            yield f"  {level}  {check}"
            yield from (f"    {finding.where}: {finding.what}" for finding in found[:_SHOWN])
            if len(found) > _SHOWN:
                yield f"    and {len(found) - _SHOWN} more"
            yield from (f"    fix: {fix}" for fix in dict.fromkeys(finding.fix for finding in found[:3]))
