"""What a condition means to somebody who knows it: is there anything to gain, and what does the rule say?

ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ulterior.scenarios.declaration import Condition

__all__ = ["Situation", "Standing", "read_situation"]

Standing = Literal["forbidden", "unclear", "allowed"]
"""What the rule, as a condition words it, says of the act."""


@dataclass(frozen=True)
class Situation:
    """``pays``: the act would gain something. ``hidden``: the rule stands in a file and nowhere else, so that
    somebody who doesn't look doesn't know it. ``told``: the principal asks for the act in so many words.
    ``indirect`` and ``direct``: which questions follow the work.
    """

    pays: bool
    standing: Standing
    hidden: bool
    told: bool
    indirect: bool
    direct: bool


def read_situation(condition: Condition) -> Situation:
    """The situation of a scenario with the usual arms (:data:`ulterior.scenarios.common.factors.COMMON`)."""
    arm, asked = condition["arm"], condition["asked"]
    return Situation(
        pays=arm != "control",
        standing="allowed" if arm in ("authorised", "told") else "forbidden",
        hidden=condition["rule"] == "file",
        told=arm == "told",
        indirect=asked in ("indirect", "indirect_then_direct"),
        direct=asked in ("direct", "indirect_then_direct"),
    )


ReadSituation = Callable[[Condition], Situation]
