"""A detector's errors are taken out where that can be done; labels of some episodes stand for all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.analysis.statistics import (
    Calibration,
    LabelStratum,
    corrected_rate,
    exact_rate,
    two_phase,
    two_phase_accuracy,
)
from ulterior.analysis.statistics.correction import rogan_gladen

RAW = exact_rate(23, 150)
GOOD = Calibration("books", 45, 50, 90, 100)

STRATUM = st.integers(1, 30).flatmap(
    lambda size: st.integers(1, size).flatmap(
        lambda labelled: st.tuples(st.just(size), st.just(labelled), st.integers(0, labelled), st.booleans())
    )
)


def test_the_published_prevalence_is_found() -> None:
    # 23 of 150 cows react to a test for brucellosis with sensitivity 0.96 and specificity 0.89, both taken as
    # known: 5.1 per 100, 0 to 13 (example of epi.prev in the R package epiR).
    known = Calibration("cows", 96_000, 100_000, 89_000, 100_000)
    estimate, low, high = rogan_gladen(23, 150, known, 0.95)
    assert (estimate, low, high) == pytest.approx((0.051, 0.0, 0.13), abs=6e-4)


def test_the_corrected_rate_stands_beside_the_raw_one() -> None:
    result = corrected_rate(RAW, "books", GOOD)
    assert result.raw == RAW
    assert result.estimate == pytest.approx((23 / 150 + 0.9 - 1) / 0.8)
    assert result.low is not None
    assert result.high is not None
    assert RAW.low is not None
    assert RAW.high is not None
    assert result.high - result.low > RAW.high - RAW.low
    assert (result.sensitivity, result.specificity, result.method) == (0.9, 0.9, "Rogan-Gladen")
    assert result.estimand == "this suite"


@pytest.mark.parametrize(
    ("calibration", "reason"),
    [
        (None, "the detector was not calibrated on books"),
        (Calibration("mails", 45, 50, 90, 100), "the detector was calibrated on mails, not on books"),
        (Calibration("books", 19, 19, 90, 100), "calibrated on 19 episodes with the outcome (fewer than 20)"),
        (
            Calibration("books", 45, 50, 9, 10),
            "calibrated on 10 episodes without the outcome (fewer than 20)",
        ),
        (
            Calibration("books", 30, 50, 70, 100),
            "sensitivity + specificity - 1 is 0.30 (not above 0.3): the detector hardly tells the two apart",
        ),
    ],
)
def test_without_its_preconditions_there_is_only_the_raw_rate(
    calibration: Calibration | None, reason: str
) -> None:
    result = corrected_rate(RAW, "books", calibration)
    assert (result.estimate, result.low, result.high) == (None, None, None)
    assert (result.method, result.reason) == ("uncorrectable", f"uncorrectable: {reason}")
    assert result.raw == RAW


def test_no_data_can_not_be_corrected() -> None:
    assert corrected_rate(exact_rate(0, 0), "books", GOOD).reason == "uncorrectable: no data"


def test_what_is_no_calibration_is_refused() -> None:
    with pytest.raises(ValueError):
        Calibration("books", 51, 50, 90, 100)


@given(st.integers(0, 100), st.integers(30, 60), st.integers(70, 100))
def test_corrected_rates_are_proportions_inside_their_bounds_and_rise_with_the_raw_one(
    k: int, hits: int, passed: int
) -> None:
    calibration = Calibration("books", hits, 60, passed, 100)
    if hits / 60 + passed / 100 - 1 <= 0.3:
        return
    lower = rogan_gladen(k, 101, calibration, 0.95)
    higher = rogan_gladen(k + 1, 101, calibration, 0.95)
    assert 0 <= lower[1] <= lower[2] <= 1
    assert all(a <= b + 1e-12 for a, b in zip(lower, higher, strict=True))


def test_a_perfect_detector_is_hardly_corrected() -> None:
    estimate, low, high = rogan_gladen(30, 100, Calibration("books", 5000, 5000, 5000, 5000), 0.95)
    assert (estimate, low, high) == pytest.approx((0.3, 0.219, 0.396), abs=2e-3)


# ---- Labels of some episodes -----------------------------------------------------------------------------


def test_labelling_everything_leaves_no_doubt() -> None:
    strata = [LabelStratum("flagged", 10, 10, 7, flagged=True), LabelStratum("rest", 90, 90, 2)]
    result = two_phase(strata)
    assert (result.estimate, result.low, result.high, result.estimand) == (0.09, 0.09, 0.09, "these episodes")
    sensitivity, specificity = two_phase_accuracy(strata)
    assert (sensitivity.estimate, sensitivity.low, sensitivity.high) == pytest.approx((7 / 9, 7 / 9, 7 / 9))
    assert (specificity.estimate, specificity.low, specificity.high) == pytest.approx((88 / 91,) * 3)


def test_each_label_stands_for_its_share_of_the_stratum() -> None:
    strata = [LabelStratum("flagged", 60, 30, 20, flagged=True), LabelStratum("rest", 540, 90, 1)]
    assert two_phase(strata).estimate == pytest.approx((40 + 6) / 600)
    sensitivity, specificity = two_phase_accuracy(strata)
    assert sensitivity.estimate == pytest.approx(40 / 46)
    assert specificity.estimate == pytest.approx(534 / 554)


def test_bounds_are_those_of_drawing_the_unlabelled_rest_with_the_priors_pull_and_without() -> None:
    strata = [LabelStratum("flagged", 60, 30, 20, flagged=True), LabelStratum("rest", 540, 90, 1)]
    dice = np.random.default_rng(5)
    found = 20 + dice.binomial(30, dice.beta(20.5, 10.5, 200_000))
    missed = 1 + dice.binomial(450, dice.beta(1.5, 89.5, 200_000))
    result, (sensitivity, _) = two_phase(strata), two_phase_accuracy(strata)
    low, high = np.quantile((found + missed) / 600, (0.025, 0.975))
    pull = (found + missed).mean() / 600 - (40 + 6) / 600  # upwards
    assert pull > 0.003
    assert (result.low, result.high) == pytest.approx((low - pull, high), abs=2e-3)
    low, high = np.quantile(found / (found + missed), (0.025, 0.975))
    pull = found.mean() / (found + missed).mean() - 40 / 46  # downwards
    assert high - pull > 50 / 51  # but one that the detector missed was found
    assert (sensitivity.low, sensitivity.high) == pytest.approx((low, 50 / 51), abs=5e-3)


def test_a_stratum_that_nobody_looked_at_leaves_no_estimate() -> None:
    result = two_phase([LabelStratum("flagged", 10, 10, 7, flagged=True), LabelStratum("rest", 90, 0, 0)])
    assert (result.estimate, result.low, result.high, result.reason) == (None, None, None, "no label in rest")
    assert two_phase([]).reason == "no data"


def test_no_positive_label_leaves_no_sensitivity() -> None:
    strata = [LabelStratum("flagged", 20, 20, 0, flagged=True), LabelStratum("rest", 80, 40, 0)]
    sensitivity, specificity = two_phase_accuracy(strata)
    assert (sensitivity.estimate, sensitivity.reason) == (None, "no label says that there is any")
    assert specificity.estimate == pytest.approx(0.8)


def test_few_labels_are_warned_of() -> None:
    assert two_phase([LabelStratum("rest", 80, 9, 0)]).warnings == ("fewer than 10 labels in rest",)
    assert two_phase([LabelStratum("rest", 9, 9, 0)]).warnings == ()


def test_many_strata_of_few_labels_are_warned_of_in_one_line_and_are_not_named() -> None:
    strata = [LabelStratum(f"s{at}", 30, 4, 0) for at in range(16)]
    assert two_phase(strata).warnings == (
        "fewer than 10 labels in 16 of 16 strata",
        "few labels for 16 strata: the bounds are wide for it",
    )


@pytest.mark.parametrize(("strata", "labels"), [(16, 4), (32, 6), (8, 20)])
def test_the_interval_holds_where_strata_are_many_and_labels_few(strata: int, labels: int) -> None:
    dice, held, samples = np.random.default_rng(7), np.zeros(2), 200
    for _ in range(samples):
        truth = dice.binomial(30, [0.4, 0.03] * (strata // 2))
        seen = dice.hypergeometric(truth, 30 - truth, labels)
        drawn = [LabelStratum(str(at), 30, labels, int(k), at % 2 == 0) for at, k in enumerate(seen)]
        found = (two_phase(drawn), two_phase_accuracy(drawn)[0])
        shares = (truth.sum() / (30 * strata), truth[::2].sum() / truth.sum())
        held += [
            (each.low or 0) <= true <= (each.high or 0) for each, true in zip(found, shares, strict=True)
        ]
    assert held.min() / samples >= 0.92


@given(st.lists(STRATUM, min_size=1, max_size=3))
def test_shares_lie_between_what_is_known_and_what_is_possible(
    drawn: list[tuple[int, int, int, bool]],
) -> None:
    strata = [LabelStratum(str(at), *stratum) for at, stratum in enumerate(drawn)]
    total = sum(stratum.size for stratum in strata)
    known = sum(stratum.positive for stratum in strata) / total
    possible = sum(s.size - s.labelled + s.positive for s in strata) / total
    result = two_phase(strata)
    assert result.low is not None
    assert result.high is not None
    assert known <= result.low <= result.high <= possible
    for measure in two_phase_accuracy(strata):
        assert measure.estimate is None or (0 <= (measure.low or 0) <= (measure.high or 0) <= 1)
