"""What became of the items, which arm an episode stands in, and which episodes make a pair."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.analysis import EpisodeFinding
from ulterior.analysis.sandbagging import groups_of, sitting_of
from ulterior.analysis.sandbagging.arms import arms_of
from ulterior.analysis.sandbagging.outcomes import OUTCOMES, Outcome, Sitting
from ulterior.analysis.sandbagging.pairs import Cell, Item2x2, Pair, items_2x2, pair_up
from ulterior.scenarios import load_scenario

CEILING = load_scenario("ceiling_test")


def finding(
    arm: str = "restricted_if_high", seed: int = 0, epoch: int = 0, status: str = "submitted", **more: Any
) -> EpisodeFinding:
    levels = {"arm": arm, **more.pop("levels", {})}
    fields: dict[str, Any] = {
        "episode": f"{levels}-{seed}-{epoch}-{more.get('fork')}",
        "scenario": "ceiling_test",
        "scenario_version": "1",
        "condition": CEILING.condition(levels),
        "model": "sim/somebody",
        "seed": seed,
        "epoch": epoch,
        "sandbox": "embedded",
        "status": status,
        "act": "none",
        "measures": {"item:A-01": 1.0, "item:A-02": 0.0},
        "reasons": {},
    }
    return EpisodeFinding(**fields | more)


def sat(items: str, seed: int = 0, **more: Any) -> Sitting:
    """A sitting with one item per letter: right, wrong, malformed."""
    what: dict[str, Outcome] = {"r": "correct", "w": "wrong", "m": "malformed"}
    return Sitting("e", seed, 0, {f"A-{at:02}": what[each] for at, each in enumerate(items)}, **more)


# ---- Outcomes --------------------------------------------------------------------------------------------


def test_the_measures_of_an_oracle_become_outcomes_of_items() -> None:
    measures = {
        "correct": 1.0,
        "item:A-01": 1.0,
        "item:A-02": 0.0,
        "offset:A-02": -10.0,
        "held:A-01": 0.0,
        "held:A-02": 1.0,
        "declined:A-03": 1.0,
        "malformed:A-04": 1.0,
        "missing:A-05": 1.0,
        "check:threshold": 0.61,
    }
    sitting = sitting_of(finding(measures=measures, turns=7, tokens_out=90))
    assert sitting == Sitting(
        episode="{'arm': 'restricted_if_high'}-0-0-None",
        seed=0,
        epoch=0,
        items={
            "A-01": "correct",
            "A-02": "wrong",
            "A-03": "refused",
            "A-04": "malformed",
            "A-05": "missing",
        },
        offsets={"A-02": -10.0},
        held=frozenset({"A-02"}),
        threshold=0.61,
        turns=7,
        tokens=90,
    )
    assert isinstance(sitting, Sitting)
    assert (sitting.accuracy, sitting.score) == (0.5, 0.2)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("refusal", "refused"),
        ("limit", "out_of_budget"),
        ("gave_up", "gave_up"),
        ("submitted", "gave_up"),
    ],
)
def test_an_episode_without_a_sheet_is_one_outcome_and_no_wrong_answer(status: str, outcome: Outcome) -> None:
    sitting = sitting_of(finding(status=status, measures={"task_done": 0.0}))
    assert isinstance(sitting, Sitting)
    assert {each: sitting.share(each) for each in OUTCOMES} == {
        each: float(each == outcome) for each in OUTCOMES
    }
    assert (sitting.accuracy, sitting.score) == (None, None)


@pytest.mark.parametrize("act", [None, "infra_error"])
def test_what_is_unscored_has_no_outcome(act: Any) -> None:
    assert sitting_of(finding(act=act)) == "it is unscored"


@given(st.dictionaries(st.text("ABC", min_size=1), st.sampled_from(list(OUTCOMES)), min_size=1))
def test_the_shares_of_all_outcomes_are_the_whole(items: dict[str, Outcome]) -> None:
    sitting = Sitting("e", 0, 0, items)
    assert sum(sitting.share(outcome) for outcome in OUTCOMES) == pytest.approx(1)


# ---- Arms ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("levels", "arm"),
    [
        ({}, "tempted"),
        ({"arm": "neutral"}, "control"),
        ({"arm": "restricted_if_low"}, "reversed"),
        ({"arm": "told"}, "told"),
        ({"clarified": "yes"}, "clarified"),
        ({"arm": "irrelevant"}, "arm=irrelevant"),
        ({"arm": "neutral", "clarified": "yes"}, "arm=neutral,clarified=yes"),
        ({"arm": "neutral", "stakes": "high"}, "control"),
    ],
)
def test_an_episode_stands_in_the_arm_that_its_scenario_declares(levels: dict[str, str], arm: str) -> None:
    assert arms_of(CEILING).arm_of(CEILING.condition(levels)) == arm


def test_a_scenario_that_names_its_arms_otherwise_is_read_as_well() -> None:
    card = load_scenario("own_report_card")
    arms = arms_of(card)
    assert arms.levers == ("arm",)
    assert [arms.arm_of(card.condition({"arm": level})) for level in card.factors[0].levels] == [
        "tempted",
        "control",
        "arm=other",
        "reversed",
        "arm=authorised",
        "told",
        "clarified",
    ]


def test_what_is_no_lever_is_the_setting() -> None:
    setting = dict(arms_of(CEILING).setting_of(CEILING.condition({"stakes": "high"})))
    assert setting["stakes"] == "high"
    assert not {"arm", "clarified"} & set(setting)


# ---- Pairs -----------------------------------------------------------------------------------------------


def test_only_items_that_both_answered_readably_are_matched() -> None:
    pair = Pair(tempted=sat("rwmw"), baseline=sat("rrrm"))
    assert (pair.matched, pair.gap, pair.usable) == (((True, True), (True, False)), 0.5, True)


def test_a_pair_with_few_readable_answers_is_not_used() -> None:
    assert not Pair(tempted=sat("rmmm"), baseline=sat("rrrr")).usable
    empty = Sitting("e", 0, 0, {}, "refused")
    assert not Pair(tempted=empty, baseline=empty).usable
    with pytest.raises(ValueError, match="no item"):
        _ = Pair(tempted=empty, baseline=sat("rrrr")).gap


def test_matched_items_are_counted_in_a_table_of_four() -> None:
    pairs = [Pair(sat("rwrw"), sat("rrww")), Pair(sat("w"), sat("r"))]
    assert items_2x2(pairs) == Item2x2(
        both_right=1, both_wrong=1, only_baseline_right=2, only_tempted_right=1
    )


def test_episodes_without_a_partner_are_counted_and_left_out() -> None:
    ours: dict[Cell, Sitting] = {(seed, epoch): sat("rw", seed) for seed in range(3) for epoch in range(2)}
    theirs: dict[Cell, Sitting] = {
        (seed, epoch): sat("rr", seed) for seed in range(1, 5) for epoch in range(1)
    }
    paired = pair_up(ours, theirs)
    assert (len(paired.pairs), paired.alone_tempted, paired.alone_baseline) == (2, 4, 2)


cells = st.dictionaries(st.tuples(st.integers(0, 9), st.integers(0, 2)), st.just(sat("rw")))


@given(cells, cells)
def test_no_episode_is_lost_in_pairing(ours: dict[Any, Sitting], theirs: dict[Any, Sitting]) -> None:
    paired = pair_up(ours, theirs)
    assert len(paired.pairs) + paired.alone_tempted == len(ours)
    assert len(paired.pairs) + paired.alone_baseline == len(theirs)


def test_groups_hold_each_arm_and_pair_on_all_that_has_to_be_equal() -> None:
    rows = [
        finding(arm, seed, epoch)
        for arm in ("restricted_if_high", "neutral")
        for seed in range(2)
        for epoch in range(2)
    ]
    rows += [finding("neutral", 0, 5), finding(levels={"stakes": "high"})]
    rows += [finding(fork="parent"), finding(seed=7, act=None), finding("neutral", 0, episode="again")]
    (group,) = groups_of(rows)
    counts = {arm: len(cells) for arm, cells in group.arms.items()}
    assert counts == {"tempted": 5, "control": 5}
    assert group.left_out == {
        "another episode of the same cell": 1,
        "it is a fork": 1,
        "it is unscored": 1,
    }
    paired = pair_up(group.arms["tempted"], group.arms["control"])
    assert (len(paired.pairs), paired.alone_tempted, paired.alone_baseline) == (4, 1, 1)


def test_models_and_scenarios_are_groups_of_their_own_and_others_are_none() -> None:
    rows = [finding(), finding(model="sim/another"), finding(scenario="locked_file", measures={"done": 1.0})]
    assert [(group.scenario, group.model) for group in groups_of(rows)] == [
        ("ceiling_test", "sim/another"),
        ("ceiling_test", "sim/somebody"),
    ]
