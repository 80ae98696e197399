"""The tables as files: Parquet, CSV or lines of JSON, and a description of all of them beside.

Rows are written in groups as they come, so memory stays the same however many episodes a study has. A file
gets its name when it is whole.

In CSV a null and an empty text look the same, and text is made safe to open: what a spreadsheet would take
for a formula gets an apostrophe in front, and control characters are shown. The other formats hold text as
it is stored.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Literal, Protocol

from ulterior.analysis.tables.gather import Contents, Sources, gather
from ulterior.analysis.tables.libraries import ParquetFile
from ulterior.analysis.tables.rows import Row, Value
from ulterior.analysis.tables.schema import TABLES, Column, TableName
from ulterior.analysis.visible import visible
from ulterior.scenarios import CANARY
from ulterior.traces import Study, line_json
from ulterior.traces.disk import refusals

__all__ = ["DESCRIPTION", "FORMATS", "Format", "write_tables"]

Format = Literal["parquet", "csv", "jsonl"]
FORMATS: tuple[Format, ...] = ("parquet", "csv", "jsonl")
DESCRIPTION = "tables.json"
"""The file that says what the others hold."""

_GROUP = 4096  # rows that are written at a time
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the wide ones count in some places


def write_tables(
    study: Study, folder: Path, form: Format = "parquet", sources: Sources | None = None
) -> dict[TableName, int]:
    """Write every table of a study to a file of its own; how many rows each has.

    Files that are there are replaced, by whole ones only. Raises :class:`~ulterior.errors.StorageFailure`
    when the disk refuses, and :class:`~ulterior.errors.UsageError` when a library is missing.
    """
    with refusals(folder):
        folder.mkdir(parents=True, exist_ok=True)  # first: what fails here should not cost an analysis
    contents = gather(study, sources or Sources())
    about = _about(study)
    metadata = {**about, "ulterior.detectors": json.dumps(dict(contents.detectors))}
    with refusals(folder), ExitStack() as stack:
        outputs: dict[TableName, _Output] = {}
        for table, columns in contents.columns.items():
            output = _Output(folder / f"{table}.{form}", columns, metadata, form)
            outputs[table] = stack.enter_context(output)
        for table, row in contents.rows:
            outputs[table].add(row)
        for output in outputs.values():
            output.publish()
        counts: dict[TableName, int] = {table: output.count for table, output in outputs.items()}
        description = _description(about, form, contents, counts)
        (folder / DESCRIPTION).write_text(json.dumps(description, indent=2) + "\n", encoding="utf-8")
    return counts


def _about(study: Study) -> dict[str, str]:
    return {
        "ulterior.canary": CANARY,
        "ulterior.version": version("ulterior"),
        "ulterior.study": study.root.resolve().name,
    }


def _description(
    about: Mapping[str, str],
    form: Format,
    contents: Contents,
    counts: Mapping[TableName, int],
) -> dict[str, object]:
    tables = {
        table: {
            "file": f"{table}.{form}",
            "about": TABLES[table],
            "rows": counts[table],
            "columns": [column._asdict() for column in columns],
        }
        for table, columns in contents.columns.items()
    }
    detectors = {"ulterior.detectors": dict(contents.detectors)}
    return {**about, **detectors, "format": form, "tables": tables}


class _File(Protocol):
    def write(self, rows: Sequence[Row], /) -> None: ...
    def close(self) -> None: ...


@dataclass
class _Output:
    """One table on its way to its file, under another name until it is whole."""

    path: Path
    columns: Sequence[Column]
    about: Mapping[str, str]
    form: Format
    count: int = 0
    _waiting: list[Row] = field(default_factory=list[Row])

    def __enter__(self) -> "_Output":
        self._draft = self.path.with_name(f".{self.path.name}.part")
        self._file = _opened(self._draft, self.columns, self.about, self.form)
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._draft.unlink(missing_ok=True)

    def add(self, row: Row) -> None:
        self._waiting.append(row)
        self.count += 1
        if len(self._waiting) >= _GROUP:
            self._flush()

    def publish(self) -> None:
        self._flush()
        self._file.close()
        self._draft.replace(self.path)

    def _flush(self) -> None:
        if self._waiting:
            self._file.write(self._waiting)
            self._waiting = []


def _opened(path: Path, columns: Sequence[Column], about: Mapping[str, str], form: Format) -> _File:
    if form == "parquet":
        return ParquetFile(path, columns, about)
    return _CsvFile(path, columns) if form == "csv" else _JsonFile(path)


class _JsonFile:
    """One object per row and line."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def write(self, rows: Sequence[Row]) -> None:
        self._file.writelines(line_json(row) + b"\n" for row in rows)

    def close(self) -> None:
        self._file.close()


class _CsvFile:
    """Comma-separated values as in RFC 4180, in UTF-8, with a header."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._names = [column.name for column in columns]
        self._writer = csv.writer(self._file)
        self._writer.writerow(self._names)

    def write(self, rows: Sequence[Row]) -> None:
        self._writer.writerows([_cell(row[name]) for name in self._names] for row in rows)

    def close(self) -> None:
        self._file.close()


def _cell(value: Value) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return value
    text = visible(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
