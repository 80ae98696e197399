"""The world of one episode: a sandbox's files, the services of a small organisation, and a clock.

Everything in it is held by value. :meth:`World.commit` turns whatever happened since the last commit
into one ``world`` event; :meth:`World.restore` rebuilds the world from the state that those events fold
to. Services hand themselves out through :meth:`World.service`, which is how a commit knows whom to ask.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, TypeVar

from ulterior.sandbox.protocol import Change, Node, Sandbox
from ulterior.sandbox.services.base import Service
from ulterior.traces import Blob, Entry, FileChange, WorldChange, WorldState, blob_of, diff, digest

__all__ = ["World"]

S = TypeVar("S", bound=Service)


class World:
    """Files, services and time of one episode. Made with :meth:`create` or :meth:`restore`."""

    def __init__(
        self, sandbox: Sandbox, services: Mapping[str, Service], clock: float, known: set[str]
    ) -> None:
        self.sandbox = sandbox
        self.clock = clock
        self._services = dict(services)
        self._committed: dict[str, Any] = {}
        self._touched = set(services)
        self._known = known

    @classmethod
    async def create(
        cls, sandbox: Sandbox, files: Mapping[str, bytes], services: Mapping[str, Service], clock: float
    ) -> "World":
        """A new world. ``services`` are copied; the first commit records all there is."""
        await sandbox.set_time(clock)
        for path, data in files.items():
            await sandbox.write(path, data)
        copies = {name: service.model_copy(deep=True) for name, service in services.items()}
        return cls(sandbox, copies, clock, set())

    @classmethod
    async def restore(cls, sandbox: Sandbox, state: WorldState, services: Mapping[str, Service]) -> "World":
        """The world as ``state`` describes it. ``services`` say which class each service state belongs to."""
        await sandbox.set_time(state.clock)
        await sandbox.restore({path: _node(entry, state) for path, entry in state.files.items()})
        # Copied, because a service may change what a field of type Any holds, and the state must not move.
        states = deepcopy(state.services)
        revived = {name: type(services[name]).model_validate(value) for name, value in states.items()}
        world = cls(sandbox, revived, state.clock, set(state.contents))
        world._committed = dict(state.services)  # what the trace holds is what the next patch must apply to
        world._touched.clear()
        return world

    def service(self, kind: type[S]) -> S:
        """The world's one service of this kind; whatever is done to it is part of the next commit."""
        for name, service in self._services.items():
            if isinstance(service, kind):
                self._touched.add(name)
                return service
        raise LookupError(f"this world has no {kind.__name__}")

    async def advance(self, seconds: float) -> None:
        """Let time pass in the world."""
        self.clock += seconds
        await self.sandbox.set_time(self.clock)

    async def commit(self, cause: str) -> WorldChange:
        """The event that holds everything that changed since the last commit."""
        blobs: dict[str, Blob] = {}
        files = tuple(self._file_change(change, blobs) for change in await self.sandbox.changes())
        services = {name: patch for name in sorted(self._touched) if (patch := self._patch(name))}
        self._touched.clear()
        return WorldChange(cause=cause, files=files, blobs=blobs, services=services, clock=self.clock)

    def _file_change(self, change: Change, blobs: dict[str, Blob]) -> FileChange:
        after = None if change.after is None else _entry(change.after)
        if (
            change.after is not None
            and after is not None
            and after.digest
            and after.digest not in self._known
        ):
            self._known.add(after.digest)
            blobs[after.digest] = blob_of(change.after.data)
        return FileChange(
            path=change.path, before=None if change.before is None else _entry(change.before), after=after
        )

    def _patch(self, name: str) -> list[dict[str, Any]]:
        before, after = self._committed.get(name), self._services[name].model_dump(mode="json")
        self._committed[name] = after
        return diff(before, after)


def _entry(node: Node) -> Entry:
    return Entry(type=node.type, digest="" if node.type == "directory" else digest(node.data), mode=node.mode)


def _node(entry: Entry, state: WorldState) -> Node:
    data = b"" if entry.type == "directory" else state.contents[entry.digest]
    return Node(entry.type, data, entry.mode)
