"""Running a gate's cycles, one after the other: a batch, its findings, a look, and whether to stop.

The study's folder holds everything. An episode that is sealed is not run again, so running a gate again folds
the same cycles in the same order, and ends at the same look with the same words.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path

import click

from ulterior.agent_runtime.batch import Batch
from ulterior.agent_runtime.episode import Outcome, package_versions
from ulterior.agent_runtime.executors import Drain
from ulterior.agent_runtime.models.prices import PRICES_DATE
from ulterior.analysis import EpisodeAnalyst, EpisodeFinding
from ulterior.analysis.gate.cycles import Cycle
from ulterior.analysis.gate.looking import seen_in
from ulterior.analysis.gate.pairing import Key
from ulterior.analysis.gate.sentences import points
from ulterior.analysis.gate.sequentially import SequentialGate
from ulterior.analysis.gate.verdict import Stopped
from ulterior.analysis.visible import one_line, visible
from ulterior.cli.driving import drain_on_interrupt
from ulterior.clock import SystemClock
from ulterior.errors import InfrastructureError
from ulterior.traces import EpisodeSpec, Study, read_summary

__all__ = ["Run", "Runner"]

_IN_A_ROW = 3
"""Incomplete cycles after which it is no accident any more."""


@dataclass
class Run:
    """What came of it. ``spent`` is in US dollars, over all runs into this folder; None when unknown.
    ``episodes`` are the ids of all that the gate has looked at, ``findings`` what is known of them."""

    study: Study
    gate: SequentialGate
    findings: Sequence[EpisodeFinding]
    episodes: frozenset[str]
    stopped: Stopped
    spent: float | None


@dataclass
class Runner:
    """Runs ``at_once`` cycles at a time, with ``slots`` episodes in parallel, until something stops it.

    ``specs`` are by the number of the cycle; cycles without are not run. ``budget`` is in US dollars, for all
    runs into this folder together. ``every_metric``: a REGRESSION is not enough.
    """

    root: Path
    model: str
    gate: SequentialGate
    specs: Mapping[int, tuple[EpisodeSpec, ...]]
    environ: Mapping[str, str]
    budget: float | None
    slots: int
    at_once: int
    every_metric: bool
    drain: Drain = field(default_factory=Drain)
    findings: dict[str, EpisodeFinding] = field(default_factory=dict[str, EpisodeFinding], init=False)
    looked_at: set[str] = field(default_factory=set[str], init=False)
    spent: float | None = field(default=0.0, init=False)

    async def run(self) -> Run:
        """Run until the gate is decided, the budget or the baseline's instances end, or it is drained.

        Raises :class:`~ulterior.errors.InfrastructureError` when cycles in a row are void.
        """
        study = Study.create(self.root, self._design(), packages=package_versions(), prices=PRICES_DATE)
        self._study, self._analyst = study, EpisodeAnalyst(study)
        drain_on_interrupt(self.drain.set, _say)
        stopped = await self._until_stopped()
        findings, episodes = list(self.findings.values()), frozenset(self.looked_at)
        return Run(study, self.gate, findings, episodes, stopped, self.spent)

    async def _until_stopped(self) -> Stopped:
        for group in self._groups():
            if self._too_dear(len(group)):
                return "budget"
            reached = await self._execute([spec for cycle in group for spec in self.specs[cycle.number]])
            if self.drain.is_set() and not reached:
                return "running"
            for cycle in group:
                await self.look(cycle, cut_short=reached)
            self.tell(group[-1])
            ended = self.gate.ended(every_metric=self.every_metric)
            if reached and ended != "decided":
                return "budget"
            if ended is not None:
                return ended
            self._give_up_on_failures()
        return "exhausted"

    def _groups(self) -> Iterator[tuple[Cycle, ...]]:
        cycles = [cycle for cycle in self.gate.schedule.cycles if cycle.number in self.specs]
        for at in range(0, len(cycles), self.at_once):
            yield tuple(cycles[at : at + self.at_once])

    def _too_dear(self, cycles: int) -> bool:
        """Whether what comes next would not fit into the budget, if it costs what came before."""
        if self.budget is None or self.spent is None:
            return False
        each = self.spent / self.gate.looked if self.gate.looked else 0.0
        return self.spent >= self.budget or self.spent + each * cycles > self.budget

    async def _execute(self, specs: Sequence[EpisodeSpec]) -> bool:
        """Run what is missing, and what was void once more; whether the budget ended in between."""
        self._study.expect(spec.id for spec in specs)
        for _ in range(2):
            missing = [spec for spec in specs if not self._study.settled(spec.id)]
            if not missing or self.drain.is_set():
                break
            if await self._batch(missing, self._left(specs)):
                return True
        return False

    def _left(self, specs: Sequence[EpisodeSpec]) -> float | None:
        """What may still be spent, after those of these episodes that are there already."""
        if self.budget is None:
            return None
        paths = [self._study.sealed_path(spec.id) for spec in specs if self._study.is_sealed(spec.id)]
        return self.budget - (self.spent or 0.0) - sum(read_summary(path).cost or 0.0 for path in paths)

    async def _batch(self, specs: Sequence[EpisodeSpec], left: float | None) -> bool:
        if left is not None and left <= 0:
            return True
        batch = Batch(
            self._study, specs, self.environ, SystemClock(), self.slots, budget=left, drain=self.drain
        )
        async with aclosing(batch.outcomes()) as outcomes:
            async for outcome in outcomes:
                if outcome.status == "void":
                    _say(_failure(outcome))
                    self._pay(outcome.cost)
        return batch.budget_reached

    async def look(self, cycle: Cycle, *, cut_short: bool) -> None:
        """Take a cycle into the gate. Of one that the budget has cut short, what was not begun is nobody's
        failure and is not missing."""
        found: dict[Key, EpisodeFinding] = {}
        for planned, spec in zip(cycle.episodes, self.specs[cycle.number], strict=True):
            if not self._study.is_sealed(spec.id):
                self.looked_at |= set() if cut_short else {spec.id}
                continue
            finding = await self._analyst.analyze(spec.id)
            self.looked_at.add(spec.id)
            self.findings[spec.id] = finding
            self._pay(finding.cost)
            found[planned.key] = finding
        self.gate = self.gate.after(cycle, *seen_in(cycle, found))

    def _pay(self, cost: float | None) -> None:
        if self.budget is not None:  # then all prices are known; what can't be read must not end the counting
            cost = cost or 0.0
        self.spent = None if self.spent is None or cost is None else self.spent + cost

    def _give_up_on_failures(self) -> None:
        """Raises :class:`~ulterior.errors.InfrastructureError`: what comes next would fail as well."""
        last = self.gate.incomplete[-_IN_A_ROW:]
        if len(last) == _IN_A_ROW and last[-1] == self.gate.looked and last[0] == last[-1] - _IN_A_ROW + 1:
            raise InfrastructureError(
                f"the gate stopped after cycle {self.gate.looked}",
                f"{_IN_A_ROW} cycles in a row miss an episode; `ulterior show {self.root}` says why",
                "mend what fails; the same command goes on",
            )

    # ---- What is said and written --------------------------------------------------------------------

    def tell(self, cycle: Cycle) -> None:
        words, cost = self.gate.words, "unknown" if self.spent is None else f"${self.spent:.2f}"
        limit = "" if self.budget is None else f" of ${self.budget:.2f}"
        states = "; ".join(
            f"{one_line(name, 60)} {_range(bounds.low, bounds.high)}{words[name].lower()}"
            for name, bounds in self.gate.bounds.items()
        )
        _say(f"cycle {cycle.number} of {len(self.specs)}, {cost}{limit}: {states}")

    def _design(self) -> dict[str, object]:
        """As ``study.json`` records it: what a study's design holds, and that a gate chooses what is run."""
        first = next(iter(self.specs.values()))[0]
        specs = [spec for each in self.specs.values() for spec in each]
        return {
            "gate": {"baseline": self.gate.baseline.study, "baseline_model": self.gate.baseline.model},
            "scenarios": [{"name": name} for name in sorted({spec.scenario for spec in specs})],
            "models": [self.model],
            "seeds": sorted({spec.seed for spec in specs}),
            "epochs": 1 + max(spec.epoch for spec in specs),
            "sandbox": first.sandbox,
            "settings": first.settings,
        }


def _say(text: str) -> None:
    click.echo(text, err=True)


def _failure(outcome: Outcome) -> str:
    why = visible(outcome.why).splitlines()[0] if outcome.why else "no reason given"
    return one_line(
        f"void: {outcome.spec.scenario} seed {outcome.spec.seed} ({outcome.spec.id[:8]}): {why}", 1000
    )


def _range(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"[{points(low)}, {points(high)}] "
