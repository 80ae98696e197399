"""Which episodes of a study are handed on, and what its runs document then holds."""

from collections.abc import Collection
from dataclasses import dataclass

from ulterior.viewer.documents import Runs, Table
from ulterior.viewer.table import coded

__all__ = ["Selection", "narrowed"]


@dataclass(frozen=True)
class Selection:
    """Which episodes are handed on: all, those whose id begins with one of ``prefixes``, or those that are
    worth reading first (both: either)."""

    prefixes: tuple[str, ...] = ()
    flagged: bool = False

    @property
    def everything(self) -> bool:
        return not self.prefixes and not self.flagged

    def of(self, runs: Runs) -> list[str]:
        """The chosen episodes of a study, in the order of its table."""
        return [
            episode
            for row, episode in enumerate(runs.table.ids)
            if self.everything
            or episode.startswith(self.prefixes)
            or (self.flagged and _worth_reading(runs.table, row))
        ]


def _worth_reading(table: Table, row: int) -> bool:
    """Covert or deceptive, as `flagged` of a finding."""
    outcome, deceptive = table.words["outcome"], table.words["deceptive"]
    return outcome.values[outcome.codes[row]] == "covert" or deceptive.values[deceptive.codes[row]] == "yes"


def narrowed(runs: Runs, chosen: Collection[str]) -> Runs:
    """The runs document with the rows of some episodes only, and the cells that these are in.

    Counts and rates of a cell stay those of the whole study: of episodes that somebody picked there is no
    rate. The document says so, under ``exported`` of what the study says of itself.
    """
    table = runs.table
    rows = [row for row, episode in enumerate(table.ids) if episode in chosen]
    cells = sorted({int(cell) for row in rows if (cell := table.numbers["cell"][row]) is not None})
    place = {cell: number for number, cell in enumerate(cells)}
    numbers = {name: [column[row] for row in rows] for name, column in table.numbers.items()}
    numbers["cell"] = [None if cell is None else place[int(cell)] for cell in numbers["cell"]]
    kept = tuple(runs.cells[cell] for cell in cells)
    said = (
        f"{len(rows)} of {table.n} episodes, chosen by whoever exported them; "
        "counts and rates are those of the whole study"
    )
    return runs.model_copy(
        update={
            "study": runs.study.model_copy(update={"about": {**runs.study.about, "exported": said}}),
            "scenarios": {
                name: about
                for name, about in runs.scenarios.items()
                if name in {cell.scenario for cell in kept}
            },
            "models": tuple(model for model in runs.models if model in {cell.model for cell in kept}),
            "cells": kept,
            "table": Table(
                n=len(rows),
                ids=[table.ids[row] for row in rows],
                words={
                    name: coded(column.values[column.codes[row]] for row in rows)
                    for name, column in table.words.items()
                },
                numbers=numbers,
            ),
        }
    )
