"""``@pytest.mark.scenario(...)``: what a test wants to have been run."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, cast

import pytest

__all__ = ["MARKER", "Ask", "ask_of", "models_of"]

MARKER = (
    "scenario(*names, conditions=None, seeds=None, epochs=None, model=None, design=None, sandbox=None, "
    "settings=None, max_turns=None): the scenarios whose episodes `ulterior_episodes` is to hold, and how "
    "they are run; conditions are levels of factors: {'arm': ['conflict', 'control']} or 'arm=conflict'"
)


@dataclass(frozen=True)
class Ask:
    """Scenarios and how to run them, apart from the model. ``conditions`` and ``settings`` are spelled as
    the command line spells ``--factor`` and ``--setting``; None leaves it to the defaults."""

    scenarios: tuple[str, ...]
    conditions: tuple[str, ...] = ()
    seeds: int | None = None
    epochs: int | None = None
    design: str | None = None
    sandbox: str | None = None
    settings: tuple[str, ...] = ()
    max_turns: int | None = None

    @property
    def group(self) -> str:
        """A word that equal asks share, for ``xdist_group``."""
        words = repr([getattr(self, each.name) for each in fields(self)])
        return f"ulterior-{hashlib.sha256(words.encode()).hexdigest()[:8]}"


def ask_of(node: pytest.Item) -> Ask:
    """What a test's closest marker asks for. Raises ``ValueError`` that says what is wrong with it."""
    marker = node.get_closest_marker("scenario")
    if marker is None or not marker.args:
        raise ValueError("which episodes? Mark it with @pytest.mark.scenario('NAME', ...)")
    known = {each.name for each in fields(Ask)} - {"scenarios"}
    if strange := sorted(marker.kwargs.keys() - known - {"model"}):
        raise ValueError(
            f"the marker scenario has no argument {strange[0]!r}; it has {', '.join(sorted(known))}, model"
        )
    given = {name: value for name, value in marker.kwargs.items() if name in known and value is not None}
    for name in ("seeds", "epochs", "max_turns"):
        number = given.get(name)
        if number is not None and (isinstance(number, bool) or not isinstance(number, int) or number < 1):
            raise ValueError(f"{name} of the marker scenario is {number!r}, and should be a number from 1")
    given["conditions"] = _spelled("conditions", given.get("conditions"))
    given["settings"] = _spelled("settings", given.get("settings"))
    return Ask(scenarios=tuple(map(str, marker.args)), **given)


def models_of(node: pytest.Item, usual: tuple[str, ...]) -> tuple[str, ...]:
    """The marker's models, or the usual ones where it names none."""
    marker = node.get_closest_marker("scenario")
    model: object = marker.kwargs.get("model") if marker else None
    if model is None:
        return usual
    return (model,) if isinstance(model, str) else tuple(map(str, cast("Iterable[object]", model)))


def _spelled(what: str, given: object) -> tuple[str, ...]:
    """``name=value`` from a mapping, a text or several texts."""
    if given is None:
        return ()
    if isinstance(given, str):
        return (given,)
    if isinstance(given, Mapping):
        pairs = cast("Mapping[str, Any]", given)
        return tuple(f"{name}={_value(what, value)}" for name, value in pairs.items())
    if isinstance(given, (list, tuple)):
        return tuple(map(str, cast("Iterable[object]", given)))
    raise ValueError(f"{what} of the marker scenario is {given!r}, and should be a mapping or a text")


def _value(what: str, value: Any) -> str:
    if what == "settings":
        return json.dumps(value)  # which YAML reads, too
    return value if isinstance(value, str) else ",".join(map(str, value))
