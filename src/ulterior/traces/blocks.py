"""What one model turn is made of, whichever provider spoke: reasoning, text, tool calls.

Blocks are for reading and judging. What is sent back to a provider is rebuilt from the wire JSON
that the ``model`` event keeps verbatim beside them.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Block", "Frozen", "Reasoning", "Text", "ToolCall"]


class Frozen(BaseModel):
    """Base of everything that is written down: closed, immutable, compared by value."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Frozen):
    """What the model said."""

    type: Literal["text"] = "text"
    text: str


class Reasoning(Frozen):
    """What the model thought, as far as the provider shows it.

    ``hidden`` means that reasoning took place and none of its words came back.
    """

    type: Literal["reasoning"] = "reasoning"
    text: str
    visibility: Literal["full", "summary", "hidden"] = "full"


class ToolCall(Frozen):
    """A call as the model wrote it. ``arguments`` is None when they were not a JSON object.

    ``raw`` then holds the text as received, so that nothing is lost to a parser's kindness.
    """

    type: Literal["tool_call"] = "tool_call"
    id: str
    name: str
    arguments: dict[str, Any] | None
    raw: str | None = None


Block = Annotated[Text | Reasoning | ToolCall, Field(discriminator="type")]
