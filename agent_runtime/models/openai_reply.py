"""From the events of an OpenAI Responses stream to a reply."""

from collections.abc import Mapping
from typing import Any

from ulterior.agent_runtime.models.conversation import CallIds, tool_call
from ulterior.agent_runtime.models.failures import Problem, failure_of
from ulterior.agent_runtime.models.json_values import items, mapping, number, text
from ulterior.agent_runtime.models.protocol import ModelReply
from ulterior.agent_runtime.models.remote import visible_reasoning
from ulterior.agent_runtime.models.sdk import incomplete
from ulterior.traces import Block, Reasoning, Stop, Text, Usage, scrub

__all__ = ["reply_of"]

_LAST = ("response.completed", "response.incomplete", "response.failed")
_INCOMPLETE: Mapping[str, Stop] = {"max_output_tokens": "max_tokens", "content_filter": "refusal"}


def reply_of(events: list[dict[str, Any]], ids: CallIds, now: float) -> ModelReply:
    """The reply in these events. Raises :class:`Failure` when there is none. ``now`` is in epoch seconds."""
    last = next((event for event in reversed(events) if event.get("type") in _LAST), None)
    if last is None:
        raise incomplete(events, "response.completed")
    response = mapping(last.get("response"))
    if last["type"] == "response.failed":
        raise failure_of(Problem(response.get("error")), now)
    wire = _items(events) or items(response.get("output"))
    stop, detail = _stop(last["type"], response, wire)
    blocks = [block for item in wire for block in _blocks(mapping(item), ids, whole=stop == "tool_use")]
    usage = _usage(response.get("usage"))
    return ModelReply(
        blocks=tuple(blocks),
        stop=stop,
        stop_detail=detail,
        usage=usage,
        api="openai-responses",
        wire=wire,
        reasoning=visible_reasoning(blocks, usage),
    )


def _items(events: list[dict[str, Any]]) -> list[Any]:
    """The output items as they were finished: only there is encrypted reasoning sure to be complete."""
    done = [event for event in events if event.get("type") == "response.output_item.done"]
    return [event.get("item") for event in sorted(done, key=lambda event: number(event, "output_index"))]


def _stop(kind: str, response: dict[str, Any], wire: list[Any]) -> tuple[Stop, str | None]:
    if kind == "response.incomplete":
        reason = text(mapping(response.get("incomplete_details")).get("reason"))
        stop = _INCOMPLETE.get(reason, "other")
        return stop, None if stop == "max_tokens" else reason or None
    kinds = {text(mapping(item).get("type")) for item in wire}
    if "function_call" in kinds:
        return "tool_use", None
    refused = any(part.get("type") == "refusal" for item in wire for part in _parts(mapping(item)))
    return ("refusal" if refused else "end_turn"), None


def _parts(item: dict[str, Any]) -> list[dict[str, Any]]:
    return [mapping(part) for part in items(item.get("content"))]


def _blocks(item: dict[str, Any], ids: CallIds, *, whole: bool) -> list[Block]:
    """Our blocks for one item. A refusal is something that was said, so its words count as text."""
    kind = item.get("type")
    if kind == "message":
        said = (text(part.get("text")) or text(part.get("refusal")) for part in _parts(item))
        return [Text(text=scrub(words)) for words in said if words]
    if kind == "reasoning":
        return [_reasoning(item)]
    if kind == "function_call":
        complete = whole and item.get("status") != "incomplete"
        raw = text(item.get("arguments"))
        return [tool_call(ids, text(item.get("call_id")), text(item.get("name")), raw, whole=complete)]
    return []


def _reasoning(item: dict[str, Any]) -> Reasoning:
    """Open models behind this API show the reasoning itself, OpenAI's own at most a summary."""
    full = "\n\n".join(text(part.get("text")) for part in _parts(item))
    if full:
        return Reasoning(text=scrub(full), visibility="full")
    summary = "\n\n".join(text(mapping(part).get("text")) for part in items(item.get("summary")))
    return Reasoning(text=scrub(summary), visibility="summary" if summary else "hidden")


def _usage(usage: Any) -> Usage:
    """OpenAI's counts; input includes cached tokens already."""
    return Usage(
        input=number(usage, "input_tokens"),
        output=number(usage, "output_tokens"),
        reasoning=number(usage, "output_tokens_details", "reasoning_tokens"),
        cache_read=number(usage, "input_tokens_details", "cached_tokens"),
        cache_write=number(usage, "input_tokens_details", "cache_write_tokens"),
    )
