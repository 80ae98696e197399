"""The Messages API as a server.

Signatures are as on current models: a thinking block is valid only behind exactly the conversation that it
was made for. Events follow what the SDK insists on: every one is named, the first is ``message_start``.
"""

import json
from typing import Any

from ulterior.agent_runtime.models.json_values import items, mapping, text
from ulterior.agent_runtime.wire.asked import Asked, Rejected, Since, bound, bound_schema, chained, plain_text
from ulterior.agent_runtime.wire.speech import Speech, SpokenCall, pieces, tokens

__all__ = ["AnthropicApi"]

_STOPS = {
    "end": "end_turn",
    "calls": "tool_use",
    "length": "max_tokens",
    "refusal": "refusal",
    "pause": "pause_turn",
}
_OTHER_CONVERSATION = (
    "Invalid `signature` in `thinking` block. The block is bound to a different conversation."
)


class AnthropicApi:
    """``POST /v1/messages``."""

    name = "anthropic"
    path = "/v1/messages"
    names_events = True

    def parse(self, body: dict[str, Any]) -> Asked:
        messages = [mapping(message) for message in items(body.get("messages"))]
        resumed = bool(messages) and messages[-1].get("role") == "assistant"
        head = chained("", [body.get("system"), body.get("tools")])
        since: list[tuple[list[str], list[str]]] = [([], [])]
        for message in messages:
            if message.get("role") == "assistant":
                _check_signatures(head, message)
                since.append(([], []))
            else:
                _listen(message.get("content"), *since[-1])
            head = chained(head, message)
        told = [Since(tuple(results), tuple(texts)) for results, texts in since]
        if not told[0].texts:
            raise Rejected(400, "invalid_request_error", "messages: the first must come from the user")
        return Asked(
            model=text(body.get("model")),
            system=plain_text(body.get("system")),
            opening=told[0].texts[0],
            since=tuple(told[1:-1] if resumed else told[1:]),
            head=head,
            stream=bool(body.get("stream")),
            body=body,
            resumed=resumed,
            schema=bound_schema(_format(body), "output_config.format", bounds=False),
        )

    def reply(self, asked: Asked, speech: Speech) -> dict[str, Any]:
        content = _content(asked, speech)
        thought = tokens(speech.think)
        return {
            "id": f"msg_{asked.head[:20]}",
            "type": "message",
            "role": "assistant",
            "model": asked.model,
            "content": content,
            "stop_reason": _STOPS[speech.stop],
            "stop_sequence": None,
            "stop_details": _stop_details(speech),
            "usage": {
                "input_tokens": tokens(json.dumps(asked.body.get("messages"))),
                "cache_creation_input_tokens": 0,
                "cache_read_input_tokens": 0,
                "output_tokens": thought + tokens(json.dumps(content)),
                "output_tokens_details": {"thinking_tokens": thought},
                "service_tier": "standard",
            },
        }

    def events(self, asked: Asked, speech: Speech) -> list[dict[str, Any]]:
        message = self.reply(asked, speech)
        calls = iter(speech.calls)
        begun: dict[str, Any] = {"content": list[Any](), "stop_reason": None, "stop_details": None}
        start = message | begun | {"usage": message["usage"] | {"output_tokens": 1}}
        events: list[dict[str, Any]] = [{"type": "message_start", "message": start}, {"type": "ping"}]
        for index, block in enumerate(message["content"]):
            empty, deltas = _streamed(block, next(calls) if block["type"] == "tool_use" else None)
            events.append({"type": "content_block_start", "index": index, "content_block": empty})
            events += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
            events.append({"type": "content_block_stop", "index": index})
        ended = {name: message[name] for name in ("stop_reason", "stop_sequence", "stop_details")}
        counted = {name: message["usage"][name] for name in ("output_tokens", "output_tokens_details")}
        return [
            *events,
            {"type": "message_delta", "delta": ended, "usage": counted},
            {"type": "message_stop"},
        ]

    def error(self, kind: str, message: str, code: str | None) -> dict[str, Any]:
        return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_wire"}

    def stream_error(self, kind: str, message: str) -> dict[str, Any]:
        return self.error(kind, message, None)


def _format(body: dict[str, Any]) -> Any:
    return mapping(body.get("output_config")).get("format")


def _check_signatures(head: str, message: dict[str, Any]) -> None:
    for block in (mapping(block) for block in items(message.get("content"))):
        if block.get("type") == "thinking" and block.get("signature") != bound(
            head, text(block.get("thinking"))
        ):
            reason = (
                "Invalid `signature` in `thinking` block. The block is bound to a different conversation."
            )
            raise Rejected(400, "invalid_request_error", reason)


def _listen(content: Any, results: list[str], texts: list[str]) -> None:
    """Sort a user message into results of calls and things said."""
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else items(content)
    for block in map(mapping, blocks):
        if block.get("type") == "tool_result":
            results.append(plain_text(block.get("content")))
        elif block.get("type") == "text":
            texts.append(text(block.get("text")))


def _content(asked: Asked, speech: Speech) -> list[dict[str, Any]]:
    """The blocks of a reply. One that goes on after a pause holds only what is still missing."""
    calls = [_call(asked, index, call) for index, call in enumerate(speech.calls)]
    if asked.resumed:
        return calls or [{"type": "text", "text": speech.say}]
    thought = _thinking(asked, speech)
    said = [{"type": "text", "text": speech.say}] if speech.say else []
    return [*thought, *said, *calls]


def _thinking(asked: Asked, speech: Speech) -> list[dict[str, Any]]:
    """A thinking block, if thinking was asked for; without its words unless those were asked for, too."""
    wanted = mapping(asked.body.get("thinking"))
    if not speech.think or wanted.get("type", "disabled") == "disabled":
        return []
    shown = speech.think if wanted.get("display") == "summarized" else ""
    return [{"type": "thinking", "thinking": shown, "signature": bound(asked.head, shown)}]


def _call(asked: Asked, index: int, call: SpokenCall) -> dict[str, Any]:
    try:
        given: Any = json.loads(call.arguments)
    except ValueError:
        given = {}  # only a stream can deliver what is not JSON
    return {"type": "tool_use", "id": f"toolu_{asked.head[:20]}{index}", "name": call.name, "input": given}


def _stop_details(speech: Speech) -> dict[str, Any] | None:
    if speech.stop != "refusal":
        return None
    return {"type": "refusal", "category": "general_harms", "explanation": None}


def _streamed(block: dict[str, Any], call: SpokenCall | None) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A block as it starts, and the deltas that complete it."""
    if call is not None:
        parts = pieces(call.arguments)
        return block | {"input": {}}, [{"type": "input_json_delta", "partial_json": part} for part in parts]
    if block["type"] == "text":
        return block | {"text": ""}, [{"type": "text_delta", "text": part} for part in pieces(block["text"])]
    thought = [{"type": "thinking_delta", "thinking": part} for part in pieces(block["thinking"])]
    signed = {"type": "signature_delta", "signature": block["signature"]}
    return block | {"thinking": "", "signature": ""}, [*thought, signed]
