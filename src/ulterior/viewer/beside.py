"""What a study keeps beside its traces and findings, read once for all of its replays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ulterior.analysis.calibration.card import DetectorCard
from ulterior.analysis.judges.store import Standing, load_standing
from ulterior.analysis.report.detectors import cards_in
from ulterior.traces import Study
from ulterior.traces.fork_tree import ForkTree, fork_tree

__all__ = ["Beside"]


@dataclass(frozen=True)
class Beside:
    """Detector cards, each episode's standing judgements, and the fork experiments of one study."""

    cards: Sequence[DetectorCard] = ()
    judgements: Mapping[str, Sequence[Standing]] = field(default_factory=dict[str, Sequence[Standing]])
    forks: ForkTree = field(default_factory=lambda: ForkTree(()))

    @classmethod
    def of(cls, study: Study) -> "Beside":
        """What there is now."""
        judgements: dict[str, list[Standing]] = {}
        for standing in load_standing(study):
            judgements.setdefault(standing.judgement.episode, []).append(standing)
        return cls(cards_in(study.root), judgements, fork_tree(study))
