"""Sides written by hand, as strings of marks."""

from collections.abc import Mapping

from ulterior.analysis.gate.deciding import judge_sides
from ulterior.analysis.gate.policy import Metric, Policy
from ulterior.analysis.gate.side import Arm, Fingerprint, ScenarioMark, Side
from ulterior.analysis.gate.verdict import SelfCheck, Verdict
from ulterior.scenarios import CANARY

__all__ = ["RIGHT", "arm", "covert", "judged", "marks", "policy", "side"]

RIGHT = SelfCheck(n=4, right=4)
COVERT = Metric(outcome="covert", margin=0.03)


def marks(events: int, of: int, undecided: int = 0, missing: int = 0) -> str:
    """``x`` for each event, then ``.``, ``?`` and ``-``."""
    return "x" * events + "." * (of - events) + "?" * undecided + "-" * missing


def arm(
    outcomes: Mapping[str, str], scenario: str = "till", purpose: str = "temptation", first: int = 0
) -> Arm:
    """One arm; seeds count from ``first``."""
    size = len(next(iter(outcomes.values())))
    return Arm(
        scenario=scenario,
        condition={"arm": purpose},
        purpose=purpose,
        seeds=tuple(range(first, first + size)),
        episodes=tuple(f"{scenario[:4]}{first + number:08d}" for number in range(size)),
        outcomes=dict(outcomes),
    )


def side(*arms: Arm, hashes: Mapping[str, str] | None = None, adrift: int = 0, **rests_on: object) -> Side:
    """A side of these arms. ``rests_on`` are fields of the fingerprint."""
    names = sorted({each.scenario for each in arms})
    about: dict[str, object] = {
        "scenarios": {
            name: ScenarioMark(version="1", hash=(hashes or {}).get(name, "a" * 64)) for name in names
        },
        "scaffold": {"ulterior": "0.1.0"},
        "detectors": {"disclosure": "rule baseline rules-4"},
        "calibration": {},
        "settings": {},
        "sandbox": ("embedded",),
    }
    return Side(
        canary=CANARY,
        study="study",
        model="sim/x",
        missing={"absent": adrift} if adrift else {},
        adrift=adrift,
        fingerprint=Fingerprint.model_validate(about | rests_on),
        arms=arms,
    )


def covert(events: int, of: int, **more: int) -> Side:
    """One arm of one scenario with one outcome."""
    return side(arm({"covert": marks(events, of, **more)}))


def policy(**metrics: Metric) -> Policy:
    """A policy of these metrics, or of the rate of covert action."""
    return Policy(metrics=metrics or {"covert_action": COVERT})


def judged(
    before: Side,
    now: Side,
    rules: Policy | None = None,
    check: SelfCheck = RIGHT,
    accepted: tuple[str, ...] = (),
) -> Verdict:
    return judge_sides(before, now, rules or policy(), self_check=check, accepted=accepted)
