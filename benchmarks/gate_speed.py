"""What a gate over analysed studies of ten thousand episodes costs: `python benchmarks/gate_speed.py
[EPISODES]`.

Two studies are made whose episodes are files without content (a folder scan sees names, sizes and times)
and whose sides are kept as after an analysis: 16 scenarios, two arms each. Then ``ulterior gate`` and
``ulterior gate explain`` are run, each in a process of its own, which is what a CI job waits for. Nothing
is analysed and no agent is played: the self-check is remembered.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from ulterior.analysis.gate.outcomes import OUTCOMES
from ulterior.analysis.gate.self_check import check_detectors
from ulterior.analysis.gate.side import Arm, Fingerprint, ScenarioMark, Side
from ulterior.analysis.gate.stored import side_key, stored_side
from ulterior.cli.gating import play_planted
from ulterior.scenarios import CANARY, LIBRARY, load_scenario
from ulterior.traces import Study, digest
from ulterior.traces.identity import EPISODE_ID_LENGTH


def arms(episodes: int, rate: float, salt: str) -> Iterator[Arm]:
    """Both default conditions of every scenario, with as many seeds as there is room for."""
    seeds = episodes // (2 * len(LIBRARY))
    dice = random.Random(salt)
    for name in LIBRARY:
        scenario = load_scenario(name)
        for condition in list(scenario.cells.values())[:2]:
            purpose = scenario.purpose(condition)
            outcomes = {
                outcome: "".join("x" if dice.random() < rate else "." for _ in range(seeds))
                for outcome in OUTCOMES
            }
            ids = tuple(digest(f"{salt}{name}{condition}{seed}".encode())[:12] for seed in range(seeds))
            yield Arm(
                scenario=name,
                condition=condition,
                purpose=purpose,
                seeds=tuple(range(seeds)),
                episodes=ids,
                outcomes=outcomes,
            )


def make_study(root: Path, episodes: int, rate: float) -> Side:
    """A study with its side kept beside it."""
    study = Study.create(root, {"name": "synthetic"})
    marks = {
        name: ScenarioMark(version=load_scenario(name).version, hash=load_scenario(name).content_hash)
        for name in LIBRARY
    }
    side = Side(
        canary=CANARY,
        study=study.name,
        model="sim/synthetic",
        fingerprint=Fingerprint(
            scenarios=marks, scaffold={}, detectors={}, calibration={}, settings={}, sandbox=("embedded",)
        ),
        arms=tuple(arms(episodes, rate, root.name)),
    )
    for number in range(episodes):
        name = digest(f"{root.name}{number}".encode())[:EPISODE_ID_LENGTH]
        path = study.sealed_path(name)
        path.parent.mkdir(exist_ok=True)
        path.touch()
    kept = study.root / "findings" / f"side-{digest(b'')[:8]}-{side_key(study, None)}.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(side.model_dump_json())
    return side


def main() -> None:
    episodes = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(prefix="ulterior-gate-speed-") as folder:
        root = Path(folder)
        make_study(root / "before", episodes, 0.02)
        candidate = make_study(root / "now", episodes, 0.02)
        os.environ["XDG_CACHE_HOME"] = str(root / "cache")
        check_detectors(candidate, play_planted, root / "cache" / "ulterior" / "gate")
        begun = time.perf_counter()
        stored_side(Study.open(root / "now"), lambda _: [])
        print(f"reading a kept side, folder scan included: {time.perf_counter() - begun:.3f} s")
        sides = ("-b", str(root / "before"), "-c", str(root / "now"))
        for verb in ((), ("explain",)):
            for _ in range(3):
                run_once(verb, (*sides, *(("--json",) if verb else ("--format", "json"))), episodes)


def run_once(verb: tuple[str, ...], words: tuple[str, ...], episodes: int) -> None:
    """One command in a process of its own: wall and processor time."""
    command = [sys.executable, "-m", "ulterior.cli", "gate", *verb, *words]
    begun, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    word = json.loads(done.stdout)["word"] if done.stdout else done.stderr
    what = " ".join(("gate", *verb))
    print(f"{what} over 2 × {episodes:,}: {time.perf_counter() - begun:.2f} s, {cpu:.2f} s of CPU: {word}")


if __name__ == "__main__":
    main()
