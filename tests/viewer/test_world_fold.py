"""The pages fold the world exactly as Python does: the same modules that a browser runs, run by Node."""

import json
import shutil
from collections.abc import Generator, Mapping
from typing import Any

import pytest
from families import play
from hypothesis import example, given, settings
from hypothesis import strategies as st
from in_node import Ask, asking

from ulterior.scenarios import load_scenario
from ulterior.scenarios.registry import LIBRARY
from ulterior.traces import WorldChange
from ulterior.traces.patch import apply_patch, diff
from ulterior.traces.world_state import WorldState

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="no Node is installed")

names = st.sampled_from(
    ["a", "b", "a/b", "m~n", "", "0", "1", "-", "é", "__proto__", "constructor", "toString"]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.5, 1.5]) | names,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(names, inner, max_size=4),
    max_leaves=15,
)
pointers = st.lists(names, max_size=3).map(
    lambda parts: "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)
) | st.sampled_from(["a", "/00", "/-1"])
operations = st.one_of(
    st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "replace", "test"]), "path": pointers, "value": values}
    ),
    st.fixed_dictionaries({"op": st.just("remove"), "path": pointers}),
    st.fixed_dictionaries({"op": st.sampled_from(["move", "copy"]), "path": pointers, "from": pointers}),
    st.fixed_dictionaries({"op": st.sampled_from(["add", "replace", "leap"]), "path": pointers}),
)


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Generator[Ask]:
    with asking(tmp_path_factory.mktemp("fold")) as ask:
        yield ask


@pytest.mark.parametrize("family", LIBRARY)
def test_every_family_has_the_same_world_at_every_event(family: str, ask: Ask) -> None:
    trace = play(load_scenario(family), "covert", {}).trace
    world, expected, events = WorldState(), list[Any](), list[Any]()
    for event in trace.events:
        if isinstance(event.body, WorldChange):
            world.apply(event.body)
        expected.append(_plainly(world))
        events.append({"seq": event.seq, **event.body.model_dump(mode="json")})
    answer = ask("worlds", events)
    assert [_sorted(each) for each in answer["in_order"]] == expected
    assert [_sorted(each) for each in answer["from_the_end"]] == expected


def _plainly(world: WorldState) -> Any:
    files = [[path, entry.model_dump(mode="json")] for path, entry in sorted(world.files.items())]
    services = [[name, state, None] for name, state in sorted(world.services.items())]
    return json.loads(json.dumps({"files": files, "services": services, "clock": world.clock, "fault": None}))


def _sorted(world: Any) -> Any:
    return world | {
        "files": sorted(world["files"], key=_name),
        "services": sorted(world["services"], key=_name),
    }


def _name(row: list[Any]) -> str:
    return row[0]


@settings(deadline=None, max_examples=150)
@example(before={"a": 1}, after={"__proto__": {"polluted": True}, "constructor": {"prototype": []}})
@given(before=values, after=values)
def test_a_difference_that_python_writes_is_applied_alike(before: Any, after: Any, ask: Ask) -> None:
    assert ask("value", {"before": before, "patch": diff(before, after)}) == {"value": after}


@settings(deadline=None, max_examples=400)
@example(value={}, patch=[{"op": "add", "path": "/__proto__/polluted", "value": True}])
@example(value={"a": {}}, patch=[{"op": "replace", "path": "/a/constructor", "value": True}])
@given(value=values, patch=st.lists(operations, max_size=3))
def test_what_python_refuses_is_refused_and_the_rest_is_the_same(
    value: Any, patch: list[Any], ask: Ask
) -> None:
    answer = ask("value", {"before": value, "patch": patch})
    try:
        expected = apply_patch(value, patch)
    except ValueError:
        assert list(answer) == ["refused"]
    else:
        assert answer == {"value": expected}


def test_a_service_whose_record_breaks_off_is_lost_until_it_is_stated_anew(ask: Ask) -> None:
    whole = {"op": "replace", "path": "", "value": {"a": 1}}
    patches = [whole, {"op": "remove", "path": "/b"}, {"op": "remove", "path": "/a"}, whole]
    events = [_world(seq, {"desk": [patch]}) for seq, patch in enumerate(patches)]
    lost = {"seq": 1, "why": "there is no b"}
    assert [world["services"] for world in ask("worlds", events)["in_order"]] == [
        [["desk", {"a": 1}, None]],
        [["desk", {"a": 1}, lost]],
        [["desk", {"a": 1}, lost]],
        [["desk", {"a": 1}, None]],
    ]


def test_a_file_that_is_not_as_the_record_says_is_told_and_the_rest_goes_on(ask: Ask) -> None:
    entry = {"type": "file", "digest": "0" * 64, "mode": 420}
    change = {"path": "/__proto__", "before": entry, "after": entry | {"mode": 384}}
    first, second = ask("worlds", [_world(0, {}), _world(1, {}) | {"files": [change]}])["in_order"]
    assert (first["fault"], first["files"]) == (None, [])
    assert second["fault"] == {
        "seq": 1,
        "why": "/__proto__ is not in the state that this event says it changed",
    }
    assert second["files"] == [["/__proto__", entry | {"mode": 384}]]


def test_going_anywhere_in_a_long_trace_gives_the_same_world(ask: Ask) -> None:
    """Longer than what lies between two worlds that are kept."""
    events = [_world(0, {"log": [{"op": "replace", "path": "", "value": {"last": 0}}]})]
    for seq in range(1, 1500):
        patch = [{"op": "replace", "path": "/last", "value": seq}]
        after = {"type": "file", "digest": f"{seq:064}", "mode": 420}
        file = {"path": f"/f{seq % 7}", "before": _entry(seq - 7), "after": after}
        events.append(_world(seq, {"log": patch}) | {"files": [file]})
    answer = ask("worlds", events)
    assert answer["in_order"] == answer["from_the_end"]
    last = answer["in_order"][-1]
    assert (last["fault"], last["services"]) == (None, [["log", {"last": 1499}, None]])


def _entry(seq: int) -> Any:
    return {"type": "file", "digest": f"{seq:064}", "mode": 420} if seq > 0 else None


def _world(seq: int, services: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "seq": seq,
        "kind": "world",
        "cause": "setup",
        "files": [],
        "services": services,
        "clock": float(seq),
    }
