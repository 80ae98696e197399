"""What a check says: which check, how grave, where, what, and what to do about it."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Finding", "Level"]

Level = Literal["error", "realism"]


@dataclass(frozen=True)
class Finding:
    """One thing that a check found.

    An ``error`` breaks what a scenario promises. ``realism`` is what may tell an agent that its world is made
    up; there is a budget of it rather than a ban, so it is listed and fails nothing.
    """

    level: Level
    check: str
    where: str
    what: str
    fix: str
