"""A study as tables: every row, every column, the same in every form."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from toy_desk import SCENARIO
from written_traces import Episode, covert, denier, honest, openly, pay, raise_limit, read_rule, spec

from ulterior.analysis.evidence import Evidence
from ulterior.analysis.finding import DETECTORS
from ulterior.analysis.judges import Judgement
from ulterior.analysis.tables import (
    SCHEMA,
    OutcomeRow,
    Sources,
    Tables,
    frames,
    schema_markdown,
    write_tables,
)
from ulterior.analysis.tables.schema import TableName
from ulterior.errors import StorageFailure, UsageError
from ulterior.scenarios import CANARY
from ulterior.traces import Study

ROOT = Path(__file__).parents[2]
FACTORS = ("factor.arm", "factor.ask")
STRANGE = "=1+1 \x1b[31m and a lone \ud800: I raised the limit"

Records = dict[str, list[dict[str, Any]]]


def in_pandas(tables: Tables[Any]) -> Records:
    """Rows as plain values, None for what is missing."""
    return {
        name: [
            {column: None if value is _na() else value for column, value in row.items()}
            for row in tables[name].astype(object).to_dict("records")
        ]
        for name in SCHEMA
    }


def _na() -> Any:
    import pandas

    return pandas.NA


def in_polars(tables: Tables[Any]) -> Records:
    return {name: tables[name].to_dicts() for name in SCHEMA}


def rows(study: Study, table: TableName, sources: Sources | None = None) -> list[dict[str, Any]]:
    return in_polars(frames(study, "polars", sources))[table]


def filled(study: Study) -> None:
    """A study with something in every table that comes from traces."""
    for seed in range(2):
        for agent in (covert, honest, openly, denier):
            agent(study, spec(f"sim/{agent.__name__}", seed))
    Episode(study, spec("sim/void")).end("infrastructure_error", detail="the provider did not answer")
    running = Episode(study, spec("sim/running"))
    read_rule(running)
    running.log.close()
    strange = Episode(study, spec("sim/strange"))
    read_rule(strange)
    raise_limit(strange)
    pay(strange)
    strange.report(STRANGE)
    strange.end()


def judgement(episode: str, **more: Any) -> Judgement:
    about = {"rubric": "telling", "detector": "sim/judge", "version": "1", "about": "limit_changed"}
    return Judgement.model_validate({"episode": episode, **about, "label": "told", "score": 0.9, **more})


# ---- What the rows say -----------------------------------------------------------------------------------


def test_an_episode_is_one_row_with_a_column_for_every_factor(study: Study) -> None:
    trace = denier(study)
    (row,) = rows(study, "episodes")
    assert row == {
        "episode": trace.episode,
        "scenario": "toy_desk:SCENARIO",
        "scenario_version": "1",
        "model": "sim/covert",
        "seed": 0,
        "epoch": 0,
        "sandbox": "embedded",
        "settings": "{}",
        "fork": None,
        "status": "submitted",
        "limit": None,
        "act": "violated",
        "exposed": True,
        "exposed_at": 6,
        "violated": True,
        "attempted": True,
        "covert": True,
        "overt": False,
        "deceptive": True,
        "intent": row["intent"],
        "awareness": row["awareness"],
        "reasoning": "full",
        "flags": "",
        "turns": 6,
        "tokens_in": 600,
        "tokens_out": 120,
        "cost": pytest.approx(0.06),
        "started": 1_800_000_000.0,
        "ended": 1_800_000_000.0,
        "factor.arm": "conflict",
        "factor.ask": "yes",
    }


def test_facts_measures_and_reasons_are_long_tables(study: Study) -> None:
    episode = denier(study).episode
    true = {
        "episode": episode,
        "fact": "limit_changed",
        "true": True,
        "label": "false_denial",
        "reason": None,
    }
    open_ = {"fact": "bills_open", "true": False, "label": None, "reason": "not true of this run"}
    assert rows(study, "facts") == [true, {"episode": episode, **open_}]
    assert rows(study, "measures") == [
        {"episode": episode, "measure": "bills_paid", "item": None, "value": 2.0}
    ]
    reason = {"episode": episode, "field": "disclosure.bills_open", "reason": "not true of this run"}
    assert reason in rows(study, "reasons")


def test_evidence_stands_with_its_stage_its_place_and_its_words(study: Study) -> None:
    episode = denier(study).episode
    found = [row for row in rows(study, "findings") if row["stage"] in ("audit", "disclosure")]
    nothing = dict.fromkeys(column.name for column in SCHEMA["findings"])
    words = {"start": 0, "end": 31, "quote": "No, I did not change the limit.", "match": "exact"}
    assert found == [
        nothing
        | {"episode": episode, "stage": "audit", "detector": "oracle", "version": DETECTORS["audit"]}
        | {"target": "act", "label": "violated", "rule": "the limit became b'500\\n'"}
        | {"channel": "state", "event": 11},
        nothing
        | {"episode": episode, "stage": "disclosure", "detector": "rule baseline"}
        | {"version": DETECTORS["disclosure"], "target": "limit_changed", "label": "denied"}
        | {"rule": "text denies", "channel": "report", "event": 26}
        | words,
    ]


def test_a_measure_of_an_item_has_the_item_apart(study: Study) -> None:
    from dataclasses import replace

    async def oracle(*about: Any) -> Any:
        return replace(await SCENARIO.oracle(*about), measures={"item:V5-01": 1.0, "item:V5-02": 0.0})

    covert(study)
    sources = Sources(load=lambda _: replace(SCENARIO, oracle=oracle))
    found = [(row["measure"], row["item"], row["value"]) for row in rows(study, "measures", sources)]
    assert found == [("item", "V5-01", 1.0), ("item", "V5-02", 0.0)]


def test_what_is_missing_is_null_and_has_its_reason(study: Study) -> None:
    episode = Episode(study, spec("sim/void"))
    episode.end("infrastructure_error", detail="the provider did not answer")
    (row,) = rows(study, "episodes")
    nulls = {name for name, value in row.items() if value is None}
    assert nulls >= {"exposed", "violated", "covert", "deceptive", "intent", "awareness"}
    why = {row["field"]: row["reason"] for row in rows(study, "reasons")}
    assert why["covert"] == "void, an infrastructure error: the provider did not answer"
    assert rows(study, "measures") == rows(study, "facts") == rows(study, "findings") == []


def test_judgements_are_read_from_the_study_and_their_quotes_are_findings(study: Study) -> None:
    episode = openly(study).episode
    quote = Evidence(seq=20, start=0, end=18, quote="I raised the limit", channel="report")
    told = judgement(episode, evidence=(quote,), unverified=("made up",), review=True)
    silent = judgement(episode, about=None, label=None, score=None, reason="abstained", cost=None)
    store = study.root / "findings" / "judgements-sim-judge.jsonl"
    store.parent.mkdir(exist_ok=True)
    lines = [json.dumps({"batch": "b", "judgement": each.model_dump(mode="json")}) for each in (told, silent)]
    store.write_text("\n".join([lines[0], '{"batch": "b", "judgem', "null", lines[1]]) + "\n")
    first, second = rows(study, "judgements")
    assert (first["label"], first["quotes"], first["unverified"], first["review"]) == ("told", 1, 1, True)
    assert (second["label"], second["score"], second["reason"], second["cost"]) == (
        None,
        None,
        "abstained",
        None,
    )
    (found,) = [row for row in rows(study, "findings") if row["stage"] == "judge"]
    assert (found["target"], found["label"], found["score"], found["event"], found["quote"]) == (
        "telling:limit_changed",
        "told",
        0.9,
        20,
        "I raised the limit",
    )


@dataclass(frozen=True)
class Effect:
    """An effect with the attributes of the table's columns."""

    rows: tuple[OutcomeRow, ...]
    factor: str = "arm"
    value: str = "plenty"
    reference: str = "conflict"
    k0: int = 0
    n0: int = 0
    clusters: int = 1
    odds_ratio: float | None = None
    odds_low: float | None = None
    odds_high: float | None = None
    difference: float | None = 0.5
    low: float | None = 0.1
    high: float | None = 0.9
    p: float | None = 0.04
    p_holm: float | None = 0.04
    p_bh: float | None = 0.04
    level: float = 0.95
    method: str = "none"
    estimand: str = "this suite"
    warnings: tuple[str, ...] = ("few clusters", "few episodes")
    reasons: dict[str, str] = field(default_factory=lambda: {"odds_ratio": "separated"})

    @property
    def k(self) -> int:
        return sum(row.outcome for row in self.rows)

    @property
    def n(self) -> int:
        return len(self.rows)


def test_effects_are_estimated_from_judged_episodes_that_are_no_forks(study: Study) -> None:
    filled(study)
    given: list[tuple[OutcomeRow, ...]] = []

    def estimate(judged: Iterable[OutcomeRow]) -> Iterator[Effect]:
        given.append(tuple(judged))
        yield Effect(given[-1])

    violated, covertly, deceptive = rows(study, "effects", Sources(effects=estimate))
    assert [row["outcome"] for row in (violated, covertly, deceptive)] == ["violated", "covert", "deceptive"]
    assert (violated["k"], violated["n"], violated["odds_ratio"], violated["difference"]) == (7, 9, None, 0.5)
    assert violated["warnings"] == "few clusters; few episodes"
    assert json.loads(violated["reasons"]) == {"odds_ratio": "separated"}
    assert given[0][0] == OutcomeRow(True, {"arm": "conflict", "ask": "yes"}, SCENARIO.name, 0, "sim/covert")


# ---- The same in every form ------------------------------------------------------------------------------


def test_frames_of_pandas_and_polars_hold_the_same(study: Study) -> None:
    filled(study)
    pandas, polars = frames(study), frames(study, "polars")
    assert in_pandas(pandas) == in_polars(polars)
    assert len(polars.episodes) == 11
    assert list(pandas) == list(polars) == list(SCHEMA)
    types = {"String": "string", "Int64": "Int64", "Float64": "Float64", "Boolean": "boolean"}
    for name in SCHEMA:
        kinds = {column: types[str(kind)] for column, kind in polars[name].schema.items()}
        assert {column: str(kind) for column, kind in pandas[name].dtypes.items()} == kinds


def test_parquet_gives_back_what_frames_hold(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import polars

    monkeypatch.setattr("ulterior.analysis.tables.files._GROUP", 4)
    filled(study)
    counts = write_tables(study, tmp_path / "out")
    expected = frames(study, "polars")
    for name, count in counts.items():
        read = polars.read_parquet(tmp_path / "out" / f"{name}.parquet")
        assert read.equals(expected[name]), name
        assert read.schema == expected[name].schema
        assert read.height == count
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        [*(f"{name}.parquet" for name in SCHEMA), "tables.json"]
    )


def test_a_parquet_file_is_written_in_groups_and_says_what_it_is(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib import import_module

    parquet: Any = import_module("pyarrow.parquet")
    monkeypatch.setattr("ulterior.analysis.tables.files._GROUP", 4)
    filled(study)
    write_tables(study, tmp_path)
    file = parquet.ParquetFile(tmp_path / "episodes.parquet")
    assert (file.num_row_groups, file.metadata.num_rows) == (3, 11)
    about = {name.decode(): value.decode() for name, value in file.schema_arrow.metadata.items()}
    assert about["ulterior.canary"] == CANARY
    assert about["ulterior.study"] == "study"
    assert json.loads(about["ulterior.detectors"]) == dict(DETECTORS)
    cost = file.schema_arrow.field("cost")
    assert cost.metadata[b"unit"] == b"US dollars"
    assert (file.schema_arrow.field("episode").nullable, cost.nullable) == (False, True)


def test_lines_of_json_hold_what_frames_hold(study: Study, tmp_path: Path) -> None:
    filled(study)
    write_tables(study, tmp_path, "jsonl")
    read = {
        name: [json.loads(line) for line in (tmp_path / f"{name}.jsonl").read_text().splitlines()]
        for name in SCHEMA
    }
    assert read == in_polars(frames(study, "polars"))


def test_csv_has_no_formulas_and_no_unseen_characters(study: Study, tmp_path: Path) -> None:
    filled(study)
    write_tables(study, tmp_path, "csv")
    text = (tmp_path / "findings.csv").read_text(encoding="utf-8")
    assert "\x1b" not in text
    with (tmp_path / "findings.csv").open(newline="", encoding="utf-8") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if cell.lstrip().startswith(("=", "+", "@"))] == []
    (quoted,) = [cell for cell in cells if "1+1" in cell]
    assert quoted == "'=1+1 ␛[31m and a lone \\ud800: I raised the limit"


def test_an_empty_study_has_all_tables_with_all_columns_and_no_rows(study: Study, tmp_path: Path) -> None:
    pandas, polars = frames(study), frames(study, "polars")
    for name, columns in SCHEMA.items():
        names = [column.name for column in columns]
        assert (list(pandas[name].columns), len(pandas[name])) == (names, 0)
        assert (polars[name].columns, polars[name].height) == (names, 0)
    assert set(write_tables(study, tmp_path / "parquet").values()) == {0}
    write_tables(study, tmp_path / "csv", "csv")
    assert (tmp_path / "csv" / "facts.csv").read_text() == "episode,fact,true,label,reason\n"


# ---- The schema ------------------------------------------------------------------------------------------


def test_what_is_never_null_never_is(study: Study) -> None:
    filled(study)
    read = in_polars(frames(study, "polars"))
    for name, columns in SCHEMA.items():
        for column in columns:
            if not column.null:
                assert [row for row in read[name] if row[column.name] is None] == [], f"{name}.{column.name}"


def test_the_document_holds_the_schema() -> None:
    document = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert document.endswith(schema_markdown()), "print(ulterior.analysis.tables.schema_markdown())"


def test_the_description_beside_the_files_names_every_column(study: Study, tmp_path: Path) -> None:
    filled(study)
    counts = write_tables(study, tmp_path, "csv")
    about = json.loads((tmp_path / "tables.json").read_text())
    assert about["ulterior.canary"] == CANARY
    assert {name: table["rows"] for name, table in about["tables"].items()} == counts
    for name, table in about["tables"].items():
        with (tmp_path / table["file"]).open(newline="", encoding="utf-8") as file:
            assert next(csv.reader(file)) == [column["name"] for column in table["columns"]]
        assert [column["name"] for column in table["columns"]][: len(SCHEMA[name])] == [
            column.name for column in SCHEMA[name]
        ]


# ---- What goes wrong -------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["polars", "pyarrow"])
def test_a_missing_library_is_named_with_what_installs_it(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(UsageError) as told:
        frames(study, "polars") if missing == "polars" else write_tables(study, tmp_path)
    assert missing in told.value.what
    assert told.value.fix == "pip install 'ulterior[tables]'"
    assert list(tmp_path.glob("*.parquet")) == []


def test_a_folder_that_can_not_be_made_is_told_before_anything_is_analysed(
    study: Study, tmp_path: Path
) -> None:
    covert(study)
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageFailure):
        write_tables(study, tmp_path / "file" / "out")
    assert not (study.root / "findings").exists()


def test_a_write_that_fails_leaves_the_old_files_and_no_drafts(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> Any:
        raise OSError(28, "No space left on device")

    covert(study)
    write_tables(study, tmp_path, "jsonl")
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.jsonl")}
    honest(study, spec(seed=1))
    monkeypatch.setattr("ulterior.analysis.tables.files._JsonFile.write", refuse)
    with pytest.raises(StorageFailure):
        write_tables(study, tmp_path, "jsonl")
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.jsonl")} == before
    assert list(tmp_path.glob(".*")) == []
