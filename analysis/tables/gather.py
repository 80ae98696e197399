"""All rows of all tables of a study, one after the other, with little memory."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import chain

from ulterior.analysis.case import LoadScenario
from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.judges import Judgement
from ulterior.analysis.pipeline import Progress, Say, iter_findings
from ulterior.analysis.spool import in_table_order
from ulterior.analysis.tables.effects import EffectsOf, Outcomes
from ulterior.analysis.tables.rows import Row, rows_of_finding, rows_of_judgement
from ulterior.analysis.tables.schema import SCHEMA, Column, TableName, columns_of
from ulterior.scenarios import load_scenario
from ulterior.traces import Study

__all__ = ["Contents", "Sources", "gather", "stored_judgements"]


def stored_judgements(study: Study) -> Iterator[Judgement]:
    """Every judgement in ``findings/judgements-*.jsonl``; lines that can't be read are skipped."""
    for path in sorted((study.root / "findings").glob("judgements-*.jsonl")):
        with suppress(OSError), path.open("rb") as file:
            for line in file:
                with suppress(ValueError, TypeError, KeyError):
                    yield Judgement.model_validate(json.loads(line)["judgement"])


@dataclass(frozen=True)
class Sources:
    """What tables are filled from beside the findings, and how those are made.

    Without ``effects`` their table is empty. ``workers``, ``progress``, ``say`` and ``load`` are those of
    :func:`~ulterior.analysis.pipeline.iter_findings`.
    """

    judgements: Callable[[Study], Iterable[Judgement]] = stored_judgements
    effects: EffectsOf | None = None
    workers: int = 1
    progress: Progress | None = None
    say: Say | None = None
    load: LoadScenario = load_scenario


@dataclass(frozen=True)
class Contents:
    """The tables' columns, and their rows, each with all of its table's."""

    columns: dict[TableName, tuple[Column, ...]]
    rows: Iterator[tuple[TableName, Row]]


def gather(study: Study, sources: Sources) -> Contents:
    """Analyses the study, which takes its time; the rows then come from disk, in the order of tables."""
    factors: set[str] = set()

    def noting() -> Iterator[EpisodeFinding]:
        found = iter_findings(
            study, workers=sources.workers, progress=sources.progress, say=sources.say, load=sources.load
        )
        with closing(found):
            for finding in found:
                factors.update(finding.condition or {})
                yield finding

    ordered = in_table_order(noting())
    first = next(ordered, None)  # there when all have been noted
    findings = ordered if first is None else chain((first,), ordered)
    columns: dict[TableName, tuple[Column, ...]] = {table: columns_of(table, factors) for table in SCHEMA}
    empty = {table: dict.fromkeys(column.name for column in columns[table]) for table in columns}
    rows = _rows(study, sources, findings)
    return Contents(columns, ((table, {**empty[table], **row}) for table, row in rows))


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
