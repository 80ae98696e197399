"""Pages in a real browser: what every browser test shares."""

import json
import os
import shutil
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright
from starlette.types import ASGIApp

__all__ = ["Opened", "chromium_path", "launched", "serving", "watched"]

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def chromium_path() -> str | None:
    """Where Chromium is installed, if it is."""
    chosen = os.environ.get("ULTERIOR_CHROMIUM")
    return chosen or shutil.which("chromium") or shutil.which("chromium-browser")


def launched(playwright: Playwright) -> Browser:
    """A fresh browser without a network of its own."""
    return playwright.chromium.launch(
        executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    )


@dataclass
class Opened:
    """A place where the pages are, and what went wrong while they were looked at."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list[str])

    def goto(self, route: str = "") -> None:
        """Go to a route such as ``#/s/demo``, as a reader would who follows a link."""
        self.page.goto(self.base + route)

    def axe(self) -> None:
        """Fail on anything that axe-core finds fault with."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})"
            ".then(r => r.violations.map(v => [v.id, v.help, v.nodes.slice(0, 3).map(n => n.html)]))"
        )
        assert found == [], json.dumps(found, indent=2)


@contextmanager
def watched(page: Page, base: str) -> Generator[Opened]:
    """A page whose errors, warnings and policy violations fail the test that looks at it."""
    opened = Opened(page, base)

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            opened.complaints.append(f"{message.type}: {message.text}")

    page.on("console", heard)
    page.on("pageerror", lambda error: opened.complaints.append(f"page error: {error}"))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', e =>"
        " console.error('policy violation', e.violatedDirective, e.blockedURI, e.sourceFile, e.lineNumber))"
    )
    yield opened
    assert opened.complaints == []


@contextmanager
def serving(app: ASGIApp, port: int = 0) -> Generator[int]:
    """An application on a free port of this machine, or on a certain one, until the end of the block."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="on"))
    listening = socket.create_server(("127.0.0.1", port))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)
