"""A model that says exactly what a test wrote down."""

from collections.abc import Callable, Sequence
from typing import Any

from ulterior.agent_runtime.models.protocol import ModelReply, ModelRequest
from ulterior.scenarios import AnyInstance
from ulterior.traces import Block, EpisodeSpec, Stop, Text, ToolCall, Usage

Answer = ModelReply | Exception


def says(*blocks: Block, stop: Stop | None = None, detail: str | None = None) -> ModelReply:
    """A reply with these blocks; it stops for tools when it has calls, unless told otherwise."""
    calls = any(block.type == "tool_call" for block in blocks)
    return ModelReply(
        blocks=tuple(blocks),
        stop=stop or ("tool_use" if calls else "end_turn"),
        usage=Usage(input=100, output=10),
        api="sim",
        wire=None,
        reasoning="absent",
        stop_detail=detail,
        latency=2.0,
    )


def text(words: str) -> ModelReply:
    return says(Text(text=words))


def calls(*names_and_arguments: tuple[str, dict[str, Any] | None], stop: Stop | None = None) -> ModelReply:
    return says(
        *(
            ToolCall(id=f"c{i}", name=name, arguments=given)
            for i, (name, given) in enumerate(names_and_arguments)
        ),
        stop=stop,
    )


class Scripted:
    """Gives the answers in order, whichever episode asks; raises those that are exceptions."""

    name = "sim/scripted"

    def __init__(
        self, answers: Sequence[Answer], on_sample: Callable[[ModelRequest], None] | None = None
    ) -> None:
        self._answers = list(answers)
        self._on_sample = on_sample
        self.requests: list[ModelRequest] = []

    def session(self, spec: EpisodeSpec, instance: AnyInstance) -> "Scripted":
        return self

    async def sample(self, request: ModelRequest) -> ModelReply:
        self.requests.append(request)
        if self._on_sample:
            self._on_sample(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def close(self) -> None:
        return None
