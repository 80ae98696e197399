"""The index says what the sealed files say, and can be lost, damaged, or impossible to write."""

import os
import sqlite3
import threading
from pathlib import Path

import pytest
from recorded import EPOCH, GROUPS, SUBMITTED, record, seal_bytes, spec_of, start_of, turn_of, write_log

from ulterior.errors import CorruptTrace
from ulterior.traces import Study, Summary
from ulterior.traces.index import Index, Row

CELLS = (
    ("errand", "sim/covert", "conflict"),
    ("errand", "sim/honest", "control"),
    ("x", "sim/honest", "conflict"),
)
SPECS = [
    spec_of(seed, scenario=scenario, model=model, condition={"arm": arm, "ask": "direct"})
    for seed in (0, 1)
    for scenario, model, arm in CELLS
]
NAMES = ("index.sqlite", "index.sqlite-wal", "index.sqlite-shm")


@pytest.fixture
def study(tmp_path: Path) -> Study:
    study = Study.create(tmp_path / "study", {})
    for spec in SPECS:
        record(study, spec)
    return study


def listed(study: Study) -> list[Summary]:
    with Index.open(study) as index:
        return list(index.summaries())


def expected(study: Study) -> list[Summary]:
    return sorted(study.summaries(), key=lambda s: (s.spec.scenario, s.spec.model, s.spec.cell, s.spec.seed))


def test_the_index_lists_what_the_sealed_files_say_in_the_order_of_the_cells(study: Study) -> None:
    assert listed(study) == expected(study)
    with Index.open(study) as index:
        first = index.rows()[0]
    assert first == Row(
        episode=SPECS[0].id,
        scenario="errand",
        model="sim/covert",
        cell="arm=conflict,ask=direct",
        seed=0,
        epoch=0,
        sandbox="embedded",
        end="submitted",
        turns=2,
        tokens_in=203,
        tokens_out=20,
        cost=0.5,
        started=EPOCH,
        ended=EPOCH,
    )


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ({}, 6),
        ({"scenario": "errand"}, 4),
        ({"model": "sim/honest"}, 4),
        ({"seed": 1}, 3),
        ({"seed": 0, "scenario": "x"}, 1),
        ({"condition": {"arm": "conflict"}}, 4),
        ({"condition": {"arm": "conflict", "ask": "direct"}, "model": "sim/honest"}, 2),
        ({"condition": {"arm": "direct"}}, 0),
        ({"end": "submitted"}, 6),
        ({"end": "limit"}, 0),
        ({"model": "' OR 1=1 --"}, 0),
    ],
    ids=str,
)
def test_episodes_are_filtered_by_what_they_are(study: Study, where: dict[str, object], count: int) -> None:
    with Index.open(study) as index:
        rows = index.rows(**where)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        ids = [summary.episode for summary in index.summaries(**where)]  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert [row.episode for row in rows] == ids
    assert len(rows) == count


def test_a_filter_that_does_not_exist_is_refused(study: Study) -> None:
    with Index.open(study) as index, pytest.raises(TypeError, match="can't be listed by colour"):
        index.rows(colour="red")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def test_a_seed_beyond_64_bits_is_listed_and_found(study: Study) -> None:
    record(study, spec_of(10**30))
    with Index.open(study) as index:
        (summary,) = index.summaries(seed=10**30)
    assert summary.spec.seed == 10**30


def test_an_unknown_cost_is_none(study: Study) -> None:
    spec = spec_of(77)
    study.seal(
        write_log(study.running_path(spec.id), [(start_of(spec),), (turn_of(1, cost=None),), (SUBMITTED,)])
    )
    with Index.open(study) as index:
        assert [row.cost for row in index.rows(seed=77)] == [None]


def test_refreshing_takes_in_new_files_and_lets_go_of_those_that_are_gone(study: Study) -> None:
    with Index.open(study) as index:
        assert index.refresh() == (0, 0, ())
        record(study, spec_of(8))
        study.sealed_path(SPECS[0].id).unlink()
        assert len(index.rows()) == 6
        assert index.refresh() == (1, 1, ())
        assert list(index.summaries()) == expected(study)


def test_a_file_that_was_replaced_is_read_again(study: Study) -> None:
    path = study.sealed_path(SPECS[0].id)
    with Index.open(study) as index:
        path.unlink()
        seal_bytes(path, b"", spec=SPECS[0], episode=SPECS[0].id, turns=99)
        assert index.refresh().added == 1
        assert [row.turns for row in index.rows() if row.episode == SPECS[0].id] == [99]


def test_a_damaged_file_is_named_and_not_listed(study: Study) -> None:
    path = study.sealed_path(SPECS[0].id)
    with Index.open(study) as index:
        path.write_bytes(b"damaged")
        added, dropped, damaged = index.refresh()
        assert (added, dropped, [fault.path for fault in damaged]) == (0, 1, [path])
        assert isinstance(damaged[0], CorruptTrace)
        path.unlink()
        assert list(index.summaries()) == expected(study)


def test_a_file_that_vanishes_while_it_is_read_is_left_out(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [*study.sealed(), study.sealed_path(spec_of(5).id)]
    monkeypatch.setattr(study, "sealed", lambda: iter(paths))
    assert len(listed(study)) == 6


def test_running_episodes_are_not_listed(study: Study) -> None:
    write_log(study.running_path(spec_of(9).id), GROUPS[:1])
    assert len(listed(study)) == 6


# ---- It is disposable ----


def test_a_deleted_index_is_made_again(study: Study) -> None:
    before = listed(study)
    for name in NAMES:
        (study.root / name).unlink(missing_ok=True)
    assert listed(study) == before
    assert (study.root / "index.sqlite").exists()


@pytest.mark.parametrize(
    "damage", ["no database", "empty", "truncated", "overwritten", "another version", "other tables"]
)
def test_an_index_that_cannot_be_used_is_made_anew(study: Study, damage: str) -> None:
    before, path = listed(study), study.root / "index.sqlite"
    data = path.read_bytes()
    assert len(data) > 8192
    if damage in ("another version", "other tables"):
        path.unlink()
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE episodes (x)")
            database.execute(f"PRAGMA user_version = {1 if damage == 'other tables' else 99}")
        database.close()
    else:
        path.write_bytes({
            "no database": b"garbage" * 1000,
            "empty": b"",
            "truncated": data[: len(data) // 2],
            "overwritten": data[:4096] + b"\xff" * 4096 + data[8192:],
        }[damage])  # fmt: skip
    assert listed(study) == before
    assert listed(study) == before


def test_no_damaged_byte_leads_to_a_wrong_list(study: Study) -> None:
    before, path = listed(study), study.root / "index.sqlite"
    data = path.read_bytes()
    for start in range(0, len(data), 64):
        path.write_bytes(data[:start] + b"\xa5" * 8 + data[start + 8 :])
        with Index.open(study) as index:
            assert {row.episode for row in index.rows()} == {summary.episode for summary in before}


def test_where_no_index_can_be_written_it_is_made_in_memory(study: Study) -> None:
    (study.root / "index.sqlite").mkdir()
    assert listed(study) == expected(study)


def test_a_study_that_is_read_only_is_listed_without_leaving_a_trace(study: Study) -> None:
    root = os.geteuid() == 0
    for folder in (study.root, *study.root.parents):
        if folder.is_relative_to("/tmp") and folder != Path("/tmp") and root:
            folder.chmod(0o755)
    study.root.chmod(0o555)
    try:
        if root:
            os.seteuid(65534)  # permissions don't bind root
        assert listed(study) == expected(study)
    finally:
        if root:
            os.seteuid(0)
        study.root.chmod(0o755)
    assert sorted(path.name for path in study.root.iterdir()) == ["episodes", "study.json"]


def test_an_index_written_before_the_study_became_read_only_is_of_use(study: Study) -> None:
    before = listed(study)
    (study.root / "index.sqlite").chmod(0o444)
    assert listed(study) == before


# ---- Several at once ----


def test_two_readers_see_what_each_other_has_refreshed(study: Study) -> None:
    with Index.open(study) as one, Index.open(study) as two:
        record(study, spec_of(8))
        assert one.refresh().added == 1
        assert one.rows() == two.rows()
        assert two.refresh() == (0, 0, ())


def test_many_that_open_a_new_index_at_once_all_see_everything(study: Study) -> None:
    counts: list[int] = []
    gate = threading.Barrier(8)

    def read() -> None:
        gate.wait()
        counts.extend(len(listed(study)) for _ in range(5))

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [6] * 40


def test_an_index_that_is_deleted_while_it_is_open_goes_on(study: Study) -> None:
    with Index.open(study) as index:
        for name in NAMES:
            (study.root / name).unlink(missing_ok=True)
        record(study, spec_of(8))
        assert index.refresh().added == 1
        assert len(index.rows()) == 7
    assert len(listed(study)) == 7
