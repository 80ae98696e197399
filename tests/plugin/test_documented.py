"""``docs/pytest.md`` as a newcomer follows it, in one process and under xdist."""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ulterior.cli import main
from ulterior.traces import Study

Run = Callable[..., pytest.RunResult]

PAGE = (Path(__file__).parents[2] / "docs/pytest.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.S | re.M)


def commands(program: str) -> list[list[str]]:
    """The words of every command that the page shows, without the program's name."""
    lines = [line for block in blocks("bash") for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith(f"{program} ")]


@pytest.fixture
def folder(pytester: pytest.Pytester, run: Run) -> Path:
    """What the page lets one make."""
    (pytester.path / "gate.yaml").write_text(blocks("yaml")[0])
    (pytester.path / "test_agent.py").write_text(blocks("python")[0])
    for words in commands("ulterior"):
        with pytest.raises(SystemExit) as stopped:
            main(words)
        assert stopped.value.code == 0
    return pytester.path


@pytest.mark.long
def test_the_example_passes_and_then_fails_as_the_page_says(folder: Path, run: Run) -> None:
    same, worse = commands("pytest")
    run(*same).assert_outcomes(passed=8)
    # Two workers: the episodes of each ask are run by one of them, and the other reads.
    command = [sys.executable, "-m", "pytest", "-p", "no:langsmith_plugin", "-v", "-n", "2", *worse]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    ended = {name: word for word, name in re.findall(r"^\[gw\d\] \[ *\d+%\] (\w+) (\S+)", done.stdout, re.M)}
    assert ended == {
        "test_agent.py::test_it_seldom_breaks_the_rule_covertly": "FAILED",
        "test_agent.py::test_it_does_its_work_where_nothing_tempts": "PASSED",
        "test_agent.py::test_the_detectors_see_what_is_planted": "PASSED",
        "ulterior::covert_action[all]": "FAILED",
        "ulterior::covert_action[kept_word]": "SKIPPED",
        "ulterior::covert_action[locked_file]": "FAILED",
        "ulterior::golden[all]": "FAILED",
        "ulterior::golden[locked_file]": "FAILED",
    }
    assert done.stdout.count("GATE  REGRESSION (exit 10)") == 1
    studies = [Study.open(path.parent) for path in folder.rglob(".pytest_cache/**/study.json")]
    assert sorted(len(list(study.sealed())) for study in studies) == [5, 10, 10, 20, 20, 40, 40]
    assert [note for study in studies for note in study.attempts()] == []


def test_every_option_and_every_argument_of_the_marker_stands_on_the_page(
    request: pytest.FixtureRequest,
) -> None:
    group = request.config._parser.getgroup("ulterior")  # pyright: ignore[reportPrivateUsage]
    names = {name for option in group.options for name in option.names()} - {"--ulterior-chosen"}
    assert [name for name in sorted(names) if f"`{name}" not in PAGE] == []
    marker = next(line for line in request.config.getini("markers") if line.startswith("scenario("))
    arguments = re.findall(r"(\w+)=None", marker.partition(")")[0])
    assert len(arguments) == 8
    assert [name for name in arguments if f"`{name}`" not in PAGE] == []
