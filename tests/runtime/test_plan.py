"""Designs and plans: which episodes a study has, in which order, under which names."""

from itertools import chain
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ulterior.agent_runtime.executors import shard
from ulterior.agent_runtime.plan import ScenarioChoice, StudyDesign, merge_design, plan_study
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


@given(count=st.integers(0, 60), of=st.integers(1, 12))
def test_shards_are_disjoint_and_together_the_plan(count: int, of: int) -> None:
    base = planned(seeds=1)[0]
    specs = [base.model_copy(update={"seed": seed}) for seed in range(count)]
    shares = [shard(specs, part, of) for part in range(1, of + 1)]
    assert sorted(spec.seed for spec in chain.from_iterable(shares)) == list(range(count))
    assert max(map(len, shares)) - min(map(len, shares)) <= 1
