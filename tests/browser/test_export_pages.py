"""The same pages from a server, from one file and from a folder."""

import functools
import http.server
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Literal

import pytest
from browsing import Opened, watched
from playwright.sync_api import Browser, Page, expect

from ulterior.traces import Study


def first_of(study: Path) -> str:
    """The id of some episode."""
    return next(Study.open(study).sealed()).name.partition(".")[0]


def where(page: Page) -> str:
    return page.evaluate("document.querySelector('meta[name=ulterior-where]')?.content ?? 'server'")


def heading(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_the_runs_are_there_wherever_the_pages_are(anywhere: Opened) -> None:
    anywhere.goto()
    expect(anywhere.page.get_by_role("navigation").get_by_role("link", name="small")).to_be_visible()
    heading(anywhere.page)


def test_a_link_to_an_event_opens_it_wherever_the_pages_are(anywhere: Opened, small_study: Path) -> None:
    episode = first_of(small_study)
    anywhere.goto(f"#/s/small/e/{episode}?ev=7")
    expect(anywhere.page.get_by_role("navigation").get_by_text(episode[:12])).to_be_visible()
    heading(anywhere.page)
    assert "ev=7" in anywhere.page.url


def test_every_place_knows_which_it_is(opened: Opened, file_opened: Opened, folder_opened: Opened) -> None:
    places = [opened, file_opened, folder_opened]
    for place in places:
        place.goto()
        heading(place.page)
    assert [where(place.page) for place in places] == ["server", "file", "folder"]


def test_a_file_asks_for_nothing_but_itself(browser: Browser, small_file: Path, small_study: Path) -> None:
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    with watched(page, small_file.as_uri()) as opened:
        opened.goto(f"#/s/small/e/{first_of(small_study)}")
        heading(page)
    assert {url.partition("#")[0].partition(",")[0] for url in asked} <= {small_file.as_uri(), "data:"}
    page.close()


def test_a_file_runs_no_script_but_its_own(file_opened: Opened) -> None:
    file_opened.goto()
    heading(file_opened.page)
    ran = file_opened.page.evaluate(
        """async () => {
            const put = (tag, given) => {
                const made = Object.assign(document.createElement(tag), given);
                const failed = new Promise((done) => made.addEventListener("error", done));
                document.body.append(made);
                return failed;
            };
            put("script", { textContent: "window.ran = 1" });
            const image = put("img", { src: "data:," });
            document.body.lastChild.setAttribute("onerror", "window.ran = 2");
            await Promise.all([image, put("script", { src: "data:text/javascript,window.ran=3" })]);
            return window.ran ?? 0;
        }"""
    )
    assert ran == 0
    refused = [each for each in file_opened.complaints if "policy violation" in each]
    assert len(refused) == 3
    file_opened.complaints.clear()


@pytest.fixture
def hosted(small_folder: Path) -> Generator[str]:
    """The folder on a plain web server, which knows no ranges and sends no policy."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002  (its name in the library)

    handler = functools.partial(Quiet, directory=str(small_folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_folder_opens_from_any_web_server(browser: Browser, hosted: str, small_study: Path) -> None:
    page = browser.new_page()
    with watched(page, hosted) as opened:
        opened.goto(f"#/s/small/e/{first_of(small_study)}")
        heading(page)
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_exported_page_is_as_accessible_as_a_served_one(
    file_opened: Opened, scheme: Literal["light", "dark"]
) -> None:
    file_opened.page.emulate_media(color_scheme=scheme)
    file_opened.goto()
    heading(file_opened.page)
    file_opened.axe()
