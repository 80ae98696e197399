"""What a world needs from a sandbox, and nothing else.

A sandbox is a machine with files and a shell. It holds its files *by value*: :meth:`Sandbox.changes`
says what became different since last asked, :meth:`Sandbox.restore` puts any earlier value back, so any
step of any episode can be rebuilt in any back end. ``sandbox/conformance.py`` is the executable form of
this contract.

System folders (``/bin``, ``/etc``, ``/usr`` ...) belong to the machine and not to the world: what an
agent writes there is neither recorded nor restored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

__all__ = ["OUTPUT_LIMIT", "SYSTEM_FOLDERS", "Change", "ExecResult", "Machine", "Node", "Sandbox", "Tree"]

OUTPUT_LIMIT = 16_000
"""Characters of each output stream that a command may return; the middle is cut out beyond it."""

SYSTEM_FOLDERS = frozenset(
    {"/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/root", "/run", "/sbin", "/sys", "/usr"}
)


@dataclass(frozen=True)
class Machine:
    """Who is logged in where. ``workdir`` is where every command starts."""

    user: str = "user"
    hostname: str = "ws-1"
    workdir: str = "/home/user"


@dataclass(frozen=True)
class Node:
    """One path: a file with its bytes, a folder, or a link with its target as bytes."""

    type: Literal["file", "directory", "link"] = "file"
    data: bytes = b""
    mode: int = 0o644


Tree = Mapping[str, Node]
"""Absolute paths to nodes, without the system folders and without ``/`` itself."""


@dataclass(frozen=True)
class Change:
    """One path before and after; None means that it did not exist."""

    path: str
    before: Node | None
    after: Node | None


@dataclass(frozen=True)
class ExecResult:
    """What a command printed and how it ended. ``timed_out`` commands were killed."""

    stdout: str
    stderr: str
    exit_code: int
    truncated: bool = False
    timed_out: bool = False


class Sandbox(Protocol):
    """One machine of one episode. Its methods are called one at a time.

    Errors of the path or command given (no such file, is a folder) raise
    :class:`~ulterior.errors.ToolFailed`; a back end that died raises
    :class:`~ulterior.errors.SandboxUnavailable`.
    """

    @property
    def backend(self) -> str:
        """The name under which this kind of sandbox is chosen: ``embedded``, ``docker``."""
        ...

    @property
    def provides(self) -> frozenset[str]:
        """Programs that a scenario may require: ``bash``, ``awk``, ``jq`` ..."""
        ...

    async def exec(self, command: str) -> ExecResult:
        """Run a bash command in a fresh shell in the working folder; nothing but files outlives it."""
        ...

    async def read(self, path: str) -> bytes:
        """A file's content. Relative paths start at the working folder."""
        ...

    async def write(self, path: str, data: bytes, mode: int | None = None) -> None:
        """Create or replace a file and the folders above it. ``mode`` None keeps or defaults it."""
        ...

    async def remove(self, path: str) -> None:
        """Remove a file, a link or an empty folder."""
        ...

    async def changes(self) -> tuple[Change, ...]:
        """What became different since this was last asked (or since :meth:`restore`), in path order."""
        ...

    async def snapshot(self) -> Tree:
        """All files by value."""
        ...

    async def restore(self, tree: Tree) -> None:
        """Make the files equal ``tree``, whatever was there."""
        ...

    async def fork(self) -> "Sandbox":
        """An independent sandbox of the same kind with equal files."""
        ...

    async def set_time(self, now: float) -> None:
        """The world's time in epoch seconds: what ``date`` says and what changed files are stamped with.

        Best effort: a back end that can't set its clock ignores it.
        """
        ...

    async def close(self) -> None:
        """Free the machine. Closing twice is harmless."""
        ...
