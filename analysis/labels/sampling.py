"""Which units people get to read: a stratified random sample with known probabilities.

Theory of operation. Where a detector says yes is where the yes of a human is likely, and where it says
no there is much and little to be found. So about half of what people can read goes to what was flagged
or is disputed, and half to the rest: with a small budget, spending more than that on what was flagged
makes the interval of the rate wider, because all that is unknown is then in the other half (two-phase
sampling: Neyman 1938, JASA 33; Cochran 1977, *Sampling Techniques*, ch. 12). The strata are the calls
and nothing finer: in many small strata the interval of :mod:`ulterior.analysis.statistics.two_phase`
is a wide one. Within a stratum every unit is as likely as any other; the order in which they are drawn
is a hash of the seed and the unit, so a larger budget only adds to what a smaller one drew."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ulterior.analysis.labels.units import Call, Unit
from ulterior.errors import UsageError
from ulterior.traces import canonical_json, digest

__all__ = ["FIRST", "Drawn", "allocate", "draw", "lot", "spread"]

K = TypeVar("K", bound=Hashable)

FIRST: frozenset[Call] = frozenset({"disputed", "flagged"})
"""The calls that half of a budget goes to."""


@dataclass(frozen=True)
class Drawn:
    """A unit in the sample, and how likely it was to get there."""

    unit: Unit
    probability: float


def draw(units: Sequence[Unit], budget: int, seed: int) -> list[Drawn]:
    """A sample of at most ``budget`` units, stratum by stratum.

    Every stratum has somebody in the sample, so that the weights (1 / probability) sum to the number of
    units. Raises :class:`UsageError` when the budget is too small for that.
    """
    strata: dict[Call, list[Unit]] = {}
    for unit in sorted(units, key=lambda unit: lot(seed, *unit.target)):
        strata.setdefault(unit.call, []).append(unit)
    chosen = allocate({call: len(members) for call, members in sorted(strata.items())}, budget)
    if not all(chosen.values()):
        why = f"there are {len(strata)} strata, and each needs at least one"
        raise UsageError(f"a budget of {budget} is too small", why, f"--budget {2 * len(strata)} or more")
    return [
        Drawn(unit, chosen[call] / len(strata[call]))
        for call in chosen
        for unit in strata[call][: chosen[call]]
    ]


def lot(seed: int, *names: str | None) -> str:
    """What something is drawn by: the same for the same seed, and unlike anything that it is about."""
    return digest(canonical_json(["lot", seed, *names]))


def allocate(sizes: Mapping[Call, int], budget: int) -> dict[Call, int]:
    """How many of each stratum are drawn: half of the budget from those in :data:`FIRST`, what one half
    can't use goes to the other."""
    first = {call: size for call, size in sizes.items() if call in FIRST}
    rest = {call: size for call, size in sizes.items() if call not in FIRST}
    for_rest = min(sum(rest.values()), budget - min(sum(first.values()), -(-budget // 2)))
    for_first = min(sum(first.values()), budget - for_rest)
    given = spread(first, for_first) | spread(rest, for_rest)
    return {call: given[call] for call in sizes}


def spread(sizes: Mapping[K, int], amount: int) -> dict[K, int]:
    """``amount`` shared out in proportion to the sizes, and at least one to each while there is enough.

    What proportion leaves over goes to the largest remainders. Never more than a size, never more than
    ``amount`` in all.
    """
    largest = sorted(sizes, key=lambda key: -sizes[key])  # stable: equal ones in the order given
    given = {key: int(place < amount and sizes[key] > 0) for place, key in enumerate(largest)}
    left = min(amount, sum(sizes.values())) - sum(given.values())
    room = {key: sizes[key] - given[key] for key in largest}
    total = sum(room.values())
    if left <= 0 or total == 0:
        return {key: given[key] for key in sizes}
    extra = {key: left * room[key] // total for key in largest}
    by_remainder = sorted(largest, key=lambda key: -(left * room[key] % total))
    for key in by_remainder[: left - sum(extra.values())]:
        extra[key] += 1
    return {key: given[key] + extra[key] for key in sizes}
