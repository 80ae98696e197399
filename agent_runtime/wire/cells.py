"""Which conversation is which: finds the scenario instance behind a request, and the agent's next move.

The server keeps nothing between requests. An instance is recognised by its system text and its briefing,
and where arms of an experiment share both, by what the agent was shown. The turn is recognised by what the
request holds of the conversation so far, and replaying the playbook over it gives the move. So retries,
resumes, forks and concurrency need no care. Of the questions that are put in forks it knows the wordings of
interviews and the probes, by their text; one that somebody has written for a fork it does not know.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, cast

from ulterior.agent_runtime.models.observe import observation
from ulterior.agent_runtime.wire.asked import Asked, Rejected
from ulterior.errors import UsageError
from ulterior.scenarios import (
    AnyInstance,
    AnyScenario,
    Move,
    Question,
    SimulatedModel,
    parse_simulated,
    replay,
)
from ulterior.scenarios.awareness import answering_probes
from ulterior.scenarios.simulated import find_playbook
from ulterior.scenarios.wording import interview_questions
from ulterior.traces import canonical_json, digest

__all__ = ["Cell", "Cells", "cells_of"]

_KEPT_INSTANCES = 256
_NUMBER = re.compile(r"(?<![A-Za-z]-)\b\d+(?:\.\d+)?")
"""A number that is no part of a name, as in ``vol-1527``: those come in all arms."""


_Marks = dict[int, set[str]]
"""Lines and numbers by the number of a cell."""


@dataclass(frozen=True)
class Cell:
    """One instance to serve. ``condition`` is a full one, as sorted pairs."""

    scenario: AnyScenario
    seed: int
    condition: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        levels = ",".join(f"{factor}={level}" for factor, level in self.condition)
        return f"{self.scenario.name} seed {self.seed} ({levels})"


def cells_of(scenarios: Iterable[AnyScenario], seeds: Iterable[int]) -> list[Cell]:
    """Every named condition of these scenarios on every seed."""
    chosen = list(seeds)
    return [
        Cell(scenario, seed, tuple(sorted(scenario.condition(levels).items())))
        for scenario in scenarios
        for levels in scenario.conditions.values()
        for seed in chosen
    ]


class Cells:
    """The instances that a server knows. They are built when the first request comes."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        self._cells = tuple(cells)
        self._index: dict[str, tuple[int, ...]] | None = None
        self._instance = lru_cache(_KEPT_INSTANCES)(self._build)
        self._wordings = lru_cache(_KEPT_INSTANCES)(self._questions)
        self._marks = lru_cache(_KEPT_INSTANCES)(self._find_marks)

    def move(self, asked: Asked) -> Move:
        """The next move of the planted agent that the request names. Raises :class:`Rejected`.

        Arms of an experiment often begin with the same words and differ in what there is to be found. As
        long as the agent does the same in all of them, it doesn't matter which one this is; afterwards what
        it was shown must tell them apart. Guessing would plant a wrong truth.
        """
        alike = self._find(asked)
        # Requests don't say which epoch they belong to: all play the first. Cells that are alike share one
        # draw, because the agent has to be known before they can be told apart.
        agent = self._drawn(self._cells[alike[0]], _agent(asked.model))
        moves = {number: self._replayed(number, agent, asked) for number in alike}
        if _differ(moves.values()):
            moves = {number: moves[number] for number in self._shown_to_be(alike, asked)}
        if _differ(moves.values()):
            names = "; ".join(self._cells[number].name for number in moves)
            message = f"can't tell these cells apart, serve one of them at a time: {names}"
            raise Rejected(400, "invalid_request_error", message)
        return next(iter(moves.values()))

    def _shown_to_be(self, alike: tuple[int, ...], asked: Asked) -> list[int]:
        """Those cells of whose own lines and numbers the agent was shown the most, when it was first shown
        any: what an arm begins with is its own, and what the agent does may lead to the other's. What
        another arm says nowhere goes before what it only says by the way.
        """
        for own in self._marks(alike):
            for since in asked.since:
                seen = {mark for text in (*since.results, *since.texts) for mark in _marks_in(text)}
                shown = {number: len(marks & seen) for number, marks in own.items()}
                if most := max(shown.values()):
                    return [number for number, count in shown.items() if count == most]
        return list(alike)

    def _find_marks(self, alike: tuple[int, ...]) -> tuple[_Marks, _Marks]:
        """For each cell the lines and numbers of its world that none of the others has: not even within a
        line, and as a line or a number of its own."""
        own = {number: _world_marks(self._instance(number)) for number in alike}
        said = {number: marks.union(*map(_marks_in, marks)) for number, marks in own.items()}
        return _apart(own, said), _apart(own, own)

    def _find(self, asked: Asked) -> tuple[int, ...]:
        if self._index is None:
            self._index = self._indexed()
        found = self._index.get(_key(asked.system, asked.opening))
        if not found:
            message = "no instance that this server knows begins like that; the seeds or scenarios differ"
            raise Rejected(404, "not_found_error", message)
        return found

    def _indexed(self) -> dict[str, tuple[int, ...]]:
        index: defaultdict[str, list[int]] = defaultdict(list)
        for number in range(len(self._cells)):
            instance = self._instance(number)
            index[_key(instance.system, instance.briefing)].append(number)
        return {key: tuple(numbers) for key, numbers in index.items()}

    def _build(self, number: int) -> AnyInstance:
        cell = self._cells[number]
        return cell.scenario.instance(cell.seed, dict(cell.condition))

    def _questions(self, number: int) -> tuple[Question, ...]:
        """The questions that `ulterior interview` may put to this instance; none where it can't put any."""
        cell = self._cells[number]
        try:
            asked = interview_questions(cell.scenario, cell.seed, dict(cell.condition))
        except UsageError:
            return ()
        return tuple(question for _, question in asked)

    def _drawn(self, cell: Cell, agent: SimulatedModel) -> str:
        try:
            return agent.playbook(cell.scenario, cell.seed, dict(cell.condition), epoch=0).name
        except UsageError as error:
            raise Rejected(404, "not_found_error", str(error)) from error

    def _replayed(self, number: int, agent: str, asked: Asked) -> Move:
        cell, instance = self._cells[number], self._instance(number)
        playbook = find_playbook(cell.scenario, agent, dict(cell.condition))
        known = replace(instance, questions=(*instance.questions, *self._wordings(number)))
        heard = (observation(known, since.results, since.texts) for since in asked.since)
        try:
            return replay(answering_probes(playbook), instance, heard)
        except Exception as error:
            message = f"a playbook failed in {cell.name}, turn {asked.turn}: {type(error).__name__}: {error}"
            raise Rejected(400, "invalid_request_error", message) from error


def _apart(own: _Marks, others: _Marks) -> _Marks:
    return {
        number: marks.difference(*(others[other] for other in others if other != number))
        for number, marks in own.items()
    }


def _agent(model: str) -> SimulatedModel:
    try:
        return parse_simulated(model.removeprefix("sim/"))
    except UsageError as error:
        raise Rejected(404, "not_found_error", str(error)) from error


def _key(system: str, opening: str) -> str:
    return digest(canonical_json([system.strip(), opening.strip()]))


def _differ(moves: Iterable[Move]) -> bool:
    first, *others = moves
    return any(move != first for move in others)


def _world_marks(instance: AnyInstance) -> set[str]:
    """Every line of every file, and every line and number in the state of every service."""
    marks = {
        line for data in instance.files.values() for line in data.decode("utf-8", "replace").splitlines()
    }
    for service in instance.services.values():
        marks |= set(_leaves(service.model_dump(mode="json")))
    return marks


def _leaves(value: Any) -> Iterator[str]:
    """The lines of the texts, and the numbers, in a JSON value."""
    match value:
        case dict():
            for each in cast("dict[str, Any]", value).values():
                yield from _leaves(each)
        case list():
            for each in cast("list[Any]", value):
                yield from _leaves(each)
        case str():
            yield from value.splitlines()
        case int() | float() if not isinstance(value, bool):
            yield f"{value}"
        case _:
            pass


def _marks_in(text: str) -> Iterator[str]:
    """The lines and numbers of something that the agent was shown."""
    yield from text.splitlines()
    yield from _NUMBER.findall(text)
