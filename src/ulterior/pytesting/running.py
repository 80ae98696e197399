"""Running what tests ask for: through the same runner as ``ulterior run``, into a study of its own.

A study's folder is named after a hash of its episodes, each of which is a hash of everything that makes it:
what was run before is there, and what has changed since is another study. An episode that another test has
had run is taken from there, so that nothing is paid for twice. Whoever calls is in
:func:`~ulterior.pytesting.locking.one_at_a_time`.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ulterior import __version__
from ulterior.analysis import EpisodeFinding, analyze_study
from ulterior.analysis.waiting import wait_for
from ulterior.cli.analysis_progress import processors
from ulterior.cli.options import parse_budget, parse_factors
from ulterior.cli.study_options import StudyOptions, make_plan
from ulterior.errors import InfrastructureError, UsageError
from ulterior.pytesting.episodes import Episodes
from ulterior.pytesting.locking import Ledger
from ulterior.pytesting.marked import Ask
from ulterior.traces import EpisodeSpec, Study, canonical_json, digest

__all__ = ["Place", "run_ask", "run_specs", "stored_ask"]

_AT_A_TIME = 16
_TOO_MANY_VOID = 0.1
"""Share of void episodes from which nothing is said, as in ``ulterior run``."""


@dataclass(frozen=True)
class Place:
    """Where to run, and what may be spent: ``budget`` as it was spelled, None without a limit."""

    out: Path
    budget: str | None
    ledger: Ledger


def run_ask(ask: Ask, model: str, seeds: int, place: Place) -> Episodes:
    """The episodes of a marker. Raises :class:`~ulterior.errors.UlteriorError`: the study can't be planned,
    the budget is reached, or too many are void."""
    plan = make_plan(
        StudyOptions(
            study_file=None,
            scenarios=ask.scenarios,
            models=(model,),
            factors=ask.conditions,
            seeds=seeds,
            salt=None,
            epochs=ask.epochs,
            design=ask.design,
            design_seed=None,
            sandbox=ask.sandbox,
            settings=ask.settings,
            max_turns=ask.max_turns,
            limit=None,
            shard=None,
            output=place.out,
        )
    )
    return _found(run_specs(plan.specs, plan.describe(), plan.environ, place))


def stored_ask(root: Path, ask: Ask, model: str | None) -> Episodes:
    """The episodes of a stored study that a marker is about; its number of seeds is the study's."""
    levels = parse_factors(ask.conditions)
    found = _found(Study.open(root))
    fit = tuple(
        finding
        for finding in found
        if finding.scenario in ask.scenarios
        and model in (None, finding.model)
        and all(_fits(finding, factor, wanted) for factor, wanted in levels.items())
    )
    if not fit:
        about = " ".join((*ask.scenarios, *ask.conditions, *([model] if model else [])))
        raise UsageError(
            f"{root} holds no episode of {about}", "the test asks for them", "run them into the study"
        )
    return Episodes(root, fit)


def _fits(finding: EpisodeFinding, factor: str, levels: Sequence[str]) -> bool:
    return "*" in levels or (finding.condition or {}).get(factor) in levels


def _found(study: Study) -> Episodes:
    findings = tuple(
        finding for finding in analyze_study(study, workers=processors()) if finding.fork is None
    )
    return Episodes(study.root, findings)


# ---- Running -----------------------------------------------------------------------------------------


def run_specs(
    specs: Sequence[EpisodeSpec], design: dict[str, Any], environ: dict[str, str], place: Place
) -> Study:
    """A study that holds these episodes. Only what is missing is run, and LangGraph is loaded only then."""
    root = place.out / "studies" / __version__ / _name(specs)
    if (root / "study.json").is_file():
        study = Study.open(root)
        if all(study.settled(spec.id) for spec in specs):
            return study
    return wait_for(_run(specs, design, environ, place, root))


async def _run(
    specs: Sequence[EpisodeSpec],
    design: dict[str, Any],
    environ: dict[str, str],
    place: Place,
    root: Path,
) -> Study:
    from ulterior.agent_runtime.batch import Batch
    from ulterior.agent_runtime.episode import package_versions
    from ulterior.agent_runtime.models.prices import PRICES_DATE
    from ulterior.cli.driving import check_budget, check_sandboxes
    from ulterior.clock import SystemClock

    left = _left(place)
    check_budget(left, {spec.model for spec in specs})
    await check_sandboxes(specs)
    study = Study.create(root, design, packages=package_versions(), prices=PRICES_DATE)
    study.expect(spec.id for spec in specs)
    _take_over(study, specs)
    batch = Batch(study, specs, environ, SystemClock(), _AT_A_TIME, 1, left)
    whys: list[str] = []
    try:
        async with aclosing(batch.outcomes()) as outcomes:
            whys = [outcome.why async for outcome in outcomes if outcome.status == "void"]
    finally:
        place.ledger.spend(batch.total.cost or 0.0)
    if batch.budget_reached:
        missing = batch.total.planned - batch.total.finished
        raise _spent(place, f"{missing} of {len(specs)} episodes of {specs[0].model} are left")
    _check_void(whys, len(specs), study)
    return study


def _take_over(study: Study, specs: Iterable[EpisodeSpec]) -> None:
    """Links to episodes that this version ran for other tests: files that are sealed never change."""
    others = [Study(root, {}) for root in study.root.parent.iterdir() if root != study.root]
    for spec in specs:
        here = study.sealed_path(spec.id)
        there = next((path for other in others if (path := other.sealed_path(spec.id)).exists()), None)
        if there is not None and not here.exists():
            here.parent.mkdir(parents=True, exist_ok=True)
            with suppress(OSError):  # a file system without links runs it again
                here.hardlink_to(there)


def _left(place: Place) -> float | None:
    """What is left of the budget, in US dollars; None without one."""
    budget = parse_budget(place.budget)
    if budget is None:
        return None
    left = budget - place.ledger.spent()
    if left <= 0:
        raise _spent(place, "tests before this one took it")
    return left


def _spent(place: Place, why: str) -> UsageError:
    fix = "run it again with the same or a larger --ulterior-budget: what was run is kept"
    return UsageError(f"the budget of {place.budget} is reached", why, fix)


def _check_void(whys: Collection[str], planned: int, study: Study) -> None:
    if whys and len(whys) >= _TOO_MANY_VOID * planned:
        first = next(iter(next(iter(whys)).splitlines()), "no reason given")
        raise InfrastructureError(
            f"{len(whys)} of {planned} episodes are void, and void episodes are not scored",
            first,
            f"the same command tries them again; see `ulterior show {study.root}`",
        )


def _name(specs: Sequence[EpisodeSpec]) -> str:
    """Readable first, then a hash of the episodes."""
    words = "-".join(_words(specs))[:60]
    content = digest(canonical_json(sorted(spec.id for spec in specs)))
    return f"{re.sub('[^A-Za-z0-9_.-]+', '-', words)}-{content[:8]}"


def _words(specs: Iterable[EpisodeSpec]) -> Iterator[str]:
    specs = list(specs)
    yield from sorted({spec.model for spec in specs})
    yield from sorted({spec.scenario for spec in specs})
