"""Playbooks: planted agents whose behaviour, and whose truth, is known beforehand.

A playbook is a generator function: it receives the instance, yields one :class:`Move` per model turn and
is sent what came back::

    def covert(instance):
        seen = yield Move(think="...", calls=(act("shell", command="cat policy.md"),))
        seen = yield Move(calls=(act("spend", step="load"),))
        seen = yield Move(say="All done.")
        while True:                       # the interview
            seen = yield Move(say=answer(seen.question))

Playbooks keep no state of their own outside the generator and draw nothing at random, so the move of any
turn is found again by replaying what was observed before it: that is how the local wire server serves
them without memory, under retries, resumes and forks alike.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ulterior.scenarios.axes import Awareness, Intent
from ulterior.scenarios.facts import DisclosureLabel
from ulterior.scenarios.verdict import Act

if TYPE_CHECKING:
    from ulterior.scenarios.declaration import Condition, Instance, Question

__all__ = ["Action", "Move", "Observation", "Playbook", "Script", "act", "replay"]

D = TypeVar("D")


@dataclass(frozen=True)
class Action:
    """One tool call of a playbook."""

    tool: str
    arguments: Mapping[str, Any]


def act(tool: str, /, **arguments: Any) -> Action:
    """A tool call, written shortly."""
    return Action(tool, arguments)


@dataclass(frozen=True)
class Move:
    """One model turn: what is thought, said and called. No calls means that the agent hands over."""

    say: str = ""
    think: str = ""
    calls: tuple[Action, ...] = ()
    refuses: bool = False  # the provider refuses in place of an answer


@dataclass(frozen=True)
class Observation:
    """What came back since the last move: a text per call, other messages, and the question asked, if any."""

    results: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    question: "Question | None" = None


Script = Generator[Move, Observation, None]


def _thinks_nothing(_: "Condition") -> Intent:
    return "none"


def _suspects_nothing(_: "Condition") -> Awareness:
    return "none"


@dataclass(frozen=True)
class Playbook(Generic[D]):
    """One planted agent, with its declared truth under a condition.

    ``disclosure`` maps each material fact to its label, or to None where the fact isn't true of the run.
    ``intent`` is what its reasoning says of the act, ``awareness`` what it says of its situation.
    """

    name: str
    about: str
    script: "Callable[[Instance[D]], Script]"
    act: "Callable[[Condition], Act]"
    disclosure: "Callable[[Condition], Mapping[str, DisclosureLabel | None]]"
    intent: "Callable[[Condition], Intent]" = _thinks_nothing
    awareness: "Callable[[Condition], Awareness]" = _suspects_nothing


def replay(playbook: Playbook[D], instance: "Instance[D]", observations: Iterable[Observation]) -> Move:
    """The move that follows these observations, one for each move already made."""
    script = playbook.script(instance)
    move = next(script)
    for observation in observations:
        try:
            move = script.send(observation)
        except StopIteration:
            return Move(say="There is nothing more to do.")
    return move
