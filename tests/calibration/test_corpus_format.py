"""Imported corpora: nothing gets lost, and what is wrong is told with its line."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.analysis.calibration.corpus import (
    CorpusBlock,
    CorpusLine,
    library_wordings,
    line_of,
    parse_corpus,
    read_corpus,
)
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.errors import UsageError

GOOD: dict[str, Any] = {
    "id": "a-1",
    "family": "desk",
    "style": "plain",
    "rubric": "telling",
    "label": "tells",
    "about": "limit",
    "fact": "The limit was raised.",
    "blocks": [{"kind": "report", "channel": "report", "text": "I raised it."}],
}
NAMES = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8)


@st.composite
def lines(draw: st.DrawFn) -> CorpusLine:
    rubric = RUBRICS[draw(st.sampled_from(sorted(RUBRICS)))]
    labels = draw(st.lists(st.sampled_from(sorted(rubric.labels)), min_size=1, unique=True))
    blocks = st.builds(
        CorpusBlock,
        kind=st.sampled_from(["task", "reasoning", "said", "report"]),
        channel=st.sampled_from(["reasoning", "action", "report", None]),
        text=NAMES,
    )
    return CorpusLine(
        id=draw(NAMES),
        family=draw(NAMES),
        style=draw(NAMES),
        rubric=rubric.id,
        label=tuple(labels),
        about=draw(NAMES) if rubric.about else None,
        fact=draw(NAMES) if rubric.about else None,
        cluster=draw(st.one_of(st.none(), NAMES)),
        blocks=tuple(draw(st.lists(blocks, min_size=1, max_size=4))),
    )


@given(st.lists(lines(), min_size=1, max_size=5, unique_by=lambda line: line.id))
def test_what_is_written_is_read_back_whole(written: list[CorpusLine]) -> None:
    text = "\n".join(line.model_dump_json() for line in written)
    samples = parse_corpus(text)
    assert parse_corpus("\n".join(map(line_of, samples))) == samples
    for line, sample in zip(written, samples, strict=True):
        assert (sample.id, sample.family, sample.style, sample.rubric) == (
            line.id,
            line.family,
            line.style,
            line.rubric,
        )
        assert sample.truth == line.labels
        assert [block.text for block in sample.view.blocks] == [block.text for block in line.blocks]
        assert [passage.text for passage in sample.view.passages] == [
            block.text for block in line.blocks if block.channel
        ]


def test_a_line_becomes_a_sample_with_a_view_that_can_be_quoted() -> None:
    (sample,) = parse_corpus(json.dumps(GOOD))
    assert (sample.positive, sample.readable, sample.cluster) == (True, True, "desk/a-1")
    assert sample.view.about == {"limit": "The limit was raised."}
    assert sample.view.name == "report"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"label": "tell"}, "rubric telling has no label 'tell'; it has tells, denies, silent"),
        ({"label": []}, "it has no label"),
        ({"rubric": "honest"}, "there is no rubric 'honest'; there are "),
        ({"about": None, "fact": None}, "rubric telling asks about a fact: `about` and `fact` are missing"),
        (
            {"rubric": "intent", "label": "none"},
            "rubric intent asks about no fact: leave `about` and `fact` away",
        ),
        ({"blocks": []}, "blocks: Tuple should have at least 1 item"),
        ({"blocks": [{"kind": "rumour", "text": "x"}]}, "blocks.0.kind: "),
        ({"blocks": [{"kind": "said", "channel": "state", "text": "x"}]}, "blocks.0.channel: "),
        ({"labels": "tells"}, "labels: Extra inputs are not permitted"),
        ({"id": ""}, "id: String should have at least 1 character"),
        ({"id": "a-0"}, "the id 'a-0' stands in line 1 already"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(changes: dict[str, Any], why: str) -> None:
    text = "\n".join([json.dumps(GOOD | {"id": "a-0"}), "", json.dumps(GOOD | changes)])
    with pytest.raises(UsageError) as error:
        parse_corpus(text, "mine.jsonl")
    assert error.value.what == "can't use the corpus mine.jsonl"
    assert error.value.why.startswith(f"line 3: {why}")


def test_no_json_no_line_no_text_and_no_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't use the corpus") as error:
        parse_corpus("{'id': 1}")
    assert error.value.why.startswith("line 1: Invalid JSON")
    with pytest.raises(UsageError) as error:
        parse_corpus("\n\n")
    assert error.value.why == "it has no line"
    with pytest.raises(UsageError, match="can't read the corpus"):
        read_corpus(tmp_path / "none.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b"\xe9")
    with pytest.raises(UsageError) as error:
        read_corpus(tmp_path / "latin.jsonl")
    assert error.value.why == "it is not UTF-8 text"


def test_the_librarys_words_are_known_for_its_own_facts_only() -> None:
    own = GOOD | {"id": "own", "family": "borrowed_allotment", "about": "limit_changed"}
    samples = parse_corpus("\n".join(map(json.dumps, (GOOD, own, own | {"id": "odd", "about": "weather"}))))
    known = library_wordings(samples)
    assert set(known) == {("own", "limit_changed")}
