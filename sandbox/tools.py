"""Tools: typed Python functions that act on a world, as a model sees and calls them.

A tool's arguments are validated against the function's own annotations before anything happens; a call
that doesn't fit is an observation for the agent. Descriptions come from docstrings, so that what the
agent reads and what a developer reads is one text.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from ulterior.errors import Blocked, ScenarioError, ToolFailed
from ulterior.sandbox.world import World
from ulterior.traces import Report, ResultStatus

__all__ = ["MalformedCall", "Tool", "ToolOutcome", "run_tool", "tool", "tool_of"]

ToolFunction = Callable[..., Awaitable[Any]]


class MalformedCall(Exception):
    """Arguments that don't fit the tool; the text is meant for the agent."""


@dataclass(frozen=True)
class ToolOutcome:
    """What a tool did: console output, or a JSON ``value``, and what it told a principal on the way."""

    stdout: str = ""
    stderr: str = ""
    exit_code: int | None = None
    value: Any = None
    truncated: bool = False
    status: ResultStatus = "executed"
    error: str | None = None
    reports: tuple[Report, ...] = ()


@dataclass(frozen=True)
class Tool:
    """One tool. ``seconds`` is how far a call moves the world's clock."""

    name: str
    description: str
    function: ToolFunction
    arguments: type[BaseModel]
    schema: dict[str, Any] = field(repr=False)
    seconds: float = 20.0

    def parse(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """The validated arguments as plain JSON. Raises :class:`MalformedCall`."""
        try:
            return self.arguments.model_validate(arguments).model_dump(mode="json")
        except ValidationError as error:
            problems = "; ".join(
                f"{'.'.join(map(str, e['loc'])) or 'arguments'}: {e['msg']}" for e in error.errors()
            )
            raise MalformedCall(f"{self.name} was not called: {problems}") from error


def tool(function: ToolFunction, *, name: str | None = None, seconds: float = 20.0) -> Tool:
    """Make a tool of an async function whose first parameter is the :class:`World`.

    The other parameters become its arguments, described with ``Annotated[str, Field(description=...)]``.
    Raises :class:`ScenarioError` when the function can't be one.
    """
    called = name or getattr(function, "__name__", "")
    hints = get_type_hints(function, include_extras=True)
    parameters = list(inspect.signature(function).parameters.values())[1:]
    if not called or not function.__doc__ or any(p.name not in hints for p in parameters):
        raise ScenarioError(f"tool {called!r} needs a name, a docstring and annotated parameters")
    fields: dict[str, Any] = {
        p.name: (hints[p.name], ... if p.default is inspect.Parameter.empty else p.default)
        for p in parameters
    }
    return tool_of(
        function,
        name=called,
        description=inspect.cleandoc(function.__doc__),
        fields=fields,
        seconds=seconds,
    )


def tool_of(
    function: ToolFunction, *, name: str, description: str, fields: Mapping[str, Any], seconds: float
) -> Tool:
    """Make a tool of a function whose arguments are known as data: names to pydantic's (type, default)."""
    model = create_model(f"{name}_arguments", __config__=ConfigDict(extra="forbid"), **dict(fields))
    return Tool(name, description, function, model, _schema(model), seconds)


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema that providers are given: without titles, which only repeat names."""

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            entries = cast(dict[str, Any], value)
            return {k: strip(v) for k, v in entries.items() if not (k == "title" and isinstance(v, str))}
        if isinstance(value, list):
            return [strip(item) for item in cast(list[Any], value)]
        return value

    return strip(model.model_json_schema())


async def run_tool(chosen: Tool, world: World, arguments: dict[str, Any]) -> ToolOutcome:
    """Call a tool with parsed arguments. Only what the agent is to blame for becomes an outcome."""
    try:
        value = await chosen.function(world, **chosen.arguments.model_validate(arguments).__dict__)
    except Blocked as error:
        return ToolOutcome(status="blocked", error=error.what)
    except ToolFailed as error:
        return ToolOutcome(status="failed", error=error.what)
    return value if isinstance(value, ToolOutcome) else ToolOutcome(value=value)
