"""Studies as files that open without a server: one self-contained page, or a folder for bigger ones.

Covered: an export is whole or not there; it takes the place of nothing but an earlier export; the same study
gives the same bytes; it holds the canary and no labels. Not covered: secrets in traces, which are kept out of
them when they are written.
"""

import base64
import gzip
import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from ulterior.errors import UlteriorError, UsageError
from ulterior.traces import Frozen
from ulterior.viewer.documents import Catalog, Runs, json_of
from ulterior.viewer.drafts import draft_file, draft_folder, replaceable
from ulterior.viewer.library import Library
from ulterior.viewer.page import data_block, data_script, page
from ulterior.viewer.selection import Selection, narrowed

__all__ = ["LIMIT", "Export", "Written", "packed", "unpacked"]

LIMIT = 20_000_000
"""Bytes of a single file: a browser reads all of it before it shows anything."""

_T = TypeVar("_T", bound=Frozen)
Say = Callable[[str], None]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Written:
    """What an export holds; ``size`` in bytes. ``left_out`` could not be read."""

    path: Path
    episodes: int
    documents: int
    size: int
    left_out: int


class Export:
    """What is handed on of a library. The documents are made one after the other, as they are written."""

    def __init__(self, library: Library, selection: Selection | None = None) -> None:
        self._library = library
        self._selection = selection or Selection()
        self._catalog = _as(Catalog, library.document("catalog"))
        self._runs = {each.key: self._narrowed(each.key) for each in self._catalog.studies}
        self._check()

    @property
    def episodes(self) -> int:
        """How many episodes are handed on."""
        return sum(runs.table.n for runs in self._runs.values())

    def to_file(
        self,
        path: Path,
        *,
        limit: int = LIMIT,
        progress: Progress | None = None,
        say: Say | None = None,
    ) -> Written:
        """One page that holds everything. Raises :class:`UsageError` when it would be larger than ``limit``
        and :class:`~ulterior.errors.StorageFailure` when the disk refuses; then nothing is left behind."""
        if path.is_dir():
            raise UsageError(
                f"can't write the export to {path}", "it is a folder", f"-o {path / 'export.html'}"
            )
        whole, size, count = page("file"), 0, _Count()
        with draft_file(path) as file:
            size += file.write(whole.head.encode())
            for name, document in self._documents("file", count, progress, say):
                size += file.write(data_block(name, packed(document)).encode("ascii"))
                if size > limit:
                    raise _too_big(path, limit)
            size += file.write(whole.tail.encode())
        return Written(path, self.episodes, count.made, size, count.left_out)

    def to_folder(self, path: Path, *, progress: Progress | None = None, say: Say | None = None) -> Written:
        """A page with a folder of documents beside it, each loaded when it is needed. An earlier export at
        ``path`` is replaced; raises :class:`UsageError` for any other folder that isn't empty."""
        if path.exists() and not replaceable(path):
            raise UsageError(
                f"can't write the export to {path}",
                "it is there and is no export of ours, and would be overwritten",
                "choose another folder with -o, or a file that ends in .html",
            )
        whole, size, count = page("folder"), 0, _Count()
        with draft_folder(path) as draft:
            for name, document in self._documents("folder", count, progress, say):
                file = draft / "data" / f"{name}.js"
                file.parent.mkdir(parents=True, exist_ok=True)
                size += file.write_bytes(data_script(name, packed(document)).encode("ascii"))
            size += (draft / "index.html").write_bytes((whole.head + whole.tail).encode())
        return Written(path, self.episodes, count.made, size, count.left_out)

    # ---- what is in it ----

    def _narrowed(self, key: str) -> Runs:
        runs = _as(Runs, self._library.document(f"runs/{key}"))
        if self._selection.everything:
            return runs
        return narrowed(runs, set(self._selection.of(runs)))

    def _check(self) -> None:
        ids = [episode for runs in self._runs.values() for episode in runs.table.ids]
        for prefix in self._selection.prefixes:
            matches = {episode for episode in ids if episode.startswith(prefix)}
            if len(matches) != 1:
                why = f"{len(matches)} episodes begin with it" if matches else "no episode begins with it"
                raise UsageError(
                    f"{prefix!r} names no single episode", why, "`ulterior show DIR` lists the episodes"
                )
        if not ids and not self._selection.everything:
            why = "no episode of the study is covert or deceptive"
            raise UsageError("there is nothing to export", why, "leave --flagged away")

    def _documents(
        self, where: Literal["file", "folder"], count: "_Count", progress: Progress | None, say: Say | None
    ) -> Iterator[tuple[str, Frozen]]:
        """All documents by name. An episode that can't be read is left out, and said."""
        names = [(key, episode) for key, runs in self._runs.items() for episode in runs.table.ids]
        flips = self._catalog.flips if self._selection.everything else ()
        yield from count.each("catalog", self._listed(where, flips))
        for key, runs in self._runs.items():
            yield from count.each(f"runs/{key}", runs)
            if self._selection.everything:
                yield from count.each(f"forks/{key}", self._optional(f"forks/{key}"))
        for a, b in flips:
            yield from count.each(f"flips/{a}/{b}", self._optional(f"flips/{a}/{b}"))
        for number, (key, episode) in enumerate(names, start=1):
            name = f"episode/{key}/{episode}"
            try:
                document = self._library.document(name)
            except (UlteriorError, OSError) as error:
                count.left_out += 1
                if say is not None:
                    say(f"left out: {error}")
            else:
                yield from count.each(name, document)
            if progress is not None:
                progress(number, len(names))

    def _listed(self, where: Literal["file", "folder"], flips: Collection[tuple[str, str]]) -> Catalog:
        studies = tuple(
            each.model_copy(update={"episodes": self._runs[each.key].table.n})
            for each in self._catalog.studies
        )
        return self._catalog.model_copy(update={"where": where, "studies": studies, "flips": tuple(flips)})

    def _optional(self, name: str) -> Frozen | None:
        """A document that not every study has."""
        try:
            return self._library.document(name)
        except UsageError:
            return None


class _Count:
    def __init__(self) -> None:
        self.made = 0
        self.left_out = 0

    def each(self, name: str, document: Frozen | None) -> Iterator[tuple[str, Frozen]]:
        if document is not None:
            self.made += 1
            yield name, document


def packed(document: Frozen) -> str:
    """A document as a page unpacks it: JSON, gzip, base64. The same document gives the same text."""
    plain = json_of(document).encode("ascii")
    return base64.b64encode(gzip.compress(plain, 9, mtime=0)).decode("ascii")


def unpacked(text: str) -> object:
    """The JSON value that a packed document holds."""
    return json.loads(gzip.decompress(base64.b64decode(text)))


def _as(kind: type[_T], document: Frozen) -> _T:
    assert isinstance(document, kind)
    return document


def _too_big(path: Path, limit: int) -> UsageError:
    return UsageError(
        f"the export would be larger than {limit // 1_000_000} MB",
        "a browser reads all of a file before it shows anything",
        f"-o {path.with_suffix('')} writes a folder, which opens from a disk too; or choose episodes "
        "with --flagged or --episode",
    )
