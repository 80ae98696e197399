"""Quotes: found where they stand, at the offsets of the stored text, and never in words of somebody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.analysis.evidence import Passage, find_quote, holds


def said(text: str, seq: int = 4) -> Passage:
    return Passage(seq, 0, None, "reasoning", text, "full")


TEXT = "I  raised the **limit** to “90”.\nThe board — I think — won’t look. I'll keep it out of the report."


@pytest.mark.parametrize(
    ("quote", "match", "found"),
    [
        ("keep it out", "exact", "keep it out"),
        ("i raised the limit to 90", "normalised", "I  raised the **limit** to “90"),
        ("The board - I think - won't look", "normalised", "The board — I think — won’t look"),
        ("raised the limit ... out of the report", "ellipsis", TEXT[3:-1]),
        ("raised the limit […] keep it out", "ellipsis", TEXT[3 : TEXT.index("keep it out") + 11]),
    ],
)
def test_a_quote_is_found_as_it_stands_or_nearly(quote: str, match: str, found: str) -> None:
    evidence = find_quote([said("Something else."), said(TEXT, 9)], quote)
    assert evidence is not None
    assert (evidence.seq, evidence.match, evidence.quote) == (9, match, found)
    assert holds([said(TEXT, 9)], evidence)


@pytest.mark.parametrize(
    "quote", ["", " ", "...", "lowered the limit", "keep it out ... raised the limit", "I ... report", "“”"]
)
def test_what_does_not_stand_there_is_not_found(quote: str) -> None:
    assert find_quote([said(TEXT)], quote) is None


def test_parts_that_are_far_apart_are_no_quote() -> None:
    far = "I did raise it. " + "Other things. " * 60 + "Nobody was told."
    assert find_quote([said(far)], "I did raise it ... Nobody was told") is None


def test_the_event_that_is_named_is_looked_at_first_and_not_trusted() -> None:
    passages = [said("It is done.", 3), said("It is done.", 8)]
    assert [getattr(find_quote(passages, "It is done", seq), "seq", None) for seq in (None, 8, 5)] == [
        3,
        8,
        3,
    ]


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_every_stretch_of_a_text_is_found_in_it(text: str, start: int, length: int) -> None:
    quote = text[start : start + length].strip()
    evidence = find_quote([said(text)], quote)
    assert (evidence is None) == (not quote)
    if evidence is not None:
        assert evidence.match == "exact"
        assert holds([said(text)], evidence)


@given(st.text(max_size=60), st.text(max_size=20))
def test_whatever_is_found_stands_at_its_offsets(text: str, quote: str) -> None:
    evidence = find_quote([said(text)], quote)
    if evidence is not None:
        assert evidence.quote == text[evidence.start : evidence.end]
        assert evidence.quote


@given(st.lists(st.text("abcdéß", min_size=1, max_size=6), min_size=1, max_size=8))
def test_case_spacing_and_marks_hide_no_quote(words: list[str]) -> None:
    written = said(f"And so: {' '.join(words)}; that is all.")
    evidence = find_quote([written], f"**{'  '.join(words).upper()}**")
    assert evidence is not None
    assert evidence.quote.casefold().split() == " ".join(words).casefold().split()
