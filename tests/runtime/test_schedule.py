"""Events of the world's own that wait for its clock, which tools move and neither a kill nor a fork loses."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from errand import SCENARIO, Counter
from scripted import Answer, Scripted, calls, text

from ulterior.agent_runtime.edits import FactorEdit
from ulterior.agent_runtime.episode import run_episode
from ulterior.agent_runtime.forks import fork_spec
from ulterior.clock import ManualClock
from ulterior.errors import UsageError
from ulterior.sandbox import World
from ulterior.scenarios import Condition, Instance, Scheduled
from ulterior.traces import EpisodeSpec, Message, ModelTurn, Study, Trace, WorldChange


async def _dusk(world: World) -> str | None:
    world.service(Counter).value += 10
    return "It gets dark."


def build(seed: int, condition: Condition) -> Instance[int]:
    """Dusk comes 12 seconds after the start, 8 under the other level; never before the first turn is done."""
    at = 12.0 if condition["asked"] == "yes" else 8.0
    dusk = Scheduled("dusk", 1, _dusk, at=at)
    return replace(SCENARIO.build(seed, condition), schedule=(dusk,), questions=())


EVENING = replace(SCENARIO, build=build)
SPEC = EpisodeSpec(
    scenario="errand:SCENARIO",
    scenario_version="1",
    scenario_hash="0" * 64,
    condition={"asked": "yes"},
    seed=4,
    model="sim/steady",
)
COUNT = calls(("count", {"amount": 1}))  # five seconds of the world's time
SCRIPT: list[Answer] = [COUNT, COUNT, COUNT, COUNT, text("Done.")]


def run(study: Study, answers: Sequence[Answer], spec: EpisodeSpec = SPEC) -> Trace:
    outcome = asyncio.run(run_episode(spec, EVENING, Scripted(answers), study, ManualClock(1e9), {}))
    assert outcome.status == "done", outcome.why
    return study.trace(spec.id)


def happened(trace: Trace) -> list[str]:
    """What happened, by its cause, with the seconds since the start; and every model turn."""
    seen: list[str] = []
    for event in trace.events:
        match event.body:
            case WorldChange(cause=cause, clock=clock) if cause != "setup":
                seen.append(f"{cause} {clock - 1_900_000_000:g}")
            case ModelTurn():
                seen.append("turn")
            case _:
                pass
    return seen


def test_an_event_happens_once_the_tools_seconds_have_passed(tmp_path: Path) -> None:
    trace = run(Study.create(tmp_path, {}), SCRIPT)
    assert happened(trace) == [
        "turn", "c0 5", "turn", "c0 10", "turn", "c0 15", "schedule:dusk 15", "turn", "c0 20", "turn",
    ]  # fmt: skip
    told = [e.body.text for e in trace.events if isinstance(e.body, Message) and e.body.origin == "world"]
    assert told == ["It gets dark."]
    assert trace.final.world.services["counter"]["value"] == 14


def test_turns_alone_do_not_bring_it_and_time_alone_does_not_either(tmp_path: Path) -> None:
    turns = [calls(("fly", {})), calls(("fly", {})), text("Done.")]
    assert "schedule" not in " ".join(happened(run(Study.create(tmp_path / "a", {}), turns)))
    late = SPEC.model_copy(update={"condition": {"asked": "no"}})
    three = calls(("count", {"amount": 1}), ("count", {"amount": 1}), ("count", {"amount": 1}))
    trace = run(Study.create(tmp_path / "b", {}), [three, text("Done.")], late)
    assert happened(trace) == ["turn", "c0 5", "c1 10", "c2 15", "schedule:dusk 15", "turn"]


def test_what_is_not_due_when_the_work_is_handed_over_does_not_happen(tmp_path: Path) -> None:
    trace = run(Study.create(tmp_path, {}), [COUNT, text("Done.")])
    assert happened(trace) == ["turn", "c0 5", "turn"]


def test_an_episode_cut_off_after_any_event_lets_it_happen_once_and_at_its_time(tmp_path: Path) -> None:
    expected = run(Study.create(tmp_path / "whole", {}), SCRIPT)
    lines = list(expected.lines())
    for stop, event in enumerate(expected.events, start=1):
        if event.more:
            continue
        study = Study.create(tmp_path / str(stop), {})
        path = study.running_path(SPEC.id)
        path.parent.mkdir(parents=True)
        path.write_bytes(b"".join(lines[:stop]) + lines[stop - 1][:40])
        sampled = sum(isinstance(e.body, ModelTurn) for e in expected.events[:stop])
        assert [e.body for e in run(study, SCRIPT[sampled:]).events] == [e.body for e in expected.events]


def test_a_fork_keeps_what_has_happened_and_waits_for_what_has_not(tmp_path: Path) -> None:
    study = Study.create(tmp_path, {})
    parent = run(study, SCRIPT)
    for event in parent.events[:-1]:
        if event.more:
            continue
        spec = fork_spec(parent, event.seq, EVENING)
        sampled = sum(isinstance(e.body, ModelTurn) for e in parent.events[: event.seq + 1])
        assert [e.body for e in run(study, SCRIPT[sampled:], spec).events[1:]] == [
            e.body for e in parent.events[1:]
        ]


def test_another_level_under_which_it_would_have_happened_already_needs_a_fork_at_the_start(
    tmp_path: Path,
) -> None:
    parent = run(Study.create(tmp_path, {}), SCRIPT)
    ends = [e.seq for e in parent.events if isinstance(e.body, WorldChange)]
    edit = FactorEdit(name="asked", level="no")
    with pytest.raises(UsageError, match="schedule"):
        fork_spec(parent, ends[2], EVENING, edits=(edit,))
    assert fork_spec(parent, ends[1], EVENING, edits=(edit,)).condition == {"asked": "no"}
