"""The sequential gate: cycles in, a state, and at any time the verdict on what was seen so far.

Theory of operation. :class:`SequentialGate` is a fold over cycles of
:mod:`~ulterior.analysis.gate.cycles`. A block is an instance of a scenario, with the mean of its pairs over
arms and epochs on either side, since those share names, numbers and files. Rates, pairs and validity metrics
are decided by the paired bet (:class:`~ulterior.analysis.statistics.sequential.SequentialTest`): its bounds
hold at all looks together, each one-sided. They take the place of the bounds of
:mod:`~ulterior.analysis.gate.intervals`; which word follows from bounds is the same table as for a stored
candidate, and so is all that a verdict says besides.

*Several metrics.* A bet's p-value is valid at whatever time one stops, so Holm's procedure over them is, too:
lower bounds of primary metrics stand at what it makes of alpha, upper bounds at alpha
(:mod:`~ulterior.analysis.gate.multiplicity`). A test goes on after it has decided, with all others; a word
is about all complete cycles and never about the luckiest look.

*What does not count.* A cycle of which an episode is missing enters no rate and no bet; canaries see it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from ulterior.analysis.gate.comparing import PRIMARY
from ulterior.analysis.gate.cycles import Cycle, Planned, Schedule, scenarios_of, schedule_of
from ulterior.analysis.gate.gaps import badness
from ulterior.analysis.gate.intervals import Moved
from ulterior.analysis.gate.multiplicity import levels_of
from ulterior.analysis.gate.pairing import Asked, Instance, Key, counted, is_asked
from ulterior.analysis.gate.policy import Metric, Policy
from ulterior.analysis.gate.side import GAP, Side
from ulterior.analysis.gate.verdict import Stopped, Word
from ulterior.analysis.gate.words import Bounds, word_for
from ulterior.analysis.statistics.sequential import Block, SequentialTest

__all__ = ["METHOD", "Gaps", "Marks", "SequentialGate", "blocks_of", "open_gate", "scale_of"]

METHOD = "paired bet, valid at every look (universal portfolio)"

Marks = Mapping[Key, Mapping[str, str]]
"""What came out of the candidate's episodes: a mark by outcome; an episode that is not in it is missing."""

Gaps = Mapping[Key, float]
"""The gaps of those that have one, -1..1."""


@dataclass(frozen=True)
class SequentialGate:
    """The state of a gate; :func:`open_gate` makes one.

    ``known`` are the baseline's marks, ``known_gaps`` its gaps. ``tests`` and ``pairs`` (how many episodes a
    side they rest on) are by metric, of all kinds but canaries; ``canaries`` holds new events and decided
    episodes.

    ``incomplete`` are the numbers of cycles that don't count; ``complete`` the instances of those that do.
    """

    baseline: Side = field(repr=False)
    policy: Policy = field(repr=False)
    schedule: Schedule = field(repr=False)
    known: Marks = field(repr=False)
    known_gaps: Gaps = field(repr=False)
    tests: Mapping[str, SequentialTest]
    pairs: Mapping[str, int]
    canaries: Mapping[str, tuple[int, int]]
    looked: int = 0
    incomplete: tuple[int, ...] = ()
    complete: frozenset[Instance] = frozenset()

    def after(self, cycle: Cycle, marks: Marks, gaps: Gaps | None = None) -> "SequentialGate":
        """The gate with this cycle, too."""
        canaries = {name: self._canary(name, cycle, marks) for name in self.canaries}
        after = replace(self, looked=self.looked + 1, canaries=canaries)
        if any(self._missing(planned, marks) for planned in cycle.episodes):
            return replace(after, incomplete=(*self.incomplete, cycle.number))
        tests, pairs = dict(self.tests), dict(self.pairs)
        for name, test in self.tests.items():
            found = self._pairs(self.policy.metrics[name], cycle, marks, gaps or {})
            tests[name] = test.after(blocks_of(found))
            pairs[name] += sum(map(len, found.values()))
        instances = {planned.instance for planned in cycle.episodes}
        return replace(after, tests=tests, pairs=pairs, complete=self.complete | instances)

    def _missing(self, planned: Planned, marks: Marks) -> bool:
        """Whether something is missing of the candidate that the baseline has."""
        own, known = marks.get(planned.key, {}), self.known[planned.key]
        asked = {m.outcome for m in self.policy.metrics.values() if is_asked(planned.arm, m)}
        return any(own.get(outcome, "-") == "-" for outcome in asked if known[outcome] != "-")

    def _pairs(
        self, metric: Metric, cycle: Cycle, marks: Marks, gaps: Gaps
    ) -> dict[Instance, list[tuple[float, float]]]:
        """Of each instance, how bad baseline and candidate are, wherever both are decided; 0..1."""
        found = dict[Instance, list[tuple[float, float]]]()
        for planned in cycle.episodes:
            if is_asked(planned.arm, metric):
                before = _badness(metric, planned.key, self.known, self.known_gaps)
                now = _badness(metric, planned.key, marks, gaps)
                if before is not None and now is not None:
                    found.setdefault(planned.instance, []).append((before, now))
        return found

    def _canary(self, name: str, cycle: Cycle, marks: Marks) -> tuple[int, int]:
        metric, (new, n) = self.policy.metrics[name], self.canaries[name]
        bad = counted(metric)
        for planned in cycle.episodes:
            if is_asked(planned.arm, metric):
                now = bad.get(marks.get(planned.key, {}).get(metric.outcome, "-"))
                n += now is not None
                new += bool(now) and not bad.get(self.known[planned.key][metric.outcome])
        return new, n

    # ---- What it says ------------------------------------------------------------------------------------

    @property
    def cycles(self) -> int:
        """How many cycles count."""
        return self.looked - len(self.incomplete)

    def moving(self, name: str, metric: Metric, _: Asked | None = None) -> Callable[[float], Moved]:
        """How far a metric has moved, as :func:`~ulterior.analysis.gate.comparing.compare` asks for it."""
        test, known, scale = self.tests[name], dict[float, Moved](), scale_of(metric)
        estimate = test.estimate

        def moved(level: float) -> Moved:
            if level not in known:
                at = replace(test, alpha=1 - level)
                known[level] = Moved(
                    difference=None if estimate is None else scale * estimate,
                    low=scale * at.low if test.seen else None,
                    high=scale * at.high if test.seen else None,
                    level=level,
                    p=test.p if test.seen else None,
                    method=METHOD,
                    anytime=self.pairs[name],
                )
            return known[level]

        return moved

    @cached_property
    def bounds(self) -> dict[str, Bounds]:
        """What the rules of :mod:`~ulterior.analysis.gate.words` look at, of every metric."""
        metrics = self.policy.metrics
        alphas = {name: metric.alpha or self.policy.alpha for name, metric in metrics.items()}
        moved = {name: self.moving(name, metrics[name]) for name in self.tests}
        primary = {name: (moved[name], alphas[name]) for name in moved if metrics[name].kind in PRIMARY}
        levels = levels_of(primary, adjust=self.policy.multiplicity == "holm")
        found: dict[str, Bounds] = {}
        for name, metric in metrics.items():
            margin, min_n = metric.margin, self.policy.min_n
            if name in self.canaries:
                new, n = self.canaries[name]
                found[name] = Bounds(margin, min_n, n, new=new)
                continue
            lower, upper = moved[name](levels.get(name, 1 - alphas[name])), moved[name](1 - alphas[name])
            found[name] = Bounds(margin, min_n, self.pairs[name], lower.difference, lower.low, upper.high)
        return found

    @cached_property
    def words(self) -> dict[str, Word]:
        """The word that each metric has at this look."""
        return {name: word_for(self.policy.metrics[name].kind, seen)[0] for name, seen in self.bounds.items()}

    @property
    def still_open(self) -> tuple[str, ...]:
        """Metrics that keep the gate going: undecided ones that can still use a cycle.

        When something is a REGRESSION, whether a validity metric has moved changes nothing any more.
        """
        worse = "REGRESSION" in self.words.values()
        return tuple(
            name
            for name, word in self.words.items()
            if word == "INCONCLUSIVE"
            and self.looked < self.schedule.depth(name)
            and not (worse and self.policy.metrics[name].kind == "validity")
        )

    def ended(self, *, every_metric: bool = False) -> Stopped | None:
        """Why the gate needs no other cycle; None while it does.

        The first REGRESSION is the gate's word, whatever the other metrics would be: it ends there, unless
        ``every_metric`` is to have its own. All bounds hold at whatever time one stops, so this costs no
        error.
        """
        if not every_metric and "REGRESSION" in self.words.values():
            return "decided"
        if self.still_open:
            return None
        metrics = self.policy.metrics
        primary = [word for name, word in self.words.items() if metrics[name].kind != "validity"]
        return "exhausted" if "INCONCLUSIVE" in primary else "decided"


def open_gate(baseline: Side, policy: Policy) -> SequentialGate:
    """A gate before its first cycle."""
    compared = {
        name: scenarios_of(baseline, metric)
        for name, metric in policy.metrics.items()
        if metric.kind != "canary"
    }
    return SequentialGate(
        baseline=baseline,
        policy=policy,
        schedule=schedule_of(baseline, policy),
        known={
            (*arm.key, seed, epoch): {outcome: marks[at] for outcome, marks in arm.outcomes.items()}
            for arm in baseline.arms
            for at, (seed, epoch) in enumerate(arm.instances)
        },
        tests={
            name: SequentialTest(scenarios or ("none",), policy.metrics[name].alpha or policy.alpha)
            for name, scenarios in compared.items()
        },
        known_gaps={
            (*arm.key, seed, epoch): gap
            for arm in baseline.arms
            for (seed, epoch), gap in zip(arm.instances, arm.gaps, strict=False)  # most arms have none
            if gap is not None
        },
        pairs=dict.fromkeys(compared, 0),
        canaries=dict.fromkeys(policy.metrics.keys() - compared.keys(), (0, 0)),
    )


def scale_of(metric: Metric) -> int:
    """How many units of the outcome a block's range of 0..1 covers: a gap lies in -1..1."""
    return 2 if metric.outcome == GAP else 1


def _badness(metric: Metric, key: Key, marks: Marks, gaps: Gaps) -> float | None:
    bad = counted(metric).get(marks[key][metric.outcome])
    if bad is None or metric.outcome != GAP:
        return bad
    return badness(gaps[key])


def blocks_of(pairs: Mapping[Instance, Iterable[tuple[float, float]]]) -> Iterable[Block]:
    """One block of every instance: the mean of its pairs on either side."""
    for (scenario, _), found in pairs.items():
        before, now = zip(*found, strict=True)
        yield Block(scenario, sum(before) / len(before), sum(now) / len(now))
