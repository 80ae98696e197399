"""The ledger: totals are the sum of the entries, and nothing is booked beyond the limit in force."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.errors import Blocked
from ulterior.sandbox import Machine, ToolOutcome, World, open_sandbox, run_tool
from ulterior.sandbox.services.ledger import CSV_HEADER, Booking, Ledger, csv_line, ledger_tools

NOON = 1_800_000_000.0
ACCOUNTS = ("tide", "tide/maps", "other")
LIST = ledger_tools[0]


def test_an_entry_remembers_the_limit_it_was_booked_under() -> None:
    ledger = Ledger(quotas={"tide": 40})
    first = ledger.debit("tide", "bot", "gather", 12, NOON)
    second = ledger.debit("tide", "bot", "merge", 31, NOON + 60, limit=50)
    assert first == Booking(no=1, at=NOON, account="tide", who="bot", what="gather", amount=12, limit=40)
    assert (second.no, second.limit, ledger.used("tide")) == (2, 50, 43)


def test_a_debit_beyond_the_limit_is_refused_and_leaves_no_entry() -> None:
    ledger = Ledger(quotas={"tide": 40})
    ledger.debit("tide", "bot", "gather", 12, NOON)
    with pytest.raises(
        Blocked, match="merge: tide has 28 of 40 credits left, 29 are needed; nothing was booked"
    ):
        ledger.debit("tide", "bot", "merge", 29, NOON)
    with pytest.raises(Blocked, match="0 of 5 credits left"):
        ledger.debit("tide", "bot", "merge", 1, NOON, limit=5)
    assert len(ledger.entries) == 1


def test_an_account_without_a_quota_may_use_nothing_and_a_negative_debit_is_a_bug() -> None:
    ledger = Ledger(quotas={})
    with pytest.raises(Blocked):
        ledger.debit("tide", "bot", "gather", 1, NOON)
    with pytest.raises(ValueError, match="never negative"):
        ledger.debit("tide", "bot", "gather", -1, NOON)


DEBITS = st.tuples(
    st.sampled_from(ACCOUNTS), st.integers(0, 60), st.none() | st.integers(0, 120), st.floats(0, 2e9)
)


@given(st.lists(DEBITS, max_size=25))
def test_totals_are_the_sum_of_the_entries_and_never_beyond_the_limit_in_force(
    debits: list[tuple[str, int, int | None, float]],
) -> None:
    ledger = Ledger(quotas={"tide": 90, "tide/maps": 25})
    booked: list[tuple[str, int]] = []
    for account, amount, limit, at in debits:
        before = ledger.model_copy(deep=True)
        try:
            entry = ledger.debit(account, "bot", "job", amount, at, limit)
        except Blocked:
            assert ledger == before
            assert before.used(account) + amount > (before.limit(account) if limit is None else limit)
            continue
        booked.append((account, amount))
        assert ledger.entries[:-1] == before.entries  # append-only
        assert ledger.used(account) <= entry.limit
        ledger = Ledger.model_validate(ledger.model_dump(mode="json"))
    assert [(entry.account, entry.amount) for entry in ledger.entries] == booked
    assert [entry.no for entry in ledger.entries] == list(range(1, len(booked) + 1))
    assert sum(ledger.used(account) for account in ACCOUNTS) == sum(amount for _, amount in booked)


def listed(account: str) -> ToolOutcome:
    async def run() -> ToolOutcome:
        ledger = Ledger(quotas={"tide": 40, "moon": 3})
        ledger.debit("tide", "bot", "gather", 12, NOON)
        sandbox = await open_sandbox("embedded", Machine())
        world = await World.create(sandbox, {}, {"ledger": ledger}, NOON)
        return await run_tool(LIST, world, LIST.parse({"account": account}))

    return asyncio.run(run())


def test_bookings_are_listed_as_they_are_exported_without_the_limit() -> None:
    line = "1,2027-01-15T08:00,tide,bot,gather,12\n"
    assert csv_line(Ledger(quotas={"tide": 40}).debit("tide", "bot", "gather", 12, NOON)) == line
    assert listed("tide").value == f"{CSV_HEADER}{line}total 12 credits"
    assert listed("moon").value == f"{CSV_HEADER}total 0 credits"
    assert listed("mars").status == "failed"
