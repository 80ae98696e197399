"""The command line, as a person or a program uses it."""

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ulterior.cli import main
from ulterior.traces import Study

SMALL = ["--scenario", "errand:SCENARIO", "--model", "sim/steady"]
SUPPORT = Path(__file__).parents[1] / "support"


def ulterior(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    with pytest.raises(SystemExit) as stopped:
        main([str(word) for word in words])
    output = capsys.readouterr()
    code = stopped.value.code
    assert isinstance(code, int)
    return code, output.out, output.err


def start(*words: str | Path, **options: Any) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(SUPPORT)}
    command = [sys.executable, "-m", "ulterior.cli", *map(str, words)]
    return subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
    )


def test_a_study_runs_and_the_same_command_finds_nothing_left_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["run", *SMALL, "--seeds", "3", "-o", tmp_path / "s", "--json"]
    code, out, _ = ulterior(capsys, *command)
    summary = json.loads(out)
    assert (code, summary.pop("seconds") > 0, summary.pop("study")) == (0, True, str(tmp_path / "s"))
    assert summary == {"planned": 3, "done": 3, "skipped": 0, "void": 0, "missing": 0, "cost": 0.0}
    code, out, _ = ulterior(capsys, *command)
    assert (code, json.loads(out)["skipped"], json.loads(out)["done"]) == (15, 3, 0)


def test_a_larger_design_into_the_same_folder_runs_only_what_is_new(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ulterior(capsys, "run", *SMALL, "--seeds", "2", "-o", tmp_path)
    _, out, _ = ulterior(capsys, "run", *SMALL, "--seeds", "3", "-o", tmp_path, "--json")
    assert (json.loads(out)["done"], json.loads(out)["skipped"]) == (1, 2)


def test_shards_are_disjoint_and_together_the_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[tuple[int, int]] = []
    for part in ("1/3", "2/3", "3/3"):
        _, out, _ = ulterior(capsys, "run", *SMALL, "--seeds", "7", "--shard", part, "-o", tmp_path, "--json")
        done.append((json.loads(out)["planned"], json.loads(out)["skipped"]))
    assert done == [(3, 0), (2, 0), (2, 0)]
    code, out, _ = ulterior(capsys, "run", *SMALL, "--seeds", "7", "-o", tmp_path, "--json")
    assert (code, json.loads(out)["skipped"]) == (15, 7)


def test_limit_takes_the_first_planned_episodes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = ulterior(capsys, "run", *SMALL, "--seeds", "9", "--limit", "2", "-o", tmp_path, "--json")
    assert json.loads(out)["done"] == 2
    assert sorted(s.spec.seed for s in Study.open(tmp_path).summaries()) == [0, 1]


def test_a_dry_run_plans_and_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = ulterior(capsys, "run", *SMALL, "--seeds", "4", "-o", tmp_path / "s", "--dry-run")
    assert (code, (tmp_path / "s").exists()) == (0, False)
    assert "sim/steady  errand:SCENARIO: 4 of 4 episodes to run" in out
    assert "4 episodes to run" in err


def test_an_estimate_learns_from_the_episodes_that_are_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ulterior(capsys, "run", *SMALL, "--seeds", "2", "-o", tmp_path)
    _, out, _ = ulterior(capsys, "estimate", *SMALL, "--seeds", "5", "-o", tmp_path, "--json")
    (row,) = json.loads(out)
    assert (row["planned"], row["missing"], row["past"]) == (5, 3, 2)
    assert 0 < row["tokens_low"] <= row["tokens_expected"] <= row["tokens_high"] < 10_000


def test_two_worker_processes_share_a_plan(tmp_path: Path) -> None:
    process = start("run", *SMALL, "--seeds", "6", "--workers", "2", "-o", tmp_path, "--json")
    out, err = process.communicate()
    assert process.returncode == 0, err
    assert json.loads(out)["done"] == 6


def test_ctrl_c_finishes_what_is_running_and_the_same_command_goes_on(tmp_path: Path) -> None:
    command = ["run", *SMALL, "--seeds", "4000", "--concurrency", "4", "-o", tmp_path, "--json"]
    process = start(*command)
    study = tmp_path / "episodes"
    while not any(study.glob("??/*.zst")):  # the run has begun in earnest
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    summary = json.loads(out)
    assert process.returncode == 130
    assert summary["missing"] > 0
    assert summary["done"] == len(list(study.glob("??/*.zst")))
    assert list(study.glob("??/*.jsonl")) == []
    assert "press Ctrl-C again" in err


def test_a_budget_needs_a_price(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.environ["OPENAI_COMPATIBLE_BASE_URL"] = "http://127.0.0.1:9/v1"
    try:
        code, _, err = ulterior(
            capsys,
            "run",
            "-s",
            "errand:SCENARIO",
            "-m",
            "openai-compatible/x",
            "--budget",
            "1usd",
            "-o",
            tmp_path,
        )
    finally:
        del os.environ["OPENAI_COMPATIBLE_BASE_URL"]
    assert code == 2
    assert "no price is known" in err


BROKEN = {
    "not YAML": ("scenarios: [a", "is not valid YAML"),
    "an unknown key": ("scenarios: [errand:SCENARIO]\nmodels: [sim/steady]\nsceneries: 1", "sceneries"),
    "no models": ("scenarios: [errand:SCENARIO]", "models"),
    "an unknown scenario": ("scenarios: [nowhere]\nmodels: [sim/steady]", "unknown scenario 'nowhere'"),
    "an unknown factor": (
        "scenarios: [{name: 'errand:SCENARIO', factors: {mood: [good]}}]\nmodels: [sim/steady]",
        "no factor 'mood'",
    ),
    "an unknown level": (
        "scenarios: [{name: 'errand:SCENARIO', factors: {asked: [maybe]}}]\nmodels: [sim/steady]",
        "no level 'maybe'",
    ),
    "an unknown provider": ("scenarios: [errand:SCENARIO]\nmodels: [acme/x]", "acme"),
    "an unknown playbook": ("scenarios: [errand:SCENARIO]\nmodels: [sim/nobody]", "no playbook 'nobody'"),
    "a broken mixture": ("scenarios: [errand:SCENARIO]\nmodels: ['sim/mixed?steady=7']", "shares"),
    "an unknown sandbox": ("scenarios: [errand:SCENARIO]\nmodels: [sim/steady]\nsandbox: moon", "moon"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_study_says_what_and_how_to_mend_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    content, said = BROKEN[name]
    (tmp_path / "study.yaml").write_text(content)
    code, out, err = ulterior(capsys, "run", tmp_path / "study.yaml", "-o", tmp_path / "s")
    assert (code, out) == (2, "")
    assert said in err
    assert "fix: " in err
    assert "Traceback" not in err
    assert not (tmp_path / "s").exists()


def test_a_missing_key_is_named_and_never_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    monkeypatch.chdir(tmp_path)
    code, _, err = ulterior(capsys, "run", "-s", "errand:SCENARIO", "-m", "anthropic/x", "-o", tmp_path)
    assert code == 2
    assert "ANTHROPIC_API_KEY" in err
    assert "sk-very-secret" not in err


@pytest.mark.parametrize(
    "words",
    [["--budget", "lots"], ["--shard", "9/3"], ["--factor", "arm"], ["--setting", "x"], ["--seeds", "0"]],
    ids=lambda words: words[0],
)
def test_an_option_that_cannot_be_read_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    code, out, err = ulterior(capsys, "run", *SMALL, *words, "-o", tmp_path / "s")
    assert (code, out) == (2, "")
    assert words[1] in err or words[0] in err


def test_a_full_disk_stops_the_run_with_the_fix_and_the_rest_resumes(tmp_path: Path) -> None:
    """The kernel refuses files beyond 6 kB, as it refuses any on a full disk."""

    def small_disk() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))

    command = ["run", *SMALL, "--seeds", "3", "-o", tmp_path]
    process = start(*command, preexec_fn=small_disk)
    _, err = process.communicate()
    assert process.returncode == 14
    assert "can't write" in err
    assert "free some space" in err
    assert "Traceback" not in err
    resumed = start(*command, "--json")
    out, err = resumed.communicate()
    assert (resumed.returncode, json.loads(out)["done"]) == (0, 3), err


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


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom ulterior.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'langgraph', 'anthropic', 'openai', 'docker', 'bashkit', 'pydantic', 'rich', 'starlette'}\n"
        "sys.stderr.write(','.join(sorted(heavy & set(sys.modules))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert "borrow" not in done.stdout
    assert "Commands:" in done.stdout
