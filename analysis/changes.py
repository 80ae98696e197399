"""What a step changed in the world, as unified diffs for people.

Theory of operation. A trace says of every step which contents it replaced, by digest; the fold over the
trace still has both contents, so a diff is made from them and nothing is read from anywhere else.
"""

import difflib
import json
from collections.abc import Iterator
from typing import Any

from ulterior.traces import Entry, Frozen, Trace, WorldChange, WorldState

__all__ = ["Change", "changes_by_step"]

_LARGEST = 200_000  # bytes; diffing more takes longer than reading it is worth
_CONTEXT = 3


class Change(Frozen):
    """One path or service before and after a step.

    ``what`` is ``created``, ``changed``, ``removed``, ``mode`` or ``initial``; ``diff`` is a unified diff,
    empty where none was made (``note`` then says why).
    """

    name: str
    what: str
    diff: str = ""
    note: str = ""


def changes_by_step(trace: Trace) -> Iterator[tuple[int, tuple[Change, ...]]]:
    """The changes of every ``world`` event, by its number. The initial world is listed without contents."""
    services: dict[str, Any] = {}
    for event, state in trace.states():
        if isinstance(event.body, WorldChange):
            change = event.body
            if change.cause == "setup":
                yield event.seq, tuple(_initial(change, state.world))
            else:
                yield event.seq, tuple(_changes(change, state.world, services))
            services.update({name: state.world.services[name] for name in change.services})


def _initial(change: WorldChange, world: WorldState) -> Iterator[Change]:
    for file in change.files:
        data = world.read(file.path)
        if data is not None:
            yield Change(name=file.path, what="initial", note=f"{len(data)} bytes")
    for name in change.services:
        yield Change(name=name, what="initial", note="service")


def _changes(change: WorldChange, world: WorldState, services: dict[str, Any]) -> Iterator[Change]:
    for file in change.files:
        yield _file(file.path, file.before, file.after, world)
    for name in change.services:
        before, after = _pretty(services.get(name)), _pretty(world.services[name])
        yield Change(name=name, what="changed", diff=_diff(name, before, after), note="service")


def _pretty(value: Any) -> str:
    return "" if value is None else json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _file(path: str, before: Entry | None, after: Entry | None, world: WorldState) -> Change:
    what = "created" if before is None else "removed" if after is None else "changed"
    old, new = _content(before, world), _content(after, world)
    if before is not None and after is not None and old == new:
        return Change(name=path, what="mode", note=f"mode {before.mode:o} to {after.mode:o}")
    kinds = {entry.type for entry in (before, after) if entry is not None}
    if kinds == {"directory"}:
        return Change(name=path, what=what, note="folder")
    if max(len(old), len(new)) > _LARGEST:
        return Change(name=path, what=what, note=f"{len(old)} to {len(new)} bytes")
    try:
        diff = _diff(path, old.decode(), new.decode())
    except UnicodeDecodeError:
        return Change(name=path, what=what, note=f"binary, {len(old)} to {len(new)} bytes")
    return Change(name=path, what=what, diff=diff, note="link" if "link" in kinds else "")


def _content(entry: Entry | None, world: WorldState) -> bytes:
    """Contents stay known to the fold after the path is gone."""
    return b"" if entry is None or entry.type == "directory" else world.contents[entry.digest]


def _diff(name: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(
        _lines(before),
        _lines(after),
        f"a/{name.lstrip('/')}",
        f"b/{name.lstrip('/')}",
        lineterm="",
        n=_CONTEXT,
    )
    return "\n".join(lines)


def _lines(text: str) -> list[str]:
    """Lines at line feeds only, with the missing one at the end made visible."""
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else [*lines[:-1], f"{lines[-1]} (no newline at the end)"]
