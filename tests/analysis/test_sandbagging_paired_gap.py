"""Differences with the seed as unit: the interval holds, the test is exact, and no data is no zero."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, ttest_1samp

from ulterior.analysis.sandbagging.paired_gap import PairedGap, paired_gap

DIFFERENCES = st.lists(
    st.tuples(st.integers(0, 30), st.integers(-14, 14).map(lambda n: n / 14)), min_size=1, max_size=60
)


def test_without_pairs_there_is_a_reason_and_no_number() -> None:
    assert paired_gap([]) == PairedGap(pairs=0, seeds=0, reason="there is no pair")


def test_several_epochs_of_a_seed_are_one_observation() -> None:
    values = [0.1, 0.3, -0.1, 0.2, 0.0, 0.25, 0.4, 0.15]
    once = paired_gap(enumerate(values))
    thrice = paired_gap((seed, value) for seed, value in enumerate(values) for _ in range(3))
    assert (once.pairs, thrice.pairs) == (8, 24)
    assert once.model_copy(update={"pairs": 24}) == thrice


def test_where_seeds_differ_the_interval_is_students() -> None:
    values = [0.1, 0.3, -0.1, 0.2, 0.05, 0.25, 0.4, 0.15]
    reference = ttest_1samp(values, 0).confidence_interval(0.95)
    found = paired_gap(enumerate(values))
    assert (found.low, found.high, found.exact) == (
        pytest.approx(reference.low),
        pytest.approx(reference.high),
        False,
    )


def test_fifty_equal_seeds_rule_out_no_more_than_the_exact_bounds_do() -> None:
    found = paired_gap((seed, 0.0) for seed in range(50))
    bound = 1 - 0.0125 ** (1 / 50)
    assert (found.estimate, found.p, found.sign_p, found.exact) == (0.0, 1.0, 1.0, True)
    assert (found.low, found.high) == (pytest.approx(-bound), pytest.approx(bound))
    assert found.detectable is not None
    assert binom.sf(5, 50, found.detectable) == pytest.approx(0.8)


def test_a_shift_of_every_seed_by_the_same_is_certain_only_up_to_rare_exceptions() -> None:
    found = paired_gap((seed, 3 / 7) for seed in range(50))
    bound = 1 - 0.0125 ** (1 / 50)
    assert found.estimate == pytest.approx(3 / 7)
    assert (found.low, found.high) == (
        pytest.approx(3 / 7 - bound * 10 / 7),
        pytest.approx(3 / 7 + bound * 4 / 7),
    )
    assert (found.p, found.more, found.less) == (pytest.approx(1e-4), 50, 0)


def test_unbounded_differences_that_are_all_equal_have_no_interval() -> None:
    found = paired_gap(((seed, 3.0) for seed in range(12)), bounded=False)
    assert (found.estimate, found.low, found.high, found.detectable) == (3.0, None, None, None)
    assert found.reason == "all seeds are equal, and nothing bounds the others"


@given(DIFFERENCES)
def test_the_interval_holds_the_estimate_and_stays_within_what_is_possible(
    pairs: list[tuple[int, float]],
) -> None:
    found = paired_gap(pairs)
    assert found.estimate is not None
    assert found.low is not None
    assert found.high is not None
    assert -1 <= found.low <= found.estimate + 1e-9
    assert found.estimate - 1e-9 <= found.high <= 1
    assert found.seeds == len({seed for seed, _ in pairs})


@given(DIFFERENCES)
def test_exchanging_the_arms_turns_the_gap_round(pairs: list[tuple[int, float]]) -> None:
    there, back = paired_gap(pairs), paired_gap((seed, -each) for seed, each in pairs)
    assert (there.more, there.less, there.p, there.sign_p) == (back.less, back.more, back.p, back.sign_p)
    assert (there.estimate, there.low, there.high) == (
        pytest.approx(-(back.estimate or 0), abs=1e-9),
        pytest.approx(-(back.high or 0), abs=1e-9),
        pytest.approx(-(back.low or 0), abs=1e-9),
    )
