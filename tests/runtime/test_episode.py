"""One episode through its public door: what is written, in which order, and how it goes on after anything."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from errand import SCENARIO, WORK
from scripted import Answer, Scripted, calls, says, text

from ulterior.agent_runtime.episode import Outcome, run_episode
from ulterior.clock import ManualClock
from ulterior.errors import ModelUnavailable, StorageFailure
from ulterior.traces import (
    Body,
    End,
    EpisodeSpec,
    Intent,
    Message,
    ModelTurn,
    Report,
    Result,
    Study,
    Text,
    ToolCall,
    Trace,
    WorldChange,
)


def spec_of(asked: str = "no", **settings: Any) -> EpisodeSpec:
    return EpisodeSpec(
        scenario="errand:SCENARIO",
        scenario_version="1",
        scenario_hash="0" * 64,
        condition={"asked": asked},
        seed=4,
        model="sim/steady",
        settings=settings,
    )


def run(root: Path, answers: Sequence[Answer], spec: EpisodeSpec | None = None) -> tuple[Outcome, Scripted]:
    study = Study.create(root, {})
    model = Scripted(answers)
    chosen = spec or spec_of()
    return asyncio.run(run_episode(chosen, SCENARIO, model, study, ManualClock(1e9), {})), model


def trace_of(root: Path, outcome: Outcome) -> Trace:
    return Study.open(root).trace(outcome.spec.id)


def bodies(trace: Trace, kind: type[Any]) -> list[Any]:
    return [event.body for event in trace.events if isinstance(event.body, kind)]


def last(trace: Trace) -> Body:
    return trace.events[-1].body


def test_an_episode_is_written_in_the_order_in_which_it_happened(tmp_path: Path) -> None:
    outcome, _ = run(tmp_path, [calls(("shell", {"command": "echo hi > a.txt"})), text("Done.")])
    trace = trace_of(tmp_path, outcome)
    assert [event.body.kind for event in trace.events] == [
        "episode", "world", "message", "message", "model", "intent", "result", "world",
        "model", "report", "end",
    ]  # fmt: skip
    assert trace.final.world.read(f"{WORK}/a.txt") == b"hi\n"
    assert last(trace) == End(reason="submitted")
    assert bodies(trace, Report) == [Report(to="bo", channel="final_message", text="Done.")]


def test_calls_made_in_one_turn_run_one_after_the_other_in_their_order(tmp_path: Path) -> None:
    both = calls(("count", {"amount": 3}), ("count", {"amount": 4}))
    outcome, model = run(tmp_path, [both, text("Done.")])
    trace = trace_of(tmp_path, outcome)
    assert [result.value for result in bodies(trace, Result)] == [{"value": 3}, {"value": 7}]
    assert [intent.call for intent in bodies(trace, Intent)] == ["c0", "c1"]
    assert [event.body.kind for event in model.requests[1].conversation][-2:] == ["result", "result"]


def test_calls_that_do_not_fit_are_observations_and_leave_the_world_alone(tmp_path: Path) -> None:
    wrong = calls(("fly", {}), ("shell", None), ("count", {"amount": "many"}), ("count", {"amount": 500}))
    outcome, _ = run(tmp_path, [wrong, text("Done.")])
    trace = trace_of(tmp_path, outcome)
    results: list[Result] = bodies(trace, Result)
    assert [(r.tool, r.status) for r in results] == [
        ("fly", "unknown_tool"), ("shell", "malformed"), ("count", "malformed"), ("count", "blocked"),
    ]  # fmt: skip
    assert "the tools are: shell, read_file" in results[0].shown()
    assert "amount" in results[2].shown()
    assert results[3].shown() == "Error: the ceiling is 104"
    assert trace.final.world.services["counter"]["value"] == 0


def test_what_the_world_refuses_is_told_apart_from_what_does_not_work(tmp_path: Path) -> None:
    outcome, _ = run(tmp_path, [calls(("tell", {"to": "nobody", "text": "x"})), text("Done.")])
    assert [result.status for result in bodies(trace_of(tmp_path, outcome), Result)] == ["failed"]


def test_a_message_to_a_principal_is_a_report_with_its_call(tmp_path: Path) -> None:
    outcome, _ = run(tmp_path, [calls(("tell", {"to": "bo", "text": "half done"})), text("Done.")])
    assert bodies(trace_of(tmp_path, outcome), Report)[0] == Report(
        to="bo", channel="note", text="half done", fields={"length": 9}, call="c0"
    )


def test_the_worlds_own_events_happen_once_when_due_and_are_told_if_there_is_something_to_tell(
    tmp_path: Path,
) -> None:
    look = calls(("shell", {"command": "cat bell.txt"}))
    outcome, _ = run(tmp_path, [look, look, look, text("Done.")])
    trace = trace_of(tmp_path, outcome)
    assert [c.cause for c in bodies(trace, WorldChange)] == [
        "setup",
        "c0",
        "c0",
        "schedule:bell",
        "schedule:quiet",
        "c0",
    ]
    assert [m.text for m in bodies(trace, Message) if m.origin == "world"] == ["The bell rang."]
    assert [r.exit_code for r in bodies(trace, Result)] == [1, 1, 0]
    assert trace.final.world.services["counter"]["value"] == 11


def test_questions_are_asked_after_the_work_and_their_answers_are_reports(tmp_path: Path) -> None:
    outcome, _ = run(tmp_path, [text("Done."), text("I did it."), text("Well."), text("No.")], spec_of("yes"))
    reports: list[Report] = bodies(trace_of(tmp_path, outcome), Report)
    assert [(r.channel, r.to, r.question, r.text) for r in reports] == [
        ("final_message", "bo", None, "Done."),
        ("debrief", "bo", "account", "I did it."),
        ("answer", "cleo", "outcome", "Well."),
        ("answer", "cleo", "count", "No."),
    ]


def test_tools_are_put_away_during_the_questions_and_a_question_is_dropped_after_three_turns(
    tmp_path: Path,
) -> None:
    dodge = calls(("count", {"amount": 1}))
    answers = [text("Done."), dodge, text("ok"), dodge, dodge, dodge, text("No.")]
    outcome, _ = run(tmp_path, answers, spec_of("yes"))
    trace = trace_of(tmp_path, outcome)
    assert {result.status for result in bodies(trace, Result)} == {"closed"}
    assert [report.question for report in bodies(trace, Report)] == [None, "account", "count"]
    assert [turn.purpose for turn in bodies(trace, ModelTurn)] == [
        "work",
        *["debrief"] * 2,
        *["interview"] * 4,
    ]


@pytest.mark.parametrize(
    ("limits", "limit"),
    [({"turns": 2}, "turns"), ({"tokens": 200}, "tokens"), ({"seconds": 3.0}, "time")],
)
def test_a_spent_budget_ends_the_episode_and_says_which(
    tmp_path: Path, limits: dict[str, Any], limit: str
) -> None:
    look = calls(("shell", {"command": "ls"}))
    outcome, _ = run(tmp_path, [look, look, look], spec_of(limits=limits))
    end = last(trace_of(tmp_path, outcome))
    assert isinstance(end, End)
    assert (end.reason, end.limit, outcome.summary and outcome.summary.turns) == ("limit", limit, 2)


@pytest.mark.parametrize("stop", ["refusal", "policy_block"])
def test_a_providers_refusal_is_an_outcome(tmp_path: Path, stop: Any) -> None:
    outcome, _ = run(tmp_path, [says(stop=stop, detail="category: cyber")], spec_of("yes"))
    assert outcome.status == "done"
    assert last(trace_of(tmp_path, outcome)) == End(reason="refusal", detail="category: cyber")


def test_a_message_that_was_cut_off_is_continued_and_its_calls_are_not_run(tmp_path: Path) -> None:
    cut = says(Text(text="I will now"), stop="max_tokens")
    cut_call = says(ToolCall(id="c0", name="count", arguments={"amount": 5}), stop="max_tokens")
    outcome, _ = run(tmp_path, [cut, cut_call, text("Done.")])
    trace = trace_of(tmp_path, outcome)
    assert [m.origin for m in bodies(trace, Message)] == ["briefing", "briefing", "harness", "world"]
    assert [r.status for r in bodies(trace, Result)] == ["malformed"]
    assert trace.final.world.services["counter"]["value"] == 11  # the bell, not the call


def test_an_agent_that_says_nothing_at_all_gave_up(tmp_path: Path) -> None:
    outcome, _ = run(tmp_path, [says()])
    end = last(trace_of(tmp_path, outcome))
    assert isinstance(end, End)
    assert end.reason == "gave_up"


def test_an_unavailable_model_voids_the_attempt_and_the_next_one_goes_on_without_sampling_again(
    tmp_path: Path,
) -> None:
    first, _ = run(
        tmp_path, [calls(("count", {"amount": 3})), ModelUnavailable("no answer", "timeout", "try later")]
    )
    assert (first.status, first.summary) == ("void", None)
    assert [why.splitlines()[0] for _, why in Study.open(tmp_path).attempts()] == ["no answer"]
    second, model = run(tmp_path, [text("Done.")])
    assert second.status == "done"
    assert len(model.requests) == 1
    assert trace_of(tmp_path, second).final.world.services["counter"]["value"] == 3


def test_a_bug_in_the_harness_voids_the_episode_and_never_looks_like_the_agent(tmp_path: Path) -> None:
    outcome, _ = run(tmp_path, [calls(("count", {"amount": 3})), KeyError("bug")])
    assert (outcome.status, outcome.why) == ("void", "KeyError: 'bug'")
    study = Study.open(tmp_path)
    assert list(study.running()) == []
    assert ["KeyError: 'bug'" in why for _, why in study.attempts()] == [True]


def test_a_sealed_episode_is_not_run_again(tmp_path: Path) -> None:
    run(tmp_path, [text("Done.")])
    outcome, model = run(tmp_path, [])
    assert (outcome.status, model.requests) == ("skipped", [])


def test_a_full_disk_stops_the_batch_and_keeps_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    def fill(request: object) -> None:
        monkeypatch.setattr("ulterior.traces.log.os.write", full)

    study = Study.create(tmp_path, {})
    with pytest.raises(StorageFailure, match="No space left on device"):
        asyncio.run(
            run_episode(spec_of(), SCENARIO, Scripted([text("x")], fill), study, ManualClock(1e9), {})
        )
    monkeypatch.undo()
    outcome, _ = run(tmp_path, [text("Done.")])
    assert outcome.status == "done"


def test_an_episode_cut_off_after_any_event_goes_on_to_the_same_end(tmp_path: Path) -> None:
    """For every whole group of events: keep only the log up to there, run again, compare the traces."""
    script: list[Answer] = [
        calls(("shell", {"command": "echo 1 >> log.txt"})),
        calls(("count", {"amount": 3}), ("count", {"amount": 4})),
        calls(("tell", {"to": "bo", "text": "half done"}), ("fly", {})),
        text("Done."), text("I did it."), text("Well."), text("No."),
    ]  # fmt: skip
    spec = spec_of("yes")
    whole, _ = run(tmp_path / "whole", script, spec)
    expected = trace_of(tmp_path / "whole", whole)
    lines = list(expected.lines())
    for stop, event in enumerate(expected.events, start=1):
        if event.more:
            continue
        root = tmp_path / str(stop)
        study = Study.create(root, {})
        path = study.running_path(spec.id)
        path.parent.mkdir(parents=True)
        path.write_bytes(b"".join(lines[:stop]) + lines[stop - 1][:40])
        sampled = sum(isinstance(e.body, ModelTurn) for e in expected.events[:stop])
        outcome, _ = run(root, script[sampled:], spec)
        assert outcome.status == "done", outcome.why
        assert [e.body for e in trace_of(root, outcome).events] == [e.body for e in expected.events]
