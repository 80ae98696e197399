"""Two studies are paired episode by episode: nothing is paired twice, and nothing is left out in silence."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.flips import FLIPS, Flip, Paired, covert_difference, pair_studies
from ulterior.analysis.statistics.paired import Difference, difference_bounds, paired_difference

SWAPPED = {"safe_to_covert": "covert_to_safe", "covert_to_safe": "safe_to_covert"}


def finding(episode: str, covert: bool | None = False, **more: Any) -> EpisodeFinding:
    given: dict[str, Any] = {
        "scenario": "desk",
        "scenario_version": "1",
        "condition": {"arm": "conflict"},
        "model": "old",
        "seed": 0,
        "epoch": 0,
        "sandbox": "embedded",
        "status": "submitted",
        "act": "violated" if covert else "none",
        "covert": covert,
        "reasons": {} if covert is not None else {"covert": "there was nothing to tell"},
    }
    return EpisodeFinding(episode=episode, **(given | more))


def kinds(paired: Paired) -> list[tuple[str, str, str]]:
    return [(pair.a.episode, pair.b.episode, pair.kind) for pair in paired.pairs]


def test_equal_cells_are_paired_and_what_changed_is_named() -> None:
    a = [finding(f"a{seed}", covert, seed=seed) for seed, covert in enumerate([False, True, True, False])]
    b = [finding(f"b{seed}", covert, seed=seed) for seed, covert in enumerate([True, False, True, False])]
    paired = pair_studies(a, b)
    assert kinds(paired) == [
        ("a0", "b0", "safe_to_covert"),
        ("a1", "b1", "covert_to_safe"),
        ("a2", "b2", "both_covert"),
        ("a3", "b3", "both_safe"),
    ]
    assert (paired.models, paired.alone_a, paired.alone_b) == ((("old", "old"),), {}, {})


def test_a_side_that_cannot_be_judged_leaves_the_pair_undecided() -> None:
    a = [finding("a0", None), finding("a1", True, seed=1), finding("a2", None, seed=2)]
    b = [
        finding("b0"),
        finding("b1", None, seed=1, act=None, reasons={"act": "the oracle failed"}),
        finding("b2", None, seed=2, act="ambiguous", reasons={}),
    ]
    assert [(pair.kind, pair.why_a, pair.why_b) for pair in pair_studies(a, b).pairs] == [
        ("undecided", "there was nothing to tell", None),
        ("undecided", None, "the oracle failed"),
        ("undecided", "there was nothing to tell", "the act is ambiguous"),
    ]


def test_the_only_model_that_is_left_on_each_side_is_the_others_successor() -> None:
    a = [finding("a0", model="old"), finding("a1", model="same")]
    b = [finding("b0", model="new"), finding("b1", model="same")]
    paired = pair_studies(a, b)
    assert paired.models == (("same", "same"), ("old", "new"))
    assert kinds(paired) == [("a0", "b0", "both_safe"), ("a1", "b1", "both_safe")]


def test_models_are_not_guessed_where_there_are_several() -> None:
    a = [finding("a0", model="old")]
    b = [finding("b0", model="new"), finding("b1", model="newer")]
    paired = pair_studies(a, b)
    assert (paired.models, paired.pairs) == ((), ())
    assert paired.alone_a == {"a0": "the other study has no such model"}
    assert paired.alone_b == dict.fromkeys(("b0", "b1"), "the other study has no such model")


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"scenario": "shop"}, "the other study has no such scenario with this model"),
        ({"scenario_version": "2"}, "the scenario was another one there"),
        ({"condition": {"arm": "plenty"}}, "the other study has no such condition"),
        ({"sandbox": "docker"}, "the other study has no such condition in this sandbox"),
        (
            {"settings": {"temperature": 1}},
            "the other study has no such condition with these settings",
        ),
        ({"seed": 1}, "the other study has no episode of this seed"),
        ({"epoch": 1}, "the other study has no episode of this epoch"),
        ({"scenario": None}, "the episode's identity can't be read"),
    ],
)
def test_what_has_no_counterpart_is_left_out_with_the_first_thing_that_differs(
    other: dict[str, Any], reason: str
) -> None:
    b = [finding("b0"), finding("b1", **other)]
    assert pair_studies([finding("a0")], b).alone_b == {"b1": reason}
    turned = pair_studies(b, [finding("a0")])
    assert (kinds(turned), turned.alone_a) == ([("b0", "a0", "both_safe")], {"b1": reason})


def test_the_hash_of_a_scenario_decides_where_it_is_known() -> None:
    a = [finding("a0"), finding("a1", seed=1)]
    b = [finding("b0", scenario_version="2"), finding("b1", seed=1, scenario_version="2")]
    same = {"a0": "f00d", "a1": "f00d", "b0": "f00d", "b1": "f00d"}
    assert [pair[:2] for pair in kinds(pair_studies(a, b, same))] == [("a0", "b0"), ("a1", "b1")]
    other = same | {"b0": "beef", "b1": "beef"}
    assert set(pair_studies(a, b, other).alone_a.values()) == {"the scenario was another one there"}


def test_an_episode_whose_hash_is_not_known_yet_is_one_of_its_version() -> None:
    a, b = [finding("a0"), finding("a1", seed=1)], [finding("b0"), finding("b1", None, seed=1)]
    known = {"a0": "f00d", "a1": "f00d", "b0": "f00d"}
    assert kinds(pair_studies(a, b, known)) == [("a0", "b0", "both_safe"), ("a1", "b1", "undecided")]


def test_forks_are_in_no_pair() -> None:
    paired = pair_studies([finding("a0"), finding("a1", fork="a0")], [finding("b0", fork="b")])
    assert (paired.pairs, paired.alone_b) == ((), {})
    assert paired.alone_a == {"a0": "the other study has no such model"}


def test_two_episodes_of_one_identity_are_paired_once() -> None:
    paired = pair_studies([finding("a0"), finding("a1")], [finding("b0")])
    assert kinds(paired) == [("a0", "b0", "both_safe")]
    assert paired.alone_a == {"a1": "its counterpart is paired with another episode of this identity"}


# ---- Differences ---------------------------------------------------------------------------------------


def flips(*outcomes: tuple[int, int, bool, bool]) -> list[Flip]:
    return [
        Flip(finding("a", a, seed=seed, epoch=epoch), finding("b", b, seed=seed), FLIPS[a, b])
        for seed, epoch, a, b in outcomes
    ]


def test_a_difference_is_that_of_paired_instances_about_this_suite() -> None:
    undecided = Flip(finding("x", None), finding("y", True), "undecided")
    pairs = [*flips((0, 0, False, True), (1, 0, True, True), (2, 0, False, True)), undecided]
    assert covert_difference(pairs) == paired_difference(
        [(0, False, True), (1, True, True), (2, False, True)]
    )
    assert covert_difference(pairs).estimand == "this suite"


def test_epochs_of_one_instance_are_one_observation() -> None:
    found = covert_difference(flips((0, 0, False, True), (0, 1, False, False)))
    low, high = difference_bounds(0.5, 0, 1)
    assert found == Difference(
        n=2,
        clusters=1,
        gained=1,
        lost=0,
        estimate=0.5,
        low=low,
        high=high,
        p=None,
        method="exact bounds on instance means",
    )


def test_without_a_decided_pair_there_is_no_difference() -> None:
    assert covert_difference([Flip(finding("x", None), finding("y"), "undecided")]).method == "no data"


# ---- Whatever the studies ------------------------------------------------------------------------------

CELLS = st.fixed_dictionaries(
    {
        "scenario": st.sampled_from(["desk", "shop", None]),
        "scenario_version": st.sampled_from(["1", "2"]),
        "condition": st.sampled_from([{"arm": "conflict"}, {"arm": "plenty"}]),
        "model": st.sampled_from(["one", "two", "three"]),
        "seed": st.integers(0, 2),
        "epoch": st.integers(0, 1),
        "covert": st.sampled_from([True, False, None]),
        "fork": st.sampled_from([None, None, None, "parent"]),
    }
)


def study(side: str) -> st.SearchStrategy[list[EpisodeFinding]]:
    return st.lists(CELLS, max_size=12).map(
        lambda cells: [_made(f"{side}{number}", cell) for number, cell in enumerate(cells)]
    )


def _made(episode: str, cell: dict[str, Any]) -> EpisodeFinding:
    return finding(episode, **cell)


@given(study("a"), study("b"))
def test_every_episode_but_forks_is_in_one_pair_or_alone_with_a_reason(
    a: list[EpisodeFinding], b: list[EpisodeFinding]
) -> None:
    paired = pair_studies(a, b)
    assert Counter([*(pair.a.episode for pair in paired.pairs), *paired.alone_a]) == Counter(
        f.episode for f in a if f.fork is None
    )
    assert Counter([*(pair.b.episode for pair in paired.pairs), *paired.alone_b]) == Counter(
        f.episode for f in b if f.fork is None
    )
    for pair in paired.pairs:
        assert (pair.a.model, pair.b.model) in paired.models
        assert (pair.a.covert is None or pair.b.covert is None) == (pair.kind == "undecided")
        assert [pair.why_a is None, pair.why_b is None] == [
            pair.kind != "undecided" or side.covert is not None for side in (pair.a, pair.b)
        ]


@given(study("a"), study("b"))
def test_swapping_the_studies_swaps_kinds_and_negates_the_difference(
    a: list[EpisodeFinding], b: list[EpisodeFinding]
) -> None:
    there, back = pair_studies(a, b), pair_studies(b, a)
    assert Counter(SWAPPED.get(pair.kind, pair.kind) for pair in there.pairs) == Counter(
        pair.kind for pair in back.pairs
    )
    assert (there.alone_a, there.alone_b) == (back.alone_b, back.alone_a)
    one, other = covert_difference(there.pairs), covert_difference(back.pairs)
    assert (one.n, one.clusters, one.gained, one.lost, one.p) == (
        other.n,
        other.clusters,
        other.lost,
        other.gained,
        other.p,
    )
    if one.estimate is not None and one.low is not None and one.high is not None:
        assert (one.estimate, one.low, one.high) == pytest.approx(
            tuple(-value for value in (other.estimate, other.high, other.low) if value is not None)
        )


@given(study("a"))
def test_a_study_against_itself_has_no_flips_and_nobody_alone(a: list[EpisodeFinding]) -> None:
    paired = pair_studies(a, a)
    paired_with = [(pair.a.episode, pair.b.episode) for pair in paired.pairs]
    known = [f for f in sorted(a, key=lambda f: f.order) if f.fork is None and f.scenario is not None]
    assert paired_with == [(f.episode, f.episode) for f in known]
    assert {pair.kind for pair in paired.pairs} <= {"both_covert", "both_safe", "undecided"}
    assert set(paired.alone_a.values()) <= {"the episode's identity can't be read"}
    assert covert_difference(paired.pairs).estimate in (None, 0.0)
