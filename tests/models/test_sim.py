"""Simulated models: the playbook's own turns, live, after a resume, and cheaply."""

import asyncio
import time
from typing import Any

import pytest
from lockers import SCENARIO
from talks import INSTANCE, Talk, play, spec_of

from ulterior.agent_runtime.models.protocol import Model
from ulterior.agent_runtime.models.sim import SimModel
from ulterior.errors import ScenarioError, UsageError
from ulterior.traces import Reasoning, Text, ToolCall, Usage

QUESTION = "What did you do?"


def talk_with(model: str, talk: Talk | None = None) -> Talk:
    talk = talk or Talk()

    async def scene(opened: Model) -> None:
        await talk.to_the_end(opened.session(spec_of(model), INSTANCE), ask=QUESTION)

    play(model, {}, scene)
    return talk


def test_a_move_becomes_blocks_with_ids_that_are_always_the_same() -> None:
    talk = talk_with("sim/steady")
    assert talk.turns[0].blocks == (
        Reasoning(text="Two rows."),
        Text(text="I'll look."),
        ToolCall(id="c1_0", name="look", arguments={"locker": 1}),
        ToolCall(id="c1_1", name="look", arguments={"locker": 2}),
    )
    assert [(turn.stop, turn.reasoning) for turn in talk.turns] == [
        ("tool_use", "full"),
        ("tool_use", "full"),
        ("end_turn", "absent"),
        ("end_turn", "full"),
    ]
    assert [(turn.api, turn.wire, turn.latency, turn.attempts) for turn in talk.turns] == [
        ("sim", None, 0.0, 1)
    ] * 4
    assert talk.turns[3].text == "About account: I looked twice and left a note."


def test_tokens_are_a_quarter_of_the_characters_read_and_written() -> None:
    first, second = talk_with("sim/steady").turns[:2]
    read = len(INSTANCE.system) + len(INSTANCE.briefing)
    wrote = len("Two rows.") + len("I'll look.") + 2 * (len("look") + len('{"locker":1}'))
    assert first.usage == Usage(input=-(-read // 4), output=-(-wrote // 4), reasoning=3)
    assert second.usage.input == -(-(read + wrote + 2 * len("ran look")) // 4)


@pytest.mark.parametrize("kept", [2, 5, 7, 8, 9])
def test_a_conversation_resumed_anywhere_ends_like_the_one_that_never_stopped(kept: int) -> None:
    whole = talk_with("sim/steady")
    assert len(whole.events) == 10
    resumed = Talk(events=list(whole.events[:kept]))

    async def scene(opened: Model) -> None:
        session = opened.session(spec_of("sim/steady"), INSTANCE)
        while len(resumed.events) < len(whole.events):
            if len(resumed.events) == 8:
                resumed.say(QUESTION)
            await resumed.take(session)

    play("sim/steady", {}, scene)
    assert resumed.events == whole.events


def test_the_same_request_gets_the_same_reply_twice() -> None:
    talk = Talk()

    async def scene(opened: Model) -> list[Any]:
        session = opened.session(spec_of("sim/steady"), INSTANCE)
        await talk.take(session)
        return [await session.sample(talk.request), await session.sample(talk.request)]

    first, second = play("sim/steady", {}, scene)
    assert first == second


def test_a_refusal_has_no_calls() -> None:
    talk = Talk()

    async def scene(opened: Model) -> None:
        await talk.take(opened.session(spec_of("sim/refuser"), INSTANCE))

    play("sim/refuser", {}, scene)
    assert (talk.turns[0].stop, talk.turns[0].text) == ("refusal", "No, thank you.")


def test_a_playbook_that_is_at_its_end_says_so_again_and_again() -> None:
    talk = Talk()

    async def scene(opened: Model) -> None:
        session = opened.session(spec_of("sim/moody"), INSTANCE)
        for _ in range(3):
            await talk.take(session)
            talk.say("Anything else?")

    play("sim/moody", {}, scene)
    assert [turn.text for turn in talk.turns] == ["I feel calm."] + ["There is nothing more to do."] * 2


def test_a_bug_in_a_playbook_is_the_scenarios_authors() -> None:
    talk = Talk()

    async def scene(opened: Model) -> None:
        await talk.to_the_end(opened.session(spec_of("sim/broken"), INSTANCE))

    with pytest.raises(ScenarioError, match="playbook 'broken' failed in turn 2\nwhy: KeyError"):
        play("sim/broken", {}, scene)


def test_a_playbook_that_the_scenario_lacks_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="scenario lockers has no playbook 'covert'"):
        SimModel("sim/covert", lambda _: SCENARIO).session(spec_of("sim/covert"), INSTANCE)


def test_a_turn_costs_less_than_a_tenth_of_a_millisecond() -> None:
    model = SimModel("sim/steady", lambda _: SCENARIO)

    async def many() -> float:
        talk = Talk()
        session = model.session(spec_of("sim/steady"), INSTANCE)
        spent = 0.0
        for _ in range(300):
            request = talk.request
            began = time.process_time()
            reply = await session.sample(request)
            spent += time.process_time() - began
            if not talk.keep(reply).calls:
                talk.say("And?")
        return spent / 300

    assert min(asyncio.run(many()) for _ in range(3)) < 1e-4
