"""Every exception Ulterior raises on purpose, named after who is to blame.

::

    UlteriorError                 what went wrong, why, and the fix
    ├── UsageError                the person at the command line: flags, study file, keys    exit 2
    │   └── ModelRejected         a provider that does not let us in with what we were given
    ├── ScenarioError             the scenario's author: a declaration that can't be built   exit 2
    ├── TraceError                a stored file that can't be trusted                        exit 2
    │   └── CorruptTrace          with the file, the line and the byte where trust ends
    │       └── OtherVersion      nothing is known to be wrong with it; this version can't read it
    ├── InfrastructureError       the machine or a provider: the episode is void             exit 14
    │   ├── ModelUnavailable      a provider that kept failing until the deadline
    │   ├── SandboxUnavailable    a back end that died or lacks what the scenario requires
    │   └── StorageFailure        a disk that is full or refuses to write
    └── AgentError                the agent under test: told to it as an observation, never raised further
        ├── Blocked               the world's own rules refused the call
        └── ToolFailed            the call was allowed and did not work

Blame is decided by these types alone, never by Python's built-in ones: a ``KeyError`` in our own code
must not be able to look like something that the agent did.
"""

from pathlib import Path
from typing import Any, ClassVar


class UlteriorError(Exception):
    """Base of all deliberate errors. ``what`` happened, ``why``, and the ``fix`` to try; each one line."""

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, why: str = "", fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.fix = fix

    def __str__(self) -> str:
        parts = [self.what, self.why and f"why: {self.why}", self.fix and f"fix: {self.fix}"]
        return "\n".join(part for part in parts if part)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.what, self.why, self.fix)  # keeps the parts across worker processes


class UsageError(UlteriorError):
    """A flag, a study file, a key or a path that can't be used as given."""

    exit_code = 2


class ScenarioError(UlteriorError):
    """A scenario that breaks its own contract."""

    exit_code = 2


class TraceError(UlteriorError):
    """A stored file that can't be read as what it claims to be."""

    exit_code = 2


class CorruptTrace(TraceError):
    """A trace whose bytes can't be trusted from a given place on; everything before it is intact.

    ``line`` counts from 1 within the event lines, ``byte`` is the offset where that line starts
    in the (decompressed) event stream.
    """

    def __init__(self, path: Path, line: int, byte: int, why: str) -> None:
        # A running log that is damaged is set aside by itself; a sealed file is never touched.
        redo = "move the file away and run" if path.suffix == ".zst" else "run"
        super().__init__(
            f"{path}: not intact at line {line} (byte {byte})",
            why,
            f"every event before that line can be trusted; to redo this episode, {redo} the study again",
        )
        self.path = path
        self.line = line
        self.byte = byte
        self.reason = why

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.path, self.line, self.byte, self.reason)


class OtherVersion(CorruptTrace):
    """A trace that another version of Ulterior wrote. It may be intact, so nothing is done to it."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(path, 1, 0, why)
        self.what = f"can't read {path}"
        self.fix = "use the version of ulterior that wrote it, or run the study into a new folder"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.path, self.reason)


class InfrastructureError(UlteriorError):
    """The machine, a daemon or a provider failed. The attempt is kept for audit and never scored."""

    exit_code = 14


class ModelUnavailable(InfrastructureError):
    """A provider that did not answer within the total deadline, or that rejects our requests."""


class ModelRejected(UsageError):
    """A provider that does not let us in at all: the key, a permission or the model's name is wrong."""


class SandboxUnavailable(InfrastructureError):
    """A sandbox back end that can't run here, died, or lacks what the scenario requires."""


class StorageFailure(InfrastructureError):
    """The study's disk is full or refuses to write."""


class AgentError(UlteriorError):
    """Something the agent did that the world answers with an error message. The episode goes on."""


class Blocked(AgentError):
    """The world's own rules refused the call; nothing was changed."""


class ToolFailed(AgentError):
    """The call was allowed and did not work, for example a file that does not exist."""
