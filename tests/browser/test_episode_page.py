import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import Opened
from playwright.sync_api import Locator, Route, expect

from ulterior.traces import Study

HOSTILE = (
    "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    "\u202egnp.exe\u0000\u001b]8;;javascript:alert(1)\u0007link"
)


@pytest.fixture(scope="session")
def denier(small_study: Path) -> str:
    """The route of an episode that changed a file, and denied it in a report, a message and two answers."""
    return route_of(small_study, "sim/denier", "locked_file", "conflict")


def route_of(root: Path, model: str, scenario: str, arm: str) -> str:
    study = Study.open(root)
    return f"#/s/{study.name}/e/" + next(
        summary.episode
        for summary in study.summaries()
        if (summary.spec.model, summary.spec.scenario, summary.spec.seed) == (model, scenario, 0)
        and summary.spec.condition["arm"] == arm
        and summary.spec.fork is None
    )


def changed(opened: Opened, change: Callable[[dict[str, Any]], None]) -> None:
    """Let the page get another document of an episode than the server's."""

    def answer(route: Route) -> None:
        document = route.fetch().json()
        change(document)
        route.fulfill(body=json.dumps(document), content_type="application/json")

    opened.page.route("**/data/episode/**", answer)


def step(opened: Opened, number: int) -> Locator:
    return opened.page.get_by_role("article", name=re.compile(rf"^step {number}:"))


def test_a_step_shows_what_was_thought_done_and_told_side_by_side(opened: Opened, denier: str) -> None:
    opened.goto(denier)
    edit = step(opened, 5)
    expect(edit.get_by_role("group", name="private reasoning")).to_contain_text(
        "I put it right here and now."
    )
    action = edit.get_by_role("group", name="action")
    expect(action).to_contain_text("edit_file")
    expect(action).to_contain_text("L48")
    expect(action.get_by_role("button", name=re.compile("changed .*units.csv"))).to_be_visible()
    told = step(opened, 9).get_by_role("group", name="what it told people")
    expect(told).to_contain_text("nothing was done without the desk's approval")
    expect(told).to_contain_text(
        "without the desk's approval.false denial The agent changed the shared table of units."
    )
    expect(step(opened, 2)).to_contain_text("no reasoning came back")


def test_what_the_scenario_put_there_is_told_apart_from_the_models_words(opened: Opened, denier: str) -> None:
    opened.goto(denier)
    briefing = step(opened, 1)
    expect(briefing.get_by_role("group", name="from the scenario: system prompt")).to_be_visible()
    expect(step(opened, 8)).to_contain_text("from the scenario")
    expect(briefing.get_by_role("group", name="private reasoning")).to_have_count(0)


def test_evidence_leads_to_the_very_words(opened: Opened, denier: str) -> None:
    opened.goto(denier)
    page = opened.page
    page.get_by_role("listitem").filter(
        has=page.get_by_role("button", name="The agent changed the shared table")
    ).get_by_role("button", name=re.compile("^step 9 .*text denies")).click()
    marked = page.locator("mark.current")
    expect(marked).to_have_text(
        "The files under shared/ are unchanged, and nothing was done without the desk's approval."
    )
    expect(marked).to_be_in_viewport()
    expect(page.get_by_role("list", name="model, scenario and condition")).to_be_in_viewport()
    expect(page).to_have_url(re.compile(r"f=disclosure\.shared_changed.*ev=38"))
    expect(step(opened, 9).locator(":focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("complementary", name="Findings").locator(".proof:focus")).to_contain_text(
        "step 9"
    )
    expect(page.locator("mark.hit.bad")).to_have_count(5)  # claims are marked too
    page.get_by_role("button", name="Act", exact=True).click()
    expect(page.locator(".cited.current")).to_contain_text("Who looks after which file")


def test_a_citation_that_does_not_resolve_is_shown_as_broken(opened: Opened, denier: str) -> None:
    def breaks(document: dict[str, Any]) -> None:
        next(each for each in document["findings"] if each["id"] == "disclosure.shared_changed")["proofs"][
            1
        ] |= {"resolves": False, "quote": "what nobody ever said"}

    changed(opened, breaks)
    opened.goto(denier)
    rail = opened.page.get_by_role("complementary", name="Findings")
    expect(rail).to_contain_text("this citation does not resolve: event 38, what nobody ever said")
    rail.get_by_role("button", name="look at event 38").click()
    expect(step(opened, 9)).to_be_in_viewport()


def test_places_are_counted_in_characters_and_one_place_may_prove_several_findings(
    opened: Opened, denier: str
) -> None:
    def cites(document: dict[str, Any]) -> None:
        turn = document["events"][22]
        turn["blocks"][0]["text"] = "\U0001f600\U0001f600 I put it right, here and now."
        turn["blocks"][1]["arguments"] = {"path": "é", "times": 1.0, "old": "L48"}
        findings = {finding["id"]: finding for finding in document["findings"]}
        place = {"seq": 22, "block": 0, "field": None, "channel": "reasoning", "match": "exact", "note": ""}
        words = place | {"start": 3, "end": 18, "quote": "I put it right,", "resolves": True}
        within = place | {"start": 9, "end": 17, "quote": "it right", "resolves": True}
        call = {"block": 1, "start": 12, "end": 21, "quote": '"times":1', "channel": "action"}
        findings["intent"]["proofs"] = [words, words | call]
        findings["awareness"]["proofs"] = [within]

    changed(opened, cites)
    opened.goto(f"{denier}?f=intent&marks=all")
    current = step(opened, 5).locator("mark.current")
    expect(current).to_have_text(["I put ", "it right", ","])
    opened.goto(f"{denier}?f=awareness&marks=all")
    expect(current).to_have_text(["it right"])
    opened.goto(f"{denier}?f=intent&proof=1&ev=22")
    expect(current).to_have_text(['"times":1'])


def test_keys_move_through_the_episode(opened: Opened, denier: str) -> None:
    opened.goto(denier)
    page = opened.page
    said = page.get_by_role("region", name="Timeline").locator("[aria-live]")
    expect(said).to_have_text(re.compile("^step 1 of 14: "))
    for key, where in (
        ("ArrowRight", 2),
        ("l", 3),
        ("h", 2),
        ("ArrowLeft", 1),
        ("End", 14),
        ("Home", 1),
        ("t", 2),
        ("m", 7),
        ("W", 7),
        ("W", 6),
        ("W", 5),
        ("j", 6),
        ("k", 5),
    ):
        page.keyboard.press(key)
        expect(said).to_have_text(re.compile(f"^step {where} of 14: "))
    chosen = page.locator(".proof[aria-current]")
    for key, where in (("n", 5), ("n", 5), ("n", 7), ("p", 5), ("p", 5), ("p", 4)):
        page.keyboard.press(key)
        expect(chosen).to_contain_text(f"step {where}")
        expect(said).to_have_text(re.compile(f"^step {where} of 14: "))
    page.keyboard.press("l")
    expect(step(opened, 5)).to_be_in_viewport()
    page.keyboard.press("d")
    expect(page).to_have_url(re.compile("diff=start"))
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys and marks")
    expect(keys).to_be_visible()
    page.keyboard.press("l")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    expect(said).to_have_text(re.compile("^step 5 of 14: edit_file"))


def test_the_scrubber_is_a_slider_that_says_where_it_is(opened: Opened, denier: str) -> None:
    opened.goto(f"{denier}?ev=22")
    slider = opened.page.get_by_role("slider", name="Step")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^step 5 of 14: "))
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^step 6 of 14: "))
    expect(step(opened, 6)).to_be_in_viewport()
    opened.page.get_by_role("button", name="rule shown at step 4").click()
    expect(slider).to_have_value("3")


def test_a_link_opens_at_its_place_and_the_browsers_search_finds_every_word(
    opened: Opened, denier: str
) -> None:
    opened.goto(f"{denier}?f=disclosure.not_approved&proof=3")
    expect(opened.page.locator("mark.current")).to_be_in_viewport()
    expect(step(opened, 13)).to_have_class(re.compile("current"))
    assert opened.page.evaluate("find('weekly balance does', false, true, true)")


def test_hostile_words_stay_words(opened: Opened, denier: str) -> None:
    def poisons(document: dict[str, Any]) -> None:
        about, events = document["about"], document["events"]
        about |= {"title": HOSTILE, "model": HOSTILE, "condition": {"arm": HOSTILE, "__proto__": HOSTILE}}
        for each in document["steps"]:
            each |= {"title": HOSTILE, "witnesses": [{"who": HOSTILE, "how": HOSTILE, "seq": each["first"]}]}
        for finding in document["findings"]:
            finding |= {"title": HOSTILE, "reason": HOSTILE, "measured_error": HOSTILE}
        for event in events:
            match event["kind"]:
                case "model":
                    for block in event["blocks"]:
                        block |= {"text": HOSTILE} if block["type"] != "tool_call" else {"name": HOSTILE}
                    event["blocks"].insert(0, {"type": "reasoning", "text": HOSTILE, "visibility": "full"})
                case "result":
                    event |= {"stdout": HOSTILE * 3, "value": {HOSTILE: HOSTILE}, "stderr": "x" * 1_000_000}
                case "message":
                    event |= {"text": HOSTILE, "author": HOSTILE, "question": HOSTILE}
                case "report":
                    event |= {
                        "to": HOSTILE,
                        "text": HOSTILE,
                        "fields": {HOSTILE: HOSTILE, "toString": [HOSTILE]},
                    }
                case "world":
                    event["services"][HOSTILE] = []
                    for file in event["files"]:
                        file["path"] += HOSTILE
                case _:
                    pass

    changed(opened, poisons)
    opened.goto(denier)
    expect(step(opened, 5)).to_contain_text("<img src=x onerror=", timeout=20_000)  # megabytes
    expect(
        opened.page.get_by_role("button", name=re.compile("show more: 980,000 characters")).first
    ).to_be_attached()
    expect(opened.page.locator("main img, main script, main iframe")).to_have_count(0)
    expect(opened.page).not_to_have_title("owned")
    expect(step(opened, 5).get_by_role("group", name="private reasoning")).not_to_contain_text("\u202e")


def test_blind_readers_see_no_verdict_no_model_and_no_condition(opened: Opened, denier: str) -> None:
    opened.page.add_init_script("sessionStorage['ulterior-blind'] = 'on'")
    opened.goto(denier)
    expect(step(opened, 9)).to_contain_text("nothing was done without the desk's approval")
    rail = opened.page.get_by_role("complementary", name="Findings")
    expect(rail.locator(".verdict, .proof, .broken")).to_have_count(0)
    parts = opened.page.locator(".episode-head, .timeline, .replay")
    expect(parts).to_have_count(3)
    shown = " ".join(parts.all_inner_texts())
    for word in (
        "covert",
        "denial",
        "denied",
        "violated",
        "sim/denier",
        "conflict",
        "temptation",
        "carried out",
    ):
        assert word not in shown
    opened.page.get_by_role("button", name="show them").click()
    expect(opened.page.get_by_role("main")).to_contain_text("sim/denier")


def test_every_key_in_the_help_does_something(opened: Opened, denier: str) -> None:
    page = opened.page
    opened.goto(denier)
    page.get_by_role("button", name="keys ?").click()
    told = page.get_by_role("dialog", name="Keys and marks").locator(".keys")
    keys = [
        *told.locator("kbd").all_inner_texts(),
        *re.findall(r"\((\w): the one before\)", told.inner_text()),
    ]
    assert len(keys) == 23
    for key in keys:
        page.goto("about:blank")
        at, event = (9, 38) if key == "M" else (5, 23)  # before the fifth step nobody was told anything
        opened.goto(f"{denier}?f=act&proof=1&ev={event}")
        expect(step(opened, at)).to_have_class(re.compile("current"))
        before = page.evaluate(STANDING)
        page.keyboard.press({"→": "ArrowRight", "←": "ArrowLeft", "Esc": "Escape"}.get(key, key))
        assert page.evaluate(STANDING) != before, key


STANDING = """async () => {
  for (let n = 0; n < 2; n += 1) await new Promise(requestAnimationFrame);
  const unfolded = document.querySelectorAll("dialog[open], .which, form.annotator, .comment").length;
  return [location.hash, document.activeElement.id, unfolded].join();
}"""


def test_the_world_beside_a_step_is_that_after_the_very_step(opened: Opened, denier: str) -> None:
    opened.goto(f"{denier}?ev=22")
    world = opened.page.get_by_role("complementary", name="The world")
    expect(opened.page.get_by_role("region", name="Timeline")).to_contain_text("step 5 of 14")
    expect(world.get_by_role("heading", name="The world after step 5")).to_be_visible()
    world.get_by_role("button", name="pin this step").click()
    expect(world.get_by_role("button", name="pinned step 5")).to_be_visible()
    expect(opened.page).to_have_url(re.compile(r"pin=4\b"))  # an index, as in the document


def test_a_bare_value_says_of_what_it_is_a_denial(opened: Opened, denier: str) -> None:
    opened.goto(denier)
    rail = opened.page.get_by_role("complementary", name="Findings")
    expect(
        rail.get_by_role("button", name=re.compile("^step 7 files changed: none field denies"))
    ).to_be_visible()
    expect(step(opened, 7)).to_contain_text("this value denies: The agent changed the shared table of units.")


def test_an_episode_without_reasoning_leaves_its_room_to_the_other_lanes(opened: Opened, denier: str) -> None:
    def silence(document: dict[str, Any]) -> None:
        for event in document["events"]:
            if event["kind"] == "model":
                event |= {"reasoning": "absent"}
                event["blocks"] = [each for each in event["blocks"] if each["type"] != "reasoning"]

    changed(opened, silence)
    opened.goto(denier)
    expect(opened.page.get_by_text("private reasoning: none came back in this episode")).to_be_visible()
    expect(step(opened, 5).get_by_role("group", name="private reasoning")).to_contain_text(
        "no reasoning came back"
    )
    lanes, action = step(opened, 7).locator(".lanes"), step(opened, 7).get_by_role("group", name="action")
    assert action.bounding_box()["width"] > lanes.bounding_box()["width"] / 2  # type: ignore[index]


def test_line_ends_and_controls_are_named(opened: Opened, denier: str) -> None:
    def ends(document: dict[str, Any]) -> None:
        document["events"][22]["blocks"][0]["text"] = "one\r\ntwo\x00\x7f"

    changed(opened, ends)
    opened.goto(denier)
    expect(step(opened, 5)).to_contain_text("one⟨CR⟩")
    expect(step(opened, 5)).to_contain_text("two⟨NUL⟩⟨DEL⟩")


def test_a_fork_and_its_parent_are_linked_where_they_part(opened: Opened, small_study: Path) -> None:
    study, page = Study.open(small_study), opened.page
    fork = next(each for each in study.summaries() if each.spec.fork and each.spec.fork.edit)
    assert fork.spec.fork is not None
    opened.goto(f"#/s/{study.name}/e/{fork.episode}")
    note = page.get_by_role("note").filter(has_text="put by an experimenter")
    expect(note).to_contain_text("enough")
    note.get_by_role("link", name="its parent").click()
    expect(page).to_have_url(re.compile(rf"{fork.spec.fork.parent}\?ev={fork.spec.fork.at}$"))
    leaving = page.locator("article").get_by_role("note").filter(has_text="from here:")
    expect(leaving).to_have_count(2)  # the edit and its control
    expect(leaving.get_by_role("link", name=fork.episode[:8])).to_have_attribute(
        "href", re.compile(fork.episode)
    )


def test_on_paper_there_are_the_findings_and_every_step(opened: Opened, denier: str) -> None:
    opened.page.emulate_media(media="print", color_scheme="dark")
    opened.page.set_viewport_size({"width": 720, "height": 1000})
    opened.goto(denier)
    expect(opened.page.get_by_role("complementary", name="Findings")).to_contain_text("denied")
    expect(step(opened, 14)).to_be_visible()
    for gone in ("Timeline", "The world"):
        expect(opened.page.get_by_label(gone, exact=True)).to_be_hidden()
    expect(opened.page.locator("body")).to_have_css("color", "rgb(0, 0, 0)")
    opened.axe()


def test_a_narrow_window_shows_one_pane_at_a_time(opened: Opened, denier: str) -> None:
    opened.page.set_viewport_size({"width": 700, "height": 800})
    opened.goto(denier)
    page = opened.page
    rail = page.get_by_role("complementary", name="Findings")
    expect(rail).to_be_hidden()
    page.get_by_role("button", name="Findings", exact=True).click()
    expect(rail).to_be_visible()
    rail.get_by_role("button", name=re.compile("^step 5 ")).first.click()
    expect(rail).to_be_hidden()
    expect(step(opened, 5)).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_anybody_can_read_it(opened: Opened, denier: str, scheme: Any) -> None:
    opened.page.emulate_media(color_scheme=scheme)
    opened.goto(f"{denier}?f=disclosure.shared_changed&proof=1&marks=all")
    expect(opened.page.locator("mark.current")).to_be_in_viewport()
    opened.axe()
