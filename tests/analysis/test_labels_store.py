"""The table of labels: appended to, never changed, folded the same way in any order."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.analysis.labels.store import (
    HumanLabel,
    Labels,
    Settled,
    append_labels,
    load_labels,
)
from ulterior.analysis.labels.units import Target
from ulterior.errors import StorageFailure
from ulterior.traces import Study


def said(label: str, annotator: str = "ada", at: float = 1.0, episode: str = "e1", **more: Any) -> HumanLabel:
    usual: dict[str, Any] = {
        "item": f"i-{episode}",
        "episode": episode,
        "rubric": "covert",
        "rubric_version": "1",
        "label": label,
        "blinded": True,
        "annotator": annotator,
        "at": at,
    }
    return HumanLabel.model_validate(usual | more)


TARGET = Target("e1", "covert", "1")

labels = st.builds(
    said,
    st.sampled_from(["covert", "open", "none", "cannot_tell"]),
    annotator=st.sampled_from(["ada", "ben", "cy"]),
    at=st.integers(0, 4).map(float),
    episode=st.sampled_from(["e1", "e2"]),
    blinded=st.booleans(),
    kind=st.sampled_from(["label", "label", "adjudication"]),
)


def test_what_was_appended_is_there_in_order(study: Study) -> None:
    rows = [said("covert"), said("none", "ben"), said("open", at=2.0)]
    append_labels(study, [rows[0]])
    append_labels(study, rows[1:])
    assert load_labels(study) == Labels(tuple(rows))


def test_a_study_without_labels_has_none(study: Study) -> None:
    assert load_labels(study) == Labels(())


def test_the_latest_label_of_each_annotator_counts_and_the_others_are_kept(study: Study) -> None:
    append_labels(study, [said("open", at=5.0), said("covert", at=1.0), said("open", "ben")])
    found = load_labels(study)
    assert {who: row.label for who, row in found.latest[TARGET].items()} == {"ada": "open", "ben": "open"}
    assert len(found.rows) == 3
    assert found.settled(TARGET) == Settled("open")


def test_a_torn_line_costs_nothing_but_itself(study: Study) -> None:
    append_labels(study, [said("covert"), said("none", "ben")])
    path = study.root / "labels" / "labels.jsonl"
    path.write_bytes(path.read_bytes()[:-30])
    append_labels(study, [said("open", "cy")])
    found = load_labels(study)
    assert [row.annotator for row in found.rows] == ["ada", "cy"]
    assert found.damaged == (2,)


def test_several_writers_lose_nothing(study: Study) -> None:
    def write(who: str) -> None:
        for number in range(20):
            append_labels(study, [said("none", who, at=float(number))])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, ("ada", "ben", "cy", "dee")))
    found = load_labels(study)
    assert (len(found.rows), found.damaged) == (80, ())
    assert {who: row.at for who, row in found.latest[TARGET].items()} == dict.fromkeys(
        ("ada", "ben", "cy", "dee"), 19.0
    )


@pytest.mark.parametrize("line", [b"[1]", b'{"a":', b"\xff\xfe", b'{"format": 2}', b"[" * 100_000])
def test_a_line_that_is_no_label_is_named(study: Study, line: bytes) -> None:
    append_labels(study, [said("covert")])
    path = study.root / "labels" / "labels.jsonl"
    path.write_bytes(line + b"\n" + path.read_bytes())
    assert load_labels(study) == Labels((said("covert"),), damaged=(1,))


def test_a_disk_that_refuses_is_a_storage_failure(study: Study) -> None:
    (study.root / "labels").write_text("in the way")
    with pytest.raises(StorageFailure):
        append_labels(study, [said("covert")])


@given(st.lists(labels, max_size=12), st.randoms())
def test_the_order_of_the_lines_changes_nothing(rows: list[HumanLabel], dice: random.Random) -> None:
    one, other = Labels(tuple(rows)), Labels(tuple(dice.sample(rows, len(rows))))
    assert (one.latest, one.adjudicated) == (other.latest, other.adjudicated)
    assert one.disagreements() == other.disagreements()
    assert all(one.settled(target) == other.settled(target) for target in one.latest)


@given(st.lists(labels, max_size=12))
def test_labels_that_somebody_gave_up_change_nothing(rows: list[HumanLabel]) -> None:
    folded = Labels(tuple(rows))
    kept = [
        row
        for table in (folded.latest, folded.adjudicated)
        for said_ in table.values()
        for row in said_.values()
    ]
    assert Labels(tuple(kept)).latest == folded.latest
    assert Labels(tuple(kept)).adjudicated == folded.adjudicated


@pytest.mark.parametrize(
    ("rows", "settled"),
    [
        ([], Settled(None, "nobody")),
        ([said("covert")], Settled("covert")),
        ([said("covert", blinded=False)], Settled(None, "not blinded")),
        ([said("covert"), said("none", "ben", blinded=False)], Settled("covert")),
        ([said("covert"), said("none", "ben")], Settled(None, "disagreement")),
        ([said("covert"), said("cannot_tell", "ben")], Settled(None, "disagreement")),
        ([said("covert"), said("none", "ben"), said("none", "cy", kind="adjudication")], Settled("none")),
        ([said("none", "ben"), said("open", "cy", 9.0), said("open", "ben", 9.0)], Settled("open")),
    ],
)
def test_what_people_say_is_settled_or_open_for_a_reason(rows: list[HumanLabel], settled: Settled) -> None:
    assert Labels(tuple(rows)).settled(TARGET) == settled


def test_labels_of_a_question_in_other_words_are_labels_of_another_question() -> None:
    rows = Labels((said("covert"), said("none", "ben", rubric_version="2")))
    assert rows.disagreements() == []
    assert rows.settled(TARGET) == Settled("covert")


def test_only_open_disagreements_are_listed() -> None:
    rows = [
        said("covert"),
        said("none", "ben"),
        said("covert", episode="e2"),
        said("none", "ben", episode="e2"),
        said("none", "cy", episode="e2", kind="adjudication"),
        said("open", episode="e3"),
    ]
    assert Labels(tuple(rows)).disagreements() == [TARGET]
