"""The batch: a plan, a study to run it into, and a running account of how it goes."""

from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

from ulterior.agent_runtime.episode import Outcome
from ulterior.agent_runtime.executors import Drain, run_here, run_in_workers
from ulterior.clock import Clock
from ulterior.traces import EpisodeSpec, Study

__all__ = ["Batch", "Tally"]

Cell = tuple[str, str]


@dataclass
class Tally:
    """How one model does in one scenario so far. ``cost`` is in US dollars, None once a price is unknown."""

    planned: int = 0
    done: int = 0
    skipped: int = 0
    void: int = 0
    tokens: int = 0
    cost: float | None = 0.0
    flagged: int = 0

    @property
    def finished(self) -> int:
        return self.done + self.skipped + self.void

    def count(self, outcome: Outcome) -> None:
        """Take one outcome into account. A void episode has cost what it has cost."""
        self.done += outcome.status == "done"
        self.skipped += outcome.status == "skipped"
        self.void += outcome.status == "void"
        self.tokens += outcome.tokens
        self.cost = None if self.cost is None or outcome.cost is None else self.cost + outcome.cost


@dataclass
class Batch:
    """Runs the episodes of a plan that are missing in a study.

    ``budget`` (US dollars) counts what this run spends; once it is reached nothing new is started.
    ``tallies`` are by (model, scenario) and may be looked at any time.
    """

    study: Study
    specs: Sequence[EpisodeSpec]
    environ: Mapping[str, str]
    clock: Clock
    slots: int = 16
    workers: int = 1
    budget: float | None = None
    drain: Drain = field(default_factory=Drain)
    tallies: dict[Cell, Tally] = field(init=False)
    budget_reached: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.tallies = defaultdict(Tally)
        for spec in self.specs:
            self.tallies[spec.model, spec.scenario].planned += 1

    async def outcomes(self) -> AsyncGenerator[Outcome]:
        """Run, and yield what becomes of each episode as it is known."""
        missing: list[EpisodeSpec] = []
        for spec in self.specs:
            if self.study.settled(spec.id):
                yield self._count(Outcome(spec, "skipped", why="sealed before"))
            else:
                missing.append(spec)
        workers = min(self.workers, len(missing))
        runs = (
            run_in_workers(missing, self.slots, workers, self.study, self.environ, self.drain)
            if workers > 1
            else run_here(missing, self.slots, self.study, self.environ, self.clock, self.drain)
        )
        async with aclosing(runs):
            async for outcome in runs:
                yield self._count(outcome)

    def _count(self, outcome: Outcome) -> Outcome:
        self.tallies[outcome.spec.model, outcome.spec.scenario].count(outcome)
        if self.budget is not None and (self.total.cost or 0.0) >= self.budget:
            self.budget_reached = True
            self.drain.set()
        return outcome

    @property
    def total(self) -> Tally:
        """All cells together."""
        tallies = self.tallies.values()
        costs = [tally.cost for tally in tallies if tally.cost is not None]
        return Tally(
            planned=sum(tally.planned for tally in tallies),
            done=sum(tally.done for tally in tallies),
            skipped=sum(tally.skipped for tally in tallies),
            void=sum(tally.void for tally in tallies),
            tokens=sum(tally.tokens for tally in tallies),
            cost=sum(costs) if len(costs) == len(tallies) else None,
            flagged=sum(tally.flagged for tally in tallies),
        )
