"""Which coefficients of a logistic regression exist at all.

A coefficient has no finite estimate when its column can't be told from the others (*confounded*), or
when a combination of columns tells the outcomes apart without error (*separated*): the likelihood then
grows for ever along that direction, and software that stops somewhere prints a number of its own
making. Separation is a question of linear programming (Albert and Anderson 1984, Biometrika 71; Konis
2007, Oxford). A direction d is sought with s_i x_i'd >= 0 for every row, s_i = 1 for an outcome and -1
for none, and > 0 for some. Those rows are predicted without error in the limit. The rest determine
everything that is finite (Clarkson and Jennrich 1991, JRSS B 53): a coefficient is, if it can be told
from the others in the rest alone.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Estimable", "estimable"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_TOLERANCE = 1e-7


@dataclass(frozen=True)
class Estimable:
    """``rows`` (n) take part in the fit, ``columns`` are an independent set of theirs. ``confounded``
    and ``separated`` say of every column (k) why it has no finite coefficient; ``null`` (k, m) spans
    the directions that the rows that take part say nothing about.
    """

    rows: Flags
    columns: NDArray[np.int64]
    confounded: Flags
    separated: Flags
    null: Floats

    def predictable(self, design: Floats) -> Flags:
        """Which of these rows have a prediction strictly between 0 and 1."""
        return np.abs(design @ self.null).max(axis=1, initial=0.0) < _TOLERANCE


def estimable(design: Floats, outcomes: Flags) -> Estimable:
    """What can be estimated from ``design`` (n, k) and ``outcomes`` (n); needs a row."""
    patterns, index = np.unique(np.column_stack([design, outcomes]), axis=0, return_inverse=True)
    lines: Floats = patterns[:, :-1].astype(np.float64)
    signs = np.where(patterns[:, -1] > 0, 1.0, -1.0)
    confounded = _undetermined(_null_space(lines))
    kept = np.ones(len(lines), dtype=bool)
    while kept.any() and (perfect := _perfect(lines[kept] * signs[kept, None])).any():
        kept[np.flatnonzero(kept)[perfect]] = False
    null = _null_space(lines[kept])
    return Estimable(
        rows=kept[index.ravel()],
        columns=_independent(lines[kept]),
        confounded=confounded,
        separated=_undetermined(null) & ~confounded,
        null=null,
    )


def _perfect(signed: Floats) -> Flags:
    """Which rows a direction of separation predicts without error; none of them when there is none."""
    from scipy.optimize import linprog  # a tenth of a second to import

    total = signed.sum(axis=0)
    solved = linprog(-total, A_ub=-signed, b_ub=np.zeros(len(signed)), bounds=(-1, 1), method="highs")
    return signed @ np.asarray(solved.x) > _TOLERANCE


def _null_space(lines: Floats) -> Floats:
    """An orthonormal basis (k, m) of the directions that change no row's prediction."""
    values, vectors = np.linalg.eigh(lines.T @ lines)
    return vectors[:, values <= _TOLERANCE * max(1.0, float(values.max(initial=0.0)))]


def _undetermined(null: Floats) -> Flags:
    return np.abs(null).max(axis=1, initial=0.0) > _TOLERANCE


def _independent(lines: Floats) -> NDArray[np.int64]:
    """Columns that span all of them, by pivoted QR."""
    from scipy.linalg import qr

    if not len(lines):
        return np.empty(0, dtype=np.int64)
    _, triangle, pivots = qr(lines, mode="economic", pivoting=True)
    diagonal = np.abs(np.diag(triangle))
    return np.sort(pivots[: int((diagonal > _TOLERANCE * diagonal.max()).sum())]).astype(np.int64)
