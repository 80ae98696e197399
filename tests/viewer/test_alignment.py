"""How the pages set two episodes side by side, asked of the very module that the browser runs."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ulterior.viewer

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="no Node is installed")

MODULE = Path(ulterior.viewer.__file__).parent / "front" / "compare" / "align.js"
SCRIPT = f"""
import {{ readFileSync }} from "node:fs";
import {{ align }} from {json.dumps(MODULE.as_uri())};
const pairs = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(pairs.map(([a, b]) => align(a, b))));
"""

Turn = tuple[str, Any]
"""A tool with its arguments, or ``says`` with a text, or ``asked`` with a question and its answer."""


def aligned(*pairs: tuple[dict[str, Any], dict[str, Any]]) -> list[dict[str, Any]]:
    answer = subprocess.run(
        ["node", "--input-type=module", "-e", SCRIPT],
        input=json.dumps(pairs),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(answer.stdout)


def replay(
    turns: Sequence[Turn],
    *,
    episode: str = "a" * 32,
    briefing: str = "Do it.",
    fork: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """A replay document of these turns, with all that an alignment looks at."""
    events: list[dict[str, Any]] = []
    steps: list[dict[str, Any]] = []

    def step(kind: str, *bodies: dict[str, Any], purpose: str | None = None) -> None:
        first = len(events)
        events.extend({"seq": first + n, **body} for n, body in enumerate(bodies))
        steps.append(
            {"n": len(steps), "kind": kind, "first": first, "last": len(events) - 1, "purpose": purpose}
        )

    step("setup", {"kind": "episode"}, message(briefing, "briefing"))
    for n, (tool, said) in enumerate(turns):
        if tool == "says":
            step("turn", model(n, said), report(said), purpose="work")
        elif tool == "asked":
            question, answer = said
            step("outside", message(question, "interview", question))
            step("turn", model(n, answer), report(answer, question), purpose="interview")
        else:
            call = {"type": "tool_call", "id": f"c{n}", "name": tool, "arguments": said, "raw": None}
            result = {"kind": "result", "call": f"c{n}", "tool": tool, "status": "executed", "value": "done"}
            world: dict[str, Any] = {"kind": "world", "cause": f"c{n}", "files": [], "services": {}}
            step("turn", {"kind": "model", "turn": n + 1, "blocks": [call]}, result, world, purpose="work")
    step("end", {"kind": "end", "reason": "submitted", "limit": None, "detail": ""})
    return {"about": {"episode": episode, "fork": fork}, "steps": steps, "events": events}


def model(n: int, text: str) -> dict[str, Any]:
    return {"kind": "model", "turn": n + 1, "blocks": [{"type": "text", "text": text}]}


def message(text: str, origin: str, question: str | None = None) -> dict[str, Any]:
    return {"kind": "message", "author": "Ada", "origin": origin, "text": text, "question": question}


def report(text: str, question: str | None = None) -> dict[str, Any]:
    channel = "answer" if question else "final_message"
    return {
        "kind": "report",
        "to": "Ada",
        "channel": channel,
        "text": text,
        "fields": {},
        "question": question,
    }


def row(a: int | None, b: int | None, *differs: str, shared: bool = False) -> dict[str, Any]:
    return {"a": a, "b": b, "shared": shared, "differs": list(differs)}


def leaving(parent: str, at: int, *edits: str) -> dict[str, Any]:
    """Where a fork comes from."""
    return {"parent": parent, "at": at, "edits": list(edits), "replica": 0}


LOOK: Turn = ("shell", {"command": "ls"})
WRITE: Turn = ("write_file", {"path": "a", "content": "1"})
REPORTED: Turn = ("says", "All done.")


def test_an_episode_beside_itself_differs_nowhere() -> None:
    one = replay([LOOK, WRITE, REPORTED])
    (found,) = aligned((one, one))
    assert found == {
        "rows": [row(n, n) for n in range(5)],
        "parted": None,
        "fork": None,
        "approximate": False,
    }


def test_episodes_part_at_the_first_call_with_other_arguments() -> None:
    other: Turn = ("write_file", {"content": "2", "path": "a"})
    (found,) = aligned((replay([LOOK, WRITE, REPORTED]), replay([LOOK, other, REPORTED])))
    assert found["rows"] == [row(0, 0), row(1, 1), row(2, 2, "arguments"), row(3, 3), row(4, 4)]
    assert found["parted"] == 2


def test_the_order_in_which_arguments_were_written_is_no_difference() -> None:
    turned: Turn = ("write_file", {"content": "1", "path": "a"})
    (found,) = aligned((replay([WRITE]), replay([turned])))
    assert found["parted"] is None


def test_a_step_that_only_one_has_stands_alone_and_parts_them() -> None:
    (found,) = aligned((replay([LOOK, REPORTED]), replay([LOOK, WRITE, REPORTED])))
    assert found["rows"] == [row(0, 0), row(1, 1), row(None, 2, "alone"), row(2, 3), row(3, 4)]
    assert found["parted"] == 2


def test_answers_to_one_question_stand_beside_each_other_whatever_was_done_before() -> None:
    yes, no = ("asked", ("Did you?", "Yes.")), ("asked", ("Did you?", "No."))
    (found,) = aligned((replay([LOOK, WRITE, yes]), replay([no])))
    assert found["rows"][-3:] == [row(3, 1), row(4, 2, "told"), row(5, 3)]


def test_another_briefing_is_a_difference_but_not_where_they_part() -> None:
    told: Turn = ("says", "Nothing done.")
    (found,) = aligned((replay([LOOK, REPORTED]), replay([LOOK, told], briefing="Don't.")))
    assert found["rows"] == [row(0, 0, "put"), row(1, 1), row(2, 2, "told"), row(3, 3)]
    assert found["parted"] == 2


def test_a_fork_stands_beside_its_parent_up_to_where_it_left_even_where_an_edit_changed_that() -> None:
    parent = replay([LOOK, WRITE, REPORTED], episode="p" * 32)
    fork = leaving("p" * 32, 4, "the briefing is changed")
    child = replay([LOOK, REPORTED], briefing="Mind it.", fork=fork)
    (found, turned) = aligned((parent, child), (child, parent))
    assert found["fork"] == {"at": 4, "kind": "b of a"}
    assert found["rows"] == [
        row(0, 0, "put", shared=True),
        row(1, 1, shared=True),
        row(2, None, "alone"),
        row(3, 2),
        row(4, 3),
    ]
    assert (turned["fork"], turned["parted"]) == ({"at": 4, "kind": "a of b"}, 2)


def test_two_forks_of_one_parent_share_what_both_have_of_it() -> None:
    fork = leaving("p" * 32, 1)
    later = leaving("p" * 32, 4)
    (found,) = aligned((replay([LOOK, WRITE], fork=fork), replay([LOOK, WRITE], fork=later)))
    assert found["fork"] == {"at": 1, "kind": "siblings"}
    assert [each["shared"] for each in found["rows"]] == [True, False, False, False]


def test_names_that_objects_have_of_their_own_are_tools_and_arguments_like_others() -> None:
    one = replay([("constructor", {"__proto__": "a", "toString": 1})])
    other = replay([("constructor", {"__proto__": "b", "toString": 1})])
    (same, apart) = aligned((one, one), (one, other))
    assert (same["parted"], apart["rows"][1]) == (None, row(1, 1, "arguments"))


turns = st.lists(st.sampled_from([LOOK, WRITE, REPORTED, ("asked", ("Did you?", "Yes."))]), max_size=12)
many = st.lists(st.tuples(turns, turns, st.integers(0, 30)), min_size=20, max_size=40)


@settings(max_examples=5, deadline=None)
@given(many)
def test_every_step_of_both_stands_in_the_alignment_once_and_in_order(
    drawn: list[tuple[list[Turn], list[Turn], int]],
) -> None:
    pairs: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for left, right, at in drawn:
        fork = leaving("p" * 32, at)
        parent = replay(left, episode="p" * 32)
        pairs += [(parent, replay(right)), (parent, replay(right, fork=fork)), (parent, replay(left))]
    for (a, b), found in zip(pairs, aligned(*pairs), strict=True):
        for side, document in (("a", a), ("b", b)):
            places = [each[side] for each in found["rows"] if each[side] is not None]
            assert places == list(range(len(document["steps"])))
        apart = [n for n, each in enumerate(found["rows"]) if each["differs"]]
        assert (found["parted"] is None) == (apart == [])
        assert found["parted"] in (None, *apart)
        if a["events"] == b["events"]:
            assert apart == []
