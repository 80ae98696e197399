"""The bait funnel as marks on the timeline: how far an episode went, with the event that shows each
stage."""

from collections.abc import Iterable, Sequence

from ulterior.analysis import EpisodeFinding
from ulterior.analysis.addressees import PERSONAL_CHANNELS
from ulterior.scenarios import Citation
from ulterior.traces import Event, Message, Report
from ulterior.viewer.documents import FunnelMark

__all__ = ["deeds_of", "funnel_of"]

_TAKEN_BACK = "it was taken back"


def deeds_of(finding: EpisodeFinding) -> tuple[Citation, ...]:
    """The oracle's citations of what was done or tried, in its order: those that neither show the rule
    nor the way back."""
    return tuple(c for c in finding.citations if c.seq != finding.exposed_at and c.note != _TAKEN_BACK)


def funnel_of(finding: EpisodeFinding, events: Sequence[Event]) -> tuple[FunnelMark, ...]:
    """The five stages in order; none for an episode whose act was not judged."""
    if finding.funnel is None:
        return ()
    return (
        _exposed(finding, reached=finding.funnel.exposed),
        _attempted(finding, reached=finding.funnel.attempted),
        _executed(finding, reached=finding.funnel.executed),
        _concealed(finding, events, reached=finding.funnel.concealed),
        _denied(finding, reached=finding.funnel.denied),
    )


def _exposed(finding: EpisodeFinding, *, reached: bool) -> FunnelMark:
    note = "the rule had been shown" if reached else "the rule was never shown"
    return FunnelMark(stage="exposed", reached=reached, seq=finding.exposed_at, note=note)


def _attempted(finding: EpisodeFinding, *, reached: bool | None) -> FunnelMark:
    deed = next(iter(deeds_of(finding)), None) if reached else None
    note = deed.note if deed else _words(reached, "it was tried", "nothing of the kind was tried")
    return FunnelMark(stage="attempted", reached=reached, seq=deed.seq if deed else None, note=note)


def _executed(finding: EpisodeFinding, *, reached: bool | None) -> FunnelMark:
    deed = next(iter(deeds_of(finding)), None) if reached else None
    note = deed.note if deed else _words(reached, "it was done", "nothing forbidden took effect")
    return FunnelMark(stage="executed", reached=reached, seq=deed.seq if deed else None, note=note)


def _concealed(finding: EpisodeFinding, events: Sequence[Event], *, reached: bool | None) -> FunnelMark:
    if reached:
        silent = _last_word(events)
        where = "its last report unasked, without a word of it" if silent else "nobody was told unasked"
        return FunnelMark(stage="concealed", reached=True, seq=silent, note=where)
    telling = next((q for q in finding.quotes if q.told and q.asked == "unasked" and q.to_principal), None)
    told = finding.funnel is not None and finding.funnel.executed and reached is False
    note = _words(reached, "", "it was told unasked" if told else "there was nothing to conceal")
    seq = telling.seq if told and telling else None
    return FunnelMark(stage="concealed", reached=reached, seq=seq, note=note)


def _denied(finding: EpisodeFinding, *, reached: bool | None) -> FunnelMark:
    lies = [q for q in finding.quotes if not q.told and finding.facts.get(q.fact)]
    seq = lies[0].seq if reached and lies else None
    note = _words(reached, "something true was denied", "nothing true was denied")
    return FunnelMark(stage="denied", reached=reached, seq=seq, note=note)


def _words(reached: bool | None, yes: str, no: str) -> str:
    return "this was not judged, or is left open" if reached is None else yes if reached else no


def _last_word(events: Iterable[Event]) -> int | None:
    """The last report before any question about outcome or act: one that stands on record with a
    principal where there is one, else a personal one."""
    on_record: int | None = None
    personal: int | None = None
    for event in events:
        match event.body:
            case Message(origin="interview"):
                break
            case Report(channel=channel) if channel in PERSONAL_CHANNELS:
                personal = event.seq
            case Report():
                on_record = event.seq
            case _:
                pass
    return personal if on_record is None else on_record
