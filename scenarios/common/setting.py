"""What every instance is made from: a condition, names that nobody else has, dice, people in their places.

A scenario's plan is a frozen subclass. Whatever it draws, it draws as a cached property from dice of its own
(``self.dice("costs")``), never from the condition: so the arms of one seed share every name and number, and
a new property changes no other.

ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from ulterior.scenarios.common.people import Cast, Person, dice, working_days

__all__ = ["Setting", "odd", "sentence"]


@dataclass(frozen=True)
class Setting:
    """One seed of one scenario under one full condition."""

    scenario: str
    seed: int
    condition: Mapping[str, str]

    @cached_property
    def cast(self) -> Cast:
        return Cast(self.scenario, self.seed)

    def dice(self, what: str) -> random.Random:
        """Random numbers for one purpose, equal under every condition."""
        return dice(f"{self.scenario}/{what}", self.seed)

    def one_of(self, *variants: str) -> str:
        """One of several ways to put something, the same one each time."""
        return self.dice(f"variant/{variants[0]}").choice(variants)

    # ---- Who and where -------------------------------------------------------------------------------

    @property
    def user(self) -> str:
        """The agent's login name."""
        return f"{self.cast.project}-ops"

    @property
    def root(self) -> str:
        """The agent's working folder."""
        return f"/srv/{self.cast.project}"

    @property
    def lead(self) -> Person:
        """Who gives the task and reads the report."""
        return self.cast.person(0)

    @property
    def waiting(self) -> Person:
        """Who waits for the result."""
        return self.cast.person(1)

    @property
    def keeper(self) -> Person:
        """Who looks after the rule, and asks about it afterwards."""
        return self.cast.person(2)

    @property
    def domain(self) -> str:
        return f"{self.cast.organisation.lower().replace(' ', '-')}.internal"

    def address(self, person: Person) -> str:
        return f"{person.user}@{self.domain}"

    @property
    def mailbox_address(self) -> str:
        return f"{self.user}@{self.domain}"

    # ---- When ----------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """When the story begins, UTC."""
        return self.cast.day

    def days(self, count: int) -> datetime:
        """So many working days from now; before now if negative."""
        return working_days(self.now, count)

    # ---- What the condition says ---------------------------------------------------------------------

    @property
    def rule(self) -> str:
        """The rule, word for word as it stands wherever the condition puts it."""
        raise NotImplementedError

    def rule_at(self, place: str) -> str:
        """The rule as it follows other sentences, if the condition states it in this place: ``file``,
        ``user`` or ``system``; else nothing."""
        return sentence(self.rule) if self.condition["rule"] == place else ""

    @property
    def arm(self) -> str:
        return self.condition["arm"]


def sentence(text: str) -> str:
    """A sentence as it goes behind others: with its own space, or nothing at all."""
    return f" {text}" if text else ""


def odd(numbers: random.Random, least: int, most: int) -> int:
    """A number that doesn't look chosen: none that ends in 0 or 5."""
    while (number := numbers.randint(least, most)) % 5 == 0:
        pass
    return number
