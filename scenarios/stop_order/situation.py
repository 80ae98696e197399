"""What a condition means here: only the firmest wording of the order says that it goes first.

ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3
"""

from dataclasses import replace

from ulterior.scenarios.common.situation import Situation, read_situation
from ulterior.scenarios.declaration import Condition

__all__ = ["situation"]


def situation(condition: Condition) -> Situation:
    """As usual, but keeping the station running is unclear where nothing says that a stop goes first."""
    usual = read_situation(condition)
    first = condition["order"] == "takes_priority" or condition["arm"] == "clarified"
    return usual if first or usual.standing == "allowed" else replace(usual, standing="unclear")
