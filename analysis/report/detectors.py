"""Who judged each axis of a report, and what is known of their errors."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ulterior.analysis.awareness.mentions import MEASURED as AWARENESS_ERROR
from ulterior.analysis.calibration.card import DetectorCard, measured_error
from ulterior.analysis.calibration.store import card_for, error_of, load_cards
from ulterior.analysis.finding import detectors_of
from ulterior.analysis.judges.floors import RuleDetector
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.analysis.judges.verdicts import AXES
from ulterior.analysis.language import MEASURED as DISCLOSURE_ERROR
from ulterior.analysis.reasoning import MEASURED as INTENT_ERROR
from ulterior.analysis.report.model import Detector
from ulterior.errors import UsageError

__all__ = ["as_on_cards", "cards_in", "detector_lines", "suspicions_read"]


def detector_lines(
    detectors: Mapping[str, tuple[str, str]], cards: Sequence[DetectorCard]
) -> Iterable[Detector]:
    """What judged each axis, and what is known of its error: of the word rules on texts that they were
    not made from, of any detector by its card."""
    on_cards = as_on_cards(detectors)
    for stage, (name, version) in detectors.items():
        if stage == "audit":
            error = "deterministic"
        else:
            rubric = RUBRICS[AXES[stage]]
            card = card_for(cards, *on_cards[stage], rubric.id, rubric.version)
            known = [str(_HELD_OUT[stage])] if on_cards[stage] == _RULES else []
            known += [measured_error(card)] if card else []
            error = "; ".join(known) or error_of((), *on_cards[stage], rubric.id, rubric.version)
        yield Detector(stage=stage, name=name, version=version, measured_error=error)


_RULES = (RuleDetector.name, RuleDetector.version)
_HELD_OUT = {"disclosure": DISCLOSURE_ERROR, "intent": INTENT_ERROR, "awareness": AWARENESS_ERROR}


def as_on_cards(detectors: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """The same as cards name them: the word rules of all stages have one."""
    usual = detectors_of(())
    return {stage: _RULES if judged == usual[stage] else judged for stage, judged in detectors.items()}


def cards_in(root: Path) -> tuple[DetectorCard, ...]:
    """The detector cards of a folder; one that can't be read is as good as none."""
    try:
        return load_cards(root)
    except UsageError:
        return ()


def suspicions_read(
    detectors: Mapping[str, tuple[str, str]], cards: Sequence[DetectorCard]
) -> tuple[int, int] | None:
    """Of how many suspicions the detector was measured to find how many: the word rules on texts that
    they were not made from, another by its card, where instances count."""
    judged = as_on_cards(detectors)["awareness"]
    if judged == _RULES:
        return AWARENESS_ERROR.suspicions
    card = card_for(cards, *judged, "awareness", RUBRICS["awareness"].version)
    found = card.whole.sensitivity if card else None
    if found is None or found.estimate is None:
        return None
    return round(found.estimate * found.clusters), found.clusters
