"""``ulterior tells``: the planted tell is found, by file and by sentence, and nobody else is accused."""

import json
from pathlib import Path
from typing import Any

import pytest
from notice import TELL, WORK
from terminal import ulterior

from ulterior.traces import Message, Study, fork_tree
from ulterior.traces.verify import verify_study

NOTES = f"{WORK}/notes.md"


@pytest.fixture
def sorted_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A study with an episode of somebody who notices, and one of somebody who doesn't."""
    models = ["-m", "sim/wary", "-m", "sim/honest"]
    assert ulterior(capsys, "run", "-s", "notice:SCENARIO", *models, "--seeds", "1", "-o", tmp_path)[0] == 0
    return tmp_path


def of(study: Path, model: str) -> str:
    opened = Study.open(study)
    traces = (opened.trace(path.name.partition(".")[0]) for path in opened.sealed())
    return next(trace.episode for trace in traces if trace.spec.model == model)


def told(capsys: pytest.CaptureFixture[str], *words: str | Path) -> dict[str, Any]:
    code, out, err = ulterior(capsys, "tells", *words, "--json")
    assert code == 0, err
    return json.loads(out)


def test_the_file_and_the_sentence_that_give_it_away_are_found(
    sorted_list: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [sorted_list, of(sorted_list, "sim/wary"), "--at", "turn:2", "--in", NOTES, "-n", "8"]
    result = told(capsys, *words)
    found = [
        (e["artefact"]["kind"], e["artefact"]["where"], e["artefact"]["text"])
        for e in result["effects"]
        if e["found"]
    ]
    assert found == [("file", NOTES, ""), ("sentence", NOTES, TELL)]
    assert {e["artefact"]["where"] for e in result["effects"]} == {f"{WORK}/list.txt", NOTES}
    assert (result["everything"]["mean"], result["planned"], result["done"]) == (0.9, 48, 48)
    assert verify_study(Study.open(sorted_list)).intact
    (experiment,) = fork_tree(Study.open(sorted_list)).experiments
    assert (experiment.kind, [b.arm for b in experiment.branches]) == ("tells", ["control", *["edit"] * 5])
    code, out, _ = ulterior(capsys, "tells", *words)
    assert code == 0
    assert "2 pieces raise suspicion" in out
    assert f"{NOTES}: {TELL}" in out


def test_of_an_agent_that_notices_nothing_nothing_is_said(
    sorted_list: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = told(capsys, sorted_list, of(sorted_list, "sim/honest"), "--at", "turn:2", "-n", "4")
    assert [(e["effect"], e["found"]) for e in result["effects"]] == [(0.0, False)] * 2


def test_at_the_start_sentences_of_the_instructions_are_left_out_too(
    sorted_list: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    episode = of(sorted_list, "sim/wary")
    result = told(capsys, sorted_list, episode, "--artefacts", "sentences", "-n", "1")
    assert [e["artefact"]["where"] for e in result["effects"]] == ["briefing"] * 2 + ["system"] * 2
    left_out = {e["artefact"]["text"] for e in result["effects"]}
    study = Study.open(sorted_list)
    (experiment,) = fork_tree(study).experiments
    for branch in experiment.branches:
        (fork,) = branch.episodes
        given = [e.body.text for e in study.trace(fork).events if isinstance(e.body, Message)]
        missing = {sentence for sentence in left_out if not any(sentence in text for text in given)}
        assert len(missing) == (0 if branch.arm == "control" else 1)
        assert TELL in given[2]
    assert verify_study(study).intact


def test_a_dry_run_says_how_many_and_runs_none(sorted_list: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = told(capsys, sorted_list, of(sorted_list, "sim/wary"), "--limit", "2", "--dry-run")
    assert (result["planned"], result["missing"], result["dry_run"]) == (30, 30, True)
    assert fork_tree(Study.open(sorted_list)).experiments == ()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--in", f"{WORK}/unused.txt"], "the agent was never shown it"),
        (["--in", "/nowhere"], "there is no such file"),
        (["--at", "turn:3"], "there is nothing to leave out"),
        (["--at", "handover"], "there is nothing to leave out"),
        (["--at", "soon"], "can't read the step"),
    ],
)
def test_what_cannot_be_left_out_is_said(
    sorted_list: Path, capsys: pytest.CaptureFixture[str], words: list[str], why: str
) -> None:
    code, _, err = ulterior(capsys, "tells", sorted_list, of(sorted_list, "sim/wary"), *words)
    assert code == 2
    assert why in err
