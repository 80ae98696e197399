"""Differences of two arms agree with the libraries and with published examples, and claim no certainty."""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, fisher_exact, hypergeom
from statsmodels.stats.contingency_tables import StratifiedTable  # pyright: ignore[reportMissingTypeStubs]

from ulterior.analysis.statistics import Comparison, Contrast, stratified_difference, two_rates
from ulterior.analysis.statistics.exact_test import Counts, sign_flip_test, stratified_test
from ulterior.analysis.statistics.mantel_haenszel import mantel_haenszel
from ulterior.analysis.statistics.paired import mcnemar

TOLBUTAMIDE = [Counts(8, 106, 5, 120), Counts(22, 98, 16, 85)]
"""Deaths under tolbutamide and placebo below and above 55 (Rothman, Greenland and Lash 2008, Modern
Epidemiology, table 15-1)."""

STRATA = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6), st.integers(0, 6)).filter(
        lambda t: t[0] + t[1] > 0 and t[2] + t[3] > 0
    ),
    min_size=1,
    max_size=4,
)


def episodes(strata: Sequence[Counts]) -> list[Comparison]:
    """One cluster for each episode."""
    serial = itertools.count()
    return [
        Comparison(stratum, next(serial), first, outcome)
        for stratum, c in enumerate(strata)
        for first, outcome, number in (
            (True, True, c.k),
            (True, False, c.n - c.k),
            (False, True, c.k0),
            (False, False, c.n0 - c.k0),
        )
        for _ in range(number)
    ]


def bounds(contrast: Contrast) -> tuple[float, float, float]:
    assert contrast.low is not None
    assert contrast.estimate is not None
    assert contrast.high is not None
    return contrast.low, contrast.estimate, contrast.high


def test_the_published_risk_difference_is_found() -> None:
    contrast = stratified_difference(episodes(TOLBUTAMIDE), level=0.9)
    assert bounds(contrast) == pytest.approx((-0.0176, 0.0349, 0.0874), abs=5e-5)
    assert (contrast.k, contrast.n, contrast.k0, contrast.n0) == (30, 204, 21, 205)
    assert (contrast.clusters, contrast.strata) == (409, 2)
    assert contrast.method == "Mantel-Haenszel, Sato's variance"


def test_newcombes_own_example_is_found() -> None:
    # 56/70 against 48/80 (Newcombe 1998, Stat. Med. 17, table II, example a, method 10)
    assert bounds(two_rates(56, 70, 48, 80)) == pytest.approx((0.0524, 0.2, 0.3339), abs=5e-5)


def test_boschloos_test_is_no_weaker_than_fishers() -> None:
    contrast = two_rates(7, 12, 1, 10)
    assert contrast.p is not None
    assert contrast.p < fisher_exact(np.array([[7, 1], [5, 9]])).pvalue
    assert contrast.test == "Boschloo"


def test_large_arms_are_tested_with_fishers_test() -> None:
    contrast = two_rates(40, 2_000, 20, 2_000)
    assert contrast.test == "Fisher"
    assert contrast.p == pytest.approx(fisher_exact(np.array([[40, 20], [1_960, 1_980]])).pvalue)


def test_two_arms_without_any_event_differ_by_nothing_known() -> None:
    contrast = two_rates(0, 20, 0, 20)
    low, estimate, high = bounds(contrast)
    assert (estimate, contrast.p) == (0.0, 1.0)
    assert (low, high) == pytest.approx((-0.161, 0.161), abs=5e-4)


def test_an_arm_without_data_leaves_no_difference_and_a_reason() -> None:
    contrast = two_rates(0, 0, 3, 20)
    assert (contrast.estimate, contrast.low, contrast.high, contrast.p) == (None, None, None, None)
    assert contrast.reasons == dict.fromkeys(("estimate", "low", "high", "p"), "an arm has no data")


def test_scenarios_with_one_arm_only_are_left_out_and_counted() -> None:
    lonely = [Comparison("lonely", ("lonely", i), True, True) for i in range(5)]
    contrast = stratified_difference([*episodes(TOLBUTAMIDE), *lonely], level=0.9)
    assert contrast.estimate == pytest.approx(0.0349, abs=5e-5)
    assert contrast.warnings == ("left out because only one arm has data there: 1 stratum",)
    nothing = stratified_difference(lonely)
    assert (nothing.estimate, nothing.reasons["estimate"]) == (None, "no stratum has data of both arms")


def test_where_nothing_varies_the_bounds_are_exact_ones() -> None:
    contrast = stratified_difference(episodes([Counts(0, 10, 0, 10)] * 3))
    each = 1 - 0.0125 ** (1 / 30)
    assert bounds(contrast) == pytest.approx((-each, 0.0, each))
    assert (contrast.p, contrast.method) == (1.0, "exact bounds of the arms: nothing varies")
    certain = stratified_difference(episodes([Counts(10, 10, 0, 10)] * 3))
    low, estimate, high = bounds(certain)
    assert (estimate, high) == (1.0, 1.0)
    assert low < 0.8


def test_one_stratum_without_clusters_is_the_plain_difference() -> None:
    estimate, variance = mantel_haenszel([Counts(7, 20, 2, 20)])
    assert estimate == pytest.approx(0.25)
    assert variance == pytest.approx(0.35 * 0.65 / 20 + 0.1 * 0.9 / 20, rel=0.05)


def test_copies_of_episodes_add_no_certainty() -> None:
    single = [
        Comparison(s, (s, i, first), first, (i + first) % 4 == 0)
        for s in range(4)
        for i in range(10)
        for first in (True, False)
    ]
    tripled = [row for row in single for _ in range(3)]
    low, _, high = bounds(stratified_difference(single))
    low3, _, high3 = bounds(stratified_difference(tripled))
    assert high3 - low3 > 0.95 * (high - low)
    assert stratified_difference(tripled).method == "Mantel-Haenszel, cluster-robust variance"


def test_the_variance_of_pairs_is_that_of_their_differences_within_scenarios() -> None:
    rows = [
        Comparison(s, (s, i), first, (3 * s + 5 * i + 2 * first) % 7 < 3 - s + first)
        for s in range(3)
        for i in range(12)
        for first in (True, False)
    ]
    outcomes = {(row.cluster, row.first): row.outcome for row in rows}
    differences = np.array(
        [[int(outcomes[(s, i), True]) - int(outcomes[(s, i), False]) for i in range(12)] for s in range(3)]
    )
    error = float(np.sqrt((differences.var(axis=1, ddof=1) / 12).sum())) / 3
    low, estimate, high = bounds(stratified_difference(rows))
    assert estimate == pytest.approx(float(differences.mean()))
    assert (high - low) / 2 == pytest.approx(2.0345 * error, rel=1e-4)  # t with 36 - 3 degrees of freedom


def test_instances_that_both_arms_share_sharpen_the_difference() -> None:
    def rows(shared: bool) -> list[Comparison]:
        return [
            Comparison(s, (s, i) if shared else (s, i, first), first, i < 4 + first)
            for s in range(4)
            for i in range(10)
            for first in (True, False)
        ]

    low, _, high = bounds(stratified_difference(rows(shared=True)))
    wide_low, _, wide_high = bounds(stratified_difference(rows(shared=False)))
    assert high - low < 0.6 * (wide_high - wide_low)


def test_clusters_that_are_not_paired_have_no_exact_test() -> None:
    rows = [Comparison("a", i, i < 5, e == 0) for i in range(10) for e in range(2)]
    contrast = stratified_difference(rows)
    assert (contrast.p, contrast.test) == (None, None)
    assert contrast.reasons["p"] == "clusters of several episodes that aren't paired: no exact test"


def test_scenarios_as_clusters_are_the_sample() -> None:
    rows = [
        Comparison(s, s, first, e < s % 3 + first)
        for s in range(9)
        for first in (True, False)
        for e in range(4)
    ]
    contrast = stratified_difference(rows, estimand="scenarios like these")
    assert (contrast.clusters, contrast.estimate) == (9, pytest.approx(0.25))
    assert contrast.test == "exact, swapping the arms within clusters"
    assert contrast.p == pytest.approx(2 / 2**9)


def test_one_stratum_is_fishers_test_of_its_margins() -> None:
    # Symmetric arms: both define "more extreme" alike.
    assert stratified_test([Counts(7, 12, 2, 12)]) == pytest.approx(
        fisher_exact(np.array([[7, 2], [5, 10]])).pvalue
    )


def test_the_exact_test_lies_between_mantel_and_haenszels_with_and_without_its_correction() -> None:
    assert mantel_haenszel_p(correction=False) < stratified_test(TOLBUTAMIDE)
    assert stratified_test(TOLBUTAMIDE) < mantel_haenszel_p(correction=True)


def mantel_haenszel_p(*, correction: bool) -> float:
    tables = [[[c.k, c.n - c.k], [c.k0, c.n0 - c.k0]] for c in TOLBUTAMIDE]
    result: Any = StratifiedTable(tables).test_null_odds(correction=correction)
    return float(result.pvalue)


def test_the_exact_test_adds_up_what_permutations_could_give() -> None:
    chances = [hypergeom(c.n + c.n0, c.k + c.k0, c.n) for c in TOLBUTAMIDE]
    expected = sum(float(chance.mean()) for chance in chances)
    p = sum(
        float(chances[0].pmf(first) * chances[1].pmf(second))
        for first, second in itertools.product(range(14), range(39))
        if abs(first + second - expected) >= abs(30 - expected) - 1e-9
    )
    assert stratified_test(TOLBUTAMIDE) == pytest.approx(p)


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 5))
def test_flipping_signs_of_single_pairs_is_mcnemars_test(gained: int, lost: int, same: int) -> None:
    p = sign_flip_test([1] * gained + [-1] * lost + [0] * same)
    assert p == pytest.approx(mcnemar(gained, lost))
    if gained + lost:
        assert p == pytest.approx(binomtest(gained, gained + lost).pvalue)


@given(STRATA)
def test_exchanging_the_arms_mirrors_the_difference(tables: list[tuple[int, int, int, int]]) -> None:
    strata = [Counts(a, a + b, c, c + d) for a, b, c, d in tables]
    there = stratified_difference(episodes(strata))
    back = stratified_difference(episodes([Counts(s.k0, s.n0, s.k, s.n) for s in strata]))
    low, estimate, high = bounds(there)
    assert bounds(back) == pytest.approx((-high, -estimate, -low))
    assert back.p == pytest.approx(there.p)
    assert -1 <= low <= estimate + 1e-12
    assert estimate - 1e-12 <= high <= 1


@given(STRATA)
def test_p_values_are_probabilities_and_no_event_says_nothing(
    tables: list[tuple[int, int, int, int]],
) -> None:
    strata = [Counts(a, a + b, c, c + d) for a, b, c, d in tables]
    assert 0 < stratified_test(strata) <= 1
    assert stratified_test([Counts(0, s.n, 0, s.n0) for s in strata]) == 1
