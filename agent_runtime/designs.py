"""Experimental designs: under which conditions a study runs a scenario, seed by seed.

A design says which combinations of levels are run. Whatever it says, one seed is run under all its
conditions by every model, so that conditions can be compared pair by pair.

Everything here is a pure function of the scenario's declaration, the levels that were chosen and the seed.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import product
from math import prod
from typing import Literal

from ulterior.agent_runtime.orthogonal import Fraction, fraction
from ulterior.errors import UsageError
from ulterior.scenarios import AnyScenario, Condition

__all__ = ["DESIGNS", "EVERY", "DesignName", "Layout", "fractional_table", "lay_out", "one_at_a_time"]

DesignName = Literal["default", "arms", "full", "one_at_a_time", "randomised", "fractional"]
DESIGNS: Mapping[DesignName, str] = {
    "default": "the scenario's default conditions, crossed with the given factors",
    "arms": "every condition that the scenario names, its default ones and one for every role, crossed with"
    " the given factors",
    "full": "the default conditions under all combinations of the given factors",
    "one_at_a_time": "the default conditions, and each of them with one level changed",
    "randomised": "the default conditions, under levels of the other factors that each seed draws",
    "fractional": "the default conditions under few, balanced combinations of the given factors",
}

EVERY = "*"
"""Stands for all levels of a factor."""

Levels = Mapping[str, Sequence[str]]
Conditions = list[dict[str, str]]


@dataclass(frozen=True)
class Layout:
    """The conditions of a scenario in a study: ``size`` of them for every seed, made when asked for."""

    size: int
    conditions: Callable[[int], Conditions]


def lay_out(design: DesignName, scenario: AnyScenario, factors: Levels, design_seed: int = 0) -> Layout:
    """What a design makes of a scenario and the given factors, each with its levels or :data:`EVERY`.

    ``design_seed`` matters to ``randomised`` alone. Raises :class:`UsageError` for unknown factors and
    levels, and for factors that the design can't do with or without.
    """
    levels = _chosen(scenario, factors)
    match design:
        case "default":
            return _crossed(scenario, scenario.conditions.values(), levels)
        case "arms":
            return _crossed(scenario, scenario.cells.values(), levels)
        case "full":
            return _crossed(scenario, scenario.conditions.values(), _needed(design, scenario, levels))
        case "one_at_a_time":
            conditions = one_at_a_time(scenario, levels)
            return Layout(len(conditions), lambda _: conditions)
        case "randomised":
            return _randomised(scenario, levels, design_seed)
        case "fractional":
            return _fractional(scenario, _needed(design, scenario, levels))


def _chosen(scenario: AnyScenario, factors: Levels) -> dict[str, list[str]]:
    """The given levels, each once, with :data:`EVERY` spelled out. Raises :class:`UsageError`."""
    known = {factor.name: factor.levels for factor in scenario.factors}
    chosen: dict[str, list[str]] = {}
    for name, levels in factors.items():
        if EVERY in levels and name in known:
            levels = [*(level for level in levels if level != EVERY), *known[name]]
        for level in levels:
            scenario.condition({name: level})
        chosen[name] = list(dict.fromkeys(levels))
    return chosen


def _needed(design: DesignName, scenario: AnyScenario, levels: dict[str, list[str]]) -> dict[str, list[str]]:
    if not levels:
        raise UsageError(
            f"the design {design} of scenario {scenario.name} has nothing to combine",
            "it combines the factors that are given, and none is",
            "--factor NAME (all its levels) or --factor NAME=level,level; or the design one_at_a_time",
        )
    return levels


# ---- default, arms, full -------------------------------------------------------------------------------


def _crossed(scenario: AnyScenario, named: Iterable[Condition], levels: dict[str, list[str]]) -> Layout:
    bases = _bases(scenario, named, levels)
    rows = partial(product, *levels.values())
    return _combined(scenario, bases, levels, prod(map(len, levels.values())), rows)


def _bases(scenario: AnyScenario, named: Iterable[Condition], given: Iterable[str]) -> Conditions:
    """The named conditions without the factors that are given, each once."""
    found: Conditions = []
    for levels in named:
        base = {name: level for name, level in scenario.condition(levels).items() if name not in given}
        if base not in found:
            found.append(base)
    return found


def _combined(
    scenario: AnyScenario,
    bases: Conditions,
    factors: Iterable[str],
    runs: int,
    rows: Callable[[], Iterable[Sequence[str]]],
) -> Layout:
    """Every base under every row of levels. Made once, and not before its size was looked at."""

    @cache
    def made() -> Conditions:
        return [
            scenario.condition(base | dict(zip(factors, row, strict=True)))
            for base, row in product(bases, rows())
        ]

    return Layout(len(bases) * runs, lambda _: made())


# ---- one at a time -------------------------------------------------------------------------------------


def one_at_a_time(scenario: AnyScenario, levels: Levels) -> Conditions:
    """Each default condition, then each with another level of one of the given factors, or of any."""
    varied = levels or {factor.name: factor.levels for factor in scenario.factors}
    bases = [scenario.condition(base) for base in scenario.conditions.values()]
    changed = (base | {name: level} for base in bases for name, others in varied.items() for level in others)
    return _once([*bases, *changed])


def _once(conditions: Iterable[dict[str, str]]) -> Conditions:
    return list({tuple(condition.items()): condition for condition in conditions}.values())


# ---- randomised ----------------------------------------------------------------------------------------


def _randomised(scenario: AnyScenario, levels: dict[str, list[str]], design_seed: int) -> Layout:
    """Levels drawn by each seed, the same for all default conditions.

    What the default conditions are told apart by is not drawn. Draws of different factors have nothing to do
    with each other: another factor in the design, or another order of levels, changes none of them.
    """
    fixed = {name for named in scenario.conditions.values() for name in named}
    if taken := sorted(fixed & levels.keys()):
        raise UsageError(
            f"the design randomised can't draw {taken[0]} in scenario {scenario.name}",
            "its default conditions differ in it, and every seed is run under all of them",
            f"leave {taken[0]} out, or use the design full",
        )
    drawn = {
        factor.name: [level for level in factor.levels if not levels or level in levels[factor.name]]
        for factor in scenario.factors
        if factor.name not in fixed and (not levels or factor.name in levels)
    }
    bases = _bases(scenario, scenario.conditions.values(), drawn)

    def conditions(seed: int) -> Conditions:
        at = f"{design_seed}/{scenario.name}/{seed}"
        row = {name: _draw(f"{at}/{name}", choices) for name, choices in drawn.items()}
        return [scenario.condition(base | row) for base in bases]

    return Layout(len(bases), conditions)


def _draw(what: str, choices: Sequence[str]) -> str:
    number = int.from_bytes(hashlib.sha256(f"ulterior-design/{what}".encode()).digest()[:8])
    return choices[number * len(choices) >> 64]


# ---- fractional ----------------------------------------------------------------------------------------


def _fractional(scenario: AnyScenario, levels: dict[str, list[str]]) -> Layout:
    table = _fraction(scenario, levels)
    bases = _bases(scenario, scenario.conditions.values(), levels)

    def rows() -> Iterator[tuple[str, ...]]:
        for row in table.rows():
            yield tuple(choices[at] for choices, at in zip(levels.values(), row, strict=True))

    return _combined(scenario, bases, levels, table.size, rows)


def fractional_table(scenario: AnyScenario, factors: Levels) -> str:
    """The tables that ``fractional`` takes for these factors, with their resolution, for readers."""
    return _fraction(scenario, _chosen(scenario, factors)).name


def _fraction(scenario: AnyScenario, levels: dict[str, list[str]]) -> Fraction:
    try:
        return fraction([len(choices) for choices in levels.values()])
    except ValueError as error:
        raise UsageError(
            f"the design fractional can't hold the factors of scenario {scenario.name}",
            str(error),
            "give fewer factors, or fewer of their levels",
        ) from error
