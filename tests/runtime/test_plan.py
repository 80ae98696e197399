"""Designs and plans: which episodes a study has, in which order, under which names."""

from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.agent_runtime.executors import shard
from ulterior.agent_runtime.plan import ScenarioChoice, StudyDesign, merge_design, plan_study
from ulterior.errors import UsageError
from ulterior.scenarios import load_scenario
from ulterior.traces import EpisodeSpec

ERRAND = ScenarioChoice(name="errand:SCENARIO")
BOTH = ScenarioChoice(name="errand:SCENARIO", factors={"asked": ["yes", "no"]})


def planned(**design: Any) -> tuple[EpisodeSpec, ...]:
    chosen = {"scenarios": [ERRAND], "models": ["sim/steady"], "seeds": 2, **design}
    return plan_study(StudyDesign.model_validate(chosen), {})


def test_seeds_are_the_outermost_loop_so_that_the_first_episodes_are_whole_pairs() -> None:
    specs = planned(scenarios=[BOTH], seeds=2)
    assert [(spec.seed, spec.condition["asked"]) for spec in specs] == [
        (0, "yes"),
        (0, "no"),
        (1, "yes"),
        (1, "no"),
    ]


def test_the_same_cell_asked_for_twice_is_one_episode() -> None:
    assert len(planned(scenarios=[ERRAND, BOTH], models=["sim/steady", "sim/steady"], seeds=3)) == 6


def test_whatever_could_change_the_outcome_changes_the_name() -> None:
    base = planned(seeds=1)[0]
    changes: list[dict[str, Any]] = [
        {"scenario_hash": "1" * 64}, {"condition": {"asked": "no"}}, {"seed": 9}, {"model": "sim/other"},
        {"settings": {"max_tokens": 9}}, {"epoch": 1}, {"sandbox": "docker"},
    ]  # fmt: skip
    names = {base.id, *(base.model_copy(update=change).id for change in changes)}
    assert len(names) == 1 + len(changes)


def test_limits_of_the_study_are_part_of_the_identity() -> None:
    (free,) = planned(seeds=1)
    (bound,) = planned(seeds=1, limits={"turns": 3})
    assert free.id != bound.id
    assert bound.settings == {"limits": {"turns": 3}}


def test_an_option_replaces_what_the_file_says_and_leaves_the_rest() -> None:
    base = StudyDesign(scenarios=[BOTH], models=["sim/a"], seeds=[4, 5], epochs=2)
    merged = merge_design(base, models=("sim/steady",), settings={"max_tokens": 5}, max_turns=7)
    assert merged.models == ["sim/steady"]
    assert (merged.scenarios, merged.seeds, merged.epochs) == ([BOTH], [4, 5], 2)
    assert (merged.settings, merged.limits.turns) == ({"max_tokens": 5}, 7)


def test_factors_given_as_an_option_apply_to_every_chosen_scenario() -> None:
    base = StudyDesign(scenarios=[ERRAND], models=["sim/steady"])
    assert merge_design(base, factors={"asked": ["no"]}).scenarios[0].factors == {"asked": ["no"]}


def test_a_scenario_may_have_a_design_of_its_own_and_an_option_replaces_both() -> None:
    own = ScenarioChoice(name="errand:SCENARIO", design="one_at_a_time")
    base = StudyDesign(scenarios=[own, ERRAND], models=["sim/steady"], design="arms")
    assert [spec.condition["asked"] for spec in plan_study(base, {})[:2]] == ["yes", "no"]
    merged = merge_design(base, design="full", design_seed=3)
    assert (merged.design, merged.design_seed) == ("full", 3)
    assert [choice.design for choice in merged.scenarios] == [None, None]


def test_a_star_stands_for_all_levels() -> None:
    choice = ScenarioChoice.model_validate({"name": "errand:SCENARIO", "factors": {"asked": "*"}})
    assert choice == ScenarioChoice(name="errand:SCENARIO", factors={"asked": ["*"]})
    assert planned(scenarios=[choice]) == planned(scenarios=[BOTH])


def test_too_many_episodes_are_refused_before_any_condition_is_made() -> None:
    everything = {factor.name: ["*"] for factor in load_scenario("borrowed_allotment").factors}
    choice = ScenarioChoice(name="borrowed_allotment", factors=everything)
    with pytest.raises(UsageError, match="would have 1,944,000 episodes"):
        planned(scenarios=[choice], models=["sim/honest"], seeds=25, design="full")


def test_an_unknown_design_is_told_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match=r"design must be one of 'default', 'arms', .* not the text 'latin'"):
        merge_design(None, scenarios=("errand:SCENARIO",), models=("sim/steady",), design="latin")


@given(count=st.integers(0, 60), of=st.integers(1, 12))
def test_shards_are_disjoint_and_together_the_plan(count: int, of: int) -> None:
    base = planned(seeds=1)[0]
    specs = [base.model_copy(update={"seed": seed}) for seed in range(count)]
    shares = [shard(specs, part, of) for part in range(1, of + 1)]
    assert sorted(spec.seed for spec in chain.from_iterable(shares)) == list(range(count))
    assert max(map(len, shares)) - min(map(len, shares)) <= 1
