"""JSON of which nothing is promised: read strictly, then looked into without surprises."""

import json
import math
from typing import Any, NoReturn, cast

__all__ = ["items", "mapping", "number", "parse_json", "text"]

_DEEPEST = 100  # what any real value stays far below, and what every later encoder can still write


def parse_json(written: str | bytes) -> Any:
    """The value of a JSON text. Raises ``ValueError`` on everything that could not be written down again.

    Python's own parser also takes ``NaN``, makes an infinity of ``1e999``, and overruns its stack.
    """
    try:
        value = json.loads(written, parse_constant=_no_number, parse_float=_finite)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not _shallow(value, _DEEPEST):
        raise ValueError("nested too deeply")
    return value


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError(f"{digits} is too large")
    return value


def _shallow(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return True
    parts = mapping(value).values() if isinstance(value, dict) else items(value)  # pyright: ignore[reportUnknownArgumentType]
    return levels > 0 and all(_shallow(part, levels - 1) for part in parts)


def mapping(value: Any) -> dict[str, Any]:
    """The object, or an empty one."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """The array, or an empty one."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def text(value: Any) -> str:
    """The string, or an empty one."""
    return value if isinstance(value, str) else ""


def number(value: Any, *path: str) -> int:
    """The whole number at a path within an object, or 0."""
    for name in path:
        value = mapping(value).get(name)
    return value if isinstance(value, int) else 0
