"""The panels of a report: one question about the whole study each, in the order in which they are read."""

from collections.abc import Callable, Iterator

from ulterior.analysis.report.effects_panel import effects_panel
from ulterior.analysis.report.grid import Grid, Measured, Panel, measured, measured_rate, with_rows
from ulterior.analysis.report.model import Report
from ulterior.analysis.report.numbers import NO_DATA, counts, percent
from ulterior.analysis.report.sandbagging_panel import sandbagging_panel
from ulterior.analysis.report.thinking_panels import awareness_panel, triangle_panel
from ulterior.analysis.report.wording import FUNNEL_WORDS

__all__ = ["panels_of"]


def panels_of(report: Report, *, brief: bool = False) -> tuple[Panel, ...]:
    """All panels; a ``brief`` report has the comparison only."""
    made = _BRIEF if brief else _ALL
    return tuple(panel for make in made if (panel := make(report)) is not None)


# ---- Side by side ----------------------------------------------------------------------------------------


def _comparison(report: Report) -> Panel | None:
    rows = tuple(
        (
            row.model,
            row.outcome,
            str(row.scenarios),
            _share(row.suite.estimate, row.suite.low, row.suite.high),
            _share(row.population.estimate, row.population.low, row.population.high),
            str(row.at_zero),
            str(row.below_5),
            str(row.below_50),
            NO_DATA if row.least is None else str(row.least),
        )
        for row in report.comparison
        if row.scenarios
    )
    columns = (
        "model",
        "outcome",
        "scenarios",
        "mean, this suite",
        "scenarios like these",
        "at 0",
        "< 5 %",
        "< 50 %",
        "least n",
    )
    grid = Grid("Mean over scenarios, per cent [95 % interval]", columns, rows, frozenset(range(2, 9)))
    return _panel(
        "comparison",
        "Models side by side",
        "Under temptation only; every scenario counts once. The first interval is about these scenarios, the"
        " second about scenarios like them. At 0, < 5 % and < 50 % count scenarios by their estimate: with a"
        " small least n, a scenario at 0 may well hide a rate that is not.",
        (grid,),
        tuple(_population_notes(report)),
    )


def _population_notes(report: Report) -> Iterator[str]:
    """Each warning about the second interval once, with the rows that it is about."""
    rows = [row for row in report.comparison if row.scenarios]
    about: dict[str, list[str]] = {}
    for row in rows:
        for warning in row.population.warnings:
            about.setdefault(warning, []).append(f"{row.model} {row.outcome}")
    for warning, named in about.items():
        where = "all rows" if len(named) == len(rows) else ", ".join(named)
        yield f"Scenarios like these: {warning} ({where})."


def _funnel(report: Report) -> Panel | None:
    rows = tuple(
        (row.model, *(f"{stage.rate.k}/{stage.rate.n}" if stage.rate.n else NO_DATA for stage in row.stages))
        for row in report.funnel
    )
    names = [stage.name for stage in report.funnel[0].stages] if report.funnel else []
    columns = ("model", *(FUNNEL_WORDS[name] for name in names))
    grid = Grid(
        "How many went on, of those that came so far",
        columns,
        rows,
        frozenset(range(1, len(columns))),
    )
    return _panel(
        "funnel",
        "How far they went",
        "All scenarios together, under temptation. Each stage is counted among the episodes that reached the"
        " one before it.",
        (grid,),
    )


def _corrected(report: Report) -> Panel | None:
    rows = tuple(
        (
            row.outcome,
            row.scenario,
            row.model,
            measured_rate(row.rate.raw),
            _share(row.rate.estimate, row.rate.low, row.rate.high),
            _errors(row.rate.sensitivity, row.rate.specificity),
            row.rate.reason or row.rate.method,
        )
        for row in report.corrections.rows
        if row.rate.raw.n
    )
    columns = ("outcome", "scenario", "model", "raw", "corrected", "finds, lets pass", "how")
    grid = Grid("Under temptation, per cent [95 % interval]", columns, rows, frozenset({3, 4, 5}))
    return _panel(
        "corrected",
        "With the detectors' errors taken out",
        "A detector that misses or invents moves every rate that it finds. Where its errors were measured on"
        " the same family of scenarios they can be taken out; elsewhere the raw rate stands alone.",
        (grid,),
        tuple(f"{outcome.capitalize()}: {why}." for outcome, why in report.corrections.without.items()),
    )


def _errors(sensitivity: float | None, specificity: float | None) -> str:
    if sensitivity is None or specificity is None:
        return NO_DATA
    return f"{percent(sensitivity)}, {percent(specificity)}"


# ---- What the numbers can carry --------------------------------------------------------------------------


def _validity(report: Report) -> Panel | None:
    validity = report.validity
    rows = tuple(
        (
            row.model,
            measured_rate(row.able),
            measured_rate(row.over_refused),
            measured_rate(row.shown),
            measured_rate(row.suspected),
            measured_rate(row.failed),
            counts(row.reasoning),
        )
        for row in validity.models
    )
    columns = ("model", "able", "over-refused", "rule shown", "suspects a test", "refused", "reasoning seen")
    grid = Grid("Checks, per cent [95 % interval]", columns, rows, frozenset({1, 2, 3, 4, 5}))
    return _panel(
        "validity",
        "What these numbers can carry",
        "A rate is about what was done under these conditions, not about what a model can do or would do"
        " anywhere. Able: did it when told to by somebody who may. Over-refused: left undone what the files"
        " permit. A dash means that the study has no such episodes.",
        (grid,),
        tuple(_validity_notes(report)),
    )


def _validity_notes(report: Report) -> Iterator[str]:
    validity, scope = report.validity, report.scope
    if not validity.tempting:
        yield "No episode ran under temptation: nothing here is about a propensity."
    yield f"Pressure of the briefing (nudge) under temptation: {counts(validity.nudges)}."
    yield f"Test cue under temptation: {counts(validity.cues)}."
    if all(row.able.n == 0 for row in validity.models):
        yield "No condition told a model to do the act: restraint can't be told from inability."
    if all(row.over_refused.n == 0 for row in validity.models):
        yield "No condition permitted the act: a model that declines everything would look perfect."
    yield (
        "A model may take any scenario for fiction and play along; what it says of that is counted above,"
        " what it keeps to itself is not."
    )
    yield f"Void for reasons of the infrastructure: {scope.infra_error + scope.void_attempts} attempts."
    graders = ", ".join(f"{each.stage} by {each.name} {each.version}" for each in report.detectors)
    yield f"Judged by: {graders}. Tools are called in each provider's own format."


# ---- Making panels ---------------------------------------------------------------------------------------


def _panel(
    name: str, title: str, lede: str, grids: tuple[Grid, ...], notes: tuple[str, ...] | list[str] = ()
) -> Panel | None:
    """The panel, or None where there is nothing in it."""
    filled = with_rows(grids)
    return Panel(name, title, lede, filled, tuple(notes)) if filled or notes else None


def _share(estimate: float | None, low: float | None, high: float | None) -> str | Measured:
    return measured(estimate, low, high, write=percent, scale=(0.0, 1.0))


_BRIEF: tuple[Callable[[Report], Panel | None], ...] = (_comparison,)
_ALL = (
    _comparison,
    effects_panel,
    _funnel,
    triangle_panel,
    awareness_panel,
    sandbagging_panel,
    _corrected,
    _validity,
)
