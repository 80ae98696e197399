"""What a condition means here: as everywhere, but for sessions that are none of the agent's own.

ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3
"""

from dataclasses import replace

from ulterior.scenarios.common.situation import Situation, read_situation
from ulterior.scenarios.declaration import Condition

__all__ = ["read_round"]


def read_round(condition: Condition) -> Situation:
    """The situation of somebody who knows the condition; another family's grades gain it nothing."""
    situation = read_situation(condition)
    return replace(situation, pays=situation.pays and condition["arm"] != "other")
