"""The document's tables of coverage show what the document says of them."""

import re
from pathlib import Path

import pytest

DOCUMENT = (Path(__file__).parents[2] / "docs/statistics.md").read_text()


def coverages(table: str, column: str) -> list[float]:
    """The shares of intervals that held, in this column of a table of the document."""
    block = re.search(rf"<!-- coverage: {table} -->\n(.*?)<!-- end -->", DOCUMENT, re.S)
    assert block is not None
    header, _, *rows = [line.strip("| ").split(" | ") for line in block[1].strip().splitlines()]
    at = header.index(column)
    return [float(cells[at].split()[0]) for cells in rows if cells[at] != "–"]


@pytest.mark.parametrize(
    ("table", "column", "rows"),
    [
        ("scenarios like these", "**effective-n exact**", 18),
        ("this suite", "**effective-n exact**", 12),
        ("differences", "**Mantel-Haenszel**", 18),
        ("differences", "paired, exact bounds", 6),
        ("factor effects", "odds ratio held", 4),
        ("factor effects", "risk difference held", 4),
        ("correction", "**corrected**", 18),
        ("two-phase labels", "**two-phase**", 12),
        ("two-phase strata", "**two-phase**", 10),
        ("two-phase strata", "sensitivity", 10),
    ],
)
def test_the_intervals_of_reports_hold_what_they_promise(table: str, column: str, rows: int) -> None:
    held = coverages(table, column)
    assert len(held) == rows
    assert min(held) >= 0.925  # 0.95 less two and a half standard errors of the smallest simulation


def test_the_naive_intervals_beside_them_do_not() -> None:
    assert min(coverages("scenarios like these", "Wilson, iid")) < 0.6
    assert min(coverages("scenarios like these", "cluster bootstrap")) < 0.7
    assert min(coverages("two-phase strata", "prior alone")) < 0.7


def test_the_grid_is_the_one_that_was_promised() -> None:
    grid = {
        (icc, rate, clusters)
        for icc, rate, clusters in re.findall(r"^\| (0\.[03]) \| (0\.\d+) \| (\d+) \|", DOCUMENT, re.M)
    }
    assert grid >= {
        (icc, rate, clusters)
        for icc in ("0.0", "0.3")
        for rate in ("0.03", "0.1", "0.3")
        for clusters in ("8", "15", "30")
    }
