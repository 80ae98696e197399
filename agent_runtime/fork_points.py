"""Where an episode can be left: places as they are named on the command line, and the steps of a scan."""

import re
from dataclasses import dataclass

from ulterior.errors import UsageError
from ulterior.traces import ModelTurn, Purpose, Trace

__all__ = ["Place", "Step", "parse_place", "steps_of"]


@dataclass(frozen=True)
class Step:
    """The end of a group after which the model speaks next: event ``at``, before model turn ``turn``."""

    at: int
    turn: int
    purpose: Purpose


@dataclass(frozen=True)
class Place:
    """A place in any episode: behind event ``seq``, or right before model turn ``turn``. One is None."""

    seq: int | None = None
    turn: int | None = None

    def locate(self, parent: Trace) -> int:
        """The event behind which it is in this episode. Raises :class:`UsageError`."""
        if self.seq is not None:
            return self.seq
        steps = steps_of(parent)
        found = next((step.at for step in steps if step.turn == self.turn), None)
        if found is None:
            raise UsageError(
                f"can't fork {parent.episode[:12]} before model turn {self.turn}",
                f"it has {len(steps)} model turns",
                "--at turn:N, with N from 1",
            )
        return found


def parse_place(text: str) -> Place:
    """``17`` is behind that event, ``start`` behind the briefing, ``turn:5`` before the fifth model turn."""
    if text == "start":
        return Place(turn=1)
    match = re.fullmatch(r"(turn:)?([0-9]{1,9})", text)
    if match is None:
        raise UsageError(
            f"can't read the step {text!r}",
            "it is no place in an episode",
            "--at 17, --at start or --at turn:5",
        )
    number = int(match[2])
    return Place(turn=number) if match[1] else Place(seq=number)


def steps_of(parent: Trace) -> list[Step]:
    """Every place before a model turn, in order."""
    return [
        Step(event.seq - 1, event.body.turn, event.body.purpose)
        for event in parent.events
        if isinstance(event.body, ModelTurn)
    ]
