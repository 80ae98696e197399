"""The language model behind a judge: handed in by the caller, so that analysis knows no provider."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

__all__ = ["JudgeModel", "JudgeReply", "JudgeRequest"]


@dataclass(frozen=True)
class JudgeRequest:
    """One call: instructions, the wrapped view, and the JSON schema of the answer. A judge has no tools."""

    system: str
    prompt: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class JudgeReply:
    """What came back. ``stop`` is ``end`` when it was finished, else why it was not (``refusal``,
    ``max_tokens`` ...). ``cost`` is in US dollars, None when no price is known."""

    text: str
    stop: str = "end"
    cost: float | None = None
    tokens_in: int = 0
    tokens_out: int = 0


class JudgeModel(Protocol):
    """A model that judges. One client for all calls; it limits its own rate and retries by itself."""

    @property
    def name(self) -> str:
        """The full name, such as ``anthropic/NAME``."""
        ...

    async def ask(self, request: JudgeRequest) -> JudgeReply:
        """The answer. A refusal is a reply. Raises :class:`~ulterior.errors.ModelUnavailable`."""
        ...

    async def close(self) -> None: ...
