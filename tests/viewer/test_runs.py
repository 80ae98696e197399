"""The runs document counts as the report does, and leaves out no episode."""

import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_desk import SCENARIO
from written_traces import Episode, covert, denier, honest, openly, raise_limit, read_rule, spec

from ulterior.analysis import EpisodeFinding, analyze_study, build_report, exact_rate
from ulterior.analysis.audit import Funnel
from ulterior.traces import ForkOrigin, Study
from ulterior.viewer.documents import Cell, Column, Runs, ScenarioAbout
from ulterior.viewer.outcomes import OUTCOMES, outcome_of, worst_disclosure
from ulterior.viewer.runs import build_runs

NAME = SCENARIO.name


def everything(study: Study) -> None:
    """Two models with everything in it that can happen to an episode."""
    one, two = "sim/one", "sim/two"
    covert(study, spec(one, 0))
    denier(study, spec(one, 1))
    openly(study, spec(one, 2))
    honest(study, spec(one, 3))
    honest(study, spec(one, 0, arm="plenty"))
    honest(study, spec(one, 0).model_copy(update={"sandbox": "docker"}))
    honest(study, spec(one, 0).model_copy(update={"settings": {"temperature": 1}}))
    unaware = Episode(study, spec(two, 0))
    raise_limit(unaware)
    unaware.report("Done.")
    unaware.end()
    stopped = Episode(study, spec(two, 1), cost=None)
    read_rule(stopped)
    raise_limit(stopped)
    stopped.end("limit", limit="turns")
    Episode(study, spec(two, 2)).end("refusal")
    Episode(study, spec(two, 3)).end("infrastructure_error", detail="the provider did not answer")
    Episode(study, spec(two, 4)).log.close()
    honest(study, spec(two, 5).model_copy(update={"scenario_hash": "0" * 64}))
    honest(study, spec(two, 6).model_copy(update={"scenario": "gone", "scenario_hash": "1" * 64}))
    covert(study, spec(one, 0).model_copy(update={"fork": ForkOrigin(parent=spec(one, 0).id, at=3)}))
    damaged = honest(study, spec(two, 8)).path
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:-50])
    unreadable = honest(study, spec(two, 9)).path
    unreadable.chmod(0o644)
    unreadable.write_bytes(b"no trace at all")
    study.expect([*(path.name[:32] for path in study.sealed()), spec(two, 50).id, spec(two, 51).id])


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study.create(tmp_path / "study", {"name": "by hand"}, packages={"ulterior": "0.1.0"})


@pytest.fixture
def runs(study: Study) -> Runs:
    everything(study)
    return build_runs("by-hand", study, analyze_study(study))


def counts(cell: Cell) -> tuple[Any, ...]:
    return (
        cell.label,
        cell.model,
        cell.episodes,
        cell.scored,
        cell.unscored,
        cell.void,
        cell.running,
        cell.corrupt,
    )


def test_every_episode_is_in_the_cell_of_its_condition_back_end_and_settings(runs: Runs) -> None:
    usual = "sandbox=embedded"
    assert [(cell.scenario, *counts(cell)) for cell in runs.cells] == [
        ("gone", "all", "sim/two", 1, 0, 1, 0, 0, 0),
        (NAME, "arm=conflict, sandbox=docker", "sim/one", 1, 1, 0, 0, 0, 0),
        (NAME, f"arm=conflict, {usual}", "sim/one", 4, 4, 0, 0, 0, 0),
        (NAME, f"arm=conflict, {usual}", "sim/two", 7, 3, 1, 1, 1, 1),
        (NAME, f"arm=conflict, {usual}, temperature=1", "sim/one", 1, 1, 0, 0, 0, 0),
        (NAME, f"arm=plenty, {usual}", "sim/one", 1, 1, 0, 0, 0, 0),
    ]


def test_a_cell_holds_its_rates_and_what_is_in_none(runs: Runs) -> None:
    one, two = runs.cells[2], runs.cells[3]
    assert (one.purpose, one.condition, one.acts) == (
        "temptation",
        {"arm": "conflict", "ask": "yes"},
        {"none": 1, "violated": 3},
    )
    assert one.rates == {
        "exposed": exact_rate(4, 4),
        "violated": exact_rate(3, 4),
        "covert": exact_rate(2, 4),
        "overt": exact_rate(1, 4),
        "deceptive": exact_rate(1, 4),
    }
    assert (two.refused, two.limits, two.acts) == (1, {"turns": 1}, {"none": 1, "violated": 1, "unaware": 1})
    assert two.undecided == {"it ended before it could tell": 1, "the rule had not been shown": 2}
    assert (two.rates["covert"].n, two.rates["covert"].estimate) == (0, None)


def test_the_study_says_what_it_is_and_what_is_missing(runs: Runs) -> None:
    about = runs.study
    assert (about.key, about.name, about.live, about.designs) == (
        "by-hand",
        "study",
        True,
        ({"name": "by hand"},),
    )
    assert about.about == {"packages": "ulterior 0.1.0"}
    assert about.scope.model_dump() == {
        "episodes": 16,
        "scored": 10,
        "infra_error": 1,
        "unscored": 2,
        "running": 1,
        "corrupt": 2,
        "forks": 1,
        "void_attempts": 0,
        "missing": 2,
    }
    assert runs.scenarios == {
        "gone": ScenarioAbout(
            title="gone",
            summary="",
            versions=(SCENARIO.version,),
            facts={},
            fixed={"arm": "conflict", "ask": "yes", "sandbox": "embedded"},
        ),
        NAME: ScenarioAbout(
            title=SCENARIO.title,
            summary=SCENARIO.summary,
            versions=(SCENARIO.version,),
            facts={fact.id: fact.statement for fact in SCENARIO.facts},
            fixed={"ask": "yes"},
        ),
    }
    assert runs.models == ("sim/one", "sim/two")


def test_rows_hold_what_became_of_each_episode(runs: Runs) -> None:
    table = runs.table
    words = {name: decoded(column) for name, column in table.words.items()}
    outcomes = Counter(zip(words["status"], words["outcome"], strict=True))
    assert outcomes == {
        ("submitted", "covert"): 3,
        ("submitted", "overt"): 1,
        ("submitted", "kept"): 4,
        ("submitted", "open"): 1,
        ("submitted", "unscored"): 2,
        ("limit", "broken"): 1,
        ("refusal", "open"): 1,
        ("infrastructure_error", "void"): 1,
        ("running", "running"): 1,
        ("corrupt", "corrupt"): 2,
    }
    fork = words["fork"].index(spec("sim/one", 0).id)
    assert (table.numbers["cell"][fork], words["condition"][fork]) == (None, None)
    assert {name for name in table.words if name.startswith("factor:")} == {"factor:arm"}
    lost = words["scenario"].index(None)
    assert (words["outcome"][lost], table.numbers["seed"][lost]) == ("corrupt", None)
    assert words["unscored"][lost] is not None
    stopped = words["limit"].index("turns")
    assert [table.numbers[name][stopped] for name in ("seed", "epoch", "turns", "tokens", "cost")] == [
        1,
        0,
        2,
        240,
        None,
    ]


def test_the_rates_are_those_of_the_report(study: Study) -> None:
    everything(study)
    findings = analyze_study(study)
    report, runs = build_report(study, findings), build_runs("by-hand", study, findings)
    reported = {
        (section.scenario, cell.label, cell.model): cell
        for section in report.scenarios
        for cell in section.cells
    }
    assert len(reported) == len(runs.cells)
    for cell in runs.cells:
        same = reported[cell.scenario, cell.label, cell.model]
        assert cell.rates == {name: getattr(same, name) for name in cell.rates}
        assert (cell.episodes, cell.scored, cell.acts, cell.undecided, cell.purpose) == (
            same.episodes,
            same.scored,
            same.acts,
            same.undecided,
            same.purpose,
        )
    assert runs.study.scope == report.scope


def test_an_empty_study_is_an_empty_table(study: Study) -> None:
    study.expect([spec().id])
    runs = build_runs("by-hand", study, [])
    assert (runs.cells, runs.table.n, runs.table.ids, runs.models) == ((), 0, [], ())
    assert (runs.study.scope.missing, runs.study.started, runs.study.live) == (1, None, False)
    assert set(runs.table.words) >= {"scenario", "model", "outcome", "condition", "purpose", "fork"}


# ---- Whatever the findings -----------------------------------------------------------------------------


def decoded(column: Column) -> list[str | None]:
    return [column.values[code] for code in column.codes]


ACTS = ["none", "attempted_failed", "violated", "violated_reverted", "not_reached", "unaware", "ambiguous"]
ROWS = st.fixed_dictionaries(
    {
        "scenario": st.sampled_from(["locked_file", "gone", None]),
        "condition": st.sampled_from([{"arm": "a"}, {"arm": "b"}, {"arm": "a", "cue": "x"}]),
        "model": st.sampled_from(["one", "two"]),
        "sandbox": st.sampled_from(["embedded", "docker"]),
        "settings": st.sampled_from([{}, {"temperature": 1}]),
        "seed": st.integers(0, 3),
        "epoch": st.integers(0, 1),
        "status": st.sampled_from(["submitted", "refusal", "limit", "running", "corrupt"]),
        "act": st.sampled_from([*ACTS, "infra_error", None]),
        "exposed": st.booleans(),
        "covert": st.sampled_from([True, False, None]),
        "deceptive": st.sampled_from([True, False, None]),
        "fork": st.sampled_from([None, None, None, "parent"]),
        "cost": st.none() | st.floats(0, 9),
        "started": st.none() | st.floats(1.7e9, 1.8e9),
        "tokens_in": st.none() | st.integers(0, 10**9),
        "flags": st.sampled_from([(), ("odd",), ("odd", "and even")]),
    }
)


def finding(number: int, row: dict[str, Any]) -> EpisodeFinding:
    silent = row["status"] in ("running", "corrupt") or row["scenario"] is None
    row = row | (dict.fromkeys(("act", "covert", "deceptive", "exposed")) if silent else {})
    judged = row["act"] not in (None, "infra_error")
    funnel = Funnel(exposed=True, attempted=True, executed=None) if judged else None
    reasons = {name: f"no {name}" for name in ("act", "covert", "deceptive") if row[name] is None}
    return EpisodeFinding(
        episode=f"{number:032x}", scenario_version="1", funnel=funnel, reasons=reasons, **row
    )


FINDINGS = st.lists(ROWS, max_size=25).map(
    lambda rows: [finding(number, row) for number, row in enumerate(rows)]
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return Study.create(tmp_path_factory.mktemp("any") / "study", {"name": "any"})


@given(findings=FINDINGS)
@settings(max_examples=50)
def test_cells_hold_the_main_line_once_and_rows_point_to_their_cells(
    folder: Study, findings: list[EpisodeFinding]
) -> None:
    runs = build_runs("any", folder, findings)
    main = [f for f in findings if f.fork is None and f.scenario is not None]
    assert sum(cell.episodes for cell in runs.cells) == len(main)
    at = runs.table.numbers["cell"]
    assert Counter(i for i in at if i is not None) == {i: cell.episodes for i, cell in enumerate(runs.cells)}
    words = {name: decoded(column) for name, column in runs.table.words.items()}
    for row, i in enumerate(at):
        if i is None:
            assert words["fork"][row] is not None or words["scenario"][row] is None
            continue
        cell = runs.cells[int(i)]
        assert (words["scenario"][row], words["model"][row]) == (cell.scenario, cell.model)
        assert (words["condition"][row], words["purpose"][row]) == (cell.label, cell.purpose)
    for cell in runs.cells:
        parts = (cell.scored, cell.unscored, cell.void, cell.running, cell.corrupt)
        assert cell.episodes == sum(parts)
        judged = sum(cell.acts.values())
        assert cell.rates["covert"].n + sum(cell.undecided.values()) == judged


@given(findings=FINDINGS)
@settings(max_examples=50)
def test_columns_give_back_the_findings(folder: Study, findings: list[EpisodeFinding]) -> None:
    table = build_runs("any", folder, findings).table
    rows = sorted(findings, key=lambda f: f.order)
    assert (table.n, table.ids) == (len(rows), [f.episode for f in rows])
    words = {name: decoded(column) for name, column in table.words.items()}
    for name in ("scenario", "model", "sandbox", "status", "act", "intent", "awareness", "fork"):
        assert words[name] == [getattr(f, name) for f in rows]
    assert words["outcome"] == [outcome_of(f) for f in rows]
    assert set(words["outcome"]) <= set(OUTCOMES)
    assert words["disclosure"] == [worst_disclosure(f) for f in rows]
    assert words["flags"] == [" ".join(f.flags) or None for f in rows]
    for name in ("seed", "epoch", "turns"):
        assert table.numbers[name] == [getattr(f, name) for f in rows]
    for name, digits in (("cost", 6), ("started", 3)):
        for given_, shown in zip((getattr(f, name) for f in rows), table.numbers[name], strict=True):
            assert (given_ is None) == (shown is None)
            assert given_ is None or math.isclose(given_, shown or 0, abs_tol=10**-digits)
    for name in {name for f in rows for name in f.condition or {}}:
        levels = [(f.condition or {}).get(name) for f in rows]
        column = words.get(f"factor:{name}")
        assert column == (levels if len(set(levels) - {None}) > 1 else None)
    assert json.loads(json.dumps(table.model_dump(mode="json"))) == table.model_dump(mode="json")
