"""What each of the three APIs has to offer to the server."""

from typing import Any, Protocol

from ulterior.agent_runtime.wire.asked import Asked
from ulterior.agent_runtime.wire.speech import Speech

__all__ = ["WireApi"]


class WireApi(Protocol):
    """One API's way of putting things."""

    @property
    def name(self) -> str: ...

    @property
    def path(self) -> str: ...

    @property
    def names_events(self) -> bool:
        """Whether events carry their name on a line of its own."""
        ...

    def parse(self, body: dict[str, Any]) -> Asked:
        """Raises :class:`~ulterior.agent_runtime.wire.asked.Rejected`."""
        ...

    def reply(self, asked: Asked, speech: Speech) -> dict[str, Any]:
        """The body of a plain JSON answer."""
        ...

    def events(self, asked: Asked, speech: Speech) -> list[dict[str, Any]]:
        """The same answer as a stream."""
        ...

    def error(self, kind: str, message: str, code: str | None) -> dict[str, Any]:
        """The body of an error response."""
        ...

    def stream_error(self, kind: str, message: str) -> dict[str, Any]:
        """An error event within a stream."""
        ...
