"""Which planted agents may have made the turns that a conversation holds, and which of them goes on.

A mixture of planted agents stands for a model that hasn't made up its mind. Where a fork begins, every agent
of the mixture that would have done the same so far may be the one that goes on. So the probability of an act
is the mixture's share until the first turn in which its agents part, and 0 or 1 after it: a planted commit
step.

Two agents do the same as long as they make the same calls; where nothing is called, their words count. Words
beside calls, and thoughts, don't: every agent has its own turn of phrase, which commits it to nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ulterior.scenarios.declaration import AnyInstance
from ulterior.scenarios.playbook import Move, Observation, Playbook
from ulterior.traces import ModelTurn

__all__ = ["Taken", "consistent", "turns_in_common"]


@dataclass(frozen=True)
class Taken:
    """A turn as it was logged, and what was observed after it (nothing yet, after the latest one)."""

    turn: ModelTurn
    heard: Observation


def consistent(
    playbooks: Iterable[Playbook[Any]], instance: AnyInstance, taken: Sequence[Taken]
) -> list[Playbook[Any]]:
    """Those that would have taken all these turns; if none would, those that agree for longest."""
    agree = [(turns_in_common(playbook, instance, taken), playbook) for playbook in playbooks]
    longest = max(turns for turns, _ in agree)
    return [playbook for turns, playbook in agree if turns == longest]


def turns_in_common(playbook: Playbook[Any], instance: AnyInstance, taken: Sequence[Taken]) -> int:
    """How many of these turns the playbook would have taken, from the first one on."""
    number, script = 0, playbook.script(instance)
    try:
        move = next(script)
        for number, step in enumerate(taken):
            if not _same(move, step.turn):
                return number
            if number + 1 < len(taken):  # what was heard last is for the turn that is to come
                move = script.send(step.heard)
    except Exception:  # at its end, or it was never meant to see what an edit has put there
        return number + 1
    return len(taken)


def _same(move: Move, turn: ModelTurn) -> bool:
    called = [] if move.refuses else [(call.tool, dict(call.arguments)) for call in move.calls]
    if called != [(call.name, call.arguments) for call in turn.calls]:
        return False
    return bool(called) or move.say == turn.text
