"""The embedded back end: an in-process bash over an in-memory file system (bashkit).

Covered: no host file, process or network can be reached; output, loops and time are bounded; a world
costs half a millisecond. Not covered: file permissions are not enforced, there are no real processes,
and memory is shared with this process.

What would tell an agent that this is no ordinary machine (host name, ``uname``, the shell's version,
messages that say "sandbox") is replaced as far as bashkit allows; ``docs/sandbox.md`` lists what
remains.
"""

import asyncio
import posixpath
import re
import shlex
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import bashkit

from ulterior.errors import ToolFailed
from ulterior.sandbox.protocol import (
    OUTPUT_LIMIT,
    SYSTEM_FOLDERS,
    Change,
    ExecResult,
    Machine,
    Node,
    Tree,
)

__all__ = ["EmbeddedSandbox"]

_TIMEOUT = 10.0
_PROVIDES = frozenset({"bash", "awk", "sed", "grep", "jq", "sort", "tar", "find", "diff"})
_TYPES = {"file": "file", "directory": "directory", "symlink": "link"}
_HINTS = re.compile(
    r"(command not found)\. (?:Did you mean: .*|Interactive editors are not available\.)$", re.MULTILINE
)
_EXHAUSTED = "resource limit exceeded"
_THREADS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="ulterior-shell")


class EmbeddedSandbox:
    """One in-memory machine. See :class:`ulterior.sandbox.protocol.Sandbox` for the contract."""

    backend = "embedded"
    provides = _PROVIDES

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._now = 0.0
        self._seen: dict[str, Node] = {}
        self._dirty = True
        self._bash = bashkit.Bash(
            username=machine.user,
            hostname=machine.hostname,
            cwd=machine.workdir,
            env={"HOME": f"/home/{machine.user}", "LANG": "C.UTF-8"},
            timeout_seconds=_TIMEOUT,
            max_commands=20_000,
            files={"/etc/os-release": _OS_RELEASE, "/proc/version": _PROC_VERSION},
            custom_builtins=self._builtins(),
        )
        self._fs = self._bash.fs()
        self._furnish()

    def _furnish(self) -> None:
        """Make the machine look lived in; runs before the world's files arrive."""
        if self._machine.user != "user" and self._fs.exists("/home/user"):
            self._fs.remove("/home/user")
        for folder in (f"/home/{self._machine.user}", self._machine.workdir):
            self._fs.mkdir(folder, True)

    def _builtins(self) -> dict[str, Any]:
        return {
            "date": self._date,
            "uname": self._uname,
            "history": lambda _: "",
            "systemctl": _missing("systemctl"),
            "curl": _unreachable("curl: (6) Could not resolve host"),
            "wget": _unreachable("wget: unable to resolve host address"),
            "help": _missing("help"),
            "df": lambda _: _DF,
        }

    def _uname(self, context: bashkit.BuiltinContext) -> str:
        full = f"Linux {self._machine.hostname} 6.1.0-28-amd64 #1 SMP Debian 6.1.119-1 x86_64 GNU/Linux\n"
        parts = {"-a": full, "-n": f"{self._machine.hostname}\n", "-r": "6.1.0-28-amd64\n", "-m": "x86_64\n"}
        return parts.get(context.argv[0], "Linux\n") if context.argv else "Linux\n"

    def _date(self, context: bashkit.BuiltinContext) -> Any:
        now = datetime.fromtimestamp(self._now, UTC)
        form = "%a %b %e %H:%M:%S UTC %Y"
        for argument in context.argv:
            if argument.startswith("+"):
                form = argument[1:]
            elif argument in ("-I", "--iso-8601"):
                form = "%Y-%m-%d"
            elif argument not in ("-u", "--utc"):
                return bashkit.BuiltinResult("", f"date: unrecognized option '{argument}'\n", 1)
        return now.strftime(form.replace("%s", str(int(self._now))).replace("%N", "000000000")) + "\n"

    async def exec(self, command: str) -> ExecResult:
        return await asyncio.get_running_loop().run_in_executor(_THREADS, self._exec, command)

    def _exec(self, command: str) -> ExecResult:
        if "history" in command:  # the interpreter's own would list our time stamping
            command = f"history() {{ :; }}; {command}"
        # A nested `bash -c` keeps the working folder, variables and functions of one command from the next.
        result = self._bash.execute_sync(f"bash -c {shlex.quote(command)}")
        self._dirty = True
        if _EXHAUSTED in result.stderr or _EXHAUSTED in (result.error or ""):
            return ExecResult(_cut(result.stdout)[0], "Killed\n", 137, timed_out=True)
        stdout, cut_out = _cut(result.stdout)
        stderr, cut_err = _cut(_HINTS.sub(r"\1", result.stderr))
        truncated = cut_out or cut_err or result.stdout_truncated or result.stderr_truncated
        return ExecResult(stdout, stderr, result.exit_code, truncated)

    async def read(self, path: str) -> bytes:
        try:
            return self._fs.read_file(self._absolute(path))
        except RuntimeError as error:
            raise ToolFailed(f"{path}: {_plain(error)}") from error

    async def write(self, path: str, data: bytes, mode: int | None = None) -> None:
        self._dirty = True
        try:
            self._put(self._absolute(path), Node("file", data, -1 if mode is None else mode))
        except RuntimeError as error:
            raise ToolFailed(f"{path}: {_plain(error)}") from error

    async def remove(self, path: str) -> None:
        self._dirty = True
        try:
            self._fs.remove(self._absolute(path))
        except RuntimeError as error:
            raise ToolFailed(f"{path}: {_plain(error)}") from error

    async def changes(self) -> tuple[Change, ...]:
        if not self._dirty:
            return ()
        before, after = self._seen, self._walk()
        paths = sorted(before.keys() | after.keys())
        changed = tuple(
            Change(path, before.get(path), after.get(path))
            for path in paths
            if before.get(path) != after.get(path)
        )
        self._seen, self._dirty = after, False
        self._stamp([c.path for c in changed if c.after is not None and c.after.type != "link"])
        return changed

    async def snapshot(self) -> Tree:
        return self._walk()

    async def restore(self, tree: Tree) -> None:
        current = self._walk()
        for path in sorted(current, reverse=True):  # children before their folders
            if path not in tree or current[path].type != tree[path].type:
                self._fs.remove(path)
        for path in sorted(tree):  # folders before what they hold
            if current.get(path) != tree[path]:
                self._put(path, tree[path])
        self._seen, self._dirty = dict(tree), False

    async def fork(self) -> "EmbeddedSandbox":
        twin = EmbeddedSandbox(self._machine)
        await twin.restore(self._walk())
        await twin.set_time(self._now)
        return twin

    async def set_time(self, now: float) -> None:
        self._now = now

    async def close(self) -> None:
        return None

    def _absolute(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self._machine.workdir, path))

    def _put(self, path: str, node: Node) -> None:
        if node.type == "directory":
            self._fs.mkdir(path, True)
        else:
            self._fs.mkdir(posixpath.dirname(path), True)
            if node.type == "link":
                if self._fs.exists(path):
                    self._fs.remove(path)
                self._fs.symlink(node.data.decode(), path)
                return
            self._fs.write_file(path, node.data)
        if node.mode >= 0:
            self._fs.chmod(path, node.mode)

    def _walk(self) -> dict[str, Node]:
        """Every node outside the system folders, with its bytes: sizes and times can be forged."""
        tree: dict[str, Node] = {}
        folders = ["/"]
        while folders:
            folder = folders.pop()
            for item in self._fs.read_dir(folder):
                path = posixpath.join(folder, item["name"])
                if path in SYSTEM_FOLDERS:
                    continue
                kind = _TYPES[item["metadata"]["file_type"]]
                if kind == "directory":
                    folders.append(path)
                tree[path] = self._node(path, kind, item["metadata"]["mode"])
        return tree

    def _node(self, path: str, kind: str, mode: int) -> Node:
        if kind == "directory":
            return Node("directory", b"", mode)
        if kind == "link":
            return Node("link", str(self._fs.read_link(path)).encode(), mode)
        return Node("file", self._fs.read_file(path), mode)

    def _stamp(self, paths: list[str]) -> None:
        if paths and self._now:
            names = " ".join(shlex.quote(path) for path in paths)
            self._bash.execute_sync(f"touch -d @{int(self._now)} -- {names}")  # would follow a link


def _cut(text: str) -> tuple[str, bool]:
    if len(text) <= OUTPUT_LIMIT:
        return text, False
    half = OUTPUT_LIMIT // 2
    return f"{text[:half]}\n[... {len(text) - 2 * half} characters left out ...]\n{text[-half:]}", True


def _plain(error: RuntimeError) -> str:
    return str(error).removeprefix("io error: ")


def _missing(name: str) -> Any:
    return lambda _: bashkit.BuiltinResult("", f"bash: line 1: {name}: command not found\n", 127)


def _unreachable(message: str) -> Any:
    return lambda _: bashkit.BuiltinResult("", message + "\n", 6)


_OS_RELEASE = """PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
ID=debian
"""
_PROC_VERSION = "Linux version 6.1.0-28-amd64 (debian-kernel@lists.debian.org) #1 SMP Debian 6.1.119-1\n"
_DF = """Filesystem      Size  Used Avail Use% Mounted on
/dev/sda2        49G   18G   29G  39% /
/dev/sda3       180G  101G   70G  60% /home
"""
