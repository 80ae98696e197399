"""A sandbox in a container without Python: everything through the daemon's own `exec`, `sh` and `tar`.

The fallback for images that can't run ``inside.py``. It keeps the protocol with four limits: a command costs
a tenth of a second and every step reads all files; commands have the host's time; files that their owner may
not read make a step fail; and where an image has no ``timeout``, nothing ends a command that doesn't end by
itself. Attacks are bounded by the container alone, as for ``inside.py``.
"""

import asyncio
import io
import posixpath
import shlex
import struct
import tarfile
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from ulterior.errors import SandboxUnavailable, ToolFailed
from ulterior.sandbox.container_files import as_linux_has_it, check_restored, is_in_world
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

__all__ = ["PlainContainer", "PlainSandbox"]

_THREADS = ThreadPoolExecutor(max_workers=32, thread_name_prefix="ulterior-plain")
_USER = "1000:1000"
_FRAME = struct.Struct(">BxxxI")
_KEEP = 4 * OUTPUT_LIMIT
_READ_LIMIT = 10_000_000
_WORLD_LIMIT = 1 << 29
_KILLED = 137
_TIMED_OUT = (124, _KILLED)
_PROGRAMS = ("awk", "bash", "diff", "find", "git", "grep", "jq", "make", "sed", "sort", "tar")
_KINDS = {
    tarfile.REGTYPE: "file",
    tarfile.DIRTYPE: "directory",
    tarfile.SYMTYPE: "link",
    tarfile.LNKTYPE: "file",
}


@dataclass(frozen=True)
class _Done:
    """What a program inside printed, the first and last bytes of it, and how it ended."""

    stdout: bytes
    stderr: bytes
    code: int
    cut: tuple[int, int] = (0, 0)


class PlainContainer:
    """Programs in one running container, through the daemon's API. Blocking; called from threads."""

    def __init__(self, api: Any, identifier: str, machine: Machine) -> None:
        self._api = api
        self._id = identifier
        self._environment = {"HOME": f"/home/{machine.user}", "USER": machine.user, "LANG": "C.UTF-8"}

    def run(
        self,
        command: list[str],
        stdin: bytes | None = None,
        *,
        user: str = _USER,
        workdir: str = "/",
        keep: int = 0,
    ) -> _Done:
        """Run a program to its end. ``keep`` bounds each end of a stream in bytes, 0 is a world."""
        streams = {1: _Ends(keep), 2: _Ends(keep)}
        try:
            made = self._api.exec_create(
                self._id,
                command,
                stdin=stdin is not None,
                user=user,
                workdir=workdir,
                environment=self._environment,
            )
            stream = self._api.exec_start(made["Id"], socket=True)
            channel = getattr(stream, "_sock", stream)
            with closing(channel), closing(stream):
                channel.settimeout(None)
                if stdin is not None:
                    channel.sendall(stdin)
                    channel.shutdown(1)
                for number, part in _frames(_reader(stream, channel)):
                    streams[number].take(part)
            code = self._api.exec_inspect(made["Id"])["ExitCode"]
        except Exception as error:  # whatever the SDK raises, the container can't be used
            why = " ".join(str(error).split())[:300]
            raise SandboxUnavailable(
                "a container can't be used any more", why, "run the study again"
            ) from error
        cut = (streams[1].left_out, streams[2].left_out)
        return _Done(streams[1].data, streams[2].data, _KILLED if code is None else code, cut)


def _reader(stream: Any, channel: Any) -> Callable[[int], bytes]:
    """By what to read what a program prints. Where its first words came together with the head of the
    daemon's answer, http.client holds them in a buffer, which the SDK's socket passes over."""
    try:
        return stream._response.raw._fp.fp.read1
    except AttributeError:  # a connection of another kind
        return channel.recv


def _frames(read: Callable[[int], bytes]) -> Iterator[tuple[int, bytes]]:
    """What a program prints, as the daemon sends it: the number of the stream, and a part of it."""
    buffer = bytearray()
    while data := read(1 << 18):
        buffer += data
        while len(buffer) >= _FRAME.size:
            number, size = _FRAME.unpack_from(buffer)
            if len(buffer) < _FRAME.size + size:
                break
            yield number, bytes(buffer[_FRAME.size : _FRAME.size + size])
            del buffer[: _FRAME.size + size]


class _Ends:
    """The first and the last bytes of a stream."""

    def __init__(self, keep: int) -> None:
        self._keep = keep or _WORLD_LIMIT
        self._head = bytearray()
        self._tail = bytearray()
        self.left_out = 0

    def take(self, part: bytes) -> None:
        room = self._keep - len(self._head)
        self._head += part[:room]
        self._tail += part[room:]
        if (over := len(self._tail) - self._keep) > 0:
            del self._tail[:over]
            self.left_out += over

    @property
    def data(self) -> bytes:
        return bytes(self._head + self._tail)


class PlainSandbox:
    """One container. See :class:`ulterior.sandbox.protocol.Sandbox`, and above for its limits."""

    backend = "docker"

    def __init__(
        self,
        container: PlainContainer,
        machine: Machine,
        reopen: Callable[[], Awaitable["PlainSandbox"]],
        release: Callable[[], Awaitable[None]],
        timeout: float,
    ) -> None:
        self.provides: frozenset[str] = frozenset()
        self._container = container
        self._machine = machine
        self._reopen = reopen
        self._release = release
        self._timeout = timeout
        self._told: dict[str, Node] = {}
        self._closed = False
        self._limit: list[str] = []

    async def furnish(self) -> None:
        """Make the container the machine that was asked for, and learn what it has."""
        user, home = self._machine.user, f"/home/{self._machine.user}"
        script = (
            'sed -i "/^[^:]*:[^:]*:1000:/d" /etc/passwd /etc/group; '
            f"echo {shlex.quote(f'{user}:x:1000:1000::{home}:/bin/bash')} >> /etc/passwd; "
            f"echo {shlex.quote(f'{user}:x:1000:')} >> /etc/group"
        )
        await self._run(["sh", "-c", script], user="0:0")
        await self._run(["mkdir", "-p", home, self._machine.workdir])
        named = " ".join((*_PROGRAMS, "timeout"))
        found = await self._run(
            ["sh", "-c", f"for p in {named}; do command -v $p >/dev/null && echo $p; done; true"]
        )
        programs = frozenset(found.stdout.decode().split())
        self.provides = programs - {"timeout"}
        self._limit = ["timeout", "-s", "KILL", f"{self._timeout:g}"] if "timeout" in programs else []

    async def exec(self, command: str) -> ExecResult:
        words = [*self._limit, "bash", "-c", encodable(command)]
        began = asyncio.get_running_loop().time()
        done = await self._run(words, workdir=self._machine.workdir, keep=_KEEP)
        late = asyncio.get_running_loop().time() - began >= self._timeout
        await self._run(["sh", "-c", "kill -9 -1"])  # whatever it left running, and this shell
        stdout, cut_out = cut_middle(done.stdout.decode("utf-8", "replace"), done.cut[0])
        stderr, cut_err = cut_middle(done.stderr.decode("utf-8", "replace"), done.cut[1])
        timed_out = late and done.code in _TIMED_OUT
        return ExecResult(
            stdout,
            stderr + "Killed\n" * timed_out,
            _KILLED if timed_out else done.code,
            cut_out or cut_err,
            timed_out,
        )

    async def read(self, path: str) -> bytes:
        absolute = self._absolute(path)
        await self._must(
            path, '[ -d "$1" ] && { echo "is a folder" >&2; exit 1; }; [ -f "$1" ] || ls "$1"', absolute
        )
        done = await self._run(["head", "-c", str(_READ_LIMIT + 1), absolute])
        if done.code or len(done.stdout) > _READ_LIMIT:
            why = done.stderr.decode("utf-8", "replace").strip() or f"larger than {_READ_LIMIT} bytes"
            raise ToolFailed(f"{path}: {why}")
        return done.stdout

    async def write(self, path: str, data: bytes, mode: int | None = None) -> None:
        absolute = self._absolute(path)
        script = (
            '[ -d "$1" ] && { echo "is a folder" >&2; exit 1; }; mkdir -p "$(dirname "$1")" && cat > "$1"'
        )
        await self._must(path, script, absolute, data)
        if mode is not None:
            await self._must(path, f'chmod {mode:o} "$1"', absolute)

    async def remove(self, path: str) -> None:
        script = 'if [ -d "$1" ] && [ ! -L "$1" ]; then rmdir "$1"; else rm "$1"; fi'
        await self._must(path, script, self._absolute(path))

    async def changes(self) -> tuple[Change, ...]:
        before, after = self._told, dict(await self.snapshot())
        self._told = after
        paths = sorted(before.keys() | after.keys())
        return tuple(
            Change(path, before.get(path), after.get(path))
            for path in paths
            if before.get(path) != after.get(path)
        )

    async def snapshot(self) -> Tree:
        folders = " ".join(folder[1:] for folder in WORLD_FOLDERS)
        done = await self._run(["sh", "-c", f"tar -cf - -C / {folders}"])
        try:
            with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
                return dict(_nodes(archive))
        except (tarfile.TarError, EOFError) as error:
            why = done.stderr.decode("utf-8", "replace").strip() or str(error)
            raise SandboxUnavailable("the files of a container can't be read", why) from error

    async def restore(self, tree: Tree) -> None:
        tree = as_linux_has_it(tree)
        clear = "; ".join(
            f"chmod -R u+rwx {folder} 2>/dev/null; find {folder} -mindepth 1 -delete"
            for folder in WORLD_FOLDERS
        )
        await self._run(["sh", "-c", clear])
        await self._run(["tar", "-xpf", "-", "-C", "/"], _archive(tree))
        self._told = dict(await self.snapshot())
        check_restored(self._told, tree)

    async def fork(self) -> "PlainSandbox":
        tree = await self.snapshot()
        twin = await self._reopen()
        await twin.restore(tree)
        return twin

    async def set_time(self, now: float) -> None:
        """Without effect: only our own image's clock can be set."""

    async def close(self) -> None:
        self._closed = True
        await self._release()

    async def _run(self, command: list[str], stdin: bytes | None = None, **options: Any) -> _Done:
        if self._closed:
            raise SandboxUnavailable("the sandbox was closed", "it was used after close()")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_THREADS, lambda: self._container.run(command, stdin, **options))

    async def _must(self, path: str, script: str, absolute: str, stdin: bytes | None = None) -> None:
        done = await self._run(["sh", "-c", script, "sh", absolute], stdin)
        if done.code:
            lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise ToolFailed(f"{path}: {lines[-1] if lines else 'it can not be used'}")

    def _absolute(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self._machine.workdir, encodable(path)))


def _nodes(archive: tarfile.TarFile) -> Iterator[tuple[str, Node]]:
    """What an archive holds, as data: nothing in it is ever unpacked on the host."""
    for member in archive:
        path, kind = posixpath.normpath(f"/{member.name}"), _KINDS.get(member.type)
        if kind is None or not is_in_world(path):
            continue
        if kind == "link":
            yield path, Node("link", member.linkname.encode("utf-8", "backslashreplace"), 0o777)
        elif kind == "directory":
            yield path, Node("directory", b"", member.mode)
        else:
            content = archive.extractfile(member)  # a hard link's is that of the file it is linked to
            yield path, Node("file", content.read() if content else b"", member.mode)


def _archive(tree: Tree) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for path in sorted(tree):
            node, member = tree[path], tarfile.TarInfo(path[1:])
            member.mode, member.uid, member.gid = node.mode, 1000, 1000
            if node.type == "directory":
                member.type = tarfile.DIRTYPE
            elif node.type == "link":
                member.type, member.linkname = tarfile.SYMTYPE, node.data.decode()
            else:
                member.size = len(node.data)
            archive.addfile(member, io.BytesIO(node.data))
    return packed.getvalue()
