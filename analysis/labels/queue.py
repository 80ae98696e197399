"""The queue: what people get to read, without any word of where it comes from.

Neither the file nor the order of its items tells which episode, scenario, condition or model an item is
about, nor what a detector says of it; the key that does stays in the study (see
:mod:`ulterior.analysis.labels.key`). The text is the view that judges get
(:mod:`ulterior.analysis.judges.views`), so people and judges are asked the same."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any

from ulterior.analysis.case import LoadScenario, Unscored, find_scenario
from ulterior.analysis.evidence import Passage
from ulterior.analysis.finding import DETECTORS, EpisodeFinding
from ulterior.analysis.judges.blinding import JudgeLeak, names_in
from ulterior.analysis.judges.judgement import Judgement, Rubric, View
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.analysis.judges.views import view_of
from ulterior.analysis.labels.key import KeyItem, QueueKey, RubricKey, Stratum
from ulterior.analysis.labels.sampling import draw, lot
from ulterior.analysis.labels.store import CANNOT_TELL, Labels
from ulterior.analysis.labels.units import Unit, units_of
from ulterior.analysis.visible import visible
from ulterior.errors import UsageError
from ulterior.scenarios import AnyScenario, load_scenario
from ulterior.traces import Frozen, Study, canonical_json, digest

__all__ = ["Block", "QueueItem", "Reader", "assigned", "make_key"]

_ID_LENGTH = 10


class Block(Frozen):
    """One numbered piece of what is to be read. Only the agent's ``own`` words may be quoted."""

    block: int
    kind: str
    own: bool
    text: str


class QueueItem(Frozen):
    """One item as an annotator gets it. The last four fields are theirs to fill in.

    ``answers`` maps each label to its meaning. ``fact`` is what the question is about, where it is about
    one. ``said`` are the labels given so far, shown to whoever has to decide between them and to nobody
    else."""

    item: str
    question: str
    fact: str | None
    answers: dict[str, str]
    blocks: tuple[Block, ...]
    said: tuple[str, ...] = ()
    label: str | None = None
    confidence: float | None = None
    quotes: tuple[str, ...] = ()
    note: str = ""


def make_key(
    findings: Sequence[EpisodeFinding],
    rubrics: Iterable[Rubric],
    budget: int,
    *,
    double: float = 0.2,
    seed: int = 0,
    judgements: Iterable[Judgement] = (),
) -> QueueKey:
    """Draw a queue: at most ``budget`` items for each question, a share ``double`` of them for two
    readers.

    Equal arguments give an equal key; a larger budget gives a queue that holds the smaller one's items,
    under the same names. Raises :class:`UsageError` when there is nothing to ask about or the budget is
    too small."""
    judged = list(judgements)
    keys: list[RubricKey] = []
    for rubric in rubrics:
        units, left_out = units_of(findings, rubric, judged)
        if not units:
            why = "; ".join(f"{count}: {reason}" for reason, count in left_out.most_common()) or "no episodes"
            raise UsageError(f"no episode can be asked about {rubric.id}", why, "run more, or leave it out")
        keys.append(_rubric_key(rubric, units, budget, seed, double, left_out))
    fields: dict[str, Any] = {
        "seed": seed,
        "budget": budget,
        "double": double,
        "detectors": dict(DETECTORS),
        "rubrics": [key.model_dump(mode="json") for key in keys],
    }
    return QueueKey.model_validate({"id": digest(canonical_json(fields))[:_ID_LENGTH], **fields})


def _rubric_key(
    rubric: Rubric, units: Sequence[Unit], budget: int, seed: int, double: float, left_out: Counter[str]
) -> RubricKey:
    drawn = draw(units, budget, seed)
    items = [
        KeyItem(
            item=lot(seed, "item", *each.unit.target)[:_ID_LENGTH],
            episode=each.unit.target.episode,
            about=each.unit.target.about,
            scenario=each.unit.scenario,
            call=each.unit.call,
            says=dict(each.unit.says),
            probability=each.probability,
        )
        for each in drawn
    ]
    twice = sorted(items, key=lambda item: lot(seed, "twice", item.item))[: ceil(double * len(items))]
    second = {item.item for item in twice}
    items = [item.model_copy(update={"readers": 2}) if item.item in second else item for item in items]
    return RubricKey(
        rubric=rubric.id,
        version=rubric.version,
        labels=tuple(rubric.labels),
        positive=tuple(sorted(rubric.positive)),
        strata=tuple(_strata(units)),
        items=tuple(sorted(items, key=lambda item: item.item)),
        left_out=dict(left_out),
    )


def _strata(units: Iterable[Unit]) -> Iterable[Stratum]:
    """The units that can't be told apart but by chance, counted."""
    counts: Counter[tuple[str, str, tuple[tuple[str, bool | None], ...]]] = Counter(
        (unit.scenario, unit.call, tuple(sorted(unit.says.items()))) for unit in units
    )
    for (scenario, call, says), size in sorted(counts.items(), key=repr):
        yield Stratum.model_validate({"scenario": scenario, "call": call, "says": dict(says), "size": size})


def assigned(
    key: QueueKey, labels: Labels, annotators: Sequence[str]
) -> Mapping[str, list[tuple[RubricKey, KeyItem]]]:
    """Which items each annotator is to read, in an order that tells nothing.

    An item wants as many readers as its key says; who has read it counts and doesn't get it again. The
    others take turns, so that two annotators share all double items."""
    shares: dict[str, list[tuple[RubricKey, KeyItem]]] = {annotator: [] for annotator in annotators}
    for number, (rubric, item) in enumerate(sorted(key.items, key=lambda pair: pair[1].item)):
        read = labels.blinded(rubric.target(item))
        turns = [*annotators[number % len(annotators) :], *annotators[: number % len(annotators)]]
        free = [annotator for annotator in turns if annotator not in read]
        free.sort(key=lambda annotator: len(shares[annotator]))  # stable: whose turn it is among equals
        for annotator in free[: max(0, item.readers - len(read))]:
            shares[annotator].append((rubric, item))
    return shares


@dataclass
class Reader:
    """Reads the episodes of a study for people. Keeps the scenarios that it has met."""

    study: Study
    load: LoadScenario = load_scenario
    _scenarios: dict[tuple[str, str], AnyScenario] = field(default_factory=dict[tuple[str, str], AnyScenario])

    def view(self, rubric: RubricKey, item: KeyItem) -> View:
        """What is shown of an item. Raises :class:`UsageError` when its scenario has changed since."""
        trace = self.study.trace(item.episode)
        known = (trace.spec.scenario, trace.spec.scenario_hash)
        if known not in self._scenarios:
            scenario = find_scenario(trace.spec, self.load)
            if isinstance(scenario, Unscored):
                what = f"can't show episode {item.episode[:12]}"
                raise UsageError(what, scenario.reason, "make a new queue: ulterior label export")
            self._scenarios[known] = scenario
        scenario = self._scenarios[known]
        return view_of(trace, _asked(rubric).view, scenario.facts, also=(scenario.title,))

    def passages(self, rubric: RubricKey, item: KeyItem) -> tuple[Passage, ...]:
        """What may be quoted in answers about an item."""
        channels = _asked(rubric).channels
        return tuple(each for each in self.view(rubric, item).passages if each.channel in channels)

    def item(self, rubric: RubricKey, item: KeyItem, said: Iterable[str] = ()) -> QueueItem:
        """An item as people get it. Raises :class:`~ulterior.analysis.judges.blinding.JudgeLeak` rather
        than show a name of the experiment."""
        asked, view = _asked(rubric), self.view(rubric, item)
        blocks = tuple(
            Block(
                block=block.number,
                kind=block.kind,
                own=block.passage is not None and block.passage.channel in asked.channels,
                text=visible(block.text),
            )
            for block in view.blocks
        )
        found = names_in("\n".join(block.text for block in blocks), view.hidden)
        if found:
            raise JudgeLeak(f"item {item.item} would show {', '.join(found)}", "a bug of ours", "report it")
        return QueueItem(
            item=item.item,
            question=asked.question,
            fact=None if item.about is None else view.about[item.about],
            answers={**asked.labels, CANNOT_TELL: "the record does not let you tell"},
            blocks=blocks,
            said=tuple(sorted(said)),
        )


def _asked(key: RubricKey) -> Rubric:
    """The question of a key. Raises :class:`UsageError` when it has been put into other words since."""
    asked = RUBRICS.get(key.rubric)
    if asked is None or asked.version != key.version:
        now = "does not know it any more" if asked is None else f"knows version {asked.version}"
        why = f"the queue asks version {key.version}; this version of ulterior {now}"
        raise UsageError(f"can't ask {key.rubric} again", why, "make a new queue: ulterior label export")
    return asked
