"""Files and folders that are whole or not there."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ulterior.errors import StorageFailure

__all__ = ["draft_file", "draft_folder", "replaceable"]


@contextmanager
def draft_file(path: Path) -> Generator[IO[bytes]]:
    """A file that takes its place at ``path`` when the block ends well, and is gone when it doesn't.

    Raises :class:`StorageFailure` for whatever the operating system refuses inside.
    """
    with _refusals(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with draft.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


@contextmanager
def draft_folder(path: Path) -> Generator[Path]:
    """A folder that takes its place at ``path`` when the block ends well, and is gone when it doesn't. What
    was at ``path`` before is removed then, and not before. Raises as :func:`draft_file` does."""
    with _refusals(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as workshop:
            draft, before = Path(workshop, "export"), Path(workshop, "before")
            draft.mkdir()
            yield draft
            if path.exists():
                path.replace(before)
            try:
                draft.replace(path)
            except OSError:
                if before.exists():
                    before.replace(path)
                raise


@contextmanager
def _refusals(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise StorageFailure(
            f"can't write {path}",
            error.strerror or str(error),
            "choose another place with -o, or make room there; nothing is left of this attempt",
        ) from error


def replaceable(path: Path) -> bool:
    """Whether a folder is empty, or an export of ours to which nobody has added anything."""
    if not path.is_dir():
        return False
    names = {each.name for each in path.iterdir()}
    if not names:
        return True
    if names - {"index.html", "data"} or "index.html" not in names:
        return False
    return '<meta name="ulterior-where" content="folder">' in (path / "index.html").read_text(
        encoding="utf-8", errors="replace"
    )
