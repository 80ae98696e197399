"""What the episode needs from a model, whoever serves it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from ulterior.sandbox import Tool
from ulterior.scenarios import AnyInstance
from ulterior.traces import Block, EpisodeSpec, Event, Stop, Usage

__all__ = ["Model", "ModelReply", "ModelRequest", "Session"]


@dataclass(frozen=True)
class ModelRequest:
    """One call for one model turn.

    ``conversation`` holds the ``message``, ``model`` and ``result`` events so far. Earlier turns are sent
    back from the wire JSON that their events keep verbatim. ``settings`` are the study's: adapters send
    the ones they know (``max_tokens``, ``temperature``, ``effort`` ...) and refuse others at start.
    ``answer_schema`` is the JSON schema that the text of the reply has to fit, where it is bound to one; a
    server that knows no such thing is asked without it, so the text may be anything all the same.
    """

    conversation: Sequence[Event]
    tools: tuple[Tool, ...]
    settings: Mapping[str, Any]
    answer_schema: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class ModelReply:
    """One model turn as it came back.

    ``wire`` is what must be echoed to continue: for ``anthropic`` the list of content blocks, for
    ``openai-responses`` the list of output items, for ``openai-chat`` the assistant message, for ``sim``
    null. Text in ``blocks`` is free of lone surrogates; ``wire`` is verbatim.
    """

    blocks: tuple[Block, ...]
    stop: Stop
    usage: Usage
    api: Literal["anthropic", "openai-responses", "openai-chat", "sim"]
    wire: Any
    reasoning: Literal["full", "summary", "hidden", "absent"]
    stop_detail: str | None = None
    attempts: int = 1
    latency: float = 0.0


class Session(Protocol):
    """One episode's conversation with a model."""

    async def sample(self, request: ModelRequest) -> ModelReply:
        """The next turn.

        A refusal or a policy block is a reply with that ``stop``. Raises
        :class:`~ulterior.errors.ModelUnavailable` when no answer came within the total deadline, or when
        the provider rejects the request for good (a bad key, an unknown model).
        """
        ...


class Model(Protocol):
    """A model of a provider: one client, one rate limiter and one retry policy for all its episodes."""

    @property
    def name(self) -> str:
        """The full name, such as ``anthropic/NAME``."""
        ...

    def session(self, spec: EpisodeSpec, instance: AnyInstance) -> Session:
        """The conversation of one episode. Simulated models need to know which; real ones ignore it."""
        ...

    async def close(self) -> None:
        """Close connections. Closing twice is harmless."""
        ...
