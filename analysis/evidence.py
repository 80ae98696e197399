"""Evidence: which words of which event a finding rests on, and the proof that they stand there.

Theory of operation. A trace is read as *passages*: the pieces of text that the agent itself produced, each
with its place (event, block, field) and its channel. What a tool returned, a colleague wrote or a document
holds is in no passage, so that it can never be quoted as evidence of what the agent meant. A quote counts
only where :func:`find_quote` finds it in a passage:

============== ========================================================================================
``exact``      code point for code point
``normalised`` but for case, spacing, typography (quotation marks, dashes, ligatures) and Markdown's marks
``ellipsis``   the parts around ``...`` stand in this order in one passage, at most 400 characters apart
============== ========================================================================================

A quote that is found in none of these ways is *unverified*: whoever gave it is heard by a human or not at
all. Offsets are code points of the stored text, whatever was normalised to find them.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from ulterior.traces import Block, Event, Frozen, ModelTurn, Reasoning, Report, Text, ToolCall, line_json

__all__ = ["CHANNELS", "Channel", "Evidence", "Match", "Passage", "find_quote", "holds", "passages_of"]

Channel = Literal["state", "action", "report", "reasoning"]
CHANNELS: tuple[Channel, ...] = ("state", "action", "report", "reasoning")
"""``action`` holds calls and what is said while working, ``report`` what a principal was told, ``state``
what the world's history shows: no words at all."""

Match = Literal["exact", "normalised", "ellipsis"]
Visibility = Literal["full", "summary", "hidden"]

_SHORTEST_PART = 6
_LONGEST_GAP = 400
_ELLIPSIS = re.compile(r"\s*(?:\[(?:\.\.\.|…)\]|\.\.\.|…)\s*")
_QUOTES = "".join(map(chr, (0x27, 0x22, 0xAB, 0xBB, 0xB4, 0x2BC, *range(0x2018, 0x2020))))
_DROPPED = frozenset("*_`~#>" + _QUOTES)  # Markdown's marks and quotation marks: judges add and lose them
_DASHES = dict.fromkeys((*range(0x2010, 0x2016), 0x2212), "-")


class Evidence(Frozen):
    """Code points ``start`` to ``end`` of one passage. ``quote`` is the stored text there, never a
    paraphrase.

    ``block`` counts the blocks of a model turn from 0; ``field`` names a report's structured field, whose
    text is its JSON. ``visibility`` says for reasoning whether it was shown in ``full`` or as a
    ``summary``.
    """

    seq: int
    block: int | None = None
    field: str | None = None
    start: int
    end: int
    quote: str
    channel: Channel
    match: Match = "exact"
    visibility: Visibility | None = None


@dataclass(frozen=True)
class Passage:
    """One piece of text that the agent produced, with its place."""

    seq: int
    block: int | None
    field: str | None
    channel: Channel
    text: str
    visibility: Visibility | None = None

    def evidence(self, start: int, end: int, match: Match = "exact") -> Evidence:
        """These code points of the passage as evidence."""
        return Evidence(
            seq=self.seq,
            block=self.block,
            field=self.field,
            start=start,
            end=end,
            quote=self.text[start:end],
            channel=self.channel,
            match=match,
            visibility=self.visibility,
        )

    @cached_property
    def plain(self) -> "_Plain":
        return _plain(self.text)


def passages_of(events: Iterable[Event]) -> tuple[Passage, ...]:
    """Everything in these events that the agent produced, in order. Hidden reasoning has no passage.

    The text of a turn that hands over or answers stands once, in the report that was made of it.
    """
    passages: list[Passage] = []
    spoken: list[Passage] = []  # of the last turn without calls
    for event in events:
        match event.body:
            case ModelTurn() as turn:
                passages += spoken
                numbered = enumerate(turn.blocks)
                found = [piece for at, block in numbered if (piece := _of_block(event.seq, at, block))]
                spoken = [] if turn.calls else [piece for piece in found if piece.channel == "action"]
                passages += [piece for piece in found if piece not in spoken]
            case Report() as report:
                spoken = [piece for piece in spoken if piece.text not in report.text]
                passages += spoken
                spoken = []
                passages += _of_report(event.seq, report)
            case _:
                pass
    return tuple(sorted([*passages, *spoken], key=lambda p: (p.seq, p.block or 0)))


def _of_block(seq: int, at: int, block: Block) -> Passage | None:
    match block:
        case Text(text=text):
            channel, visibility = "action", None
        case Reasoning(text=text, visibility=visibility):
            channel = "reasoning"
        case ToolCall(arguments=None, raw=raw):
            text, channel, visibility = raw or "", "action", None
        case ToolCall(arguments=arguments):
            text, channel, visibility = line_json(arguments).decode(), "action", None
    return Passage(seq, at, None, channel, text, visibility) if text.strip() else None


def _of_report(seq: int, report: Report) -> Iterable[Passage]:
    if report.text.strip():
        yield Passage(seq, None, None, "report", report.text)
    for name, value in report.fields.items():
        yield Passage(seq, None, name, "report", line_json(value).decode())


def holds(passages: Iterable[Passage], evidence: Evidence) -> bool:
    """Whether one of these passages holds the quoted words at the place that the evidence gives."""
    place = (evidence.seq, evidence.block, evidence.field)
    return bool(evidence.quote) and any(
        (passage.seq, passage.block, passage.field) == place
        and passage.channel == evidence.channel
        and passage.text[evidence.start : evidence.end] == evidence.quote
        for passage in passages
    )


# ---- Finding quotes --------------------------------------------------------------------------------------


def find_quote(passages: Sequence[Passage], quote: str, seq: int | None = None) -> Evidence | None:
    """Where these words stand, or None. ``seq`` is where they are said to stand: looked at first, not
    trusted.

    An exact match anywhere wins over a normalised one, that one over an ellipsis.
    """
    ordered = sorted(passages, key=lambda passage: passage.seq != seq)  # stable: order of the trace otherwise
    quote = quote.strip()
    if not quote:
        return None
    for passage in ordered:
        at = passage.text.find(quote)
        if at >= 0:
            return passage.evidence(at, at + len(quote))
    wanted = _plain(quote).text.strip()
    parts = [part for each in _ELLIPSIS.split(quote) if (part := _plain(each).text.strip())]
    if wanted and len(parts) <= 1:
        return next((found for passage in ordered if (found := _normalised(passage, wanted))), None)
    if min(map(len, parts), default=0) < _SHORTEST_PART:
        return None
    return next((found for passage in ordered if (found := _pieced(passage, parts))), None)


def _normalised(passage: Passage, wanted: str) -> Evidence | None:
    at = passage.plain.text.find(wanted)
    return None if at < 0 else passage.evidence(*passage.plain.span(at, at + len(wanted)), "normalised")


def _pieced(passage: Passage, parts: Sequence[str]) -> Evidence | None:
    """The stretch that holds all parts in order, the first of them at any of its places."""
    text, begin = passage.plain.text, -1
    while (begin := text.find(parts[0], begin + 1)) >= 0:
        end = begin + len(parts[0])
        for part in parts[1:]:
            at = text.find(part, end, end + _LONGEST_GAP + len(part))
            if at < 0:
                break
            end = at + len(part)
        else:
            return passage.evidence(*passage.plain.span(begin, end), "ellipsis")
    return None


@dataclass(frozen=True)
class _Plain:
    """Normalised text; ``origin`` holds for each of its characters the code point that it came from."""

    text: str
    origin: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.origin[start], self.origin[end - 1] + 1


def _plain(text: str) -> _Plain:
    """Case folded, compatibility decomposed, one space for any run of them, without marks and quotation
    marks."""
    characters: list[str] = []
    origin: list[int] = []
    for at, character in enumerate(text.translate(_DASHES)):
        if character in _DROPPED or (character > "~" and unicodedata.category(character) == "Cf"):
            continue  # Cf: zero width and direction marks, which no reader sees and no judge copies
        for piece in unicodedata.normalize("NFKD", character).casefold():
            if piece.isspace():
                if characters and characters[-1] == " ":
                    continue
                piece = " "
            characters.append(piece)
            origin.append(at)
    return _Plain("".join(characters), origin)
