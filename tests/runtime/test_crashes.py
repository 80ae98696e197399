"""kill -9 anywhere in a batch: the same command goes on, and nothing is lost or done twice."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from crashes import DESIGN, run_batch

from ulterior.agent_runtime.plan import plan_study
from ulterior.traces import Result, Study
from ulterior.traces.verify import verify_study

SUPPORT = Path(__file__).parents[1] / "support"


def contents(root: Path) -> dict[str, list[dict[str, Any]]]:
    """What every episode holds, without when it happened and how long it took."""
    study = Study.open(root)
    return {
        path.name: [
            event.body.model_dump(exclude={"duration", "latency"})
            for event in study.trace(path.name[:32]).events
        ]
        for path in study.sealed()
    }


def check_study_after_kills(root: Path, kills: int, seed: int) -> None:
    command = [sys.executable, str(SUPPORT / "crashes.py"), str(root / "killed"), str(kills), str(seed)]
    environment = {**os.environ, "PYTHONPATH": str(SUPPORT)}
    finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    assert finished.stdout == f"{kills}\n", "the batch was through before all kills: make it longer"
    study = Study.open(root / "killed")
    planned = {spec.id for spec in plan_study(DESIGN, {})}
    assert [path.name[:32] for path in study.sealed()] == sorted(planned)
    assert list(study.running()) == []
    assert verify_study(study).intact
    assert_no_turn_sampled_after_it_was_logged(root / "killed" / "samples")
    (root / "whole").mkdir()
    asyncio.run(run_batch(root / "whole"))
    assert contents(root / "killed") == contents(root / "whole")


def assert_no_turn_sampled_after_it_was_logged(samples: Path) -> None:
    logged: set[str] = set()
    for line in samples.read_text().splitlines():
        if line.startswith("logged "):
            logged.add(line.removeprefix("logged "))
        else:
            assert line not in logged


@pytest.mark.long
def test_a_batch_killed_at_thirty_random_points_ends_as_if_it_never_was(tmp_path: Path) -> None:
    check_study_after_kills(tmp_path, kills=30, seed=20261124)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_many_more_kills_change_nothing(tmp_path: Path, seed: int) -> None:
    check_study_after_kills(tmp_path, kills=30, seed=seed)


def test_a_result_is_never_without_its_world(tmp_path: Path) -> None:
    """The step's two halves are one group: a log cut anywhere has both or neither."""
    (tmp_path / "whole").mkdir()
    asyncio.run(run_batch(tmp_path / "whole"))
    study = Study.open(tmp_path / "whole")
    for path in study.sealed():
        events = study.trace(path.name[:32]).events
        for event in events:
            if isinstance(event.body, Result) and event.body.status in ("executed", "failed"):
                assert event.more
                assert events[event.seq + 1].body.kind == "world"
