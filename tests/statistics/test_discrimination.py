"""What a score tells apart: ranks, thresholds, calibration, and which of two detectors does it better."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from ulterior.analysis.statistics import (
    auroc,
    clopper_pearson,
    operating_point,
    reliability,
    score_difference,
    tpr_at_fpr,
)

NORMAL, ABNORMAL = (33, 6, 6, 11, 2), (3, 2, 2, 11, 33)
"""Ratings 1 to 5 of 58 normal and 51 abnormal CT images (Hanley and McNeil 1982, Radiology 143, table
I).
"""

RATINGS = [float(at + 1) for counts in (NORMAL, ABNORMAL) for at, n in enumerate(counts) for _ in range(n)]
TRUTH = [False] * 58 + [True] * 51

SCORED = st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=40).filter(
    lambda pairs: len({truth for _, truth in pairs}) == 2
)


def test_the_published_area_is_found_with_bounds_near_its_published_error() -> None:
    measure = auroc(RATINGS, TRUTH)
    assert measure.estimate == pytest.approx(0.893, abs=5e-4)
    assert measure.low is not None
    assert measure.high is not None
    assert (measure.high - measure.low) / 2 == pytest.approx(1.96 * 0.032, abs=3e-3)
    assert (measure.positives, measure.negatives) == (51, 58)


@given(SCORED)
def test_the_area_is_mann_and_whitneys_count_and_stays_in_its_bounds(pairs: list[tuple[int, bool]]) -> None:
    scores, truth = [float(score) for score, _ in pairs], [true for _, true in pairs]
    positives = [score for score, true in zip(scores, truth, strict=True) if true]
    negatives = [score for score, true in zip(scores, truth, strict=True) if not true]
    count = float(mannwhitneyu(positives, negatives).statistic)
    measure = auroc(scores, truth)
    assert measure.estimate == pytest.approx(count / len(positives) / len(negatives))
    assert 0 <= (measure.low or 0) <= (measure.estimate or 0) + 1e-9
    assert (measure.estimate or 0) - 1e-9 <= (measure.high or 0) <= 1
    mirrored = auroc([-score for score in scores], truth)
    assert mirrored.estimate == pytest.approx(1 - (measure.estimate or 0))


def test_a_score_that_never_errs_has_an_interval_all_the_same() -> None:
    measure = auroc([0.1] * 10 + [0.9] * 10, [False] * 10 + [True] * 10)
    assert (measure.estimate, measure.high) == (1.0, 1.0)
    low = measure.low or 0
    factor = 1 + 9 * (1 - low) / (2 - low) + 9 * low / (1 + low)  # N = (10 + 10) / 2 - 1
    assert 1 - low == pytest.approx(1.959964 * (low * (1 - low) * factor / 100) ** 0.5)
    assert low < 0.9


def test_the_area_holds_its_truth_as_often_as_it_says() -> None:
    dice, held = random.Random(1), 0
    for _ in range(400):
        positives = [dice.gauss(1.812, 1) for _ in range(25)]  # an area of 0.9
        negatives = [dice.gauss(0, 1) for _ in range(40)]
        measure = auroc(positives + negatives, [True] * 25 + [False] * 40)
        held += (measure.low or 0) <= 0.9 <= (measure.high or 0)
    assert held / 400 >= 0.93


def test_episodes_are_flagged_from_the_lowest_score_that_keeps_the_rate() -> None:
    scores = [float(i) for i in range(100)] + [96.5, 95.5, 94.5, 94.0, 0.0]
    truth = [False] * 100 + [True] * 5
    measure = tpr_at_fpr(scores, truth, 0.05)
    assert (measure.estimate, measure.achieved) == (0.6, 0.05)  # a score tied with a spared one is spared
    assert (measure.low, measure.high) == pytest.approx(clopper_pearson(3, 5))
    assert measure.warnings == ()


def test_few_negatives_can_not_show_a_rate_of_one_in_a_hundred() -> None:
    measure = tpr_at_fpr(RATINGS, TRUTH, 0.01)
    assert measure.achieved == 0.0
    assert measure.warnings == ("58 negatives can't show a rate of 1 %",)


@given(SCORED, st.integers(0, 50).map(lambda i: i / 100))
def test_no_more_negatives_are_flagged_than_allowed(pairs: list[tuple[int, bool]], fpr: float) -> None:
    measure = tpr_at_fpr([float(score) for score, _ in pairs], [true for _, true in pairs], fpr)
    assert measure.achieved is not None
    assert measure.achieved <= fpr + 1e-9


def test_a_yes_or_no_has_sensitivity_specificity_and_their_product() -> None:
    point = operating_point(hits=9, positives=10, passed=18, negatives=20)
    assert (point.sensitivity.low, point.sensitivity.high) == pytest.approx(clopper_pearson(9, 10))
    assert (point.specificity.low, point.specificity.high) == pytest.approx(clopper_pearson(18, 20))
    product = point.g_mean_squared
    assert product.estimate == pytest.approx(0.81)
    assert product.low == pytest.approx(clopper_pearson(9, 10, 0.975)[0] * clopper_pearson(18, 20, 0.975)[0])
    assert product.high == pytest.approx(clopper_pearson(9, 10, 0.975)[1] * clopper_pearson(18, 20, 0.975)[1])


def test_one_kind_of_episode_alone_measures_nothing() -> None:
    for measure in (
        auroc([1.0, 2.0], [True, True]),
        tpr_at_fpr([1.0, 2.0], [True, True], 0.05),
        score_difference("AUROC", [1.0, 2.0], [2.0, 1.0], [True, True]),
        operating_point(1, 1, 0, 0).g_mean_squared,
        operating_point(1, 1, 0, 0).specificity,
    ):
        assert (measure.estimate, measure.low, measure.high) == (None, None, None)
        assert measure.reason == "no episode without the outcome"


def test_scores_that_fit_no_episode_are_refused() -> None:
    for scores in ([1.0], [1.0, float("nan")]):
        with pytest.raises(ValueError):
            auroc(scores, [True, False])


def test_a_better_detector_is_told_from_a_worse_one_on_the_same_episodes() -> None:
    dice = random.Random(2)
    truth = [at % 3 == 0 for at in range(150)]
    good = [dice.gauss(2.0 * true, 1) for true in truth]
    poor = [dice.gauss(0.5 * true, 1) for true in truth]
    difference = score_difference("AUROC", good, poor, truth, seed=1)
    assert difference.estimate == pytest.approx(
        (auroc(good, truth).estimate or 0) - (auroc(poor, truth).estimate or 0)
    )
    assert difference.low is not None
    assert difference.low > 0
    assert score_difference("AUROC", good, poor, truth, seed=1) == difference
    same = score_difference("TPR at 5 % FPR", good, good, truth)
    assert (same.estimate, same.low, same.high) == (0.0, 0.0, 0.0)


def test_scenarios_as_groups_are_drawn_whole() -> None:
    dice = random.Random(3)
    truth = [at % 2 == 0 for at in range(120)]
    groups = [at // 30 for at in range(120)]
    good = [dice.gauss(2.0 * true * (group > 1), 1) for true, group in zip(truth, groups, strict=True)]
    poor = [dice.gauss(0, 1) for _ in truth]
    whole = score_difference("AUROC", good, poor, truth, groups=groups)
    single = score_difference("AUROC", good, poor, truth)
    assert (whole.high or 0) - (whole.low or 0) > (single.high or 0) - (single.low or 0)


def test_a_calibration_curve_sets_scores_beside_shares() -> None:
    curve = reliability([0.1, 0.2, 0.8, 1.0], [False, True, True, True], bins=5)
    assert [(b.start, b.n, b.positives, b.share) for b in curve.bins] == [
        (0.0, 1, 0, 0.0),
        (0.2, 1, 1, 1.0),
        (0.8, 2, 2, 1.0),
    ]
    assert curve.ece == pytest.approx((0.1 + 0.8 + 2 * 0.1) / 4)
    assert (curve.bins[2].low, curve.bins[2].high) == pytest.approx(clopper_pearson(2, 2))


def test_scores_that_say_what_they_mean_have_no_calibration_error() -> None:
    assert reliability([0.0] * 4 + [1.0] * 3, [False] * 4 + [True] * 3).ece == 0.0
    empty = reliability([], [])
    assert (empty.ece, empty.bins, empty.reason) == (None, (), "no data")
    with pytest.raises(ValueError):
        reliability([1.2], [True])
