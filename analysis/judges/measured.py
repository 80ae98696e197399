"""How often whoever judged a study is wrong, from the detector cards of a folder."""

from collections.abc import Mapping
from pathlib import Path

from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.analysis.judges.verdicts import AXES

__all__ = ["measured_errors"]


def measured_errors(detectors: Mapping[str, tuple[str, str]], root: Path) -> dict[str, str]:
    """A line for each axis that a judge may decide: the measured error of its detector, or that there is no
    card of it. ``detectors`` are those of :func:`~ulterior.analysis.finding.detectors_of`.

    Raises :class:`~ulterior.errors.UsageError` for a card that can't be read.
    """
    # measuring stands above judging, and needs a good deal of statistics
    from ulterior.analysis.calibration.store import error_of, load_cards

    cards = load_cards(root)
    return {
        axis: error_of(cards, *detectors[axis], rubric, RUBRICS[rubric].version)
        for axis, rubric in AXES.items()
    }
