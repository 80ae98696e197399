"""The program inside a container: it runs commands, moves files and says what changed.

It is sent to the container's main process, a bare Python, as text; it imports the standard library only,
and no other module of ours. Theory of operation:

- It is root with three capabilities (SETUID, SETGID, KILL), and works as uid 1000 all the same: its
  *effective* ids are the user's except while it starts a command, so that no file operation can reach
  further than the user's own commands could. Its real uid stays 0, so that the user can neither signal nor
  trace it.
- One request at a time. A command gets a session of its own; when it is through, or out of time, every
  process of the user is killed, whatever session it fled to.
- Files are found by walking the world's folders. What a file held last time is known by inode, size, mode
  and change time, which the user can't set; one that changed within the last moments is read again, because
  the kernel's clock moves in steps, and told only if its digest is another one.
- It ends when its stdin does: a harness that dies takes its containers along.

A frame is two lengths (header, body; 4 bytes each, big endian), a JSON header, and a body. A request's
header names a function of :class:`Server` under ``do`` and holds its arguments; an answer's holds either
the function's result or ``refused`` (the path given is to blame), or ``failed`` (we are).
"""

from __future__ import annotations  # the image's Python may be an older one

import errno
import hashlib
import json
import os
import posixpath
import select
import signal
import stat
import struct
import time
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

USER = 1000
RECENT = 100_000_000  # nanoseconds: kernel timestamps move in steps of some milliseconds
FRAME = struct.Struct(">II")
MOVED = 0.5  # seconds by which the world's time must have left the clock's before it is moved
GRAIN = 0.02  # seconds by which the kernel's stamps may be behind
SETTLE = 10.0  # seconds within which killed processes must be gone
SCRATCH = ("/dev/shm", "/dev/mqueue")
CHUNK = 1 << 16  # bytes that a read asks for at least, small enough to be allocated at no cost
VECTOR = 1000  # parts that one call may write; Linux takes 1024
PASSING = ("PATH", "LANG")
PROGRAMS = (
    *(
        "awk",
        "bash",
        "bc",
        "curl",
        "diff",
        "file",
        "find",
        "gcc",
        "git",
        "grep",
        "gzip",
        "jq",
        "make",
        "nano",
    ),
    *("patch", "perl", "ps", "python3", "rsync", "sed", "sort", "sqlite3", "ssh", "tar", "tree", "unzip"),
    *("vi", "wget", "xz", "zip"),
)


Header = dict[str, Any]
Answer = tuple[Header, Sequence[bytes]]
"""A header, and the body in parts: a world is large, and joining them would copy it."""
Mark = tuple[int, int, int, int]
Known = tuple[Mark, bool, bytes]
"""What a path was when it was told: its mark, whether the mark is old enough to trust, and its digest."""


class Refused(Exception):
    """The path given can't be used; the text is for the agent under test."""


def main() -> None:
    source, sink = os.dup(0), os.dup(1)
    null = os.open("/dev/null", os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    server = Server()
    write_all(sink, {"ready": True}, ())
    while True:
        header, body = read_frame(source)
        if header is None:
            return
        write_all(sink, *server.handle(header, body))


def read_exactly(source: int, count: int) -> bytes | None:
    parts: list[bytes] = []
    while count:
        part = os.read(source, min(count, 1 << 20))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def read_frame(source: int) -> tuple[dict[str, Any] | None, bytes]:
    start = read_exactly(source, FRAME.size)
    if start is None:
        return None, b""
    header_size, body_size = FRAME.unpack(start)
    header = read_exactly(source, header_size)
    body = read_exactly(source, body_size)
    return (None, b"") if header is None or body is None else (json.loads(header), body)


def write_all(sink: int, header: Header, body: Sequence[bytes]) -> None:
    text = json.dumps(header).encode()
    start = FRAME.pack(len(text), sum(len(part) for part in body)) + text
    waiting = [memoryview(part) for part in (start, *body) if part]
    first = 0
    while first < len(waiting):
        written = os.writev(sink, waiting[first : first + VECTOR])
        while first < len(waiting) and written >= len(waiting[first]):
            written -= len(waiting[first])
            first += 1
        if written:
            waiting[first] = waiting[first][written:]


def become_user() -> None:
    os.setresgid(-1, USER, -1)
    os.setresuid(-1, USER, -1)


def become_root() -> None:
    os.setresuid(-1, 0, -1)
    os.setresgid(-1, 0, -1)


class Server:
    """Answers requests. ``known`` maps each path of the world to what it was when it was last told."""

    def __init__(self) -> None:
        self.folders: tuple[str, ...] = ()
        self.workdir = "/"
        self.environment: dict[str, str] = {}
        self.clock: str | None = None
        self.offset = 0.0
        self.since = time.time()
        self.known: dict[str, Known] = {}
        os.umask(0o022)
        os.setgroups([])
        become_user()

    def handle(self, header: dict[str, Any], body: bytes) -> Answer:
        try:
            return getattr(self, "do_" + header.pop("do"))(body=body, **header)
        except Refused as error:
            return {"refused": str(error)}, ()
        except OSError as error:
            return {"refused": (os.strerror(error.errno) if error.errno else str(error))}, ()
        except Exception as error:
            return {"failed": f"{type(error).__name__}: {error}"}, ()

    # ---- The machine -----------------------------------------------------------------------------------

    def do_setup(
        self, body: bytes, user: str, home: str, workdir: str, folders: list[str], clock: str | None
    ) -> Answer:
        """Give the machine its user. ``clock`` names the file that shifts the time, or is None."""
        self.folders, self.workdir, self.clock = tuple(folders), workdir, clock
        self.environment = {
            **{name: os.environ[name] for name in PASSING if name in os.environ},
            "HOME": home,
            "USER": user,
            "LOGNAME": user,
            "SHELL": "/bin/bash",
            "TERM": "dumb",
        }
        become_root()
        try:
            self.name_user(user, home)
            skeleton = read_skeleton("/etc/skel")
        finally:
            become_user()
        for folder in (home, workdir):
            os.makedirs(folder, exist_ok=True)
        for name, mode, data in skeleton:
            put(os.path.join(home, name), data)
            os.chmod(os.path.join(home, name), mode)
        return {"programs": [name for name in PROGRAMS if is_program(name)]}, ()

    def name_user(self, user: str, home: str) -> None:
        """Rename uid and gid 1000. Where /etc can't be written the image's own names stay."""
        lines = {
            "/etc/passwd": f"{user}:x:{USER}:{USER}:,,,:{home}:/bin/bash",
            "/etc/group": f"{user}:x:{USER}:",
        }
        for path, line in lines.items():
            try:
                with open(path) as file:
                    others = [old for old in file.read().splitlines() if old.split(":")[2:3] != [str(USER)]]
                with open(path, "w") as file:
                    file.write("\n".join([*others, line]) + "\n")
            except OSError as error:
                if error.errno not in (errno.EROFS, errno.ENOENT, errno.EACCES):
                    raise

    # ---- Commands --------------------------------------------------------------------------------------

    def do_exec(self, body: bytes, timeout: float, keep: int, now: float | None) -> Answer:
        """Run the command in ``body``. ``keep`` is how many bytes of each end of a stream come back."""
        self.set_clock(now)
        command = Command(body, self.workdir, self.environment, keep)
        try:
            answer = command.run(timeout)
        finally:
            command.close()
            end_processes()
            empty_scratch()
        return answer, command.pieces()

    def set_clock(self, now: float | None) -> None:
        """Make commands see ``now`` (epoch seconds), and files the times that they have in the world.

        The machine's clock shows a file that the kernel stamped between ``since`` and the present as much
        later as the time of day, and every other one as it stands. So before the clock moves, what was
        stamped meanwhile gets the time that it has been shown with.
        """
        present = time.time()
        if self.clock is None or now is None or abs(now - present - self.offset) < MOVED:
            return
        if self.offset:
            with Ajar() as ajar:
                for path, found in self.walk(ajar):
                    if self.since - GRAIN <= found.st_mtime <= present:
                        self.stamp(path, found)
            self.since = present
        self.offset = now - present
        become_root()
        try:
            with open(self.clock, "w") as file:
                file.write(f"{self.offset:.6f} {self.since:.6f} 0.000000\n0\nUTC\n")
        finally:
            become_user()

    def stamp(self, path: str, found: os.stat_result) -> None:
        """Give a file the time that it has in the world."""
        known, shift = self.known.get(path), round(self.offset * 1e9)
        try:
            times = (found.st_atime_ns + shift, found.st_mtime_ns + shift)
            os.utime(path, ns=times, follow_symlinks=False)
            if known is not None and known[0] == mark_of(found):
                self.known[path] = (mark_of(os.lstat(path)), *known[1:])
        except OSError:
            return  # a time that the file system can't hold: shown wrong, and no reason to stop

    # ---- Single files ----------------------------------------------------------------------------------

    def do_read(self, body: bytes, path: str, limit: int) -> Answer:
        with opened(self.absolute(path), os.O_RDONLY | os.O_NONBLOCK) as file:
            found = os.fstat(file)
            if stat.S_ISDIR(found.st_mode):
                raise Refused(os.strerror(errno.EISDIR))
            if not stat.S_ISREG(found.st_mode):
                raise Refused("not a regular file")
            data = read_up_to(file, limit + 1, found.st_size)
        if len(data) > limit:
            raise Refused(f"larger than {limit} bytes")
        return {}, (data,)

    def do_write(self, body: bytes, path: str, mode: int | None) -> Answer:
        path = self.absolute(path)
        os.makedirs(posixpath.dirname(path), exist_ok=True)
        kept = None
        try:
            found = os.stat(path)
            if not stat.S_ISREG(found.st_mode):
                raise Refused(os.strerror(errno.EISDIR if stat.S_ISDIR(found.st_mode) else errno.EINVAL))
            kept = stat.S_IMODE(found.st_mode)
            if not kept & stat.S_IWUSR:
                raise Refused(os.strerror(errno.EACCES))
        except FileNotFoundError:
            pass
        put(path, body)
        os.chmod(path, mode if mode is not None else 0o644 if kept is None else kept)
        return {}, ()

    def do_remove(self, body: bytes, path: str) -> Answer:
        path = self.absolute(path)
        if stat.S_ISDIR(os.lstat(path).st_mode):
            os.rmdir(path)
        else:
            os.unlink(path)
        return {}, ()

    def absolute(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self.workdir, path))

    # ---- All files -------------------------------------------------------------------------------------

    def do_changes(self, body: bytes, trust: bool) -> Answer:
        """What differs from what was told last: ``gone`` paths, and ``found`` ones with their contents.

        ``trust``: no command has run since the files were put, so that their marks say all.
        """
        now = time.time_ns()
        before, self.known = self.known, {}
        found: list[list[Any]] = []
        contents: list[bytes] = []
        with Ajar() as ajar:
            for path, about in self.walk(ajar):
                old, mark = before.pop(path, None), mark_of(about)
                if old is not None and old[0] == mark and (old[1] or trust):
                    self.known[path] = old
                    continue
                kind, data = content_of(path, about, ajar)
                digest = hashlib.sha256(data).digest()
                self.known[path] = (mark, about.st_ctime_ns < now - RECENT, digest)
                if old is None or old[0][2] != mark[2] or old[2] != digest:
                    contents.append(data)
                    found.append([name_of(path), kind, stat.S_IMODE(about.st_mode), len(data)])
        return {"gone": [name_of(path) for path in before], "found": found}, contents

    def do_put(self, body: bytes, remove: list[str], put: list[tuple[str, str, int, int]]) -> Answer:
        """Remove paths (those inside before what they are in), then put others; for restoring.

        What was put counts as told.
        """
        with Ajar() as ajar:
            for path in remove:
                ajar.open_way(path)
                if stat.S_ISDIR(os.lstat(path).st_mode):
                    os.rmdir(path)
                else:
                    os.unlink(path)
            start = 0
            for path, kind, mode, size in put:
                ajar.open_way(path)
                self.put_node(path, kind, mode, body[start : start + size])
                start += size
        for path, kind, mode, _ in reversed(put):
            if kind == "directory":  # last, because a folder may not let its owner in
                os.chmod(path, mode)
        self.remember(remove, put, body)
        return {}, ()

    def remember(self, removed: list[str], put: list[tuple[str, str, int, int]], body: bytes) -> None:
        for path in removed:
            self.known.pop(path, None)
        start = 0
        with Ajar() as ajar:
            for path, _, _, size in put:
                ajar.open_way(path)
                digest = hashlib.sha256(body[start : start + size]).digest()
                self.known[path] = (mark_of(os.lstat(path)), False, digest)
                start += size

    def put_node(self, path: str, kind: str, mode: int, data: bytes) -> None:
        make_folder(posixpath.dirname(path))
        if kind == "directory":
            make_folder(path)
        elif kind == "link":
            if os.path.lexists(path):
                os.unlink(path)
            os.symlink(data, path.encode("utf-8", "surrogateescape"))
        else:
            if os.path.lexists(path):
                os.unlink(path)  # a hard link elsewhere must not change along
            put(path, data)
            os.chmod(path, mode)

    def walk(self, ajar: Ajar) -> Iterator[tuple[str, os.stat_result]]:
        """Every file, folder and link below the world's folders, with its ``lstat``."""
        waiting = list(self.folders)
        while waiting:
            folder = waiting.pop()
            for path, about in entries(folder, ajar):
                if path in self.folders:
                    continue
                if stat.S_ISDIR(about.st_mode):
                    waiting.append(path)
                elif not (stat.S_ISREG(about.st_mode) or stat.S_ISLNK(about.st_mode)):
                    continue  # pipes and sockets hold nothing
                yield path, about


class Command:
    """One bash command and what it printed."""

    def __init__(self, text: bytes, workdir: str, environment: dict[str, str], keep: int) -> None:
        self.text = text
        self.workdir = workdir
        self.environment = environment
        self.outputs: list[Output] = []
        self.keep = keep
        self.wakeup = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)

    def run(self, timeout: float) -> Header:
        signal.signal(signal.SIGCHLD, notice)
        signal.set_wakeup_fd(self.wakeup[1], warn_on_full_buffer=False)
        pid = self.start()
        deadline = time.monotonic() + timeout
        status: int | None = None
        timed_out = False
        while status is None or self.open_outputs():
            left = deadline - time.monotonic()
            if left > 0:
                self.listen(left)
            elif timed_out:
                raise RuntimeError("a killed command still holds its output")
            else:
                timed_out, deadline = True, time.monotonic() + SETTLE
                status = end_processes().get(pid, status)
            if status is None:
                ended, code = os.waitpid(pid, os.WNOHANG)
                if ended:
                    status = code
                    end_processes()  # what it left behind would hold the outputs open
        code = os.waitstatus_to_exitcode(status)
        return {
            "exit_code": 137 if timed_out else code if code >= 0 else 128 - code,
            "timed_out": timed_out,
            "streams": [output.about() for output in self.outputs],
        }

    def start(self) -> int:
        pipes = [os.pipe2(os.O_CLOEXEC) for _ in range(2)]
        become_root()
        try:
            pid = os.fork()
            if pid == 0:
                self.become_command([write for _, write in pipes])
        finally:
            become_user()
        for read, write in pipes:
            os.close(write)
            os.set_blocking(read, False)
            self.outputs.append(Output(read, self.keep))
        return pid

    def become_command(self, writes: list[int]) -> NoReturn:
        """In the child: everything of ours is laid down before bash runs. Never returns."""
        try:
            os.setsid()
            for number, write in enumerate(writes, start=1):
                os.dup2(write, number)
            with open("/proc/self/oom_score_adj", "w") as file:
                file.write("1000")  # out of memory, the command goes first
            for name in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGCHLD, signal.SIGINT):
                signal.signal(name, signal.SIG_DFL)
            os.setresgid(USER, USER, USER)
            os.setresuid(USER, USER, USER)
            os.chdir(self.workdir)
            command = self.text.decode("utf-8", "surrogateescape")
            os.execve("/bin/bash", ["bash", "-c", command], {**self.environment, "PWD": self.workdir})
        except BaseException as error:
            os.write(2, f"bash: {error}\n".encode())
        finally:
            os._exit(126)

    def open_outputs(self) -> list[int]:
        return [output.fd for output in self.outputs if output.fd is not None]

    def listen(self, seconds: float) -> None:
        ready, _, _ = select.select([*self.open_outputs(), self.wakeup[0]], [], [], seconds)
        for output in self.outputs:
            if output.fd in ready:
                output.take()
        if self.wakeup[0] in ready:
            os.read(self.wakeup[0], 4096)

    def pieces(self) -> list[bytes]:
        return [piece for output in self.outputs for piece in (bytes(output.head), bytes(output.tail))]

    def close(self) -> None:
        signal.set_wakeup_fd(-1)
        for fd in (*self.wakeup, *self.open_outputs()):
            os.close(fd)


class Output:
    """One stream: its first and last ``keep`` bytes, and how many there were in all."""

    def __init__(self, fd: int, keep: int) -> None:
        self.fd: int | None = fd
        self.keep = keep
        self.head = bytearray()
        self.tail = bytearray()
        self.total = 0

    def take(self) -> None:
        assert self.fd is not None, "it is listened to while it is open"
        part = os.read(self.fd, 1 << 18)
        if not part:
            os.close(self.fd)
            self.fd = None
            return
        self.total += len(part)
        room = self.keep - len(self.head)
        self.head += part[:room]
        if len(part) > room:
            self.tail += part[room:]
            if len(self.tail) > self.keep:
                del self.tail[: -self.keep]

    def about(self) -> list[int]:
        return [self.total, len(self.head), len(self.tail)]


def notice(*_: object) -> None:
    """A child has ended: its signal interrupts what waits, and that is all."""


def end_processes() -> dict[int, int]:
    """Kill every process of the user until none is left, however fast they multiply.

    The statuses of our own children among them, by their numbers.
    """
    patience = time.monotonic() + SETTLE
    ended: dict[int, int] = {}
    while True:
        try:
            os.kill(-1, signal.SIGKILL)  # all that uid 1000 may signal, but us and the first process
        except ProcessLookupError:
            return ended
        if time.monotonic() > patience:
            raise RuntimeError("processes of the user can't be ended")
        ended.update(children_ended())
        time.sleep(0.001)


def children_ended() -> Iterator[tuple[int, int]]:
    try:
        while (child := os.waitpid(-1, os.WNOHANG))[0]:
            yield child
    except ChildProcessError:
        return


def empty_scratch() -> None:
    """What lies in shared memory is no file of the world, and must not outlive a command."""
    for folder in SCRATCH:
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            path = os.path.join(folder, name)
            try:
                for below, folders, files in os.walk(path, topdown=False):
                    for each in files:
                        os.unlink(os.path.join(below, each))
                    for each in folders:
                        os.rmdir(os.path.join(below, each))
                if os.path.isdir(path) and not os.path.islink(path):
                    os.rmdir(path)
                else:
                    os.unlink(path)
            except OSError:
                continue


def entries(folder: str, ajar: Ajar) -> list[tuple[str, os.stat_result]]:
    """What a folder holds, also one that keeps its owner out."""
    try:
        return list(scan(folder))
    except PermissionError:
        ajar.open(folder)
        return list(scan(folder))


def scan(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as listing:
        for entry in listing:
            yield entry.path, entry.stat(follow_symlinks=False)


class Ajar:
    """Files and folders that keep their owner out, opened for a while and closed again."""

    def __init__(self) -> None:
        self.modes: dict[str, int] = {}

    def __enter__(self) -> Ajar:
        return self

    def open(self, path: str) -> None:
        mode = stat.S_IMODE(os.lstat(path).st_mode)
        self.modes.setdefault(path, mode)
        os.chmod(path, mode | 0o700)

    def open_way(self, path: str) -> None:
        """Open every folder on the way to a path."""
        folder = posixpath.dirname(path)
        if folder != "/" and not os.access(folder, os.R_OK | os.W_OK | os.X_OK, effective_ids=True):
            self.open_way(folder)
            if os.path.isdir(folder) and not os.path.islink(folder):
                self.open(folder)

    def __exit__(self, *_: object) -> None:
        for path, mode in reversed(self.modes.items()):  # what lies within before what it lies in
            if os.path.lexists(path) and not os.path.islink(path):
                os.chmod(path, mode)


def content_of(path: str, about: os.stat_result, ajar: Ajar) -> tuple[str, bytes]:
    """A node's kind and bytes."""
    if stat.S_ISDIR(about.st_mode):
        return "directory", b""
    if stat.S_ISLNK(about.st_mode):
        return "link", os.readlink(os.fsencode(path))
    try:
        return "file", whole(path)
    except PermissionError:
        ajar.open(path)
        return "file", whole(path)


def whole(path: str) -> bytes:
    with opened(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK) as file:
        return read_up_to(file, 1 << 40, os.fstat(file).st_size)


class opened:  # noqa: N801
    """A file descriptor that is closed again."""

    def __init__(self, path: str, flags: int) -> None:
        self.fd = os.open(path, flags | os.O_CLOEXEC, 0o644)

    def __enter__(self) -> int:
        return self.fd

    def __exit__(self, *_: object) -> None:
        os.close(self.fd)


def read_up_to(fd: int, limit: int, likely: int) -> bytes:
    """At most ``limit`` bytes. Where there are as many as is ``likely`` they come in one piece, uncopied."""
    parts: list[bytes] = []
    while limit > 0:
        part = os.read(fd, min(limit, CHUNK if parts else max(likely, CHUNK)))
        if not part:
            break
        parts.append(part)
        limit -= len(part)
    return b"".join(parts)


def put(path: str, data: bytes) -> None:
    with opened(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) as fd:
        view = memoryview(data)
        while view:
            view = view[os.write(fd, view) :]


def make_folder(path: str) -> None:
    """A folder with all above it; a file in its place goes."""
    try:
        os.makedirs(path, exist_ok=True)
    except FileExistsError:
        os.unlink(path)
        os.mkdir(path)


def is_program(name: str) -> bool:
    folders = os.environ.get("PATH", "/usr/local/bin:/usr/bin:/bin").split(":")
    return any(os.access(os.path.join(folder, name), os.X_OK) for folder in folders)


def read_skeleton(folder: str) -> list[tuple[str, int, bytes]]:
    """What a new user's home begins with: names, modes and contents. For root: some are for nobody else."""
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    paths = [(name, os.path.join(folder, name)) for name in sorted(names)]
    return [
        (name, stat.S_IMODE(os.stat(path).st_mode), whole(path))
        for name, path in paths
        if os.path.isfile(path) and not os.path.islink(path)
    ]


def mark_of(about: os.stat_result) -> Mark:
    """Changes whenever a file's content or mode may have."""
    return (about.st_ino, about.st_size, about.st_mode, about.st_ctime_ns)


def name_of(path: str) -> str:
    """A path as text. Bytes that aren't UTF-8 are written as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


if __name__ == "__main__":
    main()
