"""What exports cost: seconds and bytes for a study, and the size of a file with one episode of 10,000 events.

    .venv/bin/python benchmarks/viewer_export.py runs/demo

The long episode is made of the events of many, so that its text repeats itself no more than theirs does.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from ulterior.traces import Frozen
from ulterior.viewer.documents import Content, Replay, Runs
from ulterior.viewer.export import Export, Written
from ulterior.viewer.library import Library
from ulterior.viewer.selection import Selection

EVENTS = 10_000


class LongEpisode(Library):
    """A library in which one episode is a very long one."""

    def __init__(self, library: Library, key: str, ids: list[str]) -> None:
        super().__init__(library.studies.values(), library.where)
        self._name = f"episode/{key}/{ids[0]}"
        replays = [found for episode in ids[:200] if (found := _replay(library, key, episode))]
        contents: dict[str, Content] = {}
        for replay in replays:
            contents |= replay.contents
        events = tuple({**event, "seq": seq} for seq, event in enumerate(islice(_events(replays), EVENTS)))
        self._long = replays[0].model_copy(update={"events": events, "contents": contents})

    def document(self, name: str) -> Frozen:
        return self._long if name == self._name else super().document(name)


def _replay(library: Library, key: str, episode: str) -> Replay | None:
    document = library.document(f"episode/{key}/{episode}")
    return document if isinstance(document, Replay) else None


def _events(replays: list[Replay]) -> Iterator[dict[str, Any]]:
    return cycle([event for replay in replays for event in replay.events])


def _say(what: str, written: Written, seconds: float) -> None:
    size, each = written.size / 1e6, 1000 * seconds / max(1, written.episodes)
    print(f"{what:24} {written.episodes:6} episodes {size:7.2f} MB {seconds:6.1f} s {each:6.1f} ms each")


def main(root: Path) -> None:
    """Print a table."""
    library = Library.open([root])
    (key,) = library.studies
    runs = library.document(f"runs/{key}")
    assert isinstance(runs, Runs)
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        _say("folder", Export(library).to_folder(Path(folder, "x")), time.process_time() - began)
        long = Export(LongEpisode(library, key, runs.table.ids), Selection((runs.table.ids[0],)))
        began = time.process_time()
        _say(f"one of {EVENTS:,} events", long.to_file(Path(folder, "x.html")), time.process_time() - began)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
