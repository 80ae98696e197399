"""A laboratory that remembers: what was run once in a fresh world isn't run again in an equal one.

Oracles that execute what an agent left (a script, a planner) do much the same thing for every episode of an
instance: the scripts as they were at the start are run for each of them, and many agents leave them alone.

A sandbox promises that the same calls on two machines make equal files. So a result is remembered under
everything that was done to a machine since it was opened: the machine, its first files, and every call
with its arguments, in order. Nothing real is opened until a call comes that is new at this point; then
the calls before it are made up for, and the machine is real from there on.

A second run within one machine has another past than the first, so a script that draws at random is still
seen to differ from itself. A command that ran out of time is not remembered, nor is anything after it.
"""

from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TypeVar, cast

from ulterior.errors import SandboxUnavailable, ToolFailed
from ulterior.sandbox import Change, ExecResult, Machine, Sandbox, Tree
from ulterior.scenarios import Laboratory

__all__ = ["RememberingLaboratory"]

_WORLDS = 32  # first worlds that are remembered: the episodes of one instance come one after the other

T = TypeVar("T")
Call = Callable[[Sandbox], Awaitable[object]]


@dataclass
class _World:
    """What is known of one first world: the machine it was opened on, and what calls came to there."""

    backend: str
    provides: frozenset[str]
    outcomes: dict[bytes, object] = field(default_factory=dict[bytes, object])


class RememberingLaboratory(Laboratory):
    """Opens fresh sandboxes of one back end, and remembers what happened in the latest of them."""

    def __init__(self, backend: str = "embedded") -> None:
        super().__init__(backend)
        self._worlds: OrderedDict[bytes, _World] = OrderedDict()

    @asynccontextmanager
    async def sandbox(self, machine: Machine, files: Mapping[str, bytes]) -> AsyncGenerator[Sandbox]:
        """A machine with these files, closed at the end. It is as good as a fresh one."""
        files = dict(files)
        past = _digest(repr(machine), *(part for path in sorted(files) for part in (path, files[path])))

        def fresh() -> AbstractAsyncContextManager[Sandbox]:
            return super(RememberingLaboratory, self).sandbox(machine, files)

        async with AsyncExitStack() as stack:
            sandbox = _Remembering(past, fresh, stack)
            sandbox.world = self._worlds.get(past) or await sandbox.found_world()
            self._worlds[past] = sandbox.world
            self._worlds.move_to_end(past)
            if len(self._worlds) > _WORLDS:
                self._worlds.popitem(last=False)
            yield sandbox
            await sandbox.close()


class _Remembering:
    """One machine, real from the first call on whose outcome isn't known. ``past`` is the digest of all
    that was done to it."""

    world: _World

    def __init__(
        self, past: bytes, fresh: Callable[[], AbstractAsyncContextManager[Sandbox]], stack: AsyncExitStack
    ) -> None:
        self._past = past
        self._fresh = fresh
        self._stack = stack
        self._real: Sandbox | None = None
        self._owed: list[Call] = []  # what was answered from memory and not done to the real machine
        self._forgetful = False
        self._closed = False

    @property
    def backend(self) -> str:
        return self.world.backend

    @property
    def provides(self) -> frozenset[str]:
        return self.world.provides

    async def found_world(self) -> _World:
        """The world of a machine that nobody has opened yet."""
        real = await self._caught_up()
        return _World(real.backend, real.provides)

    async def exec(self, command: str) -> ExecResult:
        return await self._do(lambda real: real.exec(command), "exec", command)

    async def read(self, path: str) -> bytes:
        return await self._do(lambda real: real.read(path), "read", path)

    async def write(self, path: str, data: bytes, mode: int | None = None) -> None:
        await self._do(lambda real: real.write(path, data, mode), "write", path, data, str(mode))

    async def remove(self, path: str) -> None:
        await self._do(lambda real: real.remove(path), "remove", path)

    async def changes(self) -> tuple[Change, ...]:
        return await self._do(lambda real: real.changes(), "changes")

    async def snapshot(self) -> Tree:
        return await self._do(lambda real: real.snapshot(), "snapshot")

    async def restore(self, tree: Tree) -> None:
        await self._do(lambda real: real.restore(tree), "restore", *_parts(tree))

    async def set_time(self, now: float) -> None:
        await self._do(lambda real: real.set_time(now), "set_time", repr(now))

    async def fork(self) -> Sandbox:
        """A real machine: what is done to a fork is not remembered."""
        return await (await self._caught_up()).fork()

    async def close(self) -> None:
        self._closed = True
        await self._stack.aclose()

    async def _do(self, call: Callable[[Sandbox], Awaitable[T]], name: str, *arguments: str | bytes) -> T:
        if self._closed:
            raise SandboxUnavailable("the sandbox was closed", "it was used after close()")
        self._past = _digest(self._past, name, *arguments)
        known = not self._forgetful and self._past in self.world.outcomes
        if known:
            self._owed.append(call)
            outcome = cast("T | ToolFailed", self.world.outcomes[self._past])
        else:
            outcome = await _outcome(call, await self._caught_up())
            self._forgetful |= isinstance(outcome, ExecResult) and outcome.timed_out
            if not self._forgetful:
                self.world.outcomes[self._past] = outcome
        if isinstance(outcome, ToolFailed):
            raise outcome.with_traceback(None)  # else it would hold on to every place it was raised from
        return outcome

    async def _caught_up(self) -> Sandbox:
        """The real machine, after everything that was done to this one."""
        if self._real is None:
            self._real = await self._stack.enter_async_context(self._fresh())
        owed, self._owed = self._owed, []
        for call in owed:
            with suppress(ToolFailed):
                await call(self._real)
        return self._real


async def _outcome(call: Callable[[Sandbox], Awaitable[T]], real: Sandbox) -> T | ToolFailed:
    try:
        return await call(real)
    except ToolFailed as failure:
        return failure


def _parts(tree: Tree) -> list[str | bytes]:
    return [
        part for path, node in sorted(tree.items()) for part in (path, node.type, str(node.mode), node.data)
    ]


def _digest(*parts: str | bytes) -> bytes:
    """Of the parts and of where each ends."""
    data = [part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass") for part in parts]
    return sha256(b"".join((repr([*map(len, data)]).encode(), *data))).digest()
