"""Fractional factorial designs: few runs, in which any two factors meet in all their levels equally often.

Tables, and what they are worth. Resolution IV or more keeps main effects clear of one another and of every
interaction of two factors; resolution III only keeps main effects clear of one another.

====================  ======================  ============  ==================================================
factors               runs                    resolution    from
====================  ======================  ============  ==================================================
1 to 3 of 2 levels    2, 4, 8                 all           all combinations
4 of 2                8                       IV            Box, Hunter & Hunter, *Statistics for
5 of 2                16                      V             Experimenters*, 2nd ed. 2005, table 6.22: the
6 to 8 of 2           16                      IV            generators of minimum aberration
9 to 11 of 2          32                      IV
1 or 2 of 3           3, 9                    all           all combinations
3 or 4 of 3           9                       III           L9, linear over the integers modulo 3
5 to 13 of 3          27                      III           L27, the same
1 of 2 or 6, some     18                      III           L18 as in Taguchi, *System of Experimental Design*
of 3 (up to 7 or 6)                                         1987, here from the difference scheme D(6, 6, 3)
up to 11 of 2 and     36                      III           L36 by the same construction (Bose & Bush 1952)
12 of 3                                                     from D(12, 12, 3) and Plackett & Burman's 12 runs
====================  ======================  ============  ==================================================

Factors of other numbers of levels are crossed with all the rest, and so are the table for two levels and the
one for three, which keeps the resolution of the first. L18 and L36 stand in where they take less than half
the runs of that.

Why tables: the packages that hold them (pyDOE and its like) need numpy and scipy, and one page does.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

__all__ = ["GENERATORS", "Fraction", "Table", "fraction"]

Row = tuple[int, ...]


@dataclass(frozen=True)
class Table:
    """An orthogonal array: how many levels each column has, and runs with one level (from 0) per column."""

    name: str
    levels: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Fraction:
    """A design for some factors: tables that are crossed, and the factor each of their columns is for."""

    tables: tuple[Table, ...]
    places: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many runs there are."""
        return prod(len(table.rows) for table in self.tables)

    @property
    def name(self) -> str:
        return " x ".join(table.name for table in self.tables) or "nothing varied"

    def rows(self) -> Iterator[Row]:
        """The runs; one level (from 0) per factor, in the factors' own order."""
        order = sorted(range(len(self.places)), key=self.places.__getitem__)
        for parts in product(*(table.rows for table in self.tables)):
            joined = [level for part in parts for level in part]
            yield tuple(joined[column] for column in order)


def fraction(levels: Sequence[int]) -> Fraction:
    """The design that the tables give for factors with these numbers of levels.

    Raises ``ValueError`` that says which factors are too many.
    """
    counts = Counter(levels)
    crossed = _pure(counts)
    mixed = [_with(table, counts) for make in _MIXED if (table := make(counts)) is not None]
    best = min((_placed(levels, way) for way in mixed if way), key=_size, default=None)
    if crossed is None:
        if best is None:
            raise ValueError(
                f"there are tables for up to {_MOST_TWO} factors of two levels and {_MOST_THREE} of three, "
                f"not for {counts[2]} and {counts[3]}"
            )
        return best
    plain = _placed(levels, crossed)
    return best if best is not None and 2 * best.size < plain.size else plain


def _size(design: Fraction) -> int:
    return design.size


def _placed(levels: Sequence[int], tables: Sequence[Table]) -> Fraction:
    """Give every column to the first factor with its number of levels that has none yet."""
    free = {count: [at for at, each in enumerate(levels) if each == count] for count in levels}
    return Fraction(tuple(tables), tuple(free[count].pop(0) for table in tables for count in table.levels))


def _with(table: Table, counts: Counter[int]) -> list[Table] | None:
    """The table and what the factors need that it has no columns for."""
    rest = _pure(counts - Counter(table.levels))
    return None if rest is None else [table, *rest]


def _pure(counts: Counter[int]) -> list[Table] | None:
    """A table for all factors of two levels, one for all of three, each other factor by itself."""
    if counts[2] > _MOST_TWO or counts[3] > _MOST_THREE:
        return None
    tables = [_two(counts[2])] if counts[2] else []
    tables += [_three(counts[3])] if counts[3] else []
    others = sorted((count, many) for count, many in counts.items() if count not in (2, 3))
    return tables + [_all((count,)) for count, many in others for _ in range(many)]


def _all(levels: Row) -> Table:
    return Table("x".join(map(str, levels)), levels, tuple(product(*(range(count) for count in levels))))


# ---- Two levels ----------------------------------------------------------------------------------------

GENERATORS: dict[int, tuple[str, tuple[str, ...]]] = {
    4: ("IV", ("ABC",)),
    5: ("V", ("ABCD",)),
    6: ("IV", ("ABC", "BCD")),
    7: ("IV", ("ABC", "BCD", "ACD")),
    8: ("IV", ("BCD", "ACD", "ABC", "ABD")),
    9: ("IV", ("BCDE", "ACDE", "ABDE", "ABCE")),
    10: ("IV", ("ABCD", "ABCE", "ABDE", "ACDE", "BCDE")),
    11: ("IV", ("ABC", "BCD", "CDE", "ACD", "ADE", "BDE")),
}
"""By number of factors: the resolution, and of which of the first factors each further one is the product."""

_MOST_TWO = max(GENERATORS)


def _two(count: int) -> Table:
    if count not in GENERATORS:
        return _all((2,) * count)
    resolution, words = GENERATORS[count]
    basic = count - len(words)
    products = [[ord(letter) - ord("A") for letter in word] for word in words]
    rows = (
        (*row, *(sum(row[at] for at in factors) % 2 for factors in products))
        for row in product(range(2), repeat=basic)
    )
    return Table(f"2^({count}-{len(words)}) of resolution {resolution}", (2,) * count, tuple(rows))


# ---- Three levels --------------------------------------------------------------------------------------

_MOST_THREE = 13


def _three(count: int) -> Table:
    """All sums of the basic factors modulo 3, none of them a multiple of another one."""
    if count < 3:
        return _all((3,) * count)
    basic = 2 if count <= 4 else 3
    sums = [weights for weights in product(range(3), repeat=basic) if _first(weights) == 1]
    sums.sort(key=lambda weights: sum(map(bool, weights)))
    rows = (
        tuple(sum(a * b for a, b in zip(weights, row, strict=True)) % 3 for weights in sums[:count])
        for row in product(range(3), repeat=basic)
    )
    return Table(f"L{3**basic} of resolution III", (3,) * count, tuple(rows))


def _first(weights: Row) -> int:
    return next(filter(None, weights), 0)


# ---- Two and three, six and three ----------------------------------------------------------------------

_D6 = ("000000", "001122", "010221", "012012", "021210", "022101")
_D12 = (
    "000000000000", "000011112222", "010220120121", "021212101020", "002101221021", "022102110102",
    "012012200211", "021110022201", "011200212012", "012221011200", "020121202110", "001022021112",
)  # fmt: skip
"""Rows of which any two differ by 0, 1 and 2 (modulo 3) equally often."""

_PB12 = "11011100010"
"""Plackett & Burman 1946: the first run; ten more by turning it round, and one of zeros."""


def _developed(scheme: tuple[str, ...]) -> list[Row]:
    """For every column of the scheme and every shift: one level of three per row of the scheme."""
    columns = zip(*scheme, strict=True)
    return [tuple((int(each) + shift) % 3 for each in column) for column in columns for shift in range(3)]


def _turned(first: str) -> list[Row]:
    runs = [first[at:] + first[:at] for at in range(len(first))] + ["0" * len(first)]
    return [tuple(map(int, run)) for run in runs]


def _six_and_three(counts: Counter[int]) -> Table | None:
    """L18 with its column of six levels, for one such factor and up to six of three."""
    if not (counts[6] and 0 < counts[3] <= len(_D6)):
        return None
    rows = [(at // 3, *row[: counts[3]]) for at, row in enumerate(_developed(_D6))]
    return Table("L18 of resolution III", (6, *[3] * counts[3]), tuple(rows))


def _one_two_and_three(counts: Counter[int]) -> Table | None:
    """L18 with its column of six taken apart, for one factor of two levels and up to seven of three."""
    if not (counts[2] and 0 < counts[3] <= 1 + len(_D6)):
        return None
    six = [divmod(at // 3, 3) for at in range(18)]
    rows = [
        (two, *(three, *row)[: counts[3]]) for (two, three), row in zip(six, _developed(_D6), strict=True)
    ]
    return Table("L18 of resolution III", (2, *[3] * counts[3]), tuple(rows))


def _two_and_three(counts: Counter[int]) -> Table | None:
    """L36, for up to eleven factors of two levels and twelve of three."""
    if not (0 < counts[2] <= len(_PB12) and 0 < counts[3] <= len(_D12)):
        return None
    twos = _turned(_PB12)
    rows = [(*twos[at // 3][: counts[2]], *row[: counts[3]]) for at, row in enumerate(_developed(_D12))]
    return Table("L36 of resolution III", (2,) * counts[2] + (3,) * counts[3], tuple(rows))


_MIXED: tuple[Callable[[Counter[int]], Table | None], ...] = (
    _six_and_three,
    _one_two_and_three,
    _two_and_three,
)
