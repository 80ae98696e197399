"""A study on disk: made once by many, episodes sealed once, failures kept, ids found by their beginning."""

import json
import os
import resource
import threading
from pathlib import Path
from typing import Any

import pytest
from recorded import (
    BRIEFING,
    EPOCH,
    GROUPS,
    SPEC,
    chained,
    groups_of,
    record,
    seal_bytes,
    spec_of,
    start_of,
    write_log,
)

from ulterior.clock import ManualClock
from ulterior.errors import CorruptTrace, OtherVersion, StorageFailure, UsageError
from ulterior.traces import ForkOrigin, LockedElsewhere, Study, load_trace, read_summary
from ulterior.traces import log as log_module
from ulterior.traces.sealed import publish, summarise

CLOCK = ManualClock(EPOCH)
ID = SPEC.id


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study.create(tmp_path / "study", {"seeds": 2})


# ---- study.json ----


def test_a_study_holds_every_design_that_was_run_into_it_once(tmp_path: Path) -> None:
    root = tmp_path / "deep" / "study"
    Study.create(root, {"seeds": 2}, packages={"ulterior": "0.1.0"})
    Study.create(root, {"seeds": 3}, packages={"ulterior": "9"})
    again = Study.create(root, {"seeds": 2})
    expected = {"format": 1, "designs": [{"seeds": 2}, {"seeds": 3}], "packages": {"ulterior": "0.1.0"}}
    assert again.about == Study.open(root).about == expected
    assert sorted(path.name for path in root.iterdir()) == ["episodes", "study.json"]


def test_a_design_with_tuples_is_equal_to_itself_when_read_back(tmp_path: Path) -> None:
    design: dict[str, Any] = {"models": ("a", "b"), "levels": {1: None}}
    created = Study.create(tmp_path, design)
    assert Study.create(tmp_path, design).about == created.about
    assert created.about["designs"] == [{"models": ["a", "b"], "levels": {"1": None}}]


def test_designs_that_arrive_at_once_are_all_kept(tmp_path: Path) -> None:
    threads = [threading.Thread(target=Study.create, args=(tmp_path, {"n": n})) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(design["n"] for design in Study.open(tmp_path).about["designs"]) == list(range(12))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "Expecting"),
        ("", "Expecting"),
        ("[]", "does not describe a study"),
        ("{}", "does not describe a study"),
        ('{"format": 1}', "does not describe a study"),
        ('{"format": 1, "designs": 3}', "does not describe a study"),
        ('{"format": 2, "designs": []}', "it has format 2; this version reads format 1"),
        ("[" * 100_000, "recursion"),
        ("\udcff", "utf-8"),
    ],
)
def test_a_broken_study_file_is_the_users_to_mend(study: Study, text: str, why: str) -> None:
    (study.root / "study.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    for use in (lambda: Study.open(study.root), lambda: Study.create(study.root, {})):
        with pytest.raises(UsageError, match="can't read") as error:
            use()
        assert why in error.value.why
        assert error.value.fix


def test_a_folder_of_studies_says_which_are_in_it(tmp_path: Path) -> None:
    for name in ("b", "a"):
        Study.create(tmp_path / name, {})
    with pytest.raises(UsageError) as told:
        Study.open(tmp_path)
    assert told.value.why == "there is no study.json in it; in it are a, b"
    assert told.value.fix == f"give the folder that `ulterior run -o` wrote, such as {tmp_path / 'a'}"


def test_why_something_is_no_study_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    reasons: dict[str, str] = {}
    for name in (".", "none", "file"):
        with pytest.raises(UsageError) as told:
            Study.open(tmp_path / name)
        reasons[name] = told.value.why
    assert reasons == {
        ".": "there is no study.json in it",
        "none": "there is no such folder",
        "file": "it is a file",
    }


def test_a_folder_that_is_no_study_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for root in (tmp_path, tmp_path / "none", tmp_path / "file"):
        with pytest.raises(UsageError, match="is not a study"):
            Study.open(root)


def test_a_study_that_cannot_be_written_is_a_storage_failure_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageFailure, match="can't write"):
        Study.create(tmp_path / "file" / "study", {})
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, old[1]))
    try:
        with pytest.raises(StorageFailure, match="File too large"):
            Study.create(tmp_path / "full", {})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["episodes"]


# ---- Running and sealing ----


def test_a_finished_episode_is_sealed_and_its_running_file_is_gone(study: Study) -> None:
    path = record(study)
    assert path == study.sealed_path(ID) == study.root / "episodes" / ID[:2] / f"{ID}.jsonl.zst"
    assert (list(study.sealed()), list(study.running()), study.is_sealed(ID)) == ([path], [], True)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    trace = study.trace(ID)
    assert b"".join(trace.lines()) == chained(GROUPS)
    assert trace.summary == read_summary(path) == next(study.summaries())
    assert trace.summary == summarise(trace.final, len(chained(GROUPS)))
    assert (trace.spec, trace.episode) == (SPEC, ID)


def test_an_episode_that_has_not_ended_cannot_be_sealed(study: Study) -> None:
    log = study.open_log(ID, CLOCK)
    log.append(*GROUPS[0])
    with pytest.raises(ValueError, match="has not ended"):
        study.seal(log)
    assert study.trace(ID).summary is None
    assert (list(study.sealed()), list(study.running())) == ([], [log.path])


def test_an_episode_is_sealed_exactly_once(study: Study, tmp_path: Path) -> None:
    path = record(study)
    first = path.read_bytes()
    log = write_log(study.running_path(ID))
    assert study.seal(log) is False
    assert path.read_bytes() == first
    assert list(study.running()) == []


def test_a_name_that_exists_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl.zst"
    path.write_bytes(b"mine")
    log = write_log(tmp_path / "log.jsonl")
    assert publish(path, summarise(log.state, log.length), log.lines()) is False
    assert path.read_bytes() == b"mine"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["log.jsonl", "x.jsonl.zst"]


def test_a_full_disk_while_sealing_leaves_nothing_behind_and_can_be_repeated(study: Study) -> None:
    log = write_log(study.running_path(ID))
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, old[1]))
    try:
        with pytest.raises(StorageFailure, match="can't seal") as failure:
            study.seal(log)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    assert (failure.value.why, bool(failure.value.fix)) == ("File too large", True)
    assert list(log.path.parent.iterdir()) == [log.path]
    assert study.seal(log)


def test_a_log_that_the_disk_gives_back_changed_is_not_sealed(study: Study) -> None:
    log = write_log(study.running_path(ID))
    log.path.write_bytes(chained(GROUPS).replace(b"submitted", b"submotted"))
    with pytest.raises(CorruptTrace, match="does not hold what was written"):
        study.seal(log)
    assert not study.is_sealed(ID)


def test_an_episode_that_another_process_seals_while_we_open_it_is_left_alone(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = log_module.fcntl.flock

    def seal_meanwhile(fd: int, how: int) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(log_module.fcntl, "flock", real)
            study.running_path(ID).unlink()
            record(study)
            study.running_path(ID).touch()
        os.dup2(os.open(study.running_path(ID), os.O_RDWR), fd)
        real(fd, how)

    monkeypatch.setattr(log_module.fcntl, "flock", seal_meanwhile)
    with pytest.raises(LockedElsewhere):
        study.open_log(ID, CLOCK)
    monkeypatch.undo()
    assert (list(study.running()), study.is_sealed(ID)) == ([], True)


# ---- Attempts ----


def test_a_file_that_cannot_be_trusted_is_set_aside_and_the_episode_begins_anew(study: Study) -> None:
    path = study.running_path(ID)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"{}\n")
    log = study.open_log(ID, CLOCK)
    assert (log.state.seq, log.lines()) == (-1, b"")
    ((episode, why),) = study.attempts()
    assert episode == ID
    assert why.startswith("corrupt: ")
    assert "line 1 (byte 0)" in why
    (kept,) = (study.root / "attempts").glob("*.jsonl")
    assert kept.read_bytes() == b"{}\n"


def test_what_another_version_wrote_is_named_and_left_as_it_is(study: Study) -> None:
    sealed = seal_bytes(study.sealed_path(spec_of(4).id), chained(GROUPS), schema_version=2)
    newer = start_of().model_copy(update={"schema_version": 2})
    lines = chained([(newer,), *GROUPS[1:]])
    running = study.running_path(ID)
    running.parent.mkdir(exist_ok=True)
    running.write_bytes(lines)
    why = "it has schema version 2; this version reads 1"
    with pytest.raises(OtherVersion, match=why):
        study.open_log(ID, CLOCK)
    assert (running.read_bytes(), list(study.attempts())) == (lines, [])
    with pytest.raises(OtherVersion, match=why):
        load_trace(running)
    with pytest.raises(OtherVersion, match=why):
        read_summary(sealed)


def test_the_ids_of_stored_episodes_never_change() -> None:
    fork = ForkOrigin(parent="0" * 32, at=3, edit={}, replica=1)
    assert (SPEC.id, spec_of(fork=fork).id) == (
        "a18eb59460c086e5bacb787cfa69e3b8",
        "38b5e973016bfdd9271b625fb65dfacc",
    )


def test_failed_attempts_are_kept_with_their_reasons_in_their_order(study: Study) -> None:
    first = study.open_log(ID, CLOCK)
    first.append(start_of(), BRIEFING)
    kept = study.abandon(first, "the daemon died\nwith a traceback \ud800")
    study.note_failure(spec_of(4).id, "no answer")
    second = study.open_log(ID, CLOCK)
    assert second.state.seq == -1
    study.abandon(second, "again")
    assert list(study.attempts()) == [
        (ID, "the daemon died\nwith a traceback \\ud800"),
        (spec_of(4).id, "no answer"),
        (ID, "again"),
    ]
    assert load_trace(kept).final.seq == 1
    assert list(study.running()) == []


def test_a_study_without_failures_has_no_attempts(study: Study) -> None:
    assert list(study.attempts()) == []


def test_attempts_on_a_full_disk_are_a_storage_failure(study: Study) -> None:
    (study.root / "attempts").touch()
    with pytest.raises(StorageFailure, match="can't write"):
        study.note_failure(ID, "x")


# ---- Finding ----


def test_episodes_are_listed_in_the_order_of_their_ids_without_drafts_and_strangers(study: Study) -> None:
    paths = [record(study, spec_of(seed)) for seed in range(6)]
    running = write_log(study.running_path(spec_of(7).id), groups_of(spec_of(7))[:1]).path
    folder = study.root / "episodes"
    (folder / "note.txt").touch()
    for stranger in (f".{ID}.jsonl.zst.host.1", "short.jsonl", f"{ID}.jsonl.bak"):
        (paths[0].parent / stranger).touch()
    assert list(study.sealed()) == sorted(paths)
    assert list(study.running()) == [running]
    assert len(list(study.summaries())) == 6


def test_an_episode_is_found_by_the_beginning_of_its_id(study: Study) -> None:
    ids = sorted(record(study, spec_of(seed)).name[:32] for seed in range(20))
    running = spec_of(99).id
    write_log(study.running_path(running), groups_of(spec_of(99))[:1])
    for episode in (*ids, running):
        assert study.find(episode) == study.find(episode[:12]) == episode
    with pytest.raises(UsageError, match="names no single episode") as error:
        study.find("")
    assert error.value.why == "21 episodes begin with it"
    with pytest.raises(UsageError) as error:
        study.find("x")
    assert error.value.why == "no episode begins with it"


def test_a_trace_is_read_from_wherever_the_episode_stands(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match="no episode"):
        study.trace(ID)
    log = write_log(study.running_path(ID), GROUPS[:2])
    assert study.trace(ID).final == log.state
    for group in GROUPS[2:]:
        log.append(*group)
    path = study.running_path(ID)
    real = Path.read_bytes

    def sealed_meanwhile(self: Path) -> bytes:
        if self == path and path.exists():
            study.seal(log)
        return real(self)

    monkeypatch.setattr(Path, "read_bytes", sealed_meanwhile)
    assert study.trace(ID).summary is not None


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    for name in ("none.jsonl", "none.jsonl.zst"):
        with pytest.raises(UsageError, match="can't read"):
            load_trace(tmp_path / name)


def test_the_study_file_is_plain_json(study: Study) -> None:
    assert json.loads((study.root / "study.json").read_text()) == study.about


# ---- What is planned, and what is damaged ----


def test_what_is_planned_is_remembered_once_by_however_many(study: Study) -> None:
    assert study.planned() == set()
    ids = [spec_of(seed).id for seed in range(6)]
    threads = [threading.Thread(target=study.expect, args=(ids[n : n + 3],)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    study.expect(ids)
    assert study.planned() == set(ids)
    assert len((study.root / "planned.txt").read_text().split()) == 6


def test_a_sealed_file_that_cannot_be_listed_is_set_aside_and_the_episode_is_due_again(study: Study) -> None:
    path = record(study)
    assert study.settled(ID)
    path.write_bytes(b"")
    assert (study.settled(ID), path.exists()) == (False, False)
    ((episode, why),) = study.attempts()
    assert (episode, why) == (ID, "corrupt: the file ends within the summary")
    assert [kept.name.endswith(".jsonl.zst") for kept in (study.root / "attempts").glob("*.zst")] == [True]
    record(study)
    assert study.settled(ID)


def test_a_file_that_holds_another_episode_is_not_taken_for_the_one_it_is_named_after(study: Study) -> None:
    other = spec_of(4).id
    target = study.sealed_path(other)
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(record(study).read_bytes())
    with pytest.raises(CorruptTrace, match=f"it holds episode {ID}"):
        study.trace(other)


def test_a_finished_study_that_cannot_be_written_is_still_finished(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(study)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "unlink", refuse)
    assert study.settled(ID)
