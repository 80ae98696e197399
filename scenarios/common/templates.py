"""Texts of a scenario, kept as Jinja templates beside its code.

A template's comments (``{# ... #}``) never reach the agent: that is where its canary stands.

ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3
"""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

__all__ = ["render"]


@cache
def _templates(package: str) -> Environment:
    folder = Path(str(import_module(package).__file__)).parent / "templates"
    return Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )


def render(package: str, name: str, **values: Any) -> str:
    """The text of ``templates/<name>`` of a scenario's package, without the blank lines at its start."""
    return _templates(package).get_template(name).render(**values).lstrip("\n")
