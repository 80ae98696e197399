"""What the viewer costs its readers, in one table with the limits that it is held to.

    make bench-viewer
    python benchmarks/viewer.py [table document episode export]

Each part is a benchmark of its own, which says how it measures: :mod:`viewer_browser` (a table of 50,000
episodes), :mod:`viewer_tables` (the document behind it), :mod:`viewer_replay` (the replay of an episode of
10,000 events) and :mod:`viewer_export` (that episode as one file). Run it with nothing else on the machine.
It ends with 1 if a limit is not kept.
"""

import argparse
import sys

import viewer_browser
import viewer_export
import viewer_replay
import viewer_tables
from measures import print_table

PARTS = {
    "document": ("the runs document", viewer_tables.measured),
    "table": ("a table of 50,000 episodes", viewer_browser.measured),
    "episode": ("an episode of 10,000 events", viewer_replay.measured),
    "export": ("that episode as one file", viewer_export.measured),
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of {', '.join(PARTS)}; all without")
    chosen = parser.parse_args().parts or list(PARTS)
    if unknown := set(chosen) - PARTS.keys():
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    kept = True
    for part in chosen:
        title, measured = PARTS[part]
        kept &= print_table(title, measured())
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
