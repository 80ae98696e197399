"""Adjusted p-values, and what few events still allow."""

import random
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from statsmodels.stats.multitest import multipletests  # pyright: ignore[reportMissingTypeStubs, reportUnknownVariableType]

from ulterior.analysis.statistics import benjamini_hochberg, clopper_pearson, holm, upper_bound

PROBABILITIES = st.lists(st.none() | st.integers(0, 100).map(lambda i: i / 100), max_size=12)


def test_holm_steps_down_and_benjamini_hochberg_up() -> None:
    p = (0.01, None, 0.04, 0.03)
    assert holm(p) == (pytest.approx(0.03), None, pytest.approx(0.06), pytest.approx(0.06))
    assert benjamini_hochberg(p) == (pytest.approx(0.03), None, pytest.approx(0.04), pytest.approx(0.04))


def test_benjamini_and_hochbergs_own_example_has_four_findings() -> None:
    # Fifteen p-values of Benjamini and Hochberg (1995), section 3.3; at 0.05 Holm keeps three.
    p = (
        1e-4,
        4e-4,
        19e-4,
        95e-4,
        201e-4,
        278e-4,
        298e-4,
        344e-4,
        459e-4,
        0.324,
        0.4262,
        0.5719,
        0.6528,
        0.759,
        1,
    )
    assert sum(q <= 0.05 for q in benjamini_hochberg(p) if q is not None) == 4
    assert sum(q <= 0.05 for q in holm(p) if q is not None) == 3


@given(PROBABILITIES)
def test_adjusting_keeps_order_and_gaps_and_makes_nothing_smaller(p: list[float | None]) -> None:
    for adjust in (holm, benjamini_hochberg):
        adjusted = adjust(p)
        known = [(a, b) for a, b in zip(p, adjusted, strict=True) if a is not None and b is not None]
        assert [a is None for a in p] == [b is None for b in adjusted]
        assert all(a <= b + 1e-12 and b <= 1 for a, b in known)
        assert all(b <= d + 1e-12 for a, b in known for c, d in known if a < c)


def test_both_agree_with_statsmodels() -> None:
    dice = random.Random(4)
    for size in (1, 2, 5, 12):
        p = [dice.random() ** 3 for _ in range(size)]
        for adjust, method in ((holm, "holm"), (benjamini_hochberg, "fdr_bh")):
            untyped: Any = cast(Any, multipletests)
            assert adjust(p) == pytest.approx(tuple(map(float, untyped(p, method=method)[1])))


def test_what_is_no_probability_is_refused() -> None:
    with pytest.raises(ValueError):
        holm([0.5, 1.5])


@pytest.mark.parametrize(("n", "percent"), [(50, 5.8), (100, 3.0), (200, 1.5), (400, 0.75), (1000, 0.3)])
def test_no_event_among_n_still_allows_about_three_in_n(n: int, percent: float) -> None:
    bound = upper_bound(0, n)
    assert bound.high == pytest.approx(1 - 0.05 ** (1 / n))
    assert bound.sentence() == f"0 of {n} still allows up to {percent:g} %"


def test_without_data_every_rate_is_allowed() -> None:
    bound = upper_bound(0, 0)
    assert (bound.high, bound.sentence()) == (None, "no data: any rate is possible")


@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_one_sided_bound_is_that_of_the_interval_at_twice_the_error(counts: tuple[int, int]) -> None:
    k, n = counts
    high = upper_bound(k, n).high
    assert high == pytest.approx(clopper_pearson(k, n, 0.9)[1])
    assert high is not None
    if k < n:
        assert float(binom.cdf(k, n, high)) == pytest.approx(0.05, abs=1e-6)
