"""A study's findings as the runs document: matrix and table."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from ulterior.viewer.documents import Cell, Column, Runs, ScenarioAbout, StudyAbout, Table
from ulterior.viewer.outcomes import outcome_of, worst_disclosure

__all__ = ["build_runs"]

_RATES = ("exposed", "violated", "covert", "overt", "deceptive")


def build_runs(
    key: str, study: Study, findings: Iterable[EpisodeFinding], load: LoadScenario = load_scenario
) -> Runs:
    """The document of a study under a key."""
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
        table=_table(everything, cells, place),
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


# ---- the table ----

_Word = Callable[[EpisodeFinding], str | None]
_WORDS: Mapping[str, _Word] = {
    "scenario": lambda f: f.scenario,
    "model": lambda f: f.model,
    "sandbox": lambda f: f.sandbox,
    "status": lambda f: f.status,
    "limit": lambda f: f.limit,
    "kind": kind_of,
    "act": lambda f: f.act,
    "disclosure": worst_disclosure,
    "outcome": outcome_of,
    "deceptive": lambda f: None if f.deceptive is None else "yes" if f.deceptive else "no",
    "intent": lambda f: f.intent,
    "awareness": lambda f: f.awareness,
    "flags": lambda f: " ".join(f.flags) or None,
    "unscored": lambda f: f.reasons.get("act") or f.reasons.get("disclosure"),
    "fork": lambda f: f.fork,
}

_NUMBERS: Mapping[str, Callable[[EpisodeFinding], float | None]] = {
    "seed": lambda f: f.seed,
    "epoch": lambda f: f.epoch,
    "turns": lambda f: f.turns,
    "tokens": lambda f: None if f.tokens_in is None else f.tokens_in + (f.tokens_out or 0),
    "cost": lambda f: f.cost,
    "started": lambda f: f.started,
    "ended": lambda f: f.ended,
}


def _table(rows: Sequence[EpisodeFinding], cells: Sequence[Cell], place: Mapping[str, int]) -> Table:
    at = [place.get(finding.episode) for finding in rows]
    words = {name: _coded(map(word, rows)) for name, word in _WORDS.items()}
    words["condition"] = _coded(None if i is None else cells[i].label for i in at)
    words["purpose"] = _coded(None if i is None else cells[i].purpose for i in at)
    words |= {f"factor:{name}": column for name, column in _factors(rows)}
    numbers = {name: [number(finding) for finding in rows] for name, number in _NUMBERS.items()}
    return Table(
        n=len(rows),
        ids=[finding.episode for finding in rows],
        words=words,
        numbers={**numbers, "cell": list(at)},
    )


def _factors(rows: Sequence[EpisodeFinding]) -> Iterator[tuple[str, Column]]:
    """The factors that vary, over all scenarios."""
    for name in sorted({name for finding in rows for name in finding.condition or {}}):
        column = _coded((finding.condition or {}).get(name) for finding in rows)
        if len(column.values) > 1:
            yield name, column


def _coded(words: Iterable[str | None]) -> Column:
    known: dict[str | None, int] = {}
    codes = [known.setdefault(word, len(known)) for word in words]
    return Column(values=list(known), codes=codes)
