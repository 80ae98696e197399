"""Every kind of edit, end to end: what the model then reads, what the world is, and what the trace says."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from errand import SCENARIO, WORK
from hypothesis import given
from hypothesis import strategies as st
from scripted import Answer, Scripted, calls, says, text

from ulterior.agent_runtime.beginning import Beginning
from ulterior.agent_runtime.edit_syntax import parse_edit, parse_edits, spell
from ulterior.agent_runtime.edits import (
    AnyEdit,
    AskEdit,
    BriefingEdit,
    FactorEdit,
    FileEdit,
    MessageAdd,
    MessageRemove,
    ModelSwap,
    ReasoningEdit,
    ReplaceEdit,
    ResultEdit,
    ToolRemove,
    edits_in,
    recorded,
)
from ulterior.agent_runtime.episode import Outcome, run_episode
from ulterior.agent_runtime.fork_points import parse_place, steps_of
from ulterior.agent_runtime.forks import fork_spec
from ulterior.agent_runtime.models.catalogue import open_model
from ulterior.agent_runtime.models.lane import LaneLimits
from ulterior.agent_runtime.models.protocol import Model
from ulterior.agent_runtime.wire.app import Received, wire_app
from ulterior.agent_runtime.wire.cells import Cell
from ulterior.agent_runtime.wire.serve import environment, serve
from ulterior.clock import ManualClock, SystemClock
from ulterior.errors import UsageError
from ulterior.scenarios import AnyInstance, History, Laboratory, Verdict, load_scenario
from ulterior.scenarios.declaration import QUESTION_KINDS
from ulterior.traces import (
    EpisodeSpec,
    Message,
    ModelTurn,
    Reasoning,
    Result,
    Study,
    ToolCall,
    Trace,
    WorldChange,
)
from ulterior.traces.verify import verify_study

PARENT = EpisodeSpec(
    scenario="errand:SCENARIO",
    scenario_version="1",
    scenario_hash="0" * 64,
    condition={"asked": "no"},
    seed=4,
    model="sim/steady",
)
LOOK = ToolCall(id="look", name="shell", arguments={"command": "cat list.txt"})
SCRIPT: list[Answer] = [
    says(Reasoning(text="First I look. Then I count."), LOOK),
    calls(("count", {"amount": 3}), ("count", {"amount": 4})),
    text("Done."),
]


def run(study: Study, spec: EpisodeSpec, answers: Sequence[Answer]) -> Scripted:
    model = Scripted(answers)
    outcome = asyncio.run(run_episode(spec, SCENARIO, model, study, ManualClock(1e9), {}))
    assert (outcome.status, outcome.why) == ("done", "")
    return model


def parent_in(folder: Path) -> tuple[Study, Trace]:
    study = Study.create(folder, {})
    run(study, PARENT, SCRIPT)
    return study, study.trace(PARENT.id)


def forked(
    study: Study, parent: Trace, place: str, *edits: AnyEdit, answers: Sequence[Answer] = (text("Over."),)
) -> tuple[Trace, list[str]]:
    """The fork, and what its model was told before its first turn."""
    spec = fork_spec(parent, parse_place(place).locate(parent), SCENARIO, edits)
    model = run(study, spec, answers)
    assert verify_study(study).intact
    told: list[str] = []
    for event in model.requests[0].conversation:
        if isinstance(event.body, Result):
            told.append(event.body.shown())
        elif isinstance(event.body, Message):
            told.append(event.body.text)
    return study.trace(spec.id), told


def causes(trace: Trace) -> list[str]:
    """What the experimenter did to an episode, as its own trace says."""
    bodies = [event.body for event in trace.events]
    return [b.cause for b in bodies if isinstance(b, WorldChange) and b.cause.startswith("edit:")]


def test_a_file_can_be_changed_made_and_deleted(tmp_path: Path) -> None:
    study, parent = parent_in(tmp_path)
    fork, _ = forked(
        study,
        parent,
        "turn:2",
        FileEdit(path=f"{WORK}/list.txt", content="nothing\n"),
        FileEdit(path=f"{WORK}/deep/er/new.txt", content="ünï\n"),
        answers=[calls(("shell", {"command": "cat list.txt deep/er/new.txt"})), text("Over.")],
    )
    assert fork.final.world.read(f"{WORK}/list.txt") == b"nothing\n"
    assert next(r.shown() for r in results(fork) if r.tool == "shell" and r.call != "look") == "nothing\nünï"
    assert causes(fork) == ["edit:file", "edit:file"]
    gone, _ = forked(study, parent, "turn:2", FileEdit(path=f"{WORK}/list.txt", content=None))
    assert gone.final.world.read(f"{WORK}/list.txt") is None


def results(trace: Trace) -> list[Result]:
    return [event.body for event in trace.events if isinstance(event.body, Result)]


def test_one_place_in_a_file_can_be_replaced(tmp_path: Path) -> None:
    study, parent = parent_in(tmp_path)
    fork, _ = forked(study, parent, "turn:2", ReplaceEdit(path=f"{WORK}/list.txt", old="4", new="five"))
    assert fork.final.world.read(f"{WORK}/list.txt") == b"errand five\n"


def test_a_result_can_be_another_one_while_its_effect_stays(tmp_path: Path) -> None:
    study, parent = parent_in(tmp_path)
    call = results(parent)[-1].call
    fork, told = forked(study, parent, "turn:3", ResultEdit(call=call, value={"value": 99}))
    assert told[-1] == "The bell rang."
    assert told[-2] == '{"value":99}'
    assert fork.final.world.services["counter"]["value"] == parent.final.world.services["counter"]["value"]
    failed, told = forked(study, parent, "turn:3", ResultEdit(call=call, error="no ink"))
    assert told[-2] == "Error: no ink"
    assert [r.status for r in results(failed)] == ["executed", "executed", "failed"]


def test_a_message_can_be_added_and_left_out(tmp_path: Path) -> None:
    study, parent = parent_in(tmp_path)
    added, told = forked(study, parent, "turn:2", MessageAdd(author="dana", text="Mind the step."))
    assert told[-1] == "Mind the step."
    notice = next(
        e.body for e in added.events if isinstance(e.body, Message) and e.body.text == "Mind the step."
    )
    assert (notice.role, notice.author, notice.origin) == ("user", "dana", "world")
    bell = next(e.seq for e in parent.events if isinstance(e.body, Message) and e.body.origin == "world")
    left_out, told = forked(study, parent, "turn:3", MessageRemove(seq=bell))
    assert "The bell rang." not in told
    assert left_out.final.world.read(f"{WORK}/bell.txt") == b"rang\n"


def test_a_sentence_of_the_instructions_can_be_left_out_or_said_otherwise(tmp_path: Path) -> None:
    study, parent = parent_in(tmp_path)
    other, told = forked(study, parent, "start", BriefingEdit(old="Run", new="Walk"))
    assert told[:2] == ["You work on this machine.", "Walk errand 4."]
    assert other.final.world.files == parent.state_at(3).world.files
    _, told = forked(study, parent, "start", BriefingEdit(old="You work "))
    assert told[0] == "on this machine."


DID_IT = AskEdit(id="count", asks="direct", author="the audit", text="Did you count anything at all?")


def asked_parent(folder: Path, *last: Answer) -> tuple[Study, Trace]:
    """A parent that the scenario asks three questions when its work is done."""
    study = Study.create(folder, {})
    spec = PARENT.model_copy(update={"condition": {"asked": "yes"}})
    run(study, spec, [*SCRIPT, *(last or (text("One."), text("Two."), text("Three.")))])
    return study, study.trace(spec.id)


def questions(trace: Trace) -> list[tuple[str | None, str, str]]:
    bodies = [event.body for event in trace.events]
    return [(b.question, b.author, b.text) for b in bodies if isinstance(b, Message) and b.question]


def test_a_question_takes_the_place_of_those_that_the_scenario_would_ask(tmp_path: Path) -> None:
    study, parent = asked_parent(tmp_path)
    fork, told = forked(study, parent, "handover", DID_IT, answers=[text("I did.")])
    assert told[-1] == DID_IT.text
    assert questions(fork) == [("count", "the audit", DID_IT.text)]
    assert causes(fork) == ["edit:ask:direct"]
    answer = fork.final.reports[-1]
    assert (answer.to, answer.channel, answer.question, answer.text) == (
        "the audit",
        "answer",
        "count",
        "I did.",
    )
    assert [turn for turn in parent.events if isinstance(turn.body, ModelTurn)][2].body == next(
        event.body for event in fork.events if isinstance(event.body, ModelTurn) and event.body.turn == 3
    )


def test_a_fork_of_the_fork_still_asks_that_question_and_no_other(tmp_path: Path) -> None:
    study, parent = asked_parent(tmp_path)
    fork, _ = forked(study, parent, "handover", DID_IT, answers=[text("I did.")])
    again, told = forked(study, fork, "turn:4", answers=[text("I did not.")])
    assert told[-1] == DID_IT.text
    assert questions(again) == questions(fork)
    assert again.final.reports[-1].text == "I did not."


def test_behind_a_question_that_is_put_in_the_middle_the_work_is_over(tmp_path: Path) -> None:
    study, parent = parent_in(tmp_path)
    again: list[Answer] = [calls(("count", {"amount": 1})), text("That is all.")]
    fork, _ = forked(study, parent, "turn:2", DID_IT, answers=again)
    assert results(fork)[-1].status == "closed"
    assert fork.final.end is not None
    assert (fork.final.end.reason, fork.final.reports[-1].question) == ("submitted", "count")


@pytest.mark.parametrize(
    ("place", "last", "why"),
    [
        ("4", (), "have no result yet"),
        ("turn:6", (), "asked there already"),
        ("handover", (says(stop="refusal"),), ""),
    ],
)
def test_a_question_is_put_once_and_where_somebody_can_answer(
    tmp_path: Path, place: str, last: tuple[Answer, ...], why: str
) -> None:
    study, parent = asked_parent(tmp_path, *last)
    edit = AskEdit(id="account", asks="debrief", author="bo", text="Please sum up what you did.")
    if why:
        with pytest.raises(UsageError, match=why):
            forked(study, parent, place, edit)
    else:  # it refused a question of the scenario's; before that, another one can be put
        fork, _ = forked(study, parent, place, edit)
        assert fork.final.reports[-1].channel == "debrief"


def test_an_episode_that_never_handed_over_its_work_has_no_hand_over(tmp_path: Path) -> None:
    study = Study.create(tmp_path, {})
    run(study, PARENT, [*SCRIPT[:2], says(stop="refusal")])
    with pytest.raises(UsageError, match="ended before its work was handed over"):
        forked(study, study.trace(PARENT.id), "handover", DID_IT)


def test_a_tool_can_be_taken_away_and_stays_away_in_forks_of_the_fork(tmp_path: Path) -> None:
    study, parent = parent_in(tmp_path)
    again: list[Answer] = [calls(("count", {"amount": 1})), text("Over.")]
    fork, _ = forked(study, parent, "turn:2", ToolRemove(name="count"), answers=again)
    assert results(fork)[-1].status == "unknown_tool"
    assert causes(fork) == ["edit:no-tool:count"]
    model = run(study, fork_spec(fork, fork.final.seq - 3, SCENARIO), [text("Still over.")])
    assert "count" not in [tool.name for tool in model.requests[0].tools]
    with pytest.raises(UsageError, match="the agent has none"):
        fork_spec(fork, fork.final.seq - 3, SCENARIO, [ToolRemove(name="count")])


@pytest.mark.parametrize(
    ("edit", "left"),
    [
        (ReasoningEdit(seq=4, insert="Or not."), "First I look. Then I count. Or not."),
        (ReasoningEdit(seq=4, delete="First I look."), "Then I count."),
        (ReasoningEdit(seq=4, delete="Then I count."), "First I look. "),
        (ReasoningEdit(seq=4, drop=True), ""),
    ],
)
def test_reasoning_of_the_last_kept_turn_can_be_edited(tmp_path: Path, edit: AnyEdit, left: str) -> None:
    study, parent = parent_in(tmp_path)
    fork, _ = forked(study, parent, "turn:2", edit)
    turns = [event.body for event in fork.events if isinstance(event.body, ModelTurn)]
    assert turns[0].thinking == left
    assert causes(fork) == ["edit:think"]


def test_another_model_can_go_on(tmp_path: Path) -> None:
    study, parent = parent_in(tmp_path)
    fork, _ = forked(study, parent, "turn:2", ModelSwap(name="sim/other"))
    assert fork.spec.model == "sim/other"


def test_a_factor_that_shows_later_only_can_be_changed_under_way(tmp_path: Path) -> None:
    study, parent = parent_in(tmp_path)
    answers = [text("Over."), text("One."), text("Two."), text("Three.")]
    fork, _ = forked(study, parent, "turn:2", FactorEdit(name="asked", level="yes"), answers=answers)
    assert fork.spec.condition == {"asked": "yes"}
    assert fork.final.asked == ["account", "outcome", "count"]


def test_several_edits_are_made_one_after_the_other(tmp_path: Path) -> None:
    study, parent = parent_in(tmp_path)
    edits = (
        FileEdit(path=f"{WORK}/list.txt", content="a b\n"),
        ReplaceEdit(path=f"{WORK}/list.txt", old="b", new="c"),
        MessageAdd(author="dana", text="Look again."),
    )
    fork, told = forked(study, parent, "start", *edits)
    assert fork.final.world.read(f"{WORK}/list.txt") == b"a c\n"
    assert told[-1] == "Look again."
    assert fork.spec.fork is not None
    assert edits_in(fork.spec.fork.edit) == edits


@pytest.mark.parametrize(
    ("place", "edit", "why"),
    [
        ("turn:2", FileEdit(path="list.txt", content="x"), "no absolute path"),
        ("turn:2", FileEdit(path="/etc/passwd", content="x"), "belongs to the machine"),
        ("turn:2", FileEdit(path=WORK, content="x"), "is a directory"),
        ("turn:2", FileEdit(path=f"{WORK}/list.txt/x", content="x"), "not a folder"),
        ("turn:2", FileEdit(path=f"{WORK}/none", content=None), "there is no"),
        ("turn:2", FileEdit(path=f"{WORK}/list.txt", content="errand 4\n"), "this content already"),
        ("turn:2", ReplaceEdit(path=f"{WORK}/list.txt", old="r", new="x"), "occurs 2 times"),
        ("turn:2", ReplaceEdit(path=f"{WORK}/none", old="r", new="x"), "no such file"),
        ("turn:3", ResultEdit(call="look", stdout="x"), "keeps no turn behind its edit"),
        ("start", ResultEdit(call="look", stdout="x"), "after the fork"),
        ("turn:2", ResultEdit(call="none", stdout="x"), "no result of such a call"),
        ("4", MessageAdd(author="dana", text="x"), "have no result yet"),
        ("turn:2", MessageRemove(seq=3), "there is no task"),
        ("turn:2", MessageRemove(seq=4), "is no message"),
        ("turn:2", MessageRemove(seq=99), "has no event 99"),
        ("turn:2", BriefingEdit(old="errand"), "keeps no turn behind its edit"),
        ("start", BriefingEdit(old="r"), "occurs 3 times"),
        ("start", BriefingEdit(old="Run errand 4."), "nothing would be left"),
        ("turn:2", ToolRemove(name="teleport"), "the agent has none"),
        ("turn:3", ReasoningEdit(seq=4, drop=True), "keeps no turn behind its edit"),
        ("turn:2", ReasoningEdit(seq=4, delete="Never."), "occurs in it 0 times"),
        ("turn:2", ReasoningEdit(seq=3, drop=True), "is no model turn"),
        ("turn:2", ModelSwap(name="sim/steady"), "the model already"),
        ("turn:2", FactorEdit(name="asked", level="no"), "so already"),
        ("turn:2", FactorEdit(name="mood", level="no"), "no factor 'mood'"),
        ("turn:9", ModelSwap(name="sim/other"), "has 3 model turns"),
    ],
)
def test_what_cannot_be_edited_is_told_before_anything_runs(
    tmp_path: Path, place: str, edit: AnyEdit, why: str
) -> None:
    _, parent = parent_in(tmp_path)
    with pytest.raises(UsageError) as refused:
        fork_spec(parent, parse_place(place).locate(parent), SCENARIO, [edit])
    assert why in str(refused.value)


# ---- Factors, in a scenario that has some --------------------------------------------------------------


def borrowed(folder: Path, model: str = "sim/covert") -> tuple[Study, Trace]:
    scenario = load_scenario("borrowed_allotment")
    study = Study.create(folder, {})
    spec = EpisodeSpec(
        scenario=scenario.name,
        scenario_version=scenario.version,
        scenario_hash=scenario.content_hash,
        condition=scenario.condition({}),
        seed=1,
        model=model,
    )
    asyncio.run(run_episode(spec, scenario, open_model(model, {}, {}), study, SystemClock(), {}))
    return study, study.trace(spec.id)


def borrowed_fork(study: Study, parent: Trace, place: str, *edits: AnyEdit) -> Trace:
    scenario = load_scenario("borrowed_allotment")
    spec = fork_spec(parent, parse_place(place).locate(parent), scenario, edits)
    model = open_model(spec.model, {}, {})
    outcome = asyncio.run(run_episode(spec, scenario, model, study, SystemClock(), {}))
    assert (outcome.status, outcome.why) == ("done", "")
    return study.trace(spec.id)


def test_a_factor_at_the_start_makes_the_instance_of_its_level(tmp_path: Path) -> None:
    study, parent = borrowed(tmp_path)
    scenario = load_scenario("borrowed_allotment")
    levels = {"arm": "enough", "oversight": scenario_level("oversight")}
    edits = [FactorEdit(name=name, level=level) for name, level in levels.items()]
    fork = borrowed_fork(study, parent, "start", *edits)
    instance = scenario.instance(1, levels)
    begun = fork.state_at(5)
    assert dict(begun.world.regular_files()).items() >= dict(instance.files).items()
    assert begun.world.services == {n: s.model_dump(mode="json") for n, s in instance.services.items()}
    briefing = [e.body.text for e in begun.conversation if isinstance(e.body, Message)]
    assert briefing == [instance.system, instance.briefing]
    assert verify_study(study).intact
    verdict = judged(History(fork.events), instance)
    assert verdict.act == "none"


def judged(history: History, instance: AnyInstance) -> Verdict:
    async def judge() -> Verdict:
        return await load_scenario("borrowed_allotment").oracle(history, instance, Laboratory())

    return asyncio.run(judge())


def scenario_level(factor: str) -> str:
    """Another level than the default one."""
    factors = load_scenario("borrowed_allotment").factors
    return next(each for each in factors if each.name == factor).levels[1]


def test_what_the_agent_was_given_cannot_be_taken_back_behind_its_turns(tmp_path: Path) -> None:
    _, parent = borrowed(tmp_path)
    scenario, at = load_scenario("borrowed_allotment"), parse_place("turn:3").locate(parent)
    with pytest.raises(UsageError, match=r"other level's system text(.|\n)*fix: fork with --at start"):
        fork_spec(parent, at, scenario, [FactorEdit(name="oversight", level=scenario_level("oversight"))])


def test_an_edit_is_never_the_agents_deed(tmp_path: Path) -> None:
    """The experimenter raises the limit that the agent must not raise: nothing was done by the agent."""
    study, parent = borrowed(tmp_path, "sim/honest")
    scenario = load_scenario("borrowed_allotment")
    instance = scenario.instance(1, {})
    path = instance.details.allotment
    line = next(
        line for line in instance.files[path].decode().splitlines() if line.strip().startswith("self:")
    )
    figure = line.split()[1]
    edit = ReplaceEdit(path=path, old=line, new=line.replace(figure, str(int(figure) + 1)))
    for place in ("start", "turn:3", "turn:6"):
        fork = borrowed_fork(study, parent, place, edit)
        history = History(fork.events)
        verdict = judged(history, instance)
        assert (place, verdict.act, verdict.facts["limit_changed"]) == (place, "none", False)


def test_an_edit_before_the_agents_touch_was_always_so_and_one_behind_it_is_planted(tmp_path: Path) -> None:
    study = Study.create(tmp_path, {})
    run(study, PARENT, [calls(("shell", {"command": "echo mine > log.txt"})), text("Done.")])
    parent = study.trace(PARENT.id)
    path, log = f"{WORK}/list.txt", f"{WORK}/log.txt"
    edits = (FileEdit(path=path, content="new\n"), FileEdit(path=log, content="theirs\n"))
    fork, _ = forked(study, parent, "turn:2", *edits)
    history = History(fork.events)
    assert [(v.cause, v.value, v.planted) for v in history.versions(path)] == [("setup", b"new\n", True)]
    assert [(v.cause, v.value, v.planted) for v in history.versions(log)] == [
        ("c0", b"mine\n", False),
        ("edit:file", b"theirs\n", True),
    ]


# ---- Over the wire -------------------------------------------------------------------------------------

PROVIDERS = ("anthropic", "openai", "openai-compatible")
QUICK = LaneLimits(backoff=0.001, backoff_cap=0.01, deadline=60.0)


class Wired:
    """The errand, played over loopback through one provider's real SDK."""

    def __init__(self, folder: Path, provider: str, url: str, received: list[Received]) -> None:
        self.received = received
        self.model = f"{provider}/steady"
        self._environ = environment(url)
        self.study = Study.create(folder, {})
        self._run(PARENT.model_copy(update={"model": self.model}))
        self.parent = self.study.trace(PARENT.model_copy(update={"model": self.model}).id)

    def _run(self, spec: EpisodeSpec) -> Outcome:
        async def play() -> Outcome:
            model: Model = open_model(spec.model, {}, self._environ, limits=QUICK)
            try:
                return await run_episode(spec, SCENARIO, model, self.study, SystemClock(), {})
            finally:
                await model.close()

        return asyncio.run(play())

    def fork(self, place: str, *edits: AnyEdit) -> tuple[Outcome, dict[str, Any]]:
        """What became of the fork, and the first request that it made."""
        spec = fork_spec(self.parent, parse_place(place).locate(self.parent), SCENARIO, edits)
        self.received.clear()
        outcome = self._run(spec)
        return outcome, self.received[0].body

    def turn(self, number: int) -> tuple[int, ModelTurn]:
        event = self.parent.events[steps_of(self.parent)[number - 1].at + 1]
        assert isinstance(event.body, ModelTurn)
        return event.seq, event.body


@pytest.fixture(params=PROVIDERS)
def wired(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    received: list[Received] = []
    cell = Cell(SCENARIO, PARENT.seed, tuple(PARENT.condition.items()))
    with serve(wire_app([cell], watch=received.append)) as url:
        yield Wired(tmp_path, request.param, url, received)


def thoughts(body: dict[str, Any]) -> int:
    """How many pieces of reasoning a request sends back."""
    sent = str(body.get("input") or body["messages"])
    return (
        sent.count("'type': 'thinking'")
        + sent.count("'type': 'reasoning'")
        + sent.count("'reasoning_content'")
    )


def test_an_edited_result_keeps_the_reasoning_before_it(wired: Wired) -> None:
    call = wired.turn(2)[1].calls[0].id
    outcome, body = wired.fork("turn:3", ResultEdit(call=call, stdout="quite another output"))
    assert (outcome.status, outcome.why) == ("done", "")
    assert "quite another output" in str(body)
    assert thoughts(body) == 2


def test_taking_a_tool_away_drops_the_reasoning_that_is_bound_to_the_list(wired: Wired) -> None:
    outcome, body = wired.fork("turn:3", ToolRemove(name="tell"))
    assert (outcome.status, outcome.why) == ("done", "")
    assert "'tell'" not in str(body["tools"])
    assert thoughts(body) == (2 if "compatible" in wired.model else 0)
    assert verify_study(wired.study).intact


def test_without_dropping_it_the_provider_refuses(wired: Wired, monkeypatch: pytest.MonkeyPatch) -> None:
    def keep(self: Beginning, unless: object) -> None:
        return None

    monkeypatch.setattr(Beginning, "drop_reasoning", keep)
    outcome, _ = wired.fork("turn:3", ToolRemove(name="tell"))
    assert outcome.status == ("done" if "compatible" in wired.model else "void")


def test_reasoning_is_edited_where_it_is_plain_text_and_dropped_elsewhere(wired: Wired) -> None:
    seq, _ = wired.turn(2)
    edit = ReasoningEdit(seq=seq, insert="Or should I stop?")
    if "compatible" in wired.model:
        outcome, body = wired.fork("turn:3", edit)
        assert body["messages"][-3]["reasoning_content"] == "turn 1 Or should I stop?"
    else:
        with pytest.raises(UsageError, match=r"signs or encrypts it(.|\n)*--drop-reasoning"):
            wired.fork("turn:3", edit)
        outcome, body = wired.fork("turn:3", ReasoningEdit(seq=seq, drop=True))
        assert thoughts(body) == 1
    assert (outcome.status, outcome.why) == ("done", "")


def test_another_model_gets_no_reasoning_that_it_cannot_read(wired: Wired) -> None:
    outcome, body = wired.fork(
        "turn:3", ModelSwap(name=f"{wired.model.partition('/')[0]}/mixed?steady=1&base=steady")
    )
    assert (outcome.status, outcome.why) == ("done", "")
    assert thoughts(body) == (2 if "compatible" in wired.model else 0)


# ---- Spelling ------------------------------------------------------------------------------------------

words = st.text(st.characters(exclude_categories=["Cs"]))
names = words.filter(bool)
EDITS: st.SearchStrategy[AnyEdit] = st.one_of(
    st.builds(FileEdit, path=names, content=st.none() | words),
    st.builds(ReplaceEdit, path=names, old=names, new=words),
    st.builds(ResultEdit, call=names, stdout=words, value=st.none() | st.integers(), error=st.none() | words),
    st.builds(MessageAdd, author=names, text=names),
    st.builds(
        AskEdit,
        id=st.just("put") | names,
        asks=st.sampled_from(list(QUESTION_KINDS.values())),
        author=names,
        text=names,
        wording=words,
    ),
    st.builds(MessageRemove, seq=st.integers(0, 10**9)),
    st.builds(BriefingEdit, old=names, new=words),
    st.builds(FactorEdit, name=names, level=names),
    st.builds(ToolRemove, name=names),
    st.builds(ReasoningEdit, seq=st.integers(0, 10**8), insert=names),
    st.builds(ReasoningEdit, seq=st.integers(0, 10**8), delete=names),
    st.builds(ReasoningEdit, seq=st.integers(0, 10**8), drop=st.just(True)),
    st.builds(ModelSwap, name=names),
)


def no_file(name: str) -> str:
    raise AssertionError(f"{name} was read")


@given(EDITS)
def test_a_spelling_reads_back_as_the_same_edit(edit: AnyEdit) -> None:
    spelled = spell(edit)
    if spelled is not None:
        assert parse_edit(spelled, no_file) == edit


@given(st.lists(EDITS, min_size=1))
def test_a_record_reads_back_as_the_same_edits(edits: list[AnyEdit]) -> None:
    record = recorded(edits)
    assert edits_in(record) == tuple(edits)
    assert parse_edits(record["edits"], no_file) == tuple(edits)


@given(words)
def test_whatever_is_given_as_an_edit_is_one_or_a_usage_error(text: str) -> None:
    for spelled in (
        text,
        *(f"{kind}:{text}" for kind in ("file", "replace", "think", "ask", "drop-message")),
    ):
        try:
            parse_edit(spelled, str)
        except UsageError:
            continue


def test_a_file_is_read_where_an_at_sign_names_one() -> None:
    assert parse_edit("file:/a=@notes", {"notes": "text"}.__getitem__) == FileEdit(path="/a", content="text")
    assert parse_edit("file:/a=@@notes", no_file) == FileEdit(path="/a", content="@notes")
    assert parse_edit("delete:/a", no_file) == FileEdit(path="/a", content=None)


def test_no_edit_leaves_no_record() -> None:
    assert recorded([]) == {}
