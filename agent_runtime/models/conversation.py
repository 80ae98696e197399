"""The conversation so far, in the shape in which every provider wants it: a system text, then turns.

A :class:`Dialogue` alternates: what the model heard, what it said, what it heard next. Adapters put it into
their provider's words; simulated models replay it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar, cast

from ulterior.agent_runtime.models.json_values import items, mapping, parse_json
from ulterior.traces import Event, Message, ModelTurn, Result, ToolCall, scrub

__all__ = [
    "CallIds",
    "Dialogue",
    "Exchange",
    "Heard",
    "clean",
    "dialogue_of",
    "heard_in",
    "parse_arguments",
    "tool_call",
    "wire_ids",
]

T = TypeVar("T")


@dataclass(frozen=True)
class Heard:
    """What reached the model between two of its turns: results of its calls, then other messages."""

    results: tuple[Result, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Exchange:
    """One turn of the model, and what it heard next (nothing yet, after the latest one)."""

    turn: ModelTurn
    heard: Heard


@dataclass(frozen=True)
class Dialogue:
    """``system`` joins the system messages, ``opening`` is what was said before the first turn."""

    system: str
    opening: Heard
    exchanges: tuple[Exchange, ...]


def dialogue_of(conversation: Sequence[Event]) -> Dialogue:
    """The dialogue in these ``message``, ``model`` and ``result`` events."""
    system = [e.body.text for e in conversation if isinstance(e.body, Message) and e.body.role == "system"]
    starts = [index for index, event in enumerate(conversation) if isinstance(event.body, ModelTurn)]
    exchanges: list[Exchange] = []
    for start, end in pairwise([*starts, len(conversation)]):
        turn = conversation[start].body
        assert isinstance(turn, ModelTurn)
        exchanges.append(Exchange(turn, heard_in(conversation[start + 1 : end])))
    opening = heard_in(conversation[: starts[0] if starts else None])
    return Dialogue(clean("\n\n".join(system)), opening, tuple(exchanges))


def heard_in(events: Iterable[Event]) -> Heard:
    """What events between two turns of the model tell it."""
    bodies = [event.body for event in events]
    results = tuple(body for body in bodies if isinstance(body, Result))
    texts = tuple(clean(b.text) for b in bodies if isinstance(b, Message) and b.role == "user")
    return Heard(results, texts)


def clean(value: T) -> T:
    """The same JSON value without lone surrogates, which no provider's SDK can send.

    Values without any come back as they are, unchanged and uncopied.
    """
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return _scrubbed(value)
    return value


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, list):
        return [_scrubbed(item) for item in items(value)]  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, dict):
        return {scrub(key): _scrubbed(item) for key, item in mapping(value).items()}  # pyright: ignore[reportUnknownArgumentType]
    return value


def parse_arguments(raw: str) -> dict[str, Any] | None:
    """The arguments in the text of a call, or None when that isn't one complete JSON object.

    Nothing is repaired: half of ``rm -rf /tmp/build`` is another command. An empty text is what some
    providers send for a call without arguments.
    """
    if not raw.strip():
        return {}
    try:
        value = parse_json(raw)
    except ValueError:
        return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


class CallIds:
    """Gives every call of a conversation an id of its own.

    Compatible servers repeat ids between turns, or leave them empty. The log needs to tell calls apart, so
    a repeated id gets a suffix there. The wire JSON keeps what the provider wrote: results are sent back
    under the id at the same place in the wire, see :func:`wire_ids`.
    """

    def __init__(self, dialogue: Dialogue) -> None:
        self._used = {call.id for exchange in dialogue.exchanges for call in exchange.turn.calls}

    def claim(self, wire_id: str) -> str:
        """An unused id that is, or begins with, the provider's."""
        base = scrub(wire_id) or "call"
        chosen, number = base, 1
        while chosen in self._used:
            number += 1
            chosen = f"{base}~{number}"
        self._used.add(chosen)
        return chosen


def wire_ids(turn: ModelTurn, ids: Iterable[str]) -> Mapping[str, str]:
    """The provider's id of each call of a turn by our own; ``ids`` are those in the wire, in order."""
    return {call.id: wire_id for call, wire_id in zip(turn.calls, ids, strict=True)}


def tool_call(ids: CallIds, wire_id: str, name: str, raw: str, *, whole: bool) -> ToolCall:
    """A call as the log keeps it. ``whole`` is False for a reply that was cut off: it may be half a call."""
    arguments = parse_arguments(raw) if whole else None
    if arguments is None:
        return ToolCall(id=ids.claim(wire_id), name=scrub(name), arguments=None, raw=scrub(raw))
    return ToolCall(id=ids.claim(wire_id), name=scrub(name), arguments=clean(arguments))
