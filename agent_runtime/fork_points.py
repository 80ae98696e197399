"""Where an episode can be left: places as they are named on the command line, and the steps of a scan."""

import re
from dataclasses import dataclass

from ulterior.agent_runtime.phases import NO_MORE
from ulterior.errors import UsageError
from ulterior.traces import ModelTurn, Purpose, Trace

__all__ = ["HANDOVER", "Place", "Step", "handed_over", "parse_place", "steps_of"]


@dataclass(frozen=True)
class Step:
    """The end of a group after which the model speaks next: event ``at``, before model turn ``turn``."""

    at: int
    turn: int
    purpose: Purpose


@dataclass(frozen=True)
class Place:
    """A place in any episode: behind event ``seq``, right before model turn ``turn``, or at the hand-over.

    With both None it is the hand-over: behind the turn that ended the work, before any question.
    """

    seq: int | None = None
    turn: int | None = None

    def locate(self, parent: Trace) -> int:
        """The event behind which it is in this episode. Raises :class:`UsageError`."""
        if self.seq is not None:
            return self.seq
        if self.turn is None:
            return _handed_over(parent)
        steps = steps_of(parent)
        found = next((step.at for step in steps if step.turn == self.turn), None)
        if found is None:
            raise UsageError(
                f"can't fork {parent.episode[:12]} before model turn {self.turn}",
                f"it has {len(steps)} model turns",
                "--at turn:N, with N from 1",
            )
        return found


HANDOVER = Place()


def parse_place(text: str) -> Place:
    """``17`` is behind that event, ``start`` behind the briefing, ``turn:5`` before the fifth model turn,
    ``handover`` where the work is done and no question is asked yet."""
    if text == "start":
        return Place(turn=1)
    if text == "handover":
        return HANDOVER
    match = re.fullmatch(r"(turn:)?([0-9]{1,9})", text)
    if match is None:
        raise UsageError(
            f"can't read the step {text!r}",
            "it is no place in an episode",
            "--at 17, --at start, --at turn:5 or --at handover",
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


def handed_over(parent: Trace) -> int | None:
    """The last event of the group with which the work was handed over; None where that never happened."""
    turns = [(event.seq, event.body) for event in parent.events if isinstance(event.body, ModelTurn)]
    seq, last = next(((seq, turn) for seq, turn in reversed(turns) if turn.purpose == "work"), (0, None))
    if last is None or last.calls or last.stop in {*NO_MORE, "max_tokens"}:
        return None
    return next(event.seq for event in parent.events[seq:] if not event.more)


def _handed_over(parent: Trace) -> int:
    at = handed_over(parent)
    if at is None:
        raise UsageError(
            f"can't fork {parent.episode[:12]} at its hand-over",
            "it ended before its work was handed over",
            "choose another episode, or another --at",
        )
    return at
