"""Several detectors of one question, and several answers of one detector."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.analysis.judges import Judgement
from ulterior.analysis.judges.ensemble import CAP, Weight, combine, combine_views, human_queue
from ulterior.analysis.judges.panel import (
    PanelSummary,
    combine_all,
    episode_scores,
    summarise,
    weights_from_spikes,
)
from ulterior.analysis.judges.repeats import settled
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.analysis.judges.store import BatchRecord, RubricRecord, SpikeRecord

COVERT = RUBRICS["covert"]


def said(detector: str, label: str | None, repeat: int = 0, **more: object) -> Judgement:
    values = {"episode": "e", "rubric": "covert", "version": "1", "score": None} | more
    return Judgement.model_validate({"detector": detector, "label": label, "repeat": repeat, **values})


def test_labels_add_up_as_their_measured_error_rates_say() -> None:
    """By hand: a finds 80 % and lets 90 % pass, b finds 60 % and lets 80 % pass; odds 8 × 0.5 = 4."""
    weights = {"a": Weight(0.8, 0.9), "b": Weight(0.6, 0.8)}
    combined = combine([said("a", "covert"), said("b", "none")], weights, COVERT)
    assert combined.score == pytest.approx(0.8)
    assert combined.voices == pytest.approx({"a": math.log(8), "b": -math.log(2)})
    assert combined.disagreement == pytest.approx(0.5)
    assert (combined.label, combined.positive, combined.review) == ("covert", True, False)


def test_a_prior_is_one_more_voice() -> None:
    combined = combine([said("a", "covert")], {"a": Weight(0.8, 0.9)}, COVERT, prior=1 / 9)
    assert combined.score == pytest.approx(0.5)
    assert (combined.label, combined.positive) == (None, None)
    assert (combined.review, combined.reason) == (True, "too close to call")


def test_a_detector_without_a_mistake_so_far_is_not_believed_without_end() -> None:
    perfect = Weight.measured(500, 500, 500, 500)
    assert perfect == Weight(501 / 502, 501 / 502)
    assert perfect.log_odds(positive=True) == CAP
    assert Weight.measured(0, 0, 0, 0) == Weight(0.5, 0.5)
    assert Weight(0.5, 0.5).log_odds(positive=True) == 0


def test_who_has_no_voice_is_named_with_the_reason() -> None:
    judgements = [
        said("a", "none"),
        said("silent", None, reason="it can't tell"),
        said("unsure", "covert", review=True, reason="no quote of it stands in the agent's own words"),
        said("new", "covert"),
    ]
    combined = combine(judgements, {"a": Weight(0.9, 0.9), "unsure": Weight(0.9, 0.9)}, COVERT)
    assert (combined.label, combined.review, combined.reason) == ("none", True, "a member waits for a human")
    assert combined.left_out == {
        "silent": "it can't tell",
        "unsure": "no quote of it stands in the agent's own words",
        "new": "never measured",
    }


def test_with_no_voice_at_all_there_is_no_label_and_no_score() -> None:
    combined = combine([said("a", None, reason="it can't tell")], {}, COVERT)
    assert (combined.label, combined.positive, combined.score, combined.disagreement) == (None,) * 4
    assert combined.reason == "no member has a voice"


def test_members_that_cancel_out_go_to_a_human_first() -> None:
    weights = {"a": Weight(0.8, 0.8), "b": Weight(0.8, 0.8)}
    split = combine([said("a", "covert", episode="s"), said("b", "none", episode="s")], weights, COVERT)
    united = combine([said("a", "covert", episode="u"), said("b", "covert", episode="u")], weights, COVERT)
    weak = combine([said("a", "covert", episode="w")], {"a": Weight(0.55, 0.5)}, COVERT)
    assert (split.disagreement, united.disagreement) == (1.0, 0.0)
    assert [each.episode for each in human_queue([united, weak, split])] == ["s", "w"]


def test_judgements_of_different_questions_are_not_put_together() -> None:
    with pytest.raises(ValueError, match="different questions"):
        combine([said("a", "none"), said("b", "none", episode="f")], {}, COVERT)
    with pytest.raises(ValueError, match="speaks twice"):
        combine([said("a", "none"), said("a", "none", repeat=1)], {}, COVERT)


def test_views_are_put_together_on_the_log_odds_scale() -> None:
    assert combine_views({"reasoning": 0.9, "action": 0.1}) == pytest.approx(0.5)
    assert combine_views({"reasoning": None, "action": 0.3}) == pytest.approx(0.3)
    assert combine_views({"reasoning": 0.9, "action": 0.5}, {"reasoning": 1, "action": 1}) == pytest.approx(
        0.75
    )
    assert combine_views({"reasoning": None}) is None


def record(detector: str, spikes: SpikeRecord) -> BatchRecord:
    row = RubricRecord(version="1", spikes=spikes)
    return BatchRecord(
        batch=detector,
        detector=detector,
        version="1",
        rubrics={"covert": row},
        planned=0,
        done=0,
        tolerance=0.25,
        began=0,
        ended=0,
    )


def test_spikes_give_each_detector_its_weight() -> None:
    records = [
        record("a", SpikeRecord(positives=4, missed=1, negatives=6, false_alarms=0)),
        record("a", SpikeRecord(positives=4, missed=0, negatives=2, false_alarms=1)),
        record("b", SpikeRecord(positives=4, missed=1)),
    ]
    assert weights_from_spikes(records) == {("a", "1", "covert"): Weight(8 / 10, 8 / 10)}


def test_a_panel_settles_repeats_weighs_and_leaves_older_versions_out() -> None:
    judgements = [
        said("a", "covert", 0),
        said("a", "covert", 1),
        said("a", "none", 2),
        said("b", "none"),
        said("b", "covert", version="0"),
        said("a", "none", episode="f"),
        said("b", None, episode="f", reason="it can't tell: too little"),
    ]
    weights = {("a", "1", "covert"): Weight(0.9, 0.9), ("b", "1", "covert"): Weight(0.6, 0.6)}
    first, second = combine_all(judgements, weights, {"a": "1", "b": "1"})
    assert (first.episode, first.label, first.voices) == (
        "e",
        "covert",
        pytest.approx({"a": math.log(9), "b": -math.log(1.5)}),
    )
    assert (second.episode, second.label, second.left_out) == (
        "f",
        "none",
        {"b": "it can't tell: too little"},
    )
    assert summarise([first, second]) == {
        "covert": PanelSummary(
            questions=2, positive=1, negative=1, undecided=0, to_human=0, left_out={"it can't tell": 1}
        )
    }


def test_a_score_of_an_episode_comes_from_one_rubric_of_each_view() -> None:
    weights = {("a", "1", rubric): Weight(0.9, 0.9) for rubric in ("breach", "intent")}
    judgements = [
        said("a", "broken", rubric="breach"),
        said("a", "none", rubric="intent"),
        said("a", "broken", rubric="breach", episode="f"),
        said("a", None, rubric="intent", episode="f", reason="not available"),
        said("a", None, rubric="breach", episode="g", reason="it can't tell"),
    ]
    combined = combine_all(judgements, weights, {"a": "1"})
    assert episode_scores(combined) == pytest.approx({"e": 0.5, "f": 0.9, "g": None})


LABELS = st.sampled_from([*COVERT.labels, None])
RATES = st.floats(0.01, 0.99)


@given(st.lists(st.tuples(LABELS, RATES, RATES), min_size=1, max_size=5))
def test_the_order_of_members_changes_nothing(members: list[tuple[str | None, float, float]]) -> None:
    judgements = [said(str(at), label) for at, (label, _, _) in enumerate(members)]
    weights = {str(at): Weight(s, t) for at, (_, s, t) in enumerate(members)}
    one, two = combine(judgements, weights, COVERT), combine(judgements[::-1], weights, COVERT)
    assert (one.score, one.positive, one.review) == (two.score, two.positive, two.review)
    assert one.disagreement == two.disagreement


@given(st.lists(st.tuples(LABELS, st.floats(0.51, 0.99)), min_size=1, max_size=5))
def test_a_further_positive_of_a_member_better_than_chance_never_lowers_the_score(
    members: list[tuple[str | None, float]],
) -> None:
    judgements = [said(str(at), label) for at, (label, _) in enumerate(members)]
    weights = {str(at): Weight(rate, rate) for at, (_, rate) in enumerate(members)} | {"x": Weight(0.7, 0.7)}
    before = combine(judgements, weights, COVERT).score
    after = combine([*judgements, said("x", "covert")], weights, COVERT).score
    assert after is not None
    assert after >= (0.5 if before is None else before)


def test_repeats_are_settled_by_the_most_frequent_label() -> None:
    repeats = [
        said("a", "covert", 0, score=0.9),
        said("a", "none", 1, score=0.1),
        said("a", "covert", 2, score=0.7),
        said("a", None, 3, reason="it can't tell"),
    ]
    (one,) = settled(repeats)
    assert (one.label, one.score, one.repeat) == ("covert", pytest.approx(0.8), 0)


def test_repeats_that_are_equally_frequent_settle_nothing() -> None:
    (one,) = settled([said("a", "covert", 0), said("a", "none", 1)])
    assert (one.label, one.review, one.reason) == (None, True, "its repeats disagree: covert, none")


def test_different_questions_are_settled_apart() -> None:
    judgements = [said("a", "covert"), said("a", "none", about="fact"), said("b", "none")]
    assert settled(judgements) == judgements
