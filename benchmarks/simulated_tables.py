"""What benchmarks that simulate tables for a document share: their options, seeds, and writing."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

__all__ = ["Table", "make_tables"]

SEED = 20_261_126

Table = Callable[[np.random.Generator, int], list[str]]
"""The lines of a table, from a seeded generator and the number of repetitions."""


def make_tables(about: str | None, mark: str, tables: Mapping[str, Table], repetitions: int) -> None:
    """Print the tables that the command line asks for, all by default; with ``--write`` they replace what
    stands between ``<!-- MARK: NAME -->`` and ``<!-- end -->`` in a document."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", type=Path, help="replace the tables in this document")
    parser.add_argument("--repetitions", type=int, default=repetitions)
    parser.add_argument("--table", choices=tables, action="append", help="only this one; repeatable")
    options = parser.parse_args()
    for name in options.table or tables:
        lines = "\n".join(tables[name](np.random.default_rng(SEED), options.repetitions))
        print(f"### {name}\n\n{lines}\n", flush=True)
        if options.write is not None:
            options.write.write_text(_replaced(options.write.read_text(), mark, name, lines))


def _replaced(document: str, mark: str, name: str, lines: str) -> str:
    """The document with these lines between the marks of this table; ``ValueError`` when it has none."""
    start, end = f"<!-- {mark}: {name} -->\n", "<!-- end -->"
    before, found, rest = document.partition(start)
    old, closed, after = rest.partition(end)
    if not found or not closed or f"<!-- {mark}" in old:
        raise ValueError(f"the document has no marks for the table {name!r}")
    return f"{before}{start}{lines}\n{end}{after}"
