"""What the world pane shows of two worlds: every line of a diff, and every file of the tree, once."""

import shutil
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from in_node import Ask, asking

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="no Node is installed")

texts = st.lists(st.sampled_from(["a", "b", "", "c\r", "\r", "é"]), max_size=12).flatmap(
    lambda lines: st.sampled_from(["\n".join(lines), "\n".join([*lines, ""])])
)
paths = st.lists(st.sampled_from(["a", "b", "", "..", "__proto__", "é"]), min_size=1, max_size=4).map(
    lambda names: "/" + "/".join(names)
)
entries = st.fixed_dictionaries(
    {"type": st.sampled_from(["file", "link"]), "digest": st.sampled_from("xyz"), "mode": st.just(420)}
)
worlds = st.dictionaries(paths, entries, max_size=12)


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Generator[Ask]:
    with asking(tmp_path_factory.mktemp("shown")) as ask:
        yield ask


@settings(deadline=None, max_examples=200)
@example(before="", after="a")
@example(before="a\n" * 30, after="b\n" + "a\n" * 29 + "c")
@given(before=texts, after=texts)
def test_a_difference_holds_both_texts_with_their_numbers(before: str, after: str, ask: Ask) -> None:
    lines = ask("lines", {"before": before, "after": after})["all"]
    for side, number, text in (("removed", "before", before), ("added", "after", after)):
        ours = [line for line in lines if line["kind"] in ("same", side)]
        assert "".join(line["text"] + ("" if line["unended"] else "\n") for line in ours) == text
        assert [line[number] for line in ours] == list(range(1, len(ours) + 1))


@settings(deadline=None, max_examples=200)
@example(before="a\n" * 30, after="b\n" + "a\n" * 29 + "c")
@given(before=texts, after=texts)
def test_what_is_shown_of_a_difference_leaves_out_only_what_is_the_same(
    before: str, after: str, ask: Ask
) -> None:
    answer = ask("lines", {"before": before, "after": after})
    at, shown = 0, list[Any]()
    for hunk in answer["hunks"]:
        assert all(line["kind"] == "same" for line in answer["all"][at : at + hunk["skipped"]])
        at += hunk["skipped"]
        assert answer["all"][at : at + len(hunk["lines"])] == hunk["lines"]
        at += len(hunk["lines"])
        shown += hunk["lines"]
    changed = [line for line in answer["all"] if line["kind"] != "same"]
    assert [line for line in shown if line["kind"] != "same"] == changed


@settings(deadline=None, max_examples=100)
@given(base=worlds, now=worlds)
def test_the_tree_holds_every_file_once_with_what_became_of_it(
    base: dict[str, Any], now: dict[str, Any], ask: Ask
) -> None:
    rows = ask("rows", {"base": list(base.items()), "now": list(now.items())})
    files = [(row["path"], (row["change"] or {"kind": None})["kind"]) for row in rows if not row["folder"]]
    expected = [(path, _became(base.get(path), now.get(path))) for path in {**base, **now}]
    assert sorted(files) == sorted(expected)


def _became(before: Any, after: Any) -> str | None:
    if before is None:
        return "added"
    if after is None:
        return "removed"
    return "changed" if before != after else None


def test_a_file_that_moved_is_said_to_be_renamed(ask: Ask) -> None:
    entry, other = ({"type": "file", "digest": digest, "mode": 420} for digest in "xy")
    rows = ask(
        "rows", {"base": [["/a/old", entry], ["/a/z", other]], "now": [["/a/new", entry], ["/a/z", other]]}
    )
    twins = {row["path"]: row["change"] and row["change"]["twin"] for row in rows if not row["folder"]}
    assert twins == {"/a/new": "/a/old", "/a/old": "/a/new", "/a/z": None}
