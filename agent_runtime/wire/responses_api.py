"""The Responses API as a server.

Reasoning items are held to what a stateless client promises: their encrypted content must come back, and
only behind the very items that it was made for.
"""

import json
from typing import Any

from ulterior.agent_runtime.models.json_values import items, mapping, text
from ulterior.agent_runtime.wire.asked import Asked, Rejected, Since, bound, bound_schema, chained, plain_text
from ulterior.agent_runtime.wire.speech import Speech, pieces, tokens

__all__ = ["ResponsesApi"]

_OWN = ("reasoning", "function_call")


class ResponsesApi:
    """``POST /v1/responses``."""

    name = "openai-responses"
    path = "/v1/responses"
    names_events = True

    def parse(self, body: dict[str, Any]) -> Asked:
        given = body.get("input")
        sent = [{"role": "user", "content": given}] if isinstance(given, str) else items(given)
        head = prefix = chained("", [body.get("instructions"), body.get("tools")])
        system = [text(body.get("instructions"))]
        since: list[tuple[list[str], list[str]]] = [([], [])]
        speaking = False
        for item in map(mapping, sent):
            own = item.get("type") in _OWN or item.get("role") == "assistant"
            if own and not speaking:  # a run of the model's own items is one turn
                prefix = head
                since.append(([], []))
            if item.get("type") == "reasoning":
                _check_reasoning(prefix, item)
            elif item.get("type") == "function_call_output":
                since[-1][0].append(plain_text(item.get("output")))
            elif item.get("role") in ("system", "developer"):
                system.append(plain_text(item.get("content")))
            elif not own:
                since[-1][1].append(plain_text(item.get("content")))
            speaking = own
            head = chained(head, item)
        told = [Since(tuple(results), tuple(texts)) for results, texts in since]
        if not told[0].texts:
            raise Rejected(400, "invalid_request_error", "input: there is no message from the user")
        return Asked(
            model=text(body.get("model")),
            system="\n\n".join(part for part in system if part),
            opening=told[0].texts[0],
            since=tuple(told[1:]),
            head=head,
            stream=bool(body.get("stream")),
            body=body,
            schema=bound_schema(_format(body), "text.format", bounds=True),
        )

    def reply(self, asked: Asked, speech: Speech) -> dict[str, Any]:
        output = _output(asked, speech)
        cut = speech.stop == "length"
        thought = tokens(speech.think)
        read, written = tokens(json.dumps(asked.body.get("input"))), thought + tokens(json.dumps(output))
        return {
            "id": f"resp_{asked.head[:20]}",
            "object": "response",
            "created_at": 0,
            "status": "incomplete" if cut else "completed",
            "error": None,
            "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
            "model": asked.model,
            "output": output,
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": asked.body.get("tools", []),
            "store": asked.body.get("store", True),
            "usage": {
                "input_tokens": read,
                "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
                "output_tokens": written,
                "output_tokens_details": {"reasoning_tokens": thought},
                "total_tokens": read + written,
            },
        }

    def events(self, asked: Asked, speech: Speech) -> list[dict[str, Any]]:
        response = self.reply(asked, speech)
        started: dict[str, Any] = response | {"status": "in_progress", "output": list[Any](), "usage": None}
        events: list[dict[str, Any]] = [{"type": "response.created", "response": started}]
        for index, item in enumerate(response["output"]):
            events += _streamed(index, item)
        events.append({"type": f"response.{response['status']}", "response": response})
        return [event | {"sequence_number": number} for number, event in enumerate(events)]

    def error(self, kind: str, message: str, code: str | None) -> dict[str, Any]:
        error: dict[str, Any] = {"message": message, "type": kind, "param": None, "code": code}
        if code == "misalignment_policy_violation":
            error["misalignment"] = {"error_type": "potentially_unintended_destructive_activity"}
        return {"error": error}

    def stream_error(self, kind: str, message: str) -> dict[str, Any]:
        return {"type": "error", "code": kind, "message": message, "param": None, "sequence_number": 99}


def _format(body: dict[str, Any]) -> Any:
    form = mapping(mapping(body.get("text")).get("format"))
    if form.get("type") == "json_schema" and not form.get("name"):
        raise Rejected(400, "invalid_request_error", "text.format.name: missing required parameter")
    return form


def _check_reasoning(prefix: str, item: dict[str, Any]) -> None:
    if not item.get("encrypted_content"):
        message = f"Item '{item.get('id')}' not found. Items are not persisted when `store` is set to false."
        raise Rejected(404, "invalid_request_error", message)
    if item["encrypted_content"] != _encrypted(prefix, item.get("summary")):
        message = "The encrypted content could not be verified."
        raise Rejected(400, "invalid_request_error", message, "invalid_encrypted_content")


def _encrypted(prefix: str, summary: Any) -> str:
    return f"gAAAA{bound(prefix, json.dumps(summary))}"


def _output(asked: Asked, speech: Speech) -> list[dict[str, Any]]:
    output: list[dict[str, Any]] = []
    if speech.think:
        output.append(_reasoning(asked, speech))
    if speech.say:
        output.append(_message(asked, speech))
    for index, call in enumerate(speech.calls):
        whole = speech.stop != "length" or index + 1 < len(speech.calls)
        output.append(
            {
                "id": f"fc_{asked.head[:20]}{index}",
                "type": "function_call",
                "call_id": f"call_{asked.head[:20]}{index}",
                "name": call.name,
                "arguments": call.arguments,
                "status": "completed" if whole else "incomplete",
            }
        )
    return output


def _reasoning(asked: Asked, speech: Speech) -> dict[str, Any]:
    summary: list[dict[str, Any]] = []
    if mapping(asked.body.get("reasoning")).get("summary"):
        summary.append({"type": "summary_text", "text": speech.think})
    item = {"id": f"rs_{asked.head[:20]}", "type": "reasoning", "summary": summary}
    if "reasoning.encrypted_content" in items(asked.body.get("include")):
        item["encrypted_content"] = _encrypted(asked.head, summary)
    return item


def _message(asked: Asked, speech: Speech) -> dict[str, Any]:
    if speech.stop == "refusal":
        part: dict[str, Any] = {"type": "refusal", "refusal": speech.say}
    else:
        part = {"type": "output_text", "text": speech.say, "annotations": []}
    return {
        "id": f"msg_{asked.head[:20]}",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [part],
    }


def _streamed(index: int, item: dict[str, Any]) -> list[dict[str, Any]]:
    """The events that deliver one item."""
    at = {"output_index": index, "item_id": item["id"]}
    started: dict[str, Any] = item
    within: list[dict[str, Any]] = []
    if item["type"] == "function_call":
        kind = "response.function_call_arguments"
        started = item | {"arguments": ""}
        within = [{"type": f"{kind}.delta", **at, "delta": part} for part in pieces(item["arguments"])]
        done = {"name": item["name"], "arguments": item["arguments"]}
        within.append({"type": f"{kind}.done", **at, **done})
    elif item["type"] == "message":
        started = {**item, "content": list[Any]()}
        within = _streamed_part(at, item["content"][0])
    elif item["type"] == "reasoning":
        # As with the real one, the encrypted content is complete only when the item is done.
        started = {name: value for name, value in item.items() if name != "encrypted_content"}
    return [
        {"type": "response.output_item.added", "output_index": index, "item": started},
        *within,
        {"type": "response.output_item.done", "output_index": index, "item": item},
    ]


def _streamed_part(at: dict[str, Any], part: dict[str, Any]) -> list[dict[str, Any]]:
    field = "refusal" if part["type"] == "refusal" else "text"
    kind = f"response.{part['type']}"
    place = {**at, "content_index": 0}
    deltas = [{"type": f"{kind}.delta", **place, "delta": piece} for piece in pieces(part[field])]
    return [
        {"type": "response.content_part.added", **place, "part": part | {field: ""}},
        *deltas,
        {"type": f"{kind}.done", **place, field: part[field]},
        {"type": "response.content_part.done", **place, "part": part},
    ]
