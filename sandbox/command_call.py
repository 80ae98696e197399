"""What a command of the embedded machine is given and gives back."""

import posixpath
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from ulterior.sandbox.protocol import Machine

__all__ = ["Answer", "Call", "Files"]


class Files(Protocol):
    """The part of bashkit's file system that these commands use."""

    def exists(self, path: str) -> bool: ...
    def read_dir(self, path: str) -> list[dict[str, Any]]: ...
    def stat(self, path: str) -> dict[str, Any]: ...
    def read_file(self, path: str) -> bytes: ...
    def read_link(self, path: str) -> str: ...
    def write_file(self, path: str, content: bytes) -> None: ...
    def mkdir(self, path: str) -> None: ...
    def chmod(self, path: str, mode: int) -> None: ...


@dataclass(frozen=True)
class Call:
    """One command with what it may look at. ``mtime`` gives a node's time on the world's clock."""

    argv: list[str]
    stdin: str
    cwd: str
    files: Files
    machine: Machine
    now: float
    chance: random.Random
    mtime: Callable[[dict[str, Any]], float]

    def path(self, name: str) -> str:
        return posixpath.normpath(posixpath.join(self.cwd, name))


@dataclass(frozen=True)
class Answer:
    stdout: str = ""
    stderr: str = ""
    code: int = 0
