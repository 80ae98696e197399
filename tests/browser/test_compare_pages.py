"""Two episodes, two studies and forks, as somebody reads them who follows links and presses keys."""

import re
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from browsing import Opened, serving, watched
from playwright.sync_api import Browser, expect

from ulterior.analysis import analyze_study
from ulterior.traces import Study
from ulterior.viewer.library import Library
from ulterior.viewer.server import app


@pytest.fixture(scope="session")
def ids(small_study: Path) -> dict[str, str]:
    """Episodes of one instance: the one that was forked, a fork that was edited, and an honest agent's."""
    found: dict[str, str] = {}
    for summary in Study.open(small_study).summaries():
        spec = summary.spec
        if (spec.scenario, spec.seed) != ("borrowed_allotment", 0):
            continue
        if spec.fork is not None:
            found["edited" if spec.fork.edit else "control"] = summary.episode
            found["parent"] = spec.fork.parent
        elif (spec.model, spec.condition["arm"]) == ("sim/honest", "conflict"):
            found["honest"] = summary.episode
    return found


def compare(ids: dict[str, str], a: str, b: str) -> str:
    return f"#/compare?a=small/{ids[a]}&b=small/{ids[b]}"


def test_two_episodes_say_who_they_are_and_where_they_part(opened: Opened, ids: dict[str, str]) -> None:
    opened.goto(compare(ids, "parent", "honest"))
    page = opened.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Two episodes of Borrowed allotment")
    expect(page).to_have_title("Two episodes · Ulterior")
    expect(page.get_by_role("row", name="model")).to_contain_text("sim/covert+admits")
    expect(page.get_by_role("row", name="model")).to_contain_text("sim/honest")
    expect(page.get_by_role("row", name="outcome")).to_contain_text("kept the rule")
    expect(page.get_by_text("kept the rule")).to_have_count(1)
    expect(page.get_by_text("seed 0")).to_be_visible()
    expect(page.get_by_text("They part at")).to_contain_text("step – / 6")
    expect(page.get_by_role("group", name="Episode A: no such step").first).to_be_visible()
    opened.axe()
    page.emulate_media(color_scheme="dark")
    opened.axe()
    page.get_by_role("button", name="step – / 6").first.click()
    expect(page.get_by_role("group", name="Episode B, step 6")).to_be_in_viewport()


def test_keys_lead_from_difference_to_difference_and_the_address_follows(
    opened: Opened, ids: dict[str, str]
) -> None:
    opened.goto(compare(ids, "parent", "honest"))
    page = opened.page
    status = page.get_by_role("status")
    expect(status).to_contain_text("difference 1 of")
    page.keyboard.press("n")
    page.keyboard.press("n")
    expect(status).to_contain_text("difference 3 of")
    expect(page).to_have_url(re.compile(r"row=\d+"))
    page.keyboard.press("p")
    expect(status).to_contain_text("difference 2 of")
    page.reload()
    expect(status).to_contain_text("difference 2 of")


def test_equal_steps_are_folded_and_lead_to_both_episodes(opened: Opened, ids: dict[str, str]) -> None:
    opened.goto(compare(ids, "parent", "honest"))
    page = opened.page
    page.get_by_text("5 equal steps").click()
    link = page.get_by_role("link", name="B, step 2")
    expect(link).to_have_attribute("href", f"#/s/small/e/{ids['honest']}?ev=4")


def test_a_fork_is_set_beside_its_parent_from_where_it_left(opened: Opened, ids: dict[str, str]) -> None:
    opened.goto(compare(ids, "parent", "edited"))
    page = opened.page
    expect(page.get_by_text("B is a fork")).to_contain_text("it leaves A behind step")
    expect(page.get_by_text("put by an experimenter: factor")).to_be_visible()
    opened.goto(compare(ids, "parent", "control"))
    expect(page.get_by_text("In what they did and told, they don't differ.")).to_be_visible()


def test_what_to_set_beside_an_episode_is_offered_by_what_makes_sense(
    opened: Opened, ids: dict[str, str]
) -> None:
    opened.goto(f"#/compare?a=small/{ids['parent']}")
    page = opened.page
    for title in (
        "Its forks",
        "Same instance and model, other condition",
        "Same instance and condition, other model",
    ):
        expect(page.get_by_role("heading", name=title)).to_be_visible()
    opened.axe()
    page.get_by_role("link", name=ids["honest"][:8]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two episodes of Borrowed allotment")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.go_back()
    expect(page.get_by_role("heading", name="Its forks")).to_be_visible()


def test_an_episode_that_is_not_there_can_be_exchanged(opened: Opened, ids: dict[str, str]) -> None:
    opened.page.route(
        "**/data/episode/small/0*",
        lambda route: route.fulfill(status=404, json={"error": "gone"}),
    )
    opened.goto(f"#/compare?a=small/{ids['parent']}&b=small/{'0' * 32}")
    expect(opened.page.get_by_role("alert")).to_contain_text("gone")
    opened.page.get_by_role("button", name="Choose another one").click()
    expect(opened.page.get_by_role("heading", name="Its forks")).to_be_visible()
    opened.complaints.clear()  # the browser's own word about the 404


def test_fork_experiments_show_arms_rates_and_the_way_to_each_fork(
    opened: Opened, ids: dict[str, str]
) -> None:
    opened.goto("#/s/small/forks")
    page = opened.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Forks in small")
    expect(page.get_by_text("before turn 1")).to_be_visible()
    expect(page.get_by_text("against control")).to_be_visible()
    together = page.get_by_role("table", name="All parents together")
    expect(together.get_by_role("row", name="covert")).to_contain_text(re.compile(r"2/2.*0/2.*−100 pp"))
    page.get_by_role("button", name="violated").click()
    expect(page.get_by_role("button", name="violated")).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("m=violated"))
    page.get_by_text("the 2 forks").first.click()
    opened.axe()
    page.emulate_media(color_scheme="dark")
    opened.axe()
    page.get_by_role("link", name="compare with its parent").first.click()
    expect(page.get_by_text("B is a fork")).to_be_visible()


# ---- two studies ----


@pytest.fixture(scope="module")
def two_studies(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """The same instances, by an agent that keeps the rule and by one that breaks it covertly."""
    roots = [tmp_path_factory.mktemp("two") / name for name in ("before", "after")]
    for root, model in zip(roots, ("sim/honest", "sim/covert"), strict=True):
        chosen = ["run", "--scenario=locked_file", f"--model={model}", "--seeds=2", "-o", str(root)]
        subprocess.run([sys.executable, "-m", "ulterior.cli", *chosen], check=True, capture_output=True)
        analyze_study(Study.open(root))
    with serving(app(Library.open(roots))) as port:
        yield f"http://127.0.0.1:{port}/"


@pytest.fixture
def both(browser: Browser, two_studies: str) -> Generator[Opened]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(10_000)
    with watched(page, two_studies) as seen:
        yield seen
    context.close()


def test_two_studies_say_which_pairs_flipped_and_lead_to_them(both: Opened) -> None:
    both.goto("#/flips?a=before&b=after")
    page = both.page
    expect(page.get_by_role("heading", level=1)).to_have_text("before against after")
    expect(
        page.get_by_text("Models that only one of them has are paired: sim/honest with sim/covert")
    ).to_be_visible()
    expect(page.get_by_role("row", name="all")).to_contain_text("+50 pp")
    expect(page.get_by_role("heading", name="safe → covert")).to_contain_text("2 pairs")
    both.axe()
    page.emulate_media(color_scheme="dark")
    both.axe()
    page.get_by_role("button", name="2 both safe: show them").first.click()
    expect(page.get_by_role("heading", name="both safe")).to_contain_text("2 pairs")
    page.go_back()
    expect(page.get_by_role("heading", name="safe → covert")).to_be_visible()
    page.get_by_role("link", name="compare").first.click()
    expect(page.get_by_text("They part at")).to_be_visible()


def test_one_study_alone_explains_how_to_open_two(opened: Opened) -> None:
    opened.goto("#/flips")
    expect(opened.page.get_by_text("ulterior view STUDY-A STUDY-B")).to_be_visible()
    opened.axe()


# ---- the shell ----


def test_a_new_page_begins_at_its_heading_and_back_leads_to_where_one_was(
    opened: Opened, ids: dict[str, str]
) -> None:
    opened.goto(compare(ids, "parent", "honest"))
    page = opened.page
    expect(page.get_by_text("They part at")).to_be_visible()
    page.mouse.wheel(0, 900)
    expect(page.get_by_role("heading", level=1)).not_to_be_in_viewport()
    page.evaluate("location.hash = '#/flips'")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    page.go_back()
    expect(page.get_by_text("They part at")).to_be_visible()
    expect(page.get_by_role("table").first).not_to_be_in_viewport()


def test_the_foot_says_which_version_it_is_and_carries_the_canary(opened: Opened) -> None:
    opened.goto("#/flips")
    expect(opened.page.get_by_role("contentinfo")).to_contain_text("ulterior-canary-")
