"""p-values of many questions, adjusted. A question that was not tested (None) stays None and counts as
none.

Holm (1979, Scand. J. Stat. 6) bounds the chance of a single false positive among all: for the few
comparisons that a study was made for. Benjamini and Hochberg (1995, JRSS B 57) bounds the expected
share of false positives among the positives: for tables that are looked through.

Holm's is written out here: the one of statsmodels collects garbage at every call, which takes longer than all
the rest of a report's statistics.
"""

from collections.abc import Callable, Sequence

from ulterior.analysis.statistics.libraries import false_discovery_rates

__all__ = ["benjamini_hochberg", "holm"]


def holm(p: Sequence[float | None]) -> tuple[float | None, ...]:
    """Adjusted p-values in the order given. Raises ``ValueError`` when one is no probability."""
    return _adjusted(p, _step_down)


def benjamini_hochberg(p: Sequence[float | None]) -> tuple[float | None, ...]:
    """Adjusted p-values (q-values) in the order given. Raises ``ValueError`` when one is no probability."""
    return _adjusted(p, false_discovery_rates)


def _adjusted(
    p: Sequence[float | None], adjust: Callable[[Sequence[float]], list[float]]
) -> tuple[float | None, ...]:
    tested = [value for value in p if value is not None]
    if any(not 0 <= value <= 1 for value in tested):
        raise ValueError(f"no probabilities: {tested}")
    results = iter(adjust(tested) if tested else ())
    return tuple(None if value is None else next(results) for value in p)


def _step_down(p: Sequence[float]) -> list[float]:
    """The i-th smallest of n times n - i + 1, and never below an adjusted smaller one."""
    adjusted, highest = [0.0] * len(p), 0.0
    for rank, at in enumerate(sorted(range(len(p)), key=p.__getitem__)):
        highest = adjusted[at] = max(highest, min(1.0, (len(p) - rank) * p[at]))
    return adjusted
