"""A ticket queue and the pull requests that answer it.

Whatever is written into the queue is a report to whoever opened the ticket: a comment, a pull request,
or the note that a ticket is blocked. What is merged or closed is up to people, so the agent has no tool
that makes a ticket ``done``.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ulterior.errors import Blocked, ToolFailed
from ulterior.sandbox.services.base import Service
from ulterior.sandbox.tools import Tool, ToolOutcome, tool
from ulterior.sandbox.world import World
from ulterior.traces import Report

__all__ = [
    "CheckResult",
    "Comment",
    "PullRequest",
    "Ticket",
    "TicketState",
    "Tickets",
    "mark_blocked_tool",
    "ticket_tools",
]

TicketState = Literal["open", "in_progress", "blocked", "done"]
CheckResult = Literal["pass", "fail", "not_run"]

MOVES: Mapping[TicketState, frozenset[TicketState]] = {
    "open": frozenset({"in_progress", "blocked", "done"}),
    "in_progress": frozenset({"open", "blocked", "done"}),
    "blocked": frozenset({"open", "in_progress", "done"}),
    "done": frozenset({"open"}),
}
"""Where a ticket can go from each state; staying where it is changes nothing and is always allowed."""


class Comment(BaseModel):
    """A remark under a ticket. ``at`` is the world's time in epoch seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    author: str
    at: float
    text: str


class Ticket(BaseModel):
    """One ticket. ``blocked`` is why it can't go on, while its state is ``blocked``."""

    model_config = ConfigDict(extra="forbid")

    id: str
    title: str
    author: str
    at: float
    body: str
    state: TicketState = "open"
    blocked: str | None = None
    comments: list[Comment] = Field(default_factory=list[Comment])


class PullRequest(BaseModel):
    """A change handed in for a ticket. ``checks`` is what its author says that each check gave."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int
    ticket: str
    author: str
    at: float
    title: str
    body: str
    checks: dict[str, CheckResult]


class Tickets(Service):
    """The queue as ``user`` sees it. ``first_pull`` is the number that the first pull request gets."""

    user: str
    tickets: list[Ticket]
    first_pull: int = 1
    pulls: list[PullRequest] = Field(default_factory=list[PullRequest])

    def find(self, ticket: str) -> Ticket:
        """A ticket by its number. Raises :class:`ToolFailed` when there is none."""
        wanted = ticket.strip().lstrip("#").casefold()
        for known in self.tickets:
            if known.id.casefold() == wanted:
                return known
        raise ToolFailed(f"there is no ticket {ticket!r}")

    def move(self, ticket: str, state: TicketState) -> Ticket:
        """Put a ticket into a state. Raises :class:`Blocked` when it can't go there from where it is."""
        found = self.find(ticket)
        if state != found.state and state not in MOVES[found.state]:
            raise Blocked(f"{found.id} is {found.state}; it can't become {state}")
        found.state = state
        if state != "blocked":
            found.blocked = None
        return found

    def comment(self, ticket: str, text: str, at: float) -> Ticket:
        """Write under a ticket, whatever its state."""
        found = self.find(ticket)
        found.comments.append(Comment(author=self.user, at=at, text=text))
        return found

    def block(self, ticket: str, reason: str) -> Ticket:
        """Say that a ticket can't go on. A later pull request takes it up again."""
        found = self.move(ticket, "blocked")
        found.blocked = reason
        return found

    def hand_in(
        self, ticket: str, title: str, body: str, checks: Mapping[str, CheckResult], at: float
    ) -> PullRequest:
        """Open a pull request for a ticket, which is in progress from then on."""
        found = self.move(ticket, "in_progress")
        pull = PullRequest(
            number=self.first_pull + len(self.pulls),
            ticket=found.id,
            author=self.user,
            at=at,
            title=title,
            body=body,
            checks=dict(checks),
        )
        self.pulls.append(pull)
        return pull


def _when(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%a %d %b %H:%M}"


def _page(ticket: Ticket, pulls: list[PullRequest]) -> str:
    """A ticket as its page shows it."""
    lines = [f"{ticket.id}  {ticket.title}", f"{ticket.state}, opened by {ticket.author} {_when(ticket.at)}"]
    if ticket.blocked is not None:
        lines.append(f"blocked: {ticket.blocked}")
    lines += ["", ticket.body.rstrip()]
    for comment in ticket.comments:
        lines += ["", f"-- {comment.author}, {_when(comment.at)}", comment.text.rstrip()]
    lines += [
        f"\npull request {pull.number} by {pull.author}: {pull.title}"
        for pull in pulls
        if pull.ticket == ticket.id
    ]
    return "\n".join(lines)


def _report(ticket: Ticket, channel: str, text: str, **fields: Any) -> Report:
    return Report(to=ticket.author, channel=channel, text=text, fields={"ticket": ticket.id, **fields})


TicketNumber = Annotated[str, Field(description="the ticket's number", min_length=1)]


async def list_tickets(world: World) -> str:
    """List the tickets of the team."""
    lines = [f"{ticket.id}  {ticket.state:<11}  {ticket.title}" for ticket in world.service(Tickets).tickets]
    return "\n".join(lines) or "no tickets"


async def view_ticket(world: World, ticket: TicketNumber) -> str:
    """Read a ticket with its comments."""
    queue = world.service(Tickets)
    return _page(queue.find(ticket), queue.pulls)


async def comment_issue(
    world: World, ticket: TicketNumber, text: Annotated[str, Field(min_length=1)]
) -> ToolOutcome:
    """Write a comment under a ticket."""
    found = world.service(Tickets).comment(ticket, text, world.clock)
    return ToolOutcome(value=f"commented on {found.id}", reports=(_report(found, "comment", text),))


async def open_pr(
    world: World,
    ticket: TicketNumber,
    title: Annotated[str, Field(min_length=1)],
    body: str,
    checks: Annotated[
        dict[str, CheckResult], Field(description="what each check gave: pass, fail or not_run")
    ],
) -> ToolOutcome:
    """Open a pull request with the files as they are in the working folder."""
    queue = world.service(Tickets)
    pull = queue.hand_in(ticket, title, body, checks, world.clock)
    report = _report(
        queue.find(ticket),
        "pull_request",
        f"{title}\n\n{body}",
        number=pull.number,
        title=title,
        checks=pull.checks,
    )
    return ToolOutcome(value=f"opened pull request {pull.number}", reports=(report,))


async def mark_blocked(
    world: World,
    ticket: TicketNumber,
    reason: Annotated[str, Field(description="what stands in the way", min_length=1)],
) -> ToolOutcome:
    """Mark a ticket as blocked: it can't be finished as it stands."""
    found = world.service(Tickets).block(ticket, reason)
    report = _report(found, "blocked", reason, state="blocked", reason=reason)
    return ToolOutcome(value=f"{found.id} is blocked", reports=(report,))


ticket_tools: tuple[Tool, ...] = (
    tool(list_tickets, seconds=10.0),
    tool(view_ticket, seconds=30.0),
    tool(comment_issue, seconds=60.0),
    tool(open_pr, seconds=90.0),
)
mark_blocked_tool = tool(mark_blocked, seconds=60.0)
