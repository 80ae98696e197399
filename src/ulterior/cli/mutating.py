"""``ulterior scenarios mutants``: would the planted agents notice a mistake in the oracle?

Every planted agent plays every named cell once. Then the stored traces are audited again with each mutant of
the oracle (:mod:`ulterior.scenarios.lint.mutation`), without a model, and a mutant is killed by the first
episode whose act or facts come out otherwise. Those that survive are equivalent or untested: somebody has
to read them. Lines that no episode runs are told apart, since nothing could have killed those.

An audit that takes longer than :data:`PATIENCE` seconds has got lost in a loop, and counts as different.
"""

import random
import signal
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from ulterior.analysis.audit import AuditRow, audit
from ulterior.analysis.case import Case, Unscored, open_case
from ulterior.cli.playing import Part, play
from ulterior.errors import ScenarioError
from ulterior.scenarios import AnyScenario
from ulterior.scenarios.lint.mutation import Mutant, in_place, mutants_of, oracle_modules
from ulterior.scenarios.lint.remembering import RememberingLaboratory
from ulterior.scenarios.lint.visible import Views
from ulterior.traces import Frozen, Study

__all__ = ["PATIENCE", "Mutated", "Survivor", "mutate", "mutation_text"]

PATIENCE = 30
"""Seconds that one audit may take."""

Found = tuple[str, tuple[tuple[str, bool], ...]]
"""What a mutant is compared by: the act and the facts."""

Line = tuple[str, int]


class Survivor(Frozen):
    """A mutant that no episode killed; ``reached`` by as many of them."""

    where: str
    function: str
    change: str
    reached: int


class Mutated(Frozen):
    """What became of the mutants of one scenario's oracle."""

    scenario: str
    episodes: int
    mutants: int
    killed: int
    survivors: tuple[Survivor, ...]


async def mutate(
    name: str, scenario: AnyScenario, seeds: int = 1, limit: int | None = None, all_levels: bool = False
) -> Mutated:
    """Try the mutants of a scenario's oracle, or ``limit`` of them, the same ones every time.

    With ``all_levels`` agents play the primary cell under every other level of one factor, too. Raises
    :class:`ScenarioError` when there is nothing to mutate, or the oracle as it is doesn't judge.
    """
    modules = oracle_modules(scenario)
    mutants = [mutant for module in modules for mutant in mutants_of(module)]
    if not mutants:
        raise ScenarioError(
            f"scenario {name!r} has no oracle that could be mutated",
            "it is in no module of the scenario's own, or decides nothing by conditions",
            "put what decides into oracle.py",
        )
    if limit is not None and limit < len(mutants):
        chosen = random.Random(f"mutants of {name}").sample(range(len(mutants)), limit)
        mutants = [mutants[position] for position in sorted(chosen)]
    cases = await _cases(name, scenario, seeds, all_levels)
    laboratory = RememberingLaboratory()
    files = frozenset(str(module.__file__) for module in modules)
    base: list[tuple[Found, frozenset[Line]]] = []
    for case in cases:
        with _watched(files) as lines:
            found = await _found(case, laboratory)
        if found[0] == "unscored":
            raise ScenarioError(
                f"the oracle of {name!r} doesn't judge its own planted agents", found[1][0][0]
            )
        base.append((found, frozenset(lines)))
    kills: Counter[int] = Counter()
    survivors: list[Survivor] = []
    for mutant in mutants:
        reaching = [at for at, (_, lines) in enumerate(base) if _reaches(mutant, lines)]
        killer = await _killer(mutant, sorted(reaching, key=lambda at: -kills[at]), cases, base, laboratory)
        if killer is None:
            survivors.append(
                Survivor(
                    where=mutant.where, function=mutant.function, change=mutant.change, reached=len(reaching)
                )
            )
        else:
            kills[killer] += 1
    killed = len(mutants) - len(survivors)
    return Mutated(
        scenario=name, episodes=len(cases), mutants=len(mutants), killed=killed, survivors=tuple(survivors)
    )


async def _cases(name: str, scenario: AnyScenario, seeds: int, all_levels: bool) -> list[Case]:
    cells = dict(scenario.cells)
    if all_levels:
        cells |= {f"{factor}={level}": cell for factor, level, cell in Views(scenario).neighbours()}
    parts: dict[str, Part] = {}
    for cell, condition in cells.items():
        for playbook in scenario.playbooks:
            for seed in range(seeds):
                parts.setdefault(
                    f"{playbook} {seed} {sorted(condition.items())}", Part(playbook, cell, condition, seed)
                )
    cases: list[Case] = []
    with tempfile.TemporaryDirectory(prefix="ulterior-mutants-") as folder:
        for played in await play(scenario, parts.values(), Study.create(Path(folder), {})):
            case = open_case(played.trace, scenario) if played.trace else Unscored(played.why)
            if isinstance(case, Unscored):
                raise ScenarioError(f"{name!r} can't be played: {played.part.where}", case.reason)
            cases.append(case)
    return cases


async def _killer(
    mutant: Mutant,
    order: Iterable[int],
    cases: list[Case],
    base: list[tuple[Found, frozenset[Line]]],
    laboratory: RememberingLaboratory,
) -> int | None:
    """The first episode that tells the mutant from the oracle."""
    with in_place(mutant):
        for at in order:
            if await _found(cases[at], laboratory) != base[at][0]:
                return at
    return None


async def _found(case: Case, laboratory: RememberingLaboratory) -> Found:
    with _patience():
        row: AuditRow | Unscored = await audit(case, laboratory)
    if isinstance(row, Unscored):
        return "unscored", ((row.reason, False),)
    return row.act, tuple(sorted(row.facts.items()))


def _reaches(mutant: Mutant, lines: frozenset[Line]) -> bool:
    return not mutant.lines or any((mutant.path, line) in lines for line in mutant.lines)


@contextmanager
def _watched(files: frozenset[str]) -> Generator[set[Line]]:
    """The lines of some files that run in the block."""
    lines: set[Line] = set()

    def line(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            lines.add((frame.f_code.co_filename, frame.f_lineno))
        return line

    def call(frame: FrameType, event: str, argument: Any) -> Any:
        return line if frame.f_code.co_filename in files else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        yield lines
    finally:
        sys.settrace(before)


class _LostPatience(Exception):
    pass


@contextmanager
def _patience() -> Generator[None]:
    """Ends what takes too long by an exception. Only the main thread can; elsewhere nothing is ended."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: Any) -> None:
        raise _LostPatience(f"it took longer than {PATIENCE} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def mutation_text(mutated: Iterable[Mutated]) -> Iterator[str]:
    """What became of the mutants, in lines; survivors by whether anything ran them."""
    for each in mutated:
        yield f"{each.scenario}: {each.killed} of {each.mutants} mutants killed by {each.episodes} episodes"
        for title, reached in (("equivalent or untested", True), ("run by no episode", False)):
            found = [survivor for survivor in each.survivors if bool(survivor.reached) == reached]
            if found:
                yield f"  {title}:"
                yield from (f"    {one.where}  {one.function}: {one.change}" for one in found)
