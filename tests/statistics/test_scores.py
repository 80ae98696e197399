"""How well scores tell positives from negatives: against definitions, other libraries and by properties."""

from collections.abc import Callable
from itertools import product
from math import isclose, sqrt
from statistics import NormalDist, mean, variance

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics  # pyright: ignore[reportMissingTypeStubs]

from ulterior.analysis.statistics import (
    Scored,
    area_gap,
    auroc,
    calibration_curve,
    calibration_error,
    found_at,
    found_gap,
)

# scikit-learn is untyped: this is the type of what is used of it
area_of_another: Callable[[list[bool], list[float]], float] = getattr(metrics, "roc_auc_score")  # noqa: B009
SCORED = st.lists(
    st.builds(Scored, st.integers(0, 5), st.sampled_from([0.0, 0.2, 0.5, 0.7, 1.0]), st.booleans()),
    max_size=40,
)
BOTH_KINDS = SCORED.filter(lambda rows: len({row.positive for row in rows}) == 2)


def alone(scores: str, positive: bool) -> list[Scored]:
    """Samples that are clusters of their own."""
    return [Scored((positive, number), float(score), positive) for number, score in enumerate(scores.split())]


def test_the_area_of_separated_scores_is_one_and_its_interval_is_that_of_the_scarcer_class() -> None:
    area = auroc(alone("0.8 0.9 0.7", positive=True) + alone("0.1 0.2 0.3 0.4", positive=False))
    assert (area.estimate, area.high) == (1.0, 1.0)
    assert area.low == pytest.approx(0.025 ** (1 / 3))
    assert area.method == "exact binomial, as many trials as the scarcer class has clusters"


def test_the_published_area_is_found_with_bounds_near_its_published_error() -> None:
    """Ratings 1 to 5 of 58 normal and 51 abnormal CT images (Hanley and McNeil 1982, Radiology 143)."""
    normal, abnormal = (33, 6, 6, 11, 2), (3, 2, 2, 11, 33)
    rows = [
        Scored((positive, rating, image), rating / 4, positive)
        for positive, counts in ((False, normal), (True, abnormal))
        for rating, count in enumerate(counts)
        for image in range(count)
    ]
    area = auroc(rows)
    assert area.estimate == pytest.approx(0.893, abs=5e-4)
    assert area.low is not None
    assert area.high is not None
    assert (area.high - area.low) / 2 == pytest.approx(1.96 * 0.032, abs=4e-3)
    assert (area.positives, area.negatives) == (51, 58)


@given(BOTH_KINDS)
def test_the_area_is_that_of_another_library(rows: list[Scored]) -> None:
    expected = area_of_another([row.positive for row in rows], [row.score for row in rows])
    assert auroc(rows).estimate == pytest.approx(expected)


@given(BOTH_KINDS)
def test_the_area_lies_within_its_interval_and_turns_round_with_the_scores(rows: list[Scored]) -> None:
    area = auroc(rows)
    turned = auroc([Scored(row.cluster, 1 - row.score, row.positive) for row in rows])
    assert area.estimate is not None
    assert turned.estimate is not None
    assert isclose(area.estimate, 1 - turned.estimate, abs_tol=1e-12)
    assert area.low is not None
    assert area.high is not None
    assert -1e-9 <= area.low <= area.estimate + 1e-9
    assert area.estimate - 1e-9 <= area.high <= 1 + 1e-9


def test_the_interval_of_single_samples_is_delongs() -> None:
    positives, negatives = (0.9, 0.8, 0.35, 0.6, 0.75), (0.1, 0.4, 0.35, 0.2, 0.7, 0.05)

    def above(positive: float, negative: float) -> float:
        return float(positive > negative) + 0.5 * (positive == negative)

    of_positives = [mean(above(one, other) for other in negatives) for one in positives]
    of_negatives = [mean(above(one, other) for one in positives) for other in negatives]
    error = sqrt(variance(of_positives) / len(positives) + variance(of_negatives) / len(negatives))
    rows = alone(" ".join(map(str, positives)), positive=True)
    rows += alone(" ".join(map(str, negatives)), positive=False)
    area = auroc(rows)
    estimate = mean(of_positives)
    assert area.estimate == pytest.approx(estimate)
    assert area.low is not None
    assert area.high is not None
    # Half the length on the logit scale is Student's 97.5 % quantile with 4 degrees, 2.776, times the error.
    logit = [value / (1 - value) for value in (area.low, area.high)]
    half = 2.776445105 * error / (estimate * (1 - estimate))
    centre = estimate / (1 - estimate)
    assert sqrt(logit[0] * logit[1]) == pytest.approx(centre)
    assert logit[1] / centre == pytest.approx(2.718281828459045**half)


def test_copies_within_a_cluster_claim_no_more_certainty() -> None:
    rows = alone("0.9 0.8 0.35 0.6", positive=True) + alone("0.1 0.4 0.35 0.7", positive=False)
    once, thrice = auroc(rows), auroc(rows * 3)
    assert thrice.low == pytest.approx(once.low)
    assert thrice.high == pytest.approx(once.high)


def test_the_interval_covers_at_its_level_where_samples_of_an_instance_hang_together() -> None:
    rng = np.random.default_rng(1)
    true_area, distance = 0.75, NormalDist().inv_cdf(0.75) * sqrt(2)
    covered = 0
    for _ in range(200):
        shared, own = rng.normal(size=16), rng.normal(size=(16, 4))
        rows = [
            Scored(cluster, (shared[cluster] + own[cluster, n]) / sqrt(2) + distance * (n % 2), n % 2 == 1)
            for cluster in range(16)
            for n in range(4)
        ]
        area = auroc(rows)
        covered += area.low is not None and area.high is not None and area.low <= true_area <= area.high
    assert covered >= 184  # of 200: three standard errors below 95 %


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "no scored samples"),
        ([Scored(1, 0.5, True)], "no negatives"),
        ([Scored(1, 0.5, False)], "no positives"),
    ],
)
def test_without_both_kinds_there_is_no_area_and_a_reason(rows: list[Scored], reason: str) -> None:
    area = auroc(rows)
    assert (area.estimate, area.low, area.high, area.reason) == (None, None, None, reason)


@given(BOTH_KINDS, st.sampled_from([0.01, 0.05, 0.2, 0.5]))
def test_no_more_negatives_are_flagged_than_allowed_and_no_lower_threshold_would_do(
    rows: list[Scored], at_most: float
) -> None:
    point = found_at(rows, at_most)
    assert point.false_alarms.k <= at_most * point.false_alarms.n
    lower = {row.score for row in rows if point.threshold is None or row.score < point.threshold}
    negatives = [row.score for row in rows if not row.positive]
    assert all(sum(score >= each for score in negatives) > at_most * len(negatives) for each in lower)


@given(BOTH_KINDS)
def test_more_false_alarms_never_find_less(rows: list[Scored]) -> None:
    found = [found_at(rows, at_most).found.k for at_most in (0.01, 0.05, 0.2, 0.5, 1.0)]
    assert found == sorted(found)
    assert found[-1] == sum(row.positive for row in rows)


def test_few_negatives_are_said_to_show_no_small_rate() -> None:
    rows = alone("0.9 0.4", positive=True) + alone("0.1 0.5", positive=False)
    point = found_at(rows, 0.01)
    assert (point.threshold, point.found.k, point.found.n, point.false_alarms.k) == (0.9, 1, 2, 0)
    assert point.note == "2 negatives can't show a rate of 1 %: not one may be flagged"


def test_scores_that_only_tie_find_nothing_at_a_small_rate() -> None:
    point = found_at(alone("1 1", positive=True) + alone("1 0", positive=False), 0.05)
    assert (point.threshold, point.found.k) == (None, 0)


def test_the_calibration_error_is_the_mean_distance_of_the_tenths() -> None:
    rows = alone("0.95 0.95 0.95", positive=True) + alone("0.95 0.15", positive=False)
    # Four samples score 0.95 and three of them are positive; one scores 0.15 and is not.
    assert calibration_error(rows) == pytest.approx((4 * 0.20 + 1 * 0.15) / 5)
    assert [(each.low, each.positive.n, each.positive.k) for each in calibration_curve(rows)] == [
        (0.1, 1, 0),
        (0.9, 4, 3),
    ]
    assert calibration_error([]) is None


@given(SCORED)
def test_every_score_stands_in_one_bin_of_the_curve(rows: list[Scored]) -> None:
    curve = calibration_curve(rows)
    assert sum(each.positive.n for each in curve) == len(rows)
    assert all(each.low - 1e-9 <= each.mean_score <= each.high + 1e-9 for each in curve)


# ---- Two detectors ---------------------------------------------------------------------------------------

PERFECT = [Scored(n, float(n % 2), n % 2 == 1) for n in range(40)]
BLIND = [Scored(n, 0.5, n % 2 == 1) for n in range(40)]


def test_a_perfect_detector_is_better_than_a_blind_one_with_the_whole_interval() -> None:
    area, found = area_gap(PERFECT, BLIND), found_gap(PERFECT, BLIND, 0.05)
    assert (area.estimate, area.low, area.high, area.above) == (0.5, 0.5, 0.5, True)
    assert (found.estimate, found.above) == (1.0, True)


def test_equal_detectors_differ_by_nothing_and_the_same_seed_gives_the_same_bounds() -> None:
    mixed = [Scored(n, (n * 7 % 11) / 10, n % 2 == 1) for n in range(40)]
    same = area_gap(mixed, mixed, seed=3)
    assert (same.estimate, same.low, same.high, same.above) == (0.0, 0.0, 0.0, False)
    assert area_gap(mixed, BLIND, seed=3) == area_gap(mixed, BLIND, seed=3)
    assert area_gap(mixed, BLIND, seed=3) != area_gap(mixed, BLIND, seed=4)


def test_a_few_instances_give_a_difference_and_no_interval() -> None:
    few = [Scored(n % 4, float(n % 2), n % 2 == 1) for n in range(40)]
    gap = area_gap(few, [Scored(row.cluster, 0.5, row.positive) for row in few])
    assert (gap.estimate, gap.low, gap.high, gap.above) == (0.5, None, None, False)
    assert gap.reason == "only 2 instances hold positives, or negatives: too few for an interval"


def test_other_samples_are_refused() -> None:
    for one, other in product((PERFECT, PERFECT[1:]), (BLIND[1:], BLIND)):
        if len(one) != len(other):
            with pytest.raises(ValueError, match="the same samples"):
                area_gap(one, other)
