"""Worker processes: portions of a study analysed beside each other, and what happens when one dies.

A worker writes what it finds into the study's tables as it goes, and hands back whole findings. When one is
killed (by hand, for want of memory, by an oracle that ends its process), the pool is broken and every
portion that has not come back is done again: those that may have been at work one episode at a time in a
process of its own, so that the one to blame is found. An episode whose process dies twice is left unscored
with that reason. Where no process can be started at all, the rest is analysed in this one.

Ctrl-C reaches the whole group of processes; workers leave it to their parent, who tells them to stop after
the episode they are at. They end by themselves when their parent is gone.
"""

import asyncio
import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from ulterior.analysis.case import LoadScenario
from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.findings import EpisodeAnalyst
from ulterior.analysis.judges.verdicts import JudgedBy
from ulterior.analysis.waiting import wait_for
from ulterior.analysis.work import Portion
from ulterior.traces import Study

__all__ = ["analyze_in_workers", "analyze_portion"]

_AHEAD = 3  # portions in the works for each worker

Rows = list[dict[str, Any]]


async def analyze_portion(
    analyst: EpisodeAnalyst, portion: Portion, stop: Callable[[], bool] = lambda: False
) -> list[EpisodeFinding]:
    """The findings about some episodes, in their order; those that were not begun before ``stop`` are
    left out."""
    slots = asyncio.Semaphore(portion.at_a_time)

    async def one(episode: str) -> EpisodeFinding | None:
        async with slots:
            return None if stop() else await analyst.analyze(episode)

    found = await asyncio.gather(*map(one, portion.episodes))
    return [finding for finding in found if finding is not None]


def analyze_in_workers(
    analyst: EpisodeAnalyst, portions: Sequence[Portion], workers: int, say: Callable[[str], None]
) -> Generator[EpisodeFinding]:
    """The findings about all portions, in their order."""
    waiting = deque(portions)
    crew = _Crew(analyst, workers)
    try:
        while waiting:
            try:
                yield from crew.work(waiting)
            except BrokenProcessPool:
                say("a worker process died; what it was at is analysed again, one episode at a time")
                suspects = [waiting.popleft() for _ in range(min(len(waiting), crew.ahead))]
                for episode in (episode for portion in suspects for episode in portion.episodes):
                    yield crew.alone(episode)
            if crew.gone:
                say("no worker process can be started; the rest is analysed in this one")
                while waiting:
                    yield from wait_for(analyze_portion(analyst, waiting.popleft()))
    finally:
        crew.close()


class _Crew:
    """The workers of one analysis: a pool of them, and one by itself for what may have broken the pool."""

    def __init__(self, analyst: EpisodeAnalyst, workers: int) -> None:
        self.ahead = workers * _AHEAD
        self.gone = False
        self._analyst = analyst
        self._workers = workers
        # A forked process would inherit threads' locks, and the event loop of whoever called us.
        self._context = multiprocessing.get_context("spawn")
        self._halt = self._context.Event()
        self._pool: ProcessPoolExecutor | None = None
        self._single: ProcessPoolExecutor | None = None

    def work(self, waiting: deque[Portion]) -> Iterator[EpisodeFinding]:
        """Analyse portions; one leaves ``waiting`` when its findings are there.

        Raises :class:`BrokenProcessPool` when a worker has died.
        """
        pool = self._pool = self._pool or self._open(self._workers)
        works: deque[Future[Rows]] = deque()
        try:
            while waiting:
                while len(works) < min(len(waiting), self.ahead):
                    works.append(_submit(pool, waiting[len(works)]))
                rows = works.popleft().result()
                waiting.popleft()
                yield from map(EpisodeFinding.model_validate, rows)
        except BrokenProcessPool:
            pool.shutdown()
            self._pool = None
            raise

    def alone(self, episode: str) -> EpisodeFinding:
        """The finding about one episode, analysed in a process that does nothing else meanwhile."""
        for _ in range(2):
            single = self._single = self._single or self._proven()
            if single is None:
                return wait_for(self._analyst.analyze(episode))
            try:
                (row,) = _submit(single, Portion((episode,))).result()
                return EpisodeFinding.model_validate(row)
            except BrokenProcessPool:
                single.shutdown()
                self._single = None
        return self._analyst.unjudged(episode, "the process that analysed it died twice")

    def _proven(self) -> ProcessPoolExecutor | None:
        """A single worker that is known to have started, or None where none can be."""
        single = None if self.gone else self._open(1)
        try:
            if single is not None:
                _submit(single, Portion(())).result()
        except BrokenProcessPool:
            self.gone = True
            return None
        return single

    def close(self) -> None:
        self._halt.set()
        for pool in (self._pool, self._single):
            if pool is not None:
                pool.shutdown(cancel_futures=True)

    def _open(self, workers: int) -> ProcessPoolExecutor:
        study = self._analyst.study
        about = (study.root, study.about, self._analyst.load, self._analyst.judged_by, self._halt)
        return ProcessPoolExecutor(workers, self._context, initializer=_begin, initargs=about)


def _submit(pool: ProcessPoolExecutor, portion: Portion) -> Future[Rows]:
    try:
        return pool.submit(_analyze, portion)
    except OSError as error:  # too many processes, too little memory
        raise BrokenProcessPool(str(error)) from error


# ---- In a worker -----------------------------------------------------------------------------------------

_desk: tuple[EpisodeAnalyst, Event, asyncio.Runner] | None = None
"""What this process works with, if it is a worker."""


def _begin(
    root: Path, about: dict[str, Any], load: LoadScenario, judged_by: JudgedBy | None, halt: Event
) -> None:
    global _desk
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.set_threshold(50_000, 20, 100)  # traces make many objects and few circles: a twentieth of the time
    _desk = EpisodeAnalyst(Study(root, about), load, judged_by), halt, asyncio.Runner()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # the queue that we wait at would never say that nobody fills it


def _analyze(portion: Portion) -> Rows:
    """Findings as plain values: these take a fraction of the time to hand over."""
    assert _desk is not None, "not a worker process"
    analyst, halt, runner = _desk
    found = runner.run(analyze_portion(analyst, portion, halt.is_set))
    return [finding.as_json() for finding in found]
