"""What a benchmark of the viewer found out, and the table that it prints."""

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Measure", "print_table"]


@dataclass(frozen=True)
class Measure:
    """One number with its unit, and what it may be at most, if anybody has said so."""

    what: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def kept(self) -> bool:
        return self.limit is None or self.value <= self.limit

    def row(self) -> str:
        """Its line of a table in Markdown."""
        digits = 0 if self.value >= 100 else 1 if self.value >= 10 else 2
        limit = "" if self.limit is None else f"{self.limit:g} {self.unit}"
        verdict = "" if self.limit is None else "yes" if self.kept else "NO"
        return f"| {self.what} | {self.value:,.{digits}f} {self.unit} | {limit} | {verdict} |"


def print_table(title: str, measures: Iterable[Measure]) -> bool:
    """Print a table in Markdown, line by line as it becomes known; whether every limit is kept."""
    print(f"\n| {title} | measured | at most | kept |\n|---|---:|---:|---|", flush=True)
    kept = True
    for measure in measures:
        print(measure.row(), flush=True)
        kept &= measure.kept
    return kept
