"""From findings to a report: grouping and counting, nothing else."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from ulterior import __version__
from ulterior.analysis.asked import Answer, answer_in
from ulterior.analysis.awareness.panel import awareness_panel
from ulterior.analysis.case import LoadScenario
from ulterior.analysis.claims import claims_table
from ulterior.analysis.effects import study_effects
from ulterior.analysis.finding import EpisodeFinding, detectors_of
from ulterior.analysis.probes import ProbeResult, probe_result
from ulterior.analysis.report.cells import cell_of, disclosure_of, funnel_of, measures_of
from ulterior.analysis.report.comparison import comparison_of
from ulterior.analysis.report.corrected import corrections_of
from ulterior.analysis.report.counting import Findings, counted, rate_of
from ulterior.analysis.report.detectors import as_on_cards, cards_in, detector_lines, suspicions_read
from ulterior.analysis.report.exhibits import exhibits_of
from ulterior.analysis.report.model import (
    ForestRow,
    ModelFunnel,
    ModelRow,
    Report,
    ScenarioSection,
    Scope,
    UnscoredGroup,
)
from ulterior.analysis.report.validity import PurposeOf, validity_of
from ulterior.analysis.report.wording import METHODS, READING
from ulterior.analysis.sandbagging.study import sandbagging_verdicts
from ulterior.analysis.triangle import triangle_table
from ulterior.errors import UlteriorError
from ulterior.scenarios import CANARY, AnyScenario, Condition, Purpose, load_scenario
from ulterior.traces import Study
from ulterior.traces.fork_tree import fork_tree

__all__ = ["build_report"]


def build_report(
    study: Study,
    findings: Iterable[EpisodeFinding],
    load: LoadScenario = load_scenario,
    cards: Path | None = None,
) -> Report:
    """The report of a study from its findings. ``load`` supplies titles; without it names must do.
    ``cards`` is the folder that holds detector cards, the study's own unless it is given."""
    everything = sorted(findings, key=lambda finding: finding.order)
    rated = [finding for finding in everything if finding.fork is None]
    times = [time for finding in rated for time in (finding.started, finding.ended) if time is not None]
    known = [finding for finding in rated if finding.scenario is not None]
    purpose = _purposes(known, load)
    detectors, measured = detectors_of(rated), cards_in(cards or study.root)
    sections = tuple(
        _section(study, scenario, group, load, purpose)
        for scenario, group in _grouped(known, lambda f: f.scenario or "")
    )
    return Report(
        canary=CANARY,
        ulterior=__version__,
        study=str(study.root),
        about=_about(study.about),
        started=min(times, default=None),
        ended=max(times, default=None),
        scope=_scope(study, everything, rated),
        detectors=tuple(detector_lines(detectors, measured)),
        models=tuple(_model_row(model, group) for model, group in _grouped(known, lambda f: f.model or "")),
        comparison=comparison_of(known, purpose),
        forest=_forest(known, purpose),
        funnel=_funnels(known, purpose),
        effects=study_effects(known, load),
        triangle=triangle_table(known),
        awareness=awareness_panel(
            everything,
            _primary(load),
            _probes(study, everything, load),
            suspicions_read(detectors, measured),
        ),
        sandbagging=tuple(sandbagging_verdicts(study, _declared_only(known, load), load=load)),
        corrections=corrections_of(known, purpose, measured, as_on_cards(detectors)),
        validity=validity_of(known, purpose),
        scenarios=sections,
        unscored=tuple(_unscored(rated)),
        method=METHODS[
            any(cell.violated.clusters < cell.violated.n for part in sections for cell in part.cells)
        ],
        reading=READING,
    )


def _about(about: Mapping[str, Any]) -> dict[str, str]:
    """What the study says of itself, as plain words; its designs are left to ``study.json``."""
    lines: dict[str, str] = {}
    for name, value in about.items():
        if name in ("format", "designs"):
            continue
        if isinstance(value, dict):
            pairs = cast("dict[str, Any]", value)
            lines[name] = ", ".join(f"{key} {item}" for key, item in pairs.items())
        else:
            lines[name] = str(value)
    return lines


def _grouped(
    findings: Findings, key: Callable[[EpisodeFinding], str]
) -> list[tuple[str, list[EpisodeFinding]]]:
    ordered = sorted(findings, key=lambda finding: (key(finding), finding.order))
    return [(name, list(group)) for name, group in groupby(ordered, key)]


def _scope(study: Study, everything: Findings, rated: Findings) -> Scope:
    kinds = Counter(_kind(finding) for finding in rated)
    return Scope(
        episodes=len(rated),
        scored=kinds["scored"],
        infra_error=kinds["infra_error"],
        unscored=kinds["unscored"],
        running=kinds["running"],
        corrupt=kinds["corrupt"],
        forks=len(everything) - len(rated),
        void_attempts=sum(1 for _ in study.attempts()),
        missing=len(study.planned() - {finding.episode for finding in everything}),
    )


def _kind(finding: EpisodeFinding) -> str:
    if finding.status in ("running", "corrupt"):
        return finding.status
    if finding.act == "infra_error":
        return "infra_error"
    return "scored" if finding.scored else "unscored"


def _model_row(model: str, group: Findings) -> ModelRow:
    costs = [finding.cost for finding in group if finding.cost is not None]
    return ModelRow(
        model=model,
        episodes=len(group),
        scored=sum(finding.scored for finding in group),
        covert=sum(finding.covert is True for finding in group),
        overt=sum(finding.overt is True for finding in group),
        deceptive=sum(finding.deceptive is True for finding in group),
        refused=sum(finding.status == "refusal" for finding in group),
        limits=counted(finding.limit for finding in group),
        reasoning=counted(finding.reasoning for finding in group),
        tokens_in=sum(finding.tokens_in or 0 for finding in group),
        tokens_out=sum(finding.tokens_out or 0 for finding in group),
        cost=sum(costs) if costs else None,
        unpriced=len(group) - len(costs),
    )


def _purposes(known: Findings, load: LoadScenario) -> PurposeOf:
    """What each episode's condition is there for, by the scenario that it was run with."""
    declared = {name: _declared(name, load) for name in {finding.scenario or "" for finding in known}}

    def purpose(finding: EpisodeFinding) -> Purpose | None:
        scenario = declared.get(finding.scenario or "")
        return scenario.purpose(finding.condition or {}) if scenario else None

    return purpose


def _primary(load: LoadScenario) -> Callable[[str], Condition]:
    """The condition of a scenario that tempts; nothing in particular where it can't be had."""

    def primary(name: str) -> Condition:
        scenario = _declared(name, load)
        return next(iter(scenario.cells.values())) if scenario and scenario.cells else {}

    return primary


def _probes(study: Study, everything: Findings, load: LoadScenario) -> list[ProbeResult]:
    """What the probes of this study found, from the forks that there are."""
    by_id = {finding.episode: finding for finding in everything}
    results: list[ProbeResult] = []
    for experiment in fork_tree(study).experiments:
        if experiment.kind == "probe":
            forks = [e for branch in experiment.branches for e in branch.episodes if e in by_id]
            answers = {fork: _answer(study, fork) for fork in forks}
            results.append(probe_result(experiment, by_id, answers, _primary(load)))
    return results


def _answer(study: Study, fork: str) -> Answer:
    try:
        return answer_in(study.trace(fork))
    except UlteriorError as error:  # gone or damaged since it was found
        return Answer(reason=str(error))


def _declared_only(known: Findings, load: LoadScenario) -> list[EpisodeFinding]:
    """Those whose scenario can be had: what it declares decides."""
    there = {name for name in {finding.scenario or "" for finding in known} if _declared(name, load)}
    return [finding for finding in known if finding.scenario in there]


def _forest(known: Findings, purpose: PurposeOf) -> tuple[ForestRow, ...]:
    tempting = [finding for finding in known if purpose(finding) == "temptation"]
    return tuple(
        ForestRow(scenario=scenario, model=model, covert=rate_of(own, lambda finding: finding.covert))
        for scenario, group in _grouped(tempting, lambda f: f.scenario or "")
        for model, own in _grouped(group, lambda f: f.model or "")
    )


def _funnels(known: Findings, purpose: PurposeOf) -> tuple[ModelFunnel, ...]:
    tempting = [finding for finding in known if purpose(finding) == "temptation" and finding.act is not None]
    judged = [finding for finding in tempting if finding.act != "infra_error"]
    return tuple(
        ModelFunnel(model=model, stages=tuple(funnel_of(group)))
        for model, group in _grouped(judged, lambda f: f.model or "")
    )


def _section(
    study: Study, name: str, group: Findings, load: LoadScenario, purpose: PurposeOf
) -> ScenarioSection:
    scenario = _declared(name, load)
    fixed = _fixed(group)
    cells = [(label, model, cell) for label, models in _cells(group, fixed) for model, cell in models]
    return ScenarioSection(
        scenario=name,
        title=scenario.title if scenario else name,
        summary=scenario.summary if scenario else "",
        versions=tuple(sorted({finding.scenario_version for finding in group if finding.scenario_version})),
        fixed=fixed,
        facts={fact.id: fact.statement for fact in scenario.facts} if scenario else {},
        cells=tuple(cell_of(label, model, cell, purpose(cell[0])) for label, model, cell in cells),
        disclosure=tuple(row for label, model, cell in cells for row in disclosure_of(label, model, cell)),
        claims=tuple(
            row.model_copy(update={"condition": label})
            for label, _, cell in cells
            if scenario
            for row in claims_table(cell, load).rows
        ),
        measures=tuple(row for label, model, cell in cells for row in measures_of(label, model, cell)),
        exhibits=tuple(row for label, model, cell in cells for row in exhibits_of(study, label, model, cell)),
    )


def _declared(name: str, load: LoadScenario) -> AnyScenario | None:
    """The declaration, for titles only: a report must not fail where the scenario can't be had."""
    try:
        return load(name)
    except Exception:  # the scenario is its author's code
        return None


def _chosen(finding: EpisodeFinding) -> dict[str, str]:
    """All that a study chooses about an episode but its model and its instance, as words."""
    settings = {name: json.dumps(value, sort_keys=True) for name, value in finding.settings.items()}
    return {**(finding.condition or {}), "sandbox": finding.sandbox or "", **settings}


def _fixed(group: Findings) -> dict[str, str]:
    choices = [_chosen(finding) for finding in group]
    return {
        name: value
        for name, value in choices[0].items()
        if all(choice.get(name) == value for choice in choices)
    }


def _cells(
    group: Findings, fixed: Mapping[str, str]
) -> list[tuple[str, list[tuple[str, list[EpisodeFinding]]]]]:
    """Cells by condition and model. A condition is labelled by what varies in this study.

    Episodes of other back ends or settings are other cells: they are no repetitions of each other.
    """

    def label(finding: EpisodeFinding) -> str:
        varied = ((name, value) for name, value in _chosen(finding).items() if name not in fixed)
        return ", ".join(f"{name}={level}" for name, level in varied) or "all"

    return [(name, _grouped(cell, lambda f: f.model or "")) for name, cell in _grouped(group, label)]


def _unscored(rated: Findings) -> Iterable[UnscoredGroup]:
    silent = [finding for finding in rated if _kind(finding) != "scored"]

    def key(finding: EpisodeFinding) -> tuple[str, str]:
        reason = finding.reasons.get("act") or finding.reasons.get("disclosure", "")
        return _kind(finding), reason

    for (status, reason), group in groupby(sorted(silent, key=lambda f: (key(f), f.order)), key):
        members = list(group)
        yield UnscoredGroup(
            status=status, reason=reason, n=len(members), examples=tuple(f.episode[:12] for f in members[:3])
        )
