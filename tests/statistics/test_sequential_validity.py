"""What the sequential tests promise, by enumeration: no bet has an expected gain while its null
hypothesis is true."""

from collections.abc import Callable
from itertools import product
from math import log, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

from ulterior.analysis.statistics.sequential.betting import log_capital
from ulterior.analysis.statistics.sequential.canary import log_above, log_below
from ulterior.analysis.statistics.sequential.course import Pair, Rates, first_passage
from ulterior.analysis.statistics.sequential.two_streams import log_factor, plug_in, projection

Floats = NDArray[np.float64]

EXACT = 1 + 1e-9
MARGINS = (-0.1, 0.0, 0.03, 0.2)
GRID = np.linspace(0, 1, 41)
PASTS = [
    (b, c, n)
    for n in (0, 1, 2, 5, 20, 100)
    for b in range(0, n + 1, max(1, n // 5))
    for c in range(0, n + 1, max(1, n // 5))
]
RATES = [(0.01, 0.01), (0.02, 0.02), (0.1, 0.1), (0.3, 0.3), (0.9, 0.9), (0.3, 0.1)]


def expected_factor(b: float, c: float, m: float, s: Floats, t: Floats, both: Floats) -> Floats:
    """Of one block, for true rates s and t (arrays) and the probability that both versions do it."""
    chances = {(1, 1): both, (1, 0): s - both, (0, 1): t - both, (0, 0): 1 - s - t + both}
    return sum((p * np.exp(log_factor(b, c, *y, m)) for y, p in chances.items()), np.zeros(s.shape))


def null_grid(m: float) -> tuple[Floats, Floats]:
    """Rates with candidate - baseline <= m, its edge included."""
    grid = [(s, t) for s in GRID for t in GRID if t - s <= m]
    edge = [(s, s + m) for s in GRID if 0 <= s + m <= 1]
    s, t = np.array([*grid, *edge]).T
    return s, t


@pytest.mark.parametrize("m", MARGINS)
def test_no_past_makes_turners_factor_favourable(m: float) -> None:
    s, t = null_grid(m)
    for k0, k, n in PASTS:
        b, c = float(plug_in(k0, n)), float(plug_in(k, n))
        assert expected_factor(b, c, m, s, t, s * t).max() <= EXACT


@pytest.mark.parametrize("m", MARGINS)
def test_pairs_that_resemble_each_other_make_it_conservative(m: float) -> None:
    s, t = null_grid(m)
    spread = np.minimum(s, t) - s * t
    for k0, k, n in PASTS[::3]:
        b, c = float(plug_in(k0, n)), float(plug_in(k, n))
        alike = [expected_factor(b, c, m, s, t, s * t + share * spread) for share in (0, 0.3, 1)]
        assert (alike[1] <= alike[0] + 1e-9).all()
        assert (alike[2] <= alike[1] + 1e-9).all()


@pytest.mark.parametrize("m", MARGINS)
def test_the_projection_is_the_closest_point_of_the_null(m: float) -> None:
    for b, c in product((0.002, 0.1, 0.5, 0.93), repeat=2):
        b0, c0 = (float(each) for each in projection(b, c, m))
        if c - b <= m:
            assert (b0, c0) == (b, c)
            continue
        edge = np.linspace(max(0, -m), min(1, 1 - m), 200_001)[1:-1]
        found = float(edge[np.argmin(divergence(b, edge) + divergence(c, edge + m))])
        assert (b0, c0) == pytest.approx((found, found + m), abs=1e-5)


def divergence(p: float, q: Floats) -> Floats:
    """Kullback-Leibler, from a rate to each of the others."""
    return p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q))


def test_over_all_sequences_the_product_over_scenarios_expects_at_most_one() -> None:
    # Every sequence of four blocks; two independent scenarios, at the edge of the null and inside.
    outcomes = np.array(list(product((0, 1), repeat=8)))  # one scenario: four blocks of (baseline, candidate)
    capital = np.zeros(len(outcomes))
    for t in range(4):
        b = plug_in(outcomes[:, 0 : 2 * t : 2].sum(axis=1), t)
        c = plug_in(outcomes[:, 1 : 2 * t : 2].sum(axis=1), t)
        capital += log_factor(b, c, outcomes[:, 2 * t], outcomes[:, 2 * t + 1])
    for rates in product([(0.02, 0.02), (0.5, 0.5), (0.6, 0.3)], repeat=2):
        expected = [float((chances(outcomes, *each) * np.exp(capital)).sum()) for each in rates]
        assert np.prod(expected) <= EXACT


def chances(outcomes: NDArray[np.int64], s: float, t: float) -> Floats:
    rates = np.tile([s, t], 4)
    return np.where(outcomes == 1, rates, 1 - rates).prod(axis=1)


def cycle_expectation(suite: list[Pair], mean: float, counts_before: tuple[int, int, int]) -> float:
    """How the capital is expected to change over one cycle, given how often each difference was seen
    before."""
    before, total = np.array(counts_before), 0.0
    for drawn in product(range(3), repeat=len(suite)):
        chance = np.prod([chances_of(pair)[at] for pair, at in zip(suite, drawn, strict=True)])
        after = before + np.bincount(drawn, minlength=3)
        gain = log_capital((1, 0, -1), after, mean) - log_capital((1, 0, -1), before, mean)
        total += float(chance * np.exp(gain))
    return total


def chances_of(pair: Pair) -> tuple[float, float, float]:
    return pair.candidate_only, 1 - pair.candidate_only - pair.baseline_only, pair.baseline_only


@pytest.mark.parametrize("before", [(0, 0, 0), (3, 20, 1), (40, 60, 2), (0, 50, 9)])
@pytest.mark.parametrize("discordant", [0.02, 0.3, 0.6])
def test_a_cycle_of_unlike_scenarios_is_no_favourable_bet(
    before: tuple[int, int, int], discordant: float
) -> None:
    # Differences of scenarios from -0.3 to 0.3 whose mean is the null's, however often the pairs differ
    # at all.
    for differences in [(0.0, 0.0, 0.0), (0.3, -0.3, 0.0), (0.2, -0.1, -0.1), (0.3, 0.3, -0.6)]:
        suite = [
            Pair(max(0, d) + spare, max(0, -d) + spare) for d in differences if (spare := discordant / 4) >= 0
        ]
        assert cycle_expectation(suite, float(np.mean(differences)), before) <= EXACT
        assert cycle_expectation(suite, float(np.mean(differences)) + 0.03, before) <= EXACT


@pytest.mark.parametrize("rates", RATES)
@pytest.mark.parametrize("correlation", [0.0, 0.3])
@pytest.mark.parametrize("scenarios", [1, 5])
def test_the_chance_of_a_false_alarm_at_any_time_stays_below_alpha(
    rates: tuple[float, float], correlation: float, scenarios: int
) -> None:
    pair, mean = Rates(*rates, correlation).pair(), rates[1] - rates[0]

    def above(ups: Floats, downs: Floats, n: int) -> NDArray[np.bool_]:
        return evidence(ups, downs, n, mean) >= -log(0.05)

    def below(ups: Floats, downs: Floats, n: int) -> NDArray[np.bool_]:
        return evidence(downs, ups, n, -mean) >= -log(0.05)

    for rule in (above, below):
        assert first_passage([pair] * scenarios, 200 // scenarios, {"wrong": rule}).share("wrong") <= 0.05


def evidence(ups: Floats, downs: Floats, n: int, mean: float) -> Floats:
    ups, downs = np.broadcast_arrays(ups, downs)
    return log_capital((1, 0, -1), np.stack([ups, n - ups - downs, downs], axis=-1), mean)


def test_scenarios_that_move_together_are_what_it_does_not_allow_and_what_cycle_means_do() -> None:
    # Either the candidate has a bad day in all four scenarios or the baseline has: no difference on
    # average.
    for values, factor in (((1, -1), 4), ((4 / 4, -4 / 4), 1)):
        start = log_capital(values, (10 * factor, 4 * factor))
        up = log_capital(values, (11 * factor, 4 * factor)) - start
        down = log_capital(values, (10 * factor, 5 * factor)) - start
        expected = float(np.exp(up) + np.exp(down)) / 2
        assert (expected > 1.05) if factor == 4 else (expected <= EXACT)


Capital = Callable[[Floats, Floats, float], Floats]


@pytest.mark.parametrize(("capital", "side"), [(log_above, -1), (log_below, 1)])
@pytest.mark.parametrize("m", [0.005, 0.03, 0.2, 0.7])
def test_a_canary_bets_at_fair_odds_or_worse(capital: Capital, side: int, m: float) -> None:
    rates = np.linspace(m if side > 0 else 0, 1 if side > 0 else m, 21)[:, None]
    for n in (0, 1, 2, 10, 100):
        k = np.arange(n + 1, dtype=float)
        now, no, yes = (
            np.exp(capital(k + more, np.asarray(n + step), m)) for more, step in ((0, 0), (0, 1), (1, 1))
        )
        assert (rates * yes + (1 - rates) * no <= now * EXACT).all()
        assert (binom.pmf(k, n, rates) * now).sum(axis=1).max() <= EXACT


@pytest.mark.parametrize("m", [0.01, 0.1])
def test_a_canarys_false_alarms_over_all_looks_stay_below_alpha(m: float) -> None:
    for capital in (log_above, log_below):
        mass, rejected = np.ones(1), 0.0
        for n in range(1, 401):
            mass = np.append(mass * (1 - m), 0) + np.insert(mass * m, 0, 0)
            hit = capital(np.arange(n + 1), n, m) >= -log(0.05)
            rejected, mass = rejected + float(mass[hit].sum()), np.where(hit, 0, mass)
        assert 0 < rejected <= 0.05


@pytest.mark.parametrize(("k", "n"), [(0, 50), (1, 50), (7, 50), (50, 50)])
def test_a_canarys_rejected_rates_lie_on_one_side_of_one_bound(k: int, n: int) -> None:
    grid = np.linspace(1e-4, 1 - 1e-4, 2000)
    for capital, turns in ((log_above, -1), (log_below, 1)):
        rejected = (capital(k, n, grid) >= -log(0.05)).astype(int)
        assert set(np.diff(rejected)) <= {0, turns}


def test_correlated_rates_give_the_pairs_they_should() -> None:
    pair = Rates(0.2, 0.3, 0.25).pair()
    both = 0.2 * 0.3 + 0.25 * sqrt(0.2 * 0.8 * 0.3 * 0.7)
    assert (pair.candidate_only, pair.baseline_only) == pytest.approx((0.3 - both, 0.2 - both))
