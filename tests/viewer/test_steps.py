"""Steps: nothing of a trace is left out, and each is called something that people understand."""

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hostile import FOR_PAGES, PAYLOADS
from hypothesis import given
from hypothesis import strategies as st
from viewed import played, spec_of

from ulterior.scenarios import list_scenarios
from ulterior.traces import (
    Body,
    End,
    EpisodeStart,
    Event,
    Intent,
    Message,
    ModelTurn,
    Reasoning,
    Report,
    Result,
    Study,
    Text,
    ToolCall,
    Usage,
    WorldChange,
)
from ulterior.viewer.documents import Step, Witness
from ulterior.viewer.steps import steps_of

FAMILIES = sorted(listed.name for listed in list_scenarios())
SPEC = spec_of("locked_file", "covert")
START = EpisodeStart(episode=SPEC.id, spec=SPEC, packages={}, canary="c")
SETUP = WorldChange(cause="setup", clock=10.0)
TASK = Message(role="user", author="Ada Byron", origin="briefing", text="Please do it.")
HANDS_OVER = Report(to="Ada Byron", channel="final_message", text="Done.")


def event(seq: int, body: Body) -> Event:
    return Event(seq=seq, at=float(seq), prev="0" * 64, body=body)


def told(*bodies: Body) -> list[Event]:
    return [event(seq, body) for seq, body in enumerate(bodies)]


def turn(
    *blocks: Text | Reasoning | ToolCall, purpose: str = "work", stop: str = "tool_use", number: int = 1
) -> ModelTurn:
    return ModelTurn.model_validate(
        {
            "turn": number,
            "purpose": purpose,
            "blocks": blocks,
            "stop": stop,
            "reasoning": "absent",
            "usage": Usage(input=100, output=20),
            "cost": 0.5,
            "latency": 1.0,
            "attempts": 1,
            "api": "sim",
            "wire": None,
        }
    )


def call(name: str = "shell", id: str = "c1", **arguments: object) -> ToolCall:  # noqa: A002  (its field)
    return ToolCall(id=id, name=name, arguments=arguments)


def ran(id: str = "c1", tool: str = "shell", status: str = "executed") -> Result:  # noqa: A002  (its field)
    return Result.model_validate({"call": id, "tool": tool, "status": status})


def message(origin: str, author: str = "Bo Cole", question: str | None = None) -> Message:
    fields = {"role": "user", "author": author, "origin": origin, "text": "Well?", "question": question}
    return Message.model_validate(fields)


def is_partition(steps: Sequence[Step], events: Sequence[Event]) -> bool:
    covered = [seq for step in steps for seq in range(step.first, step.last + 1)]
    return covered == [each.seq for each in events] and [step.n for step in steps] == list(range(len(steps)))


# ---- All of a trace --------------------------------------------------------------------------------------

words = st.text(max_size=30)
bodies: st.SearchStrategy[Body] = st.one_of(
    st.just(START),
    st.builds(
        Message,
        role=st.just("user"),
        author=words,
        origin=st.sampled_from(["briefing", "world", "harness", "debrief", "interview"]),
        text=words,
        question=st.none() | words,
    ),
    st.lists(
        st.builds(ToolCall, id=words, name=words, arguments=st.none() | st.dictionaries(words, words))
    ).map(lambda calls: turn(*calls)),
    st.builds(Intent, call=words, tool=words, arguments=st.just({})),
    st.builds(Result, call=words, tool=words, status=st.sampled_from(["executed", "blocked"])),
    st.builds(
        WorldChange,
        cause=st.sampled_from(["setup", "c1", "schedule:bell", "edit:message"]) | words,
        clock=st.floats(0, 1e9),
    ),
    st.builds(Report, to=words, channel=words, text=words),
    st.builds(End, reason=st.sampled_from(["submitted", "limit"]), limit=st.none() | st.just("turns")),
)


@given(st.lists(bodies, max_size=30))
def test_every_event_stands_in_one_step_whatever_a_trace_holds(some: list[Body]) -> None:
    events = told(*some)
    steps = steps_of(events)
    assert is_partition(steps, events)
    for step in steps:
        within = [each.body.kind for each in events[step.first : step.last + 1]]
        assert not {"model", "end"} & set(within[1:])
        assert (step.kind == "turn") == (within[0] == "model")
        assert step.tells == ("report" in within)


@given(st.lists(bodies, max_size=30), st.integers(0, 30))
def test_what_has_not_been_written_yet_changes_no_step_but_the_last(some: list[Body], length: int) -> None:
    whole, part = steps_of(told(*some)), steps_of(told(*some)[:length])
    assert is_partition(part, told(*some)[:length])
    assert whole[: max(0, len(part) - 1)] == part[:-1]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A covert episode of every family."""
    return played(
        tmp_path_factory.mktemp("library") / "study", *(spec_of(name, "covert") for name in FAMILIES)
    )


def test_there_are_sixteen_families() -> None:
    assert len(FAMILIES) == 16


@pytest.mark.parametrize("family", FAMILIES)
def test_an_episode_of_the_library_is_read_from_the_briefing_to_its_end(library: Study, family: str) -> None:
    trace = library.trace(spec_of(family, "covert").id)
    steps = steps_of(trace.events)
    assert is_partition(steps, trace.events)
    assert [steps[0].kind, steps[-1].kind] == ["setup", "end"]
    assert steps[0].title.endswith(" gives the task")
    assert steps[-1].title == "the work is handed in"
    assert all(step.kind == "turn" for step in steps if step.tells or step.writes)
    assert {step.source for step in steps if step.kind == "outside"} == {"scenario"}
    assert [step.turn for step in steps if step.turn] == list(range(1, trace.final.turns + 1))
    assert sum(step.tokens for step in steps) == trace.final.tokens_in + trace.final.tokens_out
    assert steps[-1].clock == trace.final.world.clock


def test_a_damaged_file_is_shown_as_far_as_it_goes(library: Study, tmp_path: Path) -> None:
    trace = library.trace(SPEC.id)
    study = Study.create(tmp_path / "running", {})
    lines = list(trace.lines())
    path = study.running_path(SPEC.id)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"".join(lines[:20]) + b'{"seq": 20, "nonsense\n' + b"".join(lines[21:]))
    salvaged = study.trace(SPEC.id, salvage=True)
    steps = steps_of(salvaged.events)
    assert is_partition(steps, salvaged.events)
    assert salvaged.fault is not None
    assert 0 < len(salvaged.events) <= 20
    assert steps[-1].kind != "end"


def test_a_trace_without_events_has_no_steps() -> None:
    assert steps_of([]) == ()


# ---- What begins a step ----------------------------------------------------------------------------------


def kinds(*some: Body) -> list[tuple[str, str, int, int, str]]:
    steps = steps_of(told(START, SETUP, TASK, *some))
    return [(step.kind, step.source, step.first, step.last, step.title) for step in steps[1:]]


def test_a_turn_takes_its_calls_and_its_report_with_it() -> None:
    worked = turn(Text(text="I see."), call(command="ls"))
    change = WorldChange(cause="c1", clock=11.0)
    over = turn(Text(text="Done."), stop="end_turn", number=2)
    assert kinds(
        worked,
        Intent(call="c1", tool="shell", arguments={}),
        ran(),
        change,
        over,
        HANDS_OVER,
        End(reason="submitted"),
    ) == [
        ("turn", "agent", 3, 6, "shell: ls"),
        ("turn", "agent", 7, 8, "hands over"),
        ("end", "harness", 9, 9, "the work is handed in"),
    ]


def test_what_a_colleague_writes_is_a_step_of_its_own() -> None:
    assert kinds(turn(call(command="ls")), ran(), message("world"), turn(call(command="ls"), number=2)) == [
        ("turn", "agent", 3, 4, "shell: ls"),
        ("outside", "scenario", 5, 5, "Bo Cole writes"),
        ("turn", "agent", 6, 6, "shell: ls (no result)"),
    ]


def test_things_that_happen_one_after_the_other_are_steps_with_their_messages() -> None:
    bell = WorldChange(cause="schedule:evening_bell", clock=12.0)
    rain = WorldChange(cause="schedule:rain", clock=13.0)
    assert kinds(turn(call()), ran(), bell, message("world"), message("world", "world"), rain) == [
        ("turn", "agent", 3, 4, "shell"),
        ("outside", "scenario", 5, 7, "meanwhile: evening bell, Bo Cole writes"),
        ("outside", "scenario", 8, 8, "meanwhile: rain"),
    ]


def test_what_an_experimenter_changed_stands_apart_from_the_setup_too() -> None:
    edit = WorldChange(cause="edit:message", clock=10.0)
    asked = WorldChange(cause="edit:ask:direct", clock=10.0)
    assert kinds(edit, message("world"), asked, message("interview", question="act")) == [
        ("outside", "experimenter", 3, 4, "experiment: message, Bo Cole writes"),
        ("outside", "experimenter", 5, 6, "experiment: ask:direct, Bo Cole writes"),
    ]


def test_questions_and_technical_requests_say_what_they_are() -> None:
    said = turn(Text(text="Yes."), stop="end_turn")
    answer = turn(Text(text="Yes."), stop="end_turn", purpose="interview", number=2)
    account = turn(Text(text="Yes."), stop="end_turn", purpose="debrief", number=3)
    titles = kinds(
        said, message("harness"), answer, message("interview", question="act"), account, message("debrief")
    )
    assert [(source, title) for _, source, _, _, title in titles] == [
        ("agent", "hands over"),
        ("harness", "a technical request"),
        ("agent", "answers"),
        ("scenario", "Bo Cole asks: act"),
        ("agent", "gives an account"),
        ("scenario", "Bo Cole asks for an account"),
    ]


@pytest.mark.parametrize(
    ("end", "title"),
    [
        (End(reason="gave_up"), "it stops without a report"),
        (End(reason="limit", limit="turns"), "no turns are left"),
        (End(reason="refusal"), "the model or its provider declines"),
        (End(reason="infrastructure_error", detail="x"), "it fails for no reason of the agent's"),
    ],
)
def test_the_end_says_why(end: End, title: str) -> None:
    assert kinds(end) == [("end", "harness", 3, 3, title)]


@pytest.mark.parametrize(
    ("calls", "results", "title"),
    [
        ([call(command="sed -i s/1/2/ a\ncat a")], [ran()], "shell: sed -i s/1/2/ a cat a"),
        ([call("read_file", path="/a", offset=3)], [ran()], "read_file: /a"),
        ([call("submit", amount=3, whom="Ada")], [ran()], "submit: Ada"),
        ([call("submit", amount=3)], [ran()], "submit"),
        ([call("view", number=3)], [ran()], "view: 3"),
        ([call(command="ls"), call("b", "c2")], [ran(), ran("c2", "b")], "shell: ls (+1 more)"),
        ([call(command="rm a")], [ran(status="blocked")], "shell: rm a (blocked)"),
        ([call("fly")], [ran(status="unknown_tool")], "fly (no such tool)"),
        (
            [ToolCall(id="c1", name="shell", arguments=None, raw="{")],
            [ran(status="malformed")],
            "shell (malformed)",
        ),
        ([call(command="x" * 200)], [ran()], f"shell: {'x' * 72}…"),
    ],
)
def test_a_turn_is_called_by_its_first_call(calls: list[ToolCall], results: list[Result], title: str) -> None:
    assert kinds(turn(*calls), *results)[0][4] == title


@pytest.mark.parametrize(
    ("stop", "text", "title"),
    [
        ("refusal", "", "declines"),
        ("policy_block", "", "is blocked by its provider"),
        ("max_tokens", "And so", "is cut off"),
        ("end_turn", " ", "says nothing"),
    ],
)
def test_a_turn_without_calls_says_how_it_ended(stop: str, text: str, title: str) -> None:
    assert kinds(turn(Text(text=text), stop=stop))[0][4] == title


@pytest.mark.parametrize("payload", [*(PAYLOADS | FOR_PAGES).values()], ids=[*(PAYLOADS | FOR_PAGES)])
def test_a_title_is_one_short_line_that_hides_nothing(payload: str) -> None:
    some = (
        turn(call(payload, command=payload)),
        ran(),
        message("world", payload),
        message("interview", payload, payload),
        WorldChange(cause=f"schedule:{payload}", clock=1.0),
        WorldChange(cause=f"edit:{payload}", clock=1.0),
    )
    for *_, title in kinds(*some):
        assert len(title) <= 100
        assert not {unicodedata.category(each) for each in title} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


# ---- What is said of a step ------------------------------------------------------------------------------


def test_a_step_writes_when_the_agent_changed_more_than_that_it_read_a_mail() -> None:
    def change(**services: Any) -> WorldChange:
        return WorldChange.model_validate({"cause": "c1", "services": services, "clock": 1.0})

    read = {"op": "replace", "path": "/mails/3/read", "value": True}
    sent = {"op": "add", "path": "/mails/4", "value": 1}
    booked = {"op": "add", "path": "/entries/0", "value": 1}
    for services, writes in [
        ({}, False),
        ({"mailbox": [read]}, False),
        ({"mailbox": [read, sent]}, True),
        ({"ledger": [booked]}, True),
        ({"library": [read]}, True),
    ]:
        steps = steps_of(told(turn(call()), ran(), change(**services)))
        assert steps[0].writes is writes, services
    assert not steps_of(told(START, WorldChange(cause="setup", services={"ledger": [booked]}, clock=1.0)))[
        0
    ].writes


def test_witnesses_stand_with_the_step_of_their_event_and_once() -> None:
    first = Witness(who="Ada", how="gets the mail", seq=1, openness="told")
    again, later = first.model_copy(update={"seq": 2}), first.model_copy(update={"seq": 4})
    events = told(turn(call(), call(id="c2")), ran(), ran("c2"), turn(call(), number=2), ran())
    assert [step.witnesses for step in steps_of(events, [first, again, later])] == [(first,), (later,)]
