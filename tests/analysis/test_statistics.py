"""Intervals agree with scipy, hold at their level, and never make something of nothing."""

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from ulterior.analysis.statistics import Rate, clopper_pearson, clustered_rate, exact_rate, wilson

SIZES = (1, 2, 3, 10, 20, 99, 500, 5000)
LEVELS = (0.8, 0.95, 0.999)


@pytest.mark.parametrize(("n", "level"), list(product(SIZES, LEVELS)))
def test_intervals_equal_those_of_scipy(n: int, level: float) -> None:
    for k in {0, 1, n // 3, n // 2, n - 1, n}:
        exact = binomtest(k, n).proportion_ci(level, "exact")
        score = binomtest(k, n).proportion_ci(level, "wilson")
        assert clopper_pearson(k, n, level) == pytest.approx((exact.low, exact.high), abs=1e-9)
        assert wilson(k, n, level) == pytest.approx((score.low, score.high), abs=1e-9)


@given(
    st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.sampled_from(LEVELS)
)
def test_intervals_are_symmetric_hold_the_estimate_and_stay_proportions(
    counts: tuple[int, int], level: float
) -> None:
    k, n = counts
    for method in (clopper_pearson, wilson):
        low, high = method(k, n, level)
        assert 0 <= low <= k / n <= high <= 1
        assert (1 - high, 1 - low) == pytest.approx(method(n - k, n, level), abs=1e-9)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.1, 0.5])
def test_the_exact_interval_covers_at_least_at_its_level(share: float) -> None:
    n = 30
    covered = sum(float(binom.pmf(k, n, share)) for k in range(n + 1) if _holds(clopper_pearson(k, n), share))
    assert covered >= 0.95


def test_the_clustered_interval_covers_when_repetitions_are_alike() -> None:
    dice, share, covered, studies = random.Random(7), 0.1, 0, 400
    for _ in range(studies):
        outcomes: list[tuple[int, bool]] = []
        for instance in range(20):
            own = dice.betavariate(share * 3, (1 - share) * 3)  # an intra-class correlation of 1/4
            outcomes += [(instance, dice.random() < own) for _ in range(5)]
        covered += _within(clustered_rate(outcomes), share)
    assert covered / studies >= 0.95


def test_one_episode_per_instance_gives_the_exact_binomial_rate() -> None:
    rate = clustered_rate((seed, seed < 3) for seed in range(20))
    assert rate == exact_rate(3, 20)
    assert (rate.k, rate.n, rate.clusters, rate.estimate, rate.method) == (3, 20, 20, 0.15, "exact binomial")
    assert (rate.low, rate.high) == pytest.approx((0.0320709, 0.3789268), abs=1e-6)


def test_repeated_instances_count_once_each() -> None:
    copies = [(seed, seed < 3) for seed in range(20) for _ in range(10)]
    rate, single = clustered_rate(copies), exact_rate(3, 20)
    assert (rate.k, rate.n, rate.clusters) == (30, 200, 20)
    assert rate.method == "exact binomial on instance means"
    assert (rate.estimate, rate.low, rate.high) == pytest.approx((single.estimate, single.low, single.high))


def test_without_data_there_is_no_estimate() -> None:
    assert clustered_rate([]) == Rate(
        k=0, n=0, clusters=0, estimate=None, low=None, high=None, method="no data"
    )


@pytest.mark.parametrize(("k", "n", "level"), [(1, 0, 0.95), (-1, 5, 0.95), (6, 5, 0.95), (1, 5, 1.0)])
def test_what_is_no_proportion_is_refused(k: int, n: int, level: float) -> None:
    for method in (clopper_pearson, wilson):
        with pytest.raises(ValueError):
            method(k, n, level)


def _holds(interval: tuple[float, float], share: float) -> bool:
    return interval[0] <= share <= interval[1]


def _within(rate: Rate, share: float) -> bool:
    return rate.low is not None and rate.high is not None and _holds((rate.low, rate.high), share)
