"""JSON patches (RFC 6902) between values that are never changed in place.

Applying a patch copies only what lies on the way to the change and shares the rest with the value
before. So a step costs what it changed and not what there is, and every earlier value stays as it was:
a history may keep all of them.

Comparison is strict where Python's is not: 1, 1.0 and true are three values.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

__all__ = ["apply_patch", "diff"]

Operation = dict[str, Any]
_Edit = Callable[[Any, Any], None]
"""Changes a container, which is a fresh copy, at a key or index."""


def diff(before: Any, after: Any) -> list[Operation]:
    """Operations that turn one JSON value into another; none when they are the same."""
    return list(_diff("", before, after))


def apply_patch(value: Any, patch: Sequence[Operation]) -> Any:
    """The value after a patch; ``value`` stays as it is. Raises ``ValueError`` when it doesn't apply."""
    for operation in patch:
        try:
            value = _apply(value, operation)
        except (LookupError, TypeError, ValueError) as error:
            raise ValueError(f"{operation} does not apply: {error}") from error
    return value


# ---- diff ----


def _diff(path: str, before: Any, after: Any) -> Iterator[Operation]:
    if before is after:
        return
    if type(before) is not type(after):
        yield {"op": "replace", "path": path, "value": after}
    elif isinstance(before, dict):
        yield from _diff_objects(path, before, after)  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(before, list):
        yield from _diff_arrays(path, before, after)  # pyright: ignore[reportUnknownArgumentType]
    elif before != after:
        yield {"op": "replace", "path": path, "value": after}


def _diff_objects(path: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Operation]:
    for name in before:
        if name not in after:
            yield {"op": "remove", "path": f"{path}/{_escape(name)}"}
    for name, value in after.items():
        if name in before:
            yield from _diff(f"{path}/{_escape(name)}", before[name], value)
        else:
            yield {"op": "add", "path": f"{path}/{_escape(name)}", "value": value}


def _diff_arrays(path: str, before: list[Any], after: list[Any]) -> Iterator[Operation]:
    """Leave out equal ends, compare the middle pair by pair, then cut or add the rest of the longer one."""
    start, shorter = 0, min(len(before), len(after))
    while start < shorter and _same(before[start], after[start]):
        start += 1
    tail = 0
    while tail < shorter - start and _same(before[-1 - tail], after[-1 - tail]):
        tail += 1
    pairs = shorter - tail
    for index in range(start, pairs):
        yield from _diff(f"{path}/{index}", before[index], after[index])
    for index in range(len(before) - tail - 1, pairs - 1, -1):
        yield {"op": "remove", "path": f"{path}/{index}"}
    for index in range(pairs, len(after) - tail):
        yield {"op": "add", "path": f"{path}/{index}", "value": after[index]}


def _same(left: Any, right: Any) -> bool:
    return next(_diff("", left, right), None) is None


# ---- apply ----


def _apply(value: Any, operation: Operation) -> Any:
    match operation:
        case {"op": "add", "path": str(path), "value": new}:
            return _changed(value, _parts(path), _put(new, _insert))
        case {"op": "replace", "path": str(path), "value": new}:
            return _changed(value, _parts(path), _put(new, _assign))
        case {"op": "remove", "path": str(path)}:
            return _changed(value, _parts(path), _delete)
        case {"op": "move", "from": str(source), "path": str(path)}:
            moved = _found(value, _parts(source))
            return _changed(_changed(value, _parts(source), _delete), _parts(path), _put(moved, _insert))
        case {"op": "copy", "from": str(source), "path": str(path)}:
            return _changed(value, _parts(path), _put(_found(value, _parts(source)), _insert))
        case {"op": "test", "path": str(path), "value": expected}:
            if not _same(_found(value, _parts(path)), expected):
                raise ValueError("the value is another one")
            return value
        case _:
            raise ValueError("not a patch operation")


def _changed(value: Any, parts: list[str], edit: _Edit) -> Any:
    """A copy of ``value`` with one edit, sharing everything that is not on the way to it."""
    root = [value]  # so that the whole value has a place to be edited at, too
    holder, key = root, 0
    for part in parts:
        twin = _copied(holder[key])
        holder[key] = twin
        holder, key = twin, _key(twin, part)
    edit(holder, key)
    return root[0]


def _copied(container: Any) -> Any:
    if isinstance(container, (dict, list)):
        return container.copy()  # pyright: ignore[reportUnknownVariableType]
    raise TypeError(f"there is nothing inside {container!r}")


def _found(value: Any, parts: list[str]) -> Any:
    for part in parts:
        value = value[_key(value, part)]
    return value


def _key(container: Any, part: str) -> Any:
    if isinstance(container, dict):
        return part
    if not isinstance(container, list):
        raise TypeError(f"there is nothing inside {container!r}")
    if part == "-":
        return len(container)  # pyright: ignore[reportUnknownArgumentType]
    if part != "0" and (not (part.isascii() and part.isdigit()) or part.startswith("0")):
        raise ValueError(f"{part!r} is no index")
    return int(part)


def _put(value: Any, how: Callable[[Any, Any, Any], None]) -> _Edit:
    return lambda container, key: how(container, key, value)


def _insert(container: Any, key: Any, value: Any) -> None:
    if isinstance(container, list) and len(container) >= key:  # pyright: ignore[reportUnknownArgumentType]
        container.insert(key, value)  # pyright: ignore[reportUnknownMemberType]
    else:
        container[key] = value


def _assign(container: Any, key: Any, value: Any) -> None:
    container[key]  # must be there
    container[key] = value


def _delete(container: Any, key: Any) -> None:
    del container[key]


def _parts(pointer: str) -> list[str]:
    if pointer and not pointer.startswith("/"):
        raise ValueError(f"{pointer!r} is no JSON pointer")
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def _escape(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
