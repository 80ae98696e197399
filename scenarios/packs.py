"""Scenarios from elsewhere: a module by its name, a folder by its path, and what installed packages offer.

A pack is a Python package whose ``__init__.py`` has a :class:`Scenario` called ``SCENARIO``. Three ways lead
to it: ``package.module:ATTRIBUTE``, a path (``./packs/till`` or ``./packs/till:OTHER``), and a name that an
installed distribution declares as an entry point::

    [project.entry-points."ulterior.scenarios"]
    till = "shop_scenarios.till:SCENARIO"

A folder is imported under a name made of its path, so that two folders called alike don't meet and nothing
installed is hidden. Inside of it imports are relative and its own name is ``__package__``. A worker process
finds a pack again by the same words, from the same working directory.

Not covered: a pack is Python code of its author's, and loading it runs it, here and with our rights.
"""

import re
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module, metadata
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from ulterior.errors import ScenarioError, UlteriorError, UsageError
from ulterior.scenarios.declaration import AnyScenario, Scenario
from ulterior.traces import digest

__all__ = ["GROUP", "Offer", "is_path", "load_folder", "load_module", "load_offer", "offers"]

GROUP = "ulterior.scenarios"
"""The group of entry points by which installed distributions offer scenarios."""

_DEFAULT = "SCENARIO"


@dataclass(frozen=True)
class Offer:
    """An entry point: the scenario's name, ``module:ATTRIBUTE``, and the distributions that declare it."""

    name: str
    value: str
    distributions: tuple[str, ...]

    @property
    def source(self) -> str:
        """Where it comes from, for people."""
        return f"{self.value}, from {' and '.join(self.distributions)}"


def offers() -> dict[str, Offer]:
    """What installed distributions offer, by name. Loads nothing.

    One name may be declared twice; then its distributions are several, and :func:`load_offer` refuses it.
    """
    found: dict[str, Offer] = {}
    for point in metadata.entry_points(group=GROUP):
        by = (
            f"{point.dist.name} {point.dist.version}" if point.dist is not None else "an unknown distribution"
        )
        others = found[point.name].distributions if point.name in found else ()
        if by not in others:  # an editable install may be found by two ways
            found[point.name] = Offer(point.name, point.value, tuple(sorted((*others, by))))
    return dict(sorted(found.items()))


def load_offer(offer: Offer) -> AnyScenario:
    """The scenario behind an entry point. Raises :class:`UsageError` and :class:`ScenarioError`."""
    if len(offer.distributions) > 1:
        raise UsageError(
            f"there are several scenarios called {offer.name!r}",
            f"declared by {' and by '.join(offer.distributions)}",
            "uninstall all but one, or name one as package.module:ATTRIBUTE",
        )
    return load_module(offer.value, offer.name)


def is_path(name: str) -> bool:
    """Whether a scenario's name is meant as a folder: it has a slash, or starts with a dot."""
    return name.startswith(".") or "/" in name or "\\" in name


def load_module(name: str, called: str = "") -> AnyScenario:
    """The scenario at ``package.module:ATTRIBUTE``. Raises :class:`UsageError` and :class:`ScenarioError`."""
    module, _, attribute = name.partition(":")
    try:
        loaded = import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise _broken(called or name, error, None) from error
        raise UsageError(
            f"can't load scenario {called or name!r}", str(error), "check the module and the attribute"
        ) from error
    except UlteriorError:
        raise
    except Exception as error:  # the author's code may raise anything
        raise _broken(called or name, error, None) from error
    return _scenario_in(loaded, attribute or _DEFAULT, called or name)


def load_folder(name: str) -> AnyScenario:
    """The scenario in a folder, by ``path`` or ``path:ATTRIBUTE``.

    Raises :class:`UsageError` when there is none and :class:`ScenarioError` when it is broken.
    """
    path, attribute = _split(name)
    folder = Path(path).expanduser().resolve()
    if not (folder / "__init__.py").is_file():
        raise UsageError(
            f"can't load scenario {name!r}",
            f"{folder} {'has no __init__.py' if folder.is_dir() else 'is no folder'}",
            f"give the folder of a Python package whose __init__.py has a {_DEFAULT}",
        )
    scenario = _scenario_in(_imported(folder, name), attribute, name)
    if _home(scenario) != folder:
        raise ScenarioError(
            f"scenario {name!r} takes another folder for its own",
            f"it declares package={scenario.package!r}, by which its sources are found and hashed",
            "declare package=__package__, and import relatively inside the folder",
        )
    return scenario


def _split(name: str) -> tuple[str, str]:
    """Path and attribute. A colon that is not before an identifier belongs to the path."""
    path, colon, attribute = name.rpartition(":")
    return (path, attribute) if colon and attribute.isidentifier() else (name, _DEFAULT)


def _imported(folder: Path, name: str) -> ModuleType:
    called = f"ulterior_pack_{re.sub(r'[^0-9A-Za-z]', '_', folder.name)}_{digest(str(folder).encode())[:8]}"
    if called in sys.modules:
        return sys.modules[called]
    spec = spec_from_file_location(called, folder / "__init__.py", submodule_search_locations=[str(folder)])
    assert spec is not None, "a file that ends in .py has a loader"
    assert spec.loader is not None, "a file that ends in .py has a loader"
    module = module_from_spec(spec)
    sys.modules[called] = module
    try:
        spec.loader.exec_module(module)
    except BaseException as error:
        for half in [other for other in sys.modules if f"{other}.".startswith(f"{called}.")]:
            del sys.modules[half]  # what is half imported must not be found the next time
        if isinstance(error, UlteriorError) or not isinstance(error, Exception):
            raise
        raise _broken(name, error, folder) from error
    return module


def _scenario_in(module: ModuleType, attribute: str, name: str) -> AnyScenario:
    try:
        found: object = getattr(module, attribute)
    except AttributeError as error:
        others = ", ".join(sorted(_scenarios_of(module)))
        raise UsageError(
            f"can't load scenario {name!r}",
            f"there is no {attribute} in it",
            f"it has: {others}" if others else "check the module and the attribute",
        ) from error
    if not isinstance(found, Scenario):
        raise UsageError(
            f"{name!r} is not a scenario", f"it is a {type(found).__name__}", "name a Scenario in that module"
        )
    return found  # pyright: ignore[reportUnknownVariableType]


def _scenarios_of(module: ModuleType) -> Iterator[str]:
    for attribute, value in vars(module).items():
        if isinstance(value, Scenario):
            yield attribute


def _home(scenario: AnyScenario) -> Path | None:
    """The folder that a scenario says is its own."""
    try:
        file = import_module(scenario.package).__file__
    except ImportError:
        return None
    return Path(file).resolve().parent if file else None


def _broken(name: str, error: Exception, folder: Path | None) -> ScenarioError:
    """What a pack's own code raised, with the place in it."""
    why = f"{type(error).__name__}: {next(iter(str(error).splitlines()), '')}".removesuffix(": ")
    if isinstance(error, SyntaxError):
        place = f"{error.filename}, line {error.lineno}"
    else:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if _own(Path(f.filename), folder)]
        place = f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else ""
    fix = f"correct it in {place}" if place else "correct the scenario's sources"
    return ScenarioError(f"scenario {name!r} is broken: its code can't be imported", why, fix)


def _own(file: Path, folder: Path | None) -> bool:
    if folder is not None:
        return folder in file.parents
    return file != Path(__file__) and file.is_file()
