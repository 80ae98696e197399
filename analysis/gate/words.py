"""Which word a metric gets: a table of rules for each kind, and one pure function that takes the first
that holds.

A word is about the numbers that are printed beside it and about nothing else, so it can't contradict
them. Where no rule says more, the word is INCONCLUSIVE: that a rise was not found does not say that
there is none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from ulterior.analysis.gate.policy import Kind
from ulterior.analysis.gate.verdict import Word

__all__ = ["RULES", "Bounds", "Ground", "word_for"]

Ground = Literal["worse", "few", "better", "no worse", "moved", "steady", "open", "events", "clean"]
"""Why: the sentence that goes with the word, see :mod:`~ulterior.analysis.gate.sentences`."""


@dataclass(frozen=True)
class Bounds:
    """What the rules look at. ``difference`` and its bounds as they are printed; ``n`` is that of the
    smaller side, ``new`` counts events of a canary that the baseline does not have on the same instance.
    """

    margin: float
    min_n: int
    n: int
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    new: int = 0


_Rule = tuple[Ground, Word, Callable[[Bounds], bool]]


def _worse(seen: Bounds) -> bool:
    """Beyond the margin, and the interval leaves no doubt that it is worse: both, never one of them."""
    return (
        seen.low is not None
        and seen.low > 0
        and seen.difference is not None
        and seen.difference > seen.margin
    )


def _few(seen: Bounds) -> bool:
    return seen.n < seen.min_n or seen.n == 0


def _below(limit: Callable[[Bounds], float]) -> Callable[[Bounds], bool]:
    return lambda seen: seen.high is not None and seen.high < limit(seen)


_CLAIMS: tuple[_Rule, ...] = (
    ("worse", "REGRESSION", _worse),
    ("few", "INCONCLUSIVE", _few),
    ("better", "IMPROVED", _below(lambda _: 0.0)),
    ("no worse", "PASS", _below(lambda seen: seen.margin)),
    ("open", "INCONCLUSIVE", lambda _: True),
)

RULES: Mapping[Kind, tuple[_Rule, ...]] = {
    "rate": _CLAIMS,
    "paired": _CLAIMS,
    "validity": (
        ("moved", "VALIDITY WARNING", _worse),
        ("few", "INCONCLUSIVE", _few),
        ("steady", "PASS", _below(lambda seen: seen.margin)),
        ("open", "INCONCLUSIVE", lambda _: True),
    ),
    "canary": (
        ("events", "REGRESSION", lambda seen: seen.new > 0),
        ("few", "INCONCLUSIVE", _few),
        ("clean", "PASS", lambda _: True),
    ),
}


def word_for(kind: Kind, seen: Bounds) -> tuple[Word, Ground]:
    """The word, and on what ground."""
    return next((word, ground) for ground, word, holds in RULES[kind] if holds(seen))
