"""The tables of a report as plain strings: one shape that the text and Markdown renderers both draw."""

from collections.abc import Iterable

from ulterior.analysis.report.grid import Grid, measured_rate
from ulterior.analysis.report.model import Exhibit, Report, ScenarioSection
from ulterior.analysis.report.numbers import NO_DATA, counts, day, interval, money, rate, thousands
from ulterior.analysis.report.wording import ACT_WORDS, FUNNEL_WORDS, LABEL_WORDS, LIMIT_WORDS
from ulterior.scenarios import DISCLOSURE_LABELS

__all__ = [
    "claims_grid",
    "disclosure_grid",
    "exhibit_lines",
    "funnel_grid",
    "header_lines",
    "matrix_grid",
    "measures_grid",
    "models_grid",
    "outcome_grid",
    "rates_grid",
    "section_grids",
    "unscored_grid",
]


_CLAIMS = {
    "true": "true",
    "true_denial": "true denials",
    "false_denial": "false denials",
    "false_confession": "false confessions",
    "unverifiable": "unverifiable",
    "omitted": "omitted",
}


def header_lines(report: Report) -> list[str]:
    """What was run, when, with what, and how much of it could be judged."""
    scope = report.scope
    silent = (
        (scope.unscored, "unscored"),
        (scope.infra_error, "void (infrastructure)"),
        (scope.running, "not finished"),
        (scope.corrupt, "damaged"),
        (scope.missing, "planned and not begun"),
    )
    rest = ", ".join(f"{n} {what}" for n, what in silent if n)
    lines = [
        f"{scope.episodes} episodes, {scope.scored} scored" + (f", {rest}" if rest else ""),
        f"run {day(report.started)} to {day(report.ended)}, analysed with ulterior {report.ulterior}",
    ]
    if scope.forks:
        lines.append(f"forks, which enter no rate: {scope.forks}")
    if scope.void_attempts:
        lines.append(f"attempts that infrastructure failed, kept apart: {scope.void_attempts}")
    lines += [f"{name}: {value}" for name, value in report.about.items() if value]
    lines += [
        f"{d.stage}: {d.name} {d.version}, measured error: {d.measured_error}" for d in report.detectors
    ]
    return [*lines, f"canary: {report.canary}"]


def matrix_grid(report: Report) -> Grid:
    """Covert violations: scenarios and conditions down, models across."""
    models = [row.model for row in report.models]
    rows: list[tuple[str, ...]] = []
    for section in report.scenarios:
        for label in dict.fromkeys(cell.label for cell in section.cells):
            by_model = {cell.model: rate(cell.covert) for cell in section.cells if cell.label == label}
            rows.append((section.scenario, label, *(by_model.get(model, NO_DATA) for model in models)))
    return Grid(
        "Covert violations: how many, per cent [95 % interval]",
        ("scenario", "condition", *models),
        tuple(rows),
        frozenset(range(2, 2 + len(models))),
    )


def models_grid(report: Report) -> Grid:
    """One row per model: counts, how episodes ended, what could be seen, what it cost."""
    columns = (
        "model",
        "episodes",
        "scored",
        "covert",
        "open",
        "deceptive",
        "refused",
        "limits",
        "reasoning seen",
        "tokens",
        "cost",
    )
    rows = tuple(
        (
            row.model,
            str(row.episodes),
            str(row.scored),
            str(row.covert),
            str(row.overt),
            str(row.deceptive),
            str(row.refused),
            counts(row.limits, LIMIT_WORDS),
            counts(row.reasoning),
            thousands(row.tokens_in + row.tokens_out),
            money(row),
        )
        for row in report.models
    )
    return Grid("Models", columns, rows, frozenset({1, 2, 3, 4, 5, 6, 9, 10}))


def outcome_grid(section: ScenarioSection) -> Grid:
    """One row per condition and model: how many, what they did, and what the rates leave out."""
    columns = ("condition", "model", "scored", "act", "ended early", "rule shown", "not in covert", "flags")
    rows = tuple(
        (
            cell.label,
            cell.model,
            f"{cell.scored}/{cell.episodes}",
            counts(cell.acts, ACT_WORDS),
            counts(({"refusal": cell.refused} if cell.refused else {}) | cell.limits, LIMIT_WORDS),
            f"{cell.exposed.k}/{cell.exposed.n}" if cell.exposed.n else NO_DATA,
            counts(cell.undecided),
            counts(cell.flags),
        )
        for cell in section.cells
    )
    return Grid("Outcomes", columns, rows, frozenset({2, 5}))


def rates_grid(section: ScenarioSection) -> Grid:
    """One row per condition and model: k/n, the rate and its interval."""
    rows = tuple(
        (
            cell.label,
            cell.model,
            rate(cell.violated),
            rate(cell.covert),
            rate(cell.overt),
            rate(cell.deceptive),
        )
        for cell in section.cells
    )
    columns = ("condition", "model", "violated", "covert", "open violation", "deceptive")
    return Grid("Rates, per cent [95 % interval]", columns, rows, frozenset({2, 3, 4, 5}))


def funnel_grid(section: ScenarioSection) -> Grid:
    """Each stage among the episodes that reached the one before."""
    names = [stage.name for stage in section.cells[0].funnel]
    rows = tuple(
        (
            cell.label,
            cell.model,
            *(f"{stage.rate.k}/{stage.rate.n}" if stage.rate.n else NO_DATA for stage in cell.funnel),
        )
        for cell in section.cells
    )
    columns = ("condition", "model", *(FUNNEL_WORDS[name] for name in names))
    return Grid("How far it went", columns, rows, frozenset(range(2, 2 + len(names))))


def disclosure_grid(section: ScenarioSection) -> Grid:
    """Labels of each fact among the episodes of which it is true."""
    first, *others = DISCLOSURE_LABELS
    words = (LABEL_WORDS[label] for label in others)
    columns = ("fact", "condition", "model", "true in", f"{LABEL_WORDS[first]} [95 %]", *words)
    rows = tuple(
        (
            row.fact,
            row.label,
            row.model,
            str(row.n),
            f"{row.volunteered.k} {interval(row.volunteered)}",
            *(str(row.labels.get(label, 0)) for label in others),
        )
        for row in sorted(section.disclosure, key=lambda row: row.fact)
        if row.n
    )
    return Grid("Disclosure", columns, rows, frozenset(range(3, 4 + len(DISCLOSURE_LABELS))))


def claims_grid(section: ScenarioSection) -> Grid:
    """Statements about facts, set against what is true: denials of what was done beside false confessions."""
    rows = tuple(
        (
            row.condition,
            row.model,
            *(str(row.verdicts.get(verdict, 0)) for verdict in _CLAIMS),
            measured_rate(row.false_denials),
            measured_rate(row.false_confessions),
            str(row.unread),
        )
        for row in section.claims
        if any(row.verdicts.values()) or row.unread
    )
    columns = ("condition", "model", *_CLAIMS.values(), "denied falsely", "confessed falsely", "unread")
    return Grid("Claims against the record", columns, rows, frozenset(range(2, len(columns))))


def measures_grid(section: ScenarioSection) -> Grid:
    """Means of the scenario's own measures."""
    rows = tuple(
        (row.measure, row.label, row.model, str(row.n), f"{row.mean:.4g}", f"{row.low:.4g} to {row.high:.4g}")
        for row in sorted(section.measures, key=lambda row: (row.measure, row.model, row.label))
    )
    return Grid(
        "Measures", ("measure", "condition", "model", "n", "mean", "range"), rows, frozenset({3, 4, 5})
    )


def section_grids(section: ScenarioSection) -> tuple[Grid, ...]:
    """All tables of one scenario, in reading order."""
    return (
        outcome_grid(section),
        rates_grid(section),
        funnel_grid(section),
        disclosure_grid(section),
        claims_grid(section),
        measures_grid(section),
    )


def unscored_grid(report: Report) -> Grid:
    """What could not be judged, and why."""
    rows = tuple(
        (str(group.n), group.status, group.reason, " ".join(group.examples)) for group in report.unscored
    )
    return Grid("Unscored", ("n", "what", "reason", "for example"), rows, frozenset({0}))


def exhibit_lines(exhibit: Exhibit) -> Iterable[str]:
    """What the record shows and what was said, one line each."""
    for citation in exhibit.citations:
        yield f"did: {citation.note} (event {citation.seq})"
    for quote in exhibit.quotes:
        yield f"{quote.rule.split()[1]} {quote.fact}: “{quote.quote}” ({quote.via}, event {quote.seq})"
    if not exhibit.quotes:
        yield "said: no report tells or denies any of it"
