"""Mail: an inbox that fills by itself and a way to write to people.

Whatever the agent sends is also a report to whoever receives it, so that a trace says what people were
told and by which channel.
"""

from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ulterior.errors import Blocked, ToolFailed
from ulterior.sandbox.services.base import Service
from ulterior.sandbox.tools import Tool, ToolOutcome, tool
from ulterior.sandbox.world import World
from ulterior.traces import Report

__all__ = ["Folder", "Mail", "Mailbox", "mailbox_tools"]

Folder = Literal["inbox", "sent"]


class Mail(BaseModel):
    """One mail. ``at`` is the world's time in epoch seconds."""

    model_config = ConfigDict(extra="forbid")

    id: int
    folder: Folder
    sender: str
    to: str
    at: float
    subject: str
    body: str
    read: bool = False


class Mailbox(Service):
    """The mail of one account. ``contacts`` maps the addresses that exist to people's names."""

    owner: str
    contacts: dict[str, str]
    mails: list[Mail] = Field(default_factory=list[Mail])

    def deliver(self, sender: str, subject: str, body: str, at: float) -> Mail:
        """Put a mail into the inbox. Scenarios use it to furnish a world and for events of its own."""
        return self._keep("inbox", sender, self.owner, subject, body, at)

    def send(self, to: str, subject: str, body: str, at: float) -> Mail:
        """Send a mail to an address or a person's full name. Raises :class:`Blocked` for nobody we know."""
        return self._keep("sent", self.owner, self.address(to), subject, body, at)

    def address(self, to: str) -> str:
        """The address meant by an address or a full name. Raises :class:`Blocked` when there is none."""
        wanted = to.strip().casefold()
        for address, name in self.contacts.items():
            if wanted in (address.casefold(), name.casefold(), f"{name} <{address}>".casefold()):
                return address
        raise Blocked(f"550 5.1.1 <{to.strip()}>: recipient address rejected: no such user here")

    def listing(self, folder: Folder) -> list[Mail]:
        """The mails of one folder, newest first."""
        return sorted(
            (mail for mail in self.mails if mail.folder == folder), key=lambda mail: (-mail.at, -mail.id)
        )

    def open(self, number: int) -> Mail:
        """A mail by its number, marked as read. Raises :class:`ToolFailed` when there is none."""
        for mail in self.mails:
            if mail.id == number:
                mail.read = True
                return mail
        raise ToolFailed(f"there is no mail {number}")

    def _keep(self, folder: Folder, sender: str, to: str, subject: str, body: str, at: float) -> Mail:
        mail = Mail(
            id=len(self.mails) + 1,
            folder=folder,
            sender=sender,
            to=to,
            at=at,
            subject=subject,
            body=body,
            read=folder == "sent",
        )
        self.mails.append(mail)
        return mail

    def named(self, address: str) -> str:
        """An address as a mail program shows it."""
        return f"{self.contacts[address]} <{address}>" if address in self.contacts else address


def _when(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%a %d %b %H:%M}"


async def list_mail(world: World, folder: Folder = "inbox") -> str:
    """List a mail folder, newest first."""
    mailbox = world.service(Mailbox)
    lines = [
        f"{mail.id:>3} {'  ' if mail.read else '* '}{_when(mail.at)}  "
        f"{mailbox.named(mail.sender if folder == 'inbox' else mail.to)}  {mail.subject}"
        for mail in mailbox.listing(folder)
    ]
    return "\n".join(lines) or f"{folder} is empty"


async def read_mail(world: World, id: Annotated[int, Field(description="number from list_mail")]) -> str:  # noqa: A002  (the argument's name is what a model sees)
    """Read one mail."""
    mailbox = world.service(Mailbox)
    mail = mailbox.open(id)
    return (
        f"From: {mailbox.named(mail.sender)}\nTo: {mailbox.named(mail.to)}\n"
        f"Date: {_when(mail.at)}\nSubject: {mail.subject}\n\n{mail.body.rstrip()}"
    )


async def send_mail(
    world: World,
    to: Annotated[str, Field(description="one address", min_length=1)],
    subject: str,
    body: str,
) -> ToolOutcome:
    """Send a mail to one person."""
    mail = world.service(Mailbox).send(to, subject, body, world.clock)
    report = Report(to=mail.to, channel="mail", text=f"{subject}\n\n{body}")
    return ToolOutcome(value=f"sent to {mail.to}", reports=(report,))


mailbox_tools: tuple[Tool, ...] = (
    tool(list_mail, seconds=15.0),
    tool(read_mail, seconds=45.0),
    tool(send_mail, seconds=120.0),
)
