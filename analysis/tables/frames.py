"""The tables as frames of pandas or polars, in one call."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, overload

from ulterior.analysis.tables.gather import Sources, gather
from ulterior.analysis.tables.libraries import pandas_frame, polars_frame
from ulterior.analysis.tables.rows import Value
from ulterior.analysis.tables.schema import TableName
from ulterior.traces import Study

if TYPE_CHECKING:
    import pandas
    import polars

__all__ = ["Tables", "frames"]

Frame = TypeVar("Frame")


@dataclass(frozen=True)
class Tables(Generic[Frame]):
    """One frame for each table of :data:`~ulterior.analysis.tables.schema.SCHEMA`, as attributes or by
    name."""

    episodes: Frame
    reasons: Frame
    facts: Frame
    findings: Frame
    judgements: Frame
    measures: Frame
    effects: Frame

    def __getitem__(self, name: TableName) -> Frame:
        return getattr(self, name)

    def __iter__(self) -> Iterator[str]:
        return (field.name for field in fields(self))


@overload
def frames(
    study: Study, kind: Literal["pandas"] = "pandas", sources: Sources | None = None
) -> "Tables[pandas.DataFrame]": ...
@overload
def frames(
    study: Study, kind: Literal["polars"], sources: Sources | None = None
) -> "Tables[polars.DataFrame]": ...
def frames(
    study: Study, kind: Literal["pandas", "polars"] = "pandas", sources: Sources | None = None
) -> Tables[Any]:
    """All tables of a study, which is analysed for it as far as it has not been.

    Null is ``NA`` in pandas, whose nullable types are used, and ``null`` in polars. Everything is in memory:
    for studies that don't fit there is :func:`~ulterior.analysis.tables.files.write_tables`. Raises
    :class:`~ulterior.errors.UsageError` when polars is asked for and not installed.
    """
    frame = {"pandas": pandas_frame, "polars": polars_frame}[kind]
    contents = gather(study, sources or Sources())
    values: Mapping[TableName, Mapping[str, list[Value]]] = {
        table: {column.name: [] for column in columns} for table, columns in contents.columns.items()
    }
    for table, row in contents.rows:
        for name, value in row.items():
            values[table][name].append(value)
    return Tables(**{table: frame(contents.columns[table], values[table]) for table in values})
