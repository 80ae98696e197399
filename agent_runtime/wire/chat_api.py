"""Chat Completions as a server, in the dialects in which compatible servers show reasoning."""

import json
from typing import Any, Literal

from ulterior.agent_runtime.models.json_values import items, mapping, text
from ulterior.agent_runtime.wire.asked import Asked, Rejected, Since, bound_schema, chained, plain_text
from ulterior.agent_runtime.wire.speech import Speech, pieces, tokens

__all__ = ["ChatApi", "ChatDialect"]

ChatDialect = Literal["reasoning_content", "reasoning", "reasoning_details", "think_tags"]
"""Older vLLM and llama.cpp; newer vLLM; OpenRouter; servers that leave the model's own tags in the text."""

_FINISHES = {
    "end": "stop",
    "calls": "tool_calls",
    "length": "length",
    "refusal": "content_filter",
    "pause": "stop",
}


class ChatApi:
    """``POST /v1/chat/completions``."""

    name = "openai-chat"
    path = "/v1/chat/completions"
    names_events = False

    def __init__(self, dialect: ChatDialect) -> None:
        self._dialect: ChatDialect = dialect

    def parse(self, body: dict[str, Any]) -> Asked:
        head = chained("", body.get("tools"))
        system: list[str] = []
        since: list[tuple[list[str], list[str]]] = [([], [])]
        for message in map(mapping, items(body.get("messages"))):
            role = message.get("role")
            if role == "assistant":
                since.append(([], []))
            elif role == "tool":
                since[-1][0].append(plain_text(message.get("content")))
            elif role in ("system", "developer"):
                system.append(plain_text(message.get("content")))
            else:
                since[-1][1].extend(_said(message.get("content")))
            head = chained(head, message)
        told = [Since(tuple(results), tuple(texts)) for results, texts in since]
        if not told[0].texts:
            raise Rejected(400, "invalid_request_error", "messages: there is no message from the user")
        return Asked(
            model=text(body.get("model")),
            system="\n\n".join(system),
            opening=told[0].texts[0],
            since=tuple(told[1:]),
            head=head,
            stream=bool(body.get("stream")),
            body=body,
            schema=bound_schema(_format(body), "response_format.json_schema", bounds=True),
        )

    def reply(self, asked: Asked, speech: Speech) -> dict[str, Any]:
        message = self._message(asked, speech)
        choice = {"index": 0, "message": message, "finish_reason": _FINISHES[speech.stop], "logprobs": None}
        usage = _usage(asked, message, speech)
        return _envelope(asked) | {"object": "chat.completion", "choices": [choice], "usage": usage}

    def events(self, asked: Asked, speech: Speech) -> list[dict[str, Any]]:
        message = self._message(asked, speech)
        deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
        for name in ("reasoning", "reasoning_content", "content"):
            deltas += [{name: part} for part in pieces(message.get(name) or "")]
        for detail in message.get("reasoning_details", ()):
            deltas += [{"reasoning_details": [detail | {"text": part}]} for part in pieces(detail["text"])]
        for index, call in enumerate(message.get("tool_calls", ())):
            deltas += _streamed_call(index, call)
        common = _envelope(asked) | {"object": "chat.completion.chunk"}
        chunks = [common | {"choices": [_choice(delta, None)]} for delta in deltas]
        chunks.append(common | {"choices": [_choice({}, _FINISHES[speech.stop])]})
        if mapping(asked.body.get("stream_options")).get("include_usage"):
            counted: dict[str, Any] = {"choices": [], "usage": _usage(asked, message, speech)}
            chunks.append(common | counted)
        return chunks

    def error(self, kind: str, message: str, code: str | None) -> dict[str, Any]:
        return {"error": {"message": message, "type": kind, "param": None, "code": code}}

    def stream_error(self, kind: str, message: str) -> dict[str, Any]:
        return self.error(kind, message, None)

    def _message(self, asked: Asked, speech: Speech) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": speech.say or None}
        if speech.think:
            message |= self._reasoning(speech)
        if speech.calls:
            message["tool_calls"] = [
                {
                    "id": f"call_{asked.head[:20]}{index}",
                    "type": "function",
                    "function": {"name": call.name, "arguments": call.arguments},
                }
                for index, call in enumerate(speech.calls)
            ]
        return message

    def _reasoning(self, speech: Speech) -> dict[str, Any]:
        if self._dialect == "think_tags":
            return {"content": f"<think>\n{speech.think}\n</think>\n\n{speech.say}"}
        if self._dialect == "reasoning_details":
            detail = {"type": "reasoning.text", "text": speech.think, "index": 0, "format": "unknown"}
            return {"reasoning": speech.think, "reasoning_details": [detail]}
        return {self._dialect: speech.think}


def _format(body: dict[str, Any]) -> Any:
    """The form that is asked for, as the other API of OpenAI writes it: type and schema side by side."""
    form = mapping(body.get("response_format"))
    return mapping(form.get("json_schema")) | {"type": form.get("type")}


def _said(content: Any) -> list[str]:
    """What was said: a string is one thing, a list of parts one for each."""
    if isinstance(content, str):
        return [content]
    return [text(mapping(part).get("text")) for part in items(content)]


def _envelope(asked: Asked) -> dict[str, Any]:
    return {"id": f"chatcmpl-{asked.head[:20]}", "created": 0, "model": asked.model}


def _choice(delta: dict[str, Any], finish: str | None) -> dict[str, Any]:
    return {"index": 0, "delta": delta, "finish_reason": finish}


def _streamed_call(index: int, call: dict[str, Any]) -> list[dict[str, Any]]:
    """A call in pieces: only the first has its id and name."""
    first = call | {"index": index, "function": {"name": call["function"]["name"], "arguments": ""}}
    parts = [
        {"index": index, "function": {"arguments": part}} for part in pieces(call["function"]["arguments"])
    ]
    return [{"tool_calls": [part]} for part in (first, *parts)]


def _usage(asked: Asked, message: dict[str, Any], speech: Speech) -> dict[str, Any]:
    read, written = tokens(json.dumps(asked.body.get("messages"))), tokens(json.dumps(message))
    thought = {"reasoning_tokens": tokens(speech.think)}
    return {
        "prompt_tokens": read,
        "completion_tokens": written,
        "total_tokens": read + written,
        "completion_tokens_details": thought,
    }
