"""p-values of many questions, adjusted. A question that was not tested (None) stays None and counts as
none.

Holm (1979, Scand. J. Stat. 6) bounds the chance of a single false positive among all: for the few
comparisons that a study was made for. Benjamini and Hochberg (1995, JRSS B 57) bounds the expected
share of false positives among the positives: for tables that are looked through.
"""

from collections.abc import Sequence
from typing import Literal

from ulterior.analysis.statistics.libraries import adjusted

__all__ = ["benjamini_hochberg", "holm"]


def holm(p: Sequence[float | None]) -> tuple[float | None, ...]:
    """Adjusted p-values in the order given. Raises ``ValueError`` when one is no probability."""
    return _adjusted(p, "holm")


def benjamini_hochberg(p: Sequence[float | None]) -> tuple[float | None, ...]:
    """Adjusted p-values (q-values) in the order given. Raises ``ValueError`` when one is no
    probability.
    """
    return _adjusted(p, "fdr_bh")


def _adjusted(p: Sequence[float | None], method: Literal["holm", "fdr_bh"]) -> tuple[float | None, ...]:
    tested = [value for value in p if value is not None]
    if any(not 0 <= value <= 1 for value in tested):
        raise ValueError(f"no probabilities: {tested}")
    results = iter(adjusted(tested, method) if tested else ())
    return tuple(None if value is None else next(results) for value in p)
