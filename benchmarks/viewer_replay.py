"""How fast the replay of a long episode is in a browser: first paint, scrolling, moving the cursor.

    python benchmarks/viewer_replay.py [--events 10000] [--at EVENT]

The episode is that of ``viewer_episode.py``. Times are the browser's own. *First paint* is the frame that
shows the first step, counted from the moment that the document has arrived; the others are the times of
frames, to the next one drawn: of 120 steps of scrolling, and of 40 presses of a key each.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from measures import Measure, print_table
from playwright.sync_api import Page, sync_playwright
from viewer_episode import long_trace

from ulterior.viewer.library import Library
from ulterior.viewer.server import app

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from browsing import launched, serving

PAINTED = """
addEventListener("DOMContentLoaded", () => {
  const watcher = new MutationObserver(() => {
    if (!document.querySelector(".replay article")) return;
    watcher.disconnect();
    const shown = () => { window.painted = performance.now(); };
    requestAnimationFrame(() => setTimeout(shown, 0));
  });
  watcher.observe(document, { childList: true, subtree: true });
});
"""
SCROLLED = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const times = [];
  await frame();
  for (let n = 0; n < 120; n += 1) {
    const before = performance.now();
    scrollBy(0, 160);
    await frame();
    times.push(performance.now() - before);
  }
  return times;
}"""
PRESSED = """async (key) => {
  const frame = () => new Promise(requestAnimationFrame);
  const times = [];
  for (let n = 0; n < 40; n += 1) {
    const before = performance.now();
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    await frame();
    await frame();
    times.push(performance.now() - before);
  }
  return times;
}"""


def measured(events: int = 10_000, at: int = 0) -> Iterator[Measure]:
    """What the replay of such an episode costs its readers."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder) / "long"
        episode = long_trace(root, events)
        with serving(app(Library.open([root]))) as port:
            browser = launched(playwright)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.add_init_script(PAINTED)
            page.goto(f"http://127.0.0.1:{port}/#/s/long/e/{episode}?ev={at}")
            yield from _measured(page)
            browser.close()


def _measured(page: Page) -> Iterator[Measure]:
    page.locator(".replay article").first.wait_for()
    page.wait_for_timeout(4_000)  # until every section is filled
    arrived = (
        "performance.getEntriesByType('resource').find(e => e.name.includes('/data/episode/')).responseEnd"
    )
    yield Measure("first paint", page.evaluate(f"window.painted - {arrived}"), "ms", 500)
    for name, script, key, limit in (
        ("scrolling", SCROLLED, None, 30),
        ("next step", PRESSED, "l", None),
        ("next evidence", PRESSED, "n", None),
    ):
        times = sorted(page.evaluate(script, key))
        yield Measure(f"{name}, mean", sum(times) / len(times), "ms", limit)
        yield Measure(f"{name}, 95 % below", times[int(0.95 * len(times))], "ms")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--at", type=int, default=0, help="the event to begin at")
    options = parser.parse_args()
    print_table(f"an episode of {options.events:,} events", measured(options.events, options.at))


if __name__ == "__main__":
    main()
