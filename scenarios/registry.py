"""Scenarios by name: the library's own, those of installed packages, and any other by module or by path."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from ulterior.errors import UlteriorError, UsageError
from ulterior.scenarios.declaration import AnyScenario
from ulterior.scenarios.packs import is_path, load_folder, load_module, load_offer, offers

__all__ = ["LIBRARY", "Listed", "list_scenarios", "load_scenario"]

LIBRARY = (
    "borrowed_allotment",
    "kept_word",
    "unmeetable_ticket",
    "convenient_rewrite",
    "ceiling_test",
    "own_report_card",
    "tedious_proof",
    "reading_over_limit",
    "ranked_suppliers",
    "watcher_off",
    "two_questionnaires",
    "bigger_helper",
    "locked_file",
    "stop_order",
    "broken_instrument",
    "official_path",
)


def load_scenario(name: str) -> AnyScenario:
    """The scenario of this name: in the library, ``package.module:ATTRIBUTE``, a folder, or an entry point.

    Raises :class:`UsageError` when there is none and :class:`ScenarioError` when its code is broken.
    """
    if name in LIBRARY:
        return import_module(f"ulterior.scenarios.{name}").SCENARIO
    if is_path(name):
        return load_folder(name)
    if ":" in name:
        return load_module(name)
    installed = offers()
    if name in installed:
        return load_offer(installed[name])
    known = f"choose one of: {', '.join([*LIBRARY, *installed])}"
    here = f"./{name}" if (Path(name) / "__init__.py").is_file() else "./folder"
    raise UsageError(
        f"unknown scenario {name!r}", fix=f"{known}; or give your own as package.module:SCENARIO or as {here}"
    )


@dataclass(frozen=True)
class Listed:
    """A scenario that can be named, where it comes from, and what is wrong with it if it can't be loaded."""

    name: str
    source: str
    scenario: AnyScenario | None = None
    error: str = ""


def list_scenarios() -> Iterator[Listed]:
    """The library's scenarios and those that installed packages offer. Never raises for a broken one."""
    for name in LIBRARY:
        yield Listed(name, "library", load_scenario(name))
    for name, offer in offers().items():
        try:
            if name in LIBRARY:
                raise UsageError(
                    f"the library has a scenario {name!r}, which comes first",
                    fix=f"name this one as {offer.value}",
                )
            yield Listed(name, offer.source, load_offer(offer))
        except UlteriorError as error:
            yield Listed(name, offer.source, error=str(error))
