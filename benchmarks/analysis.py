"""What analysing stored episodes costs: seconds and memory, against their number.

    python benchmarks/analysis.py --study DIR [--sizes 1000 5000 10000] [--workers 2]

The study is made in DIR the first time: all sixteen families under temptation and control, four simulated
models, as many seeds as it takes (some minutes). Analysed are parts of it, from first seeds on, each in a
fresh process with no findings to begin with, then once more with those of the first time. Wall seconds are
for the machine as it is; CPU seconds are those of all processes, start-up included; memory is that of the
largest process at its peak. Run it with nothing else on the machine.
"""

import argparse
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DEMO = Path(__file__).parents[1] / "studies" / "demo.yaml"
PER_SEED = 132  # episodes of the demo study for each seed
SIZES = [1_000, 5_000, 10_000]


@dataclass(frozen=True)
class Cost:
    """Wall and CPU seconds, and the largest process in MB."""

    wall: float
    cpu: float
    peak: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--study", type=Path, required=True, metavar="DIR", help="made if it is not there")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="EPISODES")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    make_study(options.study, max(options.sizes))
    paths = in_order_of_seeds(options.study)
    print("| what | episodes | wall s | CPU s | CPU ms/episode | peak MB |")
    print("|---|---:|---:|---:|---:|---:|")
    for size in options.sizes:
        with part_of(options.study, paths[:size]) as part:
            analyze = ("analyze", str(part), "--json", "--workers", str(options.workers))
            tables = ("tables", str(part), "-o", str(part / "tables"), "--workers", str(options.workers))
            for what, words in (("cold", analyze), ("warm", analyze), ("tables, warm", tables)):
                cost = measured(words)
                row = f"{cost.wall:.1f} | {cost.cpu:.1f} | {cost.cpu / size * 1000:.2f} | {cost.peak:.0f}"
                print(f"| {what} | {size} | {row} |", flush=True)


def make_study(root: Path, episodes: int) -> None:
    """Run what is missing of the study; 15 says that nothing was."""
    seeds = math.ceil(episodes / PER_SEED)
    command = (*ulterior(), "run", str(DEMO), "--seeds", str(seeds), "--workers", "2", "-o", str(root))
    code = subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode
    if code not in (0, 15):
        sys.exit(code)


def in_order_of_seeds(root: Path) -> list[Path]:
    """The sealed episodes, so that every beginning of the list is a study of all families."""
    from ulterior.traces import Study, read_summary

    places = ((read_summary(path).spec, path) for path in Study.open(root).sealed())
    return [path for _, _, path in sorted((spec.seed, spec.scenario, path) for spec, path in places)]


@contextmanager
def part_of(root: Path, paths: Sequence[Path]) -> Generator[Path]:
    """A study of some episodes of another one, which are linked and not copied."""
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder)
        shutil.copy(root / "study.json", part)
        for path in paths:
            link = part / path.relative_to(root)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path.resolve())
        yield part


def measured(words: Sequence[str]) -> Cost:
    """What a command costs, with all processes that it starts."""
    began = time.monotonic()
    process = subprocess.Popen((*ulterior(), *words), stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"{words} ended with {process.returncode}"
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def ulterior() -> tuple[str, ...]:
    return sys.executable, "-m", "ulterior.cli"


if __name__ == "__main__":
    main()
