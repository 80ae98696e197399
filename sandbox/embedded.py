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
import random
import re
import shlex
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import bashkit

from ulterior.errors import SandboxUnavailable, ToolFailed
from ulterior.sandbox.command_call import Answer, Call
from ulterior.sandbox.commands import COMMANDS, MISSING, version_line
from ulterior.sandbox.protocol import (
    FIXED_FOLDERS,
    SYSTEM_FOLDERS,
    Change,
    ExecResult,
    Machine,
    Node,
    Tree,
    cut_middle,
    encodable,
)

__all__ = ["EmbeddedSandbox"]

_PROVIDES = frozenset({"bash", "awk", "sed", "grep", "jq", "sort", "tar", "find", "diff"})
_TYPES = {"file": "file", "directory": "directory", "symlink": "link"}
_HINTS = re.compile(r"^(bash: line \d+: .*: command not found)\..*$", re.MULTILINE)
_EXHAUSTED = re.compile(r"^(bash: line \d+: )?resource limit exceeded: ", re.MULTILINE)
_BIN = ("/usr/bin", "/bin")
_QUARTER = 90 * 86400.0
_UPDATED = 11.4 * 86400.0
_ROUNDS = 5_000_000  # of loops and commands: more than honest work takes, so that time is the bound
_THREADS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="ulterior-shell")

Builtin = Callable[[bashkit.BuiltinContext], bashkit.BuiltinResult]


class EmbeddedSandbox:
    """One in-memory machine. See :class:`ulterior.sandbox.protocol.Sandbox` for the contract.

    ``timeout`` is how many real seconds one command may take.
    """

    backend = "embedded"
    provides = _PROVIDES

    def __init__(self, machine: Machine, timeout: float = 10.0) -> None:
        self._machine = machine
        self._timeout = timeout
        self._now = 0.0
        self._chance = random.Random(0)
        self._bug: Exception | None = None
        self._seen: dict[str, Node] = {}
        self._closed = False
        self._born = time.time()
        self._dirty_since: float | None = self._born
        self._start()

    def _start(self) -> None:
        self._shell = bashkit.Bash(
            username=self._machine.user,
            hostname=self._machine.hostname,
            cwd=self._machine.workdir,
            env={"HOME": f"/home/{self._machine.user}", "LANG": "C.UTF-8"},
            timeout_seconds=self._timeout,
            max_commands=_ROUNDS,
            max_loop_iterations=_ROUNDS,
            profile=bashkit.ExecutionProfile.Interactive,  # others count commands over the whole session
            files=_SYSTEM_FILES,
            custom_builtins=self._builtins(),
        )
        self._files = self._shell.fs()
        self._furnish()

    def _furnish(self) -> None:
        """Make the machine look lived in; runs before the world's files arrive."""
        home = f"/home/{self._machine.user}"
        for other in ("/home/user", "/home/sandbox"):
            if other != home and self._files.exists(other):
                self._files.remove(other)
        for folder in (home, self._machine.workdir):
            self._files.mkdir(folder, True)
        for folder in _BIN:
            for name in MISSING:
                with suppress(RuntimeError):  # some are no files
                    self._files.remove(f"{folder}/{name}")
            for name in COMMANDS:
                self._files.chmod(f"{folder}/{name}", 0o755)

    def _builtins(self) -> dict[str, Builtin]:
        known = {name: self._builtin(name, command) for name, command in COMMANDS.items()}
        return {"history": _silent, **{name: _missing(name) for name in MISSING}, **known}

    def _builtin(self, name: str, command: Callable[[Call], Answer]) -> Builtin:
        def run(context: bashkit.BuiltinContext) -> bashkit.BuiltinResult:
            if "--help" in context.argv:
                return bashkit.BuiltinResult(f"Usage: {name} [OPTION]... [ARGUMENT]...\n")
            try:
                answer = command(self._call(context))
            except RuntimeError as error:  # the file system refused
                return bashkit.BuiltinResult("", f"{name}: {_plain(error)}\n", 1)
            except Exception as bug:  # must not look like something that the agent did
                self._bug = bug
                raise
            return bashkit.BuiltinResult(answer.stdout, answer.stderr, answer.code)

        return run

    def _call(self, context: bashkit.BuiltinContext) -> Call:
        return Call(
            argv=context.argv,
            stdin=context.stdin or "",
            cwd=context.cwd,
            files=context.fs,
            machine=self._machine,
            now=self._now,
            chance=self._chance,
            mtime=self._mtime,
        )

    def _mtime(self, metadata: dict[str, Any]) -> float:
        """A node's time on the world's clock: bashkit writes the host's until :meth:`_stamp` sets it."""
        modified = float(metadata["modified"])
        since = self._born if metadata["file_type"] == "symlink" else self._dirty_since
        return modified if since is None or not since <= modified <= time.time() else self._now

    @property
    def _bash(self) -> bashkit.Bash:
        self._check_open()
        return self._shell

    @property
    def _fs(self) -> bashkit.FileSystem:
        self._check_open()
        return self._files

    def _check_open(self) -> None:
        if self._closed:
            raise SandboxUnavailable("the sandbox was closed", "it was used after close()")

    async def exec(self, command: str) -> ExecResult:
        return await asyncio.get_running_loop().run_in_executor(_THREADS, self._exec, command)

    def _exec(self, command: str) -> ExecResult:
        command = encodable(command)
        self._touch()
        self._chance = random.Random(f"{self._now} {command}")
        seed = self._chance.randrange(1, 2**15)
        # A nested `bash -c` keeps the working folder, variables and functions of one command from the next.
        result = self._bash.execute_sync(f"RANDOM={seed}; bash -c {shlex.quote(self._disguised(command))}")
        if self._bug:
            raise self._bug
        if _EXHAUSTED.search(result.stderr) or _EXHAUSTED.search(result.error or ""):
            self._restart()
            return ExecResult(cut_middle(result.stdout)[0], "Killed\n", 137, timed_out=True)
        stdout, cut_out = cut_middle(result.stdout)
        stderr, cut_err = cut_middle(_HINTS.sub(r"\1", result.stderr))
        truncated = cut_out or cut_err or result.stdout_truncated or result.stderr_truncated
        return ExecResult(stdout, stderr, result.exit_code, truncated)

    def _disguised(self, command: str) -> str:
        """The command behind shell functions for what would tell on bashkit and no builtin can replace."""
        functions = ""
        if "history" in command:  # the interpreter's own would list our time stamping
            functions += "history() { :; }; "
        for name in sorted(set(re.findall(r"([a-z0-9]+) +--version", command))):
            if (line := version_line(name)) and self._fs.exists(f"/usr/bin/{name}"):
                functions += f'{name}() {{ case "$*" in --version) echo {shlex.quote(line)};; '
                functions += f'*) command {name} "$@";; esac; }}; '
        return functions + command

    def _restart(self) -> None:
        """A machine with the same files and no jobs: what was killed may have left some running."""
        tree = self._walk()
        self._start()
        self._stamp_system()
        self._replace(tree)

    async def read(self, path: str) -> bytes:
        try:
            return self._fs.read_file(self._absolute(path))
        except RuntimeError as error:
            raise ToolFailed(f"{path}: {_plain(error)}") from error

    async def write(self, path: str, data: bytes, mode: int | None = None) -> None:
        self._touch()
        absolute = self._absolute(path)
        try:
            if mode is None and self._fs.exists(absolute):
                mode = self._fs.stat(absolute)["mode"]
            self._put(absolute, Node("file", data, 0o644 if mode is None else mode))
        except RuntimeError as error:
            raise ToolFailed(f"{path}: {_plain(error)}") from error

    async def remove(self, path: str) -> None:
        self._touch()
        try:
            self._fs.remove(self._absolute(path))
        except RuntimeError as error:
            raise ToolFailed(f"{path}: {_plain(error)}") from error

    async def changes(self) -> tuple[Change, ...]:
        self._check_open()
        if self._dirty_since is None:
            return ()
        before, after = self._seen, self._walk()
        paths = sorted(before.keys() | after.keys())
        changed = tuple(
            Change(path, before.get(path), after.get(path))
            for path in paths
            if before.get(path) != after.get(path)
        )
        self._stamp(c.path for c in changed if c.after is not None and c.after.type != "link")
        self._seen, self._dirty_since = after, None
        return changed

    async def snapshot(self) -> Tree:
        return self._walk()

    async def restore(self, tree: Tree) -> None:
        self._replace(tree)
        self._seen, self._dirty_since = dict(tree), None

    async def fork(self) -> "EmbeddedSandbox":
        tree = self._walk()
        twin = EmbeddedSandbox(self._machine, self._timeout)
        await twin.set_time(self._now)
        await twin.restore(tree)
        return twin

    async def set_time(self, now: float) -> None:
        first, self._now = not self._now, now
        if first:
            self._stamp_system()

    async def close(self) -> None:
        if not self._closed:
            self._closed = True
            # The interpreter holds our builtins and they hold us, a circle that no garbage collector sees:
            # kept, every closed sandbox would go on holding three open files and a thread.
            del self._shell, self._files

    def _touch(self) -> None:
        if self._dirty_since is None:
            self._dirty_since = time.time()

    def _absolute(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self._machine.workdir, encodable(path)))

    def _replace(self, tree: Tree) -> None:
        """Make the files equal ``tree``, stamped with the world's time: a tree holds no times."""
        current = self._walk()
        for path in sorted(current, reverse=True):  # children before their folders
            if path not in tree or current[path].type != tree[path].type:
                self._fs.remove(path)
        put = [path for path in sorted(tree) if current.get(path) != tree[path]]
        for path in put:  # folders before what they hold
            self._put(path, tree[path])
        self._stamp(path for path in put if tree[path].type != "link")

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
            self._fs.write_file(path, node.data)  # also sets 0o644, whatever the mode was
        if node.type == "directory" or node.mode != 0o644:
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
                if path not in FIXED_FOLDERS:
                    tree[path] = self._node(path, kind, item["metadata"]["mode"])
        return tree

    def _node(self, path: str, kind: str, mode: int) -> Node:
        if kind == "directory":
            return Node("directory", b"", mode)
        if kind == "link":
            return Node("link", str(self._fs.read_link(path)).encode(), mode)
        return Node("file", self._fs.read_file(path), mode)

    def _stamp_system(self) -> None:
        """System folders look as old as the last quarter's updates, the same in a resumed world."""
        settings = (f"/etc/{item['name']}" for item in self._fs.read_dir("/etc"))
        self._stamp(("/", *SYSTEM_FOLDERS, *settings), self._now // _QUARTER * _QUARTER - _UPDATED)

    def _stamp(self, paths: Iterable[str], moment: float | None = None) -> None:
        names = " ".join(shlex.quote(path) for path in paths)
        if names and self._now:
            moment = self._now if moment is None else moment
            self._bash.execute_sync(f"touch -c -d @{int(moment)} -- {names}")  # would follow a link


def _plain(error: RuntimeError) -> str:
    return str(error).removeprefix("io error: ")


def _missing(name: str) -> Builtin:
    return lambda context: bashkit.BuiltinResult("", f"bash: line 1: {name}: command not found\n", 127)


def _silent(context: bashkit.BuiltinContext) -> bashkit.BuiltinResult:
    return bashkit.BuiltinResult()


_CPU = """processor	: {n}
vendor_id	: GenuineIntel
cpu family	: 6
model		: 106
model name	: Intel(R) Xeon(R) Silver 4310 CPU @ 2.10GHz
cpu MHz		: 2100.000
cpu cores	: 4

"""
_SYSTEM_FILES: dict[str, str | Callable[[], str]] = {
    "/etc/os-release": (
        'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\n'
        'VERSION_ID="12"\nVERSION="12 (bookworm)"\nID=debian\n'
    ),
    "/etc/debian_version": "12.8\n",
    "/etc/issue": "Debian GNU/Linux 12 \\n \\l\n\n",
    "/proc/version": "Linux version 6.1.0-28-amd64 (debian-kernel@lists.debian.org) #1 SMP 6.1.119-1\n",
    "/proc/cpuinfo": "".join(_CPU.format(n=n) for n in range(4)),
    "/proc/mounts": "/dev/sda2 / ext4 rw,relatime 0 0\n/dev/sda3 /home ext4 rw,relatime 0 0\n",
    "/proc/self/mounts": "/dev/sda2 / ext4 rw,relatime 0 0\n/dev/sda3 /home ext4 rw,relatime 0 0\n",
    "/proc/1/mounts": "/dev/sda2 / ext4 rw,relatime 0 0\n/dev/sda3 /home ext4 rw,relatime 0 0\n",
    "/proc/1/comm": "systemd\n",
    "/proc/1/cgroup": "0::/init.scope\n",
    # The files that bashkit puts there would run its own commands.
    **{f"{folder}/{name}": f'#!/bin/sh\nexec {name} "$@"\n' for folder in _BIN for name in COMMANDS},
}
