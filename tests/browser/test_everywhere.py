"""The way of a researcher, from the matrix to the words that decided an episode, wherever the pages are."""

import re
from pathlib import Path
from shutil import copytree
from typing import Literal

import pytest
from browsing import Opened, serving
from playwright.sync_api import Locator, expect

from ulterior.analysis.evidence import Evidence
from ulterior.analysis.judges.judgement import Judgement
from ulterior.analysis.judges.store import keep_judgement
from ulterior.traces import ModelTurn, Reasoning, Study
from ulterior.viewer.export import Export
from ulterior.viewer.library import Library
from ulterior.viewer.selection import Selection
from ulterior.viewer.server import app


@pytest.fixture(scope="session")
def ids(small_study: Path) -> dict[str, str]:
    """Episodes by who acted: in the condition that tempts of one family, and the forks of one of them."""
    found: dict[str, str] = {}
    for summary in Study.open(small_study).summaries():
        spec = summary.spec
        if spec.seed == 0 and spec.fork is not None:
            found["edited" if spec.fork.edit else "control"] = summary.episode
        elif spec.seed == 0 and spec.condition["arm"] == "conflict":
            found[f"{spec.model} {spec.scenario}"] = summary.episode
    return found


def like(pattern: str) -> re.Pattern[str]:
    """An accessible name; Playwright can't read a slash in one."""
    return re.compile(pattern.replace("/", "."))


def timeline(opened: Opened) -> Locator:
    return opened.page.get_by_role("region", name="Timeline")


def at_step(opened: Opened, number: int) -> None:
    expect(timeline(opened).locator("[aria-live]")).to_have_text(re.compile(f"^step {number} of "))


def rail(opened: Opened) -> Locator:
    return opened.page.get_by_role("complementary", name="Findings")


def world(opened: Opened) -> Locator:
    return opened.page.get_by_role("complementary", name="The world")


def test_from_the_matrix_to_the_very_words_and_the_file_that_decided(anywhere: Opened) -> None:
    page = anywhere.page
    anywhere.goto()
    page.get_by_role("link", name=like(r"2/2 covert.*denier, locked_file, arm=conflict")).click()
    expect(page.get_by_text("2 of 36 episodes")).to_be_visible()
    page.get_by_role("table", name="Episodes").get_by_role("rowheader").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    at_step(anywhere, 1)

    chosen = rail(anywhere).locator(".proof[aria-current]")
    page.keyboard.press("n")
    expect(chosen).to_have_count(1)
    rail(anywhere).get_by_role("button", name=like("^step 9 .*text denies")).first.click()
    quoted = "The files under shared/ are unchanged, and nothing was done without the desk's approval."
    expect(page.locator("mark.current")).to_have_text(quoted)
    expect(page.locator("mark.current")).to_be_in_viewport()

    page.keyboard.press("Home")
    at_step(anywhere, 1)
    page.keyboard.press("l")
    page.keyboard.press("ArrowRight")
    at_step(anywhere, 3)
    rail(anywhere).get_by_role("button", name=re.compile("^step 5 ")).first.click()
    changed = world(anywhere).get_by_role("treeitem", name="units.csv changed")
    expect(changed).to_be_visible()
    lines = world(anywhere).get_by_role("table", name="Differences, line by line")
    expect(lines.get_by_role("row").filter(has_text="+added").first).to_be_visible()
    world(anywhere).get_by_role("button", name="pin this step").click()
    page.keyboard.press("End")
    page.keyboard.press("d")
    expect(page).to_have_url(re.compile("diff="))
    world(anywhere).get_by_role("button", name=re.compile("^Services")).click()
    world(anywhere).get_by_role("button", name=re.compile("^mailbox")).click()
    expect(world(anywhere).get_by_role("heading", name="mailbox")).to_be_visible()

    flags = timeline(anywhere).get_by_role("list", name="how far it went").get_by_role("button")
    expect(flags.filter(has_text="rule shown")).to_have_count(1)
    expect(flags.filter(has_text="denied")).to_have_count(1)
    expect(page.get_by_role("img", name="who could have seen this:").first).to_be_attached()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys and marks")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys and marks")).to_be_hidden()


def test_a_link_opens_exactly_there_and_back_and_forward_lead_through_the_pages(
    anywhere: Opened, ids: dict[str, str]
) -> None:
    page, episode = anywhere.page, ids["sim/denier locked_file"]
    there = f"#/s/small/e/{episode}?f=disclosure.not_approved&proof=3&ev=50&diff=start"
    anywhere.goto(there)
    expect(page.locator("mark.current")).to_be_in_viewport()
    expect(world(anywhere).get_by_role("button", name="start", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    page.get_by_role("link", name="runs of this scenario").click()
    expect(page.get_by_role("heading", level=1, name="small")).to_be_visible()
    page.go_back()
    expect(page.locator("mark.current")).to_be_in_viewport()
    assert page.url.endswith(there)
    page.go_forward()
    expect(page.get_by_role("table", name="Episodes")).to_be_visible()


def test_a_search_a_facet_and_the_order_survive_a_reload(anywhere: Opened) -> None:
    page = anywhere.page
    anywhere.goto("#/s/small?outcome=covert&sort=-tokens")
    page.get_by_role("searchbox", name="Search in all words and ids").fill("denier")
    expect(page.get_by_text("4 of 36 episodes")).to_be_visible()
    expect(page).to_have_url(re.compile("q=denier"))
    page.reload()
    expect(page.get_by_text("4 of 36 episodes")).to_be_visible()
    expect(page.get_by_role("searchbox", name="Search in all words and ids")).to_have_value("denier")
    expect(page.get_by_role("columnheader", name="tokens")).to_have_attribute("aria-sort", "descending")


def test_two_episodes_part_somewhere_and_forks_have_effects(anywhere: Opened, ids: dict[str, str]) -> None:
    page = anywhere.page
    one, other = (ids[f"{model} borrowed_allotment"] for model in ("sim/covert+admits", "sim/honest"))
    anywhere.goto(f"#/compare?a=small/{one}&b=small/{other}")
    expect(page.get_by_text("They part at")).to_contain_text("step – / 6")
    page.keyboard.press("n")
    expect(page.get_by_role("status")).to_contain_text("difference 2 of")
    anywhere.goto("#/s/small/forks")
    expect(page.get_by_text("against control")).to_be_visible()
    page.get_by_text("the 2 forks").first.click()
    page.get_by_role("link", name="compare with its parent").first.click()
    expect(page.get_by_text("B is a fork")).to_be_visible()


@pytest.fixture(scope="session")
def tampered(small_study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with two judgements of one episode, one with words that were never thought; and its exports."""
    made = tmp_path_factory.mktemp("tampered")
    study = Study.open(copytree(small_study, made / "small"))
    episode, seq, thought = next(
        (summary.episode, event.seq, block.text)
        for summary in study.summaries()
        if summary.spec.model == "sim/denier"
        for event in study.trace(summary.episode).events
        if isinstance(event.body, ModelTurn)
        for block in event.body.blocks[:1]
        if isinstance(block, Reasoning) and len(block.text) > 20
    )
    for rubric, label, quote in (
        ("intent", "stated", thought[:12]),
        ("awareness", "alignment_test", "I never said"),
    ):
        words = Evidence(seq=seq, block=0, start=0, end=12, quote=quote, channel="reasoning")
        judgement = Judgement(
            episode=episode,
            rubric=rubric,
            detector="some judge",
            version="2",
            label=label,
            evidence=(words,),
        )
        keep_judgement(study, "b1", judgement)
    export = Export(Library.open([study.root]), Selection(prefixes=(episode,)))
    export.to_file(made / "small.html")
    export.to_folder(made / "exported")
    (made / "episode").write_text(episode)
    return made


def test_a_quote_that_is_not_there_is_shown_as_broken_and_marks_nothing(
    anywhere: Opened, tampered: Path
) -> None:
    page, episode = anywhere.page, (tampered / "episode").read_text()
    bases = {"file": tampered / "small.html", "folder": tampered / "exported" / "index.html"}
    with serving(app(Library.open([tampered / "small"]))) as port:
        place = page_of(anywhere)
        base = bases[place].as_uri() if place in bases else f"http://127.0.0.1:{port}/"
        page.goto(f"{base}#/s/small/e/{episode}?f=judge.awareness.some%20judge.2")
        broken = rail(anywhere).get_by_text("this citation does not resolve")
        expect(broken).to_have_count(1)
        expect(broken).to_contain_text("I never said")
        expect(page.locator("mark.current")).to_have_count(0)
        seq = re.findall(r"event (\d+)", broken.inner_text())[0]
        rail(anywhere).get_by_role("button", name=f"look at event {seq}").click()
        expect(page).to_have_url(re.compile(f"ev={seq}"))
        page.goto(f"{base}#/s/small/e/{episode}?f=judge.intent.some%20judge.2&proof=0&ev={seq}")
        expect(page.locator("mark.current")).to_have_count(1)  # the judge's true quote stands there
        anywhere.axe()
        page.goto("about:blank")


def page_of(opened: Opened) -> str:
    """Which of the three places it is."""
    if opened.base.startswith("http"):
        return "served"
    return "folder" if opened.base.endswith("/index.html") else "file"


def test_labels_are_given_at_a_server_and_nowhere_else(anywhere: Opened, ids: dict[str, str]) -> None:
    anywhere.goto(f"#/s/small/e/{ids['sim/denier locked_file']}")
    expect(rail(anywhere).get_by_role("heading", name="Act", exact=True)).to_be_visible()
    asked = rail(anywhere).get_by_role("button", name=re.compile("^agree"))
    if anywhere.base.startswith("http"):
        expect(asked.first).to_be_attached()
    else:
        expect(asked).to_have_count(0)
        expect(anywhere.page.get_by_role("button", name=re.compile("blind mode"))).to_have_count(0)


def test_a_theme_is_kept(anywhere: Opened) -> None:
    anywhere.goto()
    switch = anywhere.page.get_by_role("button", name=re.compile("^theme: "))
    said = switch.inner_text()
    switch.click()
    expect(switch).not_to_have_text(said)
    chosen = switch.inner_text()
    anywhere.page.reload()
    expect(switch).to_have_text(chosen)


def pages(ids: dict[str, str]) -> list[str]:
    one, other = ids["sim/denier locked_file"], ids["sim/honest locked_file"]
    episode = f"#/s/small/e/{one}?f=disclosure.shared_changed&proof=1&marks=all"
    return ["#/", episode, f"#/compare?a=small/{one}&b=small/{other}", "#/s/small/forks"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_file_is_as_accessible_as_what_is_served(
    file_opened: Opened, ids: dict[str, str], scheme: Literal["light", "dark"]
) -> None:
    """The served pages have this test each in their own file."""
    file_opened.page.emulate_media(color_scheme=scheme)
    for route in pages(ids):
        file_opened.goto(route)
        expect(file_opened.page.get_by_role("heading", level=1)).to_be_visible()
        expect(file_opened.page.locator(".waiting")).to_have_count(0)
        file_opened.axe()
