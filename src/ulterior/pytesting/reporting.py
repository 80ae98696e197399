"""What pytest prints besides: a section at the end, and only where the plugin was used.

Under xdist the tests run elsewhere, so that what is to be printed travels with their reports.
"""

from typing import Any, cast

import pytest

__all__ = ["LINES", "Reporter", "attach"]

LINES = pytest.StashKey[list[str]]()
"""What an item has to add to the section."""

_NAME = "ulterior"


def attach(item: pytest.Item, report: pytest.TestReport) -> None:
    """Lets a report carry what its item has to add."""
    lines = item.stash.get(LINES, None)
    if lines and (report.when == "call" or report.failed):
        setattr(report, _NAME, list(lines))


class Reporter:
    """Gathers what reports bring, each text once, and prints it: in the process that prints."""

    def __init__(self) -> None:
        self._texts: dict[str, None] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Whichever process ran the test."""
        texts = cast("Any", getattr(report, _NAME, None))
        if isinstance(texts, list):
            self._texts.update(dict.fromkeys(cast("list[str]", texts)))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """The section at the end; nothing where nothing was brought."""
        if self._texts:
            terminalreporter.section("ulterior")
            for place, text in enumerate(self._texts):
                if place and "\n" in text:
                    terminalreporter.line("")
                for line in text.splitlines():
                    terminalreporter.line(line)
