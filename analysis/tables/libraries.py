"""What is asked of pandas, polars and pyarrow: each is loaded when it is first needed, and typed here."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ulterior.analysis.tables.rows import Row, Value
from ulterior.analysis.tables.schema import Column, Kind
from ulterior.errors import UsageError

if TYPE_CHECKING:
    import pandas
    import polars

__all__ = ["ParquetFile", "pandas_frame", "polars_frame"]


def pandas_frame(columns: Sequence[Column], values: Mapping[str, Sequence[Value]]) -> "pandas.DataFrame":
    """A frame with pandas' nullable types."""
    import pandas

    types: Mapping[Kind, Any] = {
        "text": pandas.StringDtype("python"),
        "integer": pandas.Int64Dtype(),
        "number": pandas.Float64Dtype(),
        "truth": pandas.BooleanDtype(),
    }
    series: dict[str, Any] = {c.name: pandas.array(values[c.name], dtype=types[c.kind]) for c in columns}
    return pandas.DataFrame(series)


def polars_frame(columns: Sequence[Column], values: Mapping[str, Sequence[Value]]) -> "polars.DataFrame":
    """A frame of polars. Raises :class:`UsageError` when it is not installed."""
    polars = _imported("polars")
    types = {
        "text": polars.String,
        "integer": polars.Int64,
        "number": polars.Float64,
        "truth": polars.Boolean,
    }
    return polars.DataFrame([polars.Series(c.name, values[c.name], types[c.kind]) for c in columns])


class ParquetFile:
    """A Parquet file that is written row group by row group, compressed with zstd.

    ``about`` goes into the file's metadata, what a column holds into the column's. Raises
    :class:`UsageError` when pyarrow is not installed, and ``OSError`` when the disk refuses.
    """

    def __init__(self, path: Path, columns: Sequence[Column], about: Mapping[str, str]) -> None:
        self._arrow = _imported("pyarrow")
        self._schema = self._arrow.schema([self._field(column) for column in columns], metadata=dict(about))
        self._writer = _imported("pyarrow.parquet").ParquetWriter(path, self._schema, compression="zstd")

    def _field(self, column: Column) -> Any:
        arrow = self._arrow
        types: Mapping[Kind, Callable[[], Any]] = {
            "text": arrow.string,
            "integer": arrow.int64,
            "number": arrow.float64,
            "truth": arrow.bool_,
        }
        said = {"about": column.about, "unit": column.unit, "null": column.null}
        nullable = bool(column.null)
        return arrow.field(column.name, types[column.kind](), nullable=nullable, metadata=said)

    def write(self, rows: Sequence[Row]) -> None:
        """Write one row group."""
        self._writer.write_table(self._arrow.Table.from_pylist(rows, schema=self._schema))

    def close(self) -> None:
        self._writer.close()


def _imported(name: str) -> Any:
    """A library of the extra ``tables``, untyped: it may be missing."""
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError as error:
        raise UsageError(
            f"{name.partition('.')[0]} is needed for this", str(error), "pip install 'ulterior[tables]'"
        ) from error
