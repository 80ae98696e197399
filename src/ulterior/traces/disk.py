"""Writing to the study's disk, and whom to blame when it refuses."""

import errno
import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ulterior.errors import StorageFailure

__all__ = ["append_lines", "refusals", "write_all", "write_durably"]

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


def append_lines(path: Path, *lines: bytes, durable: bool = True, need_lock: bool = True) -> None:
    """Append whole lines, given without their ends. What a killed writer left of a line is ended first.

    Under a lock, because they may take several writes; with ``need_lock`` false, file systems that have
    none are written without. ``durable``: the lines are on the disk when this returns. Raises
    ``OSError``, also where the disk took a part; only whole lines of it are read again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
        except OSError:
            if need_lock:
                raise
        size = os.fstat(fd).st_size
        torn = size > 0 and os.pread(fd, 1, size - 1) != b"\n"
        write_all(fd, (b"\n" if torn else b"") + b"".join(line + b"\n" for line in lines))
        if durable:
            os.fsync(fd)
    finally:
        os.close(fd)


def write_durably(path: Path, data: bytes) -> None:
    """Write a file that is there after a power failure, except for its name. Raises ``OSError``."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
