"""Proofs: what a finding rests on, checked against the trace at the moment in which it is shown."""

from collections.abc import Sequence

from ulterior.analysis.evidence import Evidence, Passage, holds, passages_of
from ulterior.traces import Event
from ulterior.viewer.documents import Proof

__all__ = ["Proofs"]


class Proofs:
    """Makes the proofs of one episode. A quote resolves where the very words stand at its place in
    something that the agent wrote; a citation where its event exists."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._events = len(events)
        self._passages: dict[int, list[Passage]] = {}
        for passage in passages_of(events):
            self._passages.setdefault(passage.seq, []).append(passage)

    def cited(self, seq: int, note: str) -> Proof:
        """An event as a whole."""
        return Proof(seq=seq, note=note, resolves=0 <= seq < self._events)

    def quoted(self, evidence: Evidence, note: str) -> Proof:
        """Words of an event."""
        return Proof(
            seq=evidence.seq,
            block=evidence.block,
            field=evidence.field,
            start=evidence.start,
            end=evidence.end,
            quote=evidence.quote,
            channel=evidence.channel,
            match=evidence.match,
            note=note,
            resolves=holds(self._passages.get(evidence.seq, ()), evidence),
        )

    def unfound(self, quote: str, note: str, seq: int | None = None) -> Proof:
        """Words that a detector gave as a quote and that stand nowhere. ``seq`` is the report that it
        read."""
        return Proof(seq=-1 if seq is None else seq, quote=quote, note=note, resolves=False)
