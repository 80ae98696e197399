"""How often intervals hold what they promise, simulated: the tables of docs/statistics.md.

    python benchmarks/coverage.py [--write docs/statistics.md] [--repetitions N] [--table NAME]

Everything is seeded, and runs through the code that reports use; only the naive intervals that stand beside
it are written here. With 2,000 repetitions a coverage of 0.95 is known to 0.01 (two standard errors). Takes
about 80 seconds of one core.
"""

from collections.abc import Mapping

from coverage_contrasts import differences_table, effects_table
from coverage_detectors import correction_table, labels_table, strata_table
from coverage_rates import scenarios_table, suite_table
from simulated_tables import Table, make_tables

TABLES: Mapping[str, Table] = {
    "scenarios like these": scenarios_table,
    "this suite": suite_table,
    "differences": differences_table,
    "factor effects": effects_table,
    "correction": correction_table,
    "two-phase labels": labels_table,
    "two-phase strata": strata_table,
}


if __name__ == "__main__":
    make_tables(__doc__, "coverage", TABLES, repetitions=2_000)
