"""A request as the server understands it, whichever API it came through."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ulterior.agent_runtime.models.json_values import items, mapping, text
from ulterior.traces import canonical_json, digest

__all__ = ["Asked", "Rejected", "Since", "bound", "bound_schema", "chained", "plain_text"]


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
    ``schema`` is what the answer has to fit, where it is bound to a JSON schema.
    """

    model: str
    system: str
    opening: str
    since: tuple[Since, ...]
    head: str
    stream: bool
    body: dict[str, Any] = field(repr=False)
    resumed: bool = False
    schema: dict[str, Any] | None = None

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


def bound_schema(given: Any, where: str, *, bounds: bool) -> dict[str, Any] | None:
    """The JSON schema that a request binds its answer to; None if it asks for no form.

    Held to what the providers demand: every object closed, with all of its properties required. ``bounds``
    says whether numbers may have any. Raises :class:`Rejected`.
    """
    form = mapping(given)
    if form.get("type") in (None, "text", "json_object"):
        return None
    schema = mapping(form.get("schema"))
    if form.get("type") != "json_schema" or not schema:
        raise Rejected(
            400, "invalid_request_error", f"{where}: a type json_schema with its schema is expected"
        )
    if (wrong := _wrong_in(schema, bounds=bounds)) is not None:
        raise Rejected(400, "invalid_request_error", f"{where}.schema: {wrong}")
    return schema


def _wrong_in(schema: dict[str, Any], *, bounds: bool) -> str | None:
    if not bounds and not {"minimum", "maximum"}.isdisjoint(schema):
        return f"for '{schema.get('type')}' type, properties maximum, minimum are not supported"
    parts = mapping(schema.get("properties"))
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            return "'additionalProperties' is required to be supplied and to be false"
        if set(items(schema.get("required"))) != set(parts):
            return "'required' is required to be supplied and to include every key in properties"
    within = [*parts.values(), *([schema["items"]] if "items" in schema else [])]
    found = (_wrong_in(mapping(part), bounds=bounds) for part in within)
    return next((wrong for wrong in found if wrong is not None), None)


def plain_text(content: Any) -> str:
    """The text of a content field: a string, or a list of blocks that hold text."""
    if isinstance(content, str):
        return content
    return "\n".join(_texts(items(content)))


def _texts(blocks: Iterable[Any]) -> list[str]:
    return [text(mapping(block).get("text")) for block in blocks if mapping(block).get("text")]
