"""The files of a world at an earlier event, for oracles that put them to work again.

ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3
"""

import posixpath

from ulterior.scenarios.history import History

__all__ = ["files_at"]


def files_at(history: History, seq: int) -> dict[str, bytes]:
    """Every file of the world after event ``seq``, by absolute path.

    Histories keep no targets of links: a link stands for the file that it leads to in the end.
    """
    files: dict[str, bytes] = {}
    for path in history.paths():
        past = [version for version in history.versions(path) if version.seq <= seq]
        if past and isinstance(past[-1].value, bytes):
            files[path] = past[-1].value
    for path, entry in history.final.files.items():
        if entry.type == "link":
            target = history.final.contents[entry.digest].decode("utf-8", "replace")
            data = history.final.read(posixpath.normpath(posixpath.join(posixpath.dirname(path), target)))
            if data is not None:
                files[path] = data
    return files
