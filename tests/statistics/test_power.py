"""Power is what enumeration of the tests themselves gives."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, boschloo_exact, fisher_exact
from statsmodels.stats.power import NormalIndPower  # pyright: ignore[reportMissingTypeStubs]

from ulterior.analysis.statistics.paired import mcnemar
from ulterior.analysis.statistics.planning import Shape, plan_study
from ulterior.analysis.statistics.power import (
    BOSCHLOO,
    FISHER,
    design_effect,
    detectable_paired_rise,
    detectable_rise,
    effective_size,
    method_at,
    needed_per_arm,
    paired_power,
    power_of_two_rates,
)

RATES = st.integers(0, 60).map(lambda i: i / 100)


def test_power_adds_up_the_tables_that_boschloos_test_rejects() -> None:
    n, base, other = 8, 0.1, 0.6
    power = sum(
        float(binom.pmf(k0, n, base) * binom.pmf(k, n, other))
        for k0 in range(n + 1)
        for k in range(n + 1)
        if 0 < k + k0 < 2 * n and boschloo_exact([[k, k0], [n - k, n - k0]]).pvalue <= 0.05
    )
    assert power_of_two_rates(base, other, n) == pytest.approx(power, abs=1e-9)


def test_beyond_boschloo_power_adds_up_the_tables_that_fishers_test_rejects() -> None:
    n, base, other = BOSCHLOO + 1, 0.0, 0.03
    power = sum(
        float(binom.pmf(k, n, other))
        for k in range(40)
        if k and fisher_exact(np.array([[k, 0], [n - k, n]])).pvalue <= 0.05
    )
    assert power_of_two_rates(base, other, n) == pytest.approx(power, abs=1e-9)


def test_the_largest_sizes_use_cohens_approximation() -> None:
    # Cohen 1988, section 6.4: h = 0.30 with 175 an arm has power 0.80 at a two-sided 0.05 (rounded).
    cohen: Any = NormalIndPower()
    assert float(cohen.power(0.3, 175, 0.05)) == pytest.approx(0.8, abs=0.005)
    h = 2 * (np.arcsin(np.sqrt(0.012)) - np.arcsin(np.sqrt(0.01)))
    expected = float(cohen.power(h, FISHER + 1, 0.05))
    assert power_of_two_rates(0.01, 0.012, FISHER + 1) == pytest.approx(expected)
    assert [method_at(n) for n in (BOSCHLOO, FISHER, FISHER + 1)] == [
        "Boschloo's test, enumerated",
        "Fisher's test, enumerated",
        "normal approximation, arcsine scale",
    ]


def test_paired_power_adds_up_the_pairs_that_mcnemars_test_rejects() -> None:
    n, base, other = 12, 0.2, 0.7
    gained, lost = other * (1 - base), base * (1 - other)  # runs of a seed that are not alike at all
    power = 0.0
    for up in range(n + 1):
        for down in range(n + 1 - up):
            if mcnemar(up, down) <= 0.05:
                same = n - up - down
                ways = float(binom.pmf(up, n, gained) * binom.pmf(down, n - up, lost / (1 - gained)))
                power += ways if same >= 0 else 0.0
    assert paired_power(base, other, n, alike=0) == pytest.approx(power)


def test_seeds_whose_runs_are_alike_need_fewer_pairs() -> None:
    apart, alike = (paired_power(0.1, 0.2, 200, alike=a) for a in (0.0, 0.6))
    assert alike > apart + 0.1


def test_equal_runs_of_every_seed_can_not_differ() -> None:
    assert paired_power(0.2, 0.2, 50, alike=1) == 0.0


def test_the_detectable_rise_is_the_least_that_reaches_the_power() -> None:
    rise = detectable_rise(0.05, 100)
    assert rise == pytest.approx(0.1757, abs=1e-3)
    assert rise is not None
    assert power_of_two_rates(0.05, rise, 100) >= 0.8 > power_of_two_rates(0.05, rise - 0.002, 100)
    pairs = detectable_paired_rise(0.05, 100, 0.3)
    assert pairs is not None
    assert paired_power(0.05, pairs, 100, 0.3) >= 0.8 > paired_power(0.05, pairs - 0.002, 100, 0.3)


def test_too_few_episodes_find_nothing() -> None:
    assert detectable_rise(0.5, 3) is None
    assert detectable_rise(0.05, 0.5) is None
    assert detectable_paired_rise(0.2, 4, 0.3) is None


def test_as_many_episodes_as_are_needed_reach_the_power() -> None:
    n = needed_per_arm(0.05, 0.15)
    assert power_of_two_rates(0.05, 0.15, n) >= 0.8 > power_of_two_rates(0.05, 0.15, n - 1)
    with pytest.raises(ValueError):
        needed_per_arm(0.1, 0.1)


def test_clusters_of_copies_count_once_and_unlike_ones_fully() -> None:
    assert (design_effect(20, 0.3), design_effect(1, 0.3)) == (pytest.approx(6.7), 1)
    assert (effective_size(16, 20, 1.0), effective_size(16, 20, 0.0)) == (16, 320)


@settings(max_examples=25)
@given(RATES, st.sampled_from([0.25, 0.4]), st.sampled_from([20, 60, 300]))
def test_power_exceeds_the_level_only_with_an_effect(base: float, effect: float, n: int) -> None:
    none, some = (power_of_two_rates(base, base + step, n) for step in (0.0, effect))
    assert none <= 0.0505  # the common rate is searched on a grid
    assert none < some <= 1 + 1e-9


# ---- The plan --------------------------------------------------------------------------------------------


def test_a_plan_puts_both_estimands_side_by_side() -> None:
    plan = plan_study(Shape(scenarios=16, seeds=20, epochs=1, arms=2), base=0.05, effect=0.15)
    assert (plan.episodes, plan.suite.effective_n) == (640, 320)
    assert plan.population.effective_n == pytest.approx(320 / 6.7)
    assert plan.suite.needed == plan.population.needed == needed_per_arm(0.05, 0.15)
    assert plan.suite.power is not None
    assert plan.population.power is not None
    assert plan.suite.power > 0.95 > 0.5 > plan.population.power
    assert plan.suite.zero == pytest.approx(1 - 0.05 ** (1 / 320))
    assert plan.population_zero == pytest.approx(1 - 0.05 ** (1 / 16))


def test_a_plan_for_three_arms_says_what_several_comparisons_cost() -> None:
    sentences = plan_study(Shape(16, 20, 1, 3), base=0.05).sentences()
    assert sentences[:2] == [
        "16 scenarios × 20 seeds × 1 epoch × 3 arms: 960 episodes for each model.",
        "What follows is for one of 2 comparisons with the control; Holm's first asks for p <= 0.025.",
    ]


def test_repetitions_count_as_much_as_they_are_said_to() -> None:
    once = plan_study(Shape(16, 20, 3, 2), base=0.05)
    partly = plan_study(Shape(16, 20, 3, 2), base=0.05, epoch_icc=0.5)
    assert (once.suite.effective_n, partly.suite.effective_n) == (320, 480)
