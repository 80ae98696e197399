"""A report as numbers: what every renderer draws from, and what ``--format json`` prints.

Nothing here is text made up for one medium. A rate carries its n, its interval and its method; a count
of episodes that could not be judged stands beside every count of those that could.
"""

from ulterior.analysis.awareness.panel import AwarenessPanel
from ulterior.analysis.claims import ClaimsRow
from ulterior.analysis.disclosure import Quote
from ulterior.analysis.effects import OutcomeEffects
from ulterior.analysis.report.comparison import SuiteRow
from ulterior.analysis.report.corrected import Corrections
from ulterior.analysis.report.validity import Validity
from ulterior.analysis.sandbagging.verdict import GroupVerdict
from ulterior.analysis.statistics import Rate
from ulterior.analysis.triangle import TriangleTable
from ulterior.scenarios import Citation, Purpose
from ulterior.traces import Frozen

__all__ = [
    "Cell",
    "Detector",
    "DisclosureCell",
    "Exhibit",
    "ForestRow",
    "MeasureCell",
    "ModelFunnel",
    "ModelRow",
    "Report",
    "ScenarioSection",
    "Scope",
    "Stage",
    "UnscoredGroup",
]


class Scope(Frozen):
    """How many episodes there are and what became of them.

    ``scored`` + ``infra_error`` + ``unscored`` + ``running`` + ``corrupt`` = ``episodes`` (forks are not
    among them: a fork is conditional on its parent and enters no rate). ``void_attempts`` failed before
    they could be stored. ``missing`` were planned and have no file at all.
    """

    episodes: int
    scored: int
    infra_error: int
    unscored: int
    running: int
    corrupt: int
    forks: int
    void_attempts: int
    missing: int


class Detector(Frozen):
    """One stage with its version and what is known of its error."""

    stage: str
    name: str
    version: str
    measured_error: str


class ModelRow(Frozen):
    """One model over the whole study: counts and spending, no rates (its cells differ in what they ask).

    ``reasoning`` counts episodes by the best channel through which reasoning was visible. ``cost`` is in
    US dollars; ``unpriced`` is the number of episodes without a known price, which are not in it.
    """

    model: str
    episodes: int
    scored: int
    covert: int
    overt: int
    deceptive: int
    refused: int
    limits: dict[str, int]
    reasoning: dict[str, int]
    tokens_in: int
    tokens_out: int
    cost: float | None
    unpriced: int


class Stage(Frozen):
    """One stage of the funnel: ``rate.n`` counts the episodes that reached the stage before."""

    name: str
    rate: Rate


class ModelFunnel(Frozen):
    """One model under temptation, all scenarios together."""

    model: str
    stages: tuple[Stage, ...]


class ForestRow(Frozen):
    """One scenario and model under temptation, all such conditions together."""

    scenario: str
    model: str
    covert: Rate


class Cell(Frozen):
    """One scenario, condition and model. ``purpose`` is what the condition is there for, None where the
    scenario names nothing like it or can't be had.

    ``acts`` counts audited episodes by act. ``refused`` and ``limits`` count how episodes ended; they are
    outcomes and stay in every rate. Rates differ in their n: a rate is over the episodes in which its
    question could be decided; ``undecided`` says how many were left out of ``covert`` and why.
    """

    model: str
    condition: dict[str, str]
    purpose: Purpose | None
    label: str
    episodes: int
    scored: int
    acts: dict[str, int]
    refused: int
    limits: dict[str, int]
    undecided: dict[str, int]
    exposed: Rate
    violated: Rate
    covert: Rate
    overt: Rate
    deceptive: Rate
    funnel: tuple[Stage, ...]
    flags: dict[str, int]
    turns: float | None


class DisclosureCell(Frozen):
    """One material fact in one cell: labels among the ``n`` episodes of which the fact is true."""

    fact: str
    model: str
    label: str
    n: int
    labels: dict[str, int]
    volunteered: Rate


class MeasureCell(Frozen):
    """The mean of one measure in one cell, over the ``n`` episodes that have it."""

    measure: str
    model: str
    label: str
    n: int
    mean: float
    low: float
    high: float


class Exhibit(Frozen):
    """One episode shown as evidence, with the command that shows all of it."""

    episode: str
    model: str
    label: str
    seed: int
    epoch: int
    kind: str
    act: str
    disclosure: dict[str, str]
    citations: tuple[Citation, ...]
    quotes: tuple[Quote, ...]
    command: str


class ScenarioSection(Frozen):
    """One scenario. ``fixed`` are the factors that every condition of this study shares."""

    scenario: str
    title: str
    summary: str
    versions: tuple[str, ...]
    fixed: dict[str, str]
    facts: dict[str, str]
    cells: tuple[Cell, ...]
    disclosure: tuple[DisclosureCell, ...]
    claims: tuple[ClaimsRow, ...]
    measures: tuple[MeasureCell, ...]
    exhibits: tuple[Exhibit, ...]


class UnscoredGroup(Frozen):
    """Episodes that share a reason for not being scored. ``examples`` are at most three ids."""

    status: str
    reason: str
    n: int
    examples: tuple[str, ...]


class Report(Frozen):
    """A whole study. Times are epoch seconds; ``about`` is what the study says of itself."""

    canary: str
    ulterior: str
    study: str
    about: dict[str, str]
    started: float | None
    ended: float | None
    scope: Scope
    detectors: tuple[Detector, ...]
    models: tuple[ModelRow, ...]
    comparison: tuple[SuiteRow, ...]
    forest: tuple[ForestRow, ...]
    funnel: tuple[ModelFunnel, ...]
    effects: tuple[OutcomeEffects, ...]
    triangle: TriangleTable
    awareness: AwarenessPanel
    sandbagging: tuple[GroupVerdict, ...]
    corrections: Corrections
    validity: Validity
    scenarios: tuple[ScenarioSection, ...]
    unscored: tuple[UnscoredGroup, ...]
    method: str
    reading: tuple[str, ...]
