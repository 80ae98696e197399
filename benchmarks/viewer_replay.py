"""How fast the replay of a long episode is in a browser: first paint, scrolling, moving the cursor.

    python benchmarks/viewer_replay.py [--events 10000] [--at EVENT]

The episode is that of ``viewer_episode.py``. Times are the browser's own. *First paint* is the frame that
shows the first step, counted from the moment that the document has arrived; the others are the times of
frames, to the next one drawn: of 120 steps of scrolling, and of 40 presses of a key each.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from viewer_episode import long_trace

from ulterior.viewer.library import Library
from ulterior.viewer.server import app

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from browsing import launched, serving

LIMITS = {"first paint": 500.0, "scrolling, mean": 30.0}

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


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--at", type=int, default=0, help="the event to begin at")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "long"
        episode = long_trace(root, arguments.events)
        with serving(app(Library.open([root]))) as port, sync_playwright() as playwright:
            browser = launched(playwright)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.add_init_script(PAINTED)
            page.goto(f"http://127.0.0.1:{port}/#/s/long/e/{episode}?ev={arguments.at}")
            measured, elements = _measured(page)
            browser.close()
    print(f"{arguments.events} events, {elements} elements in the page")
    for name, value in measured.items():
        limit = LIMITS.get(name)
        print(f"  {name:24} {value:8.1f} ms{'' if limit is None else f'   (at most {limit:.0f})'}")


def _measured(page: Page) -> tuple[dict[str, float], int]:
    page.locator(".replay article").first.wait_for()
    page.wait_for_timeout(4_000)  # until every section is filled
    arrived = (
        "performance.getEntriesByType('resource').find(e => e.name.includes('/data/episode/')).responseEnd"
    )
    found = {"first paint": page.evaluate(f"window.painted - {arrived}")}
    elements = page.evaluate("document.getElementsByTagName('*').length")
    for name, script, key in (
        ("scrolling", SCROLLED, None),
        ("next step", PRESSED, "l"),
        ("next evidence", PRESSED, "n"),
    ):
        times = sorted(page.evaluate(script, key))
        found[f"{name}, mean"] = sum(times) / len(times)
        found[f"{name}, 95 % below"] = times[int(0.95 * len(times))]
    return found, elements


if __name__ == "__main__":
    main()
