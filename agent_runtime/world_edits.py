"""Changing a recorded world by hand: what a file of another content, or none, means for its paths."""

import posixpath
from collections.abc import Iterator, Mapping

from ulterior.sandbox.protocol import FIXED_FOLDERS, SYSTEM_FOLDERS
from ulterior.traces import Blob, Entry, FileChange, WorldState, blob_of, digest

__all__ = ["written"]


def written(
    world: WorldState, files: Mapping[str, bytes | None]
) -> tuple[tuple[FileChange, ...], dict[str, Blob]]:
    """The changes that give files these contents, None for no file, in path order, with the new contents.

    A file that is there already keeps its mode; missing folders are made. Raises ``ValueError`` that says why
    a path can't be changed like that.
    """
    changes: dict[str, FileChange] = {}
    blobs: dict[str, Blob] = {}
    for path, data in files.items():
        for change in _changed(world, path, data):
            changes.setdefault(change.path, change)
        if data is not None and (name := digest(data)) not in world.contents:
            blobs[name] = blob_of(data)
    return tuple(changes[path] for path in sorted(changes)), blobs


def _changed(world: WorldState, path: str, data: bytes | None) -> Iterator[FileChange]:
    _check_path(world, path)
    before = world.files.get(path)
    if before is not None and before.type != "file":
        raise ValueError(f"{path} is a {before.type}")
    if data is None and before is None:
        raise ValueError(f"there is no {path}")
    if data is None:
        yield FileChange(path=path, before=before, after=None)
        return
    for folder in _missing_folders(world, path):
        yield FileChange(path=folder, before=None, after=Entry(type="directory", mode=0o755))
    after = Entry(digest=digest(data), mode=before.mode if before else 0o644)
    if after == before:
        raise ValueError(f"{path} has this content already")
    yield FileChange(path=path, before=before, after=after)


def _check_path(world: WorldState, path: str) -> None:
    if not path.startswith("/") or path != posixpath.normpath(path) or path.startswith("//") or path == "/":
        raise ValueError(f"{path!r} is no absolute path in its shortest form")
    if any(path == folder or path.startswith(f"{folder}/") for folder in SYSTEM_FOLDERS):
        raise ValueError(f"{path} belongs to the machine, and the world doesn't hold it")
    for folder in _folders(path):
        entry = world.files.get(folder)
        if entry is not None and entry.type != "directory":
            raise ValueError(f"{folder} is a {entry.type}, not a folder")


def _missing_folders(world: WorldState, path: str) -> list[str]:
    """Fixed folders are on every machine, and no part of a world."""
    return [folder for folder in _folders(path) if folder not in world.files and folder not in FIXED_FOLDERS]


def _folders(path: str) -> list[str]:
    parts = path.split("/")[1:-1]
    return ["/" + "/".join(parts[:end]) for end in range(1, len(parts) + 1)]
