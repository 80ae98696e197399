"""From the chunks of a Chat Completions stream to a reply."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ulterior.agent_runtime.models.conversation import CallIds, tool_call
from ulterior.agent_runtime.models.json_values import items, mapping, number, text
from ulterior.agent_runtime.models.protocol import ModelReply
from ulterior.agent_runtime.models.remote import visible_reasoning
from ulterior.agent_runtime.models.sdk import incomplete
from ulterior.traces import Block, Reasoning, Stop, Text, Usage, scrub

__all__ = ["reply_of"]

_FINISHES: Mapping[str, Stop] = {
    "stop": "end_turn",
    "tool_calls": "tool_use",
    "function_call": "tool_use",
    "length": "max_tokens",
    "content_filter": "refusal",
}
_JOINED = ("content", "reasoning", "reasoning_content", "refusal")
# The opening tag is missing where the server's template wrote it into the prompt.
_THINKING = re.compile(r"\A\s*(?:<think>)?(?P<thought>(?:(?!<think>).)*?)</think>\s*", re.DOTALL)


def reply_of(events: list[dict[str, Any]], ids: CallIds) -> ModelReply:
    """The reply in these chunks. Raises :class:`Failure` when they don't complete one."""
    folding = _Folding()
    for event in events:
        folding.apply(event)
    if not folding.finish:
        raise incomplete(events, "a finish_reason")
    message = folding.message()
    stop, detail = _stop(folding.finish, message)
    blocks = [*_said(message), *_called(message, ids, whole=stop == "tool_use")]
    usage = _usage(folding.usage)
    return ModelReply(
        blocks=tuple(blocks),
        stop=stop,
        stop_detail=detail,
        usage=usage,
        api="openai-chat",
        wire=message,
        reasoning=visible_reasoning(blocks, usage),
    )


@dataclass
class _Folding:
    """An assistant message while its chunks come in."""

    joined: dict[str, str] = field(default_factory=dict[str, str])
    details: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    calls: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    slots: dict[int, int] = field(default_factory=dict[int, int])
    finish: str = ""
    usage: dict[str, Any] = field(default_factory=dict[str, Any])

    def apply(self, event: dict[str, Any]) -> None:
        self.usage = mapping(event.get("usage")) or self.usage
        for choice in items(event.get("choices"))[:1]:
            self.finish = text(mapping(choice).get("finish_reason")) or self.finish
            self._extend(mapping(mapping(choice).get("delta")))

    def _extend(self, delta: dict[str, Any]) -> None:
        for name in _JOINED:
            if isinstance(delta.get(name), str):
                self.joined[name] = self.joined.get(name, "") + delta[name]
        for detail in items(delta.get("reasoning_details")):
            self._add_detail(mapping(detail))
        for call in items(delta.get("tool_calls")):
            self._add_call(mapping(call))

    def _add_detail(self, part: dict[str, Any]) -> None:
        """OpenRouter's own record of reasoning: pieces with the same index are one."""
        known = next((d for d in self.details if "index" in part and d.get("index") == part["index"]), None)
        if known is None:
            self.details.append(dict(part))
            return
        for name, value in part.items():
            grows = name in ("text", "summary", "data") and isinstance(known.get(name), str)
            known[name] = known[name] + text(value) if grows else value

    def _add_call(self, part: dict[str, Any]) -> None:
        function = mapping(part.get("function"))
        call = self._slot(part)
        call["id"] = call["id"] or text(part.get("id"))
        call["function"]["name"] = call["function"]["name"] or text(function.get("name"))  # some repeat it
        call["function"]["arguments"] += text(function.get("arguments"))

    def _slot(self, part: dict[str, Any]) -> dict[str, Any]:
        """The call that a piece belongs to. Some servers number every call 0 and only the ids differ."""
        wire_id, index = text(part.get("id")), number(part, "index")
        known = self.slots.get(index)
        if known is not None and (not wire_id or self.calls[known]["id"] in ("", wire_id)):
            return self.calls[known]
        call = {"id": wire_id, "type": "function", "function": {"name": "", "arguments": ""}}
        self.slots[index] = len(self.calls)
        self.calls.append(call)
        return call

    def message(self) -> dict[str, Any]:
        """The message as it is sent back; without fields that did not come."""
        message: dict[str, Any] = {"role": "assistant", "content": self.joined.get("content", "")}
        message |= {name: self.joined[name] for name in _JOINED[1:] if name in self.joined}
        if self.details:
            message["reasoning_details"] = self.details
        if self.calls:
            message["content"] = message["content"] or None
            message["tool_calls"] = self.calls
        return message


def _stop(finish: str, message: dict[str, Any]) -> tuple[Stop, str | None]:
    stop = _FINISHES.get(finish, "other")
    if stop == "end_turn" and message.get("tool_calls"):
        return "tool_use", None  # several servers finish with "stop" whatever was called
    if stop == "tool_use" and not message.get("tool_calls"):
        return "end_turn", None
    if stop == "end_turn" and message.get("refusal"):
        return "refusal", None
    return stop, finish if stop in ("other", "refusal") else None


def _said(message: dict[str, Any]) -> list[Block]:
    """Reasoning, then text; a thought that stands within the text is taken out of it."""
    said = text(message.get("content")) or text(message.get("refusal"))
    thought = text(message.get("reasoning")) or text(message.get("reasoning_content"))
    if not thought and (match := _THINKING.match(said)):
        thought, said = match["thought"].strip(), said[match.end() :]
    blocks: list[Block] = []
    if thought:
        blocks.append(Reasoning(text=scrub(thought)))
    elif message.get("reasoning_details"):
        blocks.append(Reasoning(text="", visibility="hidden"))  # encrypted
    if said:
        blocks.append(Text(text=scrub(said)))
    return blocks


def _called(message: dict[str, Any], ids: CallIds, *, whole: bool) -> list[Block]:
    calls: list[Block] = []
    for call in items(message.get("tool_calls")):
        function = call["function"]
        calls.append(tool_call(ids, call["id"], function["name"], function["arguments"], whole=whole))
    return calls


def _usage(usage: dict[str, Any]) -> Usage:
    """The server's counts, where it has any; input includes cached tokens already."""
    return Usage(
        input=number(usage, "prompt_tokens"),
        output=number(usage, "completion_tokens"),
        reasoning=number(usage, "completion_tokens_details", "reasoning_tokens"),
        cache_read=number(usage, "prompt_tokens_details", "cached_tokens"),
        cache_write=number(usage, "prompt_tokens_details", "cache_write_tokens"),
    )
