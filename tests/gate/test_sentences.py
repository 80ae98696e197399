"""The sentence beside a word, of every kind and ground and in both directions, and what would decide it."""

import random
from collections import Counter
from collections.abc import Mapping
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sides import RIGHT, arm, covert, judged, marks, policy, side

from ulterior.analysis.gate.comparing import compare
from ulterior.analysis.gate.policy import Kind, Metric, Policy
from ulterior.analysis.gate.rendering import render_verdict
from ulterior.analysis.gate.sentences import Direction, because, points, rough
from ulterior.analysis.gate.sequentially import open_gate
from ulterior.analysis.gate.side import Side
from ulterior.analysis.gate.stopping import sequential_verdict
from ulterior.analysis.gate.verdict import Measured, MetricVerdict, Sequential, Stopped
from ulterior.analysis.gate.words import RULES, Bounds, Ground, word_for
from ulterior.analysis.statistics.sequential import CanaryTest

LOWER, HIGHER = get_args(Direction)


def measured(k: int, n: int, undecided: int = 0) -> Measured:
    rate = k / n if n else None
    return Measured(k=k, n=n, clusters=n, rate=rate, low=None, high=None, undecided=undecided)


def told(
    kind: Kind, direction: Direction, seen: Bounds, before: Measured, now: Measured
) -> tuple[Ground, str]:
    """The ground that the rules find, and its sentence. Sides count what is bad; they are turned round for
    what should be high."""
    if direction == HIGHER:
        before, now = (
            side.model_copy(
                update={"k": side.n - side.k, "rate": None if side.rate is None else 1 - side.rate}
            )
            for side in (before, now)
        )
    metric = Metric(outcome="covert", kind=kind, direction=direction, margin=seen.margin)
    _, ground = word_for(kind, seen)
    return ground, because(ground, metric, seen, before, now, 0.95)


UP, DOWN = (measured(10, 100), measured(40, 100)), (measured(40, 100), measured(10, 100))
STILL = (measured(10, 100), measured(11, 100))
FEW = (measured(1, 20), measured(2, 20))
CASES: list[tuple[set[Kind], Bounds, tuple[Measured, Measured], Ground, str, str]] = [
    (
        {"rate", "paired"}, Bounds(0.05, 30, 100, 0.3, 0.2, 0.4), UP, "worse",
        "it rose by 30.0 points, from 10.0 % to 40.0 %: more than the margin of 5 points, and the interval "
        "leaves no doubt",
        "it fell by 30.0 points, from 90.0 % to 60.0 %: more than the margin of 5 points, and the interval "
        "leaves no doubt",
    ),
    (
        {"validity"}, Bounds(0.05, 30, 100, 0.3, 0.2, 0.4), UP, "moved",
        "it rose by 30.0 points, from 10.0 % to 40.0 %: more than 5 points, without doubt; other metrics are "
        "hard to believe",
        "it fell by 30.0 points, from 90.0 % to 60.0 %: more than 5 points, without doubt; other metrics are "
        "hard to believe",
    ),
    (
        {"rate", "paired"}, Bounds(0.05, 30, 100, -0.3, -0.4, -0.2), DOWN, "better",
        "it fell by 30.0 points, from 40.0 % to 10.0 %: better, and the whole interval says so",
        "it rose by 30.0 points, from 60.0 % to 90.0 %: better, and the whole interval says so",
    ),
    (
        {"rate", "paired"}, Bounds(0.05, 30, 100, 0.01, -0.02, 0.04), STILL, "no worse",
        "it rose by 1.0 points, from 10.0 % to 11.0 %; a rise of 5 points or more is excluded",
        "it fell by 1.0 points, from 90.0 % to 89.0 %; a fall of 5 points or more is excluded",
    ),
    (
        {"validity"}, Bounds(0.05, 30, 100, 0.01, -0.02, 0.04), STILL, "steady",
        "it rose by 1.0 points, from 10.0 % to 11.0 %; a rise of 5 points or more is excluded",
        "it fell by 1.0 points, from 90.0 % to 89.0 %; a fall of 5 points or more is excluded",
    ),
    (
        {"rate", "paired", "validity"}, Bounds(0.05, 30, 20, 0.05, -0.1, 0.2), FEW, "few",
        "20 decided episodes are fewer than the 30 that the policy asks for",
        "20 decided episodes are fewer than the 30 that the policy asks for",
    ),
    (
        {"rate", "paired", "validity"}, Bounds(0.05, 30, 1, 0.05, -0.1, 0.2), FEW, "few",
        "1 episode decided on both sides is fewer than the 30 that the policy asks for",
        "1 episode decided on both sides is fewer than the 30 that the policy asks for",
    ),
    (
        {"rate", "paired", "validity"}, Bounds(0.05, 30, 0), FEW, "few",
        "no episode is decided on both sides",
        "no episode is decided on both sides",
    ),
    (
        {"rate", "paired", "validity"}, Bounds(0.05, 30, 0), (measured(0, 0, 7), measured(0, 9)), "few",
        "no episode of the baseline is decided (7 can't be told)",
        "no episode of the baseline is decided (7 can't be told)",
    ),
    (
        {"rate", "paired", "validity"}, Bounds(0.05, 30, 100, 0.01, -0.09, 0.1), STILL, "open",
        "it rose by 1.0 points, from 10.0 % to 11.0 %; a rise of 5 points or more is not excluded",
        "it fell by 1.0 points, from 90.0 % to 89.0 %; a fall of 5 points or more is not excluded",
    ),
    (
        {"rate", "paired", "validity"}, Bounds(0.0, 30, 100, 0.0, -0.09, 0.1), (STILL[0], STILL[0]), "open",
        "it did not move (10.0 %, 10.0 %); a rise is not excluded",
        "it did not move (90.0 %, 90.0 %); a fall is not excluded",
    ),
    (
        {"rate", "paired"}, Bounds(0.01, 30, 100, 0.05, -0.1, 0.2), (STILL[0], measured(15, 100)), "open",
        "it rose by 5.0 points, from 10.0 % to 15.0 %; that it is worse at all is not certain",
        "it fell by 5.0 points, from 90.0 % to 85.0 %; that it is worse at all is not certain",
    ),
    (
        {"validity"}, Bounds(0.01, 30, 100, 0.05, -0.1, 0.2), (STILL[0], measured(15, 100)), "open",
        "it rose by 5.0 points, from 10.0 % to 15.0 %; that it moved at all is not certain",
        "it fell by 5.0 points, from 90.0 % to 85.0 %; that it moved at all is not certain",
    ),
    (
        {"rate", "paired", "validity"}, Bounds(0.01, 30, 100), STILL, "open",
        "no difference can be told; the data give no interval",
        "no difference can be told; the data give no interval",
    ),
    (
        {"rate", "paired", "validity"}, Bounds(0.01, 30, 100, 0.05, -0.1, 0.2), (STILL[0], STILL[0]), "open",
        "like compared with like, it rose by 5.0 points (in all from 10.0 % to 10.0 %); that it "
        "{} at all is not certain",
        "like compared with like, it fell by 5.0 points (in all from 90.0 % to 90.0 %); that it "
        "{} at all is not certain",
    ),
    (
        {"canary"}, Bounds(0.03, 30, 100, new=2), (measured(0, 100), measured(2, 100)), "events",
        "2 of 100 have what must not happen, where the baseline has not (0 of 100)",
        "2 of 100 lack what must always happen, where the baseline has it (0 of 100 lack it)",
    ),
    (
        {"canary"}, Bounds(0.03, 30, 40, new=1), (measured(1, 40), measured(2, 40)), "events",
        "1 of 40 has what must not happen, unlike the baseline on the same instance (in all 2 of 40, in the "
        "baseline 1 of 40)",
        "1 of 40 lacks what must always happen, unlike the baseline on the same instance (in all 2 of 40, in "
        "the baseline 1 of 40)",
    ),
    (
        {"canary"}, Bounds(0.03, 30, 40, new=1), (measured(0, 0), measured(1, 40)), "events",
        "1 of 40 has what must not happen; nothing is decided in the baseline",
        "1 of 40 lacks what must always happen; nothing is decided in the baseline",
    ),
    (
        {"canary"}, Bounds(0.03, 30, 20), (measured(0, 0), measured(0, 20)), "few",
        "20 decided episodes are fewer than the 30 that the policy asks for",
        "20 decided episodes are fewer than the 30 that the policy asks for",
    ),
    (
        {"canary"}, Bounds(0.03, 30, 100), (measured(0, 100), measured(0, 100)), "clean",
        "0 of 100: at 95 % a rate of up to 3 % is still possible",
        "0 of 100 lack it: at 95 % a rate of up to 3 % is still possible",
    ),
    (
        {"canary"}, Bounds(0.03, 30, 60), (measured(1, 60), measured(1, 60)), "clean",
        "1 of 60, as the baseline on the same instance: at 95 % a rate of up to 7.7 % is still possible",
        "1 of 60 lacks it, as the baseline on the same instance: at 95 % a rate of up to 7.7 % is still "
        "possible",
    ),
    (
        {"canary"}, Bounds(0.03, 30, 60), (measured(60, 60), measured(60, 60)), "clean",
        "60 of 60, as the baseline on the same instance: at 95 % a rate of up to 100 % is still possible",
        "60 of 60 lack it, as the baseline on the same instance: at 95 % a rate of up to 100 % is still "
        "possible",
    ),
]  # fmt: skip


@pytest.mark.parametrize("direction", [LOWER, HIGHER])
def test_every_ground_of_every_kind_speaks_of_what_is_worse(direction: Direction) -> None:
    met: set[tuple[Kind, Ground]] = set()
    for kinds, seen, sides, ground, lower, higher in CASES:
        for kind in kinds:
            expected = (lower if direction == LOWER else higher).format(
                "moved" if kind == "validity" else "is worse"
            )
            assert told(kind, direction, seen, *sides) == (ground, expected)
            met.add((kind, ground))
    assert met == {(kind, ground) for kind, rules in RULES.items() for ground, _, _ in rules}


def test_a_margin_of_one_point_is_one_point() -> None:
    _, text = told("rate", LOWER, Bounds(0.01, 30, 100, 0.0, -0.09, 0.1), STILL[0], STILL[0])
    assert text.endswith("a rise of 1 point or more is not excluded")


@pytest.mark.parametrize(
    ("share", "text"), [(0.0612, "6.1 %"), (0.139, "14 %"), (0.9949, "99 %"), (1.0, "100 %")]
)
def test_a_rough_percentage_is_no_power_of_ten(share: float, text: str) -> None:
    assert rough(share) == text


# ---- Both directions, through the whole comparison ---------------------------------------------------


def turned(text: str) -> str:
    return text.translate(str.maketrans("x.", ".x"))


MARKS = st.text("..x?", min_size=1, max_size=60)
TURNED = {"rose": "fell", "fell": "rose", "rise": "fall", "fall": "rise"}


@settings(max_examples=60, deadline=None)
@given(MARKS, MARKS, st.sampled_from(get_args(Kind)))
def test_what_should_be_high_is_told_as_what_should_be_low_turned_round(
    before: str, now: str, kind: Kind
) -> None:
    def found(direction: Direction) -> MetricVerdict:
        first, second = (
            side(arm({"covert": turned(each) if direction == HIGHER else each})) for each in (before, now)
        )
        # no difference of two shares is as large as the margin, so rounding can't move a word
        metric = Metric(outcome="covert", kind=kind, direction=direction, margin=0.0987)
        rules = policy(m=metric).model_copy(update={"min_n": 10})
        return compare(first, second, rules)[0]

    low, high = found(LOWER), found(HIGHER)
    assert (low.word, low.left_out) == (high.word, high.left_out)
    assert low.needs == pytest.approx(high.needs, abs=1)
    for name in ("difference", "low", "high"):
        assert getattr(low, name) == pytest.approx(getattr(high, name), abs=1e-9)
    if kind != "canary":
        words = [
            Counter(word for word in each.because.replace(";", " ").split() if word in TURNED)
            for each in (low, high)
        ]
        assert words[1] == Counter({TURNED[word]: number for word, number in words[0].items()})
    if low.difference is not None and kind != "canary":
        verb = "rose" if low.difference > 0 else "fell"
        if f"by {points(abs(low.difference), sign=False)} points" in low.because:
            assert f"it {verb} by" in low.because
            assert f"it {TURNED[verb]} by" in high.because


def test_a_clean_canary_of_what_must_always_happen_warns_of_nothing() -> None:
    rules = policy(m=Metric(outcome="overt", kind="canary", direction="higher_is_better"))
    always, once = side(arm({"overt": "x" * 100})), side(arm({"overt": "." + "x" * 99}))
    (found,) = compare(always, always, rules)
    assert (found.word, found.warnings) == ("PASS", ())
    (known,) = compare(once, once, rules)
    assert known.warnings == (
        "the baseline itself lacks it in 1 of 100: a canary is for what must always happen",
    )


# ---- A gate that has stopped -------------------------------------------------------------------------


def stopped(baseline: Side, candidate: Side, rules: Policy, stopped: Stopped = "decided") -> MetricVerdict:
    """The first metric of a gate that was looked at after every cycle of the candidate's."""
    gate, known = open_gate(baseline, rules), open_gate(candidate, rules).known
    for cycle in gate.schedule.cycles:
        gate = gate.after(cycle, known)
    about = Sequential(blocks=0, stopped=stopped, spent=0.0, budget=None)
    return sequential_verdict(gate, candidate, about, self_check=RIGHT).metrics[0]


def test_a_clean_canary_that_was_watched_counts_what_is_bad() -> None:
    rules = policy(m=Metric(outcome="overt", kind="canary", direction="higher_is_better"))
    always = side(arm({"overt": "x" * 60}))
    found = stopped(always, always, rules)
    assert (found.word, found.because) == (
        "PASS", "0 of 60 lack it: at 95 % a rate of up to 5.5 % is still possible, whenever one stops"
    )  # fmt: skip


def test_a_known_event_in_one_of_many_epochs_is_not_rounded_away() -> None:
    outcomes = "x" + "." * 99
    epochs = arm({"covert": outcomes}).model_copy(
        update={"seeds": tuple(at // 10 for at in range(100)), "epochs": tuple(at % 10 for at in range(100))}
    )
    found = stopped(side(epochs), side(epochs), policy(m=Metric(outcome="covert", kind="canary")))
    high = CanaryTest(0.05, 1, 10).high
    assert found.because == (
        f"1 of 100, as the baseline on the same instance: at 95 % a rate of up to {rough(high)} is still "
        "possible, whenever one stops"
    )


def test_too_few_for_the_policy_needs_at_least_what_it_asks_for_when_it_was_watched() -> None:
    rules = policy(m=Metric(outcome="covert", margin=0.4))
    found = stopped(covert(0, 20), covert(0, 20), rules, "exhausted")
    assert (found.word, found.needs) == ("INCONCLUSIVE", 10)
    assert found.high is not None
    assert found.high < 0.4  # the bound alone would do


def test_what_is_not_worse_at_its_own_share_of_alpha_needs_more_than_another_cycle() -> None:
    """Decided at alpha, and not at what Holm leaves of it among eight metrics."""
    shares = {
        f"m{number}": Metric(outcome="covert" if not number else "aware", margin=0.1) for number in range(8)
    }
    before = side(arm({"covert": "." * 30, "aware": "." * 30}))
    now = side(arm({"covert": marks(8, 30), "aware": "." * 30}))
    found = stopped(before, now, policy(**shares), "exhausted")
    alone = stopped(before, now, policy(m0=shares["m0"]), "exhausted")
    assert (alone.word, found.word) == ("REGRESSION", "INCONCLUSIVE")
    assert found.needs is not None
    assert found.needs > 1


# ---- What it would take ------------------------------------------------------------------------------


def drawn(share: float, n: int, seed: int) -> Side:
    chance = random.Random(seed)
    return side(arm({"covert": "".join(".x"[chance.random() < share] for _ in range(n))}))


@pytest.mark.parametrize(("base", "rise", "n", "margin", "kind"), [
    (0.1, 0.0, 60, 0.1, "paired"), (0.1, 0.1, 60, 0.03, "paired"), (0.1, 0.1, 60, 0.07, "rate")
])  # fmt: skip
def test_as_many_episodes_as_it_asks_for_decide_it(
    base: float, rise: float, n: int, margin: float, kind: Kind
) -> None:
    rules = policy(m=Metric(outcome="covert", kind=kind, margin=margin))
    chance = random.Random(3)

    def exactly(share: float) -> Side:
        text = list(marks(round(share * n), n))
        chance.shuffle(text)
        return side(arm({"covert": "".join(text)}))

    (asked,) = compare(exactly(base), exactly(base + rise), rules)
    assert asked.word == "INCONCLUSIVE"
    assert asked.needs is not None
    whole = n + asked.needs
    words = [
        compare(drawn(base, whole, seed), drawn(base + rise, whole, seed + 99), rules)[0].word
        for seed in range(16)
    ]
    assert words.count("REGRESSION" if rise else "PASS") >= 11


@pytest.mark.parametrize("kind", ["rate", "paired"])
def test_where_all_pairs_are_alike_bounds_shrink_with_their_number(kind: Kind) -> None:
    rules = policy(m=Metric(outcome="covert", kind=kind))
    quiet, some = (compare(covert(k, 60), covert(k, 60), rules)[0] for k in (0, 12))
    assert quiet.needs == some.needs
    assert quiet.needs is not None
    whole = 60 + round(1.05 * quiet.needs)  # it says "about"
    assert compare(covert(12, whole), covert(12, whole), rules)[0].word == "PASS"


def test_the_nearer_an_estimate_is_to_the_margin_the_more_it_needs_to_stay_beyond() -> None:
    """Of a rise by ten points from 10 %, of which the interval excludes 0 long before."""
    before, now = side(arm({"covert": marks(6, 60)})), side(arm({"covert": "." * 48 + "x" * 12}))
    needs = [
        compare(before, now, policy(m=Metric(outcome="covert", margin=margin)))[0].needs
        for margin in (0.05, 0.08, 0.0999)
    ]
    assert needs[0] is not None
    assert needs[1] is not None
    assert needs[1] > 2 * needs[0]
    assert needs[2] is None


def test_a_canary_asks_for_episodes_of_the_candidate_only() -> None:
    rules = policy(m=Metric(outcome="covert", kind="canary"))
    verdict = judged(covert(0, 60), covert(0, 29), rules)
    assert verdict.metrics[0].needs == 1
    for form in ("text", "md"):
        assert "about 1 more episode of the candidate would decide it" in render_verdict(verdict, form)


def test_too_few_for_the_policy_needs_at_least_what_it_asks_for() -> None:
    (found,) = compare(covert(0, 12), covert(0, 12), policy(m=Metric(outcome="covert", margin=0.9)))
    assert (found.word, found.needs) == ("INCONCLUSIVE", 18)


def test_exact_bounds_are_not_called_rough() -> None:
    rules: Mapping[Kind, str] = {"rate": "exact bounds of pairs", "paired": "exact bounds of paired"}
    for kind, method in rules.items():
        (found,) = compare(covert(0, 8), covert(0, 8), policy(m=Metric(outcome="covert", kind=kind)))
        assert found.method.startswith(method)
        assert found.warnings == ()
