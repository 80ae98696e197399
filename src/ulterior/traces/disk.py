"""Writing to the study's disk, and whom to blame when it refuses."""

import errno
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ulterior.errors import StorageFailure

__all__ = ["refusals", "write_all", "write_durably"]

_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_IN_THE_WAY = (errno.ENOTDIR, errno.EISDIR, errno.EEXIST)
_RESUME = "then run the same command again: it resumes"


@contextmanager
def refusals(path: Path, doing: str = "write") -> Generator[None]:
    """Turns what the operating system refuses inside into a :class:`StorageFailure`."""
    try:
        yield
    except OSError as error:
        raise StorageFailure(f"can't {doing} {path}", error.strerror or str(error), _fix(error)) from error


def _fix(error: OSError) -> str:
    if error.errno in _FORBIDDEN:
        return f"get the right to write there or choose another folder with -o, {_RESUME}"
    if error.errno in _IN_THE_WAY:
        return f"move away what is at that path or choose another folder with -o, {_RESUME}"
    return f"free some space or choose another folder with -o, {_RESUME}"


def write_all(fd: int, data: bytes) -> None:
    """Write every byte. Raises ``OSError``, also where the disk took a part: what it took is there then."""
    rest = data
    while rest:  # a disk that is almost full takes a part and says why at the next call
        rest = rest[os.write(fd, rest) :]


def write_durably(path: Path, data: bytes) -> None:
    """Write a file that is there after a power failure, except for its name. Raises ``OSError``."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
