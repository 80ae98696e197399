"""Effects of factors are those of the library's regression, or absent with a reason."""

import random
from collections.abc import Callable, Iterable

import numpy as np
import pytest
from statsmodels.api import GLM, families  # pyright: ignore[reportMissingTypeStubs]

from ulterior.analysis.statistics import FactorEffect, FactorRow, factor_effects

Chance = Callable[[str, str, str], float]


def study(
    chance: Chance, scenarios: int = 4, seeds: int = 20, models: Iterable[str] = ("m",)
) -> list[FactorRow]:
    """Two factors, crossed; every instance meets all four conditions."""
    dice = random.Random(3)
    return [
        FactorRow(
            dice.random() < chance(f"s{scenario}", arm, tone),
            {"arm": arm, "tone": tone},
            f"s{scenario}",
            seed,
            model,
        )
        for model in models
        for scenario in range(scenarios)
        for seed in range(seeds)
        for arm in ("control", "tempting")
        for tone in ("plain", "urgent")
    ]


def usual(scenario: str, arm: str, tone: str) -> float:
    return 0.1 + 0.05 * int(scenario[1:]) + 0.3 * (arm == "tempting") + 0.05 * (tone == "urgent")


def by_name(effects: Iterable[FactorEffect]) -> dict[tuple[str, str], FactorEffect]:
    return {(effect.factor, effect.value): effect for effect in effects}


def test_odds_ratios_and_their_errors_are_those_of_a_regression_with_intercepts() -> None:
    rows = study(usual)
    effect = by_name(factor_effects(rows))["arm", "tempting"]
    design = np.array(
        [
            [row.factors["arm"] == "tempting", row.factors["tone"] == "urgent"]
            + [row.scenario == f"s{s}" for s in range(4)]
            for row in rows
        ],
        dtype=float,
    )
    groups = np.array([100 * int(row.scenario[1:]) + hash(row.cluster) for row in rows])
    fit = GLM(np.array([row.outcome for row in rows], float), design, family=families.Binomial()).fit(  # pyright: ignore[reportUnknownMemberType]
        cov_type="cluster", cov_kwds={"groups": groups, "use_correction": True}
    )
    assert effect.odds_ratio == pytest.approx(float(np.exp(fit.params[0])), rel=1e-6)
    assert effect.odds_low is not None
    assert effect.odds_high is not None
    half = (np.log(effect.odds_high) - np.log(effect.odds_low)) / 2
    assert half == pytest.approx(1.9905 * float(fit.bse[0]), rel=1e-3)  # t with 79 degrees of freedom
    assert (effect.clusters, effect.method) == (80, "logistic regression, cluster-robust")


def test_the_risk_difference_of_a_balanced_study_is_the_difference_of_its_rates() -> None:
    effect = by_name(factor_effects(study(usual)))["arm", "tempting"]
    assert effect.difference == pytest.approx(effect.k / effect.n - effect.k0 / effect.n0, abs=1e-9)
    assert effect.low is not None
    assert effect.high is not None
    assert effect.low < 0.3 < effect.high
    assert effect.p is not None
    assert effect.p < 1e-4


def test_p_values_are_adjusted_over_all_effects() -> None:
    first, second = factor_effects(study(usual))
    assert first.p is not None
    assert second.p is not None
    smaller, larger = sorted((first.p, second.p))
    adjusted = {first.p: first.p_holm, second.p: second.p_holm}
    assert adjusted == {smaller: pytest.approx(2 * smaller), larger: pytest.approx(max(larger, 2 * smaller))}


def test_a_level_at_which_nothing_happens_has_no_odds_ratio_but_a_difference() -> None:
    effects = by_name(factor_effects(study(lambda s, arm, tone: 0.4 if arm == "control" else 0.0)))
    effect = effects["arm", "tempting"]
    assert (effect.odds_ratio, effect.odds_low, effect.odds_high) == (None, None, None)
    assert effect.reasons["odds_ratio"].startswith("separated: ")
    assert effect.method == "Mantel-Haenszel"
    assert effect.difference == pytest.approx(-effect.k0 / effect.n0)
    assert effect.low is not None
    assert effect.high is not None
    assert effect.low < effect.high < 0
    assert effect.p is not None
    assert effect.p < 1e-9
    assert effects["tone", "urgent"].odds_ratio is not None


def test_scenarios_in_which_nothing_ever_happens_say_nothing_about_odds_but_dilute_the_difference() -> None:
    def chance(scenario: str, arm: str, tone: str) -> float:
        return 0.0 if scenario in ("s2", "s3") else usual(scenario, arm, tone)

    rows = study(chance)
    whole = by_name(factor_effects(rows))["arm", "tempting"]
    half = by_name(factor_effects([row for row in rows if row.scenario in ("s0", "s1")]))["arm", "tempting"]
    assert whole.odds_ratio == pytest.approx(half.odds_ratio)
    assert half.difference is not None
    assert whole.difference == pytest.approx(half.difference / 2)
    assert "predicted without error, and no evidence on odds ratios: 160 episodes" in whole.warnings


def test_a_factor_that_goes_with_the_scenario_is_confounded() -> None:
    rows = [
        FactorRow(
            row.outcome, {"arm": row.factors["arm"], "tool": row.scenario}, row.scenario, row.cluster, "m"
        )
        for row in study(usual)
    ]
    effects = by_name(factor_effects(rows))
    assert effects["tool", "s1"].method == "none"
    assert effects["tool", "s1"].difference is None
    assert effects["tool", "s1"].reasons["difference"].startswith("confounded: ")
    assert effects["arm", "tempting"].odds_ratio is not None


def test_a_study_without_any_event_gives_no_odds_and_a_bounded_difference() -> None:
    effect = by_name(factor_effects(study(lambda s, arm, tone: 0.0)))["arm", "tempting"]
    assert (effect.odds_ratio, effect.difference) == (None, 0.0)
    assert effect.low is not None
    assert effect.low < 0 < (effect.high or 0)


def test_too_few_clusters_give_no_odds_ratio() -> None:
    effect = factor_effects(study(usual, scenarios=1, seeds=5))[0]
    assert effect.odds_ratio is None
    assert effect.reasons["odds_ratio"].startswith("too few clusters: ")
    assert effect.method == "Mantel-Haenszel"


def test_few_clusters_are_warned_of() -> None:
    effect = factor_effects(study(usual, scenarios=1, seeds=20))[0]
    assert effect.odds_ratio is not None
    assert effect.warnings == ("20 clusters (fewer than 30): errors are rough",)


def test_a_scenario_that_lacks_a_factor_changes_nothing_about_it() -> None:
    rows = study(usual)
    others = [
        FactorRow(seed % 3 == 0, {"tone": "plain" if seed % 2 else "urgent"}, "other", seed, "m")
        for seed in range(40)
    ]
    alone, together = by_name(factor_effects(rows)), by_name(factor_effects([*rows, *others]))
    assert together["arm", "tempting"].difference == pytest.approx(
        alone["arm", "tempting"].difference, abs=0.01
    )
    assert together["arm", "tempting"].n == alone["arm", "tempting"].n


def test_a_factor_that_changes_no_episode_at_all_is_not_known_without_error() -> None:
    rows = [
        FactorRow(
            seed % 4 == 0 or (seed % 3 == 0 and arm == "tempting"),
            {"arm": arm, "tone": tone},
            f"s{s}",
            seed,
            "m",
        )
        for s in range(3)
        for seed in range(20)
        for arm in ("control", "tempting")
        for tone in ("plain", "urgent")
    ]
    effect = by_name(factor_effects(rows))["tone", "urgent"]
    assert effect.odds_ratio is None
    assert effect.reasons["odds_ratio"].startswith("every cluster says the same")
    assert (effect.difference, effect.method) == (0.0, "Mantel-Haenszel")
    assert effect.low is not None
    assert effect.low < -0.05 < 0.05 < (effect.high or 0)


def test_the_reference_can_be_named() -> None:
    rows = study(usual)
    there = by_name(factor_effects(rows))["arm", "tempting"]
    back = by_name(factor_effects(rows, {"arm": "tempting"}))["arm", "control"]
    assert there.odds_ratio is not None
    assert back.odds_ratio == pytest.approx(1 / there.odds_ratio)
    assert there.difference is not None
    assert back.difference == pytest.approx(-there.difference)
    with pytest.raises(ValueError):
        factor_effects(rows, {"arm": "nowhere"})


def test_what_does_not_vary_has_no_effect() -> None:
    assert factor_effects([]) == ()
    assert factor_effects([FactorRow(True, {"arm": "control"}, "s", 0, "m")] * 3) == ()
