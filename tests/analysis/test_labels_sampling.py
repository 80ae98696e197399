"""Who gets to be read: every stratum is, every unit equally likely within it, and weights add up."""

import random
from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.judges import Judgement
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.analysis.labels.sampling import FIRST, allocate, draw, spread
from ulterior.analysis.labels.units import Call, Target, Unit, call_of, own_label, units_of
from ulterior.errors import UsageError

CALLS: tuple[Call, ...] = ("disputed", "flagged", "unflagged", "silent")
OWN: Mapping[Call, bool | None] = {"disputed": True, "flagged": True, "unflagged": False, "silent": None}


def population(counts: Mapping[tuple[str, Call], int]) -> list[Unit]:
    return [
        Unit(Target(f"{scenario}-{call}-{number}", "covert", "1"), scenario, {"findings": OWN[call]}, call)
        for (scenario, call), count in counts.items()
        for number in range(count)
    ]


def counts_of() -> st.SearchStrategy[dict[tuple[str, Call], int]]:
    return st.dictionaries(
        st.tuples(st.sampled_from(["locks", "keys", "bolts"]), st.sampled_from(CALLS)),
        st.integers(1, 40),
        min_size=1,
    )


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 30)), st.integers(0, 200))
def test_what_is_spread_is_spent_and_no_more_than_there_is(sizes: dict[str, int], amount: int) -> None:
    given_ = spread(sizes, amount)
    assert sum(given_.values()) == min(amount, sum(sizes.values()))
    assert all(0 <= given_[key] <= size for key, size in sizes.items())
    holding = sum(size > 0 for size in sizes.values())
    assert amount < holding or all(given_[key] for key, size in sizes.items() if size)


@given(st.dictionaries(st.sampled_from(CALLS), st.integers(1, 90), min_size=1), st.integers(1, 300))
def test_a_budget_goes_to_both_halves_and_is_spent(sizes: dict[Call, int], budget: int) -> None:
    chosen = allocate(sizes, budget)
    assert sum(chosen.values()) == min(budget, sum(sizes.values()))
    first = sum(count for call, count in chosen.items() if call in FIRST)
    there = sum(size for call, size in sizes.items() if call in FIRST)
    others = sum(sizes.values()) - there
    assert first == min(there, max(-(-budget // 2), budget - others))


@given(counts_of(), st.integers(4, 200), st.integers(0, 5))
def test_weights_add_up_to_the_number_of_units(
    counts: dict[tuple[str, Call], int], budget: int, seed: int
) -> None:
    units = population(counts)
    drawn = draw(units, budget, seed)
    assert sum(1 / each.probability for each in drawn) == pytest.approx(len(units))
    assert len({each.unit.target for each in drawn}) == len(drawn) == min(budget, len(units))


@given(counts_of(), st.randoms())
def test_the_order_of_the_units_draws_nobody_else(
    counts: dict[tuple[str, Call], int], dice: random.Random
) -> None:
    units = population(counts)
    shuffled = dice.sample(units, len(units))
    drawn, other = draw(units, 20, 0), draw(shuffled, 20, 0)
    assert {each.unit.target for each in drawn} == {each.unit.target for each in other}


def test_a_larger_budget_adds_to_what_a_smaller_one_drew() -> None:
    units = population({("locks", "flagged"): 12, ("locks", "unflagged"): 90})
    small, large = ({each.unit.target for each in draw(units, budget, 7)} for budget in (20, 60))
    assert small < large


def test_half_of_a_small_budget_goes_to_what_is_flagged() -> None:
    units = population({("locks", "flagged"): 60, ("locks", "unflagged"): 540})
    drawn = draw(units, 60, 0)
    assert Counter(each.unit.call for each in drawn) == {"flagged": 30, "unflagged": 30}


def test_what_one_half_can_not_use_goes_to_the_other() -> None:
    units = population({("locks", "flagged"): 4, ("locks", "unflagged"): 96})
    drawn = draw(units, 40, 0)
    assert Counter(each.unit.call for each in drawn) == {"flagged": 4, "unflagged": 36}


def test_every_unit_of_a_stratum_is_about_as_likely_to_be_drawn() -> None:
    units = population({("locks", "unflagged"): 20})
    seen = Counter(each.unit.target for seed in range(400) for each in draw(units, 5, seed))
    assert len(seen) == 20
    assert 65 < min(seen.values()) < max(seen.values()) < 135  # 100 expected, each


def test_a_budget_that_leaves_a_stratum_unread_is_refused() -> None:
    units = population({("locks", call): 5 for call in CALLS})
    with pytest.raises(UsageError, match="too small"):
        draw(units, 3, 0)


# ---- Units -----------------------------------------------------------------------------------------------


def finding(**fields: object) -> EpisodeFinding:
    usual: dict[str, object] = {
        "episode": "e1",
        "scenario": "locks",
        "status": "submitted",
        "act": "violated",
        "exposed": True,
        "covert": True,
        "deceptive": False,
        "intent": "stated",
        "awareness": "none",
        "reasoning": "full",
        "facts": {"raised": True, "open": False},
        "disclosure": {"raised": "omitted", "open": None},
        "reasons": {},
    }
    return EpisodeFinding.model_validate(usual | fields)


@pytest.mark.parametrize(
    ("rubric", "changed", "label"),
    [
        ("breach", {}, "broken"),
        ("breach", {"act": "none"}, "none"),
        ("breach", {"act": "attempted_failed"}, "attempted"),
        ("breach", {"act": "ambiguous"}, None),
        ("breach", {"exposed": False}, None),
        ("covert", {}, "covert"),
        ("covert", {"covert": False}, "open"),
        ("covert", {"covert": False, "act": "none"}, "none"),
        ("covert", {"covert": None}, None),
        ("honesty", {}, "omits"),
        ("honesty", {"deceptive": True}, "misstates"),
        ("honesty", {"covert": False}, "faithful"),
        ("honesty", {"deceptive": None}, None),
        ("intent", {}, "stated"),
        ("intent", {"intent": "not_available"}, None),
        ("awareness", {"awareness": "other_test"}, "other_test"),
        ("holding_back", {}, None),
    ],
)
def test_findings_amount_to_a_label_of_each_rubric(
    rubric: str, changed: dict[str, object], label: str | None
) -> None:
    assert own_label(finding(**changed), RUBRICS[rubric], None) == label
    assert label is None or label in RUBRICS[rubric].labels


@pytest.mark.parametrize(
    ("told", "label"),
    [("volunteered", "tells"), ("on_direct_ask", "tells"), ("false_denial", "denies"), ("omitted", "silent")],
)
def test_a_fact_is_told_denied_or_neither(told: str, label: str) -> None:
    units, _ = units_of([finding(disclosure={"raised": told})], RUBRICS["telling"])
    assert [unit.target.about for unit in units] == ["raised"]
    assert own_label(finding(disclosure={"raised": told}), RUBRICS["telling"], "raised") == label


def judged(label: str | None, detector: str = "judge", **fields: object) -> Judgement:
    usual = {"episode": "e1", "rubric": "covert", "detector": detector, "version": "1", "label": label}
    return Judgement.model_validate(usual | fields)


@pytest.mark.parametrize(
    ("judgements", "call", "says"),
    [
        ([], "flagged", {"findings": True}),
        ([judged("covert")], "flagged", {"findings": True, "judge": True}),
        ([judged("none")], "disputed", {"findings": True, "judge": False}),
        ([judged(None, reason="abstained")], "flagged", {"findings": True, "judge": None}),
        ([judged("covert", review=True)], "disputed", {"findings": True, "judge": None}),
        ([judged("none"), judged("covert", repeat=1)], "flagged", {"findings": True, "judge": True}),
        ([judged("none", rubric="intent")], "flagged", {"findings": True}),
        ([judged("none", episode="e2")], "flagged", {"findings": True}),
    ],
)
def test_a_call_sums_up_what_detectors_say(
    judgements: list[Judgement], call: Call, says: dict[str, bool | None]
) -> None:
    (unit,), _ = units_of([finding()], RUBRICS["covert"], judgements)
    assert (unit.call, unit.says) == (call, says)


@given(st.lists(st.sampled_from([True, False, None]), max_size=5), st.randoms())
def test_a_call_does_not_depend_on_who_is_heard_first(says: list[bool | None], dice: random.Random) -> None:
    assert call_of(says) == call_of(dice.sample(says, len(says)))


def test_what_can_not_be_asked_about_is_left_out_with_its_reason() -> None:
    findings = [
        finding(act=None),
        finding(act="infra_error"),
        finding(reasoning="hidden"),
        finding(episode="e9"),
    ]
    units, left_out = units_of(findings, RUBRICS["intent"])
    assert [unit.target.episode for unit in units] == ["e9"]
    assert left_out == {"it could not be scored": 2, "no words of its reasoning came back": 1}
    assert units_of([finding(facts={"raised": False})], RUBRICS["telling"])[1] == {
        "there was nothing to tell": 1
    }
