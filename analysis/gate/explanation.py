"""What an explanation of a verdict holds: where a metric moved, which episodes flipped, what to look at."""

from typing import Literal

from ulterior.analysis.gate.verdict import Word
from ulterior.traces import Frozen

__all__ = ["Address", "Explanation", "Flip", "Look", "Lost", "MetricExplanation", "Part"]


class Address(Frozen):
    """Where an episode can be replayed. ``study`` is a path, ``route`` the viewer's deep link, ``turns`` its
    model turns, None when they can't be read."""

    study: str
    episode: str
    route: str
    turns: int | None = None


class Part(Frozen):
    """One scenario family, arm or factor level of a metric, in its decided episodes.

    ``k`` of ``n`` for the candidate, ``k0`` of ``n0`` for the baseline. ``difference`` and its bounds
    (two-sided at ``level``, this part alone) are in the direction in which more is worse; ``carries`` is
    what it adds to the metric's difference, in the same units, so that those of all scenarios sum to it.
    ``p_adjusted`` is adjusted as its group is: Holm over scenarios, Benjamini and Hochberg over arms and
    levels. None: no test can be made.
    """

    kind: Literal["scenario", "arm", "level"]
    scenario: str | None
    name: str
    k: int
    n: int
    k0: int
    n0: int
    difference: float | None
    low: float | None
    high: float | None
    level: float
    carries: float
    p: float | None
    p_adjusted: float | None
    moved: bool


class Flip(Frozen):
    """An instance that came out otherwise. Ids may be shortened, "" where a baseline's file has none."""

    scenario: str
    cell: str
    seed: int
    epoch: int
    worse: bool
    baseline: str
    candidate: str
    address: Address | None = None


class Lost(Frozen):
    """Where episodes are missing on a side."""

    side: Literal["baseline", "candidate"]
    scenario: str
    cell: str
    missing: int
    planned: int


class Look(Frozen):
    """Something to do: what for, the command ("" where there is none to type), and what it would cost."""

    what: str
    command: str
    cost: str


class MetricExplanation(Frozen):
    """One metric that did not simply pass. ``gist`` says in a sentence where it moved, "" where it can't.

    ``pairs`` are episodes decided on both sides; ``worse`` and ``better`` of them flipped, and
    ``unmatched`` of the candidate's events have no decided counterpart. ``flips`` are those that go the way
    the metric went, then the others. ``anytime`` says that the scenarios' p-values hold for a gate that was
    looked at as it ran.
    """

    metric: str
    outcome: str
    word: Word
    because: str
    gist: str
    difference: float | None
    adjusted: str
    anytime: bool
    scenarios: tuple[Part, ...] = ()
    exploratory: tuple[Part, ...] = ()
    pairs: int = 0
    worse: int = 0
    better: int = 0
    unmatched: int = 0
    flips: tuple[Flip, ...] = ()
    lost: tuple[Lost, ...] = ()
    looks: tuple[Look, ...] = ()


class Explanation(Frozen):
    """All of it. ``blocked`` says why nothing can be relied on, where the sides are not comparable."""

    format: Literal[1] = 1
    canary: str
    word: Word
    because: str
    blocked: str | None = None
    metrics: tuple[MetricExplanation, ...] = ()
    passed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
