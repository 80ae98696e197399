"""The shape in which every medium draws a table: plain strings, and numbers with their intervals."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ulterior.analysis.report.numbers import NO_DATA
from ulterior.analysis.report.numbers import rate as written
from ulterior.analysis.statistics import Rate

__all__ = ["Grid", "Measured", "Panel", "measured", "measured_rate", "with_rows"]


@dataclass(frozen=True)
class Measured:
    """An estimate with its interval, as words, and to be drawn on a scale from ``least`` to ``most``."""

    text: str
    low: float
    estimate: float
    high: float
    least: float = 0.0
    most: float = 1.0

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Grid:
    """A table. Columns whose number stands in ``numeric`` are set right."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | Measured, ...], ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Panel:
    """One question about a whole study: tables with what has to be said before and after them.

    ``id`` is the anchor of its section. A panel without rows has ``notes`` that say why.
    """

    id: str
    title: str
    lede: str
    grids: tuple[Grid, ...] = ()
    notes: tuple[str, ...] = ()


def measured_rate(rate: Rate) -> str | Measured:
    """``3/20 15 [3.2, 38]``, in per cent; a dash where there is no data."""
    if rate.estimate is None or rate.low is None or rate.high is None:
        return NO_DATA
    return Measured(written(rate), rate.low, rate.estimate, rate.high)


def measured(
    estimate: float | None,
    low: float | None,
    high: float | None,
    *,
    write: Callable[[float], str],
    scale: tuple[float, float] = (-1.0, 1.0),
) -> str | Measured:
    """Any estimate with its interval; a dash where there is no data."""
    if estimate is None or low is None or high is None:
        return NO_DATA
    text = f"{write(estimate)} [{write(low)}, {write(high)}]"
    return Measured(text, low, estimate, high, *scale)


def with_rows(grids: Iterable[Grid]) -> tuple[Grid, ...]:
    """Those that hold anything."""
    return tuple(grid for grid in grids if grid.rows)
