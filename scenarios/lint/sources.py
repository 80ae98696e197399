"""The canary: in every source of a scenario, and in nothing that an agent sees."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from ulterior.scenarios.canary import CANARY
from ulterior.scenarios.declaration import AnyScenario
from ulterior.scenarios.lint.finding import Finding
from ulterior.scenarios.lint.visible import Piece

__all__ = ["canary_in_sources", "canary_in_view", "folder_of", "sources_of"]

_PREFIX = CANARY.split("-")[0] + "-canary"
_LITTER = ("__pycache__", ".pytest_cache", ".ruff_cache", ".git")


def folder_of(scenario: AnyScenario) -> Path:
    """The scenario's own folder."""
    return Path(str(import_module(scenario.package).__file__)).parent


def sources_of(scenario: AnyScenario) -> Iterator[Path]:
    """Its Python files and its templates."""
    folder = folder_of(scenario)
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        source = path.suffix == ".py" or "templates" in inside.parts
        if source and path.is_file() and not set(inside.parts) & set(_LITTER):
            yield path


def canary_in_sources(scenario: AnyScenario) -> Iterator[Finding]:
    """Sources without the canary."""
    folder = folder_of(scenario)
    for path in sources_of(scenario):
        if CANARY.encode() not in path.read_bytes():
            comment = "its docstring" if path.suffix == ".py" else "a template comment: {# ... #}"
            yield Finding(
                "error",
                "canary-missing",
                path.relative_to(folder).as_posix(),
                "the file doesn't hold the canary",
                f"put {CANARY} into {comment}",
            )


def canary_in_view(pieces: list[Piece]) -> Iterator[Finding]:
    """Places where an agent would see it."""
    for piece in pieces:
        if (at := piece.text.find(_PREFIX)) >= 0:
            yield Finding(
                "error",
                "canary-visible",
                piece.line_of(at),
                "the agent sees the canary",
                "keep it in comments that are not rendered",
            )
