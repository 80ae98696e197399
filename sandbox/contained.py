"""A sandbox in a container: the protocol's methods as calls over a line, with its files mirrored by value.

Theory of operation. The program inside tells what changed since it was asked last, with the contents; the
mirror equals the container's files after every :meth:`_sync`, and ``before`` values, snapshots and restores
need no second transfer. Nodes are immutable and shared between the mirror, snapshots and forks.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Literal, get_args

from ulterior.errors import SandboxUnavailable, ToolFailed
from ulterior.sandbox.container_files import as_linux_has_it, check_restored, is_in_world
from ulterior.sandbox.link import Link
from ulterior.sandbox.protocol import (
    OUTPUT_LIMIT,
    WORLD_FOLDERS,
    Change,
    ExecResult,
    Machine,
    Node,
    Tree,
    cut_middle,
    encodable,
)

__all__ = ["ContainedSandbox", "furnish"]

_KEEP = 4 * OUTPUT_LIMIT  # bytes of each end of a stream: enough for as many characters of any length
_READ_LIMIT = 10_000_000
_WRITE_SECONDS = 60.0
_Kind = Literal["file", "directory", "link"]


async def furnish(link: Link, machine: Machine, clock: str | None) -> frozenset[str]:
    """Make the container the machine that was asked for, and learn which programs it has."""
    answer, _ = await link.call(
        "setup",
        user=machine.user,
        home=f"/home/{machine.user}",
        workdir=machine.workdir,
        folders=list(WORLD_FOLDERS),
        clock=clock,
    )
    return frozenset(str(name) for name in answer["programs"])


class ContainedSandbox:
    """One container. See :class:`ulterior.sandbox.protocol.Sandbox` for the contract.

    ``reopen`` opens another machine of the same kind, for forks; ``release`` frees this one. ``timeout`` is
    how many seconds one command may take.
    """

    backend = "docker"

    def __init__(
        self,
        link: Link,
        provides: frozenset[str],
        reopen: Callable[[], Awaitable["ContainedSandbox"]],
        release: Callable[[], Awaitable[None]],
        timeout: float,
    ) -> None:
        self.provides = provides
        self.link = link
        self._reopen = reopen
        self._release = release
        self._timeout = timeout
        self._now: float | None = None
        self._files: dict[str, Node] = {}
        self._told: dict[str, Node] = {}
        self._touched: set[str] = set()
        self._dirty = True

    async def exec(self, command: str) -> ExecResult:
        self._dirty = True
        answer, body = await self.link.call(
            "exec",
            encodable(command).encode(),
            seconds=self._timeout,
            timeout=self._timeout,
            keep=_KEEP,
            now=self._now,
        )
        streams = list(_streams(answer, body))
        (stdout, cut_out), (stderr, cut_err) = streams
        if answer["timed_out"]:
            stderr += "Killed\n"
        return ExecResult(
            stdout, stderr, int(answer["exit_code"]), cut_out or cut_err, bool(answer["timed_out"])
        )

    async def read(self, path: str) -> bytes:
        _, body = await self._on(path, "read", limit=_READ_LIMIT)
        return body

    async def write(self, path: str, data: bytes, mode: int | None = None) -> None:
        self._dirty = True
        await self._on(path, "write", data, seconds=_WRITE_SECONDS, mode=mode)

    async def remove(self, path: str) -> None:
        self._dirty = True
        await self._on(path, "remove")

    async def changes(self) -> tuple[Change, ...]:
        await self._sync()
        touched, self._touched = self._touched, set()
        changed = tuple(
            Change(path, before, after)
            for path in sorted(touched)
            if (before := self._told.get(path)) != (after := self._files.get(path))
        )
        for change in changed:
            if change.after is None:
                del self._told[change.path]
            else:
                self._told[change.path] = change.after
        return changed

    async def snapshot(self) -> Tree:
        await self._sync()
        return dict(self._files)

    async def restore(self, tree: Tree) -> None:
        tree = as_linux_has_it(tree)
        await self._sync()
        remove = [
            path for path in sorted(self._files, reverse=True) if _must_go(self._files[path], tree.get(path))
        ]
        put = [path for path in sorted(tree) if self._files.get(path) != tree[path]]
        listed = [[path, tree[path].type, tree[path].mode, len(tree[path].data)] for path in put]
        body = b"".join(tree[path].data for path in put)
        try:
            await self.link.call("put", body, seconds=_WRITE_SECONDS, remove=remove, put=listed)
        except ToolFailed as error:
            raise SandboxUnavailable("a world can't be restored", error.what) from error
        self._files = dict(tree)
        await self._sync(trust=True)
        check_restored(self._files, tree)
        self._told, self._touched = dict(tree), set()

    async def fork(self) -> "ContainedSandbox":
        tree = await self.snapshot()
        twin = await self._reopen()
        try:
            if self._now is not None:
                await twin.set_time(self._now)
            await twin.restore(tree)
        except BaseException:
            await twin.close()
            raise
        return twin

    async def set_time(self, now: float) -> None:
        self._now = now

    async def close(self) -> None:
        self.link.close()
        await self._release()

    async def _on(
        self, path: str, do: str, body: bytes = b"", **arguments: Any
    ) -> tuple[Mapping[str, Any], bytes]:
        try:
            return await self.link.call(do, body, path=encodable(path), **arguments)
        except ToolFailed as error:
            raise ToolFailed(f"{path}: {error.what}") from error

    async def _sync(self, *, trust: bool = False) -> None:
        """Bring the mirror up to date."""
        if not (self._dirty or trust or self.link.lost):
            return
        answer, body = await self.link.call("changes", seconds=_WRITE_SECONDS, trust=trust)
        for path in answer["gone"]:
            if self._files.pop(str(path), None) is not None:
                self._touched.add(str(path))
        for path, node in _nodes(answer, body):
            self._files[path] = node
            self._touched.add(path)
        self._dirty = False


def _streams(answer: Mapping[str, Any], body: bytes) -> Iterator[tuple[str, bool]]:
    """Both streams as text. Where the middle is missing its bytes count as characters."""
    start = 0
    for total, head, tail in answer["streams"]:
        if head + tail == total:
            text, left_out = body[start : start + head + tail].decode("utf-8", "replace"), 0
        else:
            first = body[start : start + head].decode("utf-8", "replace")
            last = body[start + head : start + head + tail].decode("utf-8", "replace")
            text, left_out = first + last, total - head - tail
        start += head + tail
        yield cut_middle(text, left_out)


def _nodes(answer: Mapping[str, Any], body: bytes) -> Iterator[tuple[str, Node]]:
    start = 0
    for path, kind, mode, size in answer["found"]:
        if kind not in get_args(_Kind) or not is_in_world(path):
            raise SandboxUnavailable("a container told nonsense", f"{path!r} is said to be a {kind!r}")
        yield path, Node(kind, body[start : start + size], mode)
        start += size


def _must_go(found: Node, wanted: Node | None) -> bool:
    return wanted is None or wanted.type != found.type
