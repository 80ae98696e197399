"""Forks: what they share with their parent, where they may leave it, and that they run like any episode."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from errand import SCENARIO, WORK
from scripted import Answer, Scripted, calls, text

from ulterior.agent_runtime.edits import ModelSwap
from ulterior.agent_runtime.episode import Outcome, run_episode
from ulterior.agent_runtime.forks import fork_spec
from ulterior.clock import ManualClock
from ulterior.errors import ModelUnavailable, UsageError
from ulterior.traces import EpisodeSpec, EpisodeStart, ForkOrigin, ModelTurn, Study, Trace
from ulterior.traces.verify import verify_study

PARENT = EpisodeSpec(
    scenario="errand:SCENARIO",
    scenario_version="1",
    scenario_hash="0" * 64,
    condition={"asked": "no"},
    seed=4,
    model="sim/steady",
)
SCRIPT: list[Answer] = [
    calls(("shell", {"command": "echo 1 >> log.txt"})),
    calls(("count", {"amount": 3}), ("count", {"amount": 4})),
    text("Done."),
]


def run(study: Study, spec: EpisodeSpec, answers: Sequence[Answer], began: float = 1e9) -> Outcome:
    model = Scripted(answers)
    outcome = asyncio.run(run_episode(spec, SCENARIO, model, study, ManualClock(began), {"ulterior": "x"}))
    assert len(model.requests) == len(answers)
    return outcome


def parent_in(study: Study) -> Trace:
    run(study, PARENT, SCRIPT)
    return study.trace(PARENT.id)


def ends_of_groups(trace: Trace) -> list[int]:
    return [event.seq for event in trace.events[:-1] if not event.more]


def test_a_fork_without_a_change_goes_the_same_way_from_every_step(tmp_path: Path) -> None:
    study = Study.create(tmp_path, {})
    parent = parent_in(study)
    for at in ends_of_groups(parent):
        spec = fork_spec(parent, at, SCENARIO)
        sampled = sum(isinstance(event.body, ModelTurn) for event in parent.events[: at + 1])
        assert run(study, spec, SCRIPT[sampled:], began=2e9).status == "done"
        fork = study.trace(spec.id)
        assert [event.body for event in fork.events[1:]] == [event.body for event in parent.events[1:]]
        assert [event.at for event in fork.events[: at + 1]] == [e.at for e in parent.events[: at + 1]]
        assert all(event.at >= 2e9 for event in fork.events[at + 1 :])
    assert verify_study(study).intact


def test_a_fork_names_where_it_comes_from_and_carries_all_that_it_needs(tmp_path: Path) -> None:
    study = Study.create(tmp_path, {})
    parent = parent_in(study)
    at = ends_of_groups(parent)[3]
    spec = fork_spec(parent, at, SCENARIO, [ModelSwap(name="sim/other")], replica=2)
    run(study, spec, [text("I stop here.")])
    study.sealed_path(parent.episode).unlink()
    fork = study.trace(spec.id)
    origin = ForkOrigin(
        parent=PARENT.id, at=at, edit={"edits": [{"kind": "model", "name": "sim/other"}]}, replica=2
    )
    assert fork.spec == PARENT.model_copy(update={"model": "sim/other", "fork": origin})
    start = fork.events[0].body
    assert isinstance(start, EpisodeStart)
    assert (start.episode, start.packages) == (spec.id, {"ulterior": "x"})
    assert fork.final.world.read(f"{WORK}/log.txt") == b"1\n"
    assert fork.final.reports[-1].text == "I stop here."


def test_replicas_are_episodes_of_their_own_and_each_runs_once(tmp_path: Path) -> None:
    study = Study.create(tmp_path, {})
    parent = parent_in(study)
    specs = [fork_spec(parent, ends_of_groups(parent)[-2], SCENARIO, replica=number) for number in range(3)]
    assert [run(study, spec, [text("Over.")]).status for spec in specs] == ["done"] * 3
    assert [run(study, spec, []).status for spec in specs] == ["skipped"] * 3
    assert len(list(study.sealed())) == 4


def test_a_fork_of_a_fork_leaves_from_what_the_fork_did(tmp_path: Path) -> None:
    study = Study.create(tmp_path, {})
    parent = parent_in(study)
    first = fork_spec(parent, ends_of_groups(parent)[0], SCENARIO)
    run(study, first, [calls(("shell", {"command": "echo other > log.txt"})), text("Done otherwise.")])
    child = study.trace(first.id)
    second = fork_spec(child, ends_of_groups(child)[-2], SCENARIO)
    run(study, second, [text("And over.")])
    grandchild = study.trace(second.id)
    assert second.fork is not None
    assert second.fork.parent == first.id
    assert grandchild.final.world.read(f"{WORK}/log.txt") == b"other\n"


def test_a_fork_that_was_interrupted_goes_on_and_copies_nothing_twice(tmp_path: Path) -> None:
    study = Study.create(tmp_path, {})
    parent = parent_in(study)
    at = ends_of_groups(parent)[3]  # after the first call, where a model turn comes next
    spec = fork_spec(parent, at, SCENARIO)
    assert run(study, spec, [ModelUnavailable("no answer", "timeout", "try later")]).status == "void"
    path = study.running_path(spec.id)
    copied = path.read_bytes().splitlines(keepends=True)
    assert len(copied) == at + 1
    for kept in range(at + 2):  # as if killed while the beginning was being copied
        path.write_bytes(b"".join(copied[:kept]))
        log = study.open_log(spec.id, ManualClock(1e9))
        log.close()
        assert run(study, spec, [ModelUnavailable("no answer", "timeout", "try later")]).status == "void"
        assert path.read_bytes() == b"".join(copied)
    assert run(study, spec, SCRIPT[1:]).status == "done"


@pytest.mark.parametrize(
    ("at", "why"), [(-1, "its events are 0 to"), (0, "written together"), (10**6, "are 0 to")]
)
def test_a_fork_can_only_leave_its_parent_between_two_steps(tmp_path: Path, at: int, why: str) -> None:
    parent = parent_in(Study.create(tmp_path, {}))
    with pytest.raises(UsageError, match=why):
        fork_spec(parent, at, SCENARIO)


def test_nothing_is_left_to_do_after_the_end(tmp_path: Path) -> None:
    parent = parent_in(Study.create(tmp_path, {}))
    with pytest.raises(UsageError, match="the episode is over there"):
        fork_spec(parent, len(parent.events) - 1, SCENARIO)
