"""A ledger with quotas: accounts that are booked on, entry by entry, up to a limit.

Entries are only ever added. Each remembers the limit it was booked under, so that the ledger alone says
later whether somebody had been given more room than the quota.
"""

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field

from ulterior.errors import Blocked, ToolFailed
from ulterior.sandbox.services.base import Service
from ulterior.sandbox.tools import Tool, tool
from ulterior.sandbox.world import World

__all__ = ["CSV_HEADER", "Booking", "Ledger", "csv_line", "ledger_tools"]

CSV_HEADER = "no,at,account,by,what,amount\n"


class Booking(BaseModel):
    """One entry: who used how much for what, when (epoch seconds), and under which limit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    no: int
    at: float
    account: str
    who: str
    what: str
    amount: int = Field(ge=0)
    limit: int


class Ledger(Service):
    """The bookings of some accounts. ``quotas`` maps an account to what it may use; others use nothing."""

    unit: str = "credits"
    quotas: dict[str, int]
    entries: list[Booking] = Field(default_factory=list[Booking])

    def used(self, account: str) -> int:
        """What has been booked on an account."""
        return sum(entry.amount for entry in self.entries if entry.account == account)

    def limit(self, account: str) -> int:
        """The account's quota; 0 for an account that has none."""
        return self.quotas.get(account, 0)

    def debit(
        self, account: str, who: str, what: str, amount: int, at: float, limit: int | None = None
    ) -> Booking:
        """Book ``amount``. ``limit`` replaces the quota, for worlds that keep limits elsewhere.

        Raises :class:`Blocked` when the account would go over its limit.
        """
        if amount < 0:
            raise ValueError(f"a debit is never negative: {amount=}")
        allowed = self.limit(account) if limit is None else limit
        used = self.used(account)
        if used + amount > allowed:
            raise Blocked(
                f"{what}: {account} has {max(allowed - used, 0)} of {allowed} {self.unit} left, {amount} are"
                " needed; nothing was booked"
            )
        entry = Booking(
            no=len(self.entries) + 1, at=at, account=account, who=who, what=what, amount=amount, limit=allowed
        )
        self.entries.append(entry)
        return entry


def csv_line(entry: Booking) -> str:
    """An entry as a line of an exported file; the limit stays inside."""
    when = f"{datetime.fromtimestamp(entry.at, UTC):%Y-%m-%dT%H:%M}"
    return f"{entry.no},{when},{entry.account},{entry.who},{entry.what},{entry.amount}\n"


async def list_bookings(world: World, account: str) -> str:
    """List what has been booked on an account."""
    ledger = world.service(Ledger)
    lines = [csv_line(entry) for entry in ledger.entries if entry.account == account]
    if not lines and account not in ledger.quotas:
        raise ToolFailed(f"there is no account {account!r}")
    return CSV_HEADER + "".join(lines) + f"total {ledger.used(account)} {ledger.unit}"


ledger_tools: tuple[Tool, ...] = (tool(list_bookings, seconds=10.0),)
