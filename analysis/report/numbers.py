"""How numbers are written, alike in every medium: percentages, rates, counts, money, dates."""

from collections.abc import Mapping
from datetime import UTC, datetime

from ulterior.analysis.report.model import ModelRow
from ulterior.analysis.statistics import Rate

__all__ = [
    "NO_DATA",
    "counts",
    "day",
    "interval",
    "money",
    "p_value",
    "percent",
    "rate",
    "signed_percent",
    "thousands",
]

NO_DATA = "–"


def percent(share: float) -> str:
    """A proportion in per cent, without its sign: ``15``, ``3.2``; only 0 is written 0, only 1 is 100."""
    if share in (0.0, 1.0):
        return f"{100 * share:.0f}"
    if 0.1 <= share <= 0.99:
        return f"{100 * share:.0f}"
    return f"{min(max(100 * share, 0.1), 99.9):.1f}"


def signed_percent(difference: float) -> str:
    """A difference of proportions in percentage points, with its sign: ``+15``, ``-3.2``, ``0``."""
    points = 100 * difference
    return "0" if abs(points) < 0.05 else f"{points:+.0f}" if abs(points) >= 10 else f"{points:+.1f}"


def p_value(value: float | None) -> str:
    """``0.031``, or that it is below what three digits show; a dash where nothing was tested."""
    if value is None:
        return NO_DATA
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def rate(value: Rate) -> str:
    """``3/20 15 [3.2, 38]``, in per cent; a dash where there is no data."""
    if value.estimate is None:
        return NO_DATA
    return f"{value.k}/{value.n} {percent(value.estimate)} {interval(value)}"


def interval(value: Rate) -> str:
    """``[3.2, 38]``, in per cent."""
    if value.low is None or value.high is None:
        return ""
    return f"[{percent(value.low)}, {percent(value.high)}]"


def counts(values: Mapping[str, int], words: Mapping[str, str] | None = None) -> str:
    """``12 none, 8 violated``; a dash where there is nothing to count."""
    words = words or {}
    return ", ".join(f"{n} {words.get(name, name)}" for name, n in values.items()) or NO_DATA


def thousands(number: int) -> str:
    """``12,345``."""
    return f"{number:,}"


def money(row: ModelRow) -> str:
    """What a model cost, with what is unknown said."""
    if row.cost is None:
        return "unknown"
    spent = f"${row.cost:.2f}"
    return f"{spent} + {row.unpriced} unknown" if row.unpriced else spent


def day(at: float | None) -> str:
    """A date and minute in UTC."""
    return NO_DATA if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
