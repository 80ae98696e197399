"""Cards on disk: ``STUDY/findings/cards/<detector>-<rubric>.json``, one for each detector and rubric.

Beside them stands, for the trained words of a rubric, ``words-<rubric>.model``: the model as JSON.

A newly measured card takes the place of the old one. A card is found by the detector's version and the
rubric's too: what was measured of another version says nothing of this one.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from ulterior.analysis.calibration.card import DetectorCard, measured_error
from ulterior.analysis.judges.words import WordModel
from ulterior.errors import StorageFailure, UsageError
from ulterior.traces import Frozen

__all__ = ["card_for", "card_path", "error_of", "load_cards", "save_card", "save_model"]


def card_path(root: Path, detector: str, rubric: str) -> Path:
    """Where the card of a detector and a rubric stands in a study."""
    return root / "findings" / "cards" / f"{_plain(detector)}-{_plain(rubric)}.json"


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.+]", "_", name)


def save_card(root: Path, card: DetectorCard) -> Path:
    """Write a card and return its file. Raises :class:`StorageFailure`."""
    return _write(card_path(root, card.detector, card.rubric), card)


def save_model(root: Path, model: WordModel) -> Path:
    """Write a trained model of words beside its card and return its file. Raises as :func:`save_card`."""
    return _write(root / "findings" / "cards" / f"words-{_plain(model.rubric)}.model", model)


def _write(path: Path, record: Frozen) -> Path:
    draft = path.with_suffix(".draft")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(record.model_dump_json(indent=2) + "\n", encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise StorageFailure(
            f"can't write {path}", error.strerror or str(error), "free some space, or choose another folder"
        ) from error
    return path


def load_cards(root: Path) -> tuple[DetectorCard, ...]:
    """All cards of a study, by detector and rubric. Raises :class:`UsageError` for one that can't be read."""
    cards = [_load(path) for path in sorted((root / "findings" / "cards").glob("*-*.json"))]
    return tuple(sorted(cards, key=lambda card: card.key))


def _load(path: Path) -> DetectorCard:
    try:
        return DetectorCard.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise UsageError(
            f"can't read the detector card {path}",
            "it is damaged, or another version of ulterior wrote it",
            "remove it and run `ulterior calibrate` again",
        ) from error


def card_for(
    cards: Iterable[DetectorCard], detector: str, version: str, rubric: str, rubric_version: str
) -> DetectorCard | None:
    """The card of exactly this version with exactly this rubric, None where there is none."""
    key = (detector, version, rubric, rubric_version)
    return next((card for card in cards if card.key == key), None)


def error_of(
    cards: Iterable[DetectorCard], detector: str, version: str, rubric: str, rubric_version: str
) -> str:
    """The line that says beside a rate how often its detector is wrong, or that nobody has measured it."""
    card = card_for(cards, detector, version, rubric, rubric_version)
    if card is None:
        return f"not measured: no card of {detector} {version} on {rubric} version {rubric_version}"
    return measured_error(card)
