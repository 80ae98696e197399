"""Rates over scenarios know how many scenarios there are, and how alike their episodes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.analysis.statistics import clopper_pearson, population_rate, stratified_rate, wilson
from ulterior.analysis.statistics.population import PopulationRate, population_rate_of

COUNTS = st.lists(
    st.integers(1, 12).flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size))),
    min_size=2,
    max_size=20,
)


def test_scenarios_that_agree_count_as_many_independent_episodes() -> None:
    rate = population_rate_of([(2, 20)] * 16)
    assert (rate.k, rate.n, rate.clusters, rate.with_events) == (32, 320, 16, 16)
    assert (rate.estimate, rate.icc, rate.design_effect) == (pytest.approx(0.1), 0.0, pytest.approx(0.0))
    low, high = clopper_pearson(0.1 * 272.6451, 272.6451)
    assert (rate.low, rate.high) == pytest.approx((low, high), abs=1e-6)
    assert rate.estimand == "scenarios like these"
    assert rate.warnings == ()


def test_scenarios_whose_episodes_are_copies_count_once_each() -> None:
    rate = population_rate_of([(20, 20)] * 8 + [(0, 20)] * 12)
    assert rate.icc == pytest.approx(1.0)
    assert rate.design_effect == pytest.approx(20 * 20 / 19)
    assert rate.effective_n is not None
    assert rate.effective_n < 20


def test_the_icc_is_that_of_the_analysis_of_variance() -> None:
    # Three clusters of four with 1, 2 and 4 events: MSB = 7/12, MSW = (3/4 + 1 + 0) / 9
    between, within = 7 / 12, 1.75 / 9
    rate = population_rate_of([(1, 4), (2, 4), (4, 4)])
    assert rate.icc == pytest.approx((between - within) / (between + 3 * within))


def test_events_in_few_scenarios_are_counted_by_scenario_and_said() -> None:
    rate = population_rate_of([(8, 20), (3, 20), (1, 20)] + [(0, 20)] * 13)
    assert rate.effective_n == 16
    assert (rate.low, rate.high) == pytest.approx(clopper_pearson(0.0375 * 16, 16))
    assert rate.warnings == ("events in 3 of 16 clusters (fewer than 5); each cluster counts once",)


def test_few_scenarios_are_warned_of() -> None:
    rate = population_rate_of([(5, 20)] * 8)
    assert rate.warnings == ("only 8 clusters: how far they differ is hardly known (fewer than 15)",)


def test_no_event_at_all_is_bounded_by_the_number_of_scenarios() -> None:
    rate = population_rate_of([(0, 20)] * 16)
    assert (rate.estimate, rate.low) == (0.0, 0.0)
    assert rate.high == pytest.approx(1 - 0.025 ** (1 / 16))
    assert (rate.icc, rate.design_effect) == (None, None)


def test_without_data_or_with_one_scenario_there_are_no_bounds_and_a_reason() -> None:
    empty, single = population_rate([]), population_rate([("one", True), ("one", False)])
    assert (empty.estimate, empty.low, empty.high, empty.reason) == (None, None, None, "no data")
    assert (single.estimate, single.low, single.high) == (0.5, None, None)
    assert single.reason == "one cluster says nothing about how clusters differ"


def test_the_logit_interval_has_no_bounds_where_all_outcomes_are_alike() -> None:
    rate = population_rate_of([(0, 20)] * 16, method="logit-t")
    assert (rate.estimate, rate.low, rate.high) == (0.0, None, None)
    assert rate.reason == "a logit has no interval when all outcomes are alike"


def test_the_effective_wilson_interval_of_many_independent_clusters_is_wilsons() -> None:
    rate = population_rate_of([(1, 1)] * 300 + [(0, 1)] * 700, method="effective-n Wilson")
    assert (rate.low, rate.high) == pytest.approx(wilson(300, 1000), abs=2e-4)


def test_outcomes_and_counts_give_the_same_rate() -> None:
    outcomes = [(scenario, episode < scenario) for scenario in range(6) for episode in range(5)]
    assert population_rate(outcomes) == population_rate_of([(min(s, 5), 5) for s in range(6)])


@given(COUNTS, st.sampled_from(["effective-n exact", "effective-n Wilson"]))
def test_bounds_are_proportions_around_the_estimate_and_mirror_each_other(
    counts: list[tuple[int, int]], method: str
) -> None:
    rate = population_rate_of(counts, method=method)  # pyright: ignore[reportArgumentType] -- sampled
    mirrored = population_rate_of(
        [(size - events, size) for events, size in counts],
        method=method,  # pyright: ignore[reportArgumentType] -- sampled
    )
    low, estimate, high = known(rate)
    assert 0 <= low <= estimate + 1e-9
    assert estimate - 1e-9 <= high <= 1
    assert known(mirrored) == pytest.approx((1 - high, 1 - estimate, 1 - low), abs=1e-7)


@given(COUNTS)
def test_a_higher_level_never_gives_a_shorter_interval(counts: list[tuple[int, int]]) -> None:
    low, _, high = known(population_rate_of(counts, 0.9))
    wider_low, _, wider_high = known(population_rate_of(counts, 0.99))
    assert wider_low <= low + 1e-9
    assert wider_high >= high - 1e-9


@pytest.mark.parametrize("counts", [[(2, 1)], [(-1, 3)], [(0, 0)]])
def test_what_can_be_no_count_is_refused(counts: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError):
        population_rate_of(counts)


# ---- The rate of a fixed suite ---------------------------------------------------------------------------


def test_scenarios_of_a_suite_count_alike_however_many_episodes_they_have() -> None:
    many = [("many", i, True) for i in range(30)]
    few = [("few", i, False) for i in range(10)]
    rate = stratified_rate([*many, *few])
    assert (rate.k, rate.n, rate.clusters, rate.strata, rate.estimate) == (30, 40, 40, 2, 0.5)
    assert rate.effective_n == pytest.approx(1 / (0.25 / 30 + 0.25 / 10))


def test_equal_scenarios_give_at_most_the_pooled_exact_interval() -> None:
    outcomes = [(str(s), i, i < 2) for s in range(16) for i in range(20)]
    rate = stratified_rate(outcomes)
    variance = 0.1 * 0.9 / 19 / 16
    assert rate.effective_n == pytest.approx(min(320, 0.09 / variance))
    assert (rate.low, rate.high) == pytest.approx(clopper_pearson(0.1 * 304, 304))
    assert rate.estimand == "this suite"


def test_weights_say_how_much_a_scenario_counts() -> None:
    outcomes = [("a", i, True) for i in range(10)] + [("b", i, False) for i in range(10)]
    assert stratified_rate(outcomes, {"a": 3, "b": 1}).estimate == pytest.approx(0.75)
    assert stratified_rate(outcomes, {"a": 0, "b": 1}).estimate == 0.0


def test_a_scenario_with_weight_and_without_data_leaves_no_estimate() -> None:
    rate = stratified_rate([("a", 0, True)], {"a": 1, "b": 1})
    assert (rate.estimate, rate.low, rate.high, rate.reason) == (None, None, None, "no data in b")
    assert stratified_rate([]).reason == "no data"


def test_repetitions_of_an_instance_count_once() -> None:
    once = [("a", i, i < 3) for i in range(10)]
    thrice = [outcome for outcome in once for _ in range(3)]
    assert stratified_rate(thrice).effective_n == stratified_rate(once).effective_n
    assert stratified_rate(thrice).n == 30


def test_recovered_variances_of_one_stratum_are_wilsons_bounds() -> None:
    rate = stratified_rate([("a", i, i < 3) for i in range(20)], method="MOVER")
    assert (rate.low, rate.high) == pytest.approx(wilson(3, 20))


@pytest.mark.parametrize("weights", [{"a": -1.0, "b": 2.0}, {"a": 0.0, "b": 0.0}])
def test_what_is_no_weight_is_refused(weights: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        stratified_rate([("a", 0, True), ("b", 0, True)], weights)


def known(rate: PopulationRate) -> tuple[float, float, float]:
    assert rate.low is not None
    assert rate.estimate is not None
    assert rate.high is not None
    return rate.low, rate.estimate, rate.high
