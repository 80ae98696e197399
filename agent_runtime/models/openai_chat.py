"""Chat Completions as compatible servers speak it: vLLM, llama.cpp, OpenRouter and others.

They agree on little beyond the basics. Reasoning comes as ``reasoning`` or ``reasoning_content`` (older
vLLM), with ``reasoning_details`` beside it (OpenRouter), or within the text between ``<think>`` tags; what
came is sent back as it came.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal

from ulterior.agent_runtime.models.chat_reply import reply_of
from ulterior.agent_runtime.models.conversation import (
    CallIds,
    Dialogue,
    Exchange,
    Heard,
    clean,
    dialogue_of,
    parse_arguments,
    wire_ids,
)
from ulterior.agent_runtime.models.json_values import items, mapping, text
from ulterior.agent_runtime.models.lane import LaneLimits
from ulterior.agent_runtime.models.protocol import ModelReply, ModelRequest
from ulterior.agent_runtime.models.remote import Endpoint
from ulterior.agent_runtime.models.sdk import client_options, events_of
from ulterior.sandbox import Tool
from ulterior.traces import ModelTurn

__all__ = ["OpenAIChat"]


class OpenAIChat:
    """The adapter of one model of a compatible server."""

    def __init__(self, endpoint: Endpoint, limits: LaneLimits, now: Callable[[], float]) -> None:
        self._endpoint = endpoint
        self._limits = limits
        self._now = now
        self._client: Any = None

    @property
    def api(self) -> Literal["openai-chat"]:
        return "openai-chat"

    async def attempt(self, request: ModelRequest) -> ModelReply:
        import openai  # deferred: it takes a second to load, and most commands don't need it

        if self._client is None:
            self._client = openai.AsyncOpenAI(
                api_key=self._endpoint.key,
                base_url=self._endpoint.base_url,
                **client_options(openai, self._limits),
            )
        dialogue = dialogue_of(request.conversation)
        body = _body(self._endpoint.model, dialogue, request)
        opening = self._client.chat.completions.with_streaming_response.create(
            model=body["model"],
            messages=(),  # those of the body go out in their place: see events_of
            stream=True,
            extra_body=body,
        )
        events = await events_of(openai, opening, self._now)
        return reply_of(events, CallIds(dialogue))

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()


def _body(model: str, dialogue: Dialogue, request: ModelRequest) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": model,
        "messages": _messages(dialogue),
        "stream_options": {"include_usage": True},
    }
    if request.tools:
        body["tools"] = [_tool(tool) for tool in request.tools]
    if request.answer_schema is not None:
        named = {"name": "answer", "strict": True, "schema": dict(request.answer_schema)}
        body["response_format"] = {"type": "json_schema", "json_schema": named}
    return body | _settings(request.settings)


def _tool(tool: Tool) -> dict[str, Any]:
    described = {"name": tool.name, "description": tool.description, "parameters": tool.schema}
    return {"type": "function", "function": described}


def _settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    names = {
        "max_tokens": "max_tokens",
        "temperature": "temperature",
        "top_p": "top_p",
        "seed": "seed",
        "effort": "reasoning_effort",
    }
    sent = {theirs: settings[ours] for ours, theirs in names.items() if ours in settings}
    return sent | settings.get("extra_body", {})


def _messages(dialogue: Dialogue) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    if dialogue.system:
        messages.append({"role": "system", "content": dialogue.system})
    messages += _heard(dialogue.opening, {})
    for exchange in dialogue.exchanges:
        said, ids = _said(exchange)
        messages += [*said, *_heard(exchange.heard, ids)]
    return messages


def _said(exchange: Exchange) -> tuple[list[dict[str, Any]], Mapping[str, str]]:
    """The assistant message as it must be sent back, and the model's own ids for its calls."""
    turn = exchange.turn
    if turn.api != "openai-chat":
        return [_retold(turn)], {call.id: call.id for call in turn.calls}
    message: dict[str, Any] = clean(mapping(turn.wire))
    if not message:
        return [], {}  # a policy block
    calls = [mapping(call) for call in items(message.get("tool_calls"))]
    ids = wire_ids(turn, [text(call.get("id")) for call in calls])
    return [message | {"tool_calls": [_sendable(call) for call in calls]} if calls else message], ids


def _sendable(call: dict[str, Any]) -> dict[str, Any]:
    """A call that the server's chat template can read back.

    Templates parse the arguments and fail the whole request on anything but a JSON object. The model is
    told what was wrong with its call by the result.
    """
    function = mapping(call.get("function"))
    if parse_arguments(text(function.get("arguments"))) is not None:
        return call
    return call | {"function": function | {"arguments": "{}"}}


def _retold(turn: ModelTurn) -> dict[str, Any]:
    """A turn of another provider's model, as a fork may hand it over. Its reasoning stays behind."""
    message: dict[str, Any] = {"role": "assistant", "content": turn.text}
    if turn.calls:
        message["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": json.dumps(call.arguments or {})},
            }
            for call in turn.calls
        ]
    return message


def _heard(heard: Heard, ids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Results, then one user message: many templates insist that roles alternate."""
    messages: list[dict[str, Any]] = [
        {"role": "tool", "tool_call_id": ids[result.call], "content": clean(result.shown())}
        for result in heard.results
    ]
    if len(heard.texts) == 1:
        messages.append({"role": "user", "content": heard.texts[0]})
    elif heard.texts:
        parts = [{"type": "text", "text": text} for text in heard.texts]
        messages.append({"role": "user", "content": parts})
    return messages
