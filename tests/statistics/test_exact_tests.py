"""Tests that try, or count, everything that chance could have done."""

from itertools import combinations, product
from math import comb
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ulterior.analysis.statistics.exact_test import permutation_test, sign_flip_test

NUMBERS = st.lists(st.integers(0, 100), min_size=1, max_size=5)

# ---- Sign flips ------------------------------------------------------------------------------------------


def test_of_ten_seeds_that_all_differ_one_way_one_flip_in_512_is_as_extreme() -> None:
    assert sign_flip_test([0.1] * 10) == 2 / 1024


def test_equal_sizes_make_it_the_sign_test() -> None:
    for worse in range(11):
        tail = sum(comb(10, k) for k in range(min(worse, 10 - worse) + 1))
        expected = min(1.0, 2 * tail / 1024)
        assert sign_flip_test([0.5] * worse + [-0.5] * (10 - worse)) == pytest.approx(expected)


def test_seeds_that_do_not_differ_change_nothing() -> None:
    assert sign_flip_test([0.1, 0.2, -0.3, 0.4]) == sign_flip_test([0.1, 0.2, -0.3, 0.4, *[0.0] * 40])


def test_many_seeds_are_flipped_at_random_close_to_the_exact_value_and_always_alike() -> None:
    values = [0.3, -0.1] * 7
    below = sum(comb(7, a) * comb(7, b) for a in range(8) for b in range(8) if _extreme(a, b)) / 2**14
    assert sign_flip_test(values) == pytest.approx(below, abs=0.01)
    assert sign_flip_test(values) == sign_flip_test(values)


def _extreme(a: int, b: int) -> bool:
    """Whether a flips of the large ones and b of the small ones leave a sum as large."""
    return abs((7 - 2 * a) * 3 - (7 - 2 * b)) >= 14


@given(st.lists(st.integers(-3, 3), max_size=9))
def test_whole_numbers_are_counted_as_all_flips_would_be_and_so_are_their_fractions(sizes: list[int]) -> None:
    flips = [sum(map(int.__mul__, signs, sizes)) for signs in product((-1, 1), repeat=len(sizes))]
    expected = mean(abs(flip) >= abs(sum(sizes)) for flip in flips)
    assert sign_flip_test(sizes) == pytest.approx(expected)
    assert sign_flip_test([size / 7 for size in sizes]) == pytest.approx(expected)


def test_thirty_sheets_that_fail_altogether_are_tested_exactly() -> None:
    assert sign_flip_test([1.0] * 30) == pytest.approx(2 / 2**30)
    assert sign_flip_test([0.9] * 30) == 1 / 10_000  # random flips know no less


# ---- Dealing numbers out ---------------------------------------------------------------------------------


@given(NUMBERS, NUMBERS)
@settings(max_examples=60)
def test_the_p_value_is_the_share_of_all_ways_to_deal_the_numbers_out(
    first: list[int], second: list[int]
) -> None:
    ways = [sum(dealt) for dealt in combinations([*first, *second], len(first))]
    assert permutation_test(first, second) == pytest.approx(mean(way >= sum(first) for way in ways))


def test_without_data_there_is_no_p_value_and_numbers_below_zero_are_refused() -> None:
    assert permutation_test([], [1]) is permutation_test([1], []) is None
    with pytest.raises(ValueError, match="below zero"):
        permutation_test([-1], [1])
