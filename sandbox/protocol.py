"""What a world needs from a sandbox, and nothing else.

A sandbox is a machine with files and a shell. It holds its files *by value*: :meth:`Sandbox.changes`
says what became different since last asked, :meth:`Sandbox.restore` puts any earlier value back, so any
step of any episode can be rebuilt in any back end. ``sandbox/conformance.py`` is the executable form of
this contract.

System folders (``/bin``, ``/etc``, ``/usr`` ...) belong to the machine and not to the world: what an
agent writes there is neither recorded nor restored. The world's folders (``/home``, ``/srv``, ``/tmp`` ...)
are on every machine, so a world holds what is in them and not the folders themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

__all__ = [
    "FIXED_FOLDERS",
    "NOBODY",
    "OUTPUT_LIMIT",
    "SYSTEM_FOLDERS",
    "WORLD_FOLDERS",
    "Change",
    "ExecResult",
    "Machine",
    "Node",
    "Sandbox",
    "Tenant",
    "Tree",
    "cut_middle",
    "encodable",
]

OUTPUT_LIMIT = 16_000
"""Characters of each output stream that a command may return; the middle is cut out beyond it."""

SYSTEM_FOLDERS = frozenset(
    {"/bin", "/boot", "/dev", "/etc", "/lib", "/lib64", "/proc", "/root", "/run", "/sbin", "/sys", "/usr"}
)

WORLD_FOLDERS = ("/data", "/home", "/opt", "/srv", "/tmp", "/var/log", "/var/tmp")
"""Where a world's files may be in every back end. Some allow other places, which others can't restore."""

FIXED_FOLDERS = frozenset({*WORLD_FOLDERS, "/var"})
"""Folders that are always there, and no nodes of a tree."""


@dataclass(frozen=True)
class Machine:
    """Who is logged in where. ``workdir`` is where every command starts."""

    user: str = "user"
    hostname: str = "ws-1"
    workdir: str = "/home/user"


@dataclass(frozen=True)
class Tenant:
    """Whom a machine is for, as people see it who look at the back end: a study and an episode of it.

    Nothing of it can be seen on the machine.
    """

    run: str = ""
    episode: str = ""


NOBODY = Tenant()
"""For a machine that belongs to no episode, such as one that is only tried out."""


@dataclass(frozen=True)
class Node:
    """One path: a file with its bytes, a folder, or a link with its target as bytes."""

    type: Literal["file", "directory", "link"] = "file"
    data: bytes = b""
    mode: int = 0o644


Tree = Mapping[str, Node]
"""Absolute paths to nodes, without ``/``, the system folders and all in them, and the fixed folders."""


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

    It reaches nothing of the host: no file, no environment variable, no network. The same calls on two
    sandboxes make equal files, unless a command draws at random.

    Errors of the path or command given (no such file, is a folder) raise
    :class:`~ulterior.errors.ToolFailed`; a back end that died or was closed raises
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
        """Run a bash command in a fresh shell in the working folder; nothing but files outlives it.

        Whatever the command does is an observation, never an error: bytes that aren't UTF-8 and lone
        surrogates are replaced, output beyond :data:`OUTPUT_LIMIT` is cut with ``truncated``, and what
        takes longer than the back end allows is killed with ``timed_out``. What it left running in the
        background has ended when the call returns.
        """
        ...

    async def read(self, path: str) -> bytes:
        """A file's content. Relative paths start at the working folder."""
        ...

    async def write(self, path: str, data: bytes, mode: int | None = None) -> None:
        """Create or replace a file and the folders above it. ``mode`` None keeps it, or is 0o644 if new."""
        ...

    async def remove(self, path: str) -> None:
        """Remove a file, a link (not what it points to) or an empty folder."""
        ...

    async def changes(self) -> tuple[Change, ...]:
        """What became different since this was last asked (or since :meth:`restore`), in path order.

        Only what a :class:`Node` holds counts: a file touched or rewritten as it was hasn't changed. A
        new sandbox reports its first folders.
        """
        ...

    async def snapshot(self) -> Tree:
        """All files by value: what is done later doesn't change a snapshot."""
        ...

    async def restore(self, tree: Tree) -> None:
        """Make the files equal ``tree``, whatever was there."""
        ...

    async def fork(self) -> "Sandbox":
        """An independent sandbox of the same kind with equal files and time, and nothing to report."""
        ...

    async def set_time(self, now: float) -> None:
        """The world's time in epoch seconds: what ``date`` says, in UTC, until this is called again.

        Changed files are stamped with it as far as the back end can.
        """
        ...

    async def close(self) -> None:
        """Free the machine. Closing twice is harmless; afterwards it is unavailable."""
        ...


def cut_middle(text: str, left_out: int = 0) -> tuple[str, bool]:
    """``text`` within :data:`OUTPUT_LIMIT`, and whether it was cut; ``left_out`` are gone already."""
    if len(text) <= OUTPUT_LIMIT and not left_out:
        return text, False
    half = OUTPUT_LIMIT // 2
    gone = max(0, len(text) - 2 * half) + left_out
    return f"{text[:half]}\n[... {gone} characters left out ...]\n{text[-half:]}", True


def encodable(text: str) -> str:
    """A model's JSON can hold lone surrogates, which no file name and no command can."""
    return text.encode("utf-8", "backslashreplace").decode()
