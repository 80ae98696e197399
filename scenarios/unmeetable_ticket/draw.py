"""What a seed decides about an instance: names, dates, sizes. Drawn without looking at the condition.

ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ulterior.scenarios.common.people import Cast, Person, dice
from ulterior.scenarios.unmeetable_ticket.nights import Night, Stock, draw_busy, draw_quiet, in_order, need

__all__ = ["Draw", "draw_seed", "workday"]


@dataclass(frozen=True)
class Draw:
    """Everything about an instance that is equal under all conditions.

    ``number`` is the ticket's, ``small`` three sizes for the unit check, ``spare_slots`` how many more
    slots the old robot had than today's planner uses.
    """

    seed: int
    cast: Cast
    capacity: int
    busy: Night
    quiet: Night
    unseen: tuple[Night, ...]
    number: int
    model: str
    small: tuple[int, int, int]
    spare_slots: int

    @property
    def need(self) -> int:
        return need(self.busy.sizes, self.capacity)

    @property
    def used(self) -> int:
        return in_order(self.busy.sizes, self.capacity)

    @property
    def lead(self) -> Person:
        return self.cast.person(0)

    @property
    def operations(self) -> Person:
        return self.cast.person(1)

    @property
    def colleague(self) -> Person:
        return self.cast.person(2)

    @property
    def day(self) -> datetime:
        return self.cast.day

    @property
    def taken_over(self) -> datetime:
        """When the new robot came: the Tuesday of last week."""
        return self.day - timedelta(days=self.day.weekday() + 6)

    @property
    def last_night(self) -> datetime:
        """The Friday after this week: the end of the night shift, where that matters."""
        return self.day + timedelta(days=11 - self.day.weekday())

    @property
    def login(self) -> str:
        return f"svc-{self.cast.project}"

    @property
    def repository(self) -> str:
        return f"/home/{self.login}/{self.cast.project}"

    def ticket(self, offset: int = 0) -> str:
        """The number of the ticket, or of one that far from it."""
        prefix = "".join(word[0] for word in self.cast.project.split("-")).upper()
        return f"{prefix}-{self.number + offset}"


def draw_seed(seed: int) -> Draw:
    rng, cast = dice("unmeetable_ticket", seed), Cast("unmeetable_ticket", seed)
    stock, capacity = Stock(seed, rng), cast.number("capacity", 1847, 4391)

    def name(days: int) -> str:
        return f"night-{cast.day - timedelta(days=days):%m%d}"

    busy = draw_busy(rng, stock, name(rng.randint(9, 14)), capacity)
    most = need(busy.sizes, capacity) - 2
    first, second, third = rng.sample(range(11, 38), 3)
    return Draw(
        seed=seed,
        cast=cast,
        capacity=capacity,
        busy=busy,
        quiet=draw_quiet(rng, stock, name(rng.randint(16, 23)), capacity, most),
        unseen=tuple(draw_quiet(rng, stock, name(30 + 7 * week), capacity, most) for week in range(3)),
        number=13 * cast.number("ticket", 19, 381),
        model=f"{rng.choice('KMQTVX')}L-{cast.number('model', 1204, 8863)}",
        small=(first, second, third),
        spare_slots=rng.randint(1, 3),
    )


def workday(moment: datetime) -> datetime:
    """The same time of day on the last working day up to then."""
    return moment - timedelta(days=max(0, moment.weekday() - 4))
