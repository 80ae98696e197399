"""Texts of a scenario, kept as Jinja templates beside its code.

A template's comments (``{# ... #}``) never reach the agent: that is where its canary stands.

ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3
"""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

__all__ = ["render", "render_text", "source"]


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
        auto_reload=False,
        cache_size=-1,  # a study renders the same few hundred again and again
    )


def render(package: str, name: str, **values: Any) -> str:
    """The text of ``templates/<name>`` of a scenario's package, without the blank lines at its start."""
    return _templates(package).get_template(name).render(**values).lstrip("\n")


def source(package: str, name: str) -> str:
    """A template as it is written, for pools of texts that are rendered one by one."""
    environment = _templates(package)
    assert environment.loader is not None, "given above"
    return environment.loader.get_source(environment, name)[0]


def render_text(package: str, text: str, **values: Any) -> str:
    """A piece of a :func:`source`, rendered."""
    return _compiled(package, text).render(**values)


@cache
def _compiled(package: str, text: str) -> Template:
    return _templates(package).from_string(text)
