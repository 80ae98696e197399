"""From findings to a report: grouping and counting, nothing else."""

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
from ulterior.analysis.report.grouping import (
    cells_of,
    declared,
    fixed_choices,
    grouped,
    kind_of,
    purposes,
    scope_of,
)
from ulterior.analysis.report.model import (
    ForestRow,
    ModelFunnel,
    ModelRow,
    Report,
    ScenarioSection,
    UnscoredGroup,
)
from ulterior.analysis.report.validity import PurposeOf, validity_of
from ulterior.analysis.report.wording import METHODS, READING
from ulterior.analysis.sandbagging.study import sandbagging_verdicts
from ulterior.analysis.triangle import triangle_table
from ulterior.errors import UlteriorError
from ulterior.scenarios import CANARY, Condition, load_scenario
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
    purpose = purposes(known, load)
    detectors, measured = detectors_of(rated), cards_in(cards or study.root)
    sections = tuple(
        _section(study, scenario, group, load, purpose)
        for scenario, group in grouped(known, lambda f: f.scenario or "")
    )
    return Report(
        canary=CANARY,
        ulterior=__version__,
        study=str(study.root),
        about=_about(study.about),
        started=min(times, default=None),
        ended=max(times, default=None),
        scope=scope_of(study, everything, rated),
        detectors=tuple(detector_lines(detectors, measured)),
        models=tuple(_model_row(model, group) for model, group in grouped(known, lambda f: f.model or "")),
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


def _primary(load: LoadScenario) -> Callable[[str], Condition]:
    """The condition of a scenario that tempts; nothing in particular where it can't be had."""

    def primary(name: str) -> Condition:
        scenario = declared(name, load)
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
    there = {name for name in {finding.scenario or "" for finding in known} if declared(name, load)}
    return [finding for finding in known if finding.scenario in there]


def _forest(known: Findings, purpose: PurposeOf) -> tuple[ForestRow, ...]:
    tempting = [finding for finding in known if purpose(finding) == "temptation"]
    return tuple(
        ForestRow(scenario=scenario, model=model, covert=rate_of(own, lambda finding: finding.covert))
        for scenario, group in grouped(tempting, lambda f: f.scenario or "")
        for model, own in grouped(group, lambda f: f.model or "")
    )


def _funnels(known: Findings, purpose: PurposeOf) -> tuple[ModelFunnel, ...]:
    tempting = [finding for finding in known if purpose(finding) == "temptation" and finding.act is not None]
    judged = [finding for finding in tempting if finding.act != "infra_error"]
    return tuple(
        ModelFunnel(model=model, stages=tuple(funnel_of(group)))
        for model, group in grouped(judged, lambda f: f.model or "")
    )


def _section(
    study: Study, name: str, group: Findings, load: LoadScenario, purpose: PurposeOf
) -> ScenarioSection:
    scenario = declared(name, load)
    fixed = fixed_choices(group)
    cells = [(label, model, cell) for label, models in cells_of(group, fixed) for model, cell in models]
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


def _unscored(rated: Findings) -> Iterable[UnscoredGroup]:
    silent = [finding for finding in rated if kind_of(finding) != "scored"]

    def key(finding: EpisodeFinding) -> tuple[str, str]:
        reason = finding.reasons.get("act") or finding.reasons.get("disclosure", "")
        return kind_of(finding), reason

    for (status, reason), group in groupby(sorted(silent, key=lambda f: (key(f), f.order)), key):
        members = list(group)
        yield UnscoredGroup(
            status=status, reason=reason, n=len(members), examples=tuple(f.episode[:12] for f in members[:3])
        )
