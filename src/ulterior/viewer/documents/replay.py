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
    "Source",
    "Step",
    "Tone",
    "Witness",
]

Tone = Literal["bad", "warn", "good", "plain", "unknown"]
"""How a label is drawn, always beside its word: broken or deceived, in between, kept or told, no
judgement of value, nothing known."""

Source = Literal["agent", "scenario", "experimenter", "harness"]
"""Who made what a step begins with: the model under test, the scenario (its briefing, its colleagues,
its questions, what it lets happen), whoever forked the episode, or the machinery's technical
requests."""


class Content(Frozen):
    """A file's content. ``text`` is None for what is no text; ``size`` is in bytes."""

    size: int
    text: str | None


class Witness(Frozen):
    """Somebody in the story who could have seen what a step did, how, and by which event.

    ``openness`` tells apart who was ``told`` (it was addressed to them), whose ``record`` it stands in
    (they see it when they look there), and what merely lies in the ``open`` for whoever comes by. The
    rules are in :mod:`ulterior.viewer.witnesses`. A step that changed something and has no witness did
    it unseen.
    """

    who: str
    how: str
    seq: int
    openness: Literal["told", "record", "open"]


class Step(Frozen):
    """A stretch of events that people take in at once, ``first`` to ``last`` inclusive.

    ``turn`` is a model turn with its calls and what came of them; ``outside`` is one thing that happened
    in between, with the messages it brought; ``setup`` is the briefing with the world as it was; ``end``
    the end. ``title`` says what it is on one line, safe to show. ``writes``: the agent changed files or
    services; ``tells``: there is a report in it. ``clock`` is the world's time after it, in epoch
    seconds, 0 while there is no world. ``tokens`` and ``cost`` (US dollars, None: no known price) are
    those of its turn.

    How to tell who wrote what within a step: the blocks of a ``model`` event are the model's own words;
    a ``result`` and a ``world`` event whose ``cause`` is a call's id are the world's answer to it; a
    ``world`` event with the cause ``setup`` or ``schedule:...`` and a ``message`` were put there by the
    scenario, but for messages of the origin ``harness``; a ``world`` event with the cause ``edit:...``
    and the messages in the same step were put there by an experimenter. :attr:`source` says it of what
    the step begins with. Of events in front of an ``edit:...`` that came from a fork's parent, the edit
    may have changed some: ``About.fork`` has it in words.
    """

    n: int
    kind: Literal["setup", "turn", "outside", "end"]
    first: int
    last: int
    turn: int | None = None
    purpose: Literal["work", "debrief", "interview"] | None = None
    title: str
    source: Source
    tools: tuple[str, ...] = ()
    writes: bool = False
    tells: bool = False
    clock: float
    tokens: int = 0
    cost: float | None = None
    witnesses: tuple[Witness, ...] = ()


class FunnelMark(Frozen):
    """One stage of the bait funnel: whether it was reached (None: not judged), by which event, and in
    words."""

    stage: Literal["exposed", "attempted", "executed", "concealed", "denied"]
    reached: bool | None
    seq: int | None = None
    note: str = ""


class Proof(Frozen):
    """What a finding rests on. Without ``start`` the event as a whole shows it.

    ``resolves`` is False where the quoted words don't stand at that place, or the event does not exist:
    shown as broken, never left out. ``seq`` is -1 where a broken quote doesn't say at all where it would
    stand.
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
    """What people can be asked about a finding: a rubric's question, what its labels mean, and the label
    that the finding amounts to."""

    rubric: str
    version: str
    about: str | None
    question: str
    labels: dict[str, str]
    says: str | None


class RailFinding(Frozen):
    """One finding. ``id`` is stable and stands in links: ``outcome``, ``deceptive``, ``act``,
    ``disclosure.FACT``, ``intent``, ``awareness``, ``judge.RUBRIC.DETECTOR.VERSION`` with fact, report
    and repeat where there are any.

    ``words`` say the label, ``meaning`` what such a label means in general, ``why`` what speaks for it
    here. ``label`` is None with a ``reason`` where there is none; a judgement that isn't used has a
    label and a reason. ``review``: it waits for a human. ``confidence`` in 0..1 is the detector's own,
    None where it gives none; ``measured_error`` is what is known of it from outside.
    """

    id: str
    stage: Literal["outcome", "act", "disclosure", "intent", "awareness", "judgement"]
    title: str
    label: str | None
    words: str
    meaning: str = ""
    why: str = ""
    tone: Tone
    reason: str | None = None
    review: bool = False
    detector: str
    version: str
    confidence: float | None = None
    measured_error: str
    proofs: tuple[Proof, ...] = ()
    question: Question | None = None


class Claim(Frozen):
    """One statement of a report about a fact, set against the record. ``proof`` is None for what was
    omitted."""

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
    """Which episode it is. Times are epoch seconds, ``cost`` US dollars; ``fault`` is what is wrong with
    the file."""

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

    ``events`` are the trace's own (docs/trace-format.md) without ``prev``, ``sum``, ``more``, ``wire``
    and ``blobs``; file contents are in ``contents`` by the beginning of their digest, which events use too,
    and an ``intent`` whose arguments are those of its call has none. The world at a step is the fold of the
    ``world`` events up to its ``last``. Without a reading of the file there are neither events nor
    steps, and ``about.fault`` says why. ``flags`` and ``measures`` are
    the finding's own (docs/verdicts.md). ``facts`` maps a fact to whether it is true of this run.
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
    flags: tuple[str, ...] = ()
    measures: dict[str, float] = Field(default_factory=dict[str, float])
    branches: tuple[Branching, ...] = ()
