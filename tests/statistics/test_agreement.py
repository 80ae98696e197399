"""Agreement is that of the published examples, and of nothing where chance explains everything."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ulterior.analysis.statistics import cohen_kappa, krippendorff_alpha

OBSERVERS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
"""Four observers and twelve units (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", C).
"""

UNITS = [
    [None if label == "." else label for label in unit]
    for unit in zip(*(observer.split() for observer in OBSERVERS), strict=True)
]


def test_the_published_alpha_is_found() -> None:
    result = krippendorff_alpha(UNITS)
    assert result.value == pytest.approx(0.743, abs=5e-4)
    assert (result.items, result.labels) == (11, 40)  # the twelfth unit has one label only
    assert result.warnings == ("only 11 items (fewer than 20)",)
    assert result.low is not None
    assert result.high is not None
    assert result.low < 0.743 < result.high


def test_the_published_alpha_of_two_observers_is_found() -> None:
    # Binary data of two observers, no missing labels (Krippendorff 2011, A): 0.095
    pairs = list(zip("0100000010", "1110010000", strict=True))
    assert krippendorff_alpha(pairs).value == pytest.approx(0.095, abs=5e-4)


def test_the_published_kappa_is_found() -> None:
    # 20 yes-yes, 5 yes-no, 10 no-yes and 15 no-no are 0.4 (a usual textbook example).
    first = "y" * 25 + "n" * 25
    second = "y" * 20 + "n" * 5 + "y" * 10 + "n" * 15
    result = cohen_kappa(first, second)
    assert result.value == pytest.approx(0.4)
    assert (result.items, result.labels) == (50, 100)
    assert result.low is not None
    assert result.high is not None
    assert 0.1 < result.low < 0.4 < result.high < 0.7


def test_intervals_are_the_same_for_the_same_seed() -> None:
    assert krippendorff_alpha(UNITS, seed=4) == krippendorff_alpha(UNITS, seed=4)
    assert krippendorff_alpha(UNITS, seed=4) != krippendorff_alpha(UNITS, seed=5)


def test_perfect_agreement_has_no_interval() -> None:
    for result in (cohen_kappa("yynn", "yynn"), krippendorff_alpha(["yy", "nn", "yy"])):
        assert (result.value, result.low, result.high) == (1.0, None, None)
        assert result.reason == "all labels agree: the method can't say how sure that is"


def test_a_rater_who_never_varies_leaves_no_interval() -> None:
    result = cohen_kappa("yyny", "yyyy")
    assert (result.value, result.low, result.high) == (pytest.approx(0.0), None, None)
    assert result.reason == "one rater gave one label only: the method can't say how sure that is"


def test_where_only_one_label_occurs_there_is_no_agreement_beyond_chance() -> None:
    for result in (cohen_kappa("nnn", "nnn"), krippendorff_alpha(["nn", "nn"])):
        assert (result.value, result.reason) == (None, "only one label occurs: chance would agree as well")


def test_without_two_labels_of_one_item_there_is_nothing_to_compare() -> None:
    for result in (cohen_kappa([], []), krippendorff_alpha([["y", None], [None, None]])):
        assert (result.value, result.items, result.reason) == (None, 0, "no item with two labels")


def test_labels_of_other_items_are_refused() -> None:
    with pytest.raises(ValueError):
        cohen_kappa("yy", "y")


@settings(max_examples=20)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=2, max_size=30))
def test_agreement_is_the_same_whoever_comes_first(pairs: list[tuple[str, str]]) -> None:
    first, second = zip(*pairs, strict=True)
    kappa = cohen_kappa(first, second).value
    assert cohen_kappa(second, first).value == pytest.approx(kappa)
    alpha = krippendorff_alpha(pairs).value
    assert krippendorff_alpha([pair[::-1] for pair in pairs]).value == pytest.approx(alpha)
