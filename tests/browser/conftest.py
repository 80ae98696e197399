"""A small study with forks, made once, and a page that looks at it.

These tests run in a pytest of their own (`make browser`): Playwright keeps an event loop running in its
thread, which tests that start one themselves can't stand. For the same reason studies are made by the command
line in a process of its own.
"""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browsing import Opened, chromium_path, launched, serving, watched
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from ulterior.traces import Study
from ulterior.viewer.export import Export
from ulterior.viewer.library import Library
from ulterior.viewer.server import app


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = chromium_path() is None and not os.environ.get("ULTERIOR_REQUIRE_CHROMIUM")
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if missing:
                item.add_marker(pytest.mark.skip(reason="no Chromium is installed"))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all worker processes of this run see."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def once(made: Path, make: Callable[[Path], object]) -> Path:
    """Something that is made by whichever worker comes first, under a name of its own."""
    done = made.with_name(f"{made.name}.made")
    with made.with_name(f"{made.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make(made)
            done.touch()
    return made


@pytest.fixture(scope="session")
def small_study(shared: Path) -> Path:
    """Two families, four planted agents, two instances, one fork experiment; made once for all workers."""
    return once(shared / "small", _make)


@pytest.fixture(scope="session")
def small_file(small_study: Path, shared: Path) -> Path:
    """The small study as one page."""
    return once(shared / "small.html", lambda made: Export(Library.open([small_study])).to_file(made))


@pytest.fixture(scope="session")
def small_folder(small_study: Path, shared: Path) -> Path:
    """The small study as a folder."""
    return once(shared / "exported", lambda made: Export(Library.open([small_study])).to_folder(made))


def _make(root: Path) -> None:
    models = ["sim/honest", "sim/covert+admits", "sim/denier", "sim/open_violation"]
    families = ["locked_file", "borrowed_allotment"]
    chosen = [*(f"--model={m}" for m in models), *(f"--scenario={s}" for s in families)]
    ulterior("run", *chosen, "--seeds", "2", "-o", str(root))
    parent = next(
        summary.episode
        for summary in Study.open(root).summaries()
        if (summary.spec.model, summary.spec.scenario, summary.spec.seed, summary.spec.condition["arm"])
        == ("sim/covert+admits", "borrowed_allotment", 0, "conflict")
    )
    edit = "factor:arm=enough"
    ulterior("fork", str(root), parent, "--at", "start", "--edit", edit, "-n", "2")


def ulterior(*arguments: str) -> None:
    """Run a command as users do."""
    subprocess.run([sys.executable, "-m", "ulterior.cli", *arguments], check=True, capture_output=True)


@pytest.fixture(scope="session")
def browser() -> Generator[Browser]:
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served(small_study: Path) -> Generator[str]:
    with serving(app(Library.open([small_study]))) as port:
        yield f"http://127.0.0.1:{port}/"


@pytest.fixture
def opened(browser: Browser, served: str) -> Generator[Opened]:
    """The served pages in a fresh browser context; any complaint of the browser's fails the test."""
    with _context(browser) as context, watched(_page(context), served) as seen:
        yield seen


@pytest.fixture
def file_opened(browser: Browser, small_file: Path) -> Generator[Opened]:
    """The same study as one page, opened from the disk without a network."""
    with _context(browser, offline=True) as context, watched(_page(context), small_file.as_uri()) as seen:
        yield seen


@pytest.fixture
def folder_opened(browser: Browser, small_folder: Path) -> Generator[Opened]:
    """The same study as a folder, opened from the disk without a network."""
    start = (small_folder / "index.html").as_uri()
    with _context(browser, offline=True) as context, watched(_page(context), start) as seen:
        yield seen


@pytest.fixture(params=["opened", "file_opened", "folder_opened"], ids=["served", "file", "folder"])
def anywhere(request: pytest.FixtureRequest) -> Opened:
    """Each of the three places in turn, for what must hold in all of them."""
    return request.getfixturevalue(request.param)


@contextmanager
def _context(browser: Browser, *, offline: bool = False) -> Generator[BrowserContext]:
    viewport: ViewportSize = {"width": 1280, "height": 900}
    context = browser.new_context(viewport=viewport, reduced_motion="reduce", offline=offline)
    try:
        yield context
    finally:
        context.close()


def _page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.set_default_timeout(10_000)
    return page
