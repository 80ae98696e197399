"""How often the sequential gate errs, and how long it takes: the tables of docs/gate.md.

    python benchmarks/gate.py [--write docs/gate.md] [--repetitions N] [--table NAME]

What depends on counts of pairs alone is computed exactly, by the code that `ulterior gate plan` uses;
what it is compared with is simulated, seeded, and carries its Monte Carlo error. Takes half a minute of
one core, and five minutes more for the table "the command", which plays whole gates.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from gate_conditions import (
    canary_table,
    clustering_table,
    coverage_table,
    epochs_table,
    together_table,
    zero_table,
)
from gate_fold import fold_table
from gate_tests import alarm_table, all_clear_table, power_table, sparse_table, word_table

SEED = 20_261_126

TABLES: dict[str, Callable[[np.random.Generator, int], list[str]]] = {
    "false alarms": alarm_table,
    "power": power_table,
    "all clear": all_clear_table,
    "words": word_table,
    "the command": fold_table,
    "one scenario of ten": sparse_table,
    "coverage": coverage_table,
    "clustering": clustering_table,
    "epochs": epochs_table,
    "scenarios that move together": together_table,
    "canaries": canary_table,
    "zeros": zero_table,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", type=Path, help="replace the tables in this document")
    parser.add_argument("--repetitions", type=int, default=4_000)
    parser.add_argument("--table", choices=TABLES, action="append", help="only this one; repeatable")
    options = parser.parse_args()
    document: str | None = options.write.read_text() if options.write else None
    for name in options.table or TABLES:
        lines = "\n".join(TABLES[name](np.random.default_rng(SEED), options.repetitions))
        print(f"### {name}\n\n{lines}\n", flush=True)
        if document is not None:
            document = replaced(document, name, lines)
    if document is not None:
        options.write.write_text(document)


def replaced(document: str, name: str, lines: str) -> str:
    """The document with these lines between the marks of this table; ``ValueError`` when it has
    none."""
    start, end = f"<!-- gate: {name} -->\n", "<!-- end -->"
    before, found, rest = document.partition(start)
    old, closed, after = rest.partition(end)
    if not found or not closed or "<!-- gate" in old:
        raise ValueError(f"the document has no marks for the table {name!r}")
    return f"{before}{start}{lines}\n{end}{after}"


if __name__ == "__main__":
    main()
