#!/usr/bin/env python3
"""What the documents hold, as types for the pages: front/types.js, made from the pydantic models.

.venv/bin/python tools/viewer_types.py            write it
.venv/bin/python tools/viewer_types.py --check    it is as it would be written (in the tests)
"""

import inspect
import json
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from ulterior.viewer import documents

TYPES = Path(__file__).parents[1] / "src" / "ulterior" / "viewer" / "front" / "types.js"

_PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null", Any: "any"}


def type_of(kind: Any, seen: dict[str, type[BaseModel]]) -> str:
    """A Python type as the type of its JSON. Models are named, and noted in ``seen``."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if seen.setdefault(kind.__name__, kind) is not kind:
            raise TypeError(f"two models are called {kind.__name__}")
        return kind.__name__
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal:
        return "|".join(json.dumps(value) for value in inner)
    if origin in (Union, types.UnionType):
        return "|".join(dict.fromkeys(type_of(each, seen) for each in inner))
    if origin is tuple and inner[-1] is not Ellipsis:
        return f"[{', '.join(type_of(each, seen) for each in inner)}]"
    if origin in (list, tuple, Sequence):
        one = type_of(inner[0], seen)
        return f"({one})[]" if "|" in one else f"{one}[]"
    if origin in (dict, Mapping):
        return f"Record<string, {type_of(inner[1], seen)}>"
    raise TypeError(f"no type for {kind!r}")


def _typedef(model: type[BaseModel], seen: dict[str, type[BaseModel]]) -> Iterator[str]:
    yield "/**"
    for line in inspect.cleandoc(model.__doc__ or "").replace("*/", "*\\/").splitlines():
        yield f" * {line}".rstrip()
    yield f" * @typedef {{object}} {model.__name__}"
    for name, field in model.model_fields.items():
        yield f" * @property {{{type_of(field.annotation, seen)}}} {name}"
    for name, field in model.model_computed_fields.items():
        yield f" * @property {{{type_of(field.return_type, seen)}}} {name}"
    yield " */"


def written() -> str:
    """The whole of types.js."""
    seen: dict[str, type[BaseModel]] = {}
    for name in documents.__all__:
        each = getattr(documents, name)
        if isinstance(each, type) and issubclass(each, BaseModel):
            type_of(each, seen)
    blocks: dict[str, str] = {}
    while rest := [name for name in seen if name not in blocks]:
        for name in rest:
            blocks[name] = "\n".join(_typedef(seen[name], seen))
    head = (
        "// @ts-check\n"
        "/** What the documents hold. Made by tools/viewer_types.py from src/ulterior/viewer/documents. */\n"
        "export {};\n\n"
    )
    return head + "\n\n".join(blocks[name] for name in sorted(blocks)) + "\n"


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        current = TYPES.exists() and TYPES.read_text(encoding="utf-8") == written()
        sys.exit(0 if current else f"{TYPES.name} is not current: run tools/viewer_types.py")
    TYPES.write_text(written(), encoding="utf-8")
