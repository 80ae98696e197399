"""Anthropic's Messages API: streaming, thinking blocks echoed verbatim, prompt caching on.

Signatures of thinking blocks are bound to everything before them. That is why equal conversations must give
equal requests: tools and system text never change within an episode, and a user message is always a list
of blocks, however few.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from ulterior.agent_runtime.models.anthropic_reply import Draft, reply_of
from ulterior.agent_runtime.models.conversation import (
    CallIds,
    Dialogue,
    Exchange,
    Heard,
    clean,
    dialogue_of,
    wire_ids,
)
from ulterior.agent_runtime.models.json_values import text
from ulterior.agent_runtime.models.lane import LaneLimits
from ulterior.agent_runtime.models.protocol import ModelReply, ModelRequest
from ulterior.agent_runtime.models.remote import Endpoint
from ulterior.agent_runtime.models.sdk import client_options, events_of
from ulterior.sandbox import Tool
from ulterior.traces import ModelTurn

__all__ = ["AnthropicMessages"]

_DEFAULT_MAX_TOKENS = 16_384
_MOST_PAUSES = 8
_SAMPLING = ("temperature", "top_p")
# The API version that still knows them; the SDK's own answers 400 to them.
_SAMPLING_VERSION = "2023-06-01"
# These know no adaptive thinking. Everything newer gets it by default, with its text: without `display` the
# newest models hide not only their thinking but also what they say between two calls.
_NOT_ADAPTIVE = (
    "claude-3",
    "claude-haiku-4",
    "claude-opus-4-0",
    "claude-opus-4-1",
    "claude-opus-4-2",
    "claude-opus-4-5",
    "claude-sonnet-4-0",
    "claude-sonnet-4-2",
    "claude-sonnet-4-5",
)


class AnthropicMessages:
    """The adapter of one Anthropic model."""

    def __init__(self, endpoint: Endpoint, limits: LaneLimits, now: Callable[[], float]) -> None:
        self._endpoint = endpoint
        self._limits = limits
        self._now = now
        self._client: Any = None

    @property
    def api(self) -> Literal["anthropic"]:
        return "anthropic"

    async def attempt(self, request: ModelRequest) -> ModelReply:
        """One reply. A model that pauses is sent what it has said so far until it is done."""
        dialogue = dialogue_of(request.conversation)
        body = _body(self._endpoint.model, dialogue, request)
        draft = await self._draft(body)
        for _ in range(_MOST_PAUSES):
            if draft.stop != "pause_turn":
                break
            so_far = {"role": "assistant", "content": clean(draft.content)}
            draft = draft.then(await self._draft(body | {"messages": [*body["messages"], so_far]}))
        return reply_of(draft, CallIds(dialogue))

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _draft(self, body: dict[str, Any]) -> Draft:
        import anthropic  # deferred: it takes a second to load, and most commands don't need it

        if self._client is None:
            self._client = anthropic.AsyncAnthropic(
                api_key=self._endpoint.key,
                base_url=self._endpoint.base_url,
                open_telemetry=False,  # episodes are nobody else's telemetry
                **client_options(anthropic, self._limits),
            )
        opening = self._client.messages.with_streaming_response.create(
            model=body["model"],
            max_tokens=body["max_tokens"],
            messages=(),  # those of the body go out in their place: see events_of
            stream=True,
            extra_body=body,
            extra_headers=_headers(body),
        )
        return Draft.of(await events_of(anthropic, opening, self._now))


def _body(model: str, dialogue: Dialogue, request: ModelRequest) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": model,
        "max_tokens": request.settings.get("max_tokens", _DEFAULT_MAX_TOKENS),
        "messages": _messages(dialogue),
        "cache_control": {"type": "ephemeral"},
    }
    if dialogue.system:
        body["system"] = dialogue.system
    if request.tools:
        body["tools"] = [_tool(tool) for tool in request.tools]
    body |= _settings(model, request.settings)
    if request.answer_schema is not None:
        body["output_config"] = body.get("output_config", {}) | {"format": _format(request.answer_schema)}
    return body


def _format(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema in the part of JSON Schema that the API takes; bounds and lengths become descriptions."""
    import anthropic  # deferred, as in _draft

    return {"type": "json_schema", "schema": anthropic.transform_schema(dict(schema))}


def _tool(tool: Tool) -> dict[str, Any]:
    return {"name": tool.name, "description": tool.description, "input_schema": tool.schema}


def _settings(model: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    thinking = settings.get("thinking", None if model.startswith(_NOT_ADAPTIVE) else "adaptive")
    if thinking == "adaptive":
        sent["thinking"] = {"type": "adaptive", "display": "summarized"}
    elif thinking == "off":
        sent["thinking"] = {"type": "disabled"}
    elif thinking is not None:
        sent["thinking"] = {"type": "enabled", "budget_tokens": thinking, "display": "summarized"}
    if "effort" in settings:
        sent["output_config"] = {"effort": settings["effort"]}
    return sent | {name: settings[name] for name in _SAMPLING if name in settings}


def _headers(body: Mapping[str, Any]) -> dict[str, str]:
    return {"anthropic-version": _SAMPLING_VERSION} if any(name in body for name in _SAMPLING) else {}


def _messages(dialogue: Dialogue) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    _append(messages, "user", _heard(dialogue.opening, {}))
    for exchange in dialogue.exchanges:
        said, ids = _said(exchange)
        _append(messages, "assistant", said)
        _append(messages, "user", _heard(exchange.heard, ids))
    return messages


def _append(messages: list[dict[str, Any]], role: str, content: list[dict[str, Any]]) -> None:
    """Add a message; what follows one of the same role joins it, since roles must alternate."""
    if not content:
        return  # a refusal may come without any content, and empty messages are rejected
    if messages and messages[-1]["role"] == role:
        messages[-1]["content"] += content
    else:
        messages.append({"role": role, "content": list(content)})


def _said(exchange: Exchange) -> tuple[list[dict[str, Any]], Mapping[str, str]]:
    """What the model said, as it must be sent back, and its own ids for its calls."""
    turn = exchange.turn
    if turn.api != "anthropic":
        return _retold(turn), {call.id: call.id for call in turn.calls}
    blocks: list[dict[str, Any]] = clean(turn.wire or [])
    ids = wire_ids(turn, [text(block.get("id")) for block in blocks if block["type"] == "tool_use"])
    # The API can return empty text blocks and rejects them when they come back.
    return [block for block in blocks if block["type"] != "text" or block["text"].strip()], ids


def _retold(turn: ModelTurn) -> list[dict[str, Any]]:
    """A turn of another provider's model, as a fork may hand it over. Its reasoning stays behind."""
    retold: list[dict[str, Any]] = []
    for block in turn.blocks:
        if block.type == "text" and block.text.strip():
            retold.append({"type": "text", "text": block.text})
        elif block.type == "tool_call":
            call = {"type": "tool_use", "id": block.id, "name": block.name, "input": block.arguments or {}}
            retold.append(call)
    return retold


def _heard(heard: Heard, ids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Results first, as the API wants them, then what people said."""
    blocks: list[dict[str, Any]] = []
    for result in heard.results:
        block = {"type": "tool_result", "tool_use_id": ids[result.call], "content": clean(result.shown())}
        blocks.append(block if result.status == "executed" else block | {"is_error": True})
    return [*blocks, *({"type": "text", "text": text} for text in heard.texts)]
