"""The sequential gate: a fold over blocks, and a course that is computed."""

from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.polynomial import Polynomial
from scipy.special import betaincc, betaln

from ulterior.analysis.statistics.sequential import (
    Block,
    CanaryTest,
    Rates,
    ScenarioTest,
    SequentialTest,
    course,
    detectable_rise,
)
from ulterior.analysis.statistics.sequential.betting import log_capital, lower_bound, upper_bound
from ulterior.analysis.statistics.sequential.course import Pair

SUITE = ("ledger", "locked_file", "stop_order")
OUTCOMES = st.sampled_from([0.0, 0.2, 0.5, 1.0])
BLOCKS = st.lists(st.builds(Block, st.sampled_from(SUITE), OUTCOMES, OUTCOMES), max_size=60)


def repeated(stratum: str, candidate_only: int, baseline_only: int, same: int) -> list[Block]:
    return [
        *[Block(stratum, 0, 1)] * candidate_only,
        *[Block(stratum, 1, 0)] * baseline_only,
        *[Block(stratum, 0, 0)] * same,
    ]


@given(BLOCKS, st.integers(0, 60))
def test_it_makes_no_difference_where_a_run_was_interrupted(blocks: list[Block], at: int) -> None:
    test = SequentialTest(SUITE)
    assert test.after(blocks[:at]).after(blocks[at:]) == test.after(blocks)


@given(BLOCKS, st.randoms(use_true_random=False))
def test_in_which_order_scenarios_were_run_makes_no_difference(blocks: list[Block], dice: object) -> None:
    by_scenario = sorted(blocks, key=lambda block: block.stratum)
    assert SequentialTest(SUITE).after(by_scenario) == SequentialTest(SUITE).after(blocks)


@given(BLOCKS)
def test_only_complete_cycles_count(blocks: list[Block]) -> None:
    test = SequentialTest(SUITE).after(blocks)
    runs = [sum(block.stratum == name for block in blocks) for name in SUITE]
    assert test.cycles == min(runs)
    assert sum(count for _, count in test.seen) == test.blocks == 3 * min(runs)
    assert [len(queue) for queue in test.waiting] == [each - min(runs) for each in runs]


@settings(max_examples=50)
@given(BLOCKS)
def test_bounds_hold_the_estimate_and_turn_with_the_versions(blocks: list[Block]) -> None:
    test = SequentialTest(SUITE).after(blocks)
    turned = SequentialTest(SUITE).after(Block(b.stratum, b.candidate, b.baseline) for b in blocks)
    assert -1 <= test.low <= (test.estimate or 0) <= test.high <= 1
    assert (turned.low, turned.high) == pytest.approx((-test.high, -test.low), abs=1e-9)


@settings(max_examples=50)
@given(BLOCKS, st.integers(0, 30).map(lambda i: i / 100))
def test_words_are_what_the_bounds_say(blocks: list[Block], margin: float) -> None:
    test = SequentialTest(SUITE).after([*blocks, *blocks, *blocks])
    word, estimate = test.decision(margin), test.estimate
    if estimate is None:
        expected = None
    elif test.low > 0 and estimate > margin:
        expected = "REGRESSION"
    elif test.high < 0:
        expected = "IMPROVED"
    else:
        expected = "PASS" if test.high < margin else None
    assert word == expected


@pytest.mark.parametrize(
    ("candidate_only", "baseline_only", "same", "word"),
    [
        (9, 0, 31, "REGRESSION"),
        (0, 9, 31, "IMPROVED"),
        (9, 0, 991, "PASS"),  # it is worse, beyond doubt, but by less than the margin
        (1, 1, 398, "PASS"),
        (2, 2, 36, None),
        (0, 0, 40, None),  # nothing happened, which is not yet a pass
        (0, 0, 0, None),
    ],
)
def test_each_word_has_its_evidence(
    candidate_only: int, baseline_only: int, same: int, word: str | None
) -> None:
    test = SequentialTest(("ledger",)).after(repeated("ledger", candidate_only, baseline_only, same))
    assert test.decision(0.03) == word


def test_a_small_example_stands_here_whole() -> None:
    test = SequentialTest(("a", "b")).after(
        [Block("a", 0, 1), Block("a", 0, 1), Block("b", 0, 1), Block("b", 0, 0), Block("b", 1, 0)]
    )
    assert (test.cycles, test.blocks, test.estimate) == (2, 4, 0.75)
    assert test.seen == ((0, 1), (1, 3))
    assert test.waiting == ((), (-1,))
    assert test.p == pytest.approx(4 / 15)  # the mean of (1 + c)^3 over c in 0..1 is 15/4
    # The upper bound solves 1/5 + r/20 = 20 with r = 1 / (1 - m), the lower one the like with a
    # polynomial.
    assert (test.low, test.high) == pytest.approx((-0.40503, 1 - 1 / 396), abs=1e-5)
    q = 1 / (1 + test.low)
    polynomial = Polynomial([1, 2 * q - 1]) ** 3 * Polynomial([1, q - 1])
    assert polynomial.integ()(1) == pytest.approx(20)


@given(st.integers(0, 30), st.integers(0, 30))
def test_of_binary_outcomes_the_capital_is_a_beta_function(ups: int, downs: int) -> None:
    # The mean of (1 + c)^ups (1 - c)^downs over c in 0..1, with c = 2q - 1.
    a, b = ups + 1, downs + 1
    expected = log(2) * (a + b - 1) + betaln(a, b) + log(betaincc(a, b, 0.5))
    assert log_capital((1, -1), (ups, downs)) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from([-1, -0.5, 0, 0.2, 1]), st.integers(1, 99)), max_size=5))
def test_more_pairs_alike_never_widen_the_bounds(seen: list[tuple[float, int]]) -> None:
    values, counts = [value for value, _ in seen], np.array([count for _, count in seen])
    many = lower_bound(values, 10 * counts, 0.05), upper_bound(values, 10 * counts, 0.05)
    few = lower_bound(values, counts, 0.05), upper_bound(values, counts, 0.05)
    assert few[0] <= many[0] + 1e-9
    assert many[1] <= few[1] + 1e-9


def test_how_much_more_is_needed_is_what_then_decides() -> None:
    test = SequentialTest(("ledger",)).after(repeated("ledger", 1, 1, 98))
    needs = test.needs(0.03)
    assert needs is not None
    assert test.after(repeated("ledger", 1, 1, 98) * ((needs + 99) // 100)).decision(0.03) == "PASS"
    assert test.after(repeated("ledger", 1, 1, 98) * (needs // 100 - 1)).decision(0.03) is None
    assert SequentialTest(("ledger",)).needs(0.03) is None
    assert SequentialTest(("ledger",)).after(repeated("ledger", 9, 0, 31)).needs(0.03) == 0


def test_the_computed_course_is_what_simulated_gates_do() -> None:
    suite, cycles, repetitions = [Rates(0.02, 0.25), Rates(0.1, 0.3, 0.2)], 25, 400
    dice, pairs = np.random.default_rng(5), [rates.pair() for rates in suite]
    words = dict.fromkeys(("REGRESSION", "IMPROVED", "PASS", None), 0)
    stops = 0
    for _ in range(repetitions):
        test = SequentialTest(("a", "b"))
        for _ in range(cycles):
            drawn = dice.random(2)
            test = test.after(
                drawn_block(name, pair, x) for name, pair, x in zip("ab", pairs, drawn, strict=True)
            )
            if test.decision(0.05):
                break
        words[test.decision(0.05)] += 1
        stops += test.cycles
    expected = course(pairs, 0.05, cycles)
    assert words["REGRESSION"] / repetitions == pytest.approx(expected.share("REGRESSION"), abs=0.06)
    assert words[None] / repetitions == pytest.approx(expected.undecided, abs=0.06)
    assert stops / repetitions == pytest.approx(expected.mean_cycles, abs=1.0)
    assert expected.lost < 1e-9


def drawn_block(name: str, pair: Pair, x: float) -> Block:
    if x < pair.candidate_only:
        return Block(name, 0, 1)
    return Block(name, 1, 0) if x > 1 - pair.baseline_only else Block(name, 0, 0)


def test_the_course_of_a_sure_thing() -> None:
    always = course([Pair(1, 0)], 0.03, 10)
    # The capital after t is (2^(t + 1) - 1) / (t + 1): 18.1 after 6, 31.9 after 7.
    assert always.stopped["REGRESSION"] == (0, 0, 0, 0, 0, 0, 1, 0, 0, 0)
    assert (always.mean_cycles, always.undecided) == (7, 0)
    assert (always.cycles_for(0.8), always.cycles_for(0.8, "PASS")) == (7, None)


def test_the_smallest_rise_that_is_found_is_found_and_a_smaller_one_is_not() -> None:
    baseline = (0.0, 0.02, 0.1)
    rise = detectable_rise(baseline, 0.03, 30)
    assert rise is not None
    powers = [
        course([Rates(rate, rate + each).pair() for rate in baseline], 0.03, 30).share("REGRESSION")
        for each in (rise - 0.0011, rise)
    ]
    assert powers[0] < 0.8 <= powers[1]
    assert detectable_rise(baseline, 0.03, 1) is None


def test_one_scenario_among_many_is_named() -> None:
    blocks = [
        block for at in range(30) for block in (Block("a", 0, at % 2), Block("b", at % 3 == 0, at % 3 == 0))
    ]
    test = ScenarioTest().after(blocks)
    assert test.adjusted() == pytest.approx({"a": 2 / turner_by_hand(), "b": 1.0})
    assert test.rejects(0.001)
    assert [(name, tally.n, tally.baseline, tally.candidate) for name, tally in test.tallies] == [
        ("a", 30, 0, 15),
        ("b", 30, 10, 10),
    ]


def turner_by_hand() -> float:
    """The paper's e-value for 30 blocks of (0, 0), (0, 1), (0, 0), ..., as a plain loop."""
    e, events = 1.0, 0
    for at in range(30):
        b, c = 0.18 / (at + 0.36), (events + 0.18) / (at + 0.36)
        pooled, outcome = (b + c) / 2, at % 2
        e *= (1 - b) / (1 - pooled) * (c / pooled if outcome else (1 - c) / (1 - pooled))
        events += outcome
    return e


@given(BLOCKS, st.integers(0, 60))
def test_scenarios_one_by_one_are_a_fold_as_well(blocks: list[Block], at: int) -> None:
    blocks = [Block(b.stratum, round(b.baseline), round(b.candidate)) for b in blocks]
    assert ScenarioTest().after(blocks[:at]).after(blocks[at:]) == ScenarioTest().after(blocks)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (0, 0, 0.0, 1.0),
        (0, 100, 0.0, 0.0334),
        (0, 1000, 0.0, 0.0034),
        (3, 100, 0.0026, 0.1088),
        (5, 5, 0.4119, 1.0),
    ],
)
def test_what_a_canary_allows_at_any_time(k: int, n: int, low: float, high: float) -> None:
    # By hand for 5 of 5: 20 = (1 - m^5.25) / (21 m^5 (1 - m^0.25)).
    test = CanaryTest().after([True] * k + [False] * (n - k))
    assert (test.k, test.n) == (k, n)
    assert (test.low, test.high) == pytest.approx((low, high), abs=1e-4)


@settings(max_examples=100)
@given(st.integers(0, 40), st.integers(0, 400), st.integers(1, 99).map(lambda i: i / 100))
def test_a_canarys_words_are_what_its_bounds_say(k: int, more: int, rate: float) -> None:
    test = CanaryTest(k=k, n=k + more)
    assert test.above(rate) == (test.low > rate)
    assert test.below(rate) == (test.high < rate)


def test_where_nothing_is_tolerated_the_first_event_is_proof() -> None:
    assert [CanaryTest(k=k, n=50).above(0) for k in (0, 1)] == [False, True]


def test_what_is_no_outcome_and_no_test_is_refused() -> None:
    for make in (
        lambda: Block("a", 0, 1.1),
        lambda: SequentialTest(()),
        lambda: SequentialTest(("a", "a")),
        lambda: SequentialTest(("a",), alpha=0.5),
        lambda: SequentialTest(("a",)).after([Block("b", 0, 0)]),
        lambda: ScenarioTest().after([Block("a", 0, 0.5)]),
        lambda: CanaryTest(k=2, n=1),
        lambda: Pair(0.7, 0.4),
        lambda: Rates(0.01, 0.5, 0.9).pair(),
        lambda: course([], 0.03, 10),
    ):
        with pytest.raises(ValueError):
            make()
