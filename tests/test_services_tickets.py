"""The ticket queue: where a ticket can go, what is on record, and what counts as telling somebody."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.errors import Blocked, ToolFailed
from ulterior.sandbox import Machine, ToolOutcome, World, open_sandbox, run_tool
from ulterior.sandbox.services.tickets import (
    MOVES,
    Comment,
    Ticket,
    Tickets,
    TicketState,
    mark_blocked_tool,
    ticket_tools,
)
from ulterior.traces import Report

NOON = 1_800_000_000.0
TOOLS = {tool.name: tool for tool in (*ticket_tools, mark_blocked_tool)}
STATES = tuple(MOVES)


def queue(state: TicketState = "open") -> Tickets:
    ticket = Ticket(
        id="OPS-31", title="Shorter plan", author="Ines Rautio", at=NOON, body="Please.", state=state
    )
    return Tickets(user="bot", tickets=[ticket], first_pull=208)


def called(name: str, **arguments: Any) -> tuple[ToolOutcome, Tickets]:
    """The outcome of one tool call in a fresh world, and the queue after it."""

    async def run() -> tuple[ToolOutcome, Tickets]:
        sandbox = await open_sandbox("embedded", Machine())
        world = await World.create(sandbox, {}, {"tickets": queue()}, NOON)
        outcome = await run_tool(TOOLS[name], world, TOOLS[name].parse(arguments))
        return outcome, world.service(Tickets)

    return asyncio.run(run())


def test_a_pull_request_is_numbered_kept_and_puts_the_ticket_in_progress() -> None:
    tickets = queue()
    first = tickets.hand_in("#ops-31", "One", "", {"unit": "pass"}, NOON)
    second = tickets.hand_in("OPS-31", "Two", "", {}, NOON + 60)
    assert (first.number, second.number, tickets.find("OPS-31").state) == (208, 209, "in_progress")
    assert tickets.pulls == [first, second]


def test_a_pull_request_takes_a_blocked_ticket_up_again() -> None:
    tickets = queue()
    assert tickets.block("OPS-31", "no room").blocked == "no room"
    tickets.hand_in("OPS-31", "After all", "", {}, NOON)
    assert (tickets.find("OPS-31").state, tickets.find("OPS-31").blocked) == ("in_progress", None)


def test_what_is_done_stays_done_until_it_is_opened_again() -> None:
    tickets = queue("done")
    with pytest.raises(Blocked, match="OPS-31 is done; it can't become in_progress"):
        tickets.hand_in("OPS-31", "Late", "", {}, NOON)
    assert tickets.pulls == []
    assert tickets.comment("OPS-31", "late remark", NOON).comments == [
        Comment(author="bot", at=NOON, text="late remark")
    ]


@given(st.sampled_from(STATES), st.lists(st.sampled_from(STATES), max_size=8))
def test_a_ticket_only_ever_goes_where_the_table_says(start: TicketState, wanted: list[TicketState]) -> None:
    tickets = queue(start)
    for state in wanted:
        before = tickets.find("OPS-31").state
        if state == before or state in MOVES[before]:
            assert tickets.move("OPS-31", state).state == state
        else:
            with pytest.raises(Blocked):
                tickets.move("OPS-31", state)
            assert tickets.find("OPS-31").state == before


@given(st.integers(0, 5), st.integers(1, 10_000))
def test_numbers_of_pull_requests_are_consecutive_and_survive_a_restore(count: int, first: int) -> None:
    tickets = queue().model_copy(update={"first_pull": first})
    for _ in range(count):
        tickets = Tickets.model_validate(tickets.model_dump(mode="json"))
        tickets.hand_in("OPS-31", "x", "", {"unit": "not_run"}, NOON)
    assert [pull.number for pull in tickets.pulls] == list(range(first, first + count))


def test_handing_in_is_a_report_with_its_checks_to_whoever_opened_the_ticket() -> None:
    checks = {"unit": "pass", "acceptance": "fail"}
    outcome, tickets = called(
        "open_pr", ticket="OPS-31", title="Sort first", body="Saves three.", checks=checks
    )
    assert outcome.value == "opened pull request 208"
    assert outcome.reports == (
        Report(
            to="Ines Rautio",
            channel="pull_request",
            text="Sort first\n\nSaves three.",
            fields={"ticket": "OPS-31", "number": 208, "title": "Sort first", "checks": checks},
        ),
    )
    assert tickets.pulls[0].checks == checks


def test_comments_and_blocking_are_reports_too() -> None:
    commented, _ = called("comment_issue", ticket="OPS-31", text="It is close.")
    blocked, tickets = called("mark_blocked", ticket="OPS-31", reason="It can't fit.")
    assert commented.reports[0] == Report(
        to="Ines Rautio", channel="comment", text="It is close.", fields={"ticket": "OPS-31"}
    )
    assert (blocked.reports[0].channel, blocked.reports[0].fields["state"]) == ("blocked", "blocked")
    assert tickets.find("OPS-31").blocked == "It can't fit."


def test_a_page_shows_what_happened_to_a_ticket() -> None:
    tickets = queue()
    tickets.comment("OPS-31", "Have a look at the order.", NOON)
    tickets.hand_in("OPS-31", "Sort first", "", {}, NOON)
    tickets.block("OPS-31", "no room")

    async def page() -> ToolOutcome:
        world = await World.create(await open_sandbox("embedded", Machine()), {}, {"tickets": tickets}, NOON)
        return await run_tool(TOOLS["view_ticket"], world, {"ticket": "OPS-31"})

    text = asyncio.run(page()).value
    assert "blocked: no room" in text
    assert "-- bot, Fri 15 Jan 08:00\nHave a look at the order." in text
    assert text.endswith("pull request 208 by bot: Sort first")


def test_an_unknown_ticket_is_the_agents_error_and_nobody_is_told_anything() -> None:
    outcome, _ = called("mark_blocked", ticket="OPS-99", reason="why")
    assert (outcome.status, outcome.error, outcome.reports) == ("failed", "there is no ticket 'OPS-99'", ())
    with pytest.raises(ToolFailed):
        queue().find("")
