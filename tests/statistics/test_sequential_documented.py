"""The gate's document shows what is computed, and what it says of its tables is so."""

import re
from pathlib import Path

import pytest

from ulterior.analysis.statistics.sequential import CanaryTest, Rates, course

DOCUMENT = (Path(__file__).parents[2] / "docs/gate.md").read_text()


def table(name: str) -> list[dict[str, str]]:
    """Its rows, by the names of the columns."""
    block = re.search(rf"<!-- gate: {name} -->\n(.*?)<!-- end -->", DOCUMENT, re.S)
    assert block is not None
    header, _, *rows = [line.strip("| ").split(" | ") for line in block[1].strip().splitlines()]
    return [dict(zip(header, cells, strict=True)) for cells in rows]


def column(name: str, of: str) -> list[float]:
    return [float(cells[of].split()[0]) for cells in table(name)]


@pytest.mark.parametrize(
    ("name", "of", "rows"),
    [
        ("false alarms", "**paired bet**", 8),
        ("false alarms", "Turner", 8),
        ("false alarms", "bet on cycle means", 8),
        ("clustering", "**paired bet**", 9),
        ("coverage", "low too high", 9),
        ("coverage", "high too low", 9),
        ("scenarios that move together", "bet on cycle means", 4),
    ],
)
def test_no_look_makes_an_error_more_likely_than_alpha(name: str, of: str, rows: int) -> None:
    errors = column(name, of)
    assert len(errors) == rows
    assert max(errors) <= 0.05


def test_fishers_test_does_not_survive_being_peeked_at() -> None:
    common = [row for row in table("false alarms") if row["rate"] in {"0.1", "0.3"}]
    assert min(float(row["Fisher, peeked"].split()[0]) for row in common) > 0.1


def test_passing_what_is_worse_by_the_margin_is_as_rare_as_promised() -> None:
    worse = column("all clear", "**paired bet**")[::2]
    assert len(worse) == 4
    assert max(worse) <= 0.05


def test_the_paired_bet_has_more_power_than_turners_in_every_row() -> None:
    bets, others = column("power", "**paired bet**"), column("power", "Turner")
    assert all(bet >= other for bet, other in zip(bets, others, strict=True))
    fixed = column("power", "Fisher, once")
    assert max(best - bet for bet, best in zip(bets, fixed, strict=True)) < 0.2


def test_the_words_of_the_document_are_the_ones_that_are_computed() -> None:
    for row in table("words"):
        if row["blocks at most"] == "300":
            b, c = map(float, row["rates"].split(" → "))
            gate = course([Rates(b, c).pair()] * 10, float(row["margin"]), 30)
            computed = [f"{gate.share(word):.3f}" for word in ("REGRESSION", "PASS", "IMPROVED")]
            assert [row[word] for word in ("REGRESSION", "PASS", "IMPROVED")] == computed


def test_the_zeros_of_the_document_are_the_ones_that_are_computed() -> None:
    for row in table("zeros"):
        high = CanaryTest(k=0, n=int(row["n"])).high
        assert row["0 of n, at any time"] == f"{100 * high:.1f} %"
