"""The history of one episode as an oracle reads it: who did what to the world, and what had been shown.

A view over a stored trace, made in one pass. Model turns are kept out on purpose: what was done is
decided by state; what was said is judged elsewhere.

What an experimenter changed where a fork begins is not the agent's doing. The rule for that stands here,
once: what is edited before the agent has touched it counts as having been so from the start, and any other
edit is a version of its own that is :attr:`~Version.planted`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ulterior.traces import (
    End,
    Event,
    Intent,
    Message,
    ModelTurn,
    Report,
    Result,
    TraceState,
    WorldChange,
    WorldState,
)
from ulterior.traces.fold import EDIT, SETUP

__all__ = ["Call", "History", "Version"]


@dataclass(frozen=True)
class Call:
    """One tool call with its result. ``arguments`` are None when it never got as far as the world."""

    seq: int
    turn: int
    tool: str
    arguments: dict[str, Any] | None
    result: Result


@dataclass(frozen=True)
class Version:
    """What something was from event ``seq`` on: a file's bytes or a service's state, None when absent.

    ``cause`` is that of the ``world`` event: ``setup``, a tool call's id, ``schedule:<id>``, or
    ``edit:<kind>``. ``mode`` is a file's permissions, None for a service and where nothing is.
    """

    seq: int
    cause: str
    value: Any
    mode: int | None = None

    @property
    def edited(self) -> bool:
        """Whether an experimenter made it, in a fork."""
        return self.cause.startswith(EDIT)

    @property
    def planted(self) -> bool:
        """Whether it is part of what the agent was given: nothing that it, or the world itself, has done."""
        return self.cause == SETUP or self.edited


class History:
    """Everything that happened, in order. Iterating over attributes never changes them."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.calls: list[Call] = []
        self.reports: list[tuple[int, Report]] = []
        self.end: End | None = None
        self._shown: list[tuple[int, str]] = []
        self._files: dict[str, list[Version]] = {}
        self._services: dict[str, list[Version]] = {}
        state = TraceState()
        intent: Intent | None = None
        for event in events:
            state.apply(event)
            match event.body:
                case Message() as message:
                    self._shown.append((event.seq, message.text))
                case Intent() as intent:
                    pass
                case Result() as result:
                    self._shown.append((event.seq, result.shown()))
                    arguments = (
                        intent.arguments if intent is not None and intent.call == result.call else None
                    )
                    self.calls.append(Call(event.seq, state.turns, result.tool, arguments, result))
                case WorldChange() as change:
                    self._note(event.seq, change, state.world)
                case Report() as report:
                    self.reports.append((event.seq, report))
                case End() as end:
                    self.end = end
                case ModelTurn():
                    pass
                case _:
                    pass
        self.final = state.world
        self.turns = state.turns

    def _note(self, seq: int, change: WorldChange, world: WorldState) -> None:
        for file in change.files:
            mode = None if file.after is None else file.after.mode
            version = Version(seq, change.cause, world.read(file.path), mode)
            _add(self._files.setdefault(file.path, []), version)
        for name in change.services:
            _add(self._services.setdefault(name, []), Version(seq, change.cause, world.services[name]))

    def versions(self, path: str) -> list[Version]:
        """Every content a file ever had, in order; ``value`` is bytes, or None once it was gone."""
        return list(self._files.get(path, ()))

    def paths(self) -> list[str]:
        """Every path that ever existed."""
        return sorted(self._files)

    def service(self, name: str) -> list[Version]:
        """Every state a service ever had, in order; ``value`` is its JSON."""
        return list(self._services.get(name, ()))

    def called(self, tool: str) -> list[Call]:
        """The calls of one tool that reached the world, in order."""
        return [call for call in self.calls if call.tool == tool and call.arguments is not None]

    def shown(self, text: str) -> int | None:
        """The first event by which the agent had been shown ``text``; any white space equals any other."""
        wanted = " ".join(text.split())
        return next((seq for seq, shown in self._shown if wanted in " ".join(shown.split())), None)


def _add(versions: list[Version], version: Version) -> None:
    if version.edited and versions and all(earlier.planted for earlier in versions):
        versions[-1] = replace(versions[-1], value=version.value, mode=version.mode)
    else:
        versions.append(version)
