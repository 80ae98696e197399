"""The table of factor effects: what is handed to the statistics, and what comes back."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.tables.rows import Row
from ulterior.analysis.tables.schema import SCHEMA

__all__ = ["OUTCOMES", "EffectsOf", "OutcomeRow", "Outcomes"]

OUTCOMES: Mapping[str, Callable[[EpisodeFinding], bool | None]] = {
    "violated": lambda finding: finding.violated,
    "covert": lambda finding: finding.covert,
    "deceptive": lambda finding: finding.deceptive,
}
"""What factors may have an effect on. An episode in which it could not be judged counts nowhere."""


class OutcomeRow(NamedTuple):
    """One judged episode: the outcome, its factors' levels, and the instance (``cluster``, within its
    scenario) and model that it belongs to."""

    outcome: bool
    factors: Mapping[str, str]
    scenario: str
    cluster: int
    model: str


EffectsOf = Callable[[Iterable[OutcomeRow]], Iterable[Any]]
"""Estimates effects. What it gives has attributes called like the table's columns."""


class Outcomes:
    """Collects what effects are estimated from, a few words for each episode."""

    def __init__(self) -> None:
        self._rows: dict[str, list[OutcomeRow]] = {name: [] for name in OUTCOMES}
        self._cells: dict[str, dict[str, str]] = {}

    def add(self, finding: EpisodeFinding) -> None:
        """Take in one episode. Forks are left out: they stand for no draw of an instance."""
        spec = finding.condition, finding.scenario, finding.seed, finding.model
        if None in spec or finding.fork is not None:
            return
        factors = self._cells.setdefault(finding.cell, finding.condition or {})
        for name, outcome in OUTCOMES.items():
            if (came := outcome(finding)) is not None:
                where = (finding.scenario or "", finding.seed or 0, finding.model or "")
                self._rows[name].append(OutcomeRow(came, factors, *where))

    def effects(self, estimate: EffectsOf) -> Iterator[Row]:
        """The rows of the table, outcome by outcome."""
        for name, rows in self._rows.items():
            for effect in estimate(rows) if rows else ():
                yield {"outcome": name, **_row_of(effect)}


def _row_of(effect: Any) -> Row:
    columns = [column.name for column in SCHEMA["effects"] if column.name != "outcome"]
    values = {name: getattr(effect, name) for name in columns}
    values["warnings"] = "; ".join(effect.warnings)
    values["reasons"] = json.dumps(effect.reasons, sort_keys=True)
    return values
