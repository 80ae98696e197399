"""The line to the program inside a container: requests and answers over the container's stdin and stdout.

The line is what a daemon gives to whoever attaches, so the same code serves a daemon on this machine and one
behind TCP, TLS or SSH, and nothing of the host is mounted. When this process dies the line closes, and the
container ends with it.

Whatever comes out of a container is data: lengths are bounded and every field is checked, because a hostile
agent that broke out of its user might speak here. A line that was interrupted, or that carried anything
unexpected, is never used again.
"""

import asyncio
import json
import struct
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol, cast

from ulterior.errors import SandboxUnavailable, ToolFailed

__all__ = ["Channel", "Link", "program_line"]

_FRAME = struct.Struct(">II")
_STREAM = struct.Struct(">BxxxI")
_STDOUT, _STDERR = 1, 2
_LONGEST = 1 << 29  # bytes of an answer
_GRACE = 30.0  # seconds beyond a request's own time
_THREADS = ThreadPoolExecutor(max_workers=128, thread_name_prefix="ulterior-container")


class Channel(Protocol):
    """What an attached socket can do; one of the docker SDK, or a plain one."""

    def sendall(self, data: bytes, /) -> None: ...
    def recv(self, count: int, /) -> bytes: ...
    def settimeout(self, seconds: float | None, /) -> None: ...
    def close(self) -> None: ...


def program_line() -> bytes:
    """The program for inside, as the one line that the container's main process executes."""
    text = Path(__file__).with_name("inside.py").read_text(encoding="utf-8")
    return f"exec(compile({text!r}, 'session', 'exec'))\n".encode()


class Link:
    """Calls into one container, one at a time."""

    def __init__(self, channel: Channel, name: str) -> None:
        self.name = name
        self._channel = channel
        self._buffer = bytearray()
        self._start = bytearray()
        self._stream = self._left = 0
        self._complaints = bytearray()
        self._lost = ""

    @property
    def lost(self) -> str:
        """Why the line can't be used any more; "" while it can."""
        return self._lost

    async def start(self) -> None:
        """Send the program, and wait until it listens: Python reads ahead while it reads a line."""
        await self._in_thread(self._send, program_line())
        await self._in_thread(self._hear, _GRACE)

    async def call(
        self, do: str, body: bytes = b"", seconds: float = 0.0, **arguments: Any
    ) -> tuple[Mapping[str, Any], bytes]:
        """Ask for something; ``seconds`` is how long it may take by itself.

        Raises :class:`ToolFailed` when the path or command given is to blame, and
        :class:`SandboxUnavailable` when the container is.
        """
        request = json.dumps({"do": do, **arguments}).encode()
        frame = _FRAME.pack(len(request), len(body)) + request + body
        answer, content = await self._in_thread(self._ask, frame, seconds + _GRACE)
        if "failed" in answer:
            raise self._gone(f"the program inside failed: {answer['failed']}")
        if "refused" in answer:
            raise ToolFailed(str(answer["refused"]))
        return answer, content

    def close(self) -> None:
        """Hang up; the container ends."""
        self._lost = self._lost or "it was closed"
        with suppress(OSError):
            self._channel.close()

    async def _in_thread(self, function: Any, *arguments: Any) -> Any:
        if self._lost:
            raise self._gone(self._lost)
        try:
            return await asyncio.get_running_loop().run_in_executor(_THREADS, function, *arguments)
        except asyncio.CancelledError:
            self._lost = "a call was interrupted"  # its answer would be taken for the next one's
            self.close()
            raise

    def _send(self, data: bytes) -> None:
        try:
            self._channel.settimeout(_GRACE)
            self._channel.sendall(data)
        except OSError as error:
            raise self._gone(f"its line broke: {error}") from error

    def _ask(self, frame: bytes, patience: float) -> tuple[dict[str, Any], bytes]:
        self._send(frame)
        return self._hear(patience)

    def _hear(self, patience: float) -> tuple[dict[str, Any], bytes]:
        try:
            self._channel.settimeout(patience)
            header_size, body_size = _FRAME.unpack(self._take(_FRAME.size))
            if header_size + body_size > _LONGEST:
                raise self._gone(f"it announced an answer of {header_size + body_size} bytes")
            header: Any = json.loads(self._take(header_size))
            body = self._take(body_size)
        except TimeoutError as error:
            raise self._gone(f"it gave no answer within {patience:.0f} s") from error
        except (OSError, ValueError, RecursionError) as error:
            raise self._gone(f"its answer can't be read: {error}") from error
        if not isinstance(header, dict):
            raise self._gone("its answer can't be read: it is no object")
        return cast("dict[str, Any]", header), body

    def _take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            self._receive()
        data = bytes(memoryview(self._buffer)[:count])
        del self._buffer[:count]
        return data

    def _receive(self) -> None:
        """What the daemon sends, taken out of its own frames: they carry stdout and stderr over one line."""
        data = memoryview(self._channel.recv(1 << 18))
        if not data:
            said = self._complaints.decode("utf-8", "replace").strip().rpartition("\n")[2]
            raise self._gone("it ended" + (f": {said}" if said else ""))
        while data:
            if not self._left:
                data = self._begin_frame(data)
                continue
            part, data = data[: self._left], data[self._left :]
            self._left -= len(part)
            if self._stream == _STDOUT:
                self._buffer += part
            elif self._stream == _STDERR and len(self._complaints) < 4000:
                self._complaints += part

    def _begin_frame(self, data: memoryview) -> memoryview:
        missing = _STREAM.size - len(self._start)
        self._start += data[:missing]
        if len(self._start) == _STREAM.size:
            self._stream, self._left = _STREAM.unpack(self._start)
            self._start.clear()
        return data[missing:]

    def _gone(self, why: str) -> SandboxUnavailable:
        self._lost = self._lost or why
        return SandboxUnavailable(
            f"container {self.name} can't be used any more", why, "run the study again: it goes on from here"
        )
