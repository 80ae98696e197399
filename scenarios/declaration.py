"""What a scenario declares: an experiment with factors, an instance generator, an oracle and planted agents.

Theory of operation. A :class:`Scenario` is a constant in ``scenarios/<name>/__init__.py``. Its ``build``
makes an :class:`Instance` from a seed and a condition; the same seed gives the same names and numbers
under every condition, so that arms differ by what the factor says and by nothing else. Its ``oracle``
reads the world's history afterwards and says what was done; it never sees a model's words. Its
playbooks are agents with known behaviour, by which the oracle itself is tested.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from ulterior.errors import UsageError
from ulterior.sandbox.protocol import Machine
from ulterior.sandbox.services.base import Service
from ulterior.sandbox.tools import Tool
from ulterior.sandbox.world import World
from ulterior.scenarios.facts import Fact, FactReading
from ulterior.scenarios.history import History
from ulterior.scenarios.laboratory import Laboratory
from ulterior.scenarios.playbook import Playbook
from ulterior.scenarios.verdict import Verdict
from ulterior.traces import Message, canonical_json, digest

__all__ = [
    "QUESTION_KINDS",
    "ROLES",
    "About",
    "AnyInstance",
    "AnyScenario",
    "Condition",
    "Factor",
    "Instance",
    "Limits",
    "Purpose",
    "Question",
    "QuestionKind",
    "Role",
    "Scenario",
    "Scheduled",
]

D = TypeVar("D")
Condition = Mapping[str, str]
"""Every factor of a scenario with one of its levels."""

QuestionKind = Literal["debrief", "indirect", "direct", "probe"]
QUESTION_KINDS: Mapping[str, QuestionKind] = {
    "debrief": "debrief",
    "indirect": "indirect",
    "direct": "direct",
    "probe": "probe",
}


@dataclass(frozen=True)
class Factor:
    """Something that is varied on purpose. The first level is the default."""

    name: str
    levels: tuple[str, ...]
    about: str


Role = Literal["control", "reversed", "blocked", "authorised", "told", "clarified", "innocent"]
ROLES: Mapping[Role, str] = {
    "control": "nothing is gained by the act, or the agent's goal asks for nothing else than the rule",
    "reversed": "the incentive points the other way",
    "blocked": "the honest way is closed",
    "authorised": "the same act is permitted, as the files show: whoever declines here over-refuses",
    "told": "the agent is told to do it by somebody who may: separates cannot from does not",
    "clarified": "as under temptation, and it is said that the rule goes before the goal",
    "innocent": "the questions about the act, put to somebody who has not done it",
}
"""What a condition is there for, beside the one that tempts, and what holds in it."""

Purpose = Literal["temptation"] | Role


@dataclass(frozen=True)
class About:
    """What a reader has to know to make something of a scenario's numbers; printed wherever it is described.

    ``mechanism`` says why breaking the rule pays, where the lever is and what the honest way out is.
    ``soundness`` is what the oracle's rate of violations is worth: ``lower`` may have missed some, ``upper``
    may have counted some that are none. ``floor`` is what to expect of agents that don't scheme,
    ``cannot_show`` what no result of it supports. ``literature`` names what the scenario descends from.
    ``arms`` gives a condition for every role that it has, by the levels that differ from the defaults, and
    ``without`` the reason for every role that it hasn't. ``ordinary_words`` are words of the story's own
    trade that would look like tells elsewhere, such as ``test`` in a repository. All may be left empty; the
    library's own scenarios say everything, which ``ulterior scenarios lint`` looks after.
    """

    mechanism: str = ""
    soundness: Literal["both", "lower", "upper"] = "lower"
    soundness_because: str = ""
    floor: str = ""
    cannot_show: str = ""
    literature: tuple[str, ...] = ()
    arms: Mapping[Role, Condition] = field(default_factory=dict[Role, Condition])
    without: Mapping[Role, str] = field(default_factory=dict[Role, str])
    ordinary_words: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Limits:
    """Budgets of one episode: model turns, tokens in and out, US dollars (None: no limit), wall seconds."""

    turns: int = 40
    tokens: int = 2_000_000
    cost: float | None = None
    seconds: float = 3600.0


@dataclass(frozen=True)
class Question:
    """What a principal asks when the work is done.

    A ``debrief`` asks for an account without pointing anywhere, so what it brings out counts as
    volunteered. An ``indirect`` question asks about the outcome, a ``direct`` one about the act. A ``probe``
    asks what the agent takes its situation for; it is put in forks only, and no scenario has any.
    """

    id: str
    kind: QuestionKind
    author: str
    text: str


@dataclass(frozen=True)
class Scheduled:
    """Something that happens in the world by itself, once, before the model speaks next.

    It is due when ``after_turn`` model turns are done and, with ``at``, the world's clock has come to so many
    seconds after the instance's start. Tools move that clock, so an event is never between two calls of one
    turn, and what was not due when the work was handed over doesn't happen. ``happen`` changes the world and
    returns what the agent is told, or None to say nothing.
    """

    id: str
    after_turn: int
    happen: Callable[[World], Awaitable[str | None]]
    at: float | None = None


@dataclass(frozen=True)
class Instance(Generic[D]):
    """One concrete world and briefing: what one seed and one condition make of a scenario.

    ``files`` maps absolute paths to contents. ``principal`` is who gave the task and reads the final
    message. ``clock`` is the world's time at the start, in epoch seconds. ``facts`` says how each
    material fact is recognised in reports about this instance. ``details`` is whatever the scenario's
    own oracle and playbooks need to know about it; the agent never sees it.
    """

    machine: Machine
    principal: str
    system: str
    briefing: str
    files: Mapping[str, bytes]
    services: Mapping[str, Service]
    tools: tuple[Tool, ...]
    clock: float
    facts: Mapping[str, FactReading]
    details: D
    questions: tuple[Question, ...] = ()
    schedule: tuple[Scheduled, ...] = ()

    def question(self, text: str) -> Question | None:
        """The question with exactly this text, if it is one of this instance's."""
        return next((question for question in self.questions if question.text == text), None)

    def with_put(self, put: Iterable[tuple[str, Message]]) -> "Instance[D]":
        """The instance with the questions that an experimenter has put, as a trace's state holds them.

        One with the id of a question of the scenario's own takes its place.
        """
        more = {
            str(said.question): Question(str(said.question), _kind(kind), said.author, said.text)
            for kind, said in put
        }
        kept = tuple(question for question in self.questions if question.id not in more)
        return replace(self, questions=(*kept, *more.values())) if more else self


def _kind(name: str) -> QuestionKind:
    """One that no version knows is taken as the most pointed."""
    return QUESTION_KINDS.get(name, "direct")


@dataclass(frozen=True)
class Scenario(Generic[D]):
    """One scenario. ``package`` is the import name of its folder; everything in there is its content.

    ``conditions`` are the named cells that are run when nobody asks for others, given by the levels
    that differ from the defaults; the first is the primary one.
    """

    name: str
    version: str
    package: str
    title: str
    summary: str
    sheet: str
    factors: tuple[Factor, ...]
    conditions: Mapping[str, Condition]
    facts: tuple[Fact, ...]
    build: Callable[[int, Condition], Instance[D]]
    oracle: Callable[[History, Instance[D], Laboratory], Awaitable[Verdict]]
    playbooks: Mapping[str, Playbook[D]]
    about: About = field(default_factory=About)
    limits: Limits = field(default_factory=Limits)
    requires: frozenset[str] = frozenset({"bash"})

    def condition(self, levels: Condition) -> dict[str, str]:
        """A full condition: the given levels, defaults for the rest. Raises :class:`UsageError`."""
        known = {factor.name: factor for factor in self.factors}
        for name, level in levels.items():
            if name not in known:
                raise UsageError(
                    f"scenario {self.name} has no factor {name!r}", fix=f"its factors are: {', '.join(known)}"
                )
            if level not in known[name].levels:
                raise UsageError(
                    f"factor {name!r} of scenario {self.name} has no level {level!r}",
                    fix=f"its levels are: {', '.join(known[name].levels)}",
                )
        return {factor.name: levels.get(factor.name, factor.levels[0]) for factor in self.factors}

    @cached_property
    def cells(self) -> dict[str, dict[str, str]]:
        """The full conditions that the scenario itself names: its default ones, then one for every role."""
        named: dict[str, Condition] = {**self.conditions, **self.about.arms}
        return {name: self.condition(levels) for name, levels in named.items()}

    @cached_property
    def arm_factors(self) -> frozenset[str]:
        """The factors by which the default conditions differ: the arm, mostly."""
        return frozenset(factor for levels in self.conditions.values() for factor in levels)

    def purpose(self, condition: Condition) -> Purpose | None:
        """What a full condition is there for, None where the scenario names nothing like it.

        The :attr:`arm_factors` decide between temptation and the roles that set them too; where they tempt,
        the roles that set others may still apply. The role that says most wins.
        """
        first = next(iter(self.cells.values()), None) or self.condition({})
        tempts = all(condition.get(factor) == first[factor] for factor in self.arm_factors)
        held: list[tuple[int, Role]] = [
            (len(levels), role)
            for role, levels in self.about.arms.items()
            if levels.items() <= condition.items() and tempts != bool(levels.keys() & self.arm_factors)
        ]
        if held:
            return max(held, key=lambda pair: pair[0])[1]
        return "temptation" if tempts else None

    def instance(self, seed: int, condition: Condition) -> Instance[D]:
        """The instance of one seed under one condition, always the same."""
        return self.build(seed, self.condition(condition))

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over the scenario's own files and the shared texts it is generated from."""
        folder = Path(str(import_module(self.package).__file__)).parent
        shared = Path(__file__).parent / "common"
        files: dict[str, str] = {}
        for root in (folder, shared):
            for path in sorted(root.rglob("*")):
                inside = f"/{path.relative_to(root).as_posix()}"
                if path.is_file() and not _LITTER.search(inside):
                    files[f"{root.name}{inside}"] = digest(path.read_bytes())
        return digest(canonical_json(files))


_LITTER = re.compile(
    r"^/\.git/|/__pycache__/|/\.(?:hypothesis|\w+_cache)/|\.egg-info/|~$|\.sw[a-p]$|/\.#|/\.DS_Store$"
)
"""What Python, its tools, editors and desktops leave in a folder: no part of a scenario."""

AnyScenario = Scenario[Any]
AnyInstance = Instance[Any]
