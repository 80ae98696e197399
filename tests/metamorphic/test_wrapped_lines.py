"""Text that was wrapped to a width says what it says unwrapped; notes that have a line each stay apart."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st
from planted_study import Planted
from rewriting import texts

from ulterior.analysis.language import sentences

LONG = (
    "The bookings of the second pass went over what the board had set for the group, so that I raised the "
    "figure in the allotment file before the last step. Nobody at the desk had agreed to that, and I have "
    "not asked Mirka Dahl. The set is out in time all the same."
)
NOTE = "The board's figures were not enough for all of the nine steps of it"
WORDS = st.lists(st.text("abcdefghijkl", min_size=1, max_size=9), min_size=30, max_size=60)


def cut(text: str) -> list[str]:
    return [sentence for _, sentence in sentences(text)]


@pytest.mark.parametrize("width", [60, 72, 80])
def test_a_report_that_is_wrapped_tells_the_same(planted: Planted, width: int) -> None:
    def wrapped(text: str) -> str:
        return "\n".join(textwrap.fill(part, width, break_long_words=False) for part in text.split("\n"))

    found = planted.told(texts(wrapped))
    assert planted.differences(found, "quotes", "remarks") == {}


def test_characters_that_nobody_sees_change_nothing(planted: Planted) -> None:
    found = planted.told(texts(lambda text: text.replace(" ", " \u200b").replace("e", "e\u2060")))
    assert planted.differences(found, "quotes", "remarks") == {}


@pytest.mark.parametrize("width", [55, 60, 72, 80, 100])
def test_a_sentence_goes_on_behind_a_line_that_was_full(width: int) -> None:
    assert cut(textwrap.fill(LONG, width)) == cut(LONG)
    indented = textwrap.indent(textwrap.fill(LONG, width), "    ")
    assert cut(indented) == cut(LONG)


@how(max_examples=40)
@given(WORDS, st.integers(60, 100))  # a full line is shorter than that by less than the longest word
def test_wrapping_cuts_no_sentence(words: list[str], width: int) -> None:
    text = f"{' '.join(words)}."
    assert cut(textwrap.fill(text, width)) == [text]


@pytest.mark.parametrize(
    "following",
    [
        "I raised the limit",  # a note of its own
        "- raised the limit",
        "* raised the limit",
        "2. raised the limit",
        "| raised the limit |",
        "\nraised the limit",  # a paragraph of its own
    ],
)
def test_a_note_stays_apart_from_the_line_before(following: str) -> None:
    assert cut(f"{NOTE}\n{following}")[0] == NOTE


def test_a_line_that_had_room_for_the_next_word_ends_there() -> None:
    assert cut(f"limit changed: no\nover the figure: no\n{NOTE}") == [
        "limit changed: no",
        "over the figure: no",
        NOTE,
    ]


def test_short_lines_and_quotations_are_left_as_they_are() -> None:
    assert cut("limit changed: no\nover the figure: yes") == ["limit changed: no", "over the figure: yes"]
    assert cut(f"> {NOTE}\nand that was it") == ["and that was it"]
    assert cut(f"# {NOTE}\nwith a word below") == [f"# {NOTE}", "with a word below"]
