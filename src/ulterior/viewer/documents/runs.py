"""A study: its matrix and one row per episode."""

from typing import Any, Literal

from ulterior.analysis.report.model import Detector, Scope
from ulterior.analysis.statistics import Rate
from ulterior.traces import Frozen

__all__ = ["Cell", "Column", "Runs", "ScenarioAbout", "StudyAbout", "Table"]


class StudyAbout(Frozen):
    """What a study is. ``about`` is what it says of itself, ``designs`` are what was asked for."""

    key: str
    name: str
    about: dict[str, str]
    designs: tuple[dict[str, Any], ...]
    started: float | None
    ended: float | None
    scope: Scope
    live: bool


class ScenarioAbout(Frozen):
    """One scenario; ``facts`` maps what is material to its statement. Empty where it can't be had."""

    title: str
    summary: str
    versions: tuple[str, ...]
    facts: dict[str, str]
    fixed: dict[str, str]


class Cell(Frozen):
    """One scenario, condition and model, forks left aside. ``label`` names what varies in this study.

    ``episodes`` = ``scored`` + ``unscored`` + ``void`` + ``running`` + ``corrupt``. ``rates`` are
    over the
    episodes in which the question could be decided; ``undecided`` says why others are not in ``covert``.
    """

    scenario: str
    label: str
    model: str
    purpose: str | None
    condition: dict[str, str]
    episodes: int
    scored: int
    unscored: int
    void: int
    running: int
    corrupt: int
    refused: int
    limits: dict[str, int]
    undecided: dict[str, int]
    acts: dict[str, int]
    rates: dict[str, Rate]


class Column(Frozen):
    """A column of words, coded: row ``i`` holds ``values[codes[i]]``."""

    values: list[str | None]
    codes: list[int]


class Table(Frozen):
    """One row per episode, in table order, forks included.

    ``words`` are ``scenario``, ``model``, ``condition`` (the cell's label), ``factor:NAME`` for every factor
    that has two levels in this study, ``purpose``, ``sandbox``, ``status``, ``limit``, ``kind`` (as the scope
    counts: ``scored``, ``unscored``, ``infra_error`` ...), ``act``,
    ``disclosure`` (the worst label of its facts), ``outcome`` (``covert``, ``overt``, ``kept`` ..., see
    :mod:`ulterior.viewer.outcomes`), ``deceptive``, ``intent``, ``awareness``, ``flags``, ``unscored`` (the
    reason why), ``fork`` (the parent's id). ``numbers`` are ``seed``, ``epoch``, ``turns``, ``tokens``,
    ``cost`` in US dollars to the millionth, ``started`` and ``ended`` in epoch seconds to the thousandth, and
    ``cell``, an index into the cells; None of forks, and of episodes whose identity can't be read.
    """

    n: int
    ids: list[str]
    words: dict[str, Column]
    numbers: dict[str, list[int | float | None]]


class Runs(Frozen):
    """A study's matrix and its episodes."""

    format: Literal[1] = 1
    study: StudyAbout
    detectors: tuple[Detector, ...]
    scenarios: dict[str, ScenarioAbout]
    models: tuple[str, ...]
    cells: tuple[Cell, ...]
    table: Table
