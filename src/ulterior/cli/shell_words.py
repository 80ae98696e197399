"""Commands that people paste: words quoted for a shell, so that all of them can be printed, and read again.

A name that holds what can't be printed (an escape, a newline, bytes that are no UTF-8) becomes ``$'d\\377'``,
which bash, zsh and POSIX's newer shells read as the name that it was.
"""

import os
import re
import shlex
from collections.abc import Iterable, Iterator

__all__ = ["join_words", "split_words"]

_SPECIAL = re.compile(r"['\\]|[^ -~]")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_WORD = re.compile(
    r"""\s*(?:\$'(?P<escaped>(?:[^'\\]|\\.)*)'
    |(?P<plain>(?:\\.|[^\s'"\\]|'[^']*'|"(?:\\.|[^"\\])*")+))(?=\s|$)""",
    re.DOTALL | re.VERBOSE,
)


def join_words(words: Iterable[str]) -> str:
    """The command, on one line."""
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    if word.isprintable():
        return shlex.quote(word)
    return f"$'{_SPECIAL.sub(_escaped, word)}'"


def _escaped(match: re.Match[str]) -> str:
    char = match[0]
    if char.isprintable():
        return f"\\{char}" if char in "'\\" else char
    # A byte of a name that is no UTF-8 is half of a surrogate pair to Python.
    raw = os.fsencode(char) if "\udc80" <= char <= "\udcff" else char.encode("utf-8", "surrogatepass")
    return "".join(f"\\{byte:03o}" for byte in raw)


def split_words(command: str) -> list[str]:
    """The words of a command that :func:`join_words` or a person wrote. Raises ``ValueError`` for one that no
    shell would take."""
    return list(_words(command.rstrip()))


def _words(command: str) -> Iterator[str]:
    at = 0
    while at < len(command):
        match = _WORD.match(command, at)
        if match is None:
            raise ValueError("a quotation has no end")
        escaped: str | None = match["escaped"]
        yield _meant(escaped) if escaped is not None else "".join(shlex.split(match["plain"]))
        at = match.end()


def _meant(escaped: str) -> str:
    def byte(match: re.Match[bytes]) -> bytes:
        return bytes([int(match[1], 8)]) if len(match[1]) == 3 else match[1]

    return os.fsdecode(_ESCAPE.sub(byte, os.fsencode(escaped)))
