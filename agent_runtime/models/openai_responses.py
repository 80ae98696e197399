"""OpenAI's Responses API, stateless: nothing is stored there, reasoning travels encrypted with us.

Streamed, although JSON would be simpler: a reasoning model can be silent for minutes, and a connection
without a byte on it is cut by proxies, while the stream's events keep it open.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal

from ulterior.agent_runtime.models.conversation import (
    CallIds,
    Dialogue,
    Exchange,
    Heard,
    clean,
    dialogue_of,
    wire_ids,
)
from ulterior.agent_runtime.models.json_values import items, text
from ulterior.agent_runtime.models.lane import LaneLimits
from ulterior.agent_runtime.models.openai_reply import reply_of
from ulterior.agent_runtime.models.protocol import ModelReply, ModelRequest
from ulterior.agent_runtime.models.remote import Endpoint
from ulterior.agent_runtime.models.sdk import client_options, events_of
from ulterior.sandbox import Tool
from ulterior.traces import ModelTurn

__all__ = ["OpenAIResponses"]

# These answer 400 to every reasoning parameter; whatever is newer reasons.
_NOT_REASONING = ("gpt-3.5", "gpt-4", "chatgpt-4o")


class OpenAIResponses:
    """The adapter of one OpenAI model."""

    def __init__(self, endpoint: Endpoint, limits: LaneLimits, now: Callable[[], float]) -> None:
        self._endpoint = endpoint
        self._limits = limits
        self._now = now
        self._client: Any = None

    @property
    def api(self) -> Literal["openai-responses"]:
        return "openai-responses"

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
        opening = self._client.responses.with_streaming_response.create(stream=True, extra_body=body)
        events = await events_of(openai, opening, self._now)
        return reply_of(events, CallIds(dialogue), self._now())

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()


def _body(model: str, dialogue: Dialogue, request: ModelRequest) -> dict[str, Any]:
    body: dict[str, Any] = {"model": model, "input": _input(dialogue), "store": False}
    if dialogue.system:
        body["instructions"] = dialogue.system
    if request.tools:
        body["tools"] = [_tool(tool) for tool in request.tools]
    if request.answer_schema is not None:
        named = {"name": "answer", "strict": True, "schema": dict(request.answer_schema)}
        body["text"] = {"format": {"type": "json_schema", **named}}
    return body | _settings(model, request.settings)


def _tool(tool: Tool) -> dict[str, Any]:
    described = {"name": tool.name, "description": tool.description, "parameters": tool.schema}
    return {"type": "function", **described, "strict": False}  # strict schemas can't have defaults


def _settings(model: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    sent = {name: settings[name] for name in ("temperature", "top_p") if name in settings}
    if "max_tokens" in settings:
        sent["max_output_tokens"] = settings["max_tokens"]
    if model.startswith(_NOT_REASONING):
        return sent
    reasoning = {"effort": settings["effort"]} if "effort" in settings else {}
    if (summary := settings.get("summary", "auto")) != "none":
        reasoning["summary"] = summary
    return sent | {"include": ["reasoning.encrypted_content"], "reasoning": reasoning}


def _input(dialogue: Dialogue) -> list[dict[str, Any]]:
    sent = _heard(dialogue.opening, {})
    for exchange in dialogue.exchanges:
        said, ids = _said(exchange)
        sent += [*said, *_heard(exchange.heard, ids)]
    return sent


def _said(exchange: Exchange) -> tuple[list[dict[str, Any]], Mapping[str, str]]:
    """The items of a turn as they must be sent back, and the model's own ids for its calls."""
    turn = exchange.turn
    if turn.api != "openai-responses":
        return _retold(turn), {call.id: call.id for call in turn.calls}
    said: list[dict[str, Any]] = clean(items(turn.wire))
    calls = [text(item.get("call_id")) for item in said if item.get("type") == "function_call"]
    return said, wire_ids(turn, calls)


def _retold(turn: ModelTurn) -> list[dict[str, Any]]:
    """A turn of another provider's model, as a fork may hand it over. Its reasoning stays behind."""
    retold: list[dict[str, Any]] = []
    for block in turn.blocks:
        if block.type == "text":
            retold.append({"role": "assistant", "content": block.text})
        elif block.type == "tool_call":
            call = {"call_id": block.id, "name": block.name, "arguments": json.dumps(block.arguments or {})}
            retold.append({"type": "function_call", **call})
    return retold


def _heard(heard: Heard, ids: Mapping[str, str]) -> list[dict[str, Any]]:
    results = [
        {"type": "function_call_output", "call_id": ids[result.call], "output": clean(result.shown())}
        for result in heard.results
    ]
    return [*results, *({"role": "user", "content": text} for text in heard.texts)]
