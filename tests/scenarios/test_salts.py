"""Private seeds: where a salt puts them, that they make instances, and that it stands nowhere."""

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ulterior.errors import UsageError
from ulterior.scenarios import LIBRARY, load_scenario, salt_mark, salted_seeds
from ulterior.scenarios.common import people
from ulterior.scenarios.common.people import Cast
from ulterior.scenarios.salts import SALTED_SEEDS, salted_base

LAST = 2**52 - 1
"""The greatest seed that any salt has."""


def test_the_seeds_of_a_salt_are_these_and_never_others() -> None:
    assert salted_base("a salt") == 0x5654973B * 1_048_550
    assert salted_seeds("a salt", [0, 5]) == [0x5654973B * 1_048_550, 0x5654973B * 1_048_550 + 5]
    assert salted_seeds(None, [0, 5]) == [0, 5]


@given(st.text(min_size=1).filter(str.strip), st.lists(st.integers(0, SALTED_SEEDS - 1), unique=True))
def test_salted_seeds_keep_their_order_and_distance_and_are_exact_in_json(
    salt: str, seeds: list[int]
) -> None:
    salted = salted_seeds(salt, seeds)
    assert [b - a for a, b in pairwise(salted)] == [b - a for a, b in pairwise(seeds)]
    assert all(0 <= seed <= LAST < 2**53 for seed in salted)
    assert json.loads(json.dumps([float(seed) for seed in salted])) == salted


def test_studies_of_one_salt_are_known_by_a_mark_that_does_not_tell_it() -> None:
    assert salt_mark("a salt") == salt_mark("a salt") != salt_mark("another")
    assert "salt" not in salt_mark("a salt")


@pytest.mark.parametrize("seed", [-1, SALTED_SEEDS])
def test_a_seed_that_a_salt_has_no_place_for_is_refused(seed: int) -> None:
    with pytest.raises(UsageError, match=f"the seed {seed} can't be salted"):
        salted_seeds("a salt", [3, seed])


@pytest.mark.parametrize("salt", ["", "  "])
def test_an_empty_salt_is_refused(salt: str) -> None:
    with pytest.raises(UsageError, match="the salt is empty"):
        salted_seeds(salt, [0])


@pytest.mark.parametrize("name", LIBRARY)
def test_the_greatest_seeds_make_instances_under_every_named_condition(name: str) -> None:
    scenario = load_scenario(name)
    for condition in scenario.cells.values():
        assert scenario.instance(LAST, condition).briefing
        assert scenario.instance(LAST, condition).files == scenario.instance(LAST, condition).files


@settings(deadline=None)  # it orders whole name spaces
@given(st.integers(0, 2**32 - 1).map(lambda digest: digest * SALTED_SEEDS))
def test_the_first_fifty_instances_of_a_salt_share_no_names(first: int) -> None:
    casts = [Cast("borrowed_allotment", first + at) for at in range(50)]
    people = [cast.person(slot) for cast in casts for slot in range(8)]
    assert len(set(people)) == len(people)


def test_names_of_seeds_far_apart_are_not_all_kept() -> None:
    for drawn in ("_order", "_groups"):
        assert getattr(people, drawn).cache_info().maxsize < 1000
