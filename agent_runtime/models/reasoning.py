"""Reasoning in logged turns: taking it out and changing it, in the wire that is sent back and in the blocks.

====================  ===========================  ===================================================
api of the turn       reasoning in its wire        is valid
====================  ===========================  ===================================================
``anthropic``         signed ``thinking`` blocks   behind exactly the tools, system text and messages
                                                   that it was made for, and for the model that made it
``openai-responses``  encrypted ``reasoning``      likewise
                      items
``openai-chat``       plain text                   anywhere, for every model of the same API
``sim``               none                         everywhere: simulated models read none
====================  ===========================  ===================================================

A turn is sent to another API's model without its reasoning, whatever it was.
"""

from collections.abc import Callable
from typing import Any

from ulterior.agent_runtime.models.json_values import items, mapping, text
from ulterior.traces import ModelTurn, Reasoning

__all__ = ["PLAIN", "carries_over", "change_reasoning", "is_bound", "without_reasoning"]

PLAIN = frozenset({"openai-chat", "sim"})
"""APIs whose reasoning is plain text that may be changed."""

_APIS = {
    "anthropic": "anthropic",
    "openai": "openai-responses",
    "openai-compatible": "openai-chat",
    "sim": "sim",
}
_PLAIN_FIELDS = ("reasoning", "reasoning_content")
_FIELDS = (*_PLAIN_FIELDS, "reasoning_details")
_THOUGHTS = {"anthropic": ("thinking", "redacted_thinking"), "openai-responses": ("reasoning",)}


def is_bound(turn: ModelTurn) -> bool:
    """Whether the turn's reasoning is valid behind exactly what was before it."""
    return turn.api in _THOUGHTS


def carries_over(turn: ModelTurn, model: str) -> bool:
    """Whether another model, by its full name, gets to read the turn's reasoning (or needs none)."""
    api = _APIS.get(model.partition("/")[0])
    return api == "sim" or (api == turn.api and not is_bound(turn))


def without_reasoning(turn: ModelTurn) -> ModelTurn:
    """The turn without its reasoning: the same object when it had none."""
    wire = _WITHOUT.get(turn.api, lambda wire: wire)(turn.wire)
    blocks = tuple(block for block in turn.blocks if block.type != "reasoning")
    if wire == turn.wire and blocks == turn.blocks:
        return turn
    return turn.model_copy(update={"wire": wire, "blocks": blocks, "reasoning": "hidden"})


def change_reasoning(turn: ModelTurn, change: Callable[[str], str]) -> ModelTurn:
    """The turn with its reasoning changed by ``change``, which may raise ``ValueError``.

    Only for turns of :data:`PLAIN` APIs. Raises ``ValueError`` when the turn has no reasoning to change.
    """
    if turn.api == "openai-chat":
        wire = _changed_message(mapping(turn.wire), turn.thinking, change)
    else:
        wire = turn.wire
    thought = change(turn.thinking)
    rest = tuple(block for block in turn.blocks if block.type != "reasoning")
    blocks = (Reasoning(text=thought), *rest) if thought else rest
    return turn.model_copy(update={"wire": wire, "blocks": blocks, "reasoning": "full"})


def _changed_message(message: dict[str, Any], thought: str, change: Callable[[str], str]) -> dict[str, Any]:
    if message.get("reasoning_details"):
        raise ValueError("its server keeps a record of its own of the reasoning (reasoning_details)")
    changed = {name: change(message[name]) for name in _PLAIN_FIELDS if text(message.get(name))}
    if changed:
        return message | changed
    said = text(message.get("content"))
    if not thought or said.count(thought) != 1:  # between think tags, as some servers leave it
        raise ValueError("it has no reasoning")
    return message | {"content": said.replace(thought, change(thought))}


def _without_thoughts(api: str) -> Callable[[Any], Any]:
    def without(wire: Any) -> Any:
        return [item for item in items(wire) if mapping(item).get("type") not in _THOUGHTS[api]]

    return without


def _without_items(wire: Any) -> Any:
    """Items without their reasoning, and then without their ids.

    The API ties a call, by its id, to the reasoning before it, and refuses one whose reasoning is missing.
    """
    kept = _without_thoughts("openai-responses")(wire)
    if len(kept) == len(items(wire)):
        return wire
    return [{name: value for name, value in mapping(item).items() if name != "id"} for item in kept]


def _without_text(wire: Any) -> Any:
    message = mapping(wire)
    kept = {name: value for name, value in message.items() if name not in _FIELDS}
    content = kept.get("content")
    if isinstance(content, str) and "</think>" in content:
        kept["content"] = content.partition("</think>")[2].lstrip()
    return kept if kept != message else wire


_WITHOUT: dict[str, Callable[[Any], Any]] = {
    "anthropic": _without_thoughts("anthropic"),
    "openai-responses": _without_items,
    "openai-chat": _without_text,
}
