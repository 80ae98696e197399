"""What a real browser makes of the server's safety and of its live updates."""

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from browsing import Opened, serving, watched
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from ulterior.traces import Study
from ulterior.viewer.library import Library
from ulterior.viewer.server import FRONT, app

FOLLOWING = """// @ts-check
import { html } from "../html.js";
import { useDocument } from "../loading.js";
import { useLive } from "../live.js";

export function RunsPage({ study, params }) {
  const version = useLive(study, params.only);
  const { found } = useDocument(`runs/${study}`, version);
  return html`<h1>${found ? `${found.table.n} episodes` : "none yet"}</h1><p>news: ${version}</p>`;
}
"""


def test_the_token_leaves_the_address_at_once_and_the_place_stays(opened: Opened) -> None:
    opened.goto("#token=abc-DEF_123/s/small")
    expect(opened.page).to_have_url(f"{opened.base}#/s/small")
    assert opened.page.evaluate("localStorage.getItem('ulterior-token')") == "abc-DEF_123"
    opened.goto("#token=another")
    expect(opened.page).to_have_url(f"{opened.base}#/")
    assert opened.page.evaluate("localStorage.getItem('ulterior-token')") == "another"
    assert "abc-DEF_123" not in opened.page.content()


def test_an_exposed_server_is_read_with_the_token_in_every_tab_and_not_without(
    browser: Browser, small_study: Path
) -> None:
    with serving(app(Library.open([small_study]), token="abc", exposed=True)) as port:
        base = f"http://127.0.0.1:{port}/"
        known, unknown = browser.new_context(), browser.new_context()
        for route in ("#token=abc/s/small", "#/s/small"):
            page = known.new_page()
            page.goto(base + route)
            expect(page.get_by_role("navigation").get_by_role("link", name="small")).to_be_visible()
        page = unknown.new_page()
        page.goto(base)
        expect(page.get_by_role("alert")).to_contain_text("this needs the token of the running server")
        known.close()
        unknown.close()


@pytest.fixture
def growing(small_study: Path, tmp_path: Path) -> Path:
    """A copy of the study without one of its episodes."""
    root = tmp_path / "growing"
    shutil.copytree(small_study, root)
    next(Study.open(root).sealed()).rename(tmp_path / "held back")
    return root


@pytest.fixture
def following(browser: Browser, growing: Path, tmp_path: Path) -> Generator[Opened]:
    """A page that shows nothing but that it follows a study."""
    front = tmp_path / "front"
    shutil.copytree(FRONT, front)
    (front / "runs" / "page.js").write_text(FOLLOWING)
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(10_000)
    with serving(app(Library.open([growing]), front=front)) as port:
        with watched(page, f"http://127.0.0.1:{port}/") as opened:
            yield opened
        context.close()


def test_a_page_shows_what_was_added_to_its_study_by_itself(
    following: Opened, growing: Path, small_study: Path, tmp_path: Path
) -> None:
    count = sum(1 for _ in Study.open(growing).sealed())
    following.goto("#/s/growing")
    page = following.page
    expect(page.get_by_role("heading", name=f"{count} episodes")).to_be_visible()
    expect(page.get_by_text("news: 0")).to_be_visible()
    missing = next(Study.open(small_study).sealed())
    (tmp_path / "held back").rename(growing / missing.relative_to(small_study))
    expect(page.get_by_role("heading", name=f"{count + 1} episodes")).to_be_visible()
    expect(page.get_by_text("news: 1")).to_be_visible()


def test_a_page_about_one_episode_is_not_told_of_others(
    following: Opened, growing: Path, small_study: Path, tmp_path: Path
) -> None:
    other = following.page.context.new_page()
    missing = next(Study.open(small_study).sealed())
    following.goto(f"#/s/growing?only={'0' * 32}")
    other.goto(f"{following.base}#/s/growing?only={missing.name.partition('.')[0]}")
    for page in (following.page, other):
        expect(page.get_by_text("news: 0")).to_be_visible()
    (tmp_path / "held back").rename(growing / missing.relative_to(small_study))
    expect(other.get_by_text("news: 1")).to_be_visible()
    expect(following.page.get_by_text("news: 0")).to_be_visible()


# ---- Pages of other sites ----

EVIL = """<!doctype html><title>another site</title><ul></ul><a href="BASE">a link to the viewer</a>
<iframe src="BASE"></iframe>
<script>
const say = (name, text) => document.querySelector("ul").append(
  Object.assign(document.createElement("li"), { textContent: name + ": " + text }));
const attempt = (name, make) => make().then((text) => say(name, "read " + text), () => say(name, "refused"));
const read = (how) => fetch("BASEdata/catalog.json", how).then((answer) => answer.type + answer.status);
attempt("reads", () => read({}));
const headers = { "content-type": "application/json" };
attempt("writes", () => fetch("BASElabels/small", { method: "POST", headers, body: "{}" }));
for (const [name, tag] of [["script", "script"], ["style", "link"], ["image", "img"]]) {
  attempt(name, () => new Promise((resolve, reject) => {
    const about = { onload: resolve, onerror: reject, rel: "stylesheet" };
    const element = Object.assign(document.createElement(tag), about);
    element[tag === "link" ? "href" : "src"] = tag === "link" ? "BASEstyle/base.css" : "BASEapp.js";
    document.head.append(element);
  }));
}
</script>"""


@pytest.fixture
def evil(browser: Browser, served: str) -> Generator[tuple[Page, int]]:
    """A page of another site, and the port that it is served on."""

    def page_of_theirs(_: Request) -> Response:
        return HTMLResponse(EVIL.replace("BASE", served))

    context = browser.new_context()
    with serving(Starlette(routes=[Route("/", page_of_theirs)])) as port:
        yield context.new_page(), port
        context.close()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_another_site_reads_and_writes_nothing_and_its_links_still_lead_here(
    evil: tuple[Page, int], served: str, name: str
) -> None:
    page, port = evil
    page.goto(f"http://{name}:{port}/")
    told = page.get_by_role("listitem")
    expect(told).to_have_count(5)
    assert sorted(told.all_inner_texts()) == [
        f"{what}: refused" for what in ("image", "reads", "script", "style", "writes")
    ]
    assert [frame.url for frame in page.frames if frame.url.startswith(served)] == []
    page.get_by_role("link", name="a link to the viewer").click()
    expect(page.get_by_role("link", name="Ulterior")).to_be_visible()
