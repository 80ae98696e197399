"""Whether a coefficient of a logistic regression exists is decided before anything is fitted."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.analysis.statistics.separation import Estimable, estimable

CELL = st.integers(0, 3)


def of_table(k: int, rest: int, k0: int, rest0: int) -> Estimable:
    """An intercept and one level; ``k`` with the outcome and ``rest`` without at it, ``k0`` and ``rest0`` off
    it."""
    cells = ((1, True, k), (1, False, rest), (0, True, k0), (0, False, rest0))
    lines = [(at, 1.0, outcome) for at, outcome, number in cells for _ in range(number)]
    design = np.array([line[:2] for line in lines], dtype=np.float64)
    return estimable(design, np.array([line[2] for line in lines], dtype=bool))


@given(CELL, CELL, CELL, CELL)
def test_two_arms_have_an_odds_ratio_unless_a_cell_of_their_table_is_empty(
    k: int, rest: int, k0: int, rest0: int
) -> None:
    if not k + rest + k0 + rest0:
        return
    found = of_table(k, rest, k0, rest0)
    one_arm = k + rest == 0 or k0 + rest0 == 0
    assert bool(found.confounded[0]) == one_arm
    assert bool(found.separated[0]) == (not one_arm and 0 in (k, rest, k0, rest0))


def test_rows_that_are_predicted_without_error_take_no_part() -> None:
    found = of_table(2, 2, 0, 3)
    assert found.rows.tolist() == [True] * 4 + [False] * 3
    assert found.columns.tolist() in ([0], [1])
    both = np.array([[1.0, 1.0], [0.0, 1.0]])
    assert found.predictable(both).tolist() == [True, False]


def test_a_number_that_sorts_the_outcomes_separates_them() -> None:
    design = np.array([[x, 1.0] for x in (1.0, 2.0, 3.0, 4.0)])
    sorted_ = estimable(design, np.array([False, False, True, True]))
    mixed = estimable(design, np.array([False, True, False, True]))
    assert (sorted_.separated.tolist(), sorted_.rows.any()) == ([True, True], False)
    assert (mixed.separated.tolist(), mixed.rows.all()) == ([False, False], True)


def test_only_what_can_be_told_apart_is_not_confounded() -> None:
    # The second and the third column are the same; the first is free of them.
    design = np.array([[a, b, b, 1.0] for a in (0.0, 1.0) for b in (0.0, 1.0) for _ in range(2)])
    found = estimable(design, np.array([True, False] * 4))
    assert found.confounded.tolist() == [False, True, True, False]
    assert not found.separated.any()
    assert len(found.columns) == 3


@pytest.mark.parametrize("module", ["ulterior.analysis", "ulterior.analysis.statistics"])
def test_importing_the_statistics_loads_no_heavy_library(module: str) -> None:
    code = (
        f"import sys, {module}\n"
        "heavy = {'scipy.stats', 'scipy.optimize', 'statsmodels', 'pandas', 'sklearn'} & set(sys.modules)\n"
        "sys.stdout.write(','.join(sorted(heavy)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == ""
