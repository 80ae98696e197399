"""The panel of factor effects."""

from collections.abc import Iterator

from ulterior.analysis.effects import OutcomeEffects
from ulterior.analysis.report.grid import Grid, Panel, measured
from ulterior.analysis.report.model import Report
from ulterior.analysis.report.numbers import NO_DATA, p_value, signed_percent
from ulterior.analysis.statistics.effects import FactorEffect

__all__ = ["effects_panel"]

_COLUMNS = (
    "outcome",
    "factor",
    "level",
    "against",
    "k/n",
    "odds ratio",
    "difference",
    "p",
    "Holm",
    "BH",
    "by",
)


def effects_panel(report: Report) -> Panel | None:
    """Every level of every varied factor against its default; None where nothing was varied."""
    rows = tuple(
        (
            found.outcome,
            effect.factor,
            effect.value,
            effect.reference,
            f"{effect.k}/{effect.n} : {effect.k0}/{effect.n0}",
            _odds(effect),
            measured(effect.difference, effect.low, effect.high, write=signed_percent),
            p_value(effect.p),
            p_value(effect.p_holm),
            p_value(effect.p_bh),
            effect.method,
        )
        for found in report.effects
        for effect in found.effects
    )
    if not rows:
        return None
    caption = "Risk differences in percentage points, odds ratios [95 % interval]"
    return Panel(
        "effects",
        "What each factor does",
        "All scenarios and models together, each episode compared within its own scenario and model only."
        " An arm goes by what it is there for. Only factors that were drawn by lot, or set against each"
        " other on the same instances, say what causes what. p is adjusted over all rows of one outcome: by"
        " Holm's method for the question that the study was made for, by Benjamini and Hochberg's for"
        " looking through the table.",
        (Grid(caption, _COLUMNS, rows, frozenset({4, 5, 6, 7, 8, 9})),),
        tuple(_notes(report.effects)),
    )


def _odds(effect: FactorEffect) -> str:
    if effect.odds_ratio is None or effect.odds_low is None or effect.odds_high is None:
        return NO_DATA
    return f"{effect.odds_ratio:.2g} [{effect.odds_low:.2g}, {effect.odds_high:.2g}]"


def _notes(effects: tuple[OutcomeEffects, ...]) -> Iterator[str]:
    """Every reason and warning once, with the rows that it is about."""
    about: dict[str, list[str]] = {}
    for found in effects:
        if found.undecided:
            yield f"{found.outcome}: {found.undecided} episodes are left open and in no row."
        for effect in found.effects:
            row = f"{found.outcome} {effect.factor}={effect.value}"
            if (why := effect.reasons.get("odds_ratio")) is not None:
                about.setdefault(f"No odds ratio, {why}", []).append(row)
            for warning in effect.warnings:
                about.setdefault(warning, []).append(row)
    yield from (f"{text}: {', '.join(rows)}." for text, rows in about.items())
