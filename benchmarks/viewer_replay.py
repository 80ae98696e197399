"""How fast the replay of a long episode is in a browser: first paint, scrolling, moving the cursor.

    .venv/bin/python benchmarks/viewer_replay.py --events 10000

The document is made up here, 8 MB of text in a mixture like that of real episodes, and handed to the page in place of the
server's. Times are the browser's own: *first paint* is the frame after the first step is in the page, counted from the moment
that the document has arrived; a *frame* of scrolling or of a key is the time to the next frame drawn.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount, Route

from ulterior.viewer.library import Library
from ulterior.viewer.server import app

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from browsing import launched, serving  # noqa: E402 (the browser tests' own support)

LIMITS = {"first paint": 500.0, "scrolling, mean": 30.0}

SEEN = """
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

SCROLL = """async () => {
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

MOVE = """async (key) => {
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
    replay = json.dumps(long_replay(arguments.events))
    with serving(_holding(replay)) as port, sync_playwright() as playwright:
        browser = launched(playwright)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(SEEN)
        page.goto(f"http://127.0.0.1:{port}/#/s/long/e/long?ev={arguments.at}")
        measured, elements = _measured(page)
        browser.close()
    print(f"{arguments.events} events, {len(replay) / 1e6:.1f} MB of JSON, {elements} elements in the page")
    for name, value in measured.items():
        limit = LIMITS.get(name)
        print(f"  {name:24} {value:8.1f} ms{'' if limit is None else f'   (at most {limit:.0f})'}")


def _measured(page: Page) -> tuple[dict[str, float], int]:
    page.locator(".replay article").first.wait_for()
    page.wait_for_timeout(4_000)  # until every section is filled
    entry = "performance.getEntriesByName(location.origin + '/data/episode/long/long.json')[0].responseEnd"
    found = {"first paint": page.evaluate(f"window.painted - {entry}")}
    elements = page.evaluate("document.getElementsByTagName('*').length")
    for name, script, given in (
        ("scrolling", SCROLL, None),
        ("next step", MOVE, "l"),
        ("next evidence", MOVE, "n"),
    ):
        times = sorted(page.evaluate(script, given))
        found[f"{name}, mean"] = sum(times) / len(times)
        found[f"{name}, 95 % below"] = times[int(0.95 * len(times))]
    return found, elements


def _holding(replay: str) -> Starlette:
    """The pages, with one made-up episode for a study."""
    study = {"key": "long", "name": "long", "episodes": 1, "live": False}
    catalog = {"format": 1, "where": "server", "version": "0", "canary": "", "studies": [study], "flips": []}

    def given(text: str) -> Any:
        data = text.encode()
        return lambda request: Response(data, media_type="application/json")  # type: ignore[misc]

    return Starlette(
        routes=[
            Route("/data/catalog.json", given(json.dumps(catalog))),
            Route("/data/episode/long/long.json", given(replay)),
            Mount("/", app(Library([], "server"))),
        ]
    )


def long_replay(count: int) -> dict[str, Any]:
    """A replay document of about ``count`` events."""
    events: list[dict[str, Any]] = [
        {"kind": "episode", "spec": {"scenario": "long", "seed": 0, "sandbox": "embedded", "settings": {}}},
        {"kind": "world", "cause": "setup", "files": [], "services": {}, "clock": 0.0},
        {
            "kind": "message",
            "role": "user",
            "author": "Ada",
            "origin": "briefing",
            "text": words(80),
            "question": None,
        },
    ]
    steps = [step(0, "setup", 0, 2, title="the briefing")]
    turn = 0
    while len(events) < count:
        turn += 1
        first = len(events)
        events += turn_events(turn)
        for seq in range(first, len(events)):
            events[seq] |= {"seq": seq, "at": float(seq)}
        writes, tells = turn % 3 == 0, turn % 25 == 0
        steps.append(
            step(
                len(steps),
                "turn",
                first,
                len(events) - 1,
                turn=turn,
                purpose="work",
                title="shell",
                writes=writes,
                tells=tells,
            )
        )
    for seq in range(3):
        events[seq] |= {"seq": seq, "at": 0.0}
    proofs = [proof(event["seq"]) for event in events if event["kind"] == "model"][::20]
    return {
        "format": 1, "about": about(), "steps": steps, "events": events, "contents": {}, "claims": [], "facts": {},
        "statements": {}, "branches": [],
        "findings": [finding(f"f{n}", proofs[n::5]) for n in range(5)],
        "funnel": [{"stage": "exposed", "reached": True, "seq": 9, "note": ""}],
    }  # fmt: skip


def turn_events(turn: int) -> list[dict[str, Any]]:
    """One turn that thinks, calls, writes, and now and then reports."""
    call = f"c{turn}"
    arguments = {"command": f"sed -n 1,40p data/part-{turn}.csv"}
    blocks = [
        {"type": "reasoning", "text": words(60 + turn % 50), "visibility": "full"},
        {"type": "tool_call", "id": call, "name": "shell", "arguments": arguments, "raw": None},
    ]
    out = "\n".join(
        f"{turn},{line},{line * 7919 % 1000},measured,{words(3)}" for line in range(40 + turn % 30)
    )
    files = [
        {
            "path": f"/srv/data/out-{turn}.csv",
            "before": None,
            "after": {"type": "file", "digest": "", "mode": 420},
        }
    ]
    events: list[dict[str, Any]] = [
        {"kind": "model", "turn": turn, "purpose": "work", "blocks": blocks, "stop": "tool_use", "stop_detail": None,
         "reasoning": "full", "usage": {}, "cost": 0.01, "latency": 1.0, "attempts": 1, "api": "sim"},
        {"kind": "intent", "call": call, "tool": "shell", "arguments": arguments},
        {"kind": "result", "call": call, "tool": "shell", "status": "executed", "stdout": out, "stderr": "", "exit_code": 0,
         "value": None, "error": None, "truncated": False, "duration": 0.1},
        {"kind": "world", "cause": call, "files": files if turn % 3 == 0 else [], "services": {}, "clock": 20.0 * turn},
    ]  # fmt: skip
    if turn % 25 == 0:
        events.append(
            {
                "kind": "report",
                "to": "ada@cairn.internal",
                "channel": "mail",
                "text": words(90),
                "fields": {},
                "call": call,
                "question": None,
            }
        )
    return events


def words(count: int) -> str:
    """Some prose."""
    stock = "the table of units was compared with what the works measured and one line of it is off by a factor".split()
    return " ".join(stock[(7 * n + count) % len(stock)] for n in range(count))


def step(n: int, kind: str, first: int, last: int, **more: Any) -> dict[str, Any]:
    plain = {
        "turn": None,
        "purpose": None,
        "tools": [],
        "writes": False,
        "tells": False,
        "clock": 20.0 * n,
        "tokens": 900,
        "cost": 0.01,
        "witnesses": [],
    }
    return {"n": n, "kind": kind, "first": first, "last": last, **plain, **more}


def proof(seq: int) -> dict[str, Any]:
    return {
        "seq": seq,
        "block": 0,
        "field": None,
        "start": 4,
        "end": 40,
        "quote": "",
        "channel": "reasoning",
        "match": "exact",
        "note": "",
        "resolves": True,
    }


def finding(id: str, proofs: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": id, "stage": "judgement", "title": words(9), "label": "stated", "words": "stated", "tone": "warn", "reason": None,
            "detector": "made up", "version": "1", "confidence": None, "measured_error": "", "proofs": proofs, "question": None}  # fmt: skip


def about() -> dict[str, Any]:
    nothing = [
        "version",
        "purpose",
        "limit",
        "kind",
        "fork",
        "fault",
        "principal",
        "started",
        "ended",
        "cost",
        "tokens_in",
        "tokens_out",
        "turns",
    ]
    return {"episode": "long", "study": "long", "scenario": "long", "title": "A long episode", "condition": {}, "label": "", "model": "sim/long",
            "settings": {}, "seed": 0, "epoch": 0, "sandbox": "embedded", "status": "submitted", "act": "none", "outcome": "kept", "packages": {},
            **dict.fromkeys(nothing)}  # fmt: skip


if __name__ == "__main__":
    main()
