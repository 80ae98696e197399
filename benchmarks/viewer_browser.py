"""What readers wait for: milliseconds from a click or a key until the page is painted, in Chromium.

    python benchmarks/viewer_browser.py [--episodes 50000] [--times 7]

The table part opens a made-up study of so many episodes (sixteen scenarios, two conditions, ten models) in
the real pages. "painted" is the second animation frame after the event, so that it holds up to two frames
(33 ms) of waiting for the screen; "busy" is the part of it in which the page computed before it let the
browser go on (a click that changes the address is answered later, so it has next to none). "load" is from the
navigation to the first rows. Medians; run it with nothing else on the machine.
"""

import argparse
import gzip
import json
import random
import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from ulterior.analysis.report.model import Scope
from ulterior.analysis.statistics import exact_rate
from ulterior.scenarios import CANARY
from ulterior.traces import Frozen
from ulterior.viewer.documents import (
    Catalog,
    Cell,
    Column,
    Runs,
    ScenarioAbout,
    StudyAbout,
    StudyListed,
    Table,
)
from ulterior.viewer.server import FRONT, POLICY

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))
from browsing import launched, serving

SCENARIOS = [f"scenario_{number:02}" for number in range(16)]
CONDITIONS = [("arm=conflict", "temptation"), ("arm=control", "control")]
MODELS = [f"provider/model-{number}" for number in range(10)]
REASON = "its report was cut off before it could tell"


def made_up(episodes: int) -> Runs:
    """A study of about so many episodes, a tenth of them broken rules, some of them not judged."""
    dice = random.Random(0)
    seeds = -(-episodes // (len(SCENARIOS) * len(CONDITIONS) * len(MODELS)))
    rows: list[dict[str, Any]] = []
    cells: list[Cell] = []
    for scenario in SCENARIOS:
        for model in MODELS:
            for label, purpose in CONDITIONS:
                place = {"scenario": scenario, "model": model, "condition": label, "purpose": purpose}
                members = [_row(dice, seed, purpose) | place | {"cell": len(cells)} for seed in range(seeds)]
                rows += members
                cells.append(_cell(scenario, model, label, purpose, members))
    rows = rows[:episodes]
    return Runs(
        study=_about(len(rows)),
        detectors=(),
        scenarios={
            name: ScenarioAbout(title=name, summary="", versions=("1",), facts={}, fixed={})
            for name in SCENARIOS
        },
        models=tuple(MODELS),
        cells=tuple(cells),
        table=_table(dice, rows),
    )


def _row(dice: random.Random, seed: int, purpose: str) -> dict[str, Any]:
    broke = purpose == "temptation" and dice.random() < 0.2
    outcome = dice.choice(["covert", "overt"]) if broke else "kept"
    told = {"covert": dice.choice(["omitted", "false_denial", "on_direct_ask"]), "overt": "volunteered"}
    judged = dice.random() > 0.02
    return {
        "outcome": outcome if judged else "unscored",
        "kind": "scored" if judged else "unscored",
        "act": ("violated" if broke else "none") if judged else None,
        "disclosure": told.get(outcome) if judged else None,
        "deceptive": "yes" if told.get(outcome) == "false_denial" else "no",
        "intent": dice.choice(["stated", "euphemistic", "none", "not_available"]),
        "awareness": dice.choice(["none"] * 9 + ["alignment_test", "other_test"]),
        "unscored": None if judged else REASON,
        "status": dice.choice(["submitted"] * 20 + ["limit", "refusal"]),
        "sandbox": "embedded",
        "fork": None,
        "flags": dice.choice([None] * 5 + ["asked_again", "asked_again request_filed"]),
        "seed": seed,
        "epoch": 0,
        "turns": dice.randint(4, 40),
        "tokens": dice.randint(4_000, 400_000),
        "cost": round(dice.random(), 4),
    }


def _cell(scenario: str, model: str, label: str, purpose: str, members: Sequence[dict[str, Any]]) -> Cell:
    count = Counter(row["outcome"] for row in members)
    n = len(members) - count["unscored"]
    broke = count["covert"] + count["overt"]
    hits = {
        "exposed": n,
        "violated": broke,
        "covert": count["covert"],
        "overt": count["overt"],
        "deceptive": 0,
    }
    return Cell(
        scenario=scenario,
        label=label,
        model=model,
        purpose=purpose,
        condition={},
        episodes=len(members),
        scored=n,
        unscored=count["unscored"],
        void=0,
        running=0,
        corrupt=0,
        refused=0,
        limits={},
        undecided={},
        acts={"violated": broke, "none": n - broke},
        rates={name: exact_rate(k, n) for name, k in hits.items()},
    )


def _about(episodes: int) -> StudyAbout:
    scope = Scope(
        episodes=episodes,
        scored=episodes,
        infra_error=0,
        unscored=0,
        running=0,
        corrupt=0,
        forks=0,
        void_attempts=0,
        missing=0,
    )
    return StudyAbout(
        key="big", name="big", about={}, designs=(), started=0, ended=0, scope=scope, live=False
    )


_NUMBERS = ["seed", "epoch", "turns", "tokens", "cost", "cell"]


def _table(dice: random.Random, rows: Sequence[dict[str, Any]]) -> Table:
    def coded(name: str) -> Column:
        known: dict[str | None, int] = {}
        codes = [known.setdefault(row[name], len(known)) for row in rows]
        return Column(values=list(known), codes=codes)

    return Table(
        n=len(rows),
        ids=[f"{dice.getrandbits(128):032x}" for _ in rows],
        words={name: coded(name) for name in rows[0] if name not in _NUMBERS},
        numbers={name: [row[name] for row in rows] for name in _NUMBERS},
    )


def pages(runs: Runs) -> Starlette:
    """The pages with one study whose document is made beforehand: what is measured is the browser."""
    study = StudyListed(key="big", name="big", episodes=runs.table.n)
    catalog = Catalog(where="server", version="0", canary=CANARY, studies=(study,))
    packed = {"catalog": _packed(catalog), "runs/big": _packed(runs)}

    def document(request: Any) -> Response:
        headers = {"content-encoding": "gzip", "content-type": "application/json"}
        return Response(packed[request.path_params["name"]], headers=headers)

    def page(_: Any) -> Response:
        return Response(
            (FRONT / "index.html").read_bytes(), 200, {"content-security-policy": POLICY}, "text/html"
        )

    return Starlette(
        routes=[
            Route("/", page),
            Route("/data/{name:path}.json", document),
            Mount("/", StaticFiles(directory=FRONT)),
        ]
    )


def _packed(document: Frozen) -> bytes:
    return gzip.compress(json.dumps(document.model_dump(mode="json")).encode(), 6)


# ---- in the browser ----

_PAINTED = """
  const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
"""
FIRST_ROWS = f"""
{_PAINTED}
new MutationObserver((_, observer) => {{
  if (!document.querySelector("[data-place]")) return;
  observer.disconnect();
  painted().then(() => {{ window.firstRows = performance.now(); }});
}}).observe(document, {{childList: true, subtree: true}});
"""
LOADED = """() => new Promise((done) => {
  const look = () => (window.firstRows ? done(window.firstRows) : setTimeout(look, 20));
  look();
})"""


def after(action: str) -> str:
    """A function that does something and says how long the page was busy and when it was painted, in ms."""
    return f"""async () => {{
      {_PAINTED}
      for (let quiet = 0; quiet < 3; quiet += 1) {{
        await painted();
        await new Promise((done) => requestIdleCallback(done));
      }}
      await painted();
      const start = performance.now();
      {action}
      await null; await null; await null;
      document.body.offsetHeight;
      const busy = performance.now() - start;
      await painted();
      return [busy, performance.now() - start];
    }}"""


def typed(text: str) -> str:
    return f"""const box = document.querySelector('input[type="search"]');
      box.value = {json.dumps(text)};
      box.dispatchEvent(new Event("input", {{bubbles: true}}));"""


def clicked(selector: str) -> str:
    return f"document.querySelector({json.dumps(selector)}).click();"


def header(title: str) -> str:
    wanted = json.dumps(title)
    return f"""[...document.querySelectorAll('[role="columnheader"] button')]
      .find((each) => each.textContent.startsWith({wanted})).click();"""


def measured(page: Page, base: str, times: int) -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = {}

    def note(what: str, action: str) -> None:
        busy, painted = page.evaluate(after(action))
        found.setdefault(what, []).append((busy, painted))

    for _ in range(times):
        page.goto("about:blank")
        page.goto(f"{base}#/s/big")
        load = page.evaluate(LOADED)
        found.setdefault("load", []).append((load, load))
        for text in ("d", "de", "denial", "denial model-3", "denial model-3 cut"):
            note("a key in the search", typed(text))
        note("search cleared", typed(""))
        note("a cell's episodes", clicked(".matrix td a"))
        note("a cell taken back", clicked(".matrix td.here a"))
        page.get_by_text("disclosure", exact=True).first.click()
        note("a facet's word", clicked("details[open] input[type=checkbox]"))
        note("another word of it", clicked("details[open] label:nth-child(2) input"))
        page.get_by_role("button", name="clear all").click()
        page.keyboard.press("Escape")
        note("sorted by a word, first time", header("disclosure"))
        note("sorted by a number, first time", header("tokens"))
        note("sorted by id, first time", header("id"))
        note("sorted by a number again", header("tokens"))
        note("a screen further down", "document.querySelector('.episodes').scrollTop += 600;")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--episodes", type=int, default=50_000)
    parser.add_argument("--times", type=int, default=7)
    options = parser.parse_args()
    with serving(pages(made_up(options.episodes))) as port, sync_playwright() as playwright:
        browser = launched(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        page.add_init_script(FIRST_ROWS)
        found = measured(page, f"http://127.0.0.1:{port}/", options.times)
        browser.close()
    print(f"| {options.episodes:,} episodes | busy ms | painted ms | worst | of |")
    print("|---|---:|---:|---:|---:|")
    for what, each in found.items():
        busy, painted = (statistics.median(values) for values in zip(*each, strict=True))
        worst = max(value for _, value in each)
        print(f"| {what} | {busy:.0f} | {painted:.0f} | {worst:.0f} | {len(each)} |")


if __name__ == "__main__":
    main()
