"""Reading what annotators send back: a filled-in queue, or one short line for each answer.

A file is taken whole or not at all. Whatever is wrong in it is told with its line: an item that nobody
asked about, a label that the question doesn't have, a word for ``lable``, a quote that stands nowhere in
what the agent produced."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ConfigDict, Field, ValidationError

from ulterior.analysis.evidence import Evidence, Passage, find_quote
from ulterior.analysis.labels.key import KeyItem, QueueKey, RubricKey
from ulterior.analysis.labels.queue import QueueItem
from ulterior.analysis.labels.store import CANNOT_TELL, HumanLabel, Labels
from ulterior.analysis.visible import one_line
from ulterior.errors import UsageError
from ulterior.traces import Frozen

__all__ = ["Given", "Signature", "checked_pseudonym", "read_answers"]

_PSEUDONYM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")
_MOST_TOLD = 5
_SHOWN_ONLY = frozenset(QueueItem.model_fields) - {"item", "label", "confidence", "quotes", "note"}


class _Answer(Frozen):
    """The part of a line that is the annotator's. Values are taken as they are: "1" is no number."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    item: str
    label: str | None = None
    confidence: float | None = Field(default=None, ge=0, le=1)
    quotes: list[str] = Field(default_factory=list[str])
    note: str = ""


@dataclass(frozen=True)
class Signature:
    """Who answers, when (epoch seconds), and what the answers are."""

    annotator: str
    at: float
    blinded: bool = True
    adjudicates: bool = False


@dataclass(frozen=True)
class Given:
    """What a file holds: new labels, how many are there already, and how many items are not answered."""

    labels: tuple[HumanLabel, ...]
    known: int
    open: int


PassagesOf = Callable[[RubricKey, KeyItem], Sequence[Passage]]
"""The passages of an item's episode that may be quoted."""


def checked_pseudonym(name: str) -> str:
    """The name if it may be written down: short, plain, and no address. Raises :class:`UsageError`."""
    if _PSEUDONYM.fullmatch(name) is None:
        why = "a pseudonym has up to 32 letters, digits, dots, dashes and underscores"
        raise UsageError(f"{one_line(name, 50)!r} is no pseudonym", why, "--annotator reader-1")
    return name


def read_answers(
    text: str,
    name: str,
    keys: Mapping[str, QueueKey],
    labels: Labels,
    passages_of: PassagesOf,
    signature: Signature,
) -> Given:
    """The labels in a file of JSON lines; ``name`` is the file's, for messages.

    A line without a label is an item that is not answered yet. An answer that equals the annotator's
    latest one about the same item is known and not given again. Raises :class:`UsageError`."""
    found: list[HumanLabel] = []
    problems: list[str] = []
    seen: dict[str, int] = {}
    left_open = known = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            answer = _parsed(line)
            if answer.item in seen:
                raise _Wrong(f"item {answer.item} stands in line {seen[answer.item]} too")
            seen[answer.item] = number
            label = _label(answer, keys, passages_of, signature)
            if label is not None and signature.adjudicates:
                _check_ruling(label, labels)
        except _Wrong as wrong:
            problems.append(f"line {number}: {wrong}")
            continue
        if label is None:
            left_open += 1
        elif _is_known(label, labels):
            known += 1
        else:
            found.append(label)
    if problems:
        more = [f"and {len(problems) - _MOST_TOLD} more"] if len(problems) > _MOST_TOLD else []
        why = "; ".join([*problems[:_MOST_TOLD], *more])
        raise UsageError(f"can't take the labels in {name}", why, "mend these lines; nothing was taken")
    return Given(tuple(found), known, left_open)


class _Wrong(Exception):
    """What is wrong with one line."""


def _parsed(line: str) -> _Answer:
    try:
        value: object = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _Wrong(f"it is not JSON: {one_line(str(error), 80)}") from error
    if not isinstance(value, dict):
        raise _Wrong("it is no JSON object")
    theirs = {key: each for key, each in value.items() if key not in _SHOWN_ONLY}  # pyright: ignore[reportUnknownVariableType]
    try:
        return _Answer.model_validate(theirs)
    except ValidationError as error:
        raise _Wrong("; ".join(_told(error))) from error


def _told(error: ValidationError) -> Iterator[str]:
    for each in error.errors():
        place = ".".join(map(str, each["loc"]))
        yield one_line(f"{place}: {each['msg'][:1].lower()}{each['msg'][1:]}", 120)


def _label(
    answer: _Answer, keys: Mapping[str, QueueKey], passages_of: PassagesOf, signature: Signature
) -> HumanLabel | None:
    placed = next((place for key in keys.values() if (place := key.find(answer.item)) is not None), None)
    if placed is None:
        raise _Wrong(f"item {one_line(answer.item, 40)!r} is in no queue of this study")
    key, item = placed
    if answer.label is None:
        return None
    allowed = (*key.labels, CANNOT_TELL)
    if answer.label not in allowed:
        raise _Wrong(f"label {one_line(answer.label, 40)!r} is not one of: {', '.join(allowed)}")
    return HumanLabel(
        kind="adjudication" if signature.adjudicates else "label",
        item=item.item,
        episode=item.episode,
        rubric=key.rubric,
        rubric_version=key.version,
        about=item.about,
        label=answer.label,
        evidence=tuple(_evidence(answer, passages_of(key, item) if answer.quotes else ())),
        confidence=answer.confidence,
        note=answer.note,
        blinded=signature.blinded,
        annotator=signature.annotator,
        at=signature.at,
    )


def _evidence(answer: _Answer, passages: Sequence[Passage]) -> Iterator[Evidence]:
    for quote in answer.quotes:
        found = find_quote(passages, quote)
        if found is None:
            shown = one_line(quote, 60)
            raise _Wrong(f"quote {shown!r} stands nowhere in what the agent wrote in item {answer.item}")
        yield found


def _check_ruling(label: HumanLabel, labels: Labels) -> None:
    said = labels.blinded(label.target)
    if len(set(said.values())) < 2:
        raise _Wrong(f"nobody disagrees about item {label.item}")
    if label.annotator in said:
        raise _Wrong(
            f"{label.annotator} has labelled item {label.item}; somebody else has to decide, or a panel"
        )


def _is_known(label: HumanLabel, labels: Labels) -> bool:
    table = labels.latest if label.kind == "label" else labels.adjudicated
    before = table.get(label.target, {}).get(label.annotator)
    return before is not None and before.model_copy(update={"at": label.at}) == label
