"""One at a time, over all processes of a run: who runs episodes, and what they have spent."""

import fcntl
import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["Ledger", "one_at_a_time"]


@contextmanager
def one_at_a_time(folder: Path) -> Generator[None]:
    """Waits until no other process is in here. It may be entered again from within by no one."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


class Ledger:
    """What a run of pytest has spent, in US dollars: a file, since xdist's workers share a budget. Only for
    who is in :func:`one_at_a_time`."""

    def __init__(self, run: str) -> None:
        self._path = Path(tempfile.gettempdir()) / f"ulterior-spent-{run}"

    def spent(self) -> float:
        """Nothing as long as nobody wrote."""
        with suppress(OSError, ValueError):
            return float(self._path.read_text(encoding="ascii"))
        return 0.0

    def spend(self, amount: float) -> None:
        """Adds it."""
        if amount:
            self._path.write_text(repr(self.spent() + amount), encoding="ascii")

    def close(self) -> None:
        """The run is over."""
        self._path.unlink(missing_ok=True)
