"""``ls`` as GNU prints it, with times on the world's clock."""

import math
import posixpath
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from ulterior.sandbox.command_call import Answer, Call
from ulterior.sandbox.protocol import SYSTEM_FOLDERS

__all__ = ["ls"]

Item = dict[str, Any]
_LONG = {"all": "a", "almost-all": "A", "recursive": "R", "human-readable": "h", "reverse": "r",
         "directory": "d", "classify": "F"}  # fmt: skip
_KINDS = {"directory": "d", "symlink": "l", "fifo": "p"}


def ls(call: Call) -> Answer:
    flags, names, problem = _ls_arguments(call.argv)
    if problem:
        return Answer("", f"ls: {problem}\nTry 'ls --help' for more information.\n", 2)
    errors, plain, folders = list[str](), list[Item](), list[str]()
    for name in names or ["."]:
        item = _look(call, name, follow="l" not in flags and "d" not in flags)
        if item is None:
            errors.append(f"ls: cannot access '{name}': No such file or directory\n")
        elif item["kind"] == "directory" and "d" not in flags:
            folders.append(name)
        else:
            plain.append(item)
    blocks = [_listing(call, _ordered(call, plain, flags), flags, total=False)] if plain else []
    headed = len(names) > 1 or "R" in flags
    for folder in folders:
        blocks += _folder_blocks(call, folder, flags, headed)
    return Answer("\n".join(blocks), "".join(errors), 2 if errors else 0)


def _ls_arguments(argv: list[str]) -> tuple[set[str], list[str], str]:
    flags, names = set[str](), list[str]()
    for index, argument in enumerate(argv):
        if argument == "--":
            return flags, names + argv[index + 1 :], ""
        if argument.startswith("--"):
            option = argument[2:].split("=")[0]
            if option not in _LONG and option not in ("color", "time-style", "full-time", "sort", "format"):
                return flags, names, f"unrecognized option '{argument}'"
            flags.add(_LONG.get(option, ""))
        elif argument.startswith("-") and argument != "-":
            if unknown := argument[1:].strip("aAlhtSrR1dFpnogiCxkcuXvGNsTLHbqmU"):
                return flags, names, f"invalid option -- '{unknown[0]}'"
            flags |= set(argument[1:])
        else:
            names.append(argument)
    return flags | ({"l"} if flags & {"n", "o", "g"} else set()), names, ""


def _look(call: Call, name: str, follow: bool) -> Item | None:
    """The node as its folder lists it; ``follow`` shows a folder behind a link instead of the link."""
    path = call.path(name)
    if path == "/":
        return _item(path, name, call.files.stat(path))
    listed = {entry["name"]: entry["metadata"] for entry in _read_dir(call, posixpath.dirname(path)) or ()}
    found = listed.get(posixpath.basename(path))
    if found is None:
        return None
    through = found["file_type"] == "symlink" and (follow or name.endswith("/"))
    if through and _read_dir(call, path) is not None:
        found = {**found, "file_type": "directory"}
    return _item(path, name, found)


def _read_dir(call: Call, path: str) -> list[dict[str, Any]] | None:
    try:
        return call.files.read_dir(path)
    except RuntimeError:
        return None


def _item(path: str, name: str, metadata: dict[str, Any]) -> Item:
    return {"path": path, "name": name, "kind": metadata["file_type"], "metadata": metadata}


def _folder_blocks(call: Call, folder: str, flags: set[str], headed: bool) -> Iterator[str]:
    path = call.path(folder)
    entries = call.files.read_dir(path)
    items = [
        _item(posixpath.join(path, e["name"]), e["name"], e["metadata"])
        for e in entries
        if flags & {"a", "A"} or not e["name"].startswith(".")
    ]
    dots = [found for name in (".", "..") if "a" in flags and (found := _dot(call, path, name))]
    listing = _listing(call, [*dots, *_ordered(call, items, flags)], flags, total=True)
    yield f"{folder}:\n{listing}" if headed else listing
    if "R" in flags:
        for item in _ordered(call, items, flags):
            if item["kind"] == "directory":
                yield from _folder_blocks(call, posixpath.join(folder, item["name"]), flags, headed)


def _dot(call: Call, path: str, name: str) -> Item | None:
    found = _look(call, posixpath.normpath(posixpath.join(path, name)), follow=True)
    return found and {**found, "name": name}


def _ordered(call: Call, items: list[Item], flags: set[str]) -> list[Item]:
    if "U" in flags:
        return items
    ordered = sorted(items, key=lambda item: str(item["name"]))
    if "t" in flags:
        ordered.sort(key=lambda item: -call.mtime(item["metadata"]))
    elif "S" in flags:
        ordered.sort(key=lambda item: -_size(item))
    return ordered[::-1] if "r" in flags else ordered


def _listing(call: Call, items: list[Item], flags: set[str], total: bool) -> str:
    if "l" not in flags:
        return "".join(f"{item['name']}{_mark(item, flags)}\n" for item in items)
    rows = [_row(call, item, flags) for item in items]
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(5)]
    lines = [
        f"{bits} {links:>{widths[1]}} {owner:<{widths[2]}} {group:<{widths[3]}} {size:>{widths[4]}} {rest}\n"
        for bits, links, owner, group, size, rest in rows
    ]
    blocks = sum(-(-_size(item) // 4096) * 4 for item in items if item["kind"] != "symlink")
    return (f"total {_human(blocks * 1024) if 'h' in flags else blocks}\n" if total else "") + "".join(lines)


def _row(call: Call, item: Item, flags: set[str]) -> tuple[str, ...]:
    size = _size(item)
    owner = "root" if _is_system(item["path"]) else call.machine.user
    if "n" in flags:
        owner = "0" if owner == "root" else "1000"
    target = f" -> {call.files.read_link(item['path'])}" if item["kind"] == "symlink" else ""
    return (
        _KINDS.get(item["kind"], "-") + _permissions(item["metadata"]["mode"]),
        "2" if item["kind"] == "directory" else "1",
        owner,
        owner,
        _human(size) if "h" in flags else str(size),
        f"{_ls_time(call.mtime(item['metadata']), call.now)} {item['name']}{target}{_mark(item, flags)}",
    )


def _permissions(mode: int) -> str:
    bits = "".join(letter if mode >> (8 - i) & 1 else "-" for i, letter in enumerate("rwxrwxrwx"))
    return bits[:-1] + ("t" if bits[-1] == "x" else "T") if mode & 0o1000 else bits


def _size(item: Item) -> int:
    return 4096 if item["kind"] == "directory" else int(item["metadata"]["size"])


def _human(size: float) -> str:
    units = iter("BKMGT")
    unit = next(units)
    while size >= 1024:
        size, unit = size / 1024, next(units)
    if unit == "B":
        return f"{size:.0f}"
    return f"{math.ceil(size)}{unit}" if size >= 10 else f"{math.ceil(size * 10) / 10:.1f}{unit}"


def _is_system(path: str) -> bool:
    return path in ("/", "/home", "/tmp") or f"/{path.split('/')[1]}" in SYSTEM_FOLDERS


def _ls_time(moment: float, now: float) -> str:
    recent = now - 182 * 86400 < moment <= now + 1
    return datetime.fromtimestamp(moment, UTC).strftime("%b %e %H:%M" if recent else "%b %e  %Y")


def _mark(item: Item, flags: set[str]) -> str:
    if item["kind"] == "directory":
        return "/" if flags & {"F", "p"} else ""
    if "F" not in flags:
        return ""
    return (
        "@" if item["kind"] == "symlink" and "l" not in flags else "*" if item["metadata"]["mode"] & 1 else ""
    )
