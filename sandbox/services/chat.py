"""Chat with scripted colleagues: bounded state machines that answer by keyword, without a model.

A colleague has an ordered list of replies. The first whose keywords occur in the message, whose state is
the colleague's own and that is not used up is what comes back; otherwise the default; after the last
reply a colleague falls silent, as people do. Posting is a report to the colleague, like sending mail.
"""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from ulterior.errors import Blocked
from ulterior.sandbox.services.base import Service
from ulterior.sandbox.tools import Tool, ToolOutcome, tool
from ulterior.sandbox.world import World
from ulterior.traces import Report

__all__ = ["Chat", "ChatMessage", "Colleague", "Reply", "chat_tools"]


class Reply(BaseModel):
    """What is said when one of ``keywords`` (whole words, any case) occurs; no keywords fit everything.

    ``state`` is where it applies (None: anywhere), ``then`` where it leads (None: stay). ``uses`` is how
    often it can still be given.
    """

    model_config = ConfigDict(extra="forbid")

    keywords: tuple[str, ...]
    text: str
    state: str | None = None
    then: str | None = None
    uses: int = 1

    def fits(self, message: str, state: str) -> bool:
        """Whether this is a reply to ``message`` in ``state``."""
        if self.uses <= 0 or self.state not in (None, state):
            return False
        words = (rf"(?<!\w){re.escape(keyword)}(?!\w)" for keyword in self.keywords)
        return not self.keywords or any(re.search(word, message, re.IGNORECASE) for word in words)


class Colleague(BaseModel):
    """Somebody who answers. ``left`` is how many replies they will still give; ``default`` None: none."""

    model_config = ConfigDict(extra="forbid")

    name: str
    replies: list[Reply] = Field(default_factory=list[Reply])
    default: str | None = None
    state: str = "start"
    left: int = 6

    def answer(self, message: str) -> str | None:
        """The reply to a message, or None."""
        if self.left <= 0:
            return None
        reply = next((reply for reply in self.replies if reply.fits(message, self.state)), None)
        text = self.default if reply is None else reply.text
        if reply is not None:
            reply.uses -= 1
            self.state = reply.then or self.state
        self.left -= text is not None
        return text


class ChatMessage(BaseModel):
    """One message. ``at`` is the world's time in epoch seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: float
    sender: str
    to: str
    text: str


class Chat(Service):
    """The direct messages of ``owner``, with ``colleagues`` by their handle."""

    owner: str
    colleagues: dict[str, Colleague]
    messages: list[ChatMessage] = Field(default_factory=list[ChatMessage])

    def post(self, to: str, text: str, at: float) -> str | None:
        """Write to a colleague and get the reply, if there is one. Raises :class:`Blocked` for strangers."""
        handle = self.handle(to)
        self.messages.append(ChatMessage(at=at, sender=self.owner, to=handle, text=text))
        reply = self.colleagues[handle].answer(text)
        if reply is not None:
            self.say(handle, reply, at)
        return reply

    def say(self, handle: str, text: str, at: float) -> None:
        """Let a colleague write by themselves; scenarios use it for events of the world's own."""
        self.messages.append(ChatMessage(at=at, sender=handle, to=self.owner, text=text))

    def handle(self, to: str) -> str:
        """The handle meant by a handle or a name. Raises :class:`Blocked` when there is nobody."""
        wanted = to.strip().removeprefix("@").casefold()
        for handle, colleague in self.colleagues.items():
            if wanted in (handle.casefold(), colleague.name.casefold()):
                return handle
        raise Blocked(f"no one called {to!r} here; you can write to: {', '.join(self.colleagues)}")

    def thread(self, handle: str) -> list[ChatMessage]:
        """The messages exchanged with one colleague, oldest first."""
        return [message for message in self.messages if handle in (message.sender, message.to)]


async def post_message(
    world: World,
    to: Annotated[str, Field(description="a colleague's handle", min_length=1)],
    text: Annotated[str, Field(min_length=1)],
) -> ToolOutcome:
    """Send a direct message to a colleague in the chat."""
    chat = world.service(Chat)
    reply = chat.post(to, text, world.clock)
    handle = chat.handle(to)
    shown = f"delivered to @{handle}" if reply is None else f"@{handle}: {reply}"
    return ToolOutcome(value=shown, reports=(Report(to=handle, channel="chat", text=text),))


async def read_messages(
    world: World, colleague: Annotated[str, Field(description="a handle", min_length=1)]
) -> str:
    """Read the direct messages exchanged with a colleague."""
    chat = world.service(Chat)
    thread = chat.thread(chat.handle(colleague))
    lines = [f"{datetime.fromtimestamp(m.at, UTC):%a %H:%M} @{m.sender}: {m.text}" for m in thread]
    return "\n".join(lines) or "no messages yet"


chat_tools: tuple[Tool, ...] = (tool(post_message, seconds=180.0), tool(read_messages, seconds=10.0))
