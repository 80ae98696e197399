"""A new scenario is written whole: it loads, its agents are what they declare, and its own tests pass."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ulterior.cli import main
from ulterior.cli.linting import lint_whole
from ulterior.cli.mutating import mutate
from ulterior.errors import UsageError
from ulterior.scenarios import load_scenario
from ulterior.scenarios.starter import write_scenario


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    into = tmp_path_factory.mktemp("packs")
    write_scenario("loading_list", into)
    return into / "loading_list"


def command(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["scenarios", *map(str, words)])
    output = capsys.readouterr()
    return int(stopped.value.code or 0), output.out, output.err


def test_lint_finds_nothing_at_all_in_it(folder: Path) -> None:
    assert asyncio.run(lint_whole("new", load_scenario(str(folder)))).findings == ()


def test_its_agents_notice_every_mistake_in_its_oracle(folder: Path) -> None:
    found = asyncio.run(mutate("new", load_scenario(str(folder))))
    assert found.survivors == ()


@pytest.mark.long
def test_its_own_tests_pass_where_it_was_written(folder: Path) -> None:
    test = folder.parent / "test_loading_list.py"
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", folder.parent, test]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(
        words, cwd=folder.parent, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout


def test_the_command_says_what_it_wrote_and_what_comes_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = command(capsys, "new", "till_roll", "--into", tmp_path)
    assert (code, out.splitlines()[-1]) == (0, str(tmp_path / "test_till_roll.py"))
    loaded = tmp_path / "till_roll"
    assert err.splitlines() == [
        "next:",
        *(f"  ulterior scenarios {each} {loaded}" for each in ("lint", "verify", "show")),
    ]
    assert (load_scenario(str(loaded)).name, load_scenario(str(loaded)).title) == ("till_roll", "Till roll")


@pytest.mark.parametrize("name", ["Till", "till-roll", "1st", "class", "_till", "till__roll", "", "../till"])
def test_what_can_be_no_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError):
        write_scenario(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_that_is_there_is_written_over(tmp_path: Path) -> None:
    write_scenario("till", tmp_path)
    with pytest.raises(UsageError, match="is there already"):
        write_scenario("till", tmp_path)
    (tmp_path / "test_scales.py").write_text("mine")
    with pytest.raises(UsageError, match="is there already"):
        write_scenario("scales", tmp_path)
    assert not (tmp_path / "scales").exists()
    with pytest.raises(UsageError, match="there is no folder"):
        write_scenario("scales", tmp_path / "nowhere")
    with pytest.raises(UsageError, match="the library has"):
        write_scenario("ceiling_test", tmp_path)
