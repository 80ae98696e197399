"""Reading the YAML of a study file, a policy or a file of edits, and saying in plain words what is wrong
with it.

Stricter than YAML readers are: a key that stands there twice is refused, because the first of the two
would silently have no effect.
"""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import ValidationError

from ulterior.errors import UsageError

__all__ = ["kind_of", "not_json", "parse_yaml", "plain_problems", "read_yaml"]

_MERGE = "tag:yaml.org,2002:merge"


class _Twice(Exception):
    """A key that a mapping holds twice, with its lines, counted from 1."""

    def __init__(self, key: str, first: int, again: int) -> None:
        super().__init__(f"the key {key!r} stands in line {first} and again in line {again}")
        self.key = key


class _Loader(yaml.SafeLoader):
    """YAML's safe subset, with keys that are unique as the specification asks."""

    def compose_mapping_node(self, anchor: dict[Any, yaml.Node]) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        lines: dict[tuple[str, str], int] = {}
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag == _MERGE:
                continue
            line, name = key.start_mark.line + 1, (key.tag, key.value)
            if name in lines:
                raise _Twice(key.value, lines[name], line)
            lines[name] = line
        return node

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)  # pyright: ignore[reportUnknownMemberType]  (stubs)
        except ValueError as error:  # such as the 13th month
            raise yaml.MarkedYAMLError(problem=str(error), problem_mark=node.start_mark) from error


def parse_yaml(text: str) -> Any:
    """The value of a YAML text. Raises ``ValueError`` that says on one line where it can't be read."""
    try:
        return yaml.load(text, _Loader)
    except _Twice as error:
        raise ValueError(str(error)) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise ValueError(where + " ".join(filter(None, [error.problem, error.context]))) from error
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


def read_yaml(path: Path, called: str = "study file") -> Any:
    """The contents of a file. Raises :class:`UsageError` that names the line, and says what file it is."""
    try:
        data = path.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError(f"can't read the {called} {path}", why, "check the path") from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"can't read the {called} {path}", f"line {line} is not UTF-8 text", "save it as UTF-8"
        ) from error
    try:
        return parse_yaml(text)
    except ValueError as error:
        if isinstance(error.__cause__, _Twice):
            what = f"the {called} {path} says {error.__cause__.key!r} twice"
            raise UsageError(what, f"{error}; only one could count", "leave one of them out") from error
        raise UsageError(f"the {called} {path} is not valid YAML", str(error), "mend that place") from error


def not_json(value: Any, where: str) -> str:
    """What in a value could not be stored in a trace, and at which place; "" when nothing."""
    match value:
        case None | bool() | int() | str():
            return ""
        case float():
            return "" if isfinite(value) else f"{where} is {value}, and a number must be finite"
        case list():
            items = enumerate(cast("list[Any]", value))
            return next(filter(None, (not_json(item, f"{where}[{n}]") for n, item in items)), "")
        case dict():
            return _not_json_mapping(cast("dict[Any, Any]", value), where)
        case _:
            return f"{where} is a {type(value).__name__}; put it in quotes to make it text"


def _not_json_mapping(value: Mapping[Any, Any], where: str) -> str:
    for key, item in value.items():
        if not isinstance(key, str):
            return f"{where} has the key {key!r}, which is no text; put it in quotes"
        if why := not_json(item, f"{where}.{key}"):
            return why
    return ""


def plain_problems(error: ValidationError, keys: Mapping[str, Sequence[str]]) -> str:
    """What pydantic found, in words for the person who wrote the file.

    ``keys`` are the keys that may stand at the top (under "") and below one of them (under its name).
    """
    return "; ".join(_problem(dict(each), keys) for each in error.errors(include_url=False))


def _problem(error: dict[str, Any], keys: Mapping[str, Sequence[str]]) -> str:
    place = _place(error["loc"])
    kind, limits = error["type"], error.get("ctx", {})
    match kind:
        case "extra_forbidden":
            return _unknown_key(error["loc"], keys)
        case "missing":
            return f"{place} is missing"
        case "value_error":
            return str(limits["error"])
        case "too_short":
            return f"{place} is empty; it needs at least one"
        case "too_long":
            return f"{place} has more than {limits['max_length']:,} entries"
        case "greater_than_equal":
            return f"{place} must be at least {limits['ge']:,}"
        case "greater_than":
            return f"{place} must be more than {limits['gt']:,g}"
        case "less_than_equal":
            return f"{place} must be at most {limits['le']:,}"
        case "literal_error":
            return f"{place} must be one of {limits['expected']}, not {kind_of(error['input'])}"
        case _ if kind in _EXPECTED:
            return f"{place} must be {_EXPECTED[kind]}, not {kind_of(error['input'])}"
        case _:
            return f"{place}: {error['msg']}"


_EXPECTED = {
    "list_type": "a list, such as [a, b]",
    "dict_type": "a mapping of names to values",
    "model_type": "a mapping of names to values",
    "model_attributes_type": "a mapping of names to values",
    "string_type": "text (put it in quotes)",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
}


def _place(location: tuple[int | str, ...]) -> str:
    """``scenarios[0].name``, as in Python; the keys of mappings that are themselves wrong as they stand."""
    words = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return words.replace(".[key]", "").lstrip(".") or "the file"


def _unknown_key(location: tuple[int | str, ...], keys: Mapping[str, Sequence[str]]) -> str:
    *parents, key = location
    known = keys[str(parents[0]) if parents else ""]
    near = get_close_matches(str(key), known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"the known ones are: {', '.join(known)}"
    where = f" in {_place(tuple(parents))}" if parents else ""
    return f"unknown key {key!r}{where}; {hint}"


def kind_of(value: Any) -> str:
    """What a value from YAML is, to somebody who wrote something else than they meant."""
    match value:
        case None:
            return "nothing"
        case bool():
            return f"{str(value).lower()} (so YAML reads {'yes and on' if value else 'no and off'} too)"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {value[:40]!r}"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return f"the {type(value).__name__} {str(value)[:40]}"
