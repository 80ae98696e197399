"""One thread that calls ``fdatasync`` for every episode of this process.

Waiting for the disk on the event loop would stop all episodes; a thread per call would cost more than
the call. Requests that arrive during a sync are answered together.
"""

import asyncio
import os
import queue
import threading
from contextlib import suppress

__all__ = ["Syncer"]

_Requests = queue.SimpleQueue[tuple[int, "asyncio.Future[None]"]]
_flush = getattr(os, "fdatasync", os.fsync)  # macOS has only the slower one
_Answers = list[tuple["asyncio.Future[None]", Exception | None]]


class Syncer:
    """Makes files durable. Any number of event loops may wait on one; the thread starts at the first call."""

    def __init__(self) -> None:
        self._requests: _Requests | None = None
        self._pid = -1

    async def sync(self, fd: int) -> None:
        """Wait until what was written to ``fd`` would survive a power failure. Raises ``OSError``."""
        future = asyncio.get_running_loop().create_future()
        self._queue().put((fd, future))
        await future

    def _queue(self) -> _Requests:
        if self._requests is None or self._pid != os.getpid():
            # A forked worker has our memory and not our thread. Two loops that get here at once make a
            # thread each, and both are served.
            requests: _Requests = queue.SimpleQueue()
            threading.Thread(target=_serve, args=(requests,), name="ulterior-sync", daemon=True).start()
            self._requests, self._pid = requests, os.getpid()
            return requests
        return self._requests


def _serve(requests: _Requests) -> None:
    while True:
        batch = [requests.get()]
        while not requests.empty():
            batch.append(requests.get())
        outcomes = {fd: _fdatasync(fd) for fd in {fd for fd, _ in batch}}
        by_loop: dict[asyncio.AbstractEventLoop, _Answers] = {}
        for fd, future in batch:
            by_loop.setdefault(future.get_loop(), []).append((future, outcomes[fd]))
        for loop, answers in by_loop.items():
            with suppress(RuntimeError):  # that loop is closed: nobody waits there any more
                loop.call_soon_threadsafe(_answer, answers)


def _fdatasync(fd: int) -> Exception | None:
    try:
        _flush(fd)
    except Exception as error:  # all of them: a thread that dies would leave every other episode waiting
        return error
    return None


def _answer(answers: _Answers) -> None:
    for future, error in answers:
        if future.done():  # its episode was cancelled meanwhile
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)
