"""What readers of a large study wait for, in Chromium, with the real server.

    python benchmarks/viewer_browser.py [--episodes 50000] [--times 5]

The study is made up (:mod:`viewer_tables`) and has been counted before the page is opened, as `ulterior view`
does it. Keys and clicks are the browser's own input, not scripts.

*Painted* runs from the moment that the browser stamps on the input to the first task behind the frame that
shows the answer: an observer sees the answer enter the document, asks for the next frame, and posts itself
a message there, which comes when that frame has been laid out, painted and handed over. What an answer
waits for a frame (up to 16.7 ms at 60 a second) is in it; a second, idle frame is not. *Event timing* is the
browser's own number for the same keys, from input to presentation, which it rounds to 8 ms. *Busy* is the
time up to the answer with its style and layout; *CPU* are all milliseconds of the page's main thread until it
is quiet again, the matrix, which follows one frame later, included. *Load* runs from the start of the
navigation to the frame with the first rows. Medians.
"""

import argparse
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

from measures import Measure, print_table
from playwright.sync_api import CDPSession, Page, sync_playwright
from viewer_tables import made_up_findings, made_up_study

from ulterior.viewer.library import Library, OpenStudy
from ulterior.viewer.server import app

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))

from browsing import launched, serving

OBSERVE = """
const answered = {};
addEventListener("DOMContentLoaded", () => {
  let started = null, working = null;
  const begin = (event) => {
    if (started === null) { started = event.timeStamp; working = performance.now(); }
  };
  const early = { capture: true, passive: true };
  for (const kind of ["input", "click", "wheel"]) addEventListener(kind, begin, early);
  addEventListener("hashchange", () => { if (started !== null) working = performance.now(); }, true);
  const behindTheFrame = (then) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = then;
    port2.postMessage(null);
  });
  new MutationObserver(() => {
    const row = document.querySelector("[data-place]");
    if (!answered.load && row) {
      answered.load = -1;
      behindTheFrame(() => { answered.load = performance.now(); });
    }
    if (started === null) return;
    const [from, since] = [started, working];
    started = null;
    document.body.offsetHeight;
    const busy = performance.now() - since;
    behindTheFrame(() => { answered.last = { busy, painted: performance.now() - from }; });
  }).observe(document, { childList: true, subtree: true, characterData: true });
  answered.timing = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.name === "input") answered.timing.push(entry.duration);
  }).observe({ type: "event", durationThreshold: 16 });
});
window.answered = answered;
"""
UNTIL = """(name) => new Promise((done) => {
  const look = () => (answered[name] && answered[name] !== -1 ? done() : setTimeout(look, 10));
  look();
})"""
QUIET = """async () => {
  for (let n = 0; n < 4; n += 1) await new Promise((done) => requestIdleCallback(done, { timeout: 300 }));
}"""


class Reader:
    """Somebody who waits for answers."""

    def __init__(self, page: Page, cdp: CDPSession) -> None:
        self.page = page
        self.cdp = cdp
        self.found: dict[str, list[dict[str, float]]] = defaultdict(list)

    def did(self, what: str, act: Any) -> None:
        """Do something and note what the answer took."""
        self.page.evaluate(QUIET)
        self.page.evaluate("delete answered.last")
        before = self._cpu()
        act()
        self.page.evaluate(UNTIL, "last")
        self.page.evaluate(QUIET)
        answer = self.page.evaluate("answered.last")
        self.found[what].append(answer | {"cpu": self._cpu() - before})

    def _cpu(self) -> float:
        answer = _sent(self.cdp, "Performance.getMetrics")
        metrics = {each["name"]: each["value"] for each in answer["metrics"]}
        return 1000 * metrics["TaskDuration"]


def _sent(cdp: CDPSession, method: str, values: dict[str, Any] | None = None) -> dict[str, Any]:
    send = cast("Callable[..., dict[str, Any]]", cdp.send)  # pyright: ignore[reportUnknownMemberType]
    return send(method, values)


def measured(episodes: int = 50_000, times: int = 5) -> Iterator[Measure]:
    """What the table of such a study costs its readers."""
    findings = made_up_findings(episodes)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        study = made_up_study(Path(folder) / "large", findings)
        application = app(Library([OpenStudy("large", study, findings)]))
        application.prepare()
        with serving(application) as port:
            browser = launched(playwright)
            page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
            page.add_init_script(OBSERVE)
            cdp = page.context.new_cdp_session(page)
            _sent(cdp, "Performance.enable", {"timeDomain": "threadTicks"})
            reader = Reader(page, cdp)
            for _ in range(times):
                _read(reader, f"http://127.0.0.1:{port}/#/s/large")
            timing = page.evaluate("answered.timing")
            browser.close()
    loads = [each["painted"] for each in reader.found.pop("load")]
    yield Measure("load to first rows", statistics.median(loads), "ms", 1000)
    for what, answers in reader.found.items():
        limit = None if what.startswith(("sorting", "scrolling")) else 50  # limits are for filters
        for kind, most in (("painted", limit), ("busy", None), ("cpu", None)):
            yield Measure(f"{what}: {kind}", statistics.median(each[kind] for each in answers), "ms", most)
    if timing:
        yield Measure("keys of a search: event timing", statistics.median(timing), "ms", 56)


def _read(reader: Reader, address: str) -> None:
    page = reader.page
    page.goto("about:blank")
    page.goto(address)
    page.evaluate(UNTIL, "load")
    reader.found["load"].append({"painted": page.evaluate("answered.load")})
    box = page.get_by_role("searchbox", name="Search in all words and ids")
    box.focus()
    for key in "denial":
        reader.did("a key in the search", lambda key=key: page.keyboard.press(key))
    reader.did("the search emptied", lambda: box.fill(""))
    cell = page.locator(".matrix td.cell a").nth(1)
    reader.did("a cell's episodes", cell.click)
    reader.did("a cell taken back", cell.click)
    page.locator("summary", has_text="disclosure").click()
    reader.did("a word of a facet", page.locator("details[open] input[type=checkbox]").first.click)
    reader.did("another word of it", page.locator("details[open] input[type=checkbox]").nth(1).click)
    page.get_by_role("button", name="clear all").click()
    page.keyboard.press("Escape")
    for title in ("disclosure", "tokens", "id"):
        header = page.locator('[role="columnheader"] button', has_text=title)
        reader.did("sorting for the first time", header.click)
    page.locator(".episodes [data-place='3']").hover()
    reader.did("scrolling the table", lambda: page.mouse.wheel(0, 700))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--episodes", type=int, default=50_000)
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    title = f"a table of {options.episodes:,} episodes"
    print_table(title, measured(options.episodes, options.times))


if __name__ == "__main__":
    main()
