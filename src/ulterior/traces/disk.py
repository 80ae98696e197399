"""Writing to the study's disk, and whom to blame when it refuses."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ulterior.errors import StorageFailure

__all__ = ["refusals", "write_durably"]

RESUME = "free some space or choose another folder with -o, then run the same command again: it resumes"


@contextmanager
def refusals(path: Path, doing: str = "write") -> Generator[None]:
    """Turns what the operating system refuses inside into a :class:`StorageFailure`."""
    try:
        yield
    except OSError as error:
        raise StorageFailure(f"can't {doing} {path}", error.strerror or str(error), RESUME) from error


def write_durably(path: Path, data: bytes) -> None:
    """Write a file that is there after a power failure, except for its name. Raises ``OSError``."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
