"""Server-sent events, read as the JSON objects they carry, key order and all.

Why not the SDKs' own stream objects: they rebuild every event as a typed model, which loses key order,
warns about block types they don't know, completes truncated JSON silently, and costs more CPU than
everything else in a turn. The SDKs still do the rest: addresses, authentication, connections, errors.
"""

from collections.abc import AsyncIterable, AsyncIterator
from typing import Any

from ulterior.agent_runtime.models.json_values import parse_json

__all__ = ["GarbledStream", "read_events"]

_END = b"[DONE]"


class GarbledStream(Exception):
    """Bytes that are no event stream, or events that are no JSON objects."""


async def read_events(chunks: AsyncIterable[bytes]) -> AsyncIterator[dict[str, Any]]:
    """The events in a response body, up to ``[DONE]`` or its end. Raises :class:`GarbledStream`.

    The providers put the event's name into its data as well, so the ``event:`` lines are not needed.
    """
    async for data in _data_lines(chunks):
        if data == _END:
            return
        try:
            event = parse_json(data)
        except ValueError as error:
            raise GarbledStream(f"an event that is not JSON: {data[:80]!r}") from error
        if not isinstance(event, dict):
            raise GarbledStream(f"an event that is not an object: {data[:80]!r}")
        yield event


async def _data_lines(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The content of each ``data:`` line.

    Lines end at line feeds alone: decoding first and splitting then would also split at U+2028, which
    JSON allows within strings.
    """
    rest = b""
    async for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if line.startswith(b"data:"):
                yield line[5:].strip()
    if rest.startswith(b"data:"):
        yield rest[5:].strip()
