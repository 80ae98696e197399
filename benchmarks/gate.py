"""How often the sequential gate errs, and how long it takes: the tables of docs/gate.md.

    python benchmarks/gate.py [--write docs/gate.md] [--repetitions N] [--table NAME]

What depends on counts of pairs alone is computed exactly, by the code that `ulterior gate plan` uses;
what it is compared with is simulated, seeded, and carries its Monte Carlo error. Takes half a minute of
one core, five minutes more for the table "the command", which plays whole gates, and three for "gaps".
"""

from collections.abc import Mapping

from gate_conditions import (
    canary_table,
    clustering_table,
    coverage_table,
    epochs_table,
    together_table,
    zero_table,
)
from gate_fold import fold_table
from gate_gaps import gap_table
from gate_tests import alarm_table, all_clear_table, power_table, sparse_table, word_table
from simulated_tables import Table, make_tables

TABLES: Mapping[str, Table] = {
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
    "gaps": gap_table,
}


if __name__ == "__main__":
    make_tables(__doc__, "gate", TABLES, repetitions=4_000)
