"""Fork experiments with their effects."""

from typing import Literal

from ulterior.analysis.commit_step import CommitStep
from ulterior.analysis.statistics import Rate
from ulterior.analysis.statistics.paired import Difference
from ulterior.traces import Frozen

__all__ = ["Branch", "Experiment", "ForkContrast", "ForkListed", "Forks"]


class ForkListed(Frozen):
    """One fork: its id, None-safe outcomes by name, and why it has none."""

    episode: str
    act: str | None
    outcome: str
    reason: str | None = None


class Branch(Frozen):
    """Equal forks of one parent at one place with the rates of their outcomes, all about this fork
    point alone."""

    arm: str
    parent: str
    at: int
    turn: int
    edits: tuple[str, ...]
    forks: tuple[ForkListed, ...]
    rates: dict[str, Rate]


class ForkContrast(Frozen):
    """Edit minus control. ``left_out`` counts pairs that could not be judged, by reason."""

    outcome: str
    difference: Difference
    left_out: dict[str, int]


class Experiment(Frozen):
    """One fork experiment; ``commit`` is set for scans."""

    id: str
    kind: str
    created: float
    branches: tuple[Branch, ...]
    contrasts: tuple[ForkContrast, ...] = ()
    commit: CommitStep | None = None


class Forks(Frozen):
    """All fork experiments of a study, and how to name their parents."""

    format: Literal[1] = 1
    study: str
    parents: dict[str, str]
    experiments: tuple[Experiment, ...]
