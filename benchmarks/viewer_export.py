"""What an export costs: seconds, and the bytes of the one page.

    python benchmarks/viewer_export.py [STUDY] [--events 10000]

The long episode is that of :mod:`viewer_episode`, about as hard to compress as prose. With a study it is
also exported as a folder.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from measures import Measure, print_table
from viewer_episode import long_trace

from ulterior.viewer.export import Export
from ulterior.viewer.library import Library


def measured(events: int = 10_000) -> Iterator[Measure]:
    """What one such episode costs as one page."""
    with tempfile.TemporaryDirectory() as folder:
        long_trace(Path(folder) / "long", events)
        library = Library.open([Path(folder) / "long"])
        began = time.process_time()
        written = Export(library).to_file(Path(folder) / "long.html")
        yield Measure("written in, CPU", time.process_time() - began, "s")
        yield Measure("size", written.size / 1e6, "MB", 3)


def _folder(root: Path) -> Iterator[Measure]:
    library = Library.open([root])
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        written = Export(library).to_folder(Path(folder) / "exported")
        seconds = time.process_time() - began
    yield Measure("episodes", written.episodes, "")
    yield Measure("size", written.size / 1e6, "MB")
    yield Measure("CPU of an episode", 1000 * seconds / max(1, written.episodes), "ms")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("study", type=Path, nargs="?", metavar="STUDY")
    parser.add_argument("--events", type=int, default=10_000)
    options = parser.parse_args()
    print_table(f"an episode of {options.events:,} events as one page", measured(options.events))
    if options.study is not None:
        print_table(f"{options.study.name} as a folder", _folder(options.study))


if __name__ == "__main__":
    main()
