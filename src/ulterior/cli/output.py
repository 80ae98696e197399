"""What happens when stdout or stderr can't be written: the reader has gone, or the disk is full.

``ulterior show DIR | head`` ends quietly and well: its reader has what it wanted. A full disk loses data
that somebody wanted, so it is told, and it is no crash.

It is decided where the bytes leave, because nothing tells such an ``OSError`` from others later on.
"""

import errno
import sys
from io import BufferedWriter, FileIO, TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from ulterior.errors import StorageFailure

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

__all__ = ["NobodyReads", "guard_output"]


class NobodyReads(Exception):
    """The other end of the pipe is closed; there is nobody left to tell anything."""

    def __init__(self, exit_code: int) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


def guard_output() -> None:
    """Make stdout and stderr raise :class:`NobodyReads` and :class:`StorageFailure`, once each.

    They also let every character through: one that their encoding lacks is printed as an escape.
    """
    sys.stdout = _guarded(sys.stdout, "stdout", exit_code=0)
    sys.stderr = _guarded(sys.stderr, "stderr", exit_code=141)  # what a shell says of SIGPIPE


def _guarded(stream: TextIO, name: str, exit_code: int) -> TextIO:
    if type(stream) is not TextIOWrapper:  # closed, or caught by a program that runs us
        return stream
    stream.flush()
    return TextIOWrapper(
        BufferedWriter(_Guard(stream.fileno(), name, exit_code)),
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


class _Guard(FileIO):
    """A file that takes everything and keeps nothing after it has refused once."""

    def __init__(self, fd: int, what: str, exit_code: int) -> None:
        super().__init__(fd, "wb", closefd=False)
        self._what = what
        self._exit_code = exit_code
        self._refused = False

    def write(self, b: "ReadableBuffer", /) -> int:
        if self._refused:  # what is still buffered: the interpreter would complain about it at its end
            return memoryview(b).nbytes
        try:
            return super().write(b)
        except OSError as error:
            self._refused = True
            if error.errno == errno.EPIPE:
                raise NobodyReads(self._exit_code) from error
            raise StorageFailure(
                f"can't write to {self._what}",
                error.strerror or str(error),
                "free some space where it is sent, or send it elsewhere",
            ) from error
