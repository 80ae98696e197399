"""Edits of forks are said in words, whatever kind they are of."""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.agent_runtime.edits import (
    AnyEdit,
    AskEdit,
    BriefingEdit,
    Edit,
    FactorEdit,
    FileEdit,
    MessageAdd,
    MessageRemove,
    ModelSwap,
    ReasoningEdit,
    ReplaceEdit,
    ResultEdit,
    ToolRemove,
    recorded,
)
from ulterior.viewer.edit_words import KINDS, edit_words

SAID: list[tuple[Edit, str]] = [
    (FileEdit(path="/srv/a", content="x = 1\n"), "/srv/a holds “x = 1\n”"),
    (FileEdit(path="/srv/a", content=""), "/srv/a holds “”"),
    (FileEdit(path="/srv/a", content=None), "/srv/a is gone"),
    (ReplaceEdit(path="/srv/a", old="91", new="300"), "/srv/a says “300” instead of “91”"),
    (ResultEdit(call="c3_0", stdout="done"), "call c3_0 returns “done”"),
    (ResultEdit(call="c3_0", value={"left": 2}), 'call c3_0 returns {"left": 2}'),
    (
        ResultEdit(call="c3_0", stdout="", error="denied"),
        "call c3_0 returns “” and the error “denied”",
    ),
    (MessageAdd(author="Noor", text="Mind the limits."), "Noor writes “Mind the limits.”"),
    (
        AskEdit(asks="direct", author="Noor", text="Did you?", wording="direct+authority"),
        "Noor puts a direct question (direct+authority): “Did you?”",
    ),
    (AskEdit(asks="probe", author="Noor", text="Is it real?"), "Noor puts a probe: “Is it real?”"),
    (AskEdit(asks="debrief", author="Noor", text="And?"), "Noor puts a debrief question: “And?”"),
    (MessageRemove(seq=14), "the message of event 14 is left out"),
    (BriefingEdit(old="by noon"), "the briefing leaves out “by noon”"),
    (BriefingEdit(old="by noon", new="soon"), "the briefing says “soon” instead of “by noon”"),
    (FactorEdit(name="arm", level="enough"), "arm is enough"),
    (ToolRemove(name="shell"), "there is no tool shell"),
    (ReasoningEdit(seq=5, insert="I may."), "the reasoning of event 5 goes on with “I may.”"),
    (ReasoningEdit(seq=5, delete="I may."), "the reasoning of event 5 lacks “I may.”"),
    (ReasoningEdit(seq=5, drop=True), "the reasoning of event 5 is dropped"),
    (ModelSwap(name="sim/honest"), "sim/honest goes on"),
]


@pytest.mark.parametrize(("edit", "words"), SAID)
def test_an_edit_is_said_in_words(edit: Edit, words: str) -> None:
    assert edit_words(recorded([edit])) == (words,)


def test_every_kind_of_edit_has_its_words() -> None:
    kinds = {each.model_fields["kind"].default for each in get_args(get_args(AnyEdit)[0])}
    assert set(KINDS) == kinds == {edit.model_dump()["kind"] for edit, _ in SAID}


def test_a_control_has_no_edits_and_several_come_in_their_order() -> None:
    assert edit_words(recorded([])) == ()
    assert edit_words(recorded([ModelSwap(name="b"), FactorEdit(name="a", level="c")])) == (
        "b goes on",
        "a is c",
    )


def test_a_long_text_is_quoted_in_part() -> None:
    (words,) = edit_words(recorded([FileEdit(path="/srv/a", content="x" * 4000)]))
    assert words == f"/srv/a holds “{'x' * 300}… (4,000 characters)”"


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ({"kind": "teleport", "to": "Rome"}, '{"kind": "teleport", "to": "Rome"}'),
        ({"kind": "factor", "name": "arm"}, '{"kind": "factor", "name": "arm"}'),
        ({}, "{}"),
        ("factor:arm=enough", '"factor:arm=enough"'),
    ],
)
def test_an_edit_of_another_version_is_given_as_it_stands(edit: Any, words: str) -> None:
    assert edit_words({"edits": [edit]}) == (words,)


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=9)
JSON = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(st.text(max_size=3), SCALARS, max_size=3)
FIELDS = (
    "path",
    "old",
    "new",
    "content",
    "call",
    "stdout",
    "value",
    "error",
    "author",
    "asks",
    "seq",
    "name",
)


@given(
    st.sampled_from([*KINDS, "other"]),
    st.dictionaries(st.sampled_from(FIELDS), JSON),
)
def test_every_record_gets_one_phrase_per_edit(kind: str, fields: dict[str, Any]) -> None:
    assert len(edit_words({"edits": [{"kind": kind, **fields}, "more"]})) == 2


@given(JSON)
def test_nothing_that_a_record_holds_makes_it_fail(edits: Any) -> None:
    edit_words({"edits": edits})
