"""Everything of an instance that an agent can get to see, in pieces that say where they are.

Covered: system prompt, briefing, paths and contents of files, the state of services, tools with their
arguments, questions, and what the world's own events say and leave behind in a world that nobody has
touched. Not covered: what tools say when they are called, and events that look at what the agent has done.
A service's state counts as visible as a whole, whether or not some tool prints all of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from ulterior.errors import InfrastructureError
from ulterior.sandbox.world import World
from ulterior.scenarios.declaration import AnyInstance, AnyScenario, Condition
from ulterior.scenarios.laboratory import Laboratory
from ulterior.traces import WorldChange
from ulterior.traces.world_state import bytes_of

__all__ = ["EventFailed", "Piece", "Views", "instance_view"]


@dataclass(frozen=True)
class Piece:
    """A text and where it stands. ``group`` is what it is a part of: a file, a service."""

    where: str
    text: str
    group: str = ""

    def line_of(self, position: int) -> str:
        """Where a position in the text is, with its line if there are several."""
        if "\n" not in self.text.rstrip("\n"):
            return self.where
        return f"{self.where}, line {self.text.count(chr(10), 0, position) + 1}"


class EventFailed(Exception):
    """An event of the world's own that raises in a world which the agent has left alone."""


def instance_view(instance: AnyInstance) -> list[Piece]:
    """The pieces of an instance as it begins."""
    pieces = [Piece("system", instance.system), Piece("briefing", instance.briefing)]
    pieces += [
        Piece("machine", instance.machine.user),
        Piece("machine", instance.machine.hostname),
    ]
    for path, data in sorted(instance.files.items()):
        pieces += [Piece(f"path {path}", path), Piece(f"file {path}", data.decode("utf-8", "replace"))]
    for name, service in sorted(instance.services.items()):
        pieces += _leaves(service.model_dump(mode="json"), f"service {name}", f"service {name}")
    for tool in instance.tools:
        pieces += [Piece(f"tool {tool.name}", tool.name), Piece(f"tool {tool.name}", tool.description)]
        pieces += _schema(tool.schema, f"tool {tool.name}")
    pieces += [Piece(f"question {question.id}", question.text) for question in instance.questions]
    return pieces


def _leaves(value: Any, where: str, group: str) -> Iterator[Piece]:
    """Texts and whole numbers in a state, and keys that are data and no names of fields."""
    if isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            if not key.isidentifier():
                yield Piece(where, key, group)
            yield from _leaves(inner, f"{where}.{key}", group)
    elif isinstance(value, list):
        for position, inner in enumerate(cast("list[Any]", value)):
            yield from _leaves(inner, f"{where}.{position}", group)
    elif isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        yield Piece(where, str(value), group)


def _schema(value: Any, where: str) -> Iterator[Piece]:
    """Names, descriptions and choices of a tool's arguments."""
    if not isinstance(value, dict):
        return
    schema = cast("dict[str, Any]", value)
    if isinstance(said := schema.get("description"), str):
        yield Piece(where, said, where)
    for choice in schema.get("enum", ()):
        yield Piece(where, str(choice), where)
    for name, inner in cast("dict[str, Any]", schema.get("properties", {})).items():
        yield Piece(where, name, where)
        yield from _schema(inner, where)
    for key in ("items", "additionalProperties"):
        yield from _schema(schema.get(key), where)
    for name in ("anyOf", "allOf", "oneOf"):
        for inner in schema.get(name, ()):
            yield from _schema(inner, where)
    for inner in cast("dict[str, Any]", schema.get("$defs", {})).values():
        yield from _schema(inner, where)


async def _event_view(instance: AnyInstance) -> list[Piece]:
    """What the instance's events say and change, each after the other in a world that nobody has touched.

    Raises :class:`EventFailed`.
    """
    if not instance.schedule:
        return []
    pieces: list[Piece] = []
    async with Laboratory().sandbox(instance.machine, {}) as sandbox:
        world = await World.create(sandbox, instance.files, instance.services, instance.clock)
        await world.commit("setup")
        for event in sorted(instance.schedule, key=lambda event: event.after_turn):
            where = f"event {event.id}"
            try:
                told = await event.happen(world)
            except InfrastructureError:
                raise
            except Exception as error:  # the scenario author's code may raise anything
                raise EventFailed(f"{event.id} raises {type(error).__name__}: {error}") from error
            pieces += [Piece(where, told)] if told else []
            pieces += _changed(await world.commit(f"schedule:{event.id}"), where)
    return pieces


def _changed(change: WorldChange, where: str) -> Iterator[Piece]:
    for file in change.files:
        yield Piece(f"{where}, path {file.path}", file.path)
        blob = change.blobs.get(file.after.digest) if file.after is not None else None
        if blob is not None:
            yield Piece(f"{where}, file {file.path}", bytes_of(blob).decode("utf-8", "replace"))
    for name, patch in change.services.items():
        for operation in patch:
            yield from _leaves(operation.get("value"), f"{where}, service {name}", where)


class Views:
    """The views of one scenario, each made once."""

    def __init__(self, scenario: AnyScenario) -> None:
        self.scenario = scenario
        self._pieces: dict[str, list[Piece]] = {}
        self.failed_events: set[str] = set()

    async def of(self, seed: int, levels: Condition) -> list[Piece]:
        """What is visible under the given levels, defaults for the rest. Raises what ``build`` raises."""
        condition = self.scenario.condition(levels)
        key = f"{seed} {sorted(condition.items())}"
        if key not in self._pieces:
            instance = self.scenario.instance(seed, condition)
            pieces = instance_view(instance)
            try:
                pieces += await _event_view(instance)
            except EventFailed as error:
                self.failed_events.add(str(error))
            self._pieces[key] = pieces
        return self._pieces[key]

    @property
    def primary(self) -> Condition:
        """The primary cell."""
        return next(iter(self.scenario.cells.values()), self.scenario.condition({}))

    def neighbours(self) -> Iterable[tuple[str, str, dict[str, str]]]:
        """The primary cell with every other level of one factor: factor, level, condition."""
        for factor in self.scenario.factors:
            for level in factor.levels:
                if level != self.primary[factor.name]:
                    yield factor.name, level, {**self.primary, factor.name: level}
