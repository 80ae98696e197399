"""Two studies, paired episode by episode."""

from typing import Literal

from pydantic import Field

from ulterior.analysis.flips import FlipKind
from ulterior.analysis.statistics.paired import Difference
from ulterior.traces import Frozen
from ulterior.viewer.documents.catalog import StudyListed

__all__ = ["Flip", "FlipCell", "FlipKind", "Flips"]


class Flip(Frozen):
    """One pair of episodes of the same scenario, condition, seed and epoch.

    ``reason`` says of an undecided pair which side is undecided and why: ``A: ...; B: ...``.
    """

    a: str
    b: str
    cell: int
    seed: int
    epoch: int
    kind: FlipKind
    reason: str | None = None


class FlipCell(Frozen):
    """The pairs of one scenario, condition and pair of models. ``difference`` is B minus A in covert action.

    ``purpose`` is what the condition is there for; ``counts`` holds every kind.
    """

    scenario: str
    label: str
    model_a: str
    model_b: str
    purpose: str | None = None
    counts: dict[FlipKind, int]
    difference: Difference


class Flips(Frozen):
    """Two studies paired. ``alone_a`` and ``alone_b`` count episodes without a counterpart, ``why_alone_a``
    and ``why_alone_b`` the same by reason. ``whole`` is over the decided pairs of all cells."""

    format: Literal[1] = 1
    a: StudyListed
    b: StudyListed
    models: tuple[tuple[str, str], ...]
    cells: tuple[FlipCell, ...]
    pairs: tuple[Flip, ...]
    counts: dict[FlipKind, int] = Field(default_factory=dict[FlipKind, int])
    whole: Difference
    alone_a: int
    alone_b: int
    why_alone_a: dict[str, int] = Field(default_factory=dict[str, int])
    why_alone_b: dict[str, int] = Field(default_factory=dict[str, int])
