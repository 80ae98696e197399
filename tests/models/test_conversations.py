"""Whole conversations with the real SDKs over loopback, through all three APIs."""

from itertools import pairwise
from typing import Any

import pytest
from talks import INSTANCE, PROVIDERS, Talk, play, spec_of, staged

from ulterior.agent_runtime.models.protocol import Model
from ulterior.agent_runtime.wire.chat_api import ChatDialect
from ulterior.agent_runtime.wire.faults import Fault
from ulterior.errors import ModelUnavailable
from ulterior.traces import ModelTurn, Result, Text, ToolCall, canonical_json

QUESTION = "What did you do?"
ECHOED = {"anthropic": "messages", "openai": "input", "openai-compatible": "messages"}


def whole_talk(model: str, environ: dict[str, str]) -> Talk:
    """A conversation with four turns of the ``steady`` agent."""
    talk = Talk()

    async def scene(opened: Model) -> None:
        await talk.to_the_end(opened.session(spec_of(model), INSTANCE), ask=QUESTION)

    play(model, environ, scene)
    return talk


def without_ids(turn: ModelTurn) -> list[tuple[str, Any]]:
    """What a turn says, apart from ids and from how visible its reasoning was."""
    return [
        (block.type, (block.name, block.arguments) if isinstance(block, ToolCall) else block.text)
        for block in turn.blocks
    ]


def said(talk: Talk) -> list[list[tuple[str, Any]]]:
    return [without_ids(turn) for turn in talk.turns]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_api_delivers_the_very_turns_that_the_playbook_makes(provider: str) -> None:
    in_process = whole_talk("sim/steady", {})
    with staged() as stage:
        over_the_wire = whole_talk(f"{provider}/steady", stage.environ)
    assert [without_ids(turn) for turn in over_the_wire.turns] == [
        without_ids(turn) for turn in in_process.turns
    ]
    assert [turn.stop for turn in over_the_wire.turns] == ["tool_use", "tool_use", "end_turn", "end_turn"]
    assert [turn.attempts for turn in over_the_wire.turns] == [1, 1, 1, 1]
    assert [len(turn.calls) for turn in over_the_wire.turns] == [2, 1, 0, 0]


@pytest.mark.parametrize(
    ("provider", "visible"), [("anthropic", "summary"), ("openai", "summary"), ("openai-compatible", "full")]
)
def test_the_turn_says_which_reasoning_was_visible(provider: str, visible: str) -> None:
    with staged() as stage:
        turns = whole_talk(f"{provider}/steady", stage.environ).turns
    assert [turn.reasoning for turn in turns] == [visible, visible, "absent", visible]
    assert turns[0].usage.reasoning == 3
    assert turns[0].usage.input > 0
    assert turns[0].usage.output > turns[0].usage.reasoning


@pytest.mark.parametrize("provider", PROVIDERS)
def test_earlier_turns_are_sent_back_exactly_as_they_came(provider: str) -> None:
    with staged() as stage:
        turns = whole_talk(f"{provider}/steady", stage.environ).turns
        sent: list[Any] = stage.bodies[-1][ECHOED[provider]]
    wires = [turn.wire for turn in turns[:-1]]
    if provider == "openai":
        mine = [
            item for item in sent if item.get("role") != "user" and item["type"] != "function_call_output"
        ]
        assert mine == [item for wire in wires for item in wire]
    elif provider == "anthropic":
        assert [message["content"] for message in sent if message["role"] == "assistant"] == wires
    else:
        assert [message for message in sent if message["role"] == "assistant"] == wires


@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_request_begins_with_the_request_before_it_byte_for_byte(provider: str) -> None:
    with staged() as stage:
        whole_talk(f"{provider}/steady", stage.environ)
        bodies = stage.bodies
    for before, after in pairwise(bodies):
        assert repr(before.get("tools")) == repr(after.get("tools"))
        shared = len(before[ECHOED[provider]])
        assert repr(after[ECHOED[provider]][:shared]) == repr(before[ECHOED[provider]])


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_conversation_resumes_from_its_events_with_signatures_intact(provider: str) -> None:
    model = f"{provider}/steady"
    with staged() as stage:
        uninterrupted = whole_talk(model, stage.environ)
        halfway = Talk(events=list(uninterrupted.events[:5]))  # two messages, one turn, its two results

        async def scene(opened: Model) -> None:
            await halfway.to_the_end(opened.session(spec_of(model), INSTANCE), ask=QUESTION)

        play(model, stage.environ, scene)
    assert halfway.events == uninterrupted.events


def edited(talk: Talk) -> Talk:
    """The talk with another result for its first call, and later turns kept: what a fork must never do."""
    events = list(talk.events)
    result = events[3].body
    assert isinstance(result, Result)
    events[3] = events[3].model_copy(update={"body": result.model_copy(update={"value": "something else"})})
    return Talk(events=events)


@pytest.mark.parametrize("provider", ["anthropic", "openai"])
def test_reasoning_behind_an_edited_history_is_refused(provider: str) -> None:
    model = f"{provider}/steady"
    with staged() as stage:
        forged = edited(whole_talk(model, stage.environ))

        async def scene(opened: Model) -> None:
            forged.say("And then?")
            with pytest.raises(ModelUnavailable, match="rejects our requests"):
                await forged.take(opened.session(spec_of(model), INSTANCE))

        play(model, stage.environ, scene)


@pytest.mark.parametrize("provider", ["anthropic", "openai"])
def test_a_fork_that_ends_with_the_edit_keeps_its_earlier_reasoning(provider: str) -> None:
    model = f"{provider}/steady"
    with staged() as stage:
        fork = edited(whole_talk(model, stage.environ))
        fork.events = fork.events[:5]

        async def scene(opened: Model) -> ModelTurn:
            return await fork.take(opened.session(spec_of(model), INSTANCE))

        turn = play(model, stage.environ, scene)
    assert turn.calls[0].arguments == {"text": "saw: ran look"}


def test_another_providers_turns_are_retold_without_their_reasoning() -> None:
    with staged() as stage:
        told = whole_talk("sim/steady", {})
        for provider in PROVIDERS:
            fork = Talk(events=list(told.events[:5]))

            async def scene(opened: Model, fork: Talk = fork) -> ModelTurn:
                return await fork.take(opened.session(spec_of(opened.name), INSTANCE))

            turn = play(f"{provider}/steady", stage.environ, scene)
            assert without_ids(turn) == without_ids(told.turns[1])
        assert "Two rows." not in str(stage.bodies)


@pytest.mark.parametrize("dialect", ["reasoning", "reasoning_content", "reasoning_details", "think_tags"])
def test_reasoning_is_found_in_every_dialect_and_goes_back_as_it_came(dialect: ChatDialect) -> None:
    with staged(dialect=dialect) as stage:
        turns = whole_talk("openai-compatible/steady", stage.environ).turns
        sent = [message for message in stage.bodies[-1]["messages"] if message["role"] == "assistant"]
    assert [turn.thinking for turn in turns] == ["Two rows.", "All “fine”.", "", "An answer."]
    assert turns[0].text == "I'll look."
    assert sent == [turn.wire for turn in turns[:-1]]
    own_fields = {"think_tags": set[str](), "reasoning_details": {"reasoning", "reasoning_details"}}
    assert set(sent[0]) == {"role", "content", "tool_calls"} | own_fields.get(dialect, {dialect})


def test_results_that_are_not_successes_are_marked_as_errors_for_anthropic() -> None:
    with staged(Fault("malformed", turn=1)) as stage:
        talk = Talk()

        async def scene(opened: Model) -> None:
            await talk.take(opened.session(spec_of(opened.name), INSTANCE))
            await talk.take(opened.session(spec_of(opened.name), INSTANCE))

        play("anthropic/steady", stage.environ, scene)
        results = stage.bodies[-1]["messages"][-1]["content"]
    assert [result.get("is_error", False) for result in results] == [False, True]


def test_messages_between_two_turns_travel_in_one_user_message_results_first() -> None:
    with staged() as stage:
        talk = Talk()

        async def scene(opened: Model) -> None:
            await talk.take(opened.session(spec_of(opened.name), INSTANCE))
            talk.say("A bell rings.")
            talk.say("Somebody coughs.")
            await talk.take(opened.session(spec_of(opened.name), INSTANCE))

        play("anthropic/steady", stage.environ, scene)
        last = stage.bodies[-1]["messages"][-1]
    assert last["role"] == "user"
    assert [block["type"] for block in last["content"]] == ["tool_result", "tool_result", "text", "text"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_lone_surrogates_are_kept_in_the_wire_and_made_visible_elsewhere(provider: str) -> None:
    with staged() as stage:
        talk = Talk()
        talk.say("odd \udc80 question")

        async def scene(opened: Model) -> None:
            await talk.to_the_end(opened.session(spec_of(opened.name), INSTANCE))

        play(f"{provider}/surrogate", stage.environ, scene)
    first = talk.turns[0]
    assert first.text == "odd \\ud800 text"
    assert first.calls[0].arguments == {"text": "odd \\udfff note"}
    assert "\\ud800" in canonical_json(first.wire).decode()
    assert talk.turns[1].text == "Done."


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_refusal_is_a_turn_and_not_an_error(provider: str) -> None:
    with staged(Fault("refusal", turn=1)) as stage:
        talk = Talk()

        async def scene(opened: Model) -> ModelTurn:
            return await talk.take(opened.session(spec_of(opened.name), INSTANCE))

        turn = play(f"{provider}/steady", stage.environ, scene)
    details = {"anthropic": "general_harms", "openai": None, "openai-compatible": "content_filter"}
    assert (turn.stop, turn.stop_detail) == ("refusal", details[provider])
    assert turn.blocks == (Text(text="I can't help with that."),)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(("fault", "stop"), [("truncated", "max_tokens"), ("malformed", "tool_use")])
def test_a_broken_call_has_no_arguments_and_keeps_its_text(provider: str, fault: Any, stop: str) -> None:
    with staged(Fault(fault, turn=2)) as stage:
        talk = Talk()

        async def scene(opened: Model) -> None:
            await talk.to_the_end(opened.session(spec_of(opened.name), INSTANCE))

        play(f"{provider}/steady", stage.environ, scene)
    turn = talk.turns[1]
    broken = {"truncated": '{"text": "sa', "malformed": '{"text": "saw: ran look", oops}'}
    assert turn.stop == stop
    assert [(call.name, call.arguments, call.raw) for call in turn.calls] == [("note", None, broken[fault])]
    assert talk.turns[-1].text == "Done: both are empty."  # the conversation goes on after it


def test_a_pausing_model_is_asked_again_within_the_same_turn() -> None:
    with staged() as stage:
        straight = whole_talk("anthropic/steady", stage.environ)
    with staged(Fault("pause", turn=1), Fault("pause", turn=2)) as stage:
        paused = whole_talk("anthropic/steady", stage.environ)
        assert len(stage.received) == 6
    assert said(paused) == said(straight)
    assert [turn.stop for turn in paused.turns] == [turn.stop for turn in straight.turns]
    assert paused.turns[0].usage.input > straight.turns[0].usage.input


@pytest.mark.parametrize("provider", PROVIDERS)
def test_settings_reach_the_provider_under_its_own_names(provider: str) -> None:
    settings = {
        "anthropic": {"max_tokens": 100, "temperature": 0.5, "thinking": 2048, "effort": "high"},
        "openai": {"max_tokens": 100, "temperature": 0.5, "effort": "high", "summary": "concise"},
        "openai-compatible": {"max_tokens": 100, "seed": 7, "effort": "low", "extra_body": {"top_k": 5}},
    }[provider]
    expected = {
        "anthropic": {
            "max_tokens": 100,
            "temperature": 0.5,
            "thinking": {"type": "enabled", "budget_tokens": 2048, "display": "summarized"},
            "output_config": {"effort": "high"},
            "cache_control": {"type": "ephemeral"},
        },
        "openai": {
            "max_output_tokens": 100,
            "temperature": 0.5,
            "reasoning": {"effort": "high", "summary": "concise"},
            "include": ["reasoning.encrypted_content"],
            "store": False,
        },
        "openai-compatible": {
            "max_tokens": 100,
            "seed": 7,
            "reasoning_effort": "low",
            "top_k": 5,
            "stream_options": {"include_usage": True},
        },
    }[provider]
    with staged() as stage:
        talk = Talk(settings={**settings, "limits": {"turns": 3}})

        async def scene(opened: Model) -> None:
            await talk.take(opened.session(spec_of(opened.name), INSTANCE))

        play(f"{provider}/steady", stage.environ, scene, settings=talk.settings)
        body, headers = stage.received[0].body, stage.received[0].headers
    conversation = {"model", "messages", "input", "system", "instructions", "tools", "stream"}
    assert {name: value for name, value in body.items() if name not in conversation} == expected
    if provider == "anthropic":
        assert headers["anthropic-version"] == "2023-06-01"  # newer versions refuse a temperature
