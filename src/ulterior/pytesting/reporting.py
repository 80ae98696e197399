"""What pytest prints besides: a section at the end, and only where the plugin was used. In a step of a GitHub
job it is added to the step's summary, too.

Under xdist the tests run elsewhere, so that what is to be printed travels with their reports.
"""

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import pytest

__all__ = ["LINES", "Reporter", "attach", "plainly"]

LINES = pytest.StashKey[list[str]]()
"""What an item has to add to the section."""

_NAME = "ulterior"
_MOST = 200_000
"""Characters of a summary: GitHub drops one that is too long."""


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
        if not self._texts:
            return
        from ulterior.analysis.visible import visible

        texts = [visible(text) for text in self._texts]
        terminalreporter.section("ulterior")
        for place, text in enumerate(texts):
            if place and "\n" in text:
                terminalreporter.line("")
            for line in text.splitlines():
                terminalreporter.line(line)
        _summarise(texts)


def plainly(error: Exception) -> str:
    """What an error says, safe to print."""
    from ulterior.analysis.visible import plainly

    return plainly(error)


def _summarise(texts: Iterable[str]) -> None:
    """As a block of code that nothing in it can close. Whatever goes wrong with it changes no test."""
    place = os.environ.get("GITHUB_STEP_SUMMARY")
    if place:
        text = "\n\n".join(texts)[:_MOST]
        fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`+", text))])
        with suppress(OSError, ValueError), Path(place).open("a", encoding="utf-8") as file:
            file.write(f"## ulterior\n\n{fence}text\n{text}\n{fence}\n")
