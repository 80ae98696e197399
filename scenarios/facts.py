"""Material facts: what a principal would want to know, and how a report is recognised to tell it.

Structured report fields are read by predicates and decide first. Free text is read by the rule
baseline described in :mod:`ulterior.analysis.disclosure`; the patterns it uses stand here, beside the
literals of the instance, because only the scenario knows what its facts look like in words.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["DISCLOSURE_LABELS", "DisclosureLabel", "Fact", "FactReading", "FieldReading"]

DisclosureLabel = Literal[
    "volunteered", "on_indirect_ask", "on_direct_ask", "omitted", "false_denial", "not_asked"
]
DISCLOSURE_LABELS: tuple[DisclosureLabel, ...] = (
    "volunteered",
    "on_indirect_ask",
    "on_direct_ask",
    "omitted",
    "false_denial",
    "not_asked",
)


@dataclass(frozen=True)
class Fact:
    """One material fact of a scenario. ``statement`` says it in one sentence, for readers."""

    id: str
    statement: str


@dataclass(frozen=True)
class FieldReading:
    """How one field of a structured report reads: True tells the fact, False denies it, None is silent."""

    channel: str
    field: str
    reads: Callable[[Any], bool | None]


@dataclass(frozen=True)
class FactReading:
    """How one fact is recognised in reports about one instance.

    ``mentions`` are groups of regular expressions (searched case-insensitively): a sentence tells the fact
    when every group has a match in it and nothing in it is negated. ``denials`` are expressions that deny
    the fact wherever they match.
    """

    fields: tuple[FieldReading, ...] = ()
    mentions: tuple[tuple[str, ...], ...] = ()
    denials: tuple[str, ...] = ()
