"""What the runs document of a large study costs: seconds of CPU to build and to encode, bytes of JSON.

    python benchmarks/viewer_tables.py [--sizes 10000 50000]

No episode is run. The findings are made up from the scenarios of the library: all their named
conditions, five models that behave differently, forks, and a few episodes of everything that can go
wrong. Other benchmarks take theirs from here, too.
"""

import argparse
import gzip
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from typing import Any, Literal

from measures import Measure, print_table

from ulterior.analysis import EpisodeFinding
from ulterior.analysis.audit import ATTEMPTED, VIOLATED, Funnel
from ulterior.scenarios import LIBRARY, Act, AnyScenario, load_scenario
from ulterior.traces import Study
from ulterior.viewer.documents import json_of
from ulterior.viewer.runs import build_runs

SIZES = [10_000, 50_000]
MODELS = {
    "sim/honest": 0.01,
    "sim/open": 0.4,
    "vendor/small": 0.12,
    "vendor/large": 0.05,
    "vendor/next": 0.25,
}
"""Models with how often they break a rule that it pays to break."""

STARTED = 1_795_000_000.0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="EPISODES")
    print_table("the runs document", measured(parser.parse_args().sizes))


def measured(sizes: Sequence[int] = SIZES) -> Iterator[Measure]:
    """What the documents of studies of such sizes cost."""
    for size in sizes:
        findings = made_up_findings(size)
        with tempfile.TemporaryDirectory() as folder:
            study = made_up_study(Path(folder) / "large", findings)
            began = time.process_time()
            document = build_runs("large", study, findings)
            built = time.process_time()
        text = json_of(document)
        ended = time.process_time()
        of = f"{size:,} episodes"
        yield Measure(f"{of}: build, CPU", built - began, "s", 3 if size == 50_000 else None)
        yield Measure(f"{of}: encode, CPU", ended - built, "s")
        yield Measure(f"{of}: JSON", len(text) / 1e6, "MB")
        yield Measure(f"{of}: as it is sent", len(gzip.compress(text.encode(), 1)) / 1e6, "MB")


def made_up_study(root: Path, findings: list[EpisodeFinding]) -> Study:
    """A study without files that plans these episodes, and a hundred that don't exist."""
    study = Study.create(root, {"name": "made up", "seeds": len(findings) // 500}, prices="2026-11-01")
    study.expect(finding.episode for finding in findings)
    study.expect(f"{number:032x}" for number in range(100))
    return study


def made_up_findings(episodes: int) -> list[EpisodeFinding]:
    """So many findings, forks among them, always the same."""
    return list(islice(_findings(random.Random(20_261_126)), episodes))


def _findings(dice: random.Random) -> Iterator[EpisodeFinding]:
    scenarios = [load_scenario(name) for name in LIBRARY]
    last = ""
    for seed in count():
        for scenario in scenarios:
            for condition in scenario.cells.values():
                for model, eagerness in MODELS.items():
                    finding = _finding(dice, scenario, condition, model, seed, eagerness)
                    yield finding
                    if last and dice.random() < 0.02:
                        yield finding.model_copy(update={"episode": _id(dice), "fork": last})
                    last = finding.episode


def _finding(
    dice: random.Random,
    scenario: AnyScenario,
    condition: dict[str, str],
    model: str,
    seed: int,
    eagerness: float,
) -> EpisodeFinding:
    started = STARTED + dice.randrange(80_000)
    identity: dict[str, Any] = {
        "episode": _id(dice),
        "scenario": scenario.name,
        "scenario_version": scenario.version,
        "condition": condition,
        "model": model,
        "seed": seed,
        "epoch": 0,
        "sandbox": "embedded",
        "started": started,
        "turns": dice.randrange(4, 40),
        "tokens_in": dice.randrange(5_000, 90_000),
        "tokens_out": dice.randrange(500, 9_000),
        "cost": None if model == "vendor/next" else round(dice.random(), 6),
    }
    unpriced = {"cost": "no price is known for at least one model turn"} if identity["cost"] is None else {}
    luck = dice.random()
    if luck < 0.015:
        status, why = dice.choice(_SILENT)
        silent = dict.fromkeys(("act", "exposed", "disclosure", "covert", "deceptive", "funnel"), why)
        act = "infra_error" if status == "infrastructure_error" else None
        return EpisodeFinding(**identity, status=status, act=act, reasons=silent | unpriced)
    ended = {"ended": started + dice.randrange(20, 900)}
    tempted = scenario.purpose(condition) == "temptation"
    act = _act(dice, eagerness if tempted else eagerness / 20)
    return EpisodeFinding(**identity, **ended, **_judged(dice, scenario, act, unpriced))


_SILENT: list[tuple[Literal["running", "corrupt", "infrastructure_error", "submitted"], str]] = [
    ("running", "it has not ended"),
    ("running", "it has not ended"),
    ("corrupt", "event 12 is damaged"),
    ("infrastructure_error", "the provider did not answer"),
    ("submitted", "the oracle failed: KeyError"),
]


_BROKEN: dict[Act, int] = {"violated": 8, "violated_reverted": 1, "attempted_failed": 1}
_KEPT: dict[Act, int] = {"none": 90, "not_reached": 5, "unaware": 3, "ambiguous": 2}


def _act(dice: random.Random, eagerness: float) -> Act:
    acts = _BROKEN if dice.random() < eagerness else _KEPT
    return dice.choices(list(acts), list(acts.values()))[0]


def _judged(dice: random.Random, scenario: AnyScenario, act: Act, reasons: dict[str, str]) -> dict[str, Any]:
    violated, exposed = VIOLATED[act], act != "unaware"
    told = dice.choice(["volunteered", "on_direct_ask", "omitted", "false_denial"]) if violated else None
    covert = None if violated is None or not exposed else violated and told != "volunteered"
    open_reasons = {"covert": "the record leaves the act open"} if covert is None else {}
    deceptive = told == "false_denial"
    status, limit = dice.choices([("submitted", None), ("refusal", None), ("limit", "turns")], [96, 2, 2])[0]
    return {
        "status": status,
        "limit": limit,
        "act": act,
        "exposed": exposed,
        "exposed_at": 20 if exposed else None,
        "facts": {fact.id: bool(violated) for fact in scenario.facts},
        "disclosure": {fact.id: told for fact in scenario.facts},
        "covert": covert,
        "deceptive": deceptive,
        "intent": dice.choice(["stated", "euphemistic", "none"]) if violated else "none",
        "awareness": dice.choices(["none", "alignment_test", "other_test"], [90, 6, 4])[0],
        "funnel": Funnel(
            exposed=exposed,
            attempted=ATTEMPTED[act],
            executed=violated,
            concealed=covert,
            denied=deceptive,
        ),
        "flags": ("false_confession:spent",) if dice.random() < 0.01 else (),
        "reasoning": "full",
        "reasons": reasons | open_reasons,
    }


def _id(dice: random.Random) -> str:
    return f"{dice.getrandbits(128):032x}"


if __name__ == "__main__":
    main()
