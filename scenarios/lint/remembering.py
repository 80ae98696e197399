"""A laboratory that runs nothing twice, for oracles that are asked again and again about the same episodes.

Sandboxes promise that the same calls make equal files. So what a call answers is decided by the machine, its
files and the calls before it, and is looked up by them. A machine is opened only when something new is asked,
and the calls that had been looked up are then made on it first.
"""

import pickle
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

from ulterior.errors import AgentError
from ulterior.sandbox.protocol import Change, ExecResult, Machine, Sandbox, Tree
from ulterior.scenarios.laboratory import Laboratory
from ulterior.traces import digest

__all__ = ["RememberingLaboratory"]


class RememberingLaboratory(Laboratory):
    """Answers what it has been asked before without a machine."""

    def __init__(self, backend: str = "embedded") -> None:
        super().__init__(backend)
        self._kind = backend
        self.answers: dict[str, Any] = {}

    @asynccontextmanager
    async def sandbox(self, machine: Machine, files: Mapping[str, bytes]) -> AsyncGenerator[Sandbox]:
        """A machine with these files, or what is remembered of an equal one."""
        remembered = _Remembered(self, machine, files)
        try:
            yield remembered
        finally:
            await remembered.close()

    @property
    def backend(self) -> str:
        return self._kind

    @asynccontextmanager
    async def real(self, machine: Machine, files: Mapping[str, bytes]) -> AsyncGenerator[Sandbox]:
        """A machine that is one."""
        async with super().sandbox(machine, files) as sandbox:
            yield sandbox


class _Remembered:
    """One machine, real once it has to be."""

    def __init__(
        self, laboratory: RememberingLaboratory, machine: Machine, files: Mapping[str, bytes]
    ) -> None:
        self._laboratory = laboratory
        self._real: Sandbox | None = None
        self._opened = laboratory.real(machine, files)
        self._behind: list[tuple[str, tuple[Any, ...]]] = []
        self._key = _token(machine, sorted(files.items()))

    @property
    def backend(self) -> str:
        return self._laboratory.backend

    @property
    def provides(self) -> frozenset[str]:
        return frozenset()

    async def exec(self, command: str) -> ExecResult:
        return await self._answer("exec", command)

    async def read(self, path: str) -> bytes:
        return await self._answer("read", path)

    async def write(self, path: str, data: bytes, mode: int | None = None) -> None:
        await self._answer("write", path, data, mode)

    async def remove(self, path: str) -> None:
        await self._answer("remove", path)

    async def changes(self) -> tuple[Change, ...]:
        return await self._answer("changes")

    async def snapshot(self) -> Tree:
        return await self._answer("snapshot")

    async def restore(self, tree: Tree) -> None:
        await self._answer("restore", dict(sorted(tree.items())))

    async def set_time(self, now: float) -> None:
        await self._answer("set_time", now)

    async def fork(self) -> Sandbox:
        return await (await self._caught_up()).fork()

    async def close(self) -> None:
        if self._real is not None:
            self._real = None
            await self._opened.__aexit__(None, None, None)

    async def _answer(self, call: str, *arguments: Any) -> Any:
        self._key = _token(self._key, call, arguments)
        answers = self._laboratory.answers
        if self._key not in answers:
            real = await self._caught_up()
            try:
                answers[self._key] = await getattr(real, call)(*arguments)
            except AgentError as error:
                answers[self._key] = error
        else:
            self._behind.append((call, arguments))
        answer = answers[self._key]
        if isinstance(answer, AgentError):
            raise answer
        return answer

    async def _caught_up(self) -> Sandbox:
        if self._real is None:
            self._real = await self._opened.__aenter__()
        for call, arguments in self._behind:
            with suppress(AgentError):
                await getattr(self._real, call)(*arguments)
        self._behind.clear()
        return self._real


def _token(*values: Any) -> str:
    return digest(pickle.dumps(values))
