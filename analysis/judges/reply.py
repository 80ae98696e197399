"""Reading what a model answered: what can be used of it, and what is proved of what it quotes.

A judge is believed about its label and checked about its words. An answer that can't be read is no answer,
never a negative; a positive label whose quotes stand nowhere in the agent's own words waits for a human.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ulterior.analysis.evidence import Evidence, Passage, find_quote
from ulterior.analysis.judges.judgement import Rubric, View
from ulterior.analysis.judges.model import JudgeReply
from ulterior.analysis.judges.prompt import CANNOT_TELL
from ulterior.analysis.visible import one_line, visible

__all__ = ["ABSTAINED", "CUT_OFF", "MALFORMED", "REFUSED", "Reading", "read_reply"]

ABSTAINED = "it can't tell"
MALFORMED = "malformed answer"
REFUSED = "the model refused"
CUT_OFF = "the answer was cut off"
"""How the reason of a judgement without a label begins."""

_STOPS = {"refusal": REFUSED, "policy_block": REFUSED, "max_tokens": CUT_OFF, "context_window": CUT_OFF}
_SHORTEST = 8  # characters of a quote that is not a whole passage: shorter ones stand everywhere
_PICTURE = re.compile(r"[\u2400-\u241f\u2421]|\\u[0-9a-f]{4}|\\U[0-9a-f]{8}")


class _Quote(BaseModel):
    model_config = ConfigDict(strict=True)
    block: int = 0
    text: str


class _Answer(BaseModel):
    """What the schema asks for. What a model adds to it is left alone; what it leaves out is not guessed."""

    model_config = ConfigDict(strict=True)
    label: str
    score: float = Field(ge=0, le=100)
    quotes: list[_Quote]
    reason: str


@dataclass(frozen=True)
class Reading:
    """What one reply says. ``reason`` says why there is no label, or why a human has to look."""

    label: str | None
    score: float | None = None
    evidence: tuple[Evidence, ...] = ()
    unverified: tuple[str, ...] = ()
    reason: str | None = None
    review: bool = False

    @property
    def usable(self) -> bool:
        """Whether the model answered at all: with a label, or by saying that it can't tell."""
        return self.label is not None or (self.reason or "").startswith(ABSTAINED)


def read_reply(reply: JudgeReply, view: View, rubric: Rubric) -> Reading:
    """What a reply to this rubric about this view says."""
    if reply.stop != "end":
        return Reading(None, reason=_STOPS.get(reply.stop, f"{MALFORMED}: it stopped: {reply.stop}"))
    answer = _answer(reply.text, rubric)
    if isinstance(answer, str):
        return Reading(None, reason=f"{MALFORMED}: {answer}")
    evidence, unverified = _verified(answer.quotes, view, rubric)
    if answer.label == CANNOT_TELL:
        why = one_line(answer.reason)
        return Reading(None, None, evidence, unverified, f"{ABSTAINED}: {why}" if why else ABSTAINED)
    doubts = "; ".join(_doubts(answer, evidence, view, rubric))
    return Reading(answer.label, answer.score / 100, evidence, unverified, doubts or None, bool(doubts))


def _doubts(answer: _Answer, evidence: Sequence[Evidence], view: View, rubric: Rubric) -> Iterator[str]:
    """Why a human has to look before this label counts."""
    positive = answer.label in rubric.positive
    if (positive or answer.label in rubric.quoted) and not evidence:
        yield "no quote of it stands in the agent's own words"
    if (positive and answer.score < 50) or (not positive and answer.score > 50):
        yield f"label and score disagree: {answer.label}, {answer.score:g} of 100"
    if not positive and view.cut:
        yield f"{view.cut} blocks of the agent's own were too long to be shown whole"


# ---- The JSON in the text --------------------------------------------------------------------------------


def _answer(text: str, rubric: Rubric) -> _Answer | str:
    """The one answer in a text, or why there is none. Two that say different things are none."""
    found: list[_Answer] = []
    why = "there is no JSON object in it"
    for value in _objects(text):
        try:
            answer = _Answer.model_validate(value)
        except ValidationError as error:
            first = error.errors()[0]
            why = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
            continue
        if answer.label not in (*rubric.labels, CANNOT_TELL):
            why = f"there is no label {one_line(answer.label, 40)!r}"
        elif not found or (answer.label, answer.score) != (found[0].label, found[0].score):
            found.append(answer)
    if len(found) > 1:
        return "it holds several answers"
    return found[0] if found else why


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """The outermost JSON objects in a text, whatever stands around them."""
    decoder, at = json.JSONDecoder(), 0
    while (at := text.find("{", at)) >= 0:
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at += 1
            continue
        if isinstance(value, dict):
            yield value


# ---- The quotes ------------------------------------------------------------------------------------------


def _verified(
    quotes: Sequence[_Quote], view: View, rubric: Rubric
) -> tuple[tuple[Evidence, ...], tuple[str, ...]]:
    """What stands in passages of the rubric's channels, and the quotes that don't."""
    passages = [passage for passage in view.passages if passage.channel in rubric.channels]
    evidence: list[Evidence] = []
    unverified: list[str] = []
    for quote in quotes:
        found = _find(passages, quote, view)
        if found is None:
            unverified.append(quote.text)
        elif found not in evidence:
            evidence.append(found)
    return tuple(evidence), tuple(unverified)


def _find(passages: Sequence[Passage], quote: _Quote, view: View) -> Evidence | None:
    """Where a quote stands, looked for as it is and as the text was before it was made visible."""
    seq = _seq(view, quote.block)
    for text in dict.fromkeys((quote.text, _unmade(quote.text))):
        found = find_quote(passages, text, seq)
        if found is not None and (len(found.quote) >= _SHORTEST or _whole(passages, found)):
            return found
    return None


def _seq(view: View, number: int) -> int | None:
    """The event of a block. Numbers that the view doesn't have are no help and do no harm."""
    for block in view.blocks:
        if block.number == number and block.passage is not None:
            return block.passage.seq
    return None


def _whole(passages: Sequence[Passage], evidence: Evidence) -> bool:
    place = (evidence.seq, evidence.block, evidence.field)
    return any(
        (passage.seq, passage.block, passage.field) == place and passage.text.strip() == evidence.quote
        for passage in passages
    )


def _unmade(text: str) -> str:
    """What :func:`~ulterior.analysis.visible.visible` made this text of."""

    def character(match: re.Match[str]) -> str:
        shown = match[0]
        if shown == "\u2421":
            return "\x7f"
        if len(shown) == 1:
            return chr(ord(shown) - 0x2400)
        code = int(shown[2:], 16)
        made = chr(code) if code <= 0x10FFFF else shown
        return made if visible(made) == shown else shown

    return _PICTURE.sub(character, text)
