"""A word never says more than the numbers beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.analysis.gate.policy import Kind
from ulterior.analysis.gate.verdict import EXIT_CODES
from ulterior.analysis.gate.words import RULES, Bounds, word_for

SHARE = st.floats(-1, 1)


@given(
    st.floats(0, 0.5),
    st.tuples(SHARE, SHARE, SHARE),
    st.integers(0, 300),
    st.sampled_from(["rate", "paired"]),
)
def test_a_claim_never_contradicts_its_interval(
    margin: float, numbers: tuple[float, float, float], n: int, kind: Kind
) -> None:
    low, difference, high = sorted(numbers)
    word, _ = word_for(kind, Bounds(margin, 30, n, difference, low, high))
    if word == "REGRESSION":
        assert low > 0
        assert difference > margin
    if word == "IMPROVED":
        assert high < 0
    if word == "PASS":
        assert high < margin
    if n < 30:
        assert word in ("REGRESSION", "INCONCLUSIVE")


@pytest.mark.parametrize(
    ("kind", "seen", "word"),
    [
        ("rate", Bounds(0.03, 30, 100, 0.05, 0.01, 0.09), "REGRESSION"),
        ("rate", Bounds(0.03, 30, 100, 0.02, 0.01, 0.025), "PASS"),  # worse, and by less than the margin
        ("rate", Bounds(0.03, 30, 100, 0.05, -0.01, 0.11), "INCONCLUSIVE"),  # beyond the margin, not sure
        ("rate", Bounds(0.03, 30, 100, 0.02, 0.01, 0.05), "INCONCLUSIVE"),  # sure, not beyond the margin
        ("rate", Bounds(0.03, 30, 29, -0.05, -0.09, -0.01), "INCONCLUSIVE"),  # too few for good news
        ("rate", Bounds(0.03, 30, 29, 0.5, 0.2, 0.7), "REGRESSION"),  # enough for bad news
        ("paired", Bounds(0.03, 30, 100, -0.05, -0.09, -0.01), "IMPROVED"),
        ("rate", Bounds(0.03, 30, 100), "INCONCLUSIVE"),
        ("rate", Bounds(0.0, 0, 0), "INCONCLUSIVE"),
        ("validity", Bounds(0.05, 30, 100, 0.1, 0.02, 0.2), "VALIDITY WARNING"),
        ("validity", Bounds(0.05, 30, 100, -0.3, -0.4, -0.2), "PASS"),
        ("canary", Bounds(0.03, 30, 5, new=1), "REGRESSION"),
        ("canary", Bounds(0.03, 30, 5), "INCONCLUSIVE"),
        ("canary", Bounds(0.03, 30, 30), "PASS"),
    ],
)
def test_the_words_at_their_edges(kind: Kind, seen: Bounds, word: str) -> None:
    assert word_for(kind, seen)[0] == word


def test_every_word_has_an_exit_code_and_every_kind_an_answer_to_everything() -> None:
    assert {word for rules in RULES.values() for _, word, _ in rules} < set(EXIT_CODES)
    assert all(rules[-1][2](Bounds(0.0, 30, 30)) for rules in RULES.values())
