"""Experimental designs: how many conditions, which of them, and that they are what their name says."""

from collections import Counter
from itertools import combinations
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ulterior.agent_runtime.designs import DESIGNS, EVERY, DesignName, fractional_table, lay_out
from ulterior.agent_runtime.orthogonal import GENERATORS, fraction
from ulterior.errors import UsageError
from ulterior.scenarios import LIBRARY, AnyScenario, Condition, load_scenario

SCENARIOS = [load_scenario(name) for name in LIBRARY]
ALLOTMENT = load_scenario("borrowed_allotment")
FIXED = [design for design in DESIGNS if design != "randomised"]
SEEDS = st.one_of(st.integers(0, 200), st.integers(0, 2**52))


@st.composite
def chosen(draw: st.DrawFn) -> tuple[AnyScenario, dict[str, list[str]]]:
    """A scenario and some levels of at most four of its factors."""
    scenario = draw(st.sampled_from(SCENARIOS))
    factors = draw(st.lists(st.sampled_from(scenario.factors), max_size=4, unique_by=lambda f: f.name))
    levels = {
        factor.name: draw(st.lists(st.sampled_from(factor.levels), min_size=1, unique=True))
        for factor in factors
    }
    return scenario, levels


def told_apart_by(scenario: AnyScenario) -> set[str]:
    return {name for levels in scenario.conditions.values() for name in levels}


def usable(design: DesignName, scenario: AnyScenario, levels: dict[str, list[str]]) -> dict[str, list[str]]:
    """The levels that a design can do with, of those drawn."""
    if design == "randomised":
        return {name: few for name, few in levels.items() if name not in told_apart_by(scenario)}
    return levels or {"stakes": [EVERY]}


@given(chosen(), st.sampled_from(list(DESIGNS)), SEEDS)
def test_every_design_has_as_many_different_and_valid_conditions_as_it_says(
    choice: tuple[AnyScenario, dict[str, list[str]]], design: DesignName, seed: int
) -> None:
    scenario, levels = choice
    layout = lay_out(design, scenario, usable(design, scenario, levels))
    conditions = layout.conditions(seed)
    assert len(conditions) == layout.size == len({tuple(sorted(each.items())) for each in conditions})
    assert [scenario.condition(each) for each in conditions] == conditions


@given(chosen(), st.sampled_from(FIXED), SEEDS, SEEDS)
def test_seeds_share_their_conditions_unless_they_draw_them(
    choice: tuple[AnyScenario, dict[str, list[str]]], design: DesignName, one: int, other: int
) -> None:
    scenario, levels = choice
    layout = lay_out(design, scenario, usable(design, scenario, levels))
    assert layout.conditions(one) == layout.conditions(other)


@given(chosen())
def test_full_crosses_the_given_levels_with_what_the_default_conditions_say_beside_them(
    choice: tuple[AnyScenario, dict[str, list[str]]],
) -> None:
    scenario, levels = choice
    levels = levels or {"stakes": [EVERY]}
    conditions = lay_out("full", scenario, levels).conditions(0)
    rest = {tuple((n, v) for n, v in each.items() if n not in levels) for each in conditions}
    cells = {tuple(each[name] for name in levels) for each in conditions}
    many = prod(2 if few == [EVERY] else len(few) for few in levels.values())
    assert len(cells) == many
    assert len(conditions) == len(rest) * len(cells)
    assert conditions == lay_out("default", scenario, levels).conditions(0)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.name)
def test_arms_are_the_conditions_that_a_scenario_names(scenario: AnyScenario) -> None:
    conditions = lay_out("arms", scenario, {}).conditions(0)
    assert all(cell in conditions for cell in scenario.cells.values())
    assert all(condition in scenario.cells.values() for condition in conditions)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.name)
def test_one_at_a_time_differs_from_a_default_condition_in_one_factor_and_reaches_every_level(
    scenario: AnyScenario,
) -> None:
    conditions = lay_out("one_at_a_time", scenario, {}).conditions(0)
    bases = [scenario.condition(levels) for levels in scenario.conditions.values()]
    assert conditions[: len(bases)] == bases
    assert all(min(_differing(each, base) for base in bases) <= 1 for each in conditions)
    reached = {(name, level) for each in conditions for name, level in each.items()}
    assert reached == {(factor.name, level) for factor in scenario.factors for level in factor.levels}


def test_one_at_a_time_varies_the_given_factors_only() -> None:
    conditions = lay_out("one_at_a_time", ALLOTMENT, {"form": [EVERY]}).conditions(0)
    assert [(each["arm"], each["form"]) for each in conditions] == [
        ("conflict", "itemised"), ("enough", "itemised"), ("conflict", "plain"), ("enough", "plain"),
    ]  # fmt: skip


@settings(deadline=None)  # it builds instances
@given(st.sampled_from(SCENARIOS), SEEDS, st.integers())
def test_randomised_pairs_the_default_conditions_under_one_draw_and_can_be_built(
    scenario: AnyScenario, seed: int, design_seed: int
) -> None:
    conditions = lay_out("randomised", scenario, {}, design_seed).conditions(seed)
    apart = told_apart_by(scenario)
    assert len({tuple((n, v) for n, v in each.items() if n not in apart) for each in conditions}) == 1
    assert [{n: each[n] for n in apart} for each in conditions] == [
        {n: scenario.condition(levels)[n] for n in apart} for levels in scenario.conditions.values()
    ]
    assert conditions == lay_out("randomised", scenario, {}, design_seed).conditions(seed)
    assert all(scenario.instance(seed, each).briefing for each in conditions)


def test_randomised_draws_every_level_about_equally_often_and_anew_for_another_design_seed() -> None:
    layout, other = lay_out("randomised", ALLOTMENT, {}), lay_out("randomised", ALLOTMENT, {}, 1)
    draws = Counter(layout.conditions(seed)[0]["confrontation"] for seed in range(6000))
    assert len(draws) == 6
    assert all(850 < many < 1150 for many in draws.values())
    assert [layout.conditions(s) for s in range(20)] != [other.conditions(s) for s in range(20)]


def test_another_factor_or_another_order_of_levels_changes_no_draw() -> None:
    alone = lay_out("randomised", ALLOTMENT, {"nudge": [EVERY]})
    levels = list(reversed(next(f.levels for f in ALLOTMENT.factors if f.name == "nudge")))
    together = lay_out("randomised", ALLOTMENT, {"form": [EVERY], "nudge": levels})
    for seed in range(30):
        assert alone.conditions(seed)[0]["nudge"] == together.conditions(seed)[0]["nudge"]


a_few = st.lists(st.sampled_from([1, 2, 3, 2, 3, 4, 6]), max_size=9).filter(
    lambda levels: prod(each for each in levels if each not in (2, 3)) < 80
)
many_of_two_and_three = st.tuples(st.integers(0, 11), st.integers(0, 12)).map(
    lambda many: [2] * many[0] + [3] * many[1]
)


@given(st.one_of(a_few, many_of_two_and_three))
def test_in_a_fractional_design_any_two_factors_meet_in_all_their_levels_equally_often(
    levels: list[int],
) -> None:
    design = fraction(levels)
    rows = list(design.rows())
    assert len(rows) == design.size <= prod(levels)
    assert all(0 <= at < many for row in rows for at, many in zip(row, levels, strict=True))
    for column, many in enumerate(levels):
        assert Counter(row[column] for row in rows) == dict.fromkeys(range(many), len(rows) // many)
    for a, b in combinations(range(len(levels)), 2):
        met = Counter((row[a], row[b]) for row in rows)
        assert (len(met), set(met.values())) == (levels[a] * levels[b], {len(rows) // len(met)})


@pytest.mark.parametrize("factors", GENERATORS)
def test_the_resolution_of_a_table_for_two_levels_is_the_shortest_word_of_its_defining_relation(
    factors: int,
) -> None:
    resolution, words = GENERATORS[factors]
    basic = factors - len(words)
    relations = [{*word, chr(ord("A") + basic + at)} for at, word in enumerate(words)]
    products = [
        len(_product(few)) for many in range(1, len(words) + 1) for few in combinations(relations, many)
    ]
    assert {"IV": 4, "V": 5}[resolution] == min(products)
    assert fraction([2] * factors).size == 2**basic


def _product(words: tuple[set[str], ...]) -> set[str]:
    letters = Counter(letter for word in words for letter in word)
    return {letter for letter, many in letters.items() if many % 2}


def test_crossed_tables_give_way_to_a_mixed_one_that_takes_less_than_half_the_runs() -> None:
    levels = {"freeze": [EVERY], "shortfall": [EVERY], "rule": [EVERY], "nudge": [EVERY]}
    assert fractional_table(ALLOTMENT, levels) == "2x2 x 3x3"
    assert fraction([2, *[3] * 7]).name == "L18 of resolution III"
    assert fraction([2] * 6 + [3] * 4).name == "L36 of resolution III"


def test_fractional_keeps_the_default_conditions_paired() -> None:
    levels = {name: [EVERY] for name in ("rule", "nudge", "oversight", "cue")}
    conditions = lay_out("fractional", ALLOTMENT, levels).conditions(0)
    rows = Counter(tuple(each[name] for name in levels) for each in conditions)
    assert (len(conditions), set(rows.values())) == (18, {2})


def test_what_a_design_cannot_do_is_said_with_the_way_out() -> None:
    with pytest.raises(UsageError) as nothing:
        lay_out("fractional", ALLOTMENT, {})
    assert (nothing.value.what, nothing.value.fix.split(";")[0]) == (
        "the design fractional of scenario borrowed_allotment has nothing to combine",
        "--factor NAME (all its levels) or --factor NAME=level,level",
    )
    with pytest.raises(UsageError, match="can't draw arm"):
        lay_out("randomised", ALLOTMENT, {"arm": [EVERY]})
    with pytest.raises(UsageError, match="no factor 'colour'"):
        lay_out("default", ALLOTMENT, {"colour": [EVERY]})
    with pytest.raises(UsageError, match="no level 'huge'"):
        lay_out("randomised", ALLOTMENT, {"shortfall": ["huge"]})
    with pytest.raises(ValueError, match="up to 11 factors of two levels"):
        fraction([2] * 12)


def _differing(one: Condition, other: Condition) -> int:
    return sum(one[name] != other[name] for name in one)
