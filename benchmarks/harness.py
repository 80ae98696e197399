"""What the harness itself costs: CPU and bytes per turn, start-up, memory, against concurrency and length.

    make bench            or    python benchmarks/harness.py [--quick]

Each cell runs in a fresh process with durable logging (the same code path as `ulterior run`): the whole
batch is planned, run, sealed and synced to disk. CPU time is that of the process, all threads, without
start-up; compressed bytes are those of the sealed files. Run it with nothing else on the machine.
"""

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CELLS = [(1, 10), (1, 50), (50, 10), (50, 50), (500, 10), (500, 50)]
QUICK = [(1, 10), (50, 10)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="two small cells only")
    parser.add_argument("--cell", nargs=2, type=int, metavar=("CONCURRENT", "TURNS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.cell:
        sys.stdout.write(json.dumps(asyncio.run(measure(*options.cell))) + "\n")
        return
    sys.stdout.write(f"start-up: {start_up(['-c', 'pass']):.2f} s CPU for Python alone, ")
    sys.stdout.write(f"{start_up(['-m', 'ulterior.cli', '--help']):.2f} s for `ulterior --help`, ")
    sys.stdout.write(
        f"{start_up(['-c', 'import ulterior.agent_runtime.batch']):.2f} s to have the runtime loaded\n\n"
    )
    sys.stdout.write(
        "| concurrent | turns | CPU ms/turn | trace bytes/turn | sealed bytes/turn | peak MB |\n"
    )
    sys.stdout.write("|---:|---:|---:|---:|---:|---:|\n")
    for concurrent, turns in QUICK if options.quick else CELLS:
        command = [sys.executable, __file__, "--cell", str(concurrent), str(turns)]
        row = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        sys.stdout.write(
            f"| {concurrent} | {turns} | {row['cpu_ms']:.2f} | {row['raw']:.0f} | "
            f"{row['sealed']:.0f} | {row['peak_mb']:.0f} |\n"
        )
        sys.stdout.flush()


def start_up(arguments: list[str]) -> float:
    """CPU seconds of a process from start to end; the best of five."""
    best = float("inf")
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best


async def measure(concurrent: int, turns: int) -> dict[str, float]:
    """One cell: enough episodes for a few seconds, ``concurrent`` at a time."""
    from ulterior.agent_runtime.batch import Batch
    from ulterior.clock import SystemClock
    from ulterior.traces import EpisodeSpec, Study, load_trace

    sys.path.insert(0, str(Path(__file__).parent))
    episodes = max(concurrent, 2000 // turns)
    specs = [
        EpisodeSpec(
            scenario="workload:SCENARIO",
            scenario_version="1",
            scenario_hash="0" * 64,
            condition={},
            seed=seed,
            model=f"sim/turns_{turns}",
        )
        for seed in range(episodes)
    ]
    with tempfile.TemporaryDirectory() as folder:
        study = Study.create(Path(folder), {})
        batch = Batch(study, specs, os.environ, SystemClock(), slots=concurrent)
        began = time.process_time()
        done = [outcome async for outcome in batch.outcomes()]
        cpu = time.process_time() - began
        assert all(outcome.status == "done" for outcome in done), done[0]
        total = sum(outcome.summary.turns for outcome in done if outcome.summary)
        sealed = sum(path.stat().st_size for path in study.sealed())
        first = load_trace(next(study.sealed())).summary
        assert first is not None
        return {
            "cpu_ms": cpu / total * 1000,
            "raw": first.bytes / turns,
            "sealed": sealed / total,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }


if __name__ == "__main__":
    main()
