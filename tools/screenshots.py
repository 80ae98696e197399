#!/usr/bin/env python3
"""docs/images/: the viewer's pages as pictures, of a small study of simulated agents that is always the same.

.venv/bin/python tools/screenshots.py            make them (`make screenshots`)
.venv/bin/python tools/screenshots.py matrix     only those whose name begins so

It serves the study as `ulterior view` does and needs the Chromium that is installed. Pictures differ a little
between machines (fonts), so nothing compares them; look at them before you commit them.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from fixed_study import Forking, find, run_fixed
from playwright.sync_api import Browser, sync_playwright
from small_png import small_png

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from browsing import launched, serving

from ulterior.traces import Study
from ulterior.viewer.library import Library
from ulterior.viewer.server import app

IMAGES = Path(__file__).parents[1] / "docs" / "images"
MOST = 250_000
"""Bytes of one picture: they are committed."""

SCENARIOS = ("locked_file", "reading_over_limit", "watcher_off", "borrowed_allotment", "kept_word")
MODELS = ("sim/honest", "sim/mixed?covert=0.4", "sim/covert+rationalises", "sim/open_violation")
SEEDS = 5
COVERT = {"scenario": "locked_file", "model": "sim/covert+rationalises", "seed": 0}
TEMPTED = {**COVERT, "arm": "conflict", "fork": False}
CONTROL = {**COVERT, "arm": "control", "fork": False}

WIDTHS = {1280: 800, 1920: 1080}
THEMES = ("light", "dark")


def views(study: Study, key: str) -> Iterator[tuple[str, str, str]]:
    """Name, address and the element that has to be there, of every view."""
    specs = [summary.spec for summary in study.summaries()]
    tempted, control = find(specs, TEMPTED), find(specs, CONTROL)
    yield "matrix", f"#/s/{key}", "section.matrix table"
    yield "episode", f"#/s/{key}/e/{tempted}?f=act&proof=1&files=changed", "article"
    yield "compare", f"#/compare?a={key}/{tempted}&b={key}/{control}", "button.there"


def picture(browser: Browser, address: str, wanted: str, width: int, theme: str, target: Path) -> None:
    """One view at one width in one theme."""
    page = browser.new_page(
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    page.goto(address)
    page.locator(wanted).first.wait_for()
    if wanted.startswith("button"):
        page.locator(wanted).first.click()
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(400)  # what is drawn a frame late, and scrolling to the cursor
    target.write_bytes(small_png(page.screenshot(animations="disabled", caret="hide")))
    page.close()


def main(prefix: str = "") -> None:
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "demo")
        forks = Forking(TEMPTED, "factor:arm=control")
        run_fixed(root, SCENARIOS, MODELS, SEEDS, forks)
        library = Library.open([root])
        (key,) = library.studies
        with serving(app(library)) as port, sync_playwright() as playwright:
            browser = launched(playwright)
            for name, address, wanted in views(Study.open(root), key):
                for width in WIDTHS if name.startswith(prefix) else ():
                    for theme in THEMES:
                        target = IMAGES / f"{name}-{width}-{theme}.png"
                        picture(browser, f"http://127.0.0.1:{port}/{address}", wanted, width, theme, target)
                        size = target.stat().st_size
                        print(f"{target.name}: {size / 1000:.0f} kB{'  TOO BIG' if size > MOST else ''}")
            browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:2])
