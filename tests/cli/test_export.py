import json
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from terminal import start, ulterior

from ulterior.traces import Study

SMALL = ["--scenario", "locked_file", "--model", "sim/honest", "--model", "sim/covert", "--seeds", "1"]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("studies") / "small"
    process = start("run", *SMALL, "-o", root)
    _, err = process.communicate()
    assert process.returncode == 0, err
    return root


def test_a_study_becomes_one_page(capsys: pytest.CaptureFixture[str], study: Path, tmp_path: Path) -> None:
    code, out, err = ulterior(capsys, "export", study, "-o", tmp_path / "x.html")
    assert (code, out) == (0, "")
    assert f"wrote {tmp_path / 'x.html'}: 4 episodes, 0." in err
    assert (tmp_path / "x.html").read_text().startswith("<!doctype html>")


def test_a_study_becomes_a_folder(capsys: pytest.CaptureFixture[str], study: Path, tmp_path: Path) -> None:
    code, out, err = ulterior(capsys, "export", study, "-o", tmp_path / "x", "--json")
    answer = json.loads(out)
    assert (code, err) == (0, "")
    assert answer.pop("size") > 50_000
    assert answer.pop("documents") >= 6
    assert answer == {"path": str(tmp_path / "x"), "episodes": 4, "left_out": 0}
    assert (tmp_path / "x" / "index.html").is_file()


def test_the_file_of_an_episode_stands_for_it(
    capsys: pytest.CaptureFixture[str], study: Path, tmp_path: Path
) -> None:
    first = next(Study.open(study).sealed())
    code, out, _ = ulterior(capsys, "export", first, "-o", tmp_path / "x.html", "--json")
    assert (code, json.loads(out)["episodes"], json.loads(out)["documents"]) == (0, 1, 3)


def test_several_studies_go_into_one_page(
    capsys: pytest.CaptureFixture[str], study: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    assert ulterior(capsys, "run", *SMALL, "-o", other)[0] == 0
    code, out, _ = ulterior(capsys, "export", study, other, "-o", tmp_path / "x.html", "--json")
    assert (code, json.loads(out)["episodes"]) == (0, 8)


def test_an_unknown_episode_is_said(capsys: pytest.CaptureFixture[str], study: Path, tmp_path: Path) -> None:
    code, _, err = ulterior(capsys, "export", study, "--episode", "zz", "-o", tmp_path / "x.html")
    assert code == 2
    assert err.startswith("error: 'zz' names no single episode\nwhy: no episode begins with it\nfix: ")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_is_said_with_the_fix(study: Path, tmp_path: Path) -> None:
    """The kernel refuses files beyond 60 kB, as it refuses any on a full disk."""

    def small_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    process = start("export", study, "-o", tmp_path / "x.html", preexec_fn=small_disk)
    _, err = process.communicate()
    assert process.returncode == 14
    assert f"can't write {tmp_path / 'x.html'}" in err
    assert "choose another place with -o, or make room there" in err
    assert list(tmp_path.iterdir()) == []


def test_an_export_runs_nothing(study: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from ulterior.cli import _run; code = _run(sys.argv[1:]);"
        "print(*(name.partition('.')[0] for name in sys.modules)); sys.exit(code)"
    )
    command = [sys.executable, "-c", code, "export", str(study), "-o", str(tmp_path / "x.html")]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert {"langgraph", "anthropic", "openai", "docker", "uvicorn"} & set(run.stdout.split()) == set()
