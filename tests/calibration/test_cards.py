"""Cards: what is in them, what they refuse, and the lines that travel with rates."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from written import Told, answer, sample

from ulterior.analysis.calibration.card import DetectorCard, card_of, measured_error
from ulterior.analysis.calibration.compare import against_floors, comparable
from ulterior.analysis.calibration.measure import SampleAnswer, ask_samples
from ulterior.analysis.calibration.samples import Sample, corpus_of
from ulterior.analysis.calibration.store import card_for, card_path, error_of, load_cards, save_card
from ulterior.analysis.calibration.text import render_card
from ulterior.analysis.judges.ensemble import Weight
from ulterior.analysis.judges.judgement import Judgement, Rubric, View
from ulterior.analysis.judges.panel import measured_weights, weights_from_cards
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.analysis.judges.store import BatchRecord, RubricRecord, SpikeRecord
from ulterior.errors import ModelUnavailable, UsageError

INTENT = RUBRICS["intent"]
SAMPLES = [
    sample("a", truth="stated", style="admits"),
    sample("b", truth="euphemistic", style="rationalises"),
    sample("c", truth="none", style="honest"),
    sample("d", truth="none", style="honest", family="shop"),
    sample("e", truth="none", style="confused", family="shop"),
]
SAYS: dict[str, tuple[str | None, float | None]] = {
    "a": ("stated", 0.9),
    "b": ("none", 0.2),
    "c": ("none", 0.1),
    "d": ("stated", 0.8),
    "e": (None, None),
}


def card(says: dict[str, tuple[str | None, float | None]] | None = None, planted: int = 0) -> DetectorCard:
    detector = Told(says or SAYS)
    answers = asyncio.run(ask_samples(detector, SAMPLES))
    return card_of(detector, INTENT, answers, corpus_of(SAMPLES, "five", planted=planted))


def test_a_card_says_how_often_which_answers_are_right_and_at_what_cost() -> None:
    it = card()
    whole = it.whole
    assert (whole.n, whole.positives, whole.clusters) == (5, 2, 5)
    assert (whole.sensitivity.k, whole.sensitivity.n) == (1, 2)
    assert (whole.specificity.k, whole.specificity.n) == (1, 2)
    assert (whole.abstained.k, whole.abstained.n) == (1, 5)
    assert whole.auroc.estimate == 0.75
    assert [(point.at_most, point.found.k, point.threshold) for point in it.at_false_alarms] == [
        (0.01, 1, 0.9),
        (0.05, 1, 0.9),
    ]
    assert it.calibration_error == pytest.approx((0.1 + 0.8 + 0.1 + 0.8) / 4)
    assert it.labels == {
        "euphemistic": {"none": 1},
        "none": {"no answer": 1, "none": 1, "stated": 1},
        "stated": {"stated": 1},
    }
    assert (it.reasons, it.malformed, it.cost, it.seconds) == ({"it can't tell": 1}, 0, 2.5, 10.0)
    assert {name: (part.n, part.positives) for name, part in it.styles.items()} == {
        "admits": (1, 1),
        "confused": (1, 0),
        "honest": (2, 0),
        "rationalises": (1, 1),
    }
    assert {name: part.n for name, part in it.families.items()} == {"desk": 3, "shop": 2}


def test_one_line_says_how_often_the_detector_is_wrong_and_where_that_was_measured() -> None:
    assert measured_error(card()) == (
        "finds 50 % [1, 99] of 2 positives, false alarms 50 % [1, 99] of 2, no answer to 1 of 5;"
        " on an imported corpus"
    )
    assert measured_error(card(planted=5)).endswith("; on planted agents only")
    assert measured_error(card(planted=3)).endswith("; on 3 samples of planted agents and 2 imported ones")


def test_no_data_is_none_with_a_reason_and_never_zero() -> None:
    empty = card_of(Told({}), INTENT, [], corpus_of([], "nothing"))
    rates = (empty.base_rate, empty.whole.sensitivity, empty.whole.specificity, empty.whole.abstained)
    assert [(rate.estimate, rate.method) for rate in rates] == [(None, "no data")] * 4
    assert (empty.whole.auroc.estimate, empty.whole.auroc.reason) == (None, "no scored samples")
    assert (empty.calibration_error, empty.curve, empty.styles) == (None, (), {})
    assert measured_error(empty).startswith(
        "finds: unknown, no positives, false alarms: unknown, no negatives"
    )
    assert "AUROC none: no scored samples" in render_card(empty)


def test_silence_is_no_answer_and_counts_neither_as_right_nor_as_wrong() -> None:
    silent = card(dict.fromkeys(SAYS, (None, None)))
    assert (silent.whole.sensitivity.n, silent.whole.specificity.n, silent.whole.abstained.k) == (0, 0, 5)
    assert silent.whole.auroc.reason == "no scored samples"


def test_an_answer_that_waits_for_a_human_is_none_yet() -> None:
    waits = answer(SAMPLES[0], "stated", 0.9).judgement.model_copy(
        update={"review": True, "reason": "no quote"}
    )
    it = card_of(Told({}), INTENT, [SampleAnswer(SAMPLES[0], waits)], corpus_of(SAMPLES[:1], "one"))
    assert (it.whole.sensitivity.n, it.whole.abstained.k, it.reasons) == (0, 1, {"no quote": 1})


def test_reasons_are_counted_by_kind_and_an_unknown_price_makes_the_cost_unknown() -> None:
    answers = [
        answer(SAMPLES[0], None, None, "malformed answer: no JSON"),
        answer(SAMPLES[1], None, None, "malformed answer: no label"),
        answer(SAMPLES[2], "none", 0.0),
    ]
    unpriced = answers[2].judgement.model_copy(update={"cost": None})
    it = card_of(
        Told({}), INTENT, [*answers[:2], SampleAnswer(SAMPLES[2], unpriced)], corpus_of(SAMPLES[:3], "three")
    )
    assert (it.reasons, it.malformed, it.cost) == ({"malformed answer": 2}, 2, None)


def test_who_could_not_be_asked_has_given_no_answer() -> None:
    class Gone(Told):
        async def judge(
            self, view: View, rubric: Rubric, *, about: str | None = None, repeat: int = 0
        ) -> Judgement:
            raise ModelUnavailable("nobody answers")

    (only,) = asyncio.run(ask_samples(Gone({}), SAMPLES[:1]))
    assert (only.says, only.judgement.reason) == (None, "could not be asked: nobody answers")


def test_samples_whose_truth_is_open_are_left_out() -> None:
    open_truth = sample("open", truth=frozenset({"none", "stated"}))
    it = card_of(Told({}), INTENT, [answer(open_truth, "stated", 1.0)], corpus_of([open_truth], "one"))
    assert (open_truth.positive, it.whole.n) == (None, 0)


@given(st.lists(st.tuples(st.sampled_from(["stated", "none", None]), st.sampled_from("abcde")), max_size=20))
def test_styles_and_families_are_parts_of_the_whole(rows: list[tuple[str | None, str]]) -> None:
    answers = [
        answer(sample(str(n), truth=("none", "stated")[n % 2], style=style, family=style), label, 0.5)
        for n, (label, style) in enumerate(rows)
    ]
    it = card_of(Told({}), INTENT, answers, corpus_of([each.sample for each in answers], "some"))
    for parts in (it.styles, it.families):
        assert sum(part.n for part in parts.values()) == it.whole.n
        assert sum(part.sensitivity.k for part in parts.values()) == it.whole.sensitivity.k
        assert sum(part.specificity.n for part in parts.values()) == it.whole.specificity.n
        assert sum(part.abstained.k for part in parts.values()) == it.whole.abstained.k
    assert DetectorCard.model_validate_json(it.model_dump_json()) == it


# ---- On disk ---------------------------------------------------------------------------------------------


def test_a_card_is_found_by_the_very_versions_that_it_was_measured_of(tmp_path: Path) -> None:
    it = card()
    assert save_card(tmp_path, it) == card_path(tmp_path, "told", "intent")
    cards = load_cards(tmp_path)
    assert cards == (it,)
    assert card_for(cards, "told", "1", "intent", INTENT.version) == it
    assert card_for(cards, "told", "2", "intent", INTENT.version) is None
    assert error_of(cards, "told", "1", "intent", INTENT.version) == measured_error(it)
    assert error_of(cards, "told", "1", "intent", "0") == (
        "not measured: no card of told 1 on intent version 0"
    )


def test_a_card_weighs_a_member_of_a_panel_and_counts_before_its_spikes() -> None:
    spikes = SpikeRecord(planned=12, positives=6, missed=0, negatives=6, false_alarms=0)
    about = {"detector": "told", "version": "1", "planned": 12, "done": 12, "tolerance": 0.25}
    rubrics = dict.fromkeys(("intent", "breach"), RubricRecord(version="1", spikes=spikes))
    record = BatchRecord.model_validate({**about, "batch": "b", "rubrics": rubrics, "began": 0, "ended": 1})
    by_spikes, by_card = Weight(7 / 8, 7 / 8), Weight(2 / 4, 2 / 4)
    assert measured_weights([record], [card()]) == {
        ("told", "1", "intent"): by_card,
        ("told", "1", "breach"): by_spikes,
    }
    of_older_rubric = card().model_copy(update={"rubric_version": "0"})
    nothing_found = card(dict.fromkeys("abcde", (None, None)))
    assert weights_from_cards([of_older_rubric, nothing_found]) == {}


def test_a_damaged_card_is_told_and_never_passed_over(tmp_path: Path) -> None:
    path = save_card(tmp_path, card())
    path.write_text(path.read_text()[:-20])
    with pytest.raises(UsageError, match="can't read the detector card"):
        load_cards(tmp_path)


def test_a_study_without_cards_has_none(tmp_path: Path) -> None:
    assert load_cards(tmp_path) == ()


def test_names_of_judges_make_plain_file_names(tmp_path: Path) -> None:
    path = card_path(tmp_path, "sim/judge?lies=0.1", "intent")
    assert path == tmp_path / "findings" / "cards" / "sim_judge_lies_0.1-intent.json"


# ---- Against the floors ----------------------------------------------------------------------------------

MANY = [sample(str(n), truth=("none", "stated")[n % 2]) for n in range(60)]
CORPUS = corpus_of(MANY, "sixty")


def measured(
    name: str, scores: list[float | None], samples: list[Sample] = MANY
) -> tuple[DetectorCard, list[SampleAnswer]]:
    """A detector of this name with these scores, a label where there is a score."""
    detector = Told({})
    detector.name = name
    answers = [
        answer(each, None if score is None else "stated" if score >= 0.5 else "none", score)
        for each, score in zip(samples, scores, strict=True)
    ]
    return card_of(detector, INTENT, answers, corpus_of(samples, "sixty")), answers


PERFECT: list[float | None] = [float(n % 2) for n in range(60)]
BLIND: list[float | None] = [0.5] * 60


def test_who_beats_both_floors_may_be_the_default() -> None:
    judged = against_floors(measured("judge", PERFECT), [measured("rules", BLIND), measured("words", BLIND)])
    assert (judged.default, judged.because) == (True, "it beats rules and words")
    assert [(each.floor, each.beats, each.n) for each in judged.floors] == [
        ("rules", True, 60),
        ("words", True, 60),
    ]


@pytest.mark.parametrize("scores", [PERFECT, BLIND])
def test_who_is_no_better_than_a_floor_is_no_default(scores: list[float | None]) -> None:
    judged = against_floors(measured("judge", scores), [measured("rules", BLIND), measured("words", PERFECT)])
    assert judged.default is False
    assert "not shown to beat" in judged.because
    assert "words" in judged.because


def test_a_floor_that_was_not_measured_was_not_beaten() -> None:
    judged = against_floors(measured("judge", PERFECT), [measured("rules", BLIND)])
    assert (judged.default, judged.because) == (False, "it was not measured beside words")
    rules = against_floors(measured("rules", BLIND), [measured("words", BLIND)])
    assert (rules.floors, rules.because) == ((), "it is a floor: the default until something beats it")


def test_silence_is_no_way_to_win() -> None:
    picky = [None if n < 40 else float(n % 2) for n in range(60)]
    judged = against_floors(measured("judge", picky), [measured("rules", BLIND), measured("words", BLIND)])
    assert judged.whole.auroc.estimate == 1.0
    assert judged.default is False


def test_cards_of_other_samples_rubrics_or_versions_are_not_compared() -> None:
    one, _ = measured("judge", PERFECT)
    other, _ = measured("rules", BLIND[:-1], MANY[:-1])
    with pytest.raises(UsageError) as error:
        comparable(one, other)
    assert error.value.why == "they were measured on different samples"
    with pytest.raises(UsageError) as error:
        against_floors((one, []), [(other, [])])
    older = one.model_copy(update={"rubric_version": "0"})
    with pytest.raises(UsageError) as error:
        comparable(one, older)
    assert (
        error.value.why == f"one is about intent version {INTENT.version}, the other about intent version 0"
    )


def test_the_digest_of_a_corpus_knows_no_order_and_every_sample() -> None:
    assert corpus_of(MANY[::-1], "sixty") == CORPUS
    changed = [*MANY[1:], sample("0", "Another thought.")]
    assert corpus_of(changed, "sixty").digest != CORPUS.digest


# ---- As text ---------------------------------------------------------------------------------------------


def test_a_card_as_text_says_what_it_is_worth_and_lets_nothing_steer_the_terminal() -> None:
    odd = [sample("x", truth="stated", style="odd\x1b[31m"), sample("y", style="plain")]
    answers = [answer(odd[0], "stated", 1.0), answer(odd[1], "none", 0.0)]
    text = render_card(card_of(Told({}), INTENT, answers, corpus_of(odd, "two", planted=2)))
    assert "\x1b" not in text
    assert "odd␛[31m" in text
    assert text.startswith(
        "told on intent: finds 100 % [3, 100] of 1 positives, false alarms 0 % [0, 98] of 1; on planted"
    )
    assert "default: no, it was compared with no floor" in text
