"""From a study to findings: all its episodes, in this process or in several, with little memory.

Findings come one by one and nothing of an episode is kept once its finding was handed on, so memory stays
the same however many episodes a study has, but for a few hundred bytes that say where each stands.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from typing import Literal

from ulterior.analysis.case import LoadScenario
from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.findings import EpisodeAnalyst
from ulterior.analysis.judges.verdicts import JudgedBy
from ulterior.analysis.spool import in_table_order
from ulterior.analysis.waiting import wait_for
from ulterior.analysis.work import Portion, plan_work
from ulterior.analysis.workers import analyze_in_workers, analyze_portion
from ulterior.scenarios import load_scenario
from ulterior.traces import Study, Trace

__all__ = ["Order", "Progress", "Say", "analyze_study", "finding_of", "iter_findings"]

Progress = Callable[[int, int], None]
"""Told after every episode how many are done, of how many."""

Say = Callable[[str], None]
"""Told what went wrong beside the episodes, in a line for people."""

Order = Literal["work", "table"]
"""``work`` is the order in which findings come about, grouped by instance; ``table`` that of tables, by
scenario, model, condition and seed, for which all of them have to be there first."""

_WORTH = 100  # fresh episodes for which another process is worth the second that it takes to start


def iter_findings(
    study: Study,
    *,
    order: Order = "work",
    workers: int = 1,
    progress: Progress | None = None,
    say: Say | None = None,
    load: LoadScenario = load_scenario,
    judged_by: JudgedBy | None = None,
) -> Generator[EpisodeFinding]:
    """The findings about all episodes of a study that have begun, one by one.

    Both orders are the same for every number of ``workers``. More than one of them are started only where
    enough episodes are new; ``load`` must then be something that can be pickled, and the program's main
    module something that can be imported. Stopping early stops the workers.

    ``judged_by`` says whose stored judgements to use instead of the word rules. Raises
    :class:`~ulterior.errors.UsageError` when there are none, before anything is analysed.
    """
    analyst = EpisodeAnalyst(study, load, judged_by)
    work = plan_work(analyst)
    crew = min(workers, work.fresh // _WORTH)
    if crew > 1:
        found = analyze_in_workers(analyst, work.portions, crew, say or _unheard)
    else:
        found = _analyze_here(analyst, work.portions)
    with closing(found):
        counted = _counted(found, work.total, progress)
        yield from in_table_order(counted) if order == "table" else counted


def analyze_study(
    study: Study,
    progress: Progress | None = None,
    load: LoadScenario = load_scenario,
    *,
    workers: int = 1,
    say: Say | None = None,
    judged_by: JudgedBy | None = None,
) -> list[EpisodeFinding]:
    """All findings of a study at once, in table order: for what needs them all in memory.

    Blocks until they are there, also when it is called from within a running event loop.
    """
    found = iter_findings(study, workers=workers, progress=progress, say=say, load=load, judged_by=judged_by)
    return sorted(found, key=lambda finding: finding.order)


def finding_of(study: Study, trace: Trace, load: LoadScenario = load_scenario) -> EpisodeFinding:
    """The finding about one stored trace."""
    return wait_for(EpisodeAnalyst(study, load).analyze(trace.path.name.partition(".")[0]))


def _analyze_here(analyst: EpisodeAnalyst, portions: Sequence[Portion]) -> Generator[EpisodeFinding]:
    for portion in portions:
        yield from wait_for(analyze_portion(analyst, portion))


def _counted(
    found: Iterator[EpisodeFinding], total: int, progress: Progress | None
) -> Iterator[EpisodeFinding]:
    for done, finding in enumerate(found, 1):
        if progress is not None:
            progress(done, total)
        yield finding


def _unheard(_: str) -> None:
    """For those who need no messages."""
