"""A model behind an API: one adapter that speaks to it, one lane that paces it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from pydantic import TypeAdapter

from ulterior.agent_runtime.models.failures import Failure
from ulterior.agent_runtime.models.lane import Lane
from ulterior.agent_runtime.models.protocol import ModelReply, ModelRequest
from ulterior.agent_runtime.models.redact import Redactor
from ulterior.scenarios import AnyInstance
from ulterior.traces import Block, EpisodeSpec, Usage

__all__ = ["Adapter", "Endpoint", "RemoteModel", "visible_reasoning"]

Visibility = Literal["full", "summary", "hidden", "absent"]
_MOST_TELLING: tuple[Visibility, ...] = ("full", "summary", "hidden")
_BLOCKS: TypeAdapter[tuple[Block, ...]] = TypeAdapter(tuple[Block, ...])
Api = Literal["anthropic", "openai-responses", "openai-chat"]


@dataclass(frozen=True)
class Endpoint:
    """Where a model is and how we are let in. ``model`` is the provider's own name for it."""

    model: str
    base_url: str
    key: str

    def __repr__(self) -> str:
        return f"Endpoint({self.model!r}, {self.base_url!r})"  # never the key, not even in a traceback


class Adapter(Protocol):
    """One API. It makes its SDK's client when it is first needed and holds no other state."""

    @property
    def api(self) -> Api:
        """The name under which this API's wire JSON is kept."""
        ...

    async def attempt(self, request: ModelRequest) -> ModelReply:
        """Ask once. Raises :class:`Failure` when no reply came."""
        ...

    async def close(self) -> None: ...


class RemoteModel:
    """A :class:`~ulterior.agent_runtime.models.protocol.Model` of a provider, and its own session.

    The whole conversation travels with every request, so that episodes share one session object.
    """

    def __init__(self, name: str, adapter: Adapter, lane: Lane, redact: Redactor) -> None:
        self._name = name
        self._adapter = adapter
        self._lane = lane
        self._redact = redact
        self._takes_schemas = True  # until it has refused one

    @property
    def name(self) -> str:
        return self._name

    def session(self, spec: EpisodeSpec, instance: AnyInstance) -> "RemoteModel":
        return self

    async def sample(self, request: ModelRequest) -> ModelReply:
        done = await self._lane.run(lambda: self._attempt(request))
        reply = self._without_secrets(done.value)
        return replace(reply, attempts=done.attempts, latency=done.latency)

    def _without_secrets(self, reply: ModelReply) -> ModelReply:
        """The reply as it may be stored: a server, or a model that was told, may quote our key."""
        wire = self._redact.keep(reply.wire)
        if wire == reply.wire:  # as good as always, and then nothing may be changed
            return reply
        blocks = _BLOCKS.validate_python(self._redact.keep(_BLOCKS.dump_python(reply.blocks, mode="json")))
        return replace(reply, wire=wire, blocks=blocks)

    async def close(self) -> None:
        await self._adapter.close()

    async def _attempt(self, request: ModelRequest) -> ModelReply:
        """An attempt, with the failures that are outcomes turned into replies."""
        try:
            return await self._asked(request)
        except Failure as failure:
            if failure.stop is None:
                raise
            return ModelReply(
                blocks=(),
                stop=failure.stop,
                stop_detail=self._redact(failure.detail or failure.message),
                usage=Usage(),
                api=self._adapter.api,
                wire=None,
                reasoning="absent",
            )

    async def _asked(self, request: ModelRequest) -> ModelReply:
        """An attempt that leaves the schema out where the server turns out to know no such thing.

        How servers say so differs, so the words are not read: if the same request is good without its
        schema, then it was the schema that was wrong with it.
        """
        if request.answer_schema is None:
            return await self._adapter.attempt(request)
        plain = replace(request, answer_schema=None)
        if not self._takes_schemas:
            return await self._adapter.attempt(plain)
        try:
            return await self._adapter.attempt(request)
        except Failure as failure:
            if failure.remedy != "give_up":
                raise
            try:
                reply = await self._adapter.attempt(plain)
            except Failure as other:
                raise (other if other.remedy == "retry" else failure) from None
        self._takes_schemas = False
        return reply


def visible_reasoning(
    blocks: Sequence[Block], usage: Usage
) -> Literal["full", "summary", "hidden", "absent"]:
    """Which reasoning channel a turn showed: the most telling one among its blocks.

    Tokens spent on reasoning without a block to show for them count as hidden reasoning.
    """
    seen = {block.visibility for block in blocks if block.type == "reasoning"}
    for visibility in _MOST_TELLING:
        if visibility in seen:
            return visibility
    return "hidden" if usage.reasoning else "absent"
