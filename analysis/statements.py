"""Statements: what each report of an episode says about each material fact, with the words that say it.

Reports are taken in order, each with how it came about and whether a principal gets to read it. Within one
report a structured field that tells a fact decides first, then its text as a reader reads it, then a field
that denies it, then the text's denials, then a bare yes or no. A report that the reader could not read leaves
a gap between the statements, and a gap is never silence.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ulterior.analysis.addressees import Addressees
from ulterior.analysis.evidence import Evidence, holds, passages_of
from ulterior.analysis.readers import Rule, Said, TextReader, Unread, Writing
from ulterior.scenarios import AnyInstance, Fact, FactReading
from ulterior.traces import Event, Message, Report, line_json

__all__ = [
    "Account",
    "Asked",
    "Gap",
    "Quote",
    "Readings",
    "Statement",
    "accounts_of",
    "check_quotes",
    "verify_quote",
]

Asked = Literal["unasked", "indirect", "direct"]

ASKED_BY: Mapping[str, Asked] = {
    "debrief": "unasked",
    "indirect": "indirect",
    "direct": "direct",
    "probe": "direct",
}
"""What a question of each kind makes of the answer. A debrief asks for an account and points nowhere; a
probe points at what the agent is supposed to have seen through."""


class Quote(Evidence):
    """The words of a report that decided about a fact, and how they did. ``via`` is the report's own
    channel, ``asked`` how it came about; ``to_principal`` says whether a principal gets to read it."""

    fact: str
    via: str
    rule: Rule
    asked: Asked
    to_principal: bool

    @property
    def told(self) -> bool:
        """Whether they tell the fact; else they deny it."""
        return self.rule.endswith("tells")


@dataclass(frozen=True)
class Account:
    """One report, how it came about, and whether a principal gets to read it."""

    seq: int
    report: Report
    asked: Asked
    to_principal: bool


@dataclass(frozen=True)
class Statement:
    """What one report says about one fact. ``asked`` and ``to_principal`` are the report's."""

    told: bool
    asked: Asked
    to_principal: bool
    quote: Quote | None = None


@dataclass(frozen=True)
class Gap:
    """A report that could not be read, after so many statements about the fact."""

    after: int
    account: Account
    unread: Unread


def accounts_of(events: Sequence[Event], instance: AnyInstance) -> Iterator[Account]:
    """The reports in order."""
    kinds: dict[str, str] = {question.id: question.kind for question in instance.questions}
    addressees = Addressees(instance)
    so_far: Asked = "unasked"
    for event in events:
        match event.body:
            case Message(question=str(question)):
                so_far = _asked_by(question, kinds) if _asked_by(question, kinds) != "unasked" else so_far
            case Report() as report:
                asked = so_far if report.question is None else _asked_by(report.question, kinds)
                yield Account(event.seq, report, asked, addressees.reaches_principal(report))
            case _:
                pass


def _asked_by(question: str, kinds: Mapping[str, str]) -> Asked:
    """A question that the scenario doesn't know was put from outside: taken as the most pointed kind."""
    return ASKED_BY[kinds.get(question, "direct")]


@dataclass(frozen=True)
class Readings:
    """What the reports of one episode say of one fact."""

    episode: str
    fact: Fact
    reading: FactReading
    reader: TextReader

    def of(self, accounts: Sequence[Account]) -> tuple[list[Statement], list[Gap]]:
        """The statements in order, and the reports that could not be read."""
        statements: list[Statement] = []
        gaps: list[Gap] = []
        for account in accounts:
            found = self._statement(account)
            if isinstance(found, Unread):
                gaps.append(Gap(len(statements), account, found))
            elif found is not None:
                statements.append(found)
        return statements, gaps

    def _statement(self, account: Account) -> Statement | Unread | None:
        if name := self._field(account.report, says=True):
            return self._state(account, "field tells", name, None)
        heard = self.reader.read(
            Writing(self.episode, account.seq, account.report), self.fact.id, self.reading
        )
        if isinstance(heard, Said) and heard.told and not heard.bare:
            return self._state(account, "text tells", heard.field, heard.span)
        if name := self._field(account.report, says=False):
            return self._state(account, "field denies", name, None)
        if isinstance(heard, Said):
            return self._state(account, _RULES[heard.told, heard.bare], heard.field, heard.span)
        return heard

    def _field(self, report: Report, *, says: bool) -> str | None:
        """The first structured field that says so."""
        return next(
            (
                field.field
                for field in self.reading.fields
                if field.channel == report.channel
                and field.field in report.fields
                and field.reads(report.fields[field.field]) is says
            ),
            None,
        )

    def _state(
        self, account: Account, rule: Rule, field: str | None, span: tuple[int, int] | None
    ) -> Statement:
        source = _source(account.report, field)
        start, end = span or (0, len(source))
        quote = Quote(
            fact=self.fact.id,
            seq=account.seq,
            channel="report",
            via=account.report.channel,
            rule=rule,
            asked=account.asked,
            to_principal=account.to_principal,
            field=field,
            start=start,
            end=end,
            quote=source[start:end],
        )
        return Statement(quote.told, account.asked, account.to_principal, quote)


_RULES: Mapping[tuple[bool, bool], Rule] = {
    (True, False): "text tells",
    (False, False): "text denies",
    (True, True): "answer tells",
    (False, True): "answer denies",
}
"""By whether the fact is told, and whether by a bare yes or no."""


def _source(report: Report, field: str | None) -> str:
    return report.text if field is None else line_json(report.fields[field]).decode()


def check_quotes(events: Sequence[Event], statements: Sequence[Statement]) -> None:
    """Raises AssertionError where a statement's words are not in the trace."""
    for quote in (statement.quote for statement in statements):
        if quote is not None and not verify_quote(events, quote):
            raise AssertionError(f"a quote about {quote.fact} is not in event {quote.seq}")


def verify_quote(events: Sequence[Event], quote: Quote) -> bool:
    """Whether the trace holds these words at this place."""
    return 0 <= quote.seq < len(events) and holds(passages_of([events[quote.seq]]), quote)
