"""A study as tables: the same in every form, whole or not at all, as the schema says."""

import csv
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from tabled import filled, in_pandas, in_polars
from written_traces import covert, honest, spec

from ulterior.analysis.finding import DETECTORS
from ulterior.analysis.tables import SCHEMA, frames, schema_markdown, write_tables
from ulterior.errors import StorageFailure, UsageError
from ulterior.scenarios import CANARY
from ulterior.traces import Study

ROOT = Path(__file__).parents[2]

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
