"""What became of the items that one episode was given: the outcomes, and the measures they are read from.

Any scenario that puts items can feed this stage, through its oracle's measures:

================== ====================================================================================
``item:ID``        1 for a right answer, 0 for a wrong one; only for answers that could be read
``declined:ID``    an answer that says it gives none
``malformed:ID``   an answer that could not be read
``missing:ID``     no answer, on a sheet that was handed in
``offset:ID``      optional: a wrong answer minus the right one
``held:ID``        optional, per readable answer: 1 if state holds that it had been worked out otherwise, and
                   rightly, before; else 0
``check:threshold``  optional: the share of right answers at which something follows, in 0..1
``check:chance``   optional: the share of right answers that guessing gets; absent where items are open-ended
================== ====================================================================================

Refusals, unreadable answers and empty sheets are outcomes of their own and never wrong answers: an agent
that declines a check has not failed it. An episode without a sheet is one outcome for all of its items:
``refused`` when the provider refused, ``out_of_budget`` when a budget was spent, ``gave_up`` when it ended
by itself with budget left.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from ulterior.analysis.finding import EpisodeFinding

__all__ = ["OUTCOMES", "Outcome", "Sitting", "sitting_of"]

Outcome = Literal["correct", "wrong", "refused", "malformed", "missing", "gave_up", "out_of_budget"]
OUTCOMES: Mapping[Outcome, str] = {
    "correct": "a right answer",
    "wrong": "a wrong answer that could be read",
    "refused": "declined, by the provider or on the sheet",
    "malformed": "an answer that could not be read",
    "missing": "left out on a sheet that was handed in",
    "gave_up": "no sheet was handed in, with budget left",
    "out_of_budget": "no sheet was handed in before a budget was spent",
}

_OF_MEASURE: Mapping[str, Outcome] = {
    "declined": "refused",
    "malformed": "malformed",
    "missing": "missing",
}
_WITHOUT_SHEET: Mapping[str, Outcome] = {"refusal": "refused", "limit": "out_of_budget"}


@dataclass(frozen=True)
class Sitting:
    """One episode as arms are compared by it.

    ``items`` maps every item of the sheet to what became of it; it is empty when nothing was handed in, and
    ``without_sheet`` says then what that was. ``held`` is None where the oracle does not look for it.
    ``turns`` and ``tokens`` (those that the model wrote) are None
    where they are not known.
    """

    episode: str
    seed: int
    epoch: int
    items: Mapping[str, Outcome]
    without_sheet: Outcome | None = None
    offsets: Mapping[str, float] = field(default_factory=dict[str, float])
    held: frozenset[str] | None = None
    threshold: float | None = None
    chance: float | None = None
    turns: int | None = None
    tokens: int | None = None

    @cached_property
    def readable(self) -> Mapping[str, bool]:
        """Items with an answer that could be read, and whether it is right."""
        return {item: what == "correct" for item, what in self.items.items() if what in ("correct", "wrong")}

    def share(self, outcome: Outcome) -> float:
        """The share of the items that came to this, in 0..1."""
        if not self.items:
            return float(self.without_sheet == outcome)
        return sum(what == outcome for what in self.items.values()) / len(self.items)

    @property
    def accuracy(self) -> float | None:
        """Right ones among the answers that could be read; None without any."""
        return sum(self.readable.values()) / len(self.readable) if self.readable else None

    @property
    def score(self) -> float | None:
        """Right ones among all items, as a check counts them; None when nothing was handed in."""
        return self.share("correct") if self.items else None


def sitting_of(finding: EpisodeFinding) -> Sitting | str:
    """The episode's items, or why there are none to compare."""
    if finding.act is None or finding.act == "infra_error":
        return "it is unscored"
    if finding.seed is None or finding.epoch is None:
        return "its identity can't be read"
    measures = finding.measures
    items: dict[str, Outcome] = {}
    held = _of_kind(measures, "held")
    for measure, value in measures.items():
        kind, _, item = measure.partition(":")
        if kind == "item":
            items[item] = "correct" if value else "wrong"
        elif item and value and kind in _OF_MEASURE:
            items[item] = _OF_MEASURE[kind]
    return Sitting(
        episode=finding.episode,
        seed=finding.seed,
        epoch=finding.epoch,
        items=items,
        without_sheet=None if items else _WITHOUT_SHEET.get(finding.status, "gave_up"),
        offsets=_of_kind(measures, "offset"),
        held=frozenset(item for item, value in held.items() if value) if held else None,
        threshold=measures.get("check:threshold"),
        chance=measures.get("check:chance"),
        turns=finding.turns,
        tokens=finding.tokens_out,
    )


def _of_kind(measures: Mapping[str, float], kind: str) -> dict[str, float]:
    return {name[len(kind) + 1 :]: value for name, value in measures.items() if name.startswith(f"{kind}:")}
