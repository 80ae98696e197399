"""Where an oracle runs things again: fresh worlds of the same back end, never the host.

An oracle that needs to execute what an agent wrote (a script, a test) does it here. The machine is new,
holds nothing but the files given, and is thrown away afterwards.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

from ulterior.sandbox.backends import open_sandbox
from ulterior.sandbox.protocol import Machine, Sandbox

__all__ = ["Laboratory"]


class Laboratory:
    """Opens fresh sandboxes of one back end."""

    def __init__(self, backend: str = "embedded") -> None:
        self._backend = backend

    @asynccontextmanager
    async def sandbox(self, machine: Machine, files: Mapping[str, bytes]) -> AsyncGenerator[Sandbox]:
        """A fresh machine with these files, closed at the end."""
        sandbox = await open_sandbox(self._backend, machine)
        try:
            for path, data in files.items():
                await sandbox.write(path, data)
            yield sandbox
        finally:
            await sandbox.close()
