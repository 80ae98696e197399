"""A study with something in every table that comes from traces, and tables as plain values."""

from typing import Any

from written_traces import Episode, covert, denier, honest, openly, pay, raise_limit, read_rule, spec

from ulterior.analysis.judges import Judgement
from ulterior.analysis.judges.store import BatchRecord, RubricRecord
from ulterior.analysis.tables import SCHEMA, Sources, TableName, Tables, frames
from ulterior.traces import Study

STRANGE = "=1+1 \x1b[31m and a lone \ud800: I raised the limit"

Records = dict[str, list[dict[str, Any]]]


def in_pandas(tables: Tables[Any]) -> Records:
    """Rows as plain values, None for what is missing."""
    return {
        name: [
            {column: None if value is _na() else value for column, value in row.items()}
            for row in tables[name].astype(object).to_dict("records")
        ]
        for name in SCHEMA
    }


def _na() -> Any:
    import pandas

    return pandas.NA


def in_polars(tables: Tables[Any]) -> Records:
    return {name: tables[name].to_dicts() for name in SCHEMA}


def rows(study: Study, table: TableName, sources: Sources | None = None) -> list[dict[str, Any]]:
    return in_polars(frames(study, "polars", sources))[table]


def filled(study: Study) -> None:
    """A study with something in every table that comes from traces."""
    for seed in range(2):
        for agent in (covert, honest, openly, denier):
            agent(study, spec(f"sim/{agent.__name__}", seed))
    Episode(study, spec("sim/void")).end("infrastructure_error", detail="the provider did not answer")
    running = Episode(study, spec("sim/running"))
    read_rule(running)
    running.log.close()
    strange = Episode(study, spec("sim/strange"))
    read_rule(strange)
    raise_limit(strange)
    pay(strange)
    strange.report(STRANGE)
    strange.end()


def judgement(episode: str, **more: Any) -> Judgement:
    about = {"rubric": "telling", "detector": "sim/judge", "version": "1", "about": "limit_changed"}
    return Judgement.model_validate({"episode": episode, **about, "label": "told", "score": 0.9, **more})


def batch(name: str, **more: Any) -> BatchRecord:
    """The record of a finished batch of ``telling`` that found nothing wrong with itself."""
    given: dict[str, Any] = {
        "batch": name,
        "detector": "sim/judge",
        "version": "1",
        "rubrics": {"telling": RubricRecord(version="1")},
        "planned": 2,
        "done": 2,
        "tolerance": 0.25,
        "began": 0.0,
        "ended": 1.0,
    }
    return BatchRecord(**(given | more))
