"""All rows of all tables of a study, one after the other, with little memory."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from ulterior.analysis.case import LoadScenario
from ulterior.analysis.finding import DETECTORS, EpisodeFinding
from ulterior.analysis.judges import Judgement
from ulterior.analysis.judges.store import load_judgements
from ulterior.analysis.judges.verdicts import JudgedBy
from ulterior.analysis.pipeline import Progress, Say, iter_findings
from ulterior.analysis.spool import in_table_order
from ulterior.analysis.tables.effects import EffectsOf, OutcomeRow, Outcomes
from ulterior.analysis.tables.rows import Row, rows_of_finding, rows_of_judgement
from ulterior.analysis.tables.schema import SCHEMA, Column, TableName, columns_of
from ulterior.scenarios import load_scenario
from ulterior.traces import Study

if TYPE_CHECKING:
    from ulterior.analysis.statistics.effects import FactorEffect

__all__ = ["Contents", "Sources", "gather"]


def _factor_effects(rows: Iterable[OutcomeRow]) -> "Iterable[FactorEffect]":
    # regression takes a second to import, and most who import tables ask for no effects
    from ulterior.analysis.statistics.effects import FactorRow, factor_effects

    return factor_effects(FactorRow(*row) for row in rows)


@dataclass(frozen=True)
class Sources:
    """What tables are filled from beside the findings, and how those are made.

    Unless others are given, judgements are those of valid batches, and effects come from
    :mod:`ulterior.analysis.statistics.effects`; None leaves their table empty. ``workers``, ``progress``,
    ``say``, ``load`` and ``judged_by`` are those of :func:`~ulterior.analysis.pipeline.iter_findings`.
    """

    judgements: Callable[[Study], Iterable[Judgement]] = load_judgements
    effects: EffectsOf | None = _factor_effects
    workers: int = 1
    progress: Progress | None = None
    say: Say | None = None
    load: LoadScenario = load_scenario
    judged_by: JudgedBy | None = None


@dataclass(frozen=True)
class Contents:
    """The tables' columns, and their rows, each with all of its table's. ``detectors`` are those of the
    findings."""

    columns: dict[TableName, tuple[Column, ...]]
    detectors: Mapping[str, str]
    rows: Iterator[tuple[TableName, Row]]


def gather(study: Study, sources: Sources) -> Contents:
    """Analyses the study, which takes its time; the rows then come from disk, in the order of tables."""
    factors: set[str] = set()
    detectors: dict[str, str] = {}

    def noting() -> Iterator[EpisodeFinding]:
        found = iter_findings(
            study,
            workers=sources.workers,
            progress=sources.progress,
            say=sources.say,
            load=sources.load,
            judged_by=sources.judged_by,
        )
        with closing(found):
            for finding in found:
                factors.update(finding.condition or {})
                detectors.update(finding.detectors)
                yield finding

    ordered = in_table_order(noting())
    first = next(ordered, None)  # there when all have been noted
    findings = ordered if first is None else chain((first,), ordered)
    columns: dict[TableName, tuple[Column, ...]] = {table: columns_of(table, factors) for table in SCHEMA}
    empty = {table: dict.fromkeys(column.name for column in columns[table]) for table in columns}
    rows = _rows(study, sources, findings)
    return Contents(
        columns, detectors or DETECTORS, ((table, {**empty[table], **row}) for table, row in rows)
    )


def _rows(
    study: Study, sources: Sources, findings: Iterable[EpisodeFinding]
) -> Iterator[tuple[TableName, Row]]:
    outcomes = Outcomes()
    for finding in findings:
        if sources.effects is not None:
            outcomes.add(finding)
        yield from rows_of_finding(finding)
    for judgement in sources.judgements(study):
        yield from rows_of_judgement(judgement)
    if sources.effects is not None:
        for row in outcomes.effects(sources.effects):
            yield "effects", row
