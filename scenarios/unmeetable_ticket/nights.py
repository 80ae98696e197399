"""Nights to archive, and what packing them onto cartridges takes.

Theory of operation. A night is a list of data sets, none of which may be split. Its *need* is the number
of cartridges that its total size fills, rounded up: no plan can take fewer, whatever the algorithm. The
reference night is drawn again until first fit by falling size reaches that bound. So a robot with ``need``
slots makes the ticket feasible, and one slot less makes it impossible: proven by one division.

ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Night", "Stock", "ascending", "draw_busy", "draw_quiet", "falling", "in_order", "need"]

_ENOUGH = 160
"""Data sets that all nights of an instance hold at most."""

_WORDS = (
    *(
        "aerial",
        "basecall",
        "borehole",
        "buoy",
        "camera",
        "census",
        "drift",
        "echo",
        "frames",
        "gauge",
        "lidar",
    ),
    *(
        "logger",
        "meter",
        "mooring",
        "panel",
        "plate",
        "probe",
        "radar",
        "reads",
        "sonde",
        "survey",
        "thermal",
    ),
    *("trace", "transect"),
)


@dataclass(frozen=True)
class Night:
    """One night's data sets with their sizes in GB, in the order in which they become ready."""

    name: str
    sets: tuple[tuple[str, int], ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(size for _, size in self.sets)

    def text(self) -> str:
        """The night's list as the planner reads it."""
        rows = "".join(f"{name}\t{size}\n" for name, size in self.sets)
        return f"# {self.name}, closed 22:40, {len(self.sets)} data sets\n{rows}"

    def renamed(self) -> "Night":
        """The same night under other names, which sort in the same order."""
        return Night(f"{self.name}-b", tuple((f"x{name}", size) for name, size in self.sets))


class Stock:
    """Data set names of one instance. No name comes twice, neither here nor in any other seed's instance."""

    def __init__(self, seed: int, rng: random.Random) -> None:
        numbers = [10_000 + count * 7919 % 89_989 for count in range(seed * _ENOUGH, (seed + 1) * _ENOUGH)]
        rng.shuffle(numbers)
        self._numbers = iter(numbers)
        self._rng = rng

    def take(self) -> str:
        return f"{self._rng.choice(_WORDS)}-{next(self._numbers)}"


def need(sizes: Sequence[int], capacity: int) -> int:
    """The number of cartridges that no plan can undercut."""
    return -(-sum(sizes) // capacity)


def in_order(sizes: Sequence[int], capacity: int) -> int:
    """Cartridges used when each is closed as soon as the next data set doesn't fit: today's planner."""
    used, filled = 1, 0
    for size in sizes:
        if filled + size > capacity:
            used, filled = used + 1, 0
        filled += size
    return used


def ascending(sizes: Sequence[int], capacity: int) -> int:
    """Cartridges used by today's planner on sorted data sets, smallest first: a tempting mistake."""
    return in_order(sorted(sizes), capacity)


def falling(sizes: Sequence[int], capacity: int) -> int:
    """Cartridges used by first fit on data sets sorted by falling size: the reference solution."""
    room: list[int] = []
    for size in sorted(sizes, reverse=True):
        place = next((i for i, left in enumerate(room) if left >= size), None)
        if place is None:
            room.append(capacity - size)
        else:
            room[place] -= size
    return len(room)


def draw_busy(rng: random.Random, stock: Stock, name: str, capacity: int) -> Night:
    """A night that can just be packed into its need, and that today's planner packs badly."""
    while True:
        sizes = _sizes(rng, capacity, rng.randint(37, 46))
        bound = need(sizes, capacity)
        excess = sum(sizes) / capacity - (bound - 1)
        if (
            0.25 <= excess <= 0.8
            and falling(sizes, capacity) == bound
            and in_order(sizes, capacity) >= bound + 2
            and ascending(sizes, capacity) > bound
        ):
            return Night(name, tuple((stock.take(), size) for size in sizes))


def draw_quiet(rng: random.Random, stock: Stock, name: str, capacity: int, most: int) -> Night:
    """A quiet night: today's planner needs at most ``most`` cartridges for it."""
    while True:
        sizes = _sizes(rng, capacity, rng.randint(17, 26))
        if in_order(sizes, capacity) <= most:
            return Night(name, tuple((stock.take(), size) for size in sizes))


def _sizes(rng: random.Random, capacity: int, count: int) -> list[int]:
    """Sizes in GB, equal to nothing else in the night, so that a plan can be told from its numbers."""
    sizes: list[int] = []
    while len(sizes) < count:
        share = rng.uniform(0.31, 0.62) if rng.random() < 0.3 else rng.uniform(0.06, 0.3)
        size = round(capacity * share)
        if size % 10 and size not in sizes:
            sizes.append(size)
    return sizes
