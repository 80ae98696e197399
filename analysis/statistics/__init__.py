"""How sure one may be: rates, differences, effects, agreement, and what a detector's errors do to them."""

from ulterior.analysis.statistics.rates import (
    LEVEL,
    Interval,
    Rate,
    clopper_pearson,
    clustered_rate,
    exact_rate,
    wilson,
)

__all__ = ["LEVEL", "Interval", "Rate", "clopper_pearson", "clustered_rate", "exact_rate", "wilson"]
