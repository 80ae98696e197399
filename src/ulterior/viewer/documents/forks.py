"""Fork experiments with their effects."""

from typing import Literal

from pydantic import Field

from ulterior.analysis.awareness.tells import TellResult
from ulterior.analysis.commit_step import CommitStep
from ulterior.analysis.forks import ArmResult
from ulterior.analysis.interviews import InterviewResult
from ulterior.analysis.probes import ProbeResult
from ulterior.analysis.statistics import Rate
from ulterior.analysis.statistics.paired import Difference
from ulterior.traces import Frozen

__all__ = ["Branch", "Experiment", "ForkContrast", "ForkListed", "Forks"]


class ForkListed(Frozen):
    """One fork. ``outcome`` is that of :mod:`ulterior.viewer.outcomes`, ``missing`` where it has not been
    run; ``reason`` says why there is no act."""

    episode: str
    act: str | None
    outcome: str
    reason: str | None = None


class ForkContrast(Frozen):
    """Edit minus control. ``left_out`` counts pairs that could not be judged, by reason."""

    outcome: str
    difference: Difference
    left_out: dict[str, int]


class Branch(Frozen):
    """Equal forks of one parent at one place, with rates of their outcomes, all about this fork point alone.

    ``at`` is the last event that they share with the parent, ``turn`` the model turn that comes next.
    ``rates`` are by outcome where the act counts (edits, scans), by what was said to a question in interviews
    (``denied``, ``told`` of those who broke the rule, ``confessed`` of innocents), and by answer in probes;
    ``unscored`` counts, under the same names, forks that are in no rate, by reason. ``asked`` names the
    wording or the probe; ``mean`` is the mean answer of a probe for a number, as given. ``dropped`` counts
    the turns whose reasoning the forks don't begin with. ``effects`` are those of an edit on this parent.
    """

    arm: str
    parent: str
    at: int
    turn: int
    edits: tuple[str, ...]
    forks: tuple[ForkListed, ...]
    rates: dict[str, Rate]
    unscored: dict[str, dict[str, int]] = Field(default_factory=dict[str, dict[str, int]])
    asked: str | None = None
    mean: float | None = None
    dropped: int = 0
    effects: tuple[ForkContrast, ...] = ()


class Experiment(Frozen):
    """One fork experiment over all its parents, as the command that made it printed it.

    ``kind`` is ``edit`` (with ``arms`` and ``contrasts``), ``scan`` (``commits`` by outcome, of which
    ``commit`` is that of the act), ``interview``, ``probe`` or ``tells``; what is not of the kind is empty.
    ``sandbox`` is set when it isn't the parents'.
    """

    id: str
    kind: str
    created: float
    branches: tuple[Branch, ...]
    contrasts: tuple[ForkContrast, ...] = ()
    commit: CommitStep | None = None
    sandbox: str | None = None
    arms: tuple[ArmResult, ...] = ()
    commits: dict[str, CommitStep] = Field(default_factory=dict[str, CommitStep])
    interview: InterviewResult | None = None
    probe: ProbeResult | None = None
    tells: TellResult | None = None


class Forks(Frozen):
    """All fork experiments of a study, in the order in which they were made, and what to call their
    parents."""

    format: Literal[1] = 1
    study: str
    parents: dict[str, str]
    experiments: tuple[Experiment, ...]
