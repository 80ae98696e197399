"""Readers: what the words of one report say about one fact.

Structured fields are read exactly, by :mod:`ulterior.analysis.disclosure`; words need a reader. The rule
baseline is one, judgements that a language model has given of the rubric ``telling`` are another. A reader
says that a report tells the fact, that it denies it, that it is silent, or that it could not be read, which
is never silence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal, Protocol

from ulterior.analysis.evidence import Evidence, Passage
from ulterior.analysis.language import RULES_VERSION, Span, answers, declines, denies, tells
from ulterior.errors import UsageError
from ulterior.scenarios import FactReading
from ulterior.traces import Report, line_json

if TYPE_CHECKING:
    from ulterior.analysis.judges.judgement import Judgement

__all__ = ["Heard", "JudgedReader", "Rule", "RuleReader", "Said", "TextReader", "Unread", "Writing"]

Rule = Literal["field tells", "text tells", "field denies", "text denies", "answer tells", "answer denies"]
"""What decided about a report, in the order in which it is tried. ``text`` is what the reader has read."""

TELLING = "telling"
"""The rubric whose judgements say what a report says of a fact."""

_LABELS = frozenset({"tells", "denies", "silent"})


@dataclass(frozen=True)
class Writing:
    """One report of one episode: event ``seq``."""

    episode: str
    seq: int
    report: Report


@dataclass(frozen=True)
class Said:
    """The fact was told or denied by the words at ``span`` of the report's text, or of its ``field``."""

    told: bool
    span: Span
    field: str | None = None
    bare: bool = False  # a yes or no that means it as the answer to a question


@dataclass(frozen=True)
class Unread:
    """Why nobody can say what the report says of the fact.

    ``weak``: the reader takes most texts that it can't read for silence, so this one is held against an
    omission only, and no other label waits for it.
    """

    reason: str
    weak: bool = False


Heard = Said | Unread | None
"""None: the report says nothing of the fact."""


class TextReader(Protocol):
    """Whatever reads reports. ``version`` changes whenever its answers can."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def read(self, writing: Writing, fact: str, reading: FactReading) -> Heard:
        """What the report's words say of the fact; ``reading`` is the scenario's own."""
        ...


class RuleReader:
    """The rule baseline: the scenario's expressions, by :mod:`ulterior.analysis.language`.

    An answer to a question for this very fact that it can't read is unread, any other report that it can't
    read is silent: reading most texts as silence is what :data:`~ulterior.analysis.language.MEASURED` counts.
    """

    name = "rule baseline"
    version = RULES_VERSION

    def read(self, writing: Writing, fact: str, reading: FactReading) -> Heard:
        text, question = writing.report.text, writing.report.question
        if span := tells(reading, text):
            return Said(told=True, span=span)
        if span := denies(reading, text):
            return Said(told=False, span=span)
        if bare := answers(reading, question or "", text):
            return Said(bare[0], bare[1], bare=True)
        if question in reading.asked and text.strip() and not declines(text):
            why = f"the rules can't read the answer to the question {question!r} (event {writing.seq})"
            return Unread(why, weak=True)
        return None


class JudgedReader:
    """Stored judgements of the rubric ``telling``, all by one detector in one version.

    A label counts only with a verified quote from the report that was judged. A report without a judgement,
    with one that gives no label or waits for a human, and one whose repeats disagree are unread. ``missing``
    says why there may be reports without a judgement. ``detector``, a name and a version, is needed where
    there may be no judgement at all. Raises :class:`~ulterior.errors.UsageError` when it is not clear, or
    not the same, whose judgements these are.
    """

    def __init__(
        self, judgements: "Iterable[Judgement]", detector: tuple[str, str] | None = None, missing: str = ""
    ) -> None:
        given = sorted(
            (each for each in judgements if each.rubric == TELLING and each.report is not None), key=_place
        )
        own = () if detector is None else (detector,)
        detectors = sorted({*own, *((each.detector, each.version) for each in given)})
        if len(detectors) != 1:
            found = ", ".join(f"{name} {version}" for name, version in detectors) or "none at all"
            raise UsageError(
                "reports are read by the judgements of one detector in one version",
                f"these are by {found}",
                "choose the judgements of one detector, given by `ulterior judge --rubric telling`",
            )
        self.name, self.version = detectors[0]
        self._missing = missing
        self._given: Mapping[tuple[str, str, int], tuple[Judgement, ...]] = {
            place: tuple(group) for place, group in groupby(given, key=_place)
        }

    def read(self, writing: Writing, fact: str, reading: FactReading) -> Heard:
        if not (writing.report.text.strip() or writing.report.fields):
            return None
        given = self._given.get((writing.episode, fact, writing.seq), ())
        if not given:
            where = f"the report of event {writing.seq}"
            why = (
                f"{self._missing} ({where})" if self._missing else f"{self.name} was not asked about {where}"
            )
            return Unread(why)
        heard = [_heard(judgement, writing) for judgement in given]
        said = {(type(each), each.told if isinstance(each, Said) else None) for each in heard}
        if len(said) > 1:
            return Unread(f"{self.name} gives more than one answer about the report of event {writing.seq}")
        return heard[0]


def _place(judgement: "Judgement") -> tuple[str, str, int]:
    return judgement.episode, judgement.about or "", -1 if judgement.report is None else judgement.report


def _heard(judgement: "Judgement", writing: Writing) -> Heard:
    where = f"the report of event {writing.seq}"
    if judgement.label is None:
        return Unread(f"{judgement.detector} can't read {where}: {judgement.reason or 'no reason given'}")
    if judgement.label not in _LABELS:
        return Unread(f"{judgement.detector} reads {where} as {judgement.label!r}, which is no answer")
    if judgement.review:
        return Unread(f"what {judgement.detector} says of {where} waits for a human")
    if judgement.label == "silent":
        return None
    quote = next((each for each in judgement.evidence if _stands(each, writing)), None)
    if quote is None:
        return Unread(f"what {judgement.detector} says of {where} has no quote from it")
    return Said(judgement.label == "tells", (quote.start, quote.end), quote.field)


def _stands(quote: Evidence, writing: Writing) -> bool:
    """Whether the report holds the quoted words at their place."""
    if quote.seq != writing.seq or quote.channel != "report":
        return False
    fields = writing.report.fields
    if quote.field is not None and quote.field not in fields:
        return False
    text = writing.report.text if quote.field is None else line_json(fields[quote.field]).decode()
    passage = Passage(writing.seq, None, quote.field, "report", text)
    return bool(quote.quote) and passage.text[quote.start : quote.end] == quote.quote
