"""Recording fork experiments on a disk that is full."""

import os
import resource
from pathlib import Path

import pytest

from ulterior.errors import StorageFailure
from ulterior.traces import ForkBranch, ForkExperiment, Study, fork_tree, record_forks


def experiment(id: str) -> ForkExperiment:  # noqa: A002
    branch = ForkBranch(arm="control", parent="p" * 32, at=3, turn=1, episodes=("e" * 32,))
    return ForkExperiment(id=id, kind="edit", created=1e9, branches=(branch,))


FIRST, SECOND = experiment("1" * 16), experiment("2" * 16)


def path_of(study: Study) -> Path:
    return study.root / "forks" / "experiments.jsonl"


def test_a_record_that_the_disk_takes_only_a_part_of_is_a_storage_failure_and_costs_no_other(
    tmp_path: Path,
) -> None:
    study = Study.create(tmp_path, {})
    record_forks(study, FIRST)
    room = path_of(study).stat().st_size + 20
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, old[1]))
    try:
        with pytest.raises(StorageFailure, match=r"can't write .*experiments") as failure:
            record_forks(study, SECOND)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    assert "free some space" in failure.value.fix
    assert path_of(study).stat().st_size == room
    assert fork_tree(study).experiments == (FIRST,)
    record_forks(study, SECOND)
    assert fork_tree(study).experiments == (FIRST, SECOND)


def test_a_record_that_takes_many_writes_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = Study.create(tmp_path, {})
    write = os.write

    def short(fd: int, data: bytes) -> int:
        return write(fd, data[:10])

    monkeypatch.setattr(os, "write", short)
    record_forks(study, FIRST)
    assert fork_tree(study).experiments == (FIRST,)
