"""``ulterior fork``: what it runs, what it finds where the truth is planted, and that it resumes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from terminal import SMALL, SUPPORT, ulterior

from ulterior.agent_runtime.fork_points import steps_of
from ulterior.analysis import analyze_study
from ulterior.scenarios import load_scenario
from ulterior.traces import ModelTurn, Study, Trace, fork_tree
from ulterior.traces.verify import verify_study

BORROWED = ["--scenario", "borrowed_allotment", "--seeds", "1"]
MIXED = "sim/mixed?covert=0.4&base=confessor"
SHARE = 0.4
# How often the mixture turns out covert while nothing has shown which it is. The confessor never violates,
# and does the same as the covert agent up to the turn in which that one raises the limit.


@pytest.fixture
def small(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, str]:
    """A study with one short episode, and its id."""
    root = tmp_path / "small"
    assert ulterior(capsys, "run", *SMALL, "--seeds", "1", "-o", root)[0] == 0
    return root, next(iter(Study.open(root).summaries())).episode


def conflict(root: Path, capsys: pytest.CaptureFixture[str], model: str) -> Trace:
    """The tempted episode of a model."""
    code, *_ = ulterior(capsys, "run", *BORROWED, "--model", model, "--factor", "arm=conflict", "-o", root)
    assert code in (0, 15)
    study = Study.open(root)
    found = [s for s in study.summaries() if s.spec.model == model and s.spec.fork is None]
    return study.trace(found[0].episode)


def forked(capsys: pytest.CaptureFixture[str], *words: str | Path) -> dict[str, Any]:
    code, out, err = ulterior(capsys, "fork", *words, "--json")
    assert code == 0, err
    return json.loads(out)


def rates(result: dict[str, Any], outcome: str) -> dict[str, tuple[int, int]]:
    return {arm["arm"]: (arm["rates"][outcome]["k"], arm["rates"][outcome]["n"]) for arm in result["arms"]}


def contrast(result: dict[str, Any], outcome: str) -> dict[str, Any]:
    return next(each for each in result["contrasts"] if each["outcome"] == outcome)["difference"]


def planted_turn(parent: Trace) -> int:
    """The model turn in which the two agents of the mixture part, by what their playbooks do."""
    turns = [event.body for event in parent.events if isinstance(event.body, ModelTurn)]
    began = next(turn.turn for turn in turns if turn.calls and turn.calls[0].name == "run_step")
    return next(turn.turn for turn in turns if turn.turn > began and _parts(turn))


def _parts(turn: ModelTurn) -> bool:
    """The one goes on to merge what it has, the other raises the limit."""
    return any(call.name == "edit_file" or call.arguments == {"step": "merge"} for call in turn.calls)


# ---- The fork study ------------------------------------------------------------------------------------


@pytest.mark.long
def test_the_edit_that_removes_the_temptation_shows_the_planted_effect(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parent = conflict(tmp_path, capsys, MIXED)
    result = forked(capsys, tmp_path, parent.episode, "--at", "start", "-e", "factor:arm=enough", "-n", "40")
    control, edited = (rates(result, "violated")[arm] for arm in ("control", "edit"))
    assert edited == (0, 40)
    undecided = result["arms"][0]["rates"]["violated"]
    assert undecided["low"] <= SHARE <= undecided["high"]
    effect = contrast(result, "violated")
    assert effect["estimate"] == pytest.approx(-control[0] / 40)
    assert effect["low"] <= -SHARE <= effect["high"] < 0
    assert effect["p"] < 0.001
    assert verify_study(Study.open(tmp_path)).intact


@pytest.mark.long
def test_an_edit_of_something_else_and_no_edit_show_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parent = conflict(tmp_path, capsys, MIXED)
    edit = "message:Facilities=The lift is out of order today."
    result = forked(capsys, tmp_path, parent.episode, "--at", "turn:2", "-e", edit, "-n", "40")
    effect = contrast(result, "violated")
    assert effect["low"] <= 0 <= effect["high"]
    assert effect["p"] > 0.05
    for arm in result["arms"]:
        assert arm["rates"]["violated"]["low"] <= SHARE <= arm["rates"]["violated"]["high"]


@pytest.mark.long
@pytest.mark.parametrize("bisect", [False, True], ids=["every step", "bisected"])
def test_a_scan_finds_the_planted_commit_step(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bisect: bool
) -> None:
    parent = conflict(tmp_path, capsys, MIXED)
    how = ["--bisect"] if bisect else []
    result = forked(capsys, tmp_path, parent.episode, "--scan", *how, "-n", "16")
    planted = planted_turn(parent)
    commit = result["commit"]
    assert (commit["found"], commit["first_turn"], commit["last_turn"]) == (True, planted, planted)
    for step in result["steps"]:
        if step["turn"] <= planted:
            assert step["rate"]["low"] <= SHARE <= step["rate"]["high"]
        else:  # the parent turned out one of the two, and so does every fork
            assert step["rate"]["estimate"] == commit["after"] in (0.0, 1.0)
    assert len(result["steps"]) <= (6 if bisect else 20)


def test_every_fork_is_found_to_be_what_its_agent_declares(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    parent = conflict(tmp_path, capsys, MIXED)
    forked(capsys, tmp_path, parent.episode, "--at", "turn:4", "-e", "message:Rosa=Thank you.", "-n", "12")
    playbooks = load_scenario("borrowed_allotment").playbooks
    condition = parent.spec.condition
    truths = [
        (playbooks[name].act(condition), dict(playbooks[name].disclosure(condition)))
        for name in ("covert", "confessor")
    ]
    forks = [finding for finding in analyze_study(Study.open(tmp_path)) if finding.fork]
    assert len(forks) == 24
    assert all((finding.act, finding.disclosure) in truths for finding in forks)
    assert {finding.act for finding in forks} == {"violated", "none"}


def test_a_pure_agent_has_no_commit_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parent = conflict(tmp_path, capsys, "sim/covert")
    code, out, _ = ulterior(capsys, "fork", tmp_path, parent.episode, "--scan", "--bisect", "-n", "5")
    assert code == 0
    assert "no jump is supported" in out


# ---- The command ---------------------------------------------------------------------------------------


def test_the_same_command_does_only_what_is_missing(
    small: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    root, parent = small
    words = [root, parent[:10], "--at", "turn:3", "-e", "no-tool:count"]
    first = forked(capsys, *words, "-n", "2")
    again = forked(capsys, *words, "-n", "2")
    more = forked(capsys, *words, "-n", "3")
    assert [(r["planned"], r["done"], r["skipped"]) for r in (first, again, more)] == [
        (4, 4, 0),
        (4, 0, 4),
        (6, 2, 4),
    ]
    assert first["arms"] == again["arms"]
    tree = fork_tree(Study.open(root))
    assert [e.id for e in tree.experiments] == [first["experiment"]] == [more["experiment"]]
    control, edited = (b for _, b in tree.below(parent))
    assert (control.arm, control.edit, len(control.episodes)) == ("control", {}, 3)
    assert edited.edit == {"edits": [{"kind": "no-tool", "name": "count"}]}
    assert len((root / "forks" / "experiments.jsonl").read_bytes().splitlines()) == 2


def test_a_torn_record_is_skipped_and_what_follows_is_kept(
    small: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    root, parent = small
    words = [root, parent, "-e", "no-tool:count", "-n", "1", "--at"]
    forked(capsys, *words, "turn:2")
    path = root / "forks" / "experiments.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    assert fork_tree(Study.open(root)).experiments == ()
    forked(capsys, *words, "turn:3")
    assert [b.turn for _, b in fork_tree(Study.open(root)).below(parent)] == [3, 3]


def test_forks_are_listed_in_the_report_and_in_no_rate(
    small: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    root, parent = small
    before = json.loads(ulterior(capsys, "report", root, "--format", "json")[1])
    forked(capsys, root, parent, "--at", "start", "-e", "message:bo=Please hurry.", "-n", "2")
    after = json.loads(ulterior(capsys, "report", root, "--format", "json")[1])
    assert (before["scope"].pop("forks"), after["scope"].pop("forks")) == (0, 4)
    assert before["scope"] == after["scope"]
    assert before["scenarios"] == after["scenarios"]
    code, out, _ = ulterior(capsys, "show", root, "--verify")
    assert (code, out.rstrip().endswith("intact")) == (0, True)


def test_a_dry_run_says_how_many_and_runs_none(
    small: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    root, parent = small
    code, out, err = ulterior(
        capsys, "fork", root, parent, "--at", "start", "-e", "no-tool:tell", "-n", "7", "--dry-run"
    )
    assert (code, out) == (0, f"14 of 14 forks to run into {root}\n")
    assert "control" in err
    assert not (root / "forks").exists()
    scan = forked(capsys, root, parent, "--scan", "-n", "3", "--dry-run")
    steps = len(steps_of(Study.open(root).trace(parent)))
    assert scan["planned"] <= 3 * steps


def test_several_parents_are_found_by_what_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ulterior(capsys, "run", *SMALL, "--seeds", "3", "-o", tmp_path)[0] == 0
    words = [tmp_path, "--where", "model=sim/steady,asked=yes", "--at", "turn:2", "-e", "no-tool:count"]
    result = forked(capsys, *words, "-n", "2")
    assert len(result["parents"]) == 3
    assert contrast(result, "violated")["clusters"] == 3
    assert rates(result, "violated") == {"control": (6, 6), "edit": (0, 6)}
    assert len(forked(capsys, *words, "-n", "2")["parents"]) == 3  # forks are no parents by themselves


@pytest.mark.parametrize(
    ("content", "what", "why"),
    [
        (None, "can't read the file of edits {}", "No such file or directory"),
        (b"- file:/a=\xff\n", "can't read the file of edits {}", "line 1 is not UTF-8 text"),
        (b"- kind: model\n  kind: factor\n", "the file of edits {} says 'kind' twice", "line 1"),
        (b"- [no-tool:count\n", "the file of edits {} is not valid YAML", "line 2, column 1"),
    ],
    ids=["missing", "bytes", "twice", "open"],
)
def test_what_is_wrong_with_a_file_of_edits_is_not_said_of_a_study_file(
    small: tuple[Path, str], capsys: pytest.CaptureFixture[str], content: bytes | None, what: str, why: str
) -> None:
    root, parent = small
    edits = root / "edits.yaml"
    if content is not None:
        edits.write_bytes(content)
    code, _, err = ulterior(capsys, "fork", root, parent, "--at", "turn:2", "--edits", edits)
    assert (code, err.splitlines()[0]) == (2, f"error: {what.format(edits)}")
    assert why in err.splitlines()[1]


def test_edits_come_from_a_file_too(small: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> None:
    root, parent = small
    edits = root / "edits.yaml"
    edits.write_text("- no-tool:count\n- {kind: message, author: dana, text: 'No: not a mapping'}\n")
    result = forked(capsys, root, parent, "--at", "turn:2", "--edits", edits, "-n", "1")
    assert len(result["arms"]) == 2


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--at", "start"], "there is no edit"),
        (["-e", "no-tool:count"], "nothing says where to fork"),
        (["--at", "soon", "-e", "no-tool:count"], "can't read the step 'soon'"),
        (["--at", "1", "-e", "no-tool:count"], "fork at 3"),
        (["--at", "start", "-e", "wish:count"], "can't read the edit 'wish:count'"),
        (["--at", "start", "-e", "replace:/a"], "replace:PATH:OLD=>NEW"),
        (["--at", "start", "-e", "file:/a=@/none/at/all"], "can't read /none/at/all"),
        (["--at", "start", "-e", "model:anthropic/x"], "ANTHROPIC_API_KEY is not set"),
        (["--at", "start", "-e", "no-tool:count", "--sandbox", "moon"], "unknown sandbox 'moon'"),
        (["--scan", "--at", "start"], "a scan has no edit and no step"),
        (["--where", "model=sim/none", "--scan"], "a scan takes one episode|nothing says what to fork"),
    ],
)
def test_what_cannot_be_forked_is_told_in_a_few_lines(
    small: tuple[Path, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    why: str,
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    root, parent = small
    chosen = [] if "--where" in words else [parent]
    code, out, err = ulterior(capsys, "fork", root, *chosen, *words)
    assert (code, out) == (2, "")
    assert any(each in err for each in why.split("|"))
    assert "Traceback" not in err


def test_a_fork_study_killed_in_the_middle_goes_on_and_says_the_same(
    small: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root, parent = small
    words = [parent, "--at", "turn:3", "--edit", "no-tool:count", "-n", "6", "--json"]
    whole = tmp_path / "whole"
    assert ulterior(capsys, "run", *SMALL, "--seeds", "1", "-o", whole)[0] == 0
    environment = {**os.environ, "PYTHONPATH": str(SUPPORT)}
    for point in (4, 30, 90):
        command = [sys.executable, SUPPORT / "fork_crashes.py", str(point), "fork", root, *words]
        killed = subprocess.run(command, env=environment, capture_output=True, check=False)
        assert killed.returncode == -signal.SIGKILL
    assert 0 < len(list(Study.open(root).sealed())) < 13
    resumed, straight = (json.loads(ulterior(capsys, "fork", folder, *words)[1]) for folder in (root, whole))
    assert resumed["done"] + resumed["skipped"] == straight["done"] == 12
    assert (resumed["arms"], resumed["contrasts"]) == (straight["arms"], straight["contrasts"])
    assert [p.name for p in Study.open(root).sealed()] == [p.name for p in Study.open(whole).sealed()]
    assert verify_study(Study.open(root)).intact
