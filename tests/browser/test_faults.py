"""What goes wrong while somebody looks: it is told in a sentence, and what was known stays."""

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from browsing import Opened, serving, watched
from playwright.sync_api import Browser, expect

from ulterior.traces import Study
from ulterior.viewer.library import Library
from ulterior.viewer.server import app


@pytest.fixture
def root(small_study: Path, tmp_path: Path) -> Path:
    """A copy of the study, to be spoilt."""
    return shutil.copytree(small_study, tmp_path / "small")


@pytest.fixture
def blank(browser: Browser) -> Generator[Opened]:
    """A page at nothing yet."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(15_000)
    with watched(page, "") as opened:
        yield opened
    context.close()


def test_a_server_that_was_stopped_is_told_and_its_return_is_noticed(blank: Opened, root: Path) -> None:
    page = blank.page
    told = page.get_by_text("The server does not answer")
    application = app(Library.open([root]))
    with serving(application) as port, page.expect_response("**/live/**"):
        page.goto(f"http://127.0.0.1:{port}/")
        expect(page.get_by_text("36 of 36 episodes")).to_be_visible()
        expect(told).to_have_count(0)
        application.close()
    expect(told).to_be_visible()
    expect(page.get_by_text("36 of 36 episodes")).to_be_visible()
    page.get_by_role("table", name="Episodes").get_by_role("rowheader").get_by_role("link").first.click()
    expect(page.get_by_role("alert")).to_contain_text(
        "The server does not answer. Start `ulterior view` again"
    )
    page.go_back()
    expect(page.get_by_text("36 of 36 episodes")).to_be_visible()
    with serving(app(Library.open([root])), port):
        expect(told).to_have_count(0)
        page.get_by_role("table", name="Episodes").get_by_role("rowheader").get_by_role("link").first.click()
        expect(page.get_by_role("region", name="Timeline")).to_be_visible()
        page.goto("about:blank")
    blank.complaints.clear()  # the browser's own words about a server that isn't there


def test_a_study_that_is_taken_away_leaves_what_was_counted_and_says_what_cannot_be_read(
    blank: Opened, root: Path
) -> None:
    page = blank.page
    with serving(app(Library.open([root]))) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        expect(page.get_by_text("36 of 36 episodes")).to_be_visible()
        shutil.rmtree(root)
        page.get_by_role("table", name="Episodes").get_by_role("rowheader").get_by_role("link").first.click()
        expect(page.locator(".failure")).to_be_visible()
        expect(page.locator(".failure")).not_to_contain_text("a bug of ours")
        page.go_back()
        expect(page.get_by_text("36 of 36 episodes")).to_be_visible()
        page.goto("about:blank")
    blank.complaints.clear()


def test_a_trace_that_is_damaged_meanwhile_is_shown_as_far_as_it_goes(blank: Opened, root: Path) -> None:
    page = blank.page
    sealed = next(Study.open(root).sealed())
    with serving(app(Library.open([root]))) as port:
        page.goto(f"http://127.0.0.1:{port}/")
        expect(page.get_by_text("36 of 36 episodes")).to_be_visible()
        whole = sealed.read_bytes()
        sealed.chmod(0o644)
        sealed.write_bytes(whole[: len(whole) // 2])
        page.goto(f"http://127.0.0.1:{port}/#/s/small/e/{sealed.name.partition('.')[0]}")
        expect(page.get_by_role("main")).to_contain_text("ends early")
        page.goto("about:blank")
    blank.complaints.clear()


def test_a_browser_that_is_too_old_for_an_export_is_told(file_opened: Opened) -> None:
    file_opened.page.add_init_script("delete window.DecompressionStream")
    file_opened.goto()
    expect(file_opened.page.get_by_role("alert")).to_contain_text("This browser is too old")


def test_an_export_that_was_cut_off_is_told(blank: Opened, small_file: Path, tmp_path: Path) -> None:
    page = blank.page
    text = small_file.read_text("utf-8")
    at = text.index('data-document="runs/')
    at = text.index(">", at) + 200
    (tmp_path / "cut.html").write_text(text[:at] + text[at + 400 :], "utf-8")
    page.goto((tmp_path / "cut.html").as_uri())
    expect(page.get_by_role("alert")).to_contain_text("What is stored here is damaged")
