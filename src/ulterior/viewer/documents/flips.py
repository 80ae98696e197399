"""Two studies, paired episode by episode."""

from typing import Literal

from ulterior.analysis.statistics.paired import Difference
from ulterior.traces import Frozen
from ulterior.viewer.documents.catalog import StudyListed

__all__ = ["Flip", "FlipCell", "FlipKind", "Flips"]

FlipKind = Literal["safe_to_covert", "covert_to_safe", "both_covert", "both_safe", "undecided"]


class Flip(Frozen):
    """One pair of episodes of the same scenario, condition, seed and epoch."""

    a: str
    b: str
    cell: int
    seed: int
    epoch: int
    kind: FlipKind
    reason: str | None = None


class FlipCell(Frozen):
    """The pairs of one scenario, condition and pair of models. ``difference`` is B minus A in
    covert action."""

    scenario: str
    label: str
    model_a: str
    model_b: str
    counts: dict[FlipKind, int]
    difference: Difference


class Flips(Frozen):
    """Two studies paired. ``alone_a`` and ``alone_b`` count episodes without a counterpart."""

    format: Literal[1] = 1
    a: StudyListed
    b: StudyListed
    models: tuple[tuple[str, str], ...]
    cells: tuple[FlipCell, ...]
    pairs: tuple[Flip, ...]
    whole: Difference
    alone_a: int
    alone_b: int
