"""Patches are RFC 6902, agree with the jsonpatch package, and never change a value in place."""

import copy
import json
from typing import Any

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import json_values

from ulterior.traces.patch import apply_patch, diff

names = st.sampled_from(["a", "b", "a/b", "m~n", "", "0", "-", "é"])
values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, 1.0, 1.5]) | names,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(names, inner, max_size=4),
    max_leaves=20,
)


@given(values, values)
def test_the_difference_of_two_values_turns_the_one_into_the_other(before: Any, after: Any) -> None:
    kept = copy.deepcopy(before)
    assert _typed(apply_patch(before, diff(before, after))) == _typed(after)
    assert repr(before) == repr(kept)


@given(values, values)
def test_the_jsonpatch_package_understands_our_differences(before: Any, after: Any) -> None:
    patch = diff(before, after)
    assert _typed(jsonpatch.apply_patch([before], [_inside(op) for op in patch])) == _typed([after])  # pyright: ignore[reportUnknownMemberType]


@given(values, values)
def test_we_understand_what_the_jsonpatch_package_writes(before: Any, after: Any) -> None:
    made: Any = jsonpatch.make_patch([before], [after])  # pyright: ignore[reportUnknownMemberType]
    assert apply_patch([before], list(made)) == [after]


def _inside(operation: dict[str, Any]) -> dict[str, Any]:
    """The same operation on the one element of a list: jsonpatch can't replace a whole document."""
    return operation | {"path": f"/0{operation['path']}"}


def _typed(value: Any) -> str:
    """The value as text that tells 1, 1.0 and True apart, and ignores the order of keys."""
    return json.dumps(value, sort_keys=True)


@given(json_values)
def test_equal_values_have_no_difference(value: Any) -> None:
    assert diff(value, copy.deepcopy(value)) == []


@pytest.mark.parametrize(
    ("before", "after"), [(1, True), (1, 1.0), (0, False), ([1], [True]), ({"a": 0}, {"a": 0.0})]
)
def test_numbers_and_truth_values_are_told_apart(before: Any, after: Any) -> None:
    assert repr(apply_patch(before, diff(before, after))) == repr(after)


def test_adding_to_a_long_list_is_one_operation_wherever_it_happens() -> None:
    mails = [{"id": number} for number in range(100)]
    for place in (0, 40, 100):
        after = [*mails[:place], {"id": "new"}, *mails[place:]]
        assert diff({"inbox": mails}, {"inbox": after}) == [
            {"op": "add", "path": f"/inbox/{place}", "value": {"id": "new"}}
        ]
    assert diff(mails, mails[:40] + mails[41:]) == [{"op": "remove", "path": "/40"}]


def test_untouched_parts_are_shared_with_the_value_before() -> None:
    before = {"inbox": [{"id": 1}, {"id": 2}], "sent": []}
    after = apply_patch(before, [{"op": "replace", "path": "/inbox/1/id", "value": 3}])
    assert before["inbox"][1] == {"id": 2}
    assert after["sent"] is before["sent"]
    assert after["inbox"][0] is before["inbox"][0]


def test_a_value_from_a_patch_is_not_changed_by_a_later_operation() -> None:
    patch: list[dict[str, Any]] = [
        {"op": "replace", "path": "", "value": {"inbox": []}},
        {"op": "add", "path": "/inbox/-", "value": 1},
        {"op": "copy", "from": "/inbox", "path": "/sent"},
        {"op": "add", "path": "/sent/-", "value": 2},
        {"op": "move", "from": "/sent", "path": "/kept"},
        {"op": "test", "path": "/kept/1", "value": 2},
    ]
    kept = copy.deepcopy(patch)
    assert apply_patch(None, patch) == {"inbox": [1], "kept": [1, 2]}
    assert patch == kept


@pytest.mark.parametrize(
    "operation",
    [
        {},
        {"op": "add", "path": "/a"},
        {"op": "grow", "path": "/a", "value": 1},
        {"op": "add", "path": "a", "value": 1},
        {"op": "add", "path": "/list/3", "value": 1},
        {"op": "add", "path": "/list/01", "value": 1},
        {"op": "add", "path": "/list/-1", "value": 1},
        {"op": "add", "path": "/list/x", "value": 1},
        {"op": "add", "path": "/text/0", "value": 1},
        {"op": "add", "path": "/none/a", "value": 1},
        {"op": "remove", "path": "/none"},
        {"op": "remove", "path": "/list/-"},
        {"op": "replace", "path": "/list/2", "value": 1},
        {"op": "replace", "path": "/none", "value": 1},
        {"op": "move", "from": "/none", "path": "/a"},
        {"op": "copy", "from": "/list/9", "path": "/a"},
        {"op": "test", "path": "/text", "value": "other"},
        {"op": "test", "path": "/one", "value": True},
    ],
    ids=str,
)
def test_what_does_not_apply_is_refused_and_changes_nothing(operation: dict[str, Any]) -> None:
    value = {"list": [0, 1], "text": "t", "one": 1}
    kept = copy.deepcopy(value)
    with pytest.raises(ValueError, match="does not apply"):
        apply_patch(value, [operation])
    assert value == kept
