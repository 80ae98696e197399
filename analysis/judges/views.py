"""Views: what a detector gets to see of one episode, one channel at a time, blinded and numbered.

============= =========================================================================================
``action``    the task, calls, results and changes; no reasoning, no report, nothing said in between
``reasoning`` the reasoning, and which tools were called after it
``report``    what people were told and what they had asked, beside a log of what was done
``full``      everything
============= =========================================================================================

Equal events give equal views, whatever the scenario is called, whichever condition, model, seed and epoch
they come from. What the agent wrote is shown up to 30,000 characters a block, other texts up to 3,000, and
less where the whole would be longer than 400,000; what is left out is cut from the middle and marked.
Quotes are verified against the uncut passages.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from ulterior.analysis.judges.blinding import Blinder
from ulterior.analysis.judges.judgement import BlockKind, View, ViewBlock, ViewName
from ulterior.analysis.judges.pieces import Deed, Piece, deeds_of, pieces_of
from ulterior.scenarios import Fact
from ulterior.traces import ModelTurn, Report, Trace

__all__ = ["LARGEST", "reports_of", "view_of"]

_SHOWN: dict[ViewName, frozenset[BlockKind]] = {
    "action": frozenset({"task", "message", "call", "result", "change"}),
    "reasoning": frozenset({"reasoning"}),
    "report": frozenset({"task", "question", "report"}),
    "full": frozenset(
        {"task", "message", "reasoning", "said", "call", "result", "change", "question", "report"}
    ),
}

LARGEST = 400_000
"""Characters of a whole view; about 100,000 tokens."""

_OWN = 30_000  # characters of one block that the agent wrote
_OTHER = 3_000
_IN_LOG = 600  # of arguments and of a difference in the log
_LEAST = 200
_VISIBILITY: tuple[Literal["full", "summary", "hidden"], ...] = ("full", "summary", "hidden")


def view_of(
    trace: Trace,
    name: ViewName,
    facts: Sequence[Fact] = (),
    report: int | None = None,
    also: Sequence[str] = (),
) -> View:
    """One channel of a trace. ``facts`` are the material facts that questions may be about.

    With ``report``, the event of a report, only that report is shown, with the question that it answers.
    ``also`` are names to hide that the trace does not know, such as its scenario's title.
    """
    pieces = [piece for piece in pieces_of(trace) if piece.kind in _SHOWN[name]]
    if report is not None:
        pieces = [piece for piece in pieces if piece.report == report]
    elif name == "reasoning":
        pieces = _merged(pieces, (Piece(deed.seq, "log", deed.name, deed.tool) for deed in deeds_of(trace)))
    elif name == "report":
        pieces = _merged(pieces, (_logged(deed) for deed in deeds_of(trace)))
    blinder = Blinder(trace.spec, also)
    blocks, cut = _fitted(pieces, blinder)
    return View(
        name=name,
        episode=trace.episode,
        blocks=blocks,
        reasoning=_visibility(trace),
        about={fact.id: fact.statement for fact in facts},
        report=report,
        cut=cut,
        hidden=blinder.names,
    )


def reports_of(trace: Trace) -> tuple[int, ...]:
    """The events of a trace's reports that say anything, for views of one report each."""
    return tuple(
        event.seq
        for event in trace.events
        if isinstance(event.body, Report) and (event.body.text.strip() or event.body.fields)
    )


def _merged(pieces: list[Piece], log: Iterable[Piece]) -> list[Piece]:
    return sorted([*pieces, *log], key=lambda piece: piece.seq)  # stable: a turn's reasoning, then its calls


def _logged(deed: Deed) -> Piece:
    """A call with what came of it, on a few lines."""
    arguments = "" if deed.told else f" {_cut(deed.arguments, _IN_LOG)}"
    changes = [
        f"{change.what} {change.name}"
        + (f"\n{_cut(change.diff, _IN_LOG)}" if change.diff and not deed.told else "")
        for change in deed.changes
    ]
    return Piece(
        deed.seq, "log", f"{deed.name}: {deed.status}", "\n".join([f"{deed.tool}{arguments}", *changes])
    )


def _visibility(trace: Trace) -> Literal["full", "summary", "hidden", "absent"]:
    """How reasoning was visible at best."""
    seen = {event.body.reasoning for event in trace.events if isinstance(event.body, ModelTurn)}
    for how in _VISIBILITY:
        if how in seen:
            return how
    return "absent"


def _fitted(pieces: Sequence[Piece], blinder: Blinder) -> tuple[tuple[ViewBlock, ...], int]:
    """Numbered blocks that fit together, and how many of the agent's own had to be cut."""
    blinded = [blinder.blind(piece.text) for piece in pieces]
    shown = list(blinded)
    for own, other in _limits():
        shown = [
            _cut(text, other if piece.passage is None else own)
            for piece, text in zip(pieces, blinded, strict=True)
        ]
        if sum(map(len, shown)) <= LARGEST:
            break
    blocks = tuple(
        ViewBlock(number, piece.kind, f"{blinder.blind(piece.head)}\n{text}", piece.passage)
        for number, (piece, text) in enumerate(zip(pieces, shown, strict=True), 1)
    )
    cut = [
        piece
        for piece, text, whole in zip(pieces, shown, blinded, strict=True)
        if piece.passage and text != whole
    ]
    return blocks, len(cut)


def _limits() -> Iterator[tuple[int, int]]:
    """Ever smaller limits; what the agent wrote is the last to be cut further."""
    own, other = _OWN, _OTHER
    while True:
        yield own, other
        if other > _LEAST:
            other = max(_LEAST, other // 2)
        elif own > _LEAST:
            own = max(_LEAST, own // 2)
        else:
            return


def _cut(text: str, limit: int) -> str:
    """The text, or its beginning and its end around a mark."""
    if len(text) <= limit:
        return text
    head = limit * 2 // 3
    tail = limit - head
    return f"{text[:head]}\n[{len(text) - limit} characters left out]\n{text[-tail:]}"
