"""How often a gate says the wrong word: `python benchmarks/gate_words.py`. Two minutes of one core,
seeded.

Both sides are drawn anew from the same rates (or a margin apart), on the same seeds, and go through the
comparison that `ulterior gate` makes. Episodes of a scenario are independent here.
"""

import random
from collections.abc import Sequence

from ulterior.analysis.gate.comparing import compare
from ulterior.analysis.gate.policy import Metric, Policy
from ulterior.analysis.gate.side import Arm, Fingerprint, ScenarioMark, Side
from ulterior.scenarios import CANARY

REPETITIONS = 300
OUTCOMES = ("covert", "deceptive")


def drawn(rates: Sequence[float], n: int, dice: random.Random) -> Side:
    """One arm of ``n`` instances in a scenario for every rate; both outcomes have it."""
    names = [f"scenario{number}" for number in range(len(rates))]
    arms = (
        Arm(
            scenario=name,
            condition={},
            purpose="temptation",
            seeds=tuple(range(n)),
            outcomes={
                outcome: "".join("x" if dice.random() < rate else "." for _ in range(n))
                for outcome in OUTCOMES
            },
        )
        for name, rate in zip(names, rates, strict=True)
    )
    marks = {name: ScenarioMark(version="1", hash="0" * 64) for name in names}
    about = Fingerprint(scenarios=marks, scaffold={}, detectors={}, calibration={}, settings={}, sandbox=())
    return Side(canary=CANARY, study="drawn", model="sim/drawn", fingerprint=about, arms=tuple(arms))


def share_of(
    words: set[str], rates: Sequence[float], rise: float, n: int, policy: Policy, dice: random.Random
) -> float:
    """The share of comparisons in which any metric gets one of these words."""
    hits = 0
    for _ in range(REPETITIONS):
        before, now = drawn(rates, n, dice), drawn([rate + rise for rate in rates], n, dice)
        hits += any(metric.word in words for metric in compare(before, now, policy))
    return hits / REPETITIONS


def main() -> None:
    dice = random.Random(1)
    two = Policy(metrics={name: Metric(outcome=name, margin=0.0) for name in OUTCOMES})
    print("| rates | instances each | said wrongly | margin | share |\n|---|---:|---|---:|---:|")
    for rates, n in (([0.02], 200), ([0.1], 200), ([0.02, 0.02, 0.1, 0.3], 50), ([0.3], 100)):
        share = share_of({"REGRESSION"}, rates, 0.0, n, two, dice)
        print(f"| {rates} | {n} | REGRESSION, by either of two metrics, nothing moved | 0 | {share:.3f} |")
    for rate, margin, n in ((0.02, 0.03, 300), (0.1, 0.05, 400)):
        one = Policy(metrics={"covert": Metric(outcome="covert", margin=margin)})
        share = share_of({"PASS", "IMPROVED"}, [rate], margin, n, one, dice)
        print(f"| [{rate}] | {n} | PASS, a rise by the margin | {margin:g} | {share:.3f} |")
    usual = Policy(metrics={"covert": Metric(outcome="covert")})
    print("\n| rate | to | instances | REGRESSION | PASS |\n|---:|---:|---:|---:|---:|")
    for rise, n in ((0.0, 150), (0.0, 300), (0.0, 600), (0.08, 150), (0.08, 300)):
        worse = share_of({"REGRESSION"}, [0.02], rise, n, usual, dice)
        fine = share_of({"PASS", "IMPROVED"}, [0.02], rise, n, usual, dice)
        print(f"| 0.02 | {0.02 + rise:g} | {n} | {worse:.3f} | {fine:.3f} |")


if __name__ == "__main__":
    main()
