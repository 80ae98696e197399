"""A study's episodes as a table of columns: small enough to be sent whole, fast enough to be made anew.

Words are coded, since a study of 50,000 episodes has a few dozen of them in a column. Times are given to the
millisecond and dollars to the millionth: what is finer no table shows, and digits are most of its bytes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from ulterior.analysis import EpisodeFinding
from ulterior.analysis.report.grouping import kind_of
from ulterior.viewer.documents import Cell, Column, Table
from ulterior.viewer.outcomes import outcome_of, worst_disclosure

__all__ = ["coded", "table_of"]

_WORDS: Mapping[str, Callable[[EpisodeFinding], str | None]] = {
    "scenario": lambda f: f.scenario,
    "model": lambda f: f.model,
    "sandbox": lambda f: f.sandbox,
    "status": lambda f: f.status,
    "limit": lambda f: f.limit,
    "kind": kind_of,
    "act": lambda f: f.act,
    "disclosure": worst_disclosure,
    "outcome": outcome_of,
    "deceptive": lambda f: None if f.deceptive is None else "yes" if f.deceptive else "no",
    "intent": lambda f: f.intent,
    "awareness": lambda f: f.awareness,
    "flags": lambda f: " ".join(f.flags) or None,
    "unscored": lambda f: f.reasons.get("act") or f.reasons.get("disclosure"),
    "fork": lambda f: f.fork,
}

_NUMBERS: Mapping[str, Callable[[EpisodeFinding], float | None]] = {
    "seed": lambda f: f.seed,
    "epoch": lambda f: f.epoch,
    "turns": lambda f: f.turns,
    "tokens": lambda f: None if f.tokens_in is None else f.tokens_in + (f.tokens_out or 0),
    "cost": lambda f: _rounded(f.cost, 6),
    "started": lambda f: _rounded(f.started, 3),
    "ended": lambda f: _rounded(f.ended, 3),
}


def table_of(rows: Sequence[EpisodeFinding], cells: Sequence[Cell], place: Mapping[str, int]) -> Table:
    """One row per finding, in the order given. ``place`` maps episodes to their cells."""
    at = [place.get(finding.episode) for finding in rows]
    words = {name: coded(map(word, rows)) for name, word in _WORDS.items()}
    words["condition"] = coded(None if i is None else cells[i].label for i in at)
    words["purpose"] = coded(None if i is None else cells[i].purpose for i in at)
    words |= {f"factor:{name}": column for name, column in _factors(rows)}
    numbers = {name: [number(finding) for finding in rows] for name, number in _NUMBERS.items()}
    return Table(
        n=len(rows),
        ids=[finding.episode for finding in rows],
        words=words,
        numbers={**numbers, "cell": list(at)},
    )


def _factors(rows: Sequence[EpisodeFinding]) -> Iterator[tuple[str, Column]]:
    """The factors of which there are at least two levels, over all scenarios."""
    known: dict[frozenset[tuple[str, str]], int] = {}
    codes = [known.setdefault(frozenset((f.condition or {}).items()), len(known)) for f in rows]
    conditions = [dict(condition) for condition in known]
    for name in sorted({name for condition in conditions for name in condition}):
        levels = [condition.get(name) for condition in conditions]
        if len(set(levels) - {None}) > 1:
            yield name, coded(levels[code] for code in codes)


def coded(words: Iterable[str | None]) -> Column:
    """A column of words, coded in the order in which they first occur."""
    known: dict[str | None, int] = {}
    codes = [known.setdefault(word, len(known)) for word in words]
    return Column(values=list(known), codes=codes)


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
