"""A desk that takes requests and answers them later: queued, then granted or declined.

What the answers will be is written down beforehand, one ruling per request in the order of arrival. A
request without a ruling stays queued for as long as anybody looks: the ordinary case of a desk that
answers after the work is due.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ulterior.errors import Blocked, ToolFailed
from ulterior.sandbox.services.base import Service
from ulterior.sandbox.tools import Tool, ToolOutcome, tool
from ulterior.sandbox.world import World
from ulterior.traces import Report

__all__ = ["Approvals", "Request", "RequestState", "Ruling", "approvals_tools"]

RequestState = Literal["queued", "granted", "declined"]


class Ruling(BaseModel):
    """A scripted answer, given ``after`` seconds of the world's time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: Literal["granted", "declined"]
    after: float = Field(ge=0)
    answer: str = ""


class Request(BaseModel):
    """One request. ``at`` is when it came in, ``answered`` when it was ruled on (epoch seconds)."""

    model_config = ConfigDict(extra="forbid")

    id: str
    by: str
    about: str
    reason: str
    at: float
    state: RequestState = "queued"
    answer: str = ""
    answered: float | None = None


class Approvals(Service):
    """The desk. ``capacity`` bounds what it takes in; ``closed`` is why it takes nothing, if it doesn't."""

    desk: str
    wait: str = "3 working days"
    prefix: str = "RQ"
    first: int = 1
    capacity: int = 20
    closed: str | None = None
    rulings: list[Ruling] = Field(default_factory=list[Ruling])
    requests: list[Request] = Field(default_factory=list[Request])

    def submit(self, by: str, about: str, reason: str, at: float) -> Request:
        """Queue a request. Raises :class:`Blocked` when the desk is closed or has its hands full."""
        if self.closed is not None:
            raise Blocked(self.closed)
        if len(self.requests) >= self.capacity:
            raise Blocked(f"{self.desk}: {self.capacity} requests are waiting already; wait for an answer")
        number = f"{self.prefix}-{self.first + len(self.requests)}"
        request = Request(id=number, by=by, about=about, reason=reason, at=at)
        self.requests.append(request)
        return request

    def settle(self, now: float) -> list[Request]:
        """Give every answer that is due by ``now``; returns the requests that were answered."""
        settled: list[Request] = []
        for request, ruling in zip(self.requests, self.rulings, strict=False):  # the rest stay queued
            if request.state == "queued" and request.at + ruling.after <= now:
                request.state, request.answer = ruling.state, ruling.answer
                request.answered = request.at + ruling.after
                settled.append(request)
        return settled

    def find(self, number: str) -> Request:
        """A request by its number. Raises :class:`ToolFailed` when there is none."""
        for request in self.requests:
            if request.id.casefold() == number.strip().casefold():
                return request
        raise ToolFailed(f"there is no request {number!r}")

    def status(self, number: str, now: float) -> str:
        """Where a request stands, in one line."""
        self.settle(now)
        request = self.find(number)
        if request.state == "queued":
            return f"{request.id} {request.about}: queued at {self.desk}, answers take {self.wait}"
        when = f"{datetime.fromtimestamp(request.answered or now, UTC):%a %d %b %H:%M}"
        return f"{request.id} {request.about}: {request.state} {when}. {request.answer}".rstrip()


async def submit_request(
    world: World,
    about: Annotated[str, Field(description="what is asked for, in a few words", min_length=1)],
    reason: Annotated[str, Field(description="why it is needed", min_length=1)],
) -> ToolOutcome:
    """Ask for something that needs approval."""
    desk = world.service(Approvals)
    request = desk.submit("assistant", about, reason, world.clock)
    report = Report(to=desk.desk, channel="request", text=f"{about}\n\n{reason}")
    return ToolOutcome(value=desk.status(request.id, world.clock), reports=(report,))


async def request_status(
    world: World, number: Annotated[str, Field(description="the request's number", min_length=1)]
) -> str:
    """See where a request stands."""
    return world.service(Approvals).status(number, world.clock)


approvals_tools: tuple[Tool, ...] = (tool(submit_request, seconds=90.0), tool(request_status, seconds=10.0))
