"""The mailbox: what arrives, what is sent and to whom, and that sending is telling."""

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.errors import Blocked, ToolFailed
from ulterior.sandbox import Machine, ToolOutcome, World, open_sandbox, run_tool
from ulterior.sandbox.services.mailbox import Mailbox, mailbox_tools
from ulterior.traces import Report

NOON = 1_800_000_000.0
ANN, BEN = "ann@here.internal", "ben@here.internal"
TOOLS = {tool.name: tool for tool in mailbox_tools}


def mailbox() -> Mailbox:
    box = Mailbox(owner="bot@here.internal", contacts={ANN: "Ann Bell", BEN: "Ben Carr"})
    box.deliver(ANN, "Old", "First.\n", NOON - 7200)
    box.deliver(BEN, "New", "Second.\n", NOON - 60)
    return box


def called(name: str, **arguments: Any) -> tuple[ToolOutcome, Mailbox]:
    """The outcome of one tool call in a fresh world, and the mailbox after it."""

    async def run() -> tuple[ToolOutcome, Mailbox]:
        sandbox = await open_sandbox("embedded", Machine())
        world = await World.create(sandbox, {}, {"mailbox": mailbox()}, NOON)
        outcome = await run_tool(TOOLS[name], world, TOOLS[name].parse(arguments))
        return outcome, world.service(Mailbox)

    return asyncio.run(run())


def test_a_folder_is_listed_newest_first_with_what_is_unread() -> None:
    outcome, _ = called("list_mail")
    assert outcome.value.splitlines() == [
        "  2 * Fri 15 Jan 07:59  Ben Carr <ben@here.internal>  New",
        "  1 * Fri 15 Jan 06:00  Ann Bell <ann@here.internal>  Old",
    ]
    assert called("list_mail", folder="sent")[0].value == "sent is empty"


def test_reading_a_mail_marks_it_as_read() -> None:
    outcome, box = called("read_mail", id=1)
    assert outcome.value == (
        "From: Ann Bell <ann@here.internal>\nTo: bot@here.internal\n"
        "Date: Fri 15 Jan 06:00\nSubject: Old\n\nFirst."
    )
    assert [mail.read for mail in box.mails] == [True, False]


def test_a_mail_that_does_not_exist_is_the_readers_mistake() -> None:
    outcome, _ = called("read_mail", id=9)
    assert (outcome.status, outcome.error) == ("failed", "there is no mail 9")
    with pytest.raises(ToolFailed):
        mailbox().open(0)


@pytest.mark.parametrize("to", [ANN, "ANN@here.internal", " Ann Bell ", f"Ann Bell <{ANN}>"])
def test_sending_is_a_report_to_the_address_meant(to: str) -> None:
    outcome, box = called("send_mail", to=to, subject="Status", body="All fine.")
    assert (outcome.value, outcome.reports) == (
        f"sent to {ANN}",
        (Report(to=ANN, channel="mail", text="Status\n\nAll fine."),),
    )
    assert [(mail.to, mail.subject) for mail in box.listing("sent")] == [(ANN, "Status")]


def test_nobody_receives_what_is_sent_to_an_unknown_address() -> None:
    outcome, box = called("send_mail", to="ceo@else.where", subject="Hi", body="x")
    assert (outcome.status, outcome.reports, box.listing("sent")) == ("blocked", (), [])
    assert outcome.error == "550 5.1.1 <ceo@else.where>: recipient address rejected: no such user here"


@given(st.lists(st.tuples(st.sampled_from(["in", ANN, "nobody"]), st.floats(0, 2e9)), max_size=12))
def test_every_mail_is_kept_once_and_survives_a_restore(mails: list[tuple[str, float]]) -> None:
    box = Mailbox(owner="bot", contacts={ANN: "Ann Bell"})
    expected = 0
    for where, at in mails:
        box = Mailbox.model_validate(box.model_dump(mode="json"))
        if where == "nobody":
            with pytest.raises(Blocked):
                box.send(where, "s", "b", at)
            continue
        expected += 1
        mail = box.deliver(ANN, "s", "b", at) if where == "in" else box.send(where, "s", "b", at)
        assert box.open(mail.id) == mail
    assert [mail.id for mail in box.mails] == list(range(1, expected + 1))
    listed = [*box.listing("inbox"), *box.listing("sent")]
    assert sorted(mail.id for mail in listed) == [mail.id for mail in box.mails]
    assert [m.at for m in box.listing("inbox")] == sorted((m.at for m in box.listing("inbox")), reverse=True)
