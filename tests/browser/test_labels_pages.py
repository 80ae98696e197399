"""Answers to findings and the page about them, as somebody gives them who reads episodes, blind or not."""

import errno
import re
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from browsing import Opened, serving, watched
from playwright.sync_api import APIResponse, Browser, Locator, Route, expect

from ulterior.analysis.labels import store
from ulterior.analysis.labels.store import load_labels
from ulterior.traces import Study
from ulterior.viewer.library import Library
from ulterior.viewer.server import app

TOKEN = "a-token-for-this-test"


@pytest.fixture
def root(small_study: Path, tmp_path: Path) -> Path:
    """A copy of the study, since labels are written into it."""
    return shutil.copytree(small_study, tmp_path / "small")


@pytest.fixture
def labelling(browser: Browser, root: Path) -> Generator[Opened]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(10_000)
    with serving(app(Library.open([root]), token=TOKEN)) as port:
        with watched(page, f"http://127.0.0.1:{port}/") as seen:
            yield seen
        context.close()


def covert_episode(root: Path) -> str:
    return next(
        each.episode
        for each in Study.open(root).summaries()
        if (each.spec.model, each.spec.seed, each.spec.condition["arm"]) == ("sim/denier", 0, "conflict")
    )


def open_episode(root: Path) -> str:
    """An episode that kept the rule, so that nothing had to be told."""
    return next(
        each.episode
        for each in Study.open(root).summaries()
        if (each.spec.model, each.spec.seed, each.spec.condition["arm"]) == ("sim/honest", 0, "conflict")
    )


def finding(opened: Opened, title: str) -> Locator:
    """The finding of this title in the rail."""
    heading = opened.page.get_by_role("heading", name=title, exact=True)
    return opened.page.get_by_role("listitem").filter(has=heading)


def stored(root: Path) -> list[tuple[str, str, str, bool, str]]:
    rows = load_labels(Study.open(root)).rows
    return [(row.rubric, row.label, row.annotator, row.blinded, row.note) for row in rows]


def say_who(at: Locator, name: str) -> None:
    at.get_by_label("Your pseudonym").fill(name)
    at.get_by_role("button", name="Use it").click()


def test_a_finding_is_agreed_with_commented_on_and_thought_over(labelling: Opened, root: Path) -> None:
    labelling.goto(f"#token={TOKEN}/s/small/e/{covert_episode(root)}")
    act = finding(labelling, "Act")
    act.get_by_role("button", name="agree", exact=True).click()
    say_who(act, "no name")
    expect(act.get_by_role("alert")).to_contain_text("A pseudonym has up to 32 letters")
    say_who(act, "ada")
    expect(act.get_by_role("status")).to_have_text("You said agree: broken")
    act.get_by_role("button", name="disagree").press("x")
    act.get_by_role("button", name=re.compile("^attempted")).click()
    expect(act.get_by_role("status")).to_have_text("You said disagree: attempted")
    labelling.goto("#/s/small/labels")
    labelling.page.get_by_role("button", name="Look for them").click()
    expect(labelling.page.get_by_role("row", name=re.compile("ada: attempted"))).to_contain_text("broken")
    labelling.page.go_back()
    act.get_by_role("button", name="unsure").press("u")
    expect(act.get_by_role("status")).to_have_text("You said cannot tell")
    act.get_by_role("button", name="unsure").press("c")
    act.get_by_label("Comment").fill("yxu <b>not</b> markup")
    act.get_by_role("button", name="Save the comment").click()
    expect(act.get_by_role("status")).to_contain_text("yxu <b>not</b> markup")
    expect(act.get_by_text("Nobody else has said anything yet.")).to_be_visible()
    assert stored(root) == [
        ("breach", "broken", "ada", False, ""),
        ("breach", "attempted", "ada", False, ""),
        ("breach", "cannot_tell", "ada", False, ""),
        ("breach", "cannot_tell", "ada", False, "yxu <b>not</b> markup"),
    ]
    labelling.axe()


def test_the_finding_that_keys_lead_to_is_answered_with_keys(labelling: Opened, root: Path) -> None:
    page = labelling.page
    page.add_init_script("localStorage['ulterior-annotator'] = 'ada'")
    labelling.goto(f"#token={TOKEN}/s/small/e/{covert_episode(root)}?f=act&proof=1&ev=0")
    expect(page.get_by_text("you label as ada")).to_be_visible()
    act = finding(labelling, "Act")
    expect(act.get_by_role("button", name="agree", exact=True)).to_be_visible()
    page.keyboard.press("y")
    expect(act.get_by_role("status")).to_have_text("You said agree: broken")
    page.keyboard.press("x")
    page.keyboard.press("Enter")
    expect(act.get_by_role("status")).to_contain_text("You said disagree: ")
    expect(act.get_by_text("Nobody else has said anything yet.")).to_be_visible()
    assert next(row[:2] for row in stored(root)) == ("breach", "broken")


def test_an_answer_is_not_lost_when_an_older_list_of_answers_comes_later(
    labelling: Opened, root: Path
) -> None:
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            route.continue_()
        else:
            held.append((route, route.fetch()))

    labelling.page.route("**/labels/small", hold)
    labelling.page.add_init_script("localStorage['ulterior-annotator'] = 'ada'")
    labelling.goto(f"#token={TOKEN}/s/small/e/{covert_episode(root)}")
    act = finding(labelling, "Act")
    with labelling.page.expect_response(lambda answer: answer.request.method == "POST"):
        act.get_by_role("button", name="agree", exact=True).click()
    for route, answer in held:
        route.fulfill(response=answer)
    expect(act.get_by_role("status")).to_have_text("You said agree: broken")


def test_a_full_disk_is_told_and_the_answer_and_its_comment_can_be_given_again(
    labelling: Opened, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    labelling.page.add_init_script("localStorage['ulterior-annotator'] = 'ada'")
    labelling.goto(f"#token={TOKEN}/s/small/e/{covert_episode(root)}")
    act = finding(labelling, "Act")
    act.get_by_role("button", name="comment").click()
    act.get_by_label("Comment").fill("seen in the ledger")
    act.get_by_role("button", name="disagree").click()
    with monkeypatch.context() as disk:
        disk.setattr(store, "append_lines", full)
        act.get_by_role("button", name=re.compile("^attempted")).click()
        expect(act.get_by_role("alert")).to_contain_text("the label was not kept")
        expect(act.get_by_role("alert")).to_contain_text("No space left on device")
        expect(act.get_by_text("You said")).to_have_count(0)
        expect(act.get_by_label("Comment")).to_have_value("seen in the ledger")
        assert stored(root) == []
    act.get_by_role("button", name=re.compile("^give “attempted.*” again$")).click()
    expect(act.get_by_role("status")).to_have_text(
        re.compile("^You said disagree: attempted.*seen in the ledger")
    )
    expect(act.get_by_role("alert")).to_have_count(0)
    assert [(label, note) for _, label, _, _, note in stored(root)] == [("attempted", "seen in the ledger")]
    labelling.complaints.clear()  # the browser's own word about the refusal


def test_two_tabs_that_label_at_once_lose_nothing(labelling: Opened, root: Path) -> None:
    first = labelling.page
    first.add_init_script("localStorage['ulterior-annotator'] ??= 'ada'")
    labelling.goto(f"#token={TOKEN}/s/small/e/{covert_episode(root)}")
    other = Opened(first.context.new_page(), labelling.base)
    other.goto(f"#/s/small/e/{covert_episode(root)}")
    other.page.evaluate("localStorage['ulterior-annotator'] = 'ben'")
    other.page.reload()
    here, there = finding(labelling, "Act"), finding(other, "Act")
    expect(there.get_by_role("button", name="unsure")).to_be_visible()
    here.get_by_role("button", name="agree", exact=True).click()
    there.get_by_role("button", name="unsure").click()
    expect(here.get_by_role("status")).to_have_text("You said agree: broken")
    expect(there.get_by_role("status")).to_have_text("You said cannot tell")
    assert sorted(row[1:3] for row in stored(root)) == [("broken", "ada"), ("cannot_tell", "ben")]
    other.page.reload()
    expect(there.get_by_text("ada: broken")).to_be_visible()


def test_only_what_can_be_answered_is_asked(labelling: Opened, root: Path) -> None:
    labelling.goto(f"#token={TOKEN}/s/small/e/{open_episode(root)}")
    untrue = labelling.page.get_by_role("listitem").filter(has_text="not true of this run")
    expect(untrue.first).to_be_visible()
    expect(untrue.get_by_role("group", name="Your answer")).to_have_count(0)
    expect(finding(labelling, "Act").get_by_role("group", name="Your answer")).to_be_visible()


def test_without_the_token_an_answer_is_refused_in_words(labelling: Opened, root: Path) -> None:
    labelling.goto(f"#/s/small/e/{covert_episode(root)}")
    act = finding(labelling, "Act")
    act.get_by_role("button", name="agree", exact=True).click()
    say_who(act, "ada")
    expect(act.get_by_role("alert")).to_be_visible()
    assert stored(root) == []
    labelling.complaints.clear()  # the browser's own word about the refusal


def test_the_queue_leads_blind_from_episode_to_episode_and_its_answers_count_as_blinded(
    labelling: Opened, root: Path
) -> None:
    page = labelling.page
    labelling.goto(f"#token={TOKEN}/s/small/labels?blind=on")
    say_who(page.get_by_role("main"), "ada")
    page.get_by_label("Question").select_option("breach")
    expect(page.get_by_text("You have answered 0 of 32.")).to_be_visible()
    labelling.axe()
    page.get_by_role("link", name="Next unlabelled episode").click()
    act = finding(labelling, "Act")
    expect(act.get_by_role("button", name=re.compile("^agree"))).to_have_count(0)
    expect(page.get_by_role("main")).not_to_contain_text("sim/")
    act.get_by_role("button", name=re.compile("^broken")).click()
    expect(act.get_by_role("status")).to_have_text("You said broken (blinded)")
    expect(page.get_by_role("main")).not_to_contain_text("sim/")
    act.get_by_role("link", name="next episode").click()
    expect(page.get_by_text("You have answered 1 of 32.")).to_be_visible()
    assert [row[:4] for row in stored(root)] == [("breach", "broken", "ada", True)]


def test_what_was_revealed_is_shown_and_labels_given_after_it_are_not_blinded(
    labelling: Opened, root: Path
) -> None:
    labelling.goto(f"#token={TOKEN}/s/small/labels?blind=on")
    page = labelling.page
    say_who(page.get_by_role("main"), "ada")
    page.get_by_role("link", name="Next unlabelled episode").click()
    outcome = finding(labelling, "Outcome")
    outcome.get_by_role("button", name="unsure").click()
    outcome.get_by_role("button", name="show what detectors say").click()
    expect(page.get_by_role("main")).to_contain_text("sim/")
    finding(labelling, "Act").get_by_role("button", name="unsure").click()
    expect(finding(labelling, "Act").get_by_role("status")).to_have_text("You said cannot tell")
    assert [row[3] for row in stored(root)] == [True, False]


def test_overviews_stay_closed_in_blind_mode_and_once_seen_make_labels_not_blinded(
    labelling: Opened, root: Path
) -> None:
    page = labelling.page
    labelling.goto(f"#token={TOKEN}/s/small/labels?blind=on")
    expect(page.get_by_role("button", name="blind mode: on")).to_be_visible()
    labelling.goto("#/s/small")
    expect(page.get_by_role("heading", level=1)).to_have_text("Blind mode is on")
    labelling.axe()
    page.get_by_role("button", name="Leave blind mode").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Blind mode is on")
    labelling.goto("#/s/small/labels?blind=on")
    say_who(page.get_by_role("main"), "ada")
    expect(page.get_by_text("This tab has shown verdicts of this study")).to_be_visible()
    with page.context.expect_page() as fresh:
        page.get_by_role("link", name="Label blind in a new tab").click()
    expect(fresh.value.get_by_role("link", name="Next unlabelled episode", exact=True)).to_be_visible()


def test_agreement_and_disagreements_of_several_readers_are_shown(labelling: Opened, root: Path) -> None:
    page = labelling.page
    for who, answer in (("ada", "agree"), ("ben", "unsure")):
        labelling.goto(f"#token={TOKEN}/s/small/e/{covert_episode(root)}")
        page.evaluate(f"localStorage.setItem('ulterior-annotator', '{who}')")
        page.reload()
        act = finding(labelling, "Act")
        act.get_by_role("button", name=answer, exact=True).click()
        expect(act.get_by_role("status")).to_contain_text("You said")
    expect(act.get_by_text("ada: broken")).to_be_visible()
    labelling.goto("#/s/small/labels")
    row = page.get_by_role("row", name="breach")
    expect(row.first).to_contain_text("1 agree, 0 disagree, 1 unsure")
    expect(page.get_by_text("ada: broken; ben: cannot tell")).to_be_visible()
    page.get_by_role("button", name="Look for them").click()
    expect(page.get_by_text("0 in 1 episodes")).to_be_visible()
    labelling.axe()
    page.emulate_media(color_scheme="dark")
    labelling.axe()
