"""Telling whoever looks at a study that it has changed.

While somebody listens, and only then, one task looks at the study's folder every second and has what is
new analysed, in a thread. Everybody who listens gets the same words. Nothing is ever executed for it: a
change is what another process wrote.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress

from ulterior.errors import UlteriorError
from ulterior.traces import line_json
from ulterior.viewer.open_study import OpenStudy, Update

__all__ = ["Pause", "Watch", "as_event", "usual_pause"]

Pause = Callable[[int], Awaitable[None]]
"""Waits until it is time to look again at a study of so many episodes."""


async def usual_pause(episodes: int) -> None:
    """A second, longer for large studies: after every change their pages are counted anew."""
    await asyncio.sleep(max(1.0, episodes / 5_000))


class Watch:
    """Looks at one study for all who listen."""

    def __init__(self, opened: OpenStudy, pause: Pause = usual_pause) -> None:
        self._opened = opened
        self._pause = pause
        self._listeners: set[asyncio.Queue[Update | None]] = set()
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def looking(self) -> bool:
        """Whether anybody listens."""
        return self._task is not None

    async def updates(self) -> AsyncGenerator[Update]:
        """How the study stands, and then every change, until :meth:`close`."""
        if self._closed:
            return
        queue: asyncio.Queue[Update | None] = asyncio.Queue()
        self._listeners.add(queue)
        if self._task is None:
            self._task = asyncio.create_task(self._look())
        try:
            yield self._opened.latest()
            while (update := await queue.get()) is not None:
                yield update
        finally:
            self._listeners.discard(queue)
            if not self._listeners:
                self._stop()

    def close(self) -> None:
        """Send everybody home."""
        self._closed = True
        for queue in self._listeners:
            queue.put_nowait(None)
        self._stop()

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _look(self) -> None:
        while True:
            update = None
            with suppress(
                OSError, UlteriorError
            ):  # the folder is not there for the moment; what is known of it stays
                update = await asyncio.to_thread(self._opened.refresh)
            if update is not None:
                for queue in self._listeners:
                    queue.put_nowait(update)
            await self._pause(len(self._opened.findings))


def as_event(update: Update, start: str) -> bytes:
    """An update as a server-sent event. ``start`` tells this start of the server from any other."""
    return b"data: " + line_json({**update.model_dump(mode="json"), "start": start}) + b"\n\n"
