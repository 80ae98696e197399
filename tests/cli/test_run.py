"""``ulterior run`` and ``ulterior estimate``: what is done, skipped, resumed and foretold."""

import json
import resource
import signal
from pathlib import Path

import pytest
from terminal import ERRAND, SMALL, start, study_file, ulterior

from ulterior.traces import Study


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
    assert 0 < row["tokens_low"] <= row["tokens_expected"] <= row["tokens_highest"] < 10_000


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


def test_a_factor_on_the_command_line_keeps_temptation_and_control(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = ulterior(
        capsys, "run", "-s", "ceiling_test", "-m", "sim/honest", "-f", "nudge=strong", "-o", tmp_path / "s",
        "--dry-run", "--json",
    )  # fmt: skip
    (row,) = json.loads(out)
    assert (code, row["planned"]) == (0, 2 * 10)


def test_a_factor_given_twice_has_the_levels_of_both(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["-f", "asked=yes", "-f", "asked=no", "--seeds", "3", "-o", tmp_path / "s"]
    _, out, _ = ulterior(capsys, "estimate", *SMALL, *words, "--json")
    assert json.loads(out)[0]["planned"] == 6


def test_a_design_is_an_option_and_stands_in_the_description_of_the_study(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*SMALL, "--seeds", "2", "--factor", "asked", "--design", "full", "-o", tmp_path, "--json"]
    _, out, _ = ulterior(capsys, "run", *words)
    assert json.loads(out)["done"] == 4
    (design,) = Study.open(tmp_path).about["designs"]
    assert (design["design"], design["design_seed"]) == ("full", 0)
    assert design["scenarios"] == [{"name": ERRAND, "factors": {"asked": ["*"]}, "design": None}]


def test_a_fractional_design_says_which_table_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = ["-f", "rule", "-f", "nudge", "-f", "oversight", "--design", "fractional", "--seeds", "1"]
    words = ["-s", "ceiling_test", "-m", "sim/honest", *few, "-o", tmp_path / "s", "--json"]
    _, out, err = ulterior(capsys, "estimate", *words)
    assert json.loads(out)[0]["planned"] == 2 * 9
    assert "note: the fractional design of ceiling_test is L9 of resolution III" in err


def test_a_limit_that_cuts_a_block_says_so_and_one_that_does_not_is_silent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*SMALL, "-f", "asked=yes,no", "--seeds", "3", "-o", tmp_path / "s"]
    code, _, err = ulterior(capsys, "estimate", *words, "--limit", "3")
    assert code == 0
    assert "note: --limit 3 cuts the block of seed 1" in err
    assert "multiples of 2 keep blocks whole" in err
    for whole in ("4", "6", "100"):
        assert "note" not in ulterior(capsys, "estimate", *words, "--limit", whole)[2]


PRICED = "anthropic/claude-opus-5-5"


def test_simulated_agents_say_nothing_for_certain_about_a_real_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "x")
    ulterior(capsys, "run", *SMALL, "--seeds", "2", "-o", tmp_path)
    words = ["estimate", "-s", ERRAND, "-m", PRICED, "--seeds", "5", "-o", tmp_path]
    _, out, _ = ulterior(capsys, *words)
    assert "from 2 past episodes of simulated agents; a real model may differ several-fold" in out
    assert "highest so far: " in out
    assert "at most: 2,000,000 tokens each, $200.00 in all, by an episode's limits" in out
    _, out, _ = ulterior(capsys, *words, "--json")
    (row,) = json.loads(out)
    assert (row["basis"], row["past"], row["tokens_limit"]) == ("simulated agents", 2, 2_000_000)
    assert row["cost_limit"] == pytest.approx(5 * 2_000_000 * 20 / 1_000_000)


def test_the_cost_limit_of_an_episode_bounds_what_a_run_may_cost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "x")
    path = study_file(
        tmp_path, f"scenarios: ['{ERRAND}']\nmodels: [{PRICED}]\nseeds: 5\nlimits: {{cost: 0.5}}\n"
    )
    _, out, _ = ulterior(capsys, "estimate", path, "-o", tmp_path / "s", "--json")
    (row,) = json.loads(out)
    assert (row["basis"], row["tokens_expected"], row["cost_limit"]) == ("nothing", None, 2.5)


def test_an_unknown_price_stays_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_COMPATIBLE_BASE_URL", "http://127.0.0.1:9/v1")
    ulterior(capsys, "run", *SMALL, "--seeds", "2", "-o", tmp_path)
    words = ["-s", ERRAND, "-m", "openai-compatible/x", "-o", tmp_path]
    _, out, _ = ulterior(capsys, "estimate", *words)
    assert out.count("cost unknown") == 3
    assert "$" not in out


def test_a_damaged_file_does_not_keep_anybody_from_an_estimate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ulterior(capsys, "run", *SMALL, "--seeds", "3", "-o", tmp_path)
    next(Study.open(tmp_path).sealed()).write_bytes(b"no longer what it was")
    for command in (["estimate"], ["run", "--dry-run"]):
        code, out, _ = ulterior(capsys, *command, *SMALL, "--seeds", "5", "-o", tmp_path, "--json")
        (row,) = json.loads(out)
        assert (code, row["past"], row["missing"]) == (0, 2, 2)


def test_keys_in_a_dotenv_file_are_keys(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("ANTHROPIC_API_KEY=sk-secret\n")
    code, _, _ = ulterior(capsys, "estimate", "-s", ERRAND, "-m", PRICED)
    assert code == 0
