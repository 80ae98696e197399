"""A small study with forks, made once, and a page that looks at it.

These tests run in a pytest of their own (`make browser`): Playwright keeps an event loop running in its
thread, which tests that start one themselves can't stand. For the same reason studies are made by the command
line in a process of its own.
"""

import fcntl
import os
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from browsing import Opened, chromium_path, launched, serving, watched
from playwright.sync_api import Browser, sync_playwright

from ulterior.traces import Study
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
def small_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two families, four planted agents, two instances, one fork experiment; made once for all workers."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    root = shared / "small"
    with (shared / "small.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "made").exists():
            _make(root)
            (root / "made").touch()
    return root


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
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(10_000)
    with watched(page, served) as seen:
        yield seen
    context.close()
