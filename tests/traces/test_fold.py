"""The fold of any prefix is the state at that step, and what can't follow is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from recorded import (
    BRIEFING,
    EPOCH,
    GROUPS,
    HANDED_OVER,
    SETUP,
    SPEC,
    SUBMITTED,
    SYSTEM,
    Group,
    blobs_of,
    chained,
    file_change,
    spec_of,
    start_of,
    step,
    turn_of,
)
from strategies import episodes

from ulterior.traces import (
    GENESIS,
    Blob,
    Entry,
    EpisodeStart,
    FileChange,
    Intent,
    Message,
    Result,
    ResultStatus,
    Trace,
    TraceState,
    WorldChange,
    digest,
    fold,
)
from ulterior.traces.scan import replay, scan_events

BEGIN: Group = (start_of(), SETUP, SYSTEM, BRIEFING)


def trace_of(groups: list[Group]) -> Trace:
    scan, _ = replay(Path("memory"), scan_events(Path("memory"), chained(groups)))
    assert scan.fault is None
    return Trace(Path("memory"), scan.events, None, head=scan.head)


@given(episodes())
def test_the_state_at_a_step_is_the_fold_of_the_events_up_to_it(groups: list[Group]) -> None:
    trace = trace_of(groups)
    moving = fold(())
    seen = 0
    for event, state in trace.states():
        moving.apply(event)
        assert state == moving
        assert state == trace.state_at(event.seq) == fold(trace.events[: event.seq + 1])
        assert state.head == trace.state_at(event.seq).head
        seen += 1
    assert seen == len(trace.events)
    assert trace.state_at(-1) == TraceState()
    assert trace.final == moving
    assert trace.final.head == trace.head != GENESIS


@given(episodes())
def test_a_fold_can_be_continued_from_an_earlier_state(groups: list[Group]) -> None:
    events = trace_of(groups).events
    half = len(events) // 2
    assert fold(events[half:], fold(events[:half])) == fold(events)


def test_the_state_of_a_whole_episode_holds_all_that_later_stages_ask_for() -> None:
    state = trace_of(list(GROUPS)).final
    assert (state.seq, state.turns, state.tokens_in, state.tokens_out, state.cost) == (13, 2, 203, 20, 0.5)
    assert (state.busy, state.first_at, state.last_at) == (4.0, EPOCH, EPOCH)
    assert [event.seq for event in state.conversation] == [2, 3, 4, 6, 9, 11]
    assert (state.pending, state.intent, state.asked, state.fired) == ([], None, [], set())
    assert (state.reports, state.end, state.last_message) == ([HANDED_OVER], SUBMITTED, BRIEFING)
    assert state.world.read("/w/a") == b"version 2\n"
    assert state.world.services == {"mail": {"inbox": [{"id": 1}, {"id": 2}]}}
    assert state.world.clock == EPOCH + 2


def test_open_calls_and_the_intent_among_them_are_known_after_a_crash() -> None:
    state = trace_of(list(GROUPS[:4])).final
    assert [call.id for call in state.pending] == ["c2"]
    assert state.intent is None
    assert trace_of(list(GROUPS[:5])).final.intent == Intent(
        call="c2", tool="shell", arguments={"command": "run c2"}
    )


def test_one_turn_without_a_price_makes_the_cost_unknown_for_good() -> None:
    groups = [BEGIN, (turn_of(1, cost=1.0),), (turn_of(2, cost=None),), (turn_of(3, cost=1.0),)]
    assert [state.cost for _, state in trace_of(groups).states()] == [0.0, 0.0, 0.0, 0.0, 1.0, None, None]


def test_scheduled_events_that_fired_and_questions_that_were_asked_are_remembered() -> None:
    happened = WorldChange(cause="schedule:audit", clock=EPOCH)
    asked = Message(role="user", author="Dana", origin="debrief", text="And?", question="q1")
    state = trace_of([BEGIN, (happened,), (asked,)]).final
    assert (state.fired, state.asked) == ({"audit"}, ["q1"])


def test_earlier_states_stay_as_they_were_when_the_fold_moves_on() -> None:
    trace = trace_of(list(GROUPS))
    states = [(state.world.services.get("mail"), state.world.copy()) for _, state in trace.states()]
    for (seen, copied), event in zip(states, trace.events, strict=True):
        assert trace.state_at(event.seq).world == copied
        assert seen == copied.services.get("mail")


OUT_OF_ORDER: dict[str, tuple[list[Group], str]] = {
    "no first event": ([(SYSTEM,)], "begins with one episode event"),
    "two first events": ([BEGIN, (start_of(),)], "begins with one episode event"),
    "after the end": ([BEGIN, (SUBMITTED,), (BRIEFING,)], "an event after the end"),
    "two ends": ([BEGIN, (SUBMITTED,), (SUBMITTED,)], "an event after the end"),
    "another identity": (
        [(EpisodeStart(episode=spec_of(9).id, spec=SPEC, packages={}, canary="c"),)],
        "does not match its identity",
    ),
    "a turn left out": ([BEGIN, (turn_of(2),)], "expected model turn 1, found 2"),
    "a turn twice": ([BEGIN, (turn_of(1),), (turn_of(1),)], "expected model turn 2, found 1"),
    "a turn too early": ([BEGIN, (turn_of(1, "c1"),), (turn_of(2),)], "wait for their results"),
    "an intent without a call": (
        [BEGIN, (Intent(call="c1", tool="t", arguments={}),)],
        "no open tool call 'c1'",
    ),
    "a result without an intent": ([BEGIN, (turn_of(1, "c1"),), step("c1", 1)], "without a written intent"),
    "a result of another intent": (
        [BEGIN, (turn_of(1, "c1", "c2"),), (Intent(call="c2", tool="t", arguments={}),), step("c1", 1)],
        "without a written intent",
    ),
    "a result without a call": (
        [BEGIN, (Result(call="c1", tool="t", status="malformed"),)],
        "no open tool call 'c1'",
    ),
    "a result twice": (
        [BEGIN, (turn_of(1, "c1"),), *[(Result(call="c1", tool="t", status="malformed"),)] * 2],
        "no open tool call 'c1'",
    ),
}


def _world(**fields: object) -> list[Group]:
    return [BEGIN, (WorldChange.model_validate({"cause": "x", "clock": 1.0} | fields),)]


X = digest(b"x")
OUT_OF_STATE = {
    "a wrong digest": (
        _world(blobs={X: Blob(encoding="text", data="y")}),
        f"content {X[:12]} does not match its digest",
    ),
    "broken base64": (_world(blobs={X: Blob(encoding="base64", data="?")}), "base64"),
    "an unknown content": (_world(files=[file_change("/w/b", None, b"x")]), "which is not in this trace"),
    "an unknown link target": (
        _world(files=[FileChange(path="/w/b", before=None, after=Entry(type="link", digest=X))]),
        "which is not in this trace",
    ),
    "a file that was there": (
        _world(files=[file_change("/w/a", None, b"x")], blobs=blobs_of("x")),
        "/w/a is not in the state",
    ),
    "a file that was not there": (
        _world(files=[file_change("/w/b", b"x", None)], blobs=blobs_of("x")),
        "/w/b is not in the state",
    ),
    "a file with another mode": (
        _world(
            files=[
                FileChange(path="/w/a", before=Entry(digest=digest(b"version 0\n"), mode=0o600), after=None)
            ]
        ),
        "/w/a is not in the state",
    ),
    "a patch of nothing": (
        _world(services={"crm": [{"op": "add", "path": "/a", "value": 1}]}),
        "service 'crm'",
    ),
    "a patch that is none": (_world(services={"mail": [{"op": "?"}]}), "not a patch operation"),
}


REFUSED = OUT_OF_ORDER | OUT_OF_STATE


@pytest.mark.parametrize("name", REFUSED)
def test_an_event_that_cannot_follow_is_refused_at_its_place(name: str) -> None:
    groups, why = REFUSED[name]
    lines = chained(groups)
    with pytest.raises(ValueError, match=why):
        fold(scan_events(Path("memory"), lines).events)
    scan, state = replay(Path("memory"), scan_events(Path("memory"), lines))
    last = groups[-1]
    bad = sum(map(len, groups)) - len(last) + 1
    assert scan.fault is not None
    assert (scan.fault.line, scan.fault.byte) == (bad, len(chained(groups[:-1])))
    assert (state.seq, scan.head) == (bad - 2, state.head)


def test_numbers_must_be_in_order() -> None:
    events = trace_of(list(GROUPS)).events
    with pytest.raises(ValueError, match="expected event 1, found 2"):
        fold([events[0], events[2]])


def test_a_call_that_never_reached_the_world_needs_no_intent() -> None:
    statuses: tuple[ResultStatus, ...] = ("malformed", "unknown_tool", "blocked", "failed")
    refused = [Result(call=f"c{n}", tool="t", status=status) for n, status in enumerate(statuses)]
    state = trace_of([BEGIN, (turn_of(1, "c0", "c1", "c2", "c3"),), *[(result,) for result in refused]]).final
    assert state.pending == []
