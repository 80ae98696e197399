"""The world by value: every file, every service and the clock at one step of a trace.

Contents are held once, by digest. A :class:`WorldState` is only ever changed by applying the ``world``
events of a trace in order, so the state at any step can be rebuilt, in any sandbox back end.
"""

import base64
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from ulterior.traces.canonical import digest
from ulterior.traces.events import Blob, Entry, WorldChange
from ulterior.traces.patch import apply_patch

__all__ = ["WorldState", "blob_of", "bytes_of"]


def blob_of(data: bytes) -> Blob:
    """The storable form of a content."""
    try:
        return Blob(encoding="text", data=data.decode("utf-8"))
    except UnicodeDecodeError:
        return Blob(encoding="base64", data=base64.b64encode(data).decode("ascii"))


def bytes_of(blob: Blob) -> bytes:
    """The content a blob stands for. Raises ``ValueError`` when it is not valid base64."""
    if blob.encoding == "text":
        return blob.data.encode("utf-8")
    return base64.b64decode(blob.data, validate=True)


@dataclass
class WorldState:
    """Files by path, contents by digest, service states by name, and the world's clock (epoch seconds).

    Service states share their unchanged parts with earlier states and with the events: replace them,
    never change them in place.
    """

    files: dict[str, Entry] = field(default_factory=dict[str, Entry])
    contents: dict[str, bytes] = field(default_factory=dict[str, bytes])
    services: dict[str, Any] = field(default_factory=dict[str, Any])
    clock: float = 0.0

    def apply(self, change: WorldChange) -> None:
        """Move on by one ``world`` event. Raises ``ValueError`` when it doesn't continue this state."""
        for name, blob in change.blobs.items():
            data = bytes_of(blob)
            if digest(data) != name:
                raise ValueError(f"content {name[:12]} does not match its digest")
            self.contents[name] = data
        for file in change.files:
            self._apply_file(file.path, file.before, file.after)
        for name, patch in change.services.items():
            try:
                self.services[name] = apply_patch(self.services.get(name), patch)
            except ValueError as error:
                raise ValueError(f"the patch of service {name!r}: {error}") from error
        self.clock = change.clock

    def _apply_file(self, path: str, before: Entry | None, after: Entry | None) -> None:
        if self.files.get(path) != before:
            raise ValueError(f"{path} is not in the state that this step says it changed")
        if after is None:
            self.files.pop(path, None)
            return
        if after.type != "directory" and after.digest not in self.contents:
            raise ValueError(f"{path} refers to content {after.digest[:12]}, which is not in this trace")
        self.files[path] = after

    def read(self, path: str) -> bytes | None:
        """A file's content, or None when there is no such file."""
        entry = self.files.get(path)
        return None if entry is None or entry.type != "file" else self.contents[entry.digest]

    def regular_files(self) -> Iterator[tuple[str, bytes]]:
        """Paths and contents of all regular files, in path order."""
        for path, entry in sorted(self.files.items()):
            if entry.type == "file":
                yield path, self.contents[entry.digest]

    def copy(self) -> "WorldState":
        """An independent state; the immutable contents are shared."""
        return WorldState(dict(self.files), dict(self.contents), deepcopy(self.services), self.clock)
