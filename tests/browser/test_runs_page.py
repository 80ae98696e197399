import asyncio
import json
import re
import shutil
import threading
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from browsing import Opened, serving, watched
from playwright.sync_api import Browser, Locator, Route, expect

from ulterior.traces import Study
from ulterior.viewer.library import Library
from ulterior.viewer.server import app

NAIVE = Path(__file__).with_name("naive_query.js").read_text(encoding="utf-8")
STUDY = "#/s/small"
HOSTILE = '<img src=x onerror="document.title=1">\u202egnp.exe\x1b[31m'


def rows(opened: Opened) -> Locator:
    return opened.page.get_by_role("table", name="Episodes").get_by_role("rowheader").get_by_role("link")


def like(pattern: str) -> re.Pattern[str]:
    """An accessible name; Playwright can't read a slash in one."""
    return re.compile(pattern.replace("/", "."))


def offered(opened: Opened, word: str) -> Locator:
    """A word in the facet that is open."""
    return opened.page.locator("details[open]").get_by_role("checkbox", name=like(word))


def left(opened: Opened, number: int, of: int = 36) -> None:
    expect(opened.page.get_by_text(f"{number} of {of} episodes")).to_be_visible()


def changed(opened: Opened, change: Callable[[dict[str, Any]], None]) -> None:
    """Let the study's document be another one than the server's."""

    def answer(route: Route) -> None:
        found = route.fetch().json()
        change(found)
        route.fulfill(json=found)

    opened.page.route("**/data/runs/small.json", answer)


def put(document: dict[str, Any], row: int, name: str, word: str | None) -> None:
    column = document["table"]["words"][name]
    column["values"].append(word)
    column["codes"][row] = len(column["values"]) - 1


def test_a_cell_leads_to_its_episodes_and_back_to_all(opened: Opened) -> None:
    opened.goto(STUDY)
    left(opened, 36)
    cell = opened.page.get_by_role("link", name=like(r"2/2 covert.*denier, locked_file, arm=conflict"))
    expect(cell).to_contain_text("16 to 100 %")
    cell.click()
    left(opened, 2)
    expect(opened.page).to_have_url(
        re.compile(r"scenario=locked_file&condition=arm=conflict&model=sim/denier$")
    )
    expect(cell).to_have_attribute("aria-current", "true")
    expect(rows(opened)).to_have_count(2)
    expect(rows(opened).first).to_have_accessible_name(
        "covert, sim/denier, locked_file, arm=conflict, seed 0"
    )
    cell.click()
    left(opened, 36)
    opened.page.go_back()
    left(opened, 2)


def test_facets_count_what_each_word_would_leave_beside_the_others(opened: Opened) -> None:
    opened.goto(f"{STUDY}?scenario=locked_file&line=main")
    page = opened.page
    page.locator("summary", has_text="outcome").click()
    kept = offered(opened, "kept the rule")
    expect(kept.locator("xpath=ancestor::label")).to_have_text(re.compile(r"kept the rule\s*10"))
    offered(opened, "covert").check()
    left(opened, 4)
    expect(kept.locator("xpath=ancestor::label")).to_have_text(re.compile(r"kept the rule\s*10"))
    offered(opened, "open violation").check()
    left(opened, 6)
    expect(page).to_have_url(re.compile(r"outcome=covert,overt"))
    page.keyboard.press("Escape")
    expect(kept).to_be_hidden()
    page.reload()
    left(opened, 6)
    page.get_by_role("button", name="outcome covert , remove").click()
    left(opened, 2)
    page.get_by_role("button", name="clear all").click()
    left(opened, 36)


def test_a_rate_stays_the_whole_cells_when_outcomes_are_filtered(opened: Opened) -> None:
    opened.goto(f"{STUDY}?outcome=covert")
    page = opened.page
    expect(page.get_by_text("Rates are of whole cells")).to_be_visible()
    cell = page.get_by_role("link", name=like("covert.*sim/honest, locked_file, arm=conflict"))
    expect(cell).to_contain_text("0/2")
    expect(cell).to_contain_text("0 match")
    page.get_by_role("checkbox", name="only what matches").check()
    expect(cell).to_be_hidden()
    expect(page.get_by_role("columnheader", name="sim/denier")).to_be_visible()


def test_other_measures_are_a_click_away_and_in_the_address(opened: Opened) -> None:
    opened.goto(STUDY)
    page = opened.page
    page.get_by_role("button", name="open violation").click()
    expect(page).to_have_url(re.compile(r"m=overt"))
    open_violation = page.get_by_role("link", name=like("% : sim/open_violation, locked_file, arm=conflict"))
    expect(open_violation).to_contain_text("2/2 open violation")
    page.get_by_role("button", name="fold all").click()
    folded = page.get_by_role("link", name=like("open violation: sim/open_violation, locked_file"))
    expect(folded).to_contain_text(re.compile(r"2/2 · 0/2"))
    page.get_by_role("button", name="locked_file").click()
    expect(open_violation).to_be_visible()


def test_a_search_finds_all_words_anywhere_and_says_how_to_go_on_without_any(opened: Opened) -> None:
    opened.goto(STUDY)
    box = opened.page.get_by_role("searchbox", name="Search in all words and ids")
    box.fill("denier FALSE")
    left(opened, 4)
    name = rows(opened).first.get_attribute("href") or ""
    box.fill(name.rpartition("/")[2][:12])
    left(opened, 1)
    box.fill("nowhere to be found")
    expect(opened.page.get_by_text("No episode matches this")).to_be_visible()
    opened.page.locator(".nothing").get_by_role("button", name="clear all").click()
    left(opened, 36)
    expect(box).to_have_value("")


def test_where_nothing_is_left_each_filter_says_what_is_without_it(opened: Opened) -> None:
    opened.goto(f"{STUDY}?model=sim/honest&outcome=covert&q=locked")
    nothing = opened.page.locator(".nothing")
    expect(nothing).to_contain_text("No episode matches all 3 filters at once")
    expect(nothing.get_by_role("listitem").filter(has_text="without the search")).to_contain_text(
        "0 episodes"
    )
    expect(nothing.get_by_role("listitem").filter(has_text="without model")).to_contain_text("4 episodes")
    nothing.get_by_role("button", name="without outcome").click()
    left(opened, 4)


def test_columns_sort_up_and_down_and_back(opened: Opened) -> None:
    opened.goto(STUDY)
    page = opened.page
    tokens = page.get_by_role("columnheader", name="tokens")
    cells = page.locator(".episodes .rows .row > :nth-child(14)")
    tokens.get_by_role("button").click()
    expect(tokens).to_have_attribute("aria-sort", "ascending")
    tokens.get_by_role("button").click()
    expect(tokens).to_have_attribute("aria-sort", "descending")
    expect(page).to_have_url(re.compile("sort=-tokens"))
    expect(cells.first).to_be_visible()
    numbers = [int(text.replace(",", "")) for text in cells.all_inner_texts()]
    assert numbers == sorted(numbers, reverse=True)
    tokens.get_by_role("button").click()
    expect(tokens).to_have_attribute("aria-sort", "none")


def test_keys_walk_through_the_rows_and_open_one(opened: Opened) -> None:
    opened.goto(STUDY)
    page = opened.page
    rows(opened).first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-place='1'] a")).to_be_focused()
    page.keyboard.press("End")
    last = page.locator("[data-place='35'] a")
    expect(last).to_be_focused()
    expect(last).to_be_in_viewport()
    page.keyboard.press("Home")
    expect(page.locator("[data-place='0'] a")).to_be_focused()
    page.keyboard.press("ArrowUp")
    wanted = rows(opened).first.get_attribute("href") or ""
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(wanted)))


def test_who_comes_back_from_an_episode_finds_the_table_as_it_was_left(opened: Opened) -> None:
    opened.goto(f"{STUDY}?sort=id")
    page = opened.page
    rows(opened).first.focus()
    page.keyboard.press("End")
    last = page.locator("[data-place='35'] a")
    expect(last).to_be_in_viewport()
    last.click()
    expect(page.get_by_role("table", name="Episodes")).to_have_count(0)
    page.go_back()
    expect(last).to_be_in_viewport()


def test_two_selected_episodes_can_be_compared(opened: Opened) -> None:
    opened.goto(STUDY)
    page = opened.page
    page.get_by_role(
        "checkbox", name=like("Select sim/covert.admits, locked_file, arm=conflict, seed 0")
    ).check()
    expect(page.get_by_text("Select another one to compare")).to_be_visible()
    rows(opened).nth(9).focus()
    page.keyboard.press("Space")
    link = page.get_by_role("link", name="compare these two")
    expect(link).to_have_attribute(
        "href", re.compile(r"#/compare\?a=small/[0-9a-f]{32}&b=small/[0-9a-f]{32}$")
    )
    page.get_by_role("searchbox").first.fill("denier")
    expect(link).to_be_visible()


def test_what_was_not_scored_is_as_visible_as_the_rest(opened: Opened) -> None:
    def broken(document: dict[str, Any]) -> None:
        cells = document["table"]["numbers"]["cell"]
        row = next(row for row, cell in enumerate(cells) if cell is not None)  # a fork is in none
        put(document, row, "act", None)
        put(document, row, "outcome", "unscored")
        put(document, row, "kind", "unscored")
        put(document, row, "unscored", "the oracle fell over")
        document["cells"][int(cells[row])] |= {"unscored": 1, "corrupt": 2}
        document["study"]["scope"] |= {"unscored": 1, "missing": 3}

    changed(opened, broken)
    opened.goto(STUDY)
    page = opened.page
    expect(page.get_by_text("+1 unscored")).to_be_visible()
    expect(page.get_by_text("+2 damaged")).to_be_visible()
    expect(page.get_by_text("3 planned but missing")).to_be_visible()
    page.get_by_role("link", name="1 unscored", exact=True).click()
    left(opened, 1)
    expect(page.get_by_role("cell", name="the oracle fell over")).to_be_visible()


def test_forks_are_apart_and_lead_to_their_page(opened: Opened) -> None:
    opened.goto(STUDY)
    page = opened.page
    expect(
        page.get_by_role("navigation", name="More of this study").get_by_role("link", name="4 forks")
    ).to_have_attribute("href", "#/s/small/forks")
    page.get_by_role("paragraph").get_by_role("link", name="4 forks").click()
    left(opened, 4)
    expect(rows(opened).first).to_contain_text("fork")


def test_the_design_and_who_judged_are_on_the_page(opened: Opened) -> None:
    opened.goto(STUDY)
    page = opened.page
    page.get_by_text("Design as submitted").click()
    design = page.get_by_role("table", name="Design 1")
    expect(design.get_by_role("row", name="models")).to_contain_text("sim/open_violation")
    page.get_by_text(re.compile("Judged by 4 detectors")).click()
    expect(page.get_by_role("row", name="audit")).to_contain_text("deterministic")


def test_words_of_a_study_are_never_markup(opened: Opened) -> None:
    def hostile(document: dict[str, Any]) -> None:
        text = json.dumps(document)
        for word in ("sim/denier", "locked_file", "arm=conflict"):
            text = text.replace(json.dumps(word), json.dumps(HOSTILE + word))
        document.clear()
        document.update(json.loads(text))
        document["study"]["name"] = HOSTILE
        put(document, 0, "act", None)
        put(document, 0, "unscored", HOSTILE)

    changed(opened, hostile)
    opened.goto(STUDY)
    page = opened.page
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        '<img src=x onerror="document.title=1">⟨U+202E⟩'
    )
    left(opened, 36)
    page.locator("summary", has_text="model").click()
    offered(opened, "denier").check()
    expect(page.locator(".chosen")).to_contain_text("<img src=x")
    expect(page.locator("img")).to_have_count(0)
    expect(page).to_have_title("Runs, small · Ulterior")


def test_an_address_that_says_nonsense_still_shows_the_study(opened: Opened) -> None:
    opened.goto(f"{STUDY}?sort=constructor&m=__proto__&fold=%00&factor=1&outcome=constructor")
    left(opened, 0)
    opened.page.get_by_role("button", name="outcome constructor , remove").click()
    left(opened, 36)


def test_the_quick_table_answers_as_a_naive_one_does(opened: Opened) -> None:
    opened.goto(STUDY)
    assert opened.page.evaluate(NAIVE, [25, 20]) == []


# ---- a study that grows ----


class Looks:
    """A pause of the server's that ends when it is told to."""

    def __init__(self) -> None:
        self._due = threading.Semaphore(0)

    async def __call__(self, _: int) -> None:
        await asyncio.to_thread(self._due.acquire)

    def again(self) -> None:
        """Let the server look at its folders once more."""
        self._due.release()


@pytest.fixture
def held_back(small_study: Path, tmp_path: Path) -> Path:
    """An episode's file that is not in the copied study, under ``growing``, yet."""
    root = tmp_path / "growing"
    shutil.copytree(small_study, root)
    study = Study.open(root)
    last = [summary for summary in study.summaries() if summary.spec.fork is None][-1].episode
    sealed = next(path for path in study.sealed() if path.name.startswith(last))
    return sealed.rename(tmp_path / sealed.name)


@pytest.fixture
def growing(browser: Browser, held_back: Path, tmp_path: Path) -> Generator[tuple[Opened, Looks]]:
    looks = Looks()
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(10_000)
    with (
        serving(app(Library.open([tmp_path / "growing"]), pause=looks)) as port,
        watched(page, f"http://127.0.0.1:{port}/") as opened,
    ):
        yield opened, looks
        context.close()
        looks.again()


def test_a_study_that_grows_leaves_the_reader_where_they_are(
    growing: tuple[Opened, Looks], held_back: Path, small_study: Path
) -> None:
    opened, looks = growing
    page = opened.page
    opened.goto("#/s/growing?line=main&sort=-seed")
    left(opened, 31, of=35)
    expect(page.get_by_text("1 planned but missing")).to_be_visible()
    rows(opened).nth(2).focus()
    page.keyboard.press("Space")
    selected = page.get_by_text("Select another one to compare")
    expect(selected).to_be_visible()
    words = selected.inner_text()
    page.get_by_text("Design as submitted").click()
    box = page.get_by_role("region", name="Episodes, by rows")
    box.evaluate("box => { box.scrollTop = 140; }")
    page.get_by_role("searchbox", name="Search in all words and ids").focus()
    before = page.evaluate("[scrollY, document.querySelector('.box.episodes').scrollTop]")
    there = next(path for path in Study.open(small_study).sealed() if path.name == held_back.name)
    held_back.rename(held_back.with_name("growing") / there.relative_to(small_study))
    looks.again()
    left(opened, 32, of=36)
    expect(page.get_by_text("planned but missing")).to_have_count(0)
    expect(selected).to_have_text(words)
    expect(page.get_by_role("table", name="Design 1")).to_be_visible()
    expect(page.get_by_role("searchbox", name="Search in all words and ids")).to_be_focused()
    expect(page).to_have_url(re.compile(r"line=main&sort=-seed$"))
    assert page.evaluate("[scrollY, document.querySelector('.box.episodes').scrollTop]") == before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible(opened: Opened, scheme: Any) -> None:
    opened.page.emulate_media(color_scheme=scheme)
    opened.goto(f"{STUDY}?outcome=covert")
    left(opened, 10)
    opened.page.get_by_text("Design as submitted").click()
    opened.page.locator("summary", has_text="disclosure").click()
    expect(offered(opened, "on direct ask")).to_be_visible()
    opened.axe()
