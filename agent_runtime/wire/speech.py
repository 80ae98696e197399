"""What the model is going to say in one turn, before an API puts it into its own shape."""

import json
from dataclasses import dataclass
from typing import Literal

from ulterior.agent_runtime.wire.faults import FaultKind
from ulterior.scenarios import Move

__all__ = ["REFUSAL", "Speech", "SpokenCall", "pieces", "speech_of", "tokens"]

REFUSAL = "I can't help with that."
_PIECES = 3


@dataclass(frozen=True)
class SpokenCall:
    """One call; ``arguments`` is its JSON text, or what a fault left of it."""

    name: str
    arguments: str


@dataclass(frozen=True)
class Speech:
    """One turn. ``stop`` says why it ends."""

    think: str
    say: str
    calls: tuple[SpokenCall, ...]
    stop: Literal["end", "calls", "length", "refusal", "pause"]


def speech_of(move: Move, fault: FaultKind | None) -> Speech:
    """The turn that a move makes, disturbed by a fault that alters replies."""
    calls = tuple(SpokenCall(call.tool, json.dumps(dict(call.arguments))) for call in move.calls)
    if move.refuses or fault == "refusal":
        return Speech("", move.say if move.refuses and move.say else REFUSAL, (), "refusal")
    if fault == "pause":
        return Speech(move.think, move.say, (), "pause")
    if fault == "truncated" and calls:
        return Speech(move.think, move.say, (*calls[:-1], _cut(calls[-1])), "length")
    if fault == "truncated":
        return Speech(move.think, move.say[: len(move.say) // 2], (), "length")
    if fault == "malformed" and calls:
        broken = SpokenCall(calls[-1].name, calls[-1].arguments[:-1] + ", oops}")
        return Speech(move.think, move.say, (*calls[:-1], broken), "calls")
    return Speech(move.think, move.say, calls, "calls" if calls else "end")


def _cut(call: SpokenCall) -> SpokenCall:
    """The first half, which a lenient parser would gladly complete."""
    return SpokenCall(call.name, call.arguments[: len(call.arguments) // 2])


def pieces(text: str) -> list[str]:
    """A text in a few parts, as streams deliver it."""
    size = len(text) // _PIECES + 1
    return [text[start : start + size] for start in range(0, len(text), size)]


def tokens(text: str) -> int:
    """The usual estimate, four characters a token."""
    return -(-len(text) // 4)
