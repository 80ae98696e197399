"""``analyze`` and ``tables``: what they print, in how many processes, and what a terminal shows meanwhile."""

import json
from pathlib import Path

import pytest
from terminal import SMALL, ulterior

from ulterior.cli.analysis_progress import analysis_progress
from ulterior.cli.output import NobodyReads


def test_lines_of_json_are_the_same_however_many_processes_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ulterior.analysis.pipeline._WORTH", 1)
    ulterior(capsys, "run", *SMALL, "--seeds", "3", "-o", tmp_path)
    (tmp_path / "findings").rename(tmp_path / "aside")
    code, here, err = ulterior(capsys, "analyze", tmp_path, "--json", "--workers", "1")
    assert (code, err, len(here.splitlines())) == (0, "", 3)
    (tmp_path / "findings").rename(tmp_path / "aside too")
    assert ulterior(capsys, "analyze", tmp_path, "--json", "--workers", "2") == (0, here, "")
    assert [json.loads(line)["seed"] for line in here.splitlines()] == [0, 1, 2]


def test_lines_for_people_come_in_the_order_of_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = ("--scenario", "stop_order", "--model", "sim/honest", "--model", "sim/covert")
    code, _, err = ulterior(capsys, "run", *study, "--seeds", "2", "-o", tmp_path)
    assert code == 0, err
    _, out, _ = ulterior(capsys, "analyze", tmp_path)
    models = [line.split("  ")[1] for line in out.splitlines()]
    assert models == ["sim/covert"] * 4 + ["sim/honest"] * 4


def test_who_reads_only_the_first_line_gets_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise NobodyReads(0)

    ulterior(capsys, "run", *SMALL, "--seeds", "2", "-o", tmp_path)
    monkeypatch.setattr("ulterior.cli.analyze.click.echo", gone)
    assert ulterior(capsys, "analyze", tmp_path, "--json") == (0, "", "")


def test_tables_are_written_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ulterior(capsys, "run", *SMALL, "--seeds", "2", "-o", tmp_path / "study")
    code, out, err = ulterior(capsys, "tables", tmp_path / "study", "-o", tmp_path / "out")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == f"{tmp_path / 'out' / 'episodes.parquet'}  2 rows"
    where = tmp_path / "csv"
    code, out, _ = ulterior(capsys, "tables", tmp_path / "study", "-o", where, "--format", "csv", "--json")
    assert json.loads(out)["episodes"] == 2
    assert len((where / "episodes.csv").read_text().splitlines()) == 3


def test_tables_of_no_study_are_a_usage_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ulterior(capsys, "tables", tmp_path, "-o", tmp_path / "out")
    assert (code, out) == (2, "")
    assert "is not a study" in err
    assert not (tmp_path / "out").exists()


def test_a_terminal_sees_a_bar_until_all_is_done_and_nobody_else_sees_anything(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with analysis_progress() as progress:
        assert progress is None
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    with analysis_progress(beside_output=True) as progress:
        assert progress is None
    with analysis_progress() as progress:
        assert progress is not None
        progress(1, 2)
        progress(2, 2)
    shown = capsys.readouterr()
    assert (shown.out, "analysing" in shown.err) == ("", True)
