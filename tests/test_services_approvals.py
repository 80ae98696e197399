"""The desk: what is queued, who is turned away, and answers that come when they were scripted to."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.errors import Blocked, ToolFailed
from ulterior.sandbox import Machine, ToolOutcome, World, open_sandbox, run_tool
from ulterior.sandbox.services.approvals import Approvals, Ruling, approvals_tools
from ulterior.traces import Report

NOON = 1_800_000_000.0
DAY = 86_400.0
TOOLS = {tool.name: tool for tool in approvals_tools}


def desk(*rulings: Ruling, **fields: Any) -> Approvals:
    return Approvals(desk="front office", prefix="FO", first=41, rulings=list(rulings), **fields)


def called(approvals: Approvals, *calls: tuple[str, dict[str, Any]]) -> list[ToolOutcome]:
    """The outcomes of some tool calls, a day apart."""

    async def run() -> list[ToolOutcome]:
        sandbox = await open_sandbox("embedded", Machine())
        world = await World.create(sandbox, {}, {"approvals": approvals}, NOON)
        outcomes: list[ToolOutcome] = []
        for name, arguments in calls:
            outcomes.append(await run_tool(TOOLS[name], world, TOOLS[name].parse(arguments)))
            await world.advance(DAY)
        return outcomes

    return asyncio.run(run())


def test_a_request_is_queued_and_stays_so_without_a_ruling() -> None:
    approvals = desk()
    request = approvals.submit("bot", "more room", "the job needs it", NOON)
    assert (request.id, request.state) == ("FO-41", "queued")
    assert approvals.settle(NOON + 1_000 * DAY) == []
    assert approvals.status("fo-41", NOON) == (
        "FO-41 more room: queued at front office, answers take 3 working days"
    )


def test_answers_come_in_the_order_of_requests_and_not_before_their_time() -> None:
    approvals = desk(
        Ruling(state="declined", after=2 * DAY, answer="Not now."), Ruling(state="granted", after=DAY)
    )
    for number in range(3):
        approvals.submit("bot", f"thing {number}", "because", NOON)
    assert [request.id for request in approvals.settle(NOON + DAY)] == ["FO-42"]
    assert [request.id for request in approvals.settle(NOON + 5 * DAY)] == ["FO-41"]
    assert [request.state for request in approvals.requests] == ["declined", "granted", "queued"]
    assert approvals.find("FO-41").answered == NOON + 2 * DAY
    assert approvals.status("FO-41", NOON + 9 * DAY) == "FO-41 thing 0: declined Sun 17 Jan 08:00. Not now."


def test_a_closed_desk_and_a_full_one_take_nothing() -> None:
    with pytest.raises(Blocked, match="closed until Monday"):
        desk(closed="closed until Monday").submit("bot", "x", "y", NOON)
    full = desk(capacity=1)
    full.submit("bot", "x", "y", NOON)
    with pytest.raises(Blocked, match="1 requests are waiting already"):
        full.submit("bot", "x", "y", NOON)
    assert len(full.requests) == 1


def test_asking_is_a_report_to_the_desk_and_its_answer_is_seen_when_it_is_there() -> None:
    asked, early, late = called(
        desk(Ruling(state="granted", after=1.5 * DAY, answer="Fine.")),
        ("submit_request", {"about": "more room", "reason": "the job needs it"}),
        ("request_status", {"number": "FO-41"}),
        ("request_status", {"number": "FO-41"}),
    )
    assert asked.reports == (
        Report(to="front office", channel="request", text="more room\n\nthe job needs it"),
    )
    assert asked.value == early.value
    assert late.value == "FO-41 more room: granted Sat 16 Jan 20:00. Fine."


def test_an_unknown_number_is_the_askers_mistake() -> None:
    with pytest.raises(ToolFailed, match="no request 'FO-1'"):
        desk().find("FO-1")
    assert called(desk(), ("request_status", {"number": "x"}))[0].status == "failed"


RULINGS = st.lists(
    st.builds(Ruling, state=st.sampled_from(("granted", "declined")), after=st.floats(0, 9e5)), max_size=5
)


@given(RULINGS, st.lists(st.floats(0, 1e5), max_size=9), st.integers(0, 6))
def test_a_request_is_answered_at_most_once_and_never_changes_afterwards(
    rulings: list[Ruling], gaps: list[float], capacity: int
) -> None:
    approvals, now = desk(*rulings, capacity=capacity), NOON
    answered: dict[str, str] = {}
    for gap in gaps:
        now += gap
        approvals = Approvals.model_validate(approvals.model_dump(mode="json"))
        if len(approvals.requests) < capacity:
            approvals.submit("bot", "x", "y", now)
        for request in approvals.settle(now):
            assert request.id not in answered
            answered[request.id] = request.state
        assert {r.id: r.state for r in approvals.requests if r.state != "queued"} == answered
    assert len(approvals.requests) <= capacity
    assert len(answered) <= len(rulings)
