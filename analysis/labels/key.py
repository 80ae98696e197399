"""The key of a queue: which item is which episode. It stays in the study, the queue goes out without
it.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Literal

from pydantic import Field

from ulterior.analysis.labels.units import Call, Target
from ulterior.errors import UsageError
from ulterior.traces import Frozen, Study
from ulterior.traces.disk import refusals, write_durably

__all__ = ["KeyItem", "QueueKey", "RubricKey", "Stratum", "keep_key", "load_keys"]


class KeyItem(Frozen):
    """What one item of a queue is. ``says`` holds what each detector said of it (None: no answer) when
    the queue was made, ``probability`` how likely it was to be drawn, ``readers`` how many people are to
    read it."""

    item: str
    episode: str
    about: str | None = None
    scenario: str
    call: Call
    says: dict[str, bool | None]
    probability: float = Field(gt=0, le=1)
    readers: Literal[1, 2] = 1


class Stratum(Frozen):
    """How many units there are of one scenario about which detectors say the same, drawn or not."""

    scenario: str
    call: Call
    says: dict[str, bool | None]
    size: int


class RubricKey(Frozen):
    """One question of a queue: ``labels`` are its answers, ``positive`` those that say yes. ``left_out``
    counts the episodes that it was not put about, by reason."""

    rubric: str
    version: str
    labels: tuple[str, ...]
    positive: tuple[str, ...]
    strata: tuple[Stratum, ...]
    items: tuple[KeyItem, ...]
    left_out: dict[str, int] = Field(default_factory=dict[str, int])

    def target(self, item: KeyItem) -> Target:
        """What the item is about."""
        return Target(item.episode, self.rubric, self.version, item.about)


class QueueKey(Frozen):
    """One queue. ``detectors`` are the versions behind the findings that it was stratified by."""

    format: Literal[1] = 1
    id: str
    seed: int
    budget: int
    double: float
    detectors: dict[str, str]
    rubrics: tuple[RubricKey, ...]

    def find(self, item: str) -> tuple[RubricKey, KeyItem] | None:
        """An item with its question."""
        for rubric in self.rubrics:
            for each in rubric.items:
                if each.item == item:
                    return rubric, each
        return None

    @property
    def items(self) -> Iterator[tuple[RubricKey, KeyItem]]:
        """All items with their questions."""
        for rubric in self.rubrics:
            for item in rubric.items:
                yield rubric, item


def keep_key(study: Study, key: QueueKey) -> None:
    """Write a key into the study; an equal one is there already or is made anew. Raises
    :class:`~ulterior.errors.StorageFailure`."""
    path = study.root / "labels" / f"queue-{key.id}.json"
    with refusals(path):
        path.parent.mkdir(exist_ok=True)
        draft = path.with_suffix(".draft")
        write_durably(draft, key.model_dump_json(indent=1).encode() + b"\n")
        draft.replace(path)


def load_keys(study: Study) -> Mapping[str, QueueKey]:
    """All keys of a study by their ids. Raises :class:`UsageError` on one that can't be read."""
    keys: dict[str, QueueKey] = {}
    for path in sorted((study.root / "labels").glob("queue-*.json")):
        try:
            key = QueueKey.model_validate(json.loads(path.read_bytes()))
        except (OSError, ValueError) as error:
            first = str(error).splitlines()[0]
            raise UsageError(
                f"can't read {path}", first, "restore it: labels are nothing without it"
            ) from error
        keys[key.id] = key
    return keys
