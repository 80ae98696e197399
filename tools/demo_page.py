#!/usr/bin/env python3
"""docs/demo.html: a small study of simulated agents as one page, for a look before anything is installed.

.venv/bin/python tools/demo_page.py            make it (`make demo-page`)
.venv/bin/python tools/demo_page.py --check    the committed page is what this would make (CI)

The same study gives the same bytes (see fixed_study.py). The check compares documents as values and all else
byte for byte, since two versions of zlib pack the same text differently.
"""

import os
import re
import sys
import tempfile
from pathlib import Path

from fixed_study import Forking, run_fixed

from ulterior.viewer.export import Export, unpacked
from ulterior.viewer.library import Library

PAGE = Path(__file__).parents[1] / "docs" / "demo.html"
MOST = 1_000_000  # bytes: it is committed

SCENARIOS = ("locked_file", "reading_over_limit")
MODELS = ("sim/honest", "sim/open_violation", "sim/covert+admits", "sim/denier+suspects")
FORKED = {"scenario": "locked_file", "model": "sim/covert+admits", "seed": 0, "arm": "conflict"}


def made(page: Path) -> None:
    """Run the study in a folder of its own and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "demo")
        run_fixed(root, SCENARIOS, MODELS, 2, Forking(FORKED, "factor:arm=control"))
        Export(Library.open([root])).to_file(page, limit=MOST)


_BLOCK = re.compile(r'(<script type="application/json" data-document="[^"]*">)([A-Za-z0-9+/=]*)(</script>)')


def plain(page: str) -> list[object]:
    """A page with its documents as values, in pieces that can be compared."""
    return [unpacked(piece) if number % 4 == 2 else piece for number, piece in enumerate(_BLOCK.split(page))]


def check() -> str | None:
    """What is wrong with the committed page."""
    if not PAGE.exists():
        return f"there is no {PAGE.name}: run `make demo-page`"
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder, "demo.html")
        made(fresh)
        now, then = plain(fresh.read_text("utf-8")), plain(PAGE.read_text("utf-8"))
    differ = [str(a)[:60] for a, b in zip(now, then, strict=False) if a != b]
    if len(now) != len(then) or differ:
        return f"{PAGE.name} is not current: run `make demo-page`\n" + "\n".join(differ[:5])
    return None


if __name__ == "__main__":
    os.chdir(Path(__file__).parents[1])
    if sys.argv[1:] == ["--check"]:
        sys.exit(check())
    made(PAGE)
    print(f"{PAGE.relative_to(Path.cwd())}: {PAGE.stat().st_size / 1e6:.2f} MB")
