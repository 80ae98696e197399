"""Every event survives a round trip through its line, byte for byte and value for value."""

import json
import re
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recorded import GROUPS, SUBMITTED, spec_of, turn_of
from strategies import bodies, by_kind, json_values, numbers, specs

from ulterior.traces import GENESIS, Body, EpisodeSpec, Intent, parse_event, to_line
from ulterior.traces.events import parse_line

HEAD = "ab" * 32
FINE = {"seq": 0, "at": 0.0, "prev": GENESIS, "kind": "end", "reason": "submitted"}


@pytest.mark.parametrize("kind", by_kind)
@given(data=st.data())
def test_an_event_of_every_kind_is_read_back_as_it_was_written(kind: str, data: st.DataObject) -> None:
    body = data.draw(by_kind[kind])
    line = to_line(7, 12.5, HEAD, True, body)
    event = parse_line(line)
    assert (event.seq, event.at, event.prev, event.more, event.body) == (7, 12.5, HEAD, True, body)
    assert to_line(7, event.at, HEAD, True, event.body) == line


def test_every_kind_of_event_has_a_strategy() -> None:
    kinds = {body.kind for group in GROUPS for body in group}
    assert kinds == set(by_kind)


@given(bodies)
def test_a_line_is_ascii_and_ends_with_its_only_line_break(body: Body) -> None:
    line = to_line(0, 0.0, GENESIS, False, body)
    assert line.isascii()
    assert line.index(b"\n") == len(line) - 1


@given(json_values)
def test_wire_json_is_kept_verbatim_with_lone_surrogates_and_huge_numbers(wire: object) -> None:
    turn = turn_of(1).model_copy(update={"wire": wire})
    event = parse_line(to_line(0, 0.0, GENESIS, False, turn))
    assert event.body == turn
    assert repr(event.body.wire) == repr(wire)  # type: ignore[union-attr]  # 1, 1.0 and True are equal to Python


def test_a_number_of_four_thousand_digits_survives() -> None:
    turn = turn_of(1).model_copy(update={"wire": {"n": 10**4000}})
    assert parse_line(to_line(0, 0.0, GENESIS, False, turn)).body == turn


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**5000], ids=["nan", "inf", "huge"])
def test_what_json_has_no_words_for_is_refused_when_written(value: object) -> None:
    with pytest.raises(ValueError):
        to_line(0, 0.0, GENESIS, False, Intent(call="c", tool="t", arguments={"x": value}))


@given(st.integers(-(2**40), 2**40))
def test_a_whole_number_of_seconds_is_written_as_the_float_it_is_read_as(at: int) -> None:
    line = to_line(0, at, GENESIS, False, SUBMITTED)
    assert to_line(0, parse_line(line).at, GENESIS, False, SUBMITTED) == line


@given(bodies, numbers)
def test_one_changed_byte_anywhere_in_a_line_is_noticed(body: Body, at: float) -> None:
    line = to_line(3, at, HEAD, False, body)
    for place in range(0, len(line) - 1, max(1, len(line) // 50)):
        damaged = bytearray(line)
        damaged[place] ^= 1 << (place % 8)
        with pytest.raises(ValueError):
            parse_line(bytes(damaged))


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (7, "not a JSON object"),
        ({}, "union_tag_not_found"),
        ({"kind": "verdict"}, "union_tag_invalid"),
        (FINE | {"prev": ""}, "string_too_short"),
        (FINE | {"seq": -1}, "greater_than_equal"),
        (FINE | {"reason": "bored"}, "literal_error"),
        (FINE | {"x": 1}, "extra_forbidden"),
    ],
)
def test_json_that_is_no_event_is_refused(record: object, why: str) -> None:
    assert parse_event(FINE).body == SUBMITTED
    with pytest.raises(ValueError, match=why):
        parse_event(record)


@pytest.mark.parametrize(
    "content",
    [b'{"kind":NaN', b'{"a":', b'{"a":"\xc3\xa9"', b'{"a":' + b"[" * 99999],
    ids=["nan", "torn", "utf-8", "deep"],
)
def test_a_line_with_a_right_sum_that_is_not_json_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError):
        parse_line(content + b',"sum":"%08x"}\n' % zlib.crc32(content))


@given(specs)
def test_an_identity_is_the_same_after_a_round_trip(spec: EpisodeSpec) -> None:
    again = EpisodeSpec.model_validate(json.loads(json.dumps(spec.model_dump(mode="json"))))
    assert again == spec
    assert again.id == spec.id
    assert re.fullmatch("[0-9a-f]{32}", spec.id)


def test_the_identity_changes_with_every_field() -> None:
    other: dict[str, Any] = {
        "scenario": "x", "scenario_version": "2", "scenario_hash": "6" * 64, "condition": {}, "seed": 4,
        "model": "m", "settings": {"max_tokens": 1}, "epoch": 1, "sandbox": "docker",
        "fork": {"parent": "p", "at": 3},
    }  # fmt: skip
    assert set(other) == set(EpisodeSpec.model_fields)
    ids = {spec_of(**{name: value}).id for name, value in other.items() if name != "seed"}
    assert len(ids | {spec_of().id, spec_of(4).id}) == len(other) + 1


def test_the_order_in_which_factors_are_named_does_not_matter() -> None:
    assert spec_of(condition={"b": "2", "a": "1"}).id == spec_of(condition={"a": "1", "b": "2"}).id
    assert spec_of(condition={"b": "2", "a": "1"}).cell == "a=1,b=2"
