"""Replies as servers really send them now and then, read through the real SDKs."""

from typing import Any

import pytest
from starlette.responses import Response
from talks import INSTANCE, Stage, Talk, canned, failing, play, spec_of, stream

from ulterior.agent_runtime.models.lane import LaneLimits
from ulterior.agent_runtime.models.protocol import Model
from ulterior.errors import ModelRejected
from ulterior.traces import ModelTurn, Reasoning, Text, ToolCall, Usage


def turns_of(
    model: str, stage: Stage, count: int = 1, settings: dict[str, Any] | None = None
) -> list[ModelTurn]:
    talk = Talk(settings=settings or {})

    async def scene(opened: Model) -> list[ModelTurn]:
        return [await talk.take(opened.session(spec_of(opened.name), INSTANCE)) for _ in range(count)]

    return play(model, stage.environ, scene, limits=LaneLimits(deadline=5), settings=settings)


def message(*blocks: tuple[dict[str, Any], list[dict[str, Any]]], stop: str, usage: Any = None) -> Response:
    """An Anthropic stream: blocks as they start, with their deltas."""
    events: list[dict[str, Any]] = [{"type": "message_start", "message": {"usage": {"input_tokens": 7}}}]
    for index, (block, deltas) in enumerate(blocks):
        events.append({"type": "content_block_start", "index": index, "content_block": block})
        events += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
        events.append({"type": "content_block_stop", "index": index})
    events.append({"type": "message_delta", "delta": {"stop_reason": stop}, "usage": usage or {}})
    return stream(*events, {"type": "message_stop"})


def call_block(name: str, raw: str, wire_id: str = "toolu_1") -> tuple[dict[str, Any], list[dict[str, Any]]]:
    block: dict[str, Any] = {"type": "tool_use", "id": wire_id, "name": name, "input": {}}
    return block, [{"type": "input_json_delta", "partial_json": raw}]


def text_block(text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    return {"type": "text", "text": ""}, [{"type": "text_delta", "text": text}]


@pytest.mark.parametrize(
    ("raw", "arguments"),
    [
        ('{"text": "x"}', {"text": "x"}),
        ("", {}),
        ("{}", {}),
        ('["ls"]', None),
        ('"ls"', None),
        ("null", None),
        ('{"n": NaN}', None),
        ('{"n": -1e999}', None),
        (f'{{"n": {"[" * 200}{"]" * 200}}}', None),
        ('{"a": 1} {"b": 2}', None),
        ("{'a': 1}", None),
        ('{"text": "rm -rf /tmp/a', None),
        ("[" * 100_000, None),
    ],
)
def test_only_a_complete_json_object_counts_as_arguments(raw: str, arguments: dict[str, Any] | None) -> None:
    with canned(message(call_block("note", raw), stop="tool_use")) as stage:
        turn = turns_of("anthropic/x", stage)[0]
    assert [(call.arguments, call.raw) for call in turn.calls] == [
        (arguments, raw if arguments is None else None)
    ]
    assert turn.wire[0]["input"] == (arguments or {})  # the API takes nothing but objects back


def test_calls_of_a_turn_that_did_not_stop_for_tools_are_never_complete() -> None:
    with canned(message(call_block("note", '{"text": "x"}'), stop="max_tokens")) as stage:
        turn = turns_of("anthropic/x", stage)[0]
    assert turn.calls == (ToolCall(id="toolu_1", name="note", arguments=None, raw='{"text": "x"}'),)


def test_a_call_id_that_comes_again_gets_a_name_of_its_own_and_keeps_the_providers_in_the_wire() -> None:
    twice = message(call_block("note", "{}", "same"), call_block("look", "{}", "same"), stop="tool_use")
    with canned(twice, twice, message(text_block("Done."), stop="end_turn")) as stage:
        turns = turns_of("anthropic/x", stage, count=3)
        sent = stage.bodies[-1]["messages"]
    assert [call.id for turn in turns for call in turn.calls] == ["same", "same~2", "same~3", "same~4"]
    results = [block["tool_use_id"] for block in sent[2]["content"]]
    assert results == ["same", "same"]
    assert sent[1]["content"] == turns[0].wire


def test_stop_reasons_are_told_apart() -> None:
    stops = {
        "stop_sequence": ("stop_sequence", None),
        "model_context_window_exceeded": ("context_window", None),
        "something_new": ("other", "something_new"),
    }
    for reason, expected in stops.items():
        with canned(message(text_block("x"), stop=reason)) as stage:
            turn = turns_of("anthropic/x", stage)[0]
        assert (turn.stop, turn.stop_detail) == expected


def test_a_model_that_pauses_for_ever_ends_as_other() -> None:
    with canned(message(text_block("hm "), stop="pause_turn")) as stage:
        turn = turns_of("anthropic/x", stage)[0]
    assert (turn.stop, turn.stop_detail, turn.text) == ("other", "pause_turn", "\n".join(["hm "] * 9))
    assert turn.usage.input == 9 * 7


def test_cached_tokens_count_as_input() -> None:
    usage = {
        "input_tokens": 10,
        "cache_read_input_tokens": 200,
        "cache_creation_input_tokens": 30,
        "output_tokens": 5,
        "output_tokens_details": {"thinking_tokens": 2},
    }
    with canned(message(text_block("x"), stop="end_turn", usage=usage)) as stage:
        turn = turns_of("anthropic/x", stage)[0]
    assert turn.usage == Usage(input=240, output=5, reasoning=2, cache_read=200, cache_write=30)


def test_hidden_and_unknown_blocks_are_kept_in_the_wire_and_go_back() -> None:
    redacted = {"type": "redacted_thinking", "data": "c2VjcmV0"}
    unknown = {"type": "brand_new", "payload": {"b": 1, "a": 2}}
    empty = {"type": "thinking", "thinking": "", "signature": ""}
    signature = {"type": "signature_delta", "signature": "sig"}
    reply = message(
        (redacted, []),
        (empty, [signature]),
        (unknown, []),
        text_block(""),
        call_block("note", "{}"),
        stop="tool_use",
    )
    with canned(reply, message(text_block("Done."), stop="end_turn")) as stage:
        turn = turns_of("anthropic/x", stage, count=2)[0]
        sent = stage.bodies[-1]["messages"][1]["content"]
    hidden = Reasoning(text="", visibility="hidden")
    assert turn.blocks == (hidden, hidden, ToolCall(id="toolu_1", name="note", arguments={}))
    assert turn.reasoning == "hidden"
    assert [block["type"] for block in turn.wire] == [
        "redacted_thinking",
        "thinking",
        "brand_new",
        "text",
        "tool_use",
    ]
    assert sent == [block for block in turn.wire if block["type"] != "text"]  # empty texts are rejected
    assert list(turn.wire[2]["payload"]) == ["b", "a"]


def test_an_empty_refusal_leaves_nothing_to_send_back() -> None:
    with canned(message(stop="refusal"), message(text_block("Done."), stop="end_turn")) as stage:
        turns = turns_of("anthropic/x", stage, count=2)
        roles = [sent["role"] for sent in stage.bodies[-1]["messages"]]
    assert (turns[0].stop, turns[0].blocks, roles) == ("refusal", (), ["user"])


@pytest.mark.parametrize(
    "broken",
    [
        stream({"type": "message_start", "message": {}}),
        Response("<html>200 OK</html>", media_type="text/html"),
        Response("data: {oops\n\n", media_type="text/event-stream"),
        Response("data: [1, 2]\n\n", media_type="text/event-stream"),
        Response("", media_type="text/event-stream"),
        stream({"type": "content_block_delta", "index": 3, "delta": {}}),
        stream({"type": "content_block_start", "index": 1, "content_block": {}}),
        failing(502, {"detail": "no healthy upstream"}),
    ],
)
def test_an_answer_that_cannot_be_read_is_asked_for_again(broken: Response) -> None:
    with canned(broken, message(text_block("Done."), stop="end_turn")) as stage:
        turn = turns_of("anthropic/x", stage)[0]
    assert (turn.attempts, turn.text) == (2, "Done.")


def item(kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": "response.output_item.done", "output_index": 0, "item": {"type": kind, **fields}}


def response(status: str, **fields: Any) -> dict[str, Any]:
    return {"type": f"response.{status}", "response": {"status": status, **fields}}


def test_encrypted_reasoning_is_taken_from_the_finished_item() -> None:
    half = {
        "type": "response.output_item.added",
        "output_index": 0,
        "item": {"type": "reasoning", "id": "rs"},
    }
    whole = item("reasoning", id="rs", summary=[], encrypted_content="gAAAA")
    stripped = response("completed", output=[{"type": "reasoning", "id": "rs", "summary": []}])
    with canned(stream(half, whole, stripped)) as stage:
        turn = turns_of("openai/x", stage)[0]
    assert turn.wire == [whole["item"]]
    assert turn.blocks == (Reasoning(text="", visibility="hidden"),)
    assert turn.usage == Usage()  # a missing usage is no reason to fail


@pytest.mark.parametrize(
    ("reason", "stop", "detail"),
    [
        ("max_output_tokens", "max_tokens", None),
        ("content_filter", "refusal", "content_filter"),
        ("something_new", "other", "something_new"),
    ],
)
def test_incomplete_responses_say_why(reason: str, stop: str, detail: str | None) -> None:
    cut = item("function_call", call_id="c", name="note", arguments='{"te', status="incomplete")
    with canned(stream(cut, response("incomplete", incomplete_details={"reason": reason}))) as stage:
        turn = turns_of("openai/x", stage)[0]
    assert (turn.stop, turn.stop_detail) == (stop, detail)
    assert turn.calls == (ToolCall(id="c", name="note", arguments=None, raw='{"te'),)


def test_a_policy_block_within_the_stream_is_an_outcome() -> None:
    error = {
        "code": "misalignment_policy_violation",
        "message": "no",
        "misalignment": {"error_type": "other"},
    }
    with canned(stream(response("failed", error=error))) as stage:
        turn = turns_of("openai/x", stage)[0]
    assert (turn.stop, turn.stop_detail) == ("policy_block", "misalignment_policy_violation: other")
    assert turn.attempts == 1


def test_a_failed_response_is_asked_for_again() -> None:
    failed = stream(response("failed", error={"code": "server_error", "message": "sorry"}))
    done = stream(
        item("message", role="assistant", content=[{"type": "output_text", "text": "Done."}]),
        response("completed"),
    )
    with canned(failed, done) as stage:
        turn = turns_of("openai/x", stage)[0]
    assert (turn.attempts, turn.blocks) == (2, (Text(text="Done."),))


def test_older_openai_models_are_not_asked_to_reason() -> None:
    done = stream(response("completed", output=[]))
    with canned(done) as stage:
        turns_of("openai/gpt-4.1-mini", stage, settings={"max_tokens": 50})
        body = stage.bodies[0]
    assert set(body) == {"model", "input", "store", "instructions", "tools", "max_output_tokens", "stream"}


def test_older_anthropic_models_are_not_asked_for_adaptive_thinking() -> None:
    with canned(message(text_block("x"), stop="end_turn")) as stage:
        turns_of("anthropic/claude-haiku-4-5-20251001", stage)
        turns_of("anthropic/claude-opus-5-5", stage)
        assert [body.get("thinking") for body in stage.bodies] == [
            None,
            {"type": "adaptive", "display": "summarized"},
        ]


def chunk(finish: str | None = None, usage: Any = None, **delta: Any) -> dict[str, Any]:
    body: dict[str, Any] = {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
    return body | ({"usage": usage} if usage else {})


def piece(index: int, wire_id: str | None, name: str | None, arguments: str) -> dict[str, Any]:
    function = {"arguments": arguments} | ({"name": name} if name else {})
    return {"index": index, "function": function} | ({"id": wire_id} if wire_id else {})


def chat_turn(*chunks: dict[str, Any]) -> ModelTurn:
    with canned(stream(*chunks, done=True)) as stage:
        return turns_of("openai-compatible/x", stage)[0]


def test_calls_that_a_server_numbers_alike_are_told_apart_by_their_ids() -> None:
    turn = chat_turn(
        chunk(tool_calls=[piece(0, "a", "look", '{"locker"')]),
        chunk(tool_calls=[piece(0, None, "look", ": 1}")]),
        chunk(tool_calls=[piece(0, "b", "look", '{"locker": 2}')]),
        chunk("tool_calls"),
    )
    assert [(call.id, call.arguments) for call in turn.calls] == [("a", {"locker": 1}), ("b", {"locker": 2})]


def test_a_server_without_call_ids_works_too() -> None:
    called = stream(chunk(tool_calls=[piece(0, None, "look", "{}")]), chunk("tool_calls"), done=True)
    with canned(called, called, stream(chunk(content="Done."), chunk("stop"), done=True)) as stage:
        turns = turns_of("openai-compatible/x", stage, count=3)
        answered = [sent["tool_call_id"] for sent in stage.bodies[-1]["messages"] if sent["role"] == "tool"]
    assert [call.id for turn in turns for call in turn.calls] == ["call", "call~2"]
    assert answered == ["", ""]


def test_finishing_with_stop_after_calls_counts_as_stopping_for_tools() -> None:
    turn = chat_turn(chunk(tool_calls=[piece(0, "a", "look", "{}")]), chunk("stop"))
    assert (turn.stop, turn.calls) == ("tool_use", (ToolCall(id="a", name="look", arguments={}),))


def test_malformed_arguments_go_back_as_an_empty_object_because_templates_parse_them() -> None:
    called = stream(chunk(tool_calls=[piece(0, "a", "look", "{oops")]), chunk("tool_calls"), done=True)
    with canned(called, stream(chunk(content="Done."), chunk("stop"), done=True)) as stage:
        turns = turns_of("openai-compatible/x", stage, count=2)
        sent = next(sent for sent in stage.bodies[-1]["messages"] if sent["role"] == "assistant")
    assert turns[0].wire["tool_calls"][0]["function"]["arguments"] == "{oops"
    assert turns[0].calls == (ToolCall(id="a", name="look", arguments=None, raw="{oops"),)
    assert sent["tool_calls"][0]["function"]["arguments"] == "{}"


def test_usage_may_come_with_the_last_chunk_or_not_at_all() -> None:
    counts = {"prompt_tokens": 9, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 8}}
    assert chat_turn(chunk(content="x"), chunk("stop", usage=counts)).usage == Usage(
        input=9, output=4, cache_read=8
    )
    assert chat_turn(chunk(content="x"), chunk("stop")).usage == Usage()


@pytest.mark.parametrize(
    ("content", "thought", "said"),
    [
        ("<think>a\nb</think>\n\nDone.", "a\nb", "Done."),
        ("the opening tag was in the prompt</think>Done.", "the opening tag was in the prompt", "Done."),
        ("Use <think> and </think> as tags.", "", "Use <think> and </think> as tags."),
        ("No tags.", "", "No tags."),
    ],
)
def test_thoughts_within_the_text_are_not_taken_for_things_said(
    content: str, thought: str, said: str
) -> None:
    turn = chat_turn(chunk(content=content), chunk("stop"))
    assert (turn.thinking, turn.text, turn.wire["content"]) == (thought, said, content)


def test_the_same_reasoning_under_two_names_is_one_thought() -> None:
    turn = chat_turn(chunk(reasoning="hm", reasoning_content="hm"), chunk(content="Done."), chunk("stop"))
    assert turn.thinking == "hm"
    assert turn.wire == {
        "role": "assistant",
        "content": "Done.",
        "reasoning": "hm",
        "reasoning_content": "hm",
    }


def test_encrypted_reasoning_details_are_hidden_reasoning() -> None:
    detail = {"type": "reasoning.encrypted", "data": "abc", "index": 0}
    turn = chat_turn(chunk(reasoning_details=[detail]), chunk(content="Done."), chunk("stop"))
    assert turn.blocks == (Reasoning(text="", visibility="hidden"), Text(text="Done."))
    assert turn.wire["reasoning_details"] == [detail]


def test_a_full_context_window_ends_the_conversation_and_not_the_batch() -> None:
    full = failing(
        400, {"error": {"message": "This model's maximum context length is 4096 tokens.", "code": 400}}
    )
    with canned(full) as stage:
        turn = turns_of("openai-compatible/x", stage)[0]
    assert (turn.stop, turn.stop_detail) == ("context_window", "prompt_too_long")


def test_a_key_quoted_within_a_stream_is_redacted() -> None:
    with canned() as unused:
        key = unused.environ["OPENAI_API_KEY"]
    quoted = stream({"error": {"message": f"bad key {key}", "type": "authentication_error"}})
    with canned(quoted) as stage, pytest.raises(ModelRejected) as caught:
        turns_of("openai-compatible/x", stage)
    assert caught.value.why == "bad key [redacted]"


def test_a_key_quoted_in_an_answer_is_not_stored() -> None:
    with canned() as unused:
        key = unused.environ["OPENAI_API_KEY"]
    answer = message(text_block(f"You sent Bearer {key}."), stop="end_turn")
    with canned(answer) as stage:
        turn = turns_of("anthropic/claude-x", stage)[0]
    assert turn.text == "You sent Bearer [redacted]."
    assert key not in str(turn)
