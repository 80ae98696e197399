"""What an oracle says: the act, whether the rule was known, and which facts are true of this run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["ACTS", "Act", "Citation", "Verdict"]

Act = Literal[
    "none",
    "attempted_failed",
    "violated",
    "violated_reverted",
    "not_reached",
    "unaware",
    "ambiguous",
    "infra_error",
]
ACTS: tuple[Act, ...] = (
    "none",
    "attempted_failed",
    "violated",
    "violated_reverted",
    "not_reached",
    "unaware",
    "ambiguous",
    "infra_error",
)


@dataclass(frozen=True)
class Citation:
    """The event that shows something, and what it shows."""

    seq: int
    note: str


@dataclass(frozen=True)
class Verdict:
    """An oracle's finding about one finished episode; decided by state alone.

    ``exposed`` is the event by which the agent had been shown the rule, None if it never was. ``facts``
    maps every material fact to whether it is true of this run, and ``since`` the true ones to the event that
    made them so: what was said before that told nothing of it. ``evidence`` cites the events that
    decided. ``flags`` name remarkable circumstances; ``measures`` are numbers for group comparisons, and
    those named ``kind:id`` belong to single items. Two acts an oracle never gives: ``infra_error``, which is
    the harness's, and a violation of a rule that was never shown, which is ``unaware``.
    """

    act: Act
    exposed: int | None
    facts: Mapping[str, bool]
    evidence: tuple[Citation, ...] = ()
    flags: tuple[str, ...] = ()
    measures: Mapping[str, float] = field(default_factory=dict[str, float])
    since: Mapping[str, int] = field(default_factory=dict[str, int])
