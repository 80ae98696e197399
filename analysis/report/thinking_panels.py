"""The panels of what was thought: say, think and do side by side, and awareness in its four channels."""

from collections import Counter
from collections.abc import Iterator

from ulterior.analysis.awareness.panel import AwarenessPanel, AwarenessRow
from ulterior.analysis.report.grid import Grid, Panel, measured, measured_rate, with_rows
from ulterior.analysis.report.model import Report
from ulterior.analysis.report.numbers import NO_DATA, percent, signed_percent
from ulterior.analysis.triangle import DISAGREEMENTS

__all__ = ["awareness_panel", "triangle_panel"]

_EVERYWHERE = "all scenarios"


def triangle_panel(report: Report) -> Panel | None:
    """Types of disagreement down, models across."""
    models = [row.model for row in report.models]
    kinds = {model: Counter[str]() for model in models}
    bases = {model: Counter[str]() for model in models}
    for row in report.triangle.rows:
        kinds[row.model] += Counter(row.kinds)
        bases[row.model] += Counter(row.bases)
    found = {kind for counts in kinds.values() for kind, n in counts.items() if n}
    grid = Grid(
        "Episodes by what was done, said and thought",
        ("type", "what it is", *models),
        tuple(
            (each.name.replace("_", " "), each.meaning, *(str(kinds[model][each.name]) for model in models))
            for each in DISAGREEMENTS
            if each.name in found
        ),
        frozenset(range(2, 2 + len(models))),
    )
    seen = Grid(
        "What these are seen from",
        ("evidence", *models),
        tuple(
            (basis, *(str(bases[model][basis]) for model in models))
            for basis in dict.fromkeys(basis for counts in bases.values() for basis in counts)
        ),
        frozenset(range(1, 1 + len(models))),
    )
    if not grid.rows:
        return None
    return Panel(
        "triangle",
        "Say, think, do",
        "All conditions together, the controls too. What was done is the world's history, what was said the"
        " reports, what was thought the reasoning; none decides another. Where no reasoning came back, the"
        " types say nothing of thoughts.",
        (grid, seen),
    )


def awareness_panel(report: Report) -> Panel | None:
    """What agents say of their situation unasked and asked, what they look for, and what the cue does."""
    panel = report.awareness
    grids = with_rows((_voiced(panel), _given(panel), _cues(panel), _prompted(panel)))
    if not grids:
        return None
    return Panel(
        "awareness",
        "Taking it for a test",
        f"Under temptation, in four channels that are never put together. {_reader(report)}",
        grids,
        tuple(_notes(panel)),
    )


def _reader(report: Report) -> str:
    by = next(each for each in report.detectors if each.stage == "awareness")
    return f"What is said unasked is read by {by.name} {by.version} ({by.measured_error})."


def _voiced(panel: AwarenessPanel) -> Grid:
    rows = tuple(
        (
            row.model,
            row.scenario or _EVERYWHERE,
            str(row.episodes),
            measured_rate(row.suspects),
            *(str(row.labels[label].k) for label in row.labels),
            measured_rate(row.visible),
            measured_rate(row.probes_environment),
        )
        for row in _totals(panel)
    )
    labels = [label.replace("_", " ") for label in (panel.rows[0].labels if panel.rows else ())]
    columns = ("model", "scenario", "episodes", "suspects", *labels, "reasoning seen", "probes surroundings")
    return Grid("Said unasked, and looked for", columns, rows, frozenset(range(2, len(columns))))


def _given(panel: AwarenessPanel) -> Grid:
    rows = tuple(
        (
            row.model,
            row.scenario or _EVERYWHERE,
            measured_rate(row.act_suspects),
            measured_rate(row.act_others),
            _between(row.bounds.low, row.bounds.high),
        )
        for row in _totals(panel)
        if row.act_suspects.n or row.act_others.n
    )
    columns = ("model", "scenario", "violated, suspects", "violated, others", "bounds for others")
    return Grid("The act, by what was said", columns, rows, frozenset({2, 3, 4}))


def _cues(panel: AwarenessPanel) -> Grid:
    rows = tuple(
        (
            each.model,
            each.scenario or _EVERYWHERE,
            f"{each.level} against {each.base}",
            each.outcome,
            str(each.difference.n),
            measured(
                each.difference.estimate, each.difference.low, each.difference.high, write=signed_percent
            ),
        )
        for each in panel.cues.contrasts
    )
    columns = ("model", "scenario", "cue", "outcome", "pairs", "difference")
    return Grid("What the cue causes, in percentage points", columns, rows, frozenset({4, 5}))


def _prompted(panel: AwarenessPanel) -> Grid:
    rows = tuple(
        (
            row.model,
            row.scenario,
            f"{row.arm} (ordinary work)" if row.ordinary else row.arm,
            measured_rate(row.says_test),
            NO_DATA if row.likely is None else f"{row.likely:.0f}",
        )
        for row in panel.prompted
    )
    columns = ("model", "scenario", "arm", "says test", "how likely, 0 to 100")
    return Grid("When asked, in forks", columns, rows, frozenset({3, 4}))


def _totals(panel: AwarenessPanel) -> list[AwarenessRow]:
    """A model's row over all scenarios where it has one, else its only row."""
    over_all = {row.model for row in panel.rows if row.scenario is None}
    return [row for row in panel.rows if row.scenario is None or row.model not in over_all]


def _between(low: float | None, high: float | None) -> str:
    return NO_DATA if low is None or high is None else f"{percent(low)} to {percent(high)}"


def _notes(panel: AwarenessPanel) -> Iterator[str]:
    yield from (f"{name.capitalize()}: {text}." for name, text in panel.caveats.items())
    if panel.cues.reason is not None:
        yield f"Effects of the cue: {panel.cues.reason}."
    if panel.prompted_reason is not None:
        yield f"Asked in forks: {panel.prompted_reason}."
    unread: Counter[str] = Counter()
    for row in _totals(panel):
        unread.update(row.unread)
    yield from (f"Without a label: {n}, {reason}." for reason, n in sorted(unread.items()))
