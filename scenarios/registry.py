"""Scenarios by name: the library's own, and any other as ``package.module:ATTRIBUTE``."""

from importlib import import_module

from ulterior.errors import UsageError
from ulterior.scenarios.declaration import AnyScenario, Scenario

__all__ = ["LIBRARY", "load_scenario"]

LIBRARY = (
    "borrowed_allotment",
    "unmeetable_ticket",
    "ceiling_test",
    "locked_file",
    "convenient_rewrite",
    "own_report_card",
)


def load_scenario(name: str) -> AnyScenario:
    """The scenario of this name. Raises :class:`UsageError` when there is none."""
    if name in LIBRARY:
        return import_module(f"ulterior.scenarios.{name}").SCENARIO
    module, colon, attribute = name.partition(":")
    if not colon:
        raise UsageError(
            f"unknown scenario {name!r}",
            fix=f"choose one of: {', '.join(LIBRARY)}; or give your own as package.module:SCENARIO",
        )
    try:
        found: object = getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise UsageError(
            f"can't load scenario {name!r}", str(error), "check the module and the attribute"
        ) from error
    if not isinstance(found, Scenario):
        raise UsageError(f"{name!r} is not a scenario", f"it is a {type(found).__name__}")
    return found  # pyright: ignore[reportUnknownVariableType]
