"""What the simulations of benchmarks/coverage.py share: tallies, rows of tables, rates of clusters."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

__all__ = ["RATES", "Bounds", "Floats", "Tally", "cluster_rates", "header", "row", "tallied"]

RATES = (0.03, 0.1, 0.3)

Bounds = tuple[float | None, float | None]
Floats = NDArray[np.float64]


class Tally:
    """How often intervals held the truth, and how wide they were. One without bounds holds nothing."""

    def __init__(self) -> None:
        self.held = self.width = self.number = 0.0

    def add(self, bounds: Bounds, truth: float) -> None:
        low, high = bounds
        self.number += 1
        if low is not None and high is not None:
            self.held += low <= truth <= high
            self.width += high - low

    def cell(self) -> str:
        return f"{self.held / self.number:.3f} ({self.width / self.number:.2f})"


def row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def header(*names: str) -> list[str]:
    return [row(*names), row(*["---:"] * len(names))]


def tallied(names: Iterable[str]) -> dict[str, Tally]:
    return {name: Tally() for name in names}


def cluster_rates(dice: np.random.Generator, mean: float, icc: float, shape: tuple[int, ...]) -> Floats:
    """Rates of clusters whose outcomes correlate by ``icc``: beta distributed."""
    if icc == 0:
        return np.full(shape, mean)
    size = 1 / icc - 1
    return dice.beta(mean * size, (1 - mean) * size, shape)
