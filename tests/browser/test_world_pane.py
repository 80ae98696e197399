"""The world beside a step, as a reader sees it who goes through an episode."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from browsing import Opened
from playwright.sync_api import Locator, Route, expect

from ulterior.traces import Study, Trace, WorldChange

SCRIPT = "<img src=x onerror=\"document.body.textContent='owned'\"><script>document.title='owned'</script>"


@pytest.fixture(scope="session")
def trace(small_study: Path) -> Trace:
    """An episode that raised a limit, used it, and lowered it again."""
    study = Study.open(small_study)
    return next(
        study.trace(summary.episode)
        for summary in study.summaries()
        if (summary.spec.model, summary.spec.scenario, summary.spec.seed, summary.spec.condition["arm"])
        == ("sim/covert+admits", "borrowed_allotment", 0, "conflict")
        and summary.spec.fork is None
    )


def address(trace: Trace, seq: int, more: str = "") -> str:
    assert trace.final.start is not None
    return f"#/s/small/e/{trace.final.start.episode}?ev={seq}{more}"


def first(trace: Trace, wanted: Callable[[WorldChange], bool]) -> int:
    """The first event after the set-up that changed the world in such a way."""
    changes = ((event.seq, event.body) for event in trace.events if isinstance(event.body, WorldChange))
    return next(seq for seq, body in changes if body.cause != "setup" and wanted(body))


def world(opened: Opened) -> Locator:
    return opened.page.get_by_role("complementary", name="The world")


def test_a_step_shows_the_file_that_it_changed_line_by_line(opened: Opened, trace: Trace) -> None:
    opened.goto(address(trace, first(trace, lambda change: bool(change.files))))
    pane = world(opened)
    expect(pane.get_by_role("button", name="Files 1 changed")).to_have_attribute("aria-pressed", "true")
    changed = pane.get_by_role("treeitem", name="allotment.yaml changed")
    expect(changed).to_have_attribute("aria-selected", "true")
    lines = pane.get_by_role("table", name="Differences, line by line")
    expect(lines.get_by_role("row").filter(has_text="+added").first).to_be_visible()
    expect(pane.get_by_role("button", name="this step changed by the agent's call edit_file")).to_be_visible()


def test_what_it_is_compared_with_stands_in_the_address(opened: Opened, trace: Trace) -> None:
    page, seq = opened.page, first(trace, lambda change: bool(change.files))
    opened.goto(address(trace, seq))
    pane = world(opened)
    pane.get_by_role("button", name="pin this step").click()
    expect(page).to_have_url(re.compile(r"diff=pin"))
    expect(pane.get_by_text("21 files", exact=True)).to_be_visible()  # the same step: nothing to compare
    pane.get_by_role("button", name="start", exact=True).click()
    expect(page).to_have_url(re.compile(r"diff=start"))
    expect(pane.get_by_text("since the start", exact=False).first).to_be_visible()
    last = trace.events[-1].seq
    opened.goto(address(trace, last, "&diff=start&world=files"))
    expect(pane.get_by_role("button", name="Files").filter(has_text="changed")).to_be_visible()
    opened.goto(address(trace, last, "&diff=pin&pin=4000"))
    expect(pane.get_by_text("There is no pinned step to compare with.")).to_be_visible()


def test_the_history_of_a_file_leads_to_the_steps_that_touched_it(opened: Opened, trace: Trace) -> None:
    path = "/srv/atoll-gauge/ops/allotment.yaml"
    changes = [
        event.seq
        for event in trace.events
        if isinstance(event.body, WorldChange) and any(file.path == path for file in event.body.files)
    ]
    opened.goto(address(trace, trace.events[-1].seq, f"&file={path}"))
    pane = world(opened)
    pane.get_by_text(f"history: {len(changes)} changes").click()
    pane.get_by_role("listitem").get_by_role("button", name="changed by").last.click()
    expect(opened.page).to_have_url(re.compile(rf"ev={changes[-1]}\b"))
    expect(pane.get_by_role("button", name=re.compile("^this step changed")).first).to_be_visible()


def test_the_tree_of_files_is_used_with_keys(opened: Opened, trace: Trace) -> None:
    opened.goto(address(trace, 0))
    pane = world(opened)
    folder = pane.get_by_role("treeitem", name="tables/")
    expect(folder).to_have_attribute("aria-expanded", "true")
    files = pane.get_by_role("treeitem").count()
    folder.focus()
    folder.press("ArrowLeft")
    expect(folder).to_have_attribute("aria-expanded", "false")
    assert pane.get_by_role("treeitem").count() < files
    folder.press("ArrowRight")
    folder.press("ArrowDown")
    opened.page.keyboard.press("Enter")
    expect(pane.get_by_role("treeitem", selected=True)).to_have_text(re.compile(r"\.csv"))
    expect(pane.get_by_role("table", name="Content of the file")).to_be_visible()


def test_a_ledger_shows_running_sums_and_where_they_went_over(opened: Opened, trace: Trace) -> None:
    def halved(replay: Any, setup: Any) -> None:
        ledger = setup["services"]["ledger"][0]["value"]
        ledger["quotas"]["atoll-gauge"] //= 2

    changing(opened, halved)
    opened.goto(address(trace, trace.events[-1].seq, "&world=services&service=ledger&diff=start"))
    pane = world(opened)
    merged = pane.get_by_role("row").filter(has_text="AG-6600 merge")
    expect(merged).to_contain_text(re.compile(r"\+ new.*12\s*76.*over.*91.*not the quota"))
    expect(pane.get_by_text("76 of 45 credits used")).to_be_visible()
    expect(pane.get_by_text("over the quota")).to_be_visible()
    expect(pane.get_by_text("161 credits used; no quota, booked under 161")).to_be_visible()


def test_mail_that_came_by_itself_is_new_and_its_cause_is_told(opened: Opened, trace: Trace) -> None:
    seq = first(trace, lambda change: change.cause.startswith("schedule:"))
    opened.goto(address(trace, seq))
    pane = world(opened)
    expect(pane.get_by_role("heading", name="mailbox")).to_be_visible()
    expect(pane.get_by_text("by the scenario's schedule").first).to_be_visible()
    expect(pane.locator("summary").filter(has_text="+ new")).to_have_count(1)


def test_what_the_scenario_keeps_back_is_folded_away_and_marked(opened: Opened, trace: Trace) -> None:
    opened.goto(address(trace, 0, "&world=services&service=approvals"))
    pane = world(opened)
    kept = pane.get_by_text("No answer is written down")
    expect(kept).to_be_hidden()
    pane.get_by_text("What the scenario has up its sleeve not visible to the agent").click()
    expect(kept).to_be_visible()


def test_a_hostile_world_is_shown_and_does_nothing(opened: Opened, trace: Trace) -> None:
    changing(opened, _poison)
    opened.goto(address(trace, 0, "&file=/srv/__proto__"))
    pane = world(opened)
    expect(pane.get_by_text("show more: 998,000 characters")).to_be_visible()
    expect(pane.get_by_role("treeitem", name="many/")).to_have_attribute("aria-expanded", "false")
    for path in (SCRIPT, "/../../etc/passwd", "/\u202egpj.exe"):
        opened.goto(address(trace, 0, f"&file={quote(path)}"))
        expect(pane.get_by_role("region", name="The chosen file")).to_contain_text("mode 0644")
    expect(pane.get_by_text("U+202E").first).to_be_visible()
    opened.goto(address(trace, 0, "&world=services&service=mailbox"))
    expect(pane.get_by_text("<script>").first).to_be_visible()
    opened.goto(address(trace, 0, "&world=services&service=ledger"))
    expect(pane.get_by_text("This state isn't what its kind of service has.")).to_be_visible()
    opened.goto(address(trace, trace.events[-1].seq, "&world=services&service=pipeline"))
    expect(pane.get_by_text("The record of this service can't be followed from event")).to_be_visible()
    expect(pane.locator("img, script, iframe, a")).to_have_count(0)
    expect(opened.page).to_have_title(re.compile("Ulterior"))


def changing(opened: Opened, change: Callable[[Any, Any], None]) -> None:
    """From here on the page gets the real document with something in it changed."""

    def answered(route: Route) -> None:
        answer = route.fetch()
        replay = answer.json()
        change(replay, next(event for event in replay["events"] if event["kind"] == "world"))
        route.fulfill(response=answer, body=json.dumps(replay))

    opened.page.route("**/data/episode/**", answered)


def _poison(replay: Any, setup: Any) -> None:
    """A world that wants to break out of the page."""
    for number, path in enumerate(_paths()):
        digest = f"{number:064}"
        entry = {"type": "file", "digest": digest, "mode": 420}
        setup["files"].append({"path": path, "before": None, "after": entry})
        replay["contents"][digest] = {"size": 1, "text": SCRIPT if number else "x" * 1_000_000}
    mail = {"id": SCRIPT, "folder": "inbox", "sender": SCRIPT, "to": SCRIPT, "at": SCRIPT, "subject": SCRIPT}
    setup["services"] |= {
        "mailbox": [_whole({"owner": SCRIPT, "contacts": None, "mails": [mail, {"body": [SCRIPT]}]})],
        "ledger": [_whole({"unit": 1, "quotas": [], "entries": [None]})],
    }
    for event in replay["events"]:
        if event["kind"] == "world" and event["seq"] != setup["seq"] and "pipeline" in event["services"]:
            event["services"]["pipeline"] = [{"op": "remove", "path": "/__proto__/done"}]


def _paths() -> list[str]:
    named = ["/srv/__proto__", "/constructor/__proto__", SCRIPT, "/../../etc/passwd", "/\u202egpj.exe"]
    return [*named, *(f"/srv/many/{number}" for number in range(5_000))]


def _whole(value: Any) -> dict[str, Any]:
    return {"op": "replace", "path": "", "value": value}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_files_and_services_are_accessible(opened: Opened, trace: Trace, scheme: Any) -> None:
    opened.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    seq = first(trace, lambda change: bool(change.services) and bool(change.files))
    for more in (
        "",
        "&world=services&service=ledger",
        "&world=services&service=mailbox",
        "&world=services&service=pipeline",
    ):
        opened.goto(address(trace, seq, f"&diff=start{more}"))
        expect(world(opened)).to_be_visible()
        opened.axe()
