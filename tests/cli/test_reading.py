"""``show``, ``report`` and ``analyze``: reading what a study holds, whatever state it is in."""

from pathlib import Path

import pytest
from terminal import SMALL, ulterior

from ulterior.traces import Study


def test_a_damaged_episode_is_found_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ulterior(capsys, "run", *SMALL, "--seeds", "2", "-o", tmp_path)
    code, out, _ = ulterior(capsys, "show", tmp_path, "--verify")
    assert code == 0, out
    path = next(Study.open(tmp_path).sealed())
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(data)
    code, out, _ = ulterior(capsys, "show", tmp_path, "--verify")
    assert code == 2
    assert path.name[:12] in out
    assert "line" in out


def test_something_that_is_no_study_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("report", "analyze", "show"):
        code, out, err = ulterior(capsys, command, tmp_path)
        assert (code, out) == (2, "")
        assert "is not a study" in err


def test_a_brief_report_has_the_tables_over_all_scenarios_and_no_scenario_by_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ulterior(capsys, "run", *SMALL, "-o", tmp_path)
    _, whole, _ = ulterior(capsys, "report", tmp_path)
    code, brief, _ = ulterior(capsys, "report", tmp_path, "--brief")
    assert code == 0
    assert "Covert violations" in brief
    assert "\nModels\n" in brief
    assert set(brief.splitlines()) < set(whole.splitlines())
    assert "How to read this" in whole
    assert "How to read this" not in brief
    code, _, err = ulterior(capsys, "report", tmp_path, "--brief", "--format", "json")
    assert code == 2
    assert "leave --brief away" in err
