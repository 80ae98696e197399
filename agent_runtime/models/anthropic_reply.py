"""From the events of an Anthropic stream to a reply.

The events are folded here and not by the SDK, which completes truncated tool input silently
(``{"cmd": "rm -rf /tmp/a`` becomes ``{}``) and fails on malformed input without keeping it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ulterior.agent_runtime.models.conversation import CallIds, parse_arguments, tool_call
from ulterior.agent_runtime.models.failures import Failure
from ulterior.agent_runtime.models.json_values import mapping, number, text
from ulterior.agent_runtime.models.protocol import ModelReply
from ulterior.agent_runtime.models.remote import visible_reasoning
from ulterior.agent_runtime.models.sdk import incomplete
from ulterior.traces import Block, Reasoning, Stop, Text, Usage, scrub

__all__ = ["Draft", "reply_of"]

_STOPS: Mapping[str, Stop] = {
    "end_turn": "end_turn",
    "tool_use": "tool_use",
    "max_tokens": "max_tokens",
    "stop_sequence": "stop_sequence",
    "refusal": "refusal",
    "model_context_window_exceeded": "context_window",
}
# Deltas that continue a field of their block.
_CONTINUED = {"text_delta": "text", "thinking_delta": "thinking", "signature_delta": "signature"}


@dataclass(frozen=True)
class Draft:
    """A message as it was streamed. ``raw`` holds the text of each tool call's input by its block's index.

    In ``content`` a call whose input is no complete JSON object keeps the empty one of its first event:
    the API accepts nothing but objects when it is sent back.
    """

    content: list[dict[str, Any]]
    raw: Mapping[int, str]
    stop: str
    category: str
    usage: Usage

    @classmethod
    def of(cls, events: list[dict[str, Any]]) -> "Draft":
        """The message in these events. Raises :class:`Failure` when they don't complete one."""
        folding = _Folding()
        for event in events:
            folding.apply(event)
        if not folding.complete:
            raise incomplete(events, "message_stop")
        return cls(folding.content, folding.raw, folding.stop, folding.category, _usage(folding.usage))

    def then(self, later: "Draft") -> "Draft":
        """This paused message with its continuation."""
        moved = {len(self.content) + index: raw for index, raw in later.raw.items()}
        summed = {name: getattr(self.usage, name) + getattr(later.usage, name) for name in Usage.model_fields}
        content = [*self.content, *later.content]
        return replace(later, content=content, raw={**self.raw, **moved}, usage=Usage(**summed))


@dataclass
class _Folding:
    """A message while its events come in. Events of kinds that we don't know change nothing."""

    content: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    raw: dict[int, str] = field(default_factory=dict[int, str])
    stop: str = ""
    category: str = ""
    usage: dict[str, Any] = field(default_factory=dict[str, Any])
    complete: bool = False

    def apply(self, event: dict[str, Any]) -> None:
        kind = event.get("type")
        if kind == "message_start":
            self.usage = mapping(mapping(event.get("message")).get("usage"))
        elif kind == "content_block_start":
            self._begin(event)
        elif kind == "content_block_delta":
            self._extend(self._index(event), mapping(event.get("delta")))
        elif kind == "content_block_stop":
            self._finish(self._index(event))
        elif kind == "message_delta":
            self._conclude(mapping(event.get("delta")), mapping(event.get("usage")))
        elif kind == "message_stop":
            self.complete = True

    def _begin(self, event: dict[str, Any]) -> None:
        block = dict(mapping(event.get("content_block")))
        if event.get("index") != len(self.content):
            raise Failure(
                f"the answer can't be read: block {event.get('index')} comes as number {len(self.content)}"
            )
        if block.get("type") == "tool_use":
            given = mapping(block.get("input"))  # some proxies send the whole input here, without deltas
            self.raw[len(self.content)] = json.dumps(given) if given else ""
        self.content.append(block)

    def _index(self, event: dict[str, Any]) -> int:
        index = event.get("index")
        if not isinstance(index, int) or not 0 <= index < len(self.content):
            raise Failure(f"the answer can't be read: a delta for block {index}, which did not start")
        return index

    def _extend(self, index: int, delta: dict[str, Any]) -> None:
        block, kind = self.content[index], text(delta.get("type"))
        if kind in _CONTINUED:
            name = _CONTINUED[kind]
            block[name] = text(block.get(name)) + text(delta.get(name))
        elif kind == "input_json_delta":
            self.raw[index] = self.raw.get(index, "") + text(delta.get("partial_json"))
        elif kind == "citations_delta":
            block["citations"] = [*(block.get("citations") or ()), delta.get("citation")]

    def _finish(self, index: int) -> None:
        raw = self.raw.get(index, "")
        arguments = parse_arguments(raw) if raw.strip() else None
        if arguments is not None:
            self.content[index]["input"] = arguments

    def _conclude(self, delta: dict[str, Any], usage: dict[str, Any]) -> None:
        self.stop = text(delta.get("stop_reason"))
        self.category = text(mapping(delta.get("stop_details")).get("category"))
        # These are totals; a count that is left out keeps the value of message_start.
        self.usage = self.usage | {name: value for name, value in usage.items() if value is not None}


def _usage(counts: dict[str, Any]) -> Usage:
    """Our counts. Anthropic's ``input_tokens`` leaves out what was read from or written to the cache."""
    read, written = number(counts, "cache_read_input_tokens"), number(counts, "cache_creation_input_tokens")
    return Usage(
        input=number(counts, "input_tokens") + read + written,
        output=number(counts, "output_tokens"),
        reasoning=number(counts, "output_tokens_details", "thinking_tokens"),
        cache_read=read,
        cache_write=written,
    )


def reply_of(draft: Draft, ids: CallIds) -> ModelReply:
    """The reply in a finished message. An unknown stop reason is kept as the detail of ``other``."""
    blocks = [block for index, wire in enumerate(draft.content) for block in _blocks(index, wire, draft, ids)]
    stop = _STOPS.get(draft.stop, "other")
    detail = draft.category if stop == "refusal" else draft.stop if stop == "other" else ""
    return ModelReply(
        blocks=tuple(blocks),
        stop=stop,
        stop_detail=detail or None,
        usage=draft.usage,
        api="anthropic",
        wire=draft.content,
        reasoning=visible_reasoning(blocks, draft.usage),
    )


def _blocks(index: int, wire: dict[str, Any], draft: Draft, ids: CallIds) -> list[Block]:
    """Our block for one of theirs; none for an empty text and for what only server-side tools bring."""
    kind = wire.get("type")
    if kind == "text" and wire.get("text"):
        return [Text(text=scrub(text(wire["text"])))]
    if kind == "thinking":
        thought = scrub(text(wire.get("thinking")))
        return [Reasoning(text=thought, visibility="summary" if thought else "hidden")]
    if kind == "redacted_thinking":
        return [Reasoning(text="", visibility="hidden")]
    if kind == "tool_use":
        whole = draft.stop == "tool_use"
        return [tool_call(ids, text(wire.get("id")), text(wire.get("name")), draft.raw[index], whole=whole)]
    return []
