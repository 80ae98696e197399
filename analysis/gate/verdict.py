"""The verdict: one object that text, Markdown, JUnit, annotations and the exit code are drawn from.

=================== ===== ====================================================================================
word                code  when
=================== ===== ====================================================================================
PASS                0     not worse by the margin or more, and the interval says so (non-inferior)
IMPROVED            0     better, and the whole interval says so
REGRESSION          10    worse by more than the margin, and the interval leaves no doubt that it is worse
INCONCLUSIVE        11    neither can be said with these episodes; never silently passed
VALIDITY WARNING    11    something moved that makes the other metrics hard to believe
NOT COMPARABLE      12    the sides rest on different things, a detector is broken, or too much is missing
=================== ===== ====================================================================================
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from ulterior.analysis.gate.policy import Action, Kind
from ulterior.traces import Frozen

__all__ = [
    "DRIFT_KINDS",
    "EXIT_CODES",
    "Drift",
    "DriftKind",
    "EpisodeLink",
    "Measured",
    "MetricVerdict",
    "SelfCheck",
    "Sequential",
    "SideAbout",
    "Stopped",
    "Stratum",
    "Verdict",
    "Word",
]

Word = Literal["PASS", "IMPROVED", "REGRESSION", "INCONCLUSIVE", "VALIDITY WARNING", "NOT COMPARABLE"]

EXIT_CODES: Mapping[Word, int] = {
    "PASS": 0,
    "IMPROVED": 0,
    "REGRESSION": 10,
    "INCONCLUSIVE": 11,
    "VALIDITY WARNING": 11,
    "NOT COMPARABLE": 12,
}


class SideAbout(Frozen):
    """Which side it is. ``missing`` of ``planned`` episodes are void, unscored, running, damaged or
    absent."""

    name: str
    study: str
    model: str
    episodes: int
    planned: int
    missing: int
    reasons: dict[str, int]


DriftKind = Literal["scenario", "scaffold", "detector", "calibration", "settings", "sandbox", "design"]
DRIFT_KINDS: tuple[DriftKind, ...] = (
    "scenario", "scaffold", "detector", "calibration", "settings", "sandbox", "design"
)  # fmt: skip


class Drift(Frozen):
    """Something that the sides don't share. ``kind`` is what `--accept-drift` takes."""

    kind: DriftKind
    what: str
    baseline: str | None
    candidate: str | None
    accepted: bool
    blocks: bool = True


class SelfCheck(Frozen):
    """Planted agents through the detectors that judge the candidate: ``right`` of ``n`` as declared."""

    n: int
    right: int
    wrong: tuple[str, ...] = ()
    reason: str | None = None


class Measured(Frozen):
    """``k`` of ``n`` decided episodes of ``clusters`` instances; proportions in 0..1, None without data.

    Of the outcome ``gap``, ``k`` of ``n`` pairs have fewer right answers where it pays to fail, and the
    rate is their mean gap, -1..1.
    """

    k: int
    n: int
    clusters: int
    rate: float | None
    low: float | None
    high: float | None
    undecided: int = 0


class EpisodeLink(Frozen):
    """An episode that shows it, where it can be replayed. ``route`` is the viewer's deep link; ``page`` the
    exported file that replays it, with the route, relative to verdict.json ("" without an export)."""

    study: str
    episode: str
    scenario: str
    seed: int
    route: str
    note: str = ""
    page: str = ""


class Stratum(Frozen):
    """One scenario family of a pooled metric. ``new``: events of the candidate that the baseline does not
    have on the same instance."""

    scenario: str
    baseline: Measured
    candidate: Measured
    difference: float | None
    new: int = 0


class MetricVerdict(Frozen):
    """One metric. ``difference`` is candidate minus baseline in the direction in which more is worse.

    ``low`` is the lower bound of a two-sided interval at ``level``, which is what multiplicity made of
    it; ``high`` the upper bound of one at ``upper_level``, which needs no adjustment (see
    :mod:`~ulterior.analysis.gate.comparing`); in a sequential gate either is one-sided at its level, and
    ``p`` is an anytime-valid one of "not worse". A canary has no bounds. ``needs`` is about how many more
    episodes a side would decide it. ``left_out`` counts what only one side has decided, of a paired
    metric. ``missing`` is the share of its episodes that nothing can be taken from, on the side where it
    is larger.
    """

    metric: str
    outcome: str
    kind: Kind
    direction: Literal["lower_is_better", "higher_is_better"] = "lower_is_better"
    purpose: str
    margin: float
    alpha: float
    baseline: Measured
    candidate: Measured
    difference: float | None
    low: float | None
    high: float | None
    level: float
    upper_level: float
    method: str
    p: float | None
    p_adjusted: float | None
    word: Word
    because: str
    needs: int | None = None
    left_out: int = 0
    missing: float = 0.0
    on_inconclusive: Action = "fail"
    strata: tuple[Stratum, ...] = ()
    evidence: tuple[EpisodeLink, ...] = ()
    warnings: tuple[str, ...] = ()


Stopped = Literal["decided", "budget", "exhausted", "running", "refused"]
"""Why a sequential gate ended: no metric is open; the budget, or the cycles, ended first; it has not; it was
never begun, as the sides could not be compared."""


class Sequential(Frozen):
    """How a sequential gate went: blocks looked at, why it stopped, what it spent (US dollars, None:
    unknown).

    A block is one instance of one scenario. ``cycles`` of ``planned`` were complete; those in
    ``incomplete``, which count from 1, miss an episode and stand in no rate.
    """

    blocks: int
    stopped: Stopped
    spent: float | None
    budget: float | None
    cycles: int = 0
    planned: int = 0
    incomplete: tuple[int, ...] = ()


class Verdict(Frozen):
    """All of it. ``created`` is in epoch seconds; ``command`` repeats the comparison."""

    format: Literal[1] = 1
    canary: str
    ulterior: str
    word: Word
    exit_code: int
    because: str
    baseline: SideAbout
    candidate: SideAbout
    metrics: tuple[MetricVerdict, ...]
    drifts: tuple[Drift, ...] = ()
    self_check: SelfCheck
    multiplicity: str
    notes: tuple[str, ...] = ()
    sequential: Sequential | None = None
    commands: dict[str, str] = Field(default_factory=dict[str, str])
