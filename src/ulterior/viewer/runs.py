"""A study's findings as the runs document: its matrix here, its table in :mod:`ulterior.viewer.table`."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from ulterior.analysis import EpisodeFinding, detectors_of
from ulterior.analysis.case import LoadScenario
from ulterior.analysis.report.cells import cell_of
from ulterior.analysis.report.detectors import cards_in, detector_lines
from ulterior.analysis.report.grouping import (
    cells_of,
    declared,
    fixed_choices,
    grouped,
    kind_of,
    purposes,
    scope_of,
)
from ulterior.scenarios import load_scenario
from ulterior.traces import Study
from ulterior.viewer.documents import Cell, Runs, ScenarioAbout, StudyAbout
from ulterior.viewer.table import table_of

__all__ = ["build_runs"]

_RATES = ("exposed", "violated", "covert", "overt", "deceptive")


def build_runs(
    key: str, study: Study, findings: Iterable[EpisodeFinding], load: LoadScenario = load_scenario
) -> Runs:
    """The document of a study under a key, from all its findings.

    Cells come by scenario, condition and model, rows in table order. Rates are those of the report. Forks are
    rows without a cell, and so are episodes whose identity can't be read.
    """
    everything = sorted(findings, key=lambda finding: finding.order)
    main = [finding for finding in everything if finding.fork is None]
    known = [finding for finding in main if finding.scenario is not None]
    purpose = purposes(known, load)
    scenarios: dict[str, ScenarioAbout] = {}
    cells: list[Cell] = []
    place: dict[str, int] = {}
    for name, group in grouped(known, lambda finding: finding.scenario or ""):
        fixed = fixed_choices(group)
        scenarios[name] = _scenario(name, group, fixed, load)
        for label, models in cells_of(group, fixed):
            for model, members in models:
                place |= {finding.episode: len(cells) for finding in members}
                cells.append(_cell(name, label, model, members, purpose(members[0])))
    return Runs(
        study=_about(key, study, everything, main),
        detectors=tuple(detector_lines(detectors_of(main), cards_in(study.root))),
        scenarios=scenarios,
        models=tuple(sorted({finding.model or "" for finding in known})),
        cells=tuple(cells),
        table=table_of(everything, cells, place),
    )


def _about(
    key: str, study: Study, everything: Sequence[EpisodeFinding], main: Sequence[EpisodeFinding]
) -> StudyAbout:
    times = [time for finding in main for time in (finding.started, finding.ended) if time is not None]
    return StudyAbout(
        key=key,
        name=study.name,
        about={
            name: _plain(value) for name, value in study.about.items() if name not in ("format", "designs")
        },
        designs=tuple(study.about["designs"]),
        started=min(times, default=None),
        ended=max(times, default=None),
        scope=scope_of(study, everything, main),
        live=any(finding.status == "running" for finding in everything),
    )


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value)
        return ", ".join(f"{key} {item}" for key, item in pairs.items())
    return value if isinstance(value, str) else json.dumps(value)


def _scenario(
    name: str, group: Sequence[EpisodeFinding], fixed: Mapping[str, str], load: LoadScenario
) -> ScenarioAbout:
    scenario = declared(name, load)
    return ScenarioAbout(
        title=scenario.title if scenario else name,
        summary=scenario.summary if scenario else "",
        versions=tuple(sorted({f.scenario_version for f in group if f.scenario_version})),
        facts={fact.id: fact.statement for fact in scenario.facts} if scenario else {},
        fixed=dict(fixed),
    )


def _cell(
    scenario: str, label: str, model: str, members: Sequence[EpisodeFinding], purpose: str | None
) -> Cell:
    counted = cell_of(label, model, members, None)
    kinds = Counter(kind_of(finding) for finding in members)
    return Cell(
        scenario=scenario,
        label=label,
        model=model,
        purpose=purpose,
        condition=counted.condition,
        episodes=len(members),
        scored=kinds["scored"],
        unscored=kinds["unscored"],
        void=kinds["infra_error"],
        running=kinds["running"],
        corrupt=kinds["corrupt"],
        refused=counted.refused,
        limits=counted.limits,
        undecided=counted.undecided,
        acts=counted.acts,
        rates={name: getattr(counted, name) for name in _RATES},
    )
