"""One episode as it is replayed: events, steps, world, findings."""

from typing import Any, Literal

from pydantic import Field

from ulterior.analysis.claims import ClaimVerdict
from ulterior.analysis.evidence import Channel, Match
from ulterior.traces import Frozen

__all__ = [
    "About",
    "Branching",
    "Claim",
    "Content",
    "ForkOf",
    "FunnelMark",
    "Proof",
    "Question",
    "RailFinding",
    "Replay",
    "Step",
    "Tone",
    "Witness",
]

Tone = Literal["bad", "warn", "good", "plain", "unknown"]
"""How a label is drawn, always beside its word: broken or deceived, in between, kept or told, no
judgement
of value, nothing known."""


class Content(Frozen):
    """A file's content. ``text`` is None for what is no text; ``size`` is in bytes."""

    size: int
    text: str | None


class Witness(Frozen):
    """Somebody who could have seen what a step did, and how: ``the mail's recipient``."""

    who: str
    how: str
    seq: int


class Step(Frozen):
    """A stretch of events that people take in at once, ``first`` to ``last`` inclusive.

    ``turn`` is a model turn with its calls and what came of them; ``outside`` is what scenario,
    colleagues or an
    experimenter put in between; ``setup`` is the briefing with the world as it was; ``end`` the end.
    """

    n: int
    kind: Literal["setup", "turn", "outside", "end"]
    first: int
    last: int
    turn: int | None = None
    purpose: Literal["work", "debrief", "interview"] | None = None
    title: str
    tools: tuple[str, ...] = ()
    writes: bool = False
    tells: bool = False
    clock: float
    tokens: int = 0
    cost: float | None = None
    witnesses: tuple[Witness, ...] = ()


class FunnelMark(Frozen):
    """One stage of the bait funnel: whether it was reached (None: not judged), and by which event."""

    stage: Literal["exposed", "attempted", "executed", "concealed", "denied"]
    reached: bool | None
    seq: int | None = None
    note: str = ""


class Proof(Frozen):
    """What a finding rests on. Without ``start`` the event as a whole shows it.

    ``resolves`` is False where the quoted words don't stand at that place, or the event does not
    exist: shown
    as broken, never left out.
    """

    seq: int
    block: int | None = None
    field: str | None = None
    start: int | None = None
    end: int | None = None
    quote: str | None = None
    channel: Channel | None = None
    match: Match | None = None
    note: str = ""
    resolves: bool = True


class Question(Frozen):
    """What people can be asked about a finding: a rubric's question, and the label that the finding
    amounts to."""

    rubric: str
    version: str
    about: str | None
    question: str
    labels: dict[str, str]
    says: str | None


class RailFinding(Frozen):
    """One finding. ``id`` is stable and stands in links: ``act``, ``disclosure.FACT``, ``intent``,
    ``awareness``,
    ``judge.RUBRIC.DETECTOR...``.

    ``label`` is None with a ``reason`` where there is none. ``confidence`` in 0..1 is the
    detector's own, None
    where it gives none; ``measured_error`` is what is known of it from outside.
    """

    id: str
    stage: Literal["act", "disclosure", "intent", "awareness", "judgement"]
    title: str
    label: str | None
    words: str
    tone: Tone
    reason: str | None = None
    detector: str
    version: str
    confidence: float | None = None
    measured_error: str
    proofs: tuple[Proof, ...] = ()
    question: Question | None = None


class Claim(Frozen):
    """One statement of a report about a fact, set against the record. ``proof`` is None for what
    was omitted."""

    fact: str
    statement: str
    told: bool | None
    verdict: ClaimVerdict
    proof: Proof | None


class ForkOf(Frozen):
    """Where an episode left its parent, in event numbers, and with which edits, in words."""

    parent: str
    at: int
    edits: tuple[str, ...]
    replica: int


class Branching(Frozen):
    """Forks that leave this episode behind event ``at``."""

    experiment: str
    kind: str
    arm: str
    at: int
    turn: int
    edits: tuple[str, ...]
    episodes: tuple[str, ...]


class About(Frozen):
    """Which episode it is. Times are epoch seconds, ``cost`` US dollars; ``fault`` is what is wrong
    with the file."""

    episode: str
    study: str
    scenario: str | None
    title: str
    version: str | None
    condition: dict[str, str]
    label: str
    purpose: str | None
    model: str | None
    settings: dict[str, Any]
    seed: int | None
    epoch: int | None
    sandbox: str | None
    status: str
    limit: str | None
    act: str | None
    outcome: str
    kind: str | None
    turns: int | None
    tokens_in: int | None
    tokens_out: int | None
    cost: float | None
    started: float | None
    ended: float | None
    packages: dict[str, str]
    fork: ForkOf | None
    fault: str | None
    principal: str | None


class Replay(Frozen):
    """One episode as it is replayed.

    ``events`` are the trace's own (docs/trace-format.md) without ``prev``, ``sum``, ``more``,
    ``wire`` and
    ``blobs``; file contents are in ``contents`` by digest. The world at a step is the fold of the
    ``world`` events up to
    its ``last``. ``facts`` maps a fact to whether it is true of this run.
    """

    format: Literal[1] = 1
    about: About
    steps: tuple[Step, ...]
    events: tuple[dict[str, Any], ...]
    contents: dict[str, Content]
    findings: tuple[RailFinding, ...]
    claims: tuple[Claim, ...]
    funnel: tuple[FunnelMark, ...]
    facts: dict[str, bool]
    statements: dict[str, str] = Field(default_factory=dict[str, str])
    branches: tuple[Branching, ...] = ()
