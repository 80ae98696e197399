"""Documents as bytes, made once and kept for as long as they are true.

A study of 50,000 episodes takes seconds to count and megabytes to write down; whoever asks again gets the
same bytes. What has grown too much is let go, the longest unread first.
"""

import gzip
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from threading import Lock

from ulterior.traces import Frozen
from ulterior.viewer.documents import json_of
from ulterior.viewer.library import Library

__all__ = ["Encoded", "Shelf", "encoded"]

_ROOM = 256 * 2**20  # bytes of JSON
_WORTH_PACKING = 64 * 2**10  # bytes below which packing saves nobody anything


@dataclass(frozen=True)
class Encoded:
    """A document's JSON in ASCII, so that lone surrogates survive, and a tag that changes with its
    content."""

    body: bytes

    @cached_property
    def etag(self) -> str:
        return f'"{sha256(self.body).hexdigest()[:32]}"'

    @cached_property
    def packed(self) -> bytes | None:
        """Gzip of it, None where that is not worth it."""
        if len(self.body) < _WORTH_PACKING:
            return None
        return gzip.compress(self.body, 1, mtime=0)


def encoded(document: Frozen) -> Encoded:
    """A document as the pages get it."""
    return Encoded(json_of(document).encode("ascii"))


class Shelf:
    """The documents of a library. May be used from several threads; each document is made by one of
    them."""

    def __init__(self, library: Library, room: int = _ROOM) -> None:
        self._library = library
        self._room = room
        self._kept: OrderedDict[str, tuple[Hashable, Encoded]] = OrderedDict()
        self._making: dict[str, Lock] = {}
        self._lock = Lock()

    def get(self, name: str) -> Encoded:
        """The document of this name. Raises what :meth:`Library.document` raises."""
        with self._lock:
            making = self._making.setdefault(name, Lock())
        try:
            with making:
                stamp = self._library.stamp(name)  # before the document: what changes meanwhile makes it old
                return self._known(name, stamp) or self._made(name, stamp)
        finally:
            with self._lock:
                if not making.locked():
                    self._making.pop(name, None)

    def _known(self, name: str, stamp: Hashable) -> Encoded | None:
        with self._lock:
            kept = self._kept.get(name)
            if kept is None or kept[0] != stamp:
                return None
            self._kept.move_to_end(name)
            return kept[1]

    def _made(self, name: str, stamp: Hashable) -> Encoded:
        made = encoded(self._library.document(name))
        with self._lock:
            self._kept[name] = stamp, made
            self._kept.move_to_end(name)
            held = sum(len(each.body) for _, each in self._kept.values())
            while held > self._room and len(self._kept) > 1:
                _, (_, dropped) = self._kept.popitem(last=False)
                held -= len(dropped.body)
        return made
