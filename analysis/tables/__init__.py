"""A study as tidy tables: frames for pandas or polars, or files.

One call each: :func:`frames` and :func:`write_tables`. What the tables hold stands in :data:`SCHEMA`.
"""

from ulterior.analysis.tables.effects import EffectsOf, OutcomeRow
from ulterior.analysis.tables.files import FORMATS, Format, write_tables
from ulterior.analysis.tables.frames import Tables, frames
from ulterior.analysis.tables.gather import Sources
from ulterior.analysis.tables.schema import SCHEMA, Column, TableName, columns_of, schema_markdown

__all__ = [
    "FORMATS",
    "SCHEMA",
    "Column",
    "EffectsOf",
    "Format",
    "OutcomeRow",
    "Sources",
    "TableName",
    "Tables",
    "columns_of",
    "frames",
    "schema_markdown",
    "write_tables",
]
