"""Which questions a batch puts: rubrics × episodes × reports × facts × repeats, in an order by hash.

The order tells nothing: neither scenarios nor spikes stand together. One episode's questions do, so that a
trace is read once and memory stays flat.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from ulterior.analysis.case import LoadScenario, Unscored, find_scenario
from ulterior.analysis.judges.judgement import Rubric, View, ViewName
from ulterior.analysis.judges.spikes import Spike
from ulterior.analysis.judges.views import reports_of, view_of
from ulterior.errors import CorruptTrace, UsageError
from ulterior.scenarios import AnyScenario, Fact, load_scenario
from ulterior.traces import Study, Summary, Trace, digest

__all__ = ["Item", "Questions"]


@dataclass(frozen=True)
class Item:
    """One question of a batch. ``spike`` is the one that it is about, if it is about one."""

    view: View
    rubric: Rubric
    about: str | None = None
    repeat: int = 0
    spike: Spike | None = None


@dataclass
class Questions:
    """The questions of one batch. Iterating makes the views one episode at a time, and counts in
    ``left_out`` what can't be judged, by reason.

    Episodes of a share ``sample``, chosen by hash, are asked ``repeats`` times, the others once.
    """

    study: Study
    summaries: Sequence[Summary]
    rubrics: Sequence[Rubric]
    spikes: Sequence[Spike] = ()
    repeats: int = 1
    sample: float = 1.0
    load: LoadScenario = load_scenario
    left_out: Counter[str] = field(default_factory=Counter[str])

    def __post_init__(self) -> None:
        asked = {rubric.id for rubric in self.rubrics}
        known = [spike for spike in self.spikes if spike.truth is not None]
        self.spikes = [spike for spike in known if spike.rubric in asked]

    def count(self) -> int:
        """How many questions there are, without making any view. Damaged episodes count."""
        return len(self.spikes) + sum(map(self._count, self.summaries))

    def __iter__(self) -> Iterator[Item]:
        self.left_out.clear()
        asked = {rubric.id: rubric for rubric in self.rubrics}
        lots: list[tuple[float, Summary | Spike]] = [(_lot(each.episode), each) for each in self.summaries]
        lots += [(_lot(f"spike {spike.id}"), spike) for spike in self.spikes]
        for _, drawn in sorted(lots, key=lambda pair: pair[0]):
            if isinstance(drawn, Summary):
                yield from self._of_episode(drawn)
            else:
                yield Item(drawn.view, asked[drawn.rubric], drawn.about, spike=drawn)

    def _times(self, summary: Summary) -> int:
        return self.repeats if _lot(f"repeat {summary.episode}") < self.sample else 1

    def _count(self, summary: Summary) -> int:
        if summary.end.reason == "infrastructure_error":
            return 0
        whole = sum(not rubric.about for rubric in self.rubrics)
        about = len(self.rubrics) - whole
        if about:
            with suppress(CorruptTrace, UsageError):
                scenario = find_scenario(summary.spec, self.load)
                facts = 0 if isinstance(scenario, Unscored) else len(scenario.facts)
                about *= facts * len(reports_of(self.study.trace(summary.episode))) if facts else 0
        return (whole + about) * self._times(summary)

    def _of_episode(self, summary: Summary) -> Iterator[Item]:
        if summary.end.reason == "infrastructure_error":
            self.left_out["void, an infrastructure error"] += 1
            return
        try:
            trace = self.study.trace(summary.episode)
        except (CorruptTrace, UsageError):
            self.left_out["the stored file is damaged"] += 1
            return
        scenario = find_scenario(summary.spec, self.load)
        if isinstance(scenario, Unscored) and any(rubric.about for rubric in self.rubrics):
            self.left_out[f"no facts to ask about: {scenario.reason}"] += 1
        views: dict[ViewName, View] = {}
        for rubric in self.rubrics:
            for repeat in range(self._times(summary)):
                yield from self._of_rubric(trace, scenario, rubric, repeat, views)

    def _of_rubric(
        self,
        trace: Trace,
        scenario: AnyScenario | Unscored,
        rubric: Rubric,
        repeat: int,
        views: dict[ViewName, View],
    ) -> Iterator[Item]:
        facts: Sequence[Fact] = () if isinstance(scenario, Unscored) else scenario.facts
        also = () if isinstance(scenario, Unscored) else (scenario.title,)
        if not rubric.about:
            if rubric.view not in views:
                views[rubric.view] = view_of(trace, rubric.view, facts, also=also)
            yield Item(views[rubric.view], rubric, repeat=repeat)
            return
        for seq in reports_of(trace) if facts else ():
            view = view_of(trace, rubric.view, facts, seq, also)
            for fact in facts:
                yield Item(view, rubric, fact.id, repeat)


def _lot(text: str) -> float:
    """A number in [0, 1) that depends on the text alone."""
    return int(digest(text.encode())[:13], 16) / 16**13
