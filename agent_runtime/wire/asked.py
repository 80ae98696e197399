"""A request as the server understands it, whichever API it came through."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ulterior.agent_runtime.models.json_values import items, mapping, text
from ulterior.traces import canonical_json, digest

__all__ = ["Asked", "Rejected", "Since", "bound", "chained", "plain_text"]


class Rejected(Exception):
    """A request that a real server would refuse, too. ``code`` is OpenAI's, where it has one."""

    def __init__(self, status: int, kind: str, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.message = message
        self.code = code


@dataclass(frozen=True)
class Since:
    """What the model was told after one of its turns: results of its calls, then texts."""

    results: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Asked:
    """One request for one turn.

    ``head`` is the digest of everything that the reply depends on. ``since`` has one entry for each turn
    already taken. ``resumed`` is set when the model paused and is to go on within the same turn.
    """

    model: str
    system: str
    opening: str
    since: tuple[Since, ...]
    head: str
    stream: bool
    body: dict[str, Any] = field(repr=False)
    resumed: bool = False

    @property
    def turn(self) -> int:
        """The number of the turn asked for, from 1."""
        return len(self.since) + 1


def chained(head: str, value: Any) -> str:
    """The digest of a conversation that goes on with ``value``."""
    return digest(head.encode() + canonical_json(value))


def bound(head: str, shown: str) -> str:
    """A token that is valid for these words at this place of this conversation only."""
    return digest(f"bound {head} {shown}".encode("utf-8", "surrogatepass"))[:40]


def plain_text(content: Any) -> str:
    """The text of a content field: a string, or a list of blocks that hold text."""
    if isinstance(content, str):
        return content
    return "\n".join(_texts(items(content)))


def _texts(blocks: Iterable[Any]) -> list[str]:
    return [text(mapping(block).get("text")) for block in blocks if mapping(block).get("text")]
