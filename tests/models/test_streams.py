"""Reading event streams: however the bytes are cut, the same events come out."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.agent_runtime.models.conversation import clean, parse_arguments
from ulterior.agent_runtime.models.sse import GarbledStream, read_events

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
EVENTS = st.lists(st.dictionaries(st.text(), SCALARS | st.lists(SCALARS), max_size=4), max_size=6)


def read(*chunks: bytes) -> list[dict[str, Any]]:
    async def feed() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    async def collect() -> list[dict[str, Any]]:
        return [event async for event in read_events(feed())]

    return asyncio.run(collect())


@given(EVENTS, st.booleans(), st.sampled_from(["\n", "\r\n"]), st.integers(1, 40))
def test_events_survive_any_cut(
    events: list[dict[str, Any]], ascii_only: bool, newline: str, size: int
) -> None:
    lines = [f"event: x{newline}data: {json.dumps(e, ensure_ascii=ascii_only)}{newline * 2}" for e in events]
    body = f": a comment{newline}{''.join(lines)}data: [DONE]{newline * 2}data: after the end".encode()
    assert read(*(body[start : start + size] for start in range(0, len(body), size))) == events


def test_line_separators_within_strings_do_not_end_a_line() -> None:
    assert read('data: {"text": "a\u2028b\u0085c"}\n\n'.encode()) == [{"text": "a\u2028b\u0085c"}]


def test_a_last_event_without_a_newline_counts() -> None:
    assert read(b'data: {"a": 1}') == [{"a": 1}]


@pytest.mark.parametrize(
    "body",
    [b"data: {\n\n", b"data: 1\n\n", b"data: [1]\n\n", b'data: {"a": "\xff"}\n\n', b'data: {"a": NaN}\n\n'],
)
def test_data_that_is_no_json_object_is_garbled(body: bytes) -> None:
    with pytest.raises(GarbledStream):
        read(body)


@given(st.dictionaries(st.text(), SCALARS | st.lists(SCALARS)))
def test_arguments_are_read_as_they_were_written(arguments: dict[str, Any]) -> None:
    raw = json.dumps(arguments)
    assert parse_arguments(raw) == arguments
    for end in range(1, len(raw)):
        assert parse_arguments(raw[:end]) is None


@given(
    st.recursive(
        st.text(st.characters(), max_size=3),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_clean_values_can_always_be_sent_and_are_left_alone_when_they_can(value: Any) -> None:
    cleaned = clean(value)
    json.dumps(cleaned, ensure_ascii=False).encode()
    assert clean(cleaned) is cleaned
