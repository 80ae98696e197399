"""Verification names every kind of damage with its check, line and byte, and is silent about the rest."""

import json
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from recorded import (
    BRIEFING,
    EPOCH,
    GROUPS,
    SPEC,
    SUBMITTED,
    blobs_of,
    chained,
    file_change,
    record,
    seal_bytes,
    spec_of,
    start_of,
    step,
    turn_of,
    write_log,
)

from ulterior.clock import ManualClock
from ulterior.traces import Blob, EpisodeStart, Study, WorldChange, digest
from ulterior.traces.verify import CHECKS, Problem, StudyVerification, verify_episode, verify_study

LINES = chained(GROUPS)
SPLIT = LINES.splitlines(keepends=True)
STARTS = [0, *accumulate(map(len, SPLIT))]
ID = SPEC.id
BEGIN = GROUPS[0]


@pytest.fixture
def study(tmp_path: Path) -> Study:
    study = Study.create(tmp_path / "study", {})
    for seed in range(3):
        record(study, spec_of(seed))
    return study


def consistent(lines: bytes) -> dict[str, Any]:
    """Summary fields that fit event lines, so that only what the lines say is wrong."""
    return {"bytes": len(lines), "head": digest(lines.splitlines(keepends=True)[-1])}


def problems(folder: Path, lines: bytes, **wrong: object) -> list[tuple[str, int, int]]:
    """The failed checks of a sealed file with these lines and this summary: check, line, byte."""
    path = seal_bytes(folder / f"{ID}.jsonl.zst", lines, **wrong)
    return [(problem.check, problem.line, problem.byte) for problem in verify_episode(path).problems]


def test_an_intact_file_passes_every_check(study: Study) -> None:
    path = record(study)
    verification = verify_episode(path)
    assert (verification.intact, verification.problems, verification.torn) == (True, (), 0)
    assert (verification.episode, verification.events, verification.sealed) == (ID, 14, True)
    assert verification.describe() == f"intact  {path}  (14 events)"
    assert set(CHECKS) == {"storage", "chain", "contents", "sequence", "summary", "identity", "canary"}


def test_a_running_file_with_a_torn_end_is_intact(tmp_path: Path) -> None:
    path = tmp_path / f"{ID}.jsonl"
    path.write_bytes(LINES[: STARTS[6] + 20])
    verification = verify_episode(path)
    assert (verification.intact, verification.events, verification.sealed) == (True, 6, False)
    assert verification.torn == 20


def test_a_damaged_line_is_one_problem_of_the_chain(tmp_path: Path) -> None:
    damaged = LINES.replace(b"version 1", b"version X", 1)
    assert problems(tmp_path, damaged) == [("chain", 8, STARTS[7])]


def test_a_line_left_out_is_one_problem_of_the_chain(tmp_path: Path) -> None:
    assert problems(tmp_path, b"".join(SPLIT[:4] + SPLIT[5:])) == [("chain", 5, STARTS[4])]


def test_a_damaged_stream_is_one_problem_of_the_storage(study: Study) -> None:
    path = record(study)
    data = path.read_bytes()
    path.write_bytes(data[:-2] + bytes([data[-2] ^ 1, data[-1]]))
    (problem,) = verify_episode(path).problems
    assert (problem.check, problem.line, problem.byte) == ("storage", 15, len(LINES))
    path.write_bytes(data[:-40])
    (problem,) = verify_episode(path).problems
    assert (problem.check, problem.why) == ("storage", "the compressed file ends early")
    path.write_bytes(b"")
    (problem,) = verify_episode(path).problems
    assert problem == Problem(check="storage", line=1, byte=0, why="the file ends within the summary")


def test_a_file_that_cannot_be_opened_is_a_problem_of_the_storage(tmp_path: Path) -> None:
    (problem,) = verify_episode(tmp_path / f"{ID}.jsonl").problems
    assert problem.check == "storage"
    assert "No such file" in problem.why


def test_a_torn_line_under_a_summary_is_a_problem_of_the_storage(tmp_path: Path) -> None:
    assert problems(tmp_path, LINES + b'{"seq":14') == [
        ("storage", 15, len(LINES)),
        ("summary", 14, STARTS[13]),
    ]


def test_a_wrong_content_is_one_problem_of_the_contents(tmp_path: Path) -> None:
    wrong = WorldChange(cause="x", blobs={digest(b"x"): Blob(encoding="text", data="y")}, clock=1.0)
    broken = WorldChange(cause="x", blobs={digest(b"x"): Blob(encoding="base64", data="?")}, clock=1.0)
    missing = WorldChange(cause="x", files=(file_change("/w/b", None, b"x"),), clock=1.0)
    for change in (wrong, broken, missing):
        lines = chained([BEGIN, (BRIEFING,), (change,), (SUBMITTED,)])
        place = len(chained([BEGIN, (BRIEFING,)]))
        assert problems(
            tmp_path / change.model_dump_json()[-40:].replace("/", "_"), lines, **consistent(lines)
        ) == [("contents", 6, place)]


def test_events_out_of_order_are_one_problem_of_the_sequence(tmp_path: Path) -> None:
    rewritten = file_change("/w/a", b"?", b"x")
    not_before = WorldChange(cause="x", files=(rewritten,), blobs=blobs_of("x"), clock=1.0)
    cases = {
        "after the end": [BEGIN, (SUBMITTED,), (BRIEFING,)],
        "no intent": [BEGIN, (turn_of(1, "c1"),), step("c1", 1)],
        "another before": [BEGIN, (not_before,)],
    }
    for name, groups in cases.items():
        lines = chained(groups)
        line, place = sum(map(len, groups[:-1])) + 1, len(chained(groups[:-1]))
        assert problems(tmp_path / name, lines, **consistent(lines)) == [("sequence", line, place)], name


def test_an_episode_without_an_end_is_a_problem_of_the_sequence(tmp_path: Path) -> None:
    lines = chained(GROUPS[:-1])
    assert problems(tmp_path, lines, **consistent(lines)) == [("sequence", 13, STARTS[12])]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("turns", 3),
        ("tokens_in", 0),
        ("tokens_out", 1),
        ("cost", None),
        ("head", "0" * 64),
        ("bytes", 5),
        ("events", 13),
        ("started", EPOCH + 1),
        ("ended", 0.0),
        ("canary", "other"),
        ("end", SUBMITTED.model_copy(update={"detail": "x"})),
        ("spec", spec_of(9)),
        ("episode", spec_of(9).id),
    ],
)
def test_every_field_of_the_summary_is_compared_with_the_events(
    tmp_path: Path, field: str, value: object
) -> None:
    path = seal_bytes(tmp_path / f"{ID}.jsonl.zst", LINES, **{field: value})
    (problem,) = verify_episode(path).problems
    assert (problem.check, problem.line, problem.byte) == ("summary", 14, STARTS[13])
    assert f"contradicts the events: {field} (" in problem.why


def test_a_file_under_another_name_is_a_problem_of_the_identity(study: Study) -> None:
    path = record(study)
    other = path.rename(path.with_name(f"{spec_of(9).id}.jsonl.zst"))
    (problem,) = verify_episode(other).problems
    assert (problem.check, problem.line, problem.byte) == ("identity", 1, 0)
    assert ID in problem.why


def test_a_missing_canary_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / f"{ID}.jsonl"
    path.write_bytes(chained([(EpisodeStart(episode=ID, spec=SPEC, packages={}, canary=" "),)]))
    assert [problem.check for problem in verify_episode(path).problems] == ["canary"]


def test_several_problems_of_one_file_are_all_named(tmp_path: Path) -> None:
    start = start_of().model_copy(update={"canary": ""})
    lines = chained([(start, *BEGIN[1:]), *GROUPS[1:]])
    path = seal_bytes(tmp_path / f"{spec_of(9).id}.jsonl.zst", lines, **consistent(lines), turns=9)
    verification = verify_episode(path)
    assert [problem.check for problem in verification.problems] == ["summary", "identity", "canary"]
    assert verification.describe().splitlines()[0] == f"NOT INTACT  {path}  (14 events)"
    assert verification.describe().splitlines()[1].startswith("  summary: line 14 (byte ")


# ---- A whole study ----


def test_an_intact_study_says_so(study: Study) -> None:
    seen: list[tuple[int, int]] = []
    result = verify_study(study, lambda done, of: seen.append((done, of)))
    assert result == StudyVerification(root=str(study.root), sealed=3, events=42, failed=())
    assert (result.intact, seen) == (True, [(1, 3), (2, 3), (3, 3)])
    assert result.describe() == "3 sealed episodes, 42 events: intact"


def test_an_empty_study_is_intact(tmp_path: Path) -> None:
    assert verify_study(Study.create(tmp_path, {})).describe() == "0 sealed episodes, 0 events: intact"


def test_what_kills_and_failures_leave_behind_is_named_and_no_damage(study: Study) -> None:
    running = write_log(study.running_path(ID), GROUPS[:2]).path
    stale = study.running_path(spec_of(1).id)
    write_log(stale, GROUPS[:0])
    draft = study.sealed_path(ID).with_name(f".{ID}.jsonl.zst.host.12")
    draft.touch()
    study.note_failure(ID, "no answer")
    result = verify_study(study)
    assert result.intact
    assert (result.running, result.stale, result.drafts) == ((str(running),), (str(stale),), (str(draft),))
    assert result.describe().splitlines() == [
        f"not finished: {running}",
        f"left over, sealed already: {stale}",
        f"left over, a draft: {draft}",
        "1 failed attempt noted in attempts/",
        "3 sealed episodes, 47 events: intact",
    ]


def test_damaged_files_are_named_with_line_and_byte_and_the_rest_is_still_checked(study: Study) -> None:
    sealed = study.sealed_path(spec_of(1).id)
    sealed.write_bytes(sealed.read_bytes()[:-40])
    running = write_log(study.running_path(ID), GROUPS[:4]).path
    running.write_bytes(running.read_bytes().replace(b"Let me look", b"Let me Look"))
    result = verify_study(study)
    assert not result.intact
    assert [failed.path for failed in result.failed] == [str(sealed), str(running)]
    assert f"  chain: line 5 (byte {STARTS[4]}): the line is damaged" in result.describe()
    assert result.describe().endswith("3 sealed episodes, 32 events: NOT INTACT")


def test_a_file_in_the_wrong_folder_and_an_episode_sealed_twice_are_damage(study: Study) -> None:
    path = study.sealed_path(spec_of(1).id)
    other = study.root / "episodes" / "zz" / path.name
    other.parent.mkdir()
    other.write_bytes(path.read_bytes())
    result = verify_study(study)
    assert not result.intact
    assert (result.failed, result.duplicates, result.misplaced) == ((), (spec_of(1).id,), (str(other),))
    assert f"NOT INTACT  {spec_of(1).id} is sealed more than once" in result.describe()


def test_one_episode_can_be_verified_alone(study: Study) -> None:
    broken = study.sealed_path(spec_of(1).id)
    broken.write_bytes(b"")
    assert verify_study(study, only=spec_of(0).id).describe() == "1 sealed episode, 14 events: intact"
    assert not verify_study(study, only=spec_of(1).id).intact


def test_an_episode_that_is_sealed_while_we_look_is_no_damage(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = study.running_path(ID)
    monkeypatch.setattr(study, "running", lambda: iter([gone]))
    assert verify_study(study).intact


def test_the_outcome_survives_json(study: Study) -> None:
    study.sealed_path(spec_of(1).id).write_bytes(b"")
    result = verify_study(study)
    assert StudyVerification.model_validate(json.loads(json.dumps(result.model_dump(mode="json")))) == result


def test_a_log_that_is_being_written_is_intact(study: Study) -> None:
    log = study.open_log(ID, ManualClock(EPOCH))
    for group in GROUPS[:-1]:
        log.append(*group)
        assert verify_episode(log.path).intact
