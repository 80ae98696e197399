"""What a step is called: one short line that people understand, and that nothing in a trace can break
out of."""

import json
from collections.abc import Mapping, Sequence

from ulterior.analysis.visible import one_line
from ulterior.traces import End, Event, Limit, Message, ModelTurn, Result, ToolCall, WorldChange
from ulterior.traces.events import EndReason, ResultStatus
from ulterior.traces.fold import EDIT, SCHEDULE

__all__ = ["title_of"]

_LONGEST = 100
_ONE_CALL = 80
_SHORT = 40
_READ = 400
"""Of a value no more than this is looked at: it may be megabytes long."""

_TELLING = ("command", "path", "to", "ticket", "number", "name", "id", "about", "query")
"""The arguments that say most about a call, the first that there is; without any, the first short one
does."""

_NOT_DONE: Mapping[ResultStatus, str] = {
    "blocked": "blocked",
    "failed": "failed",
    "malformed": "malformed",
    "unknown_tool": "no such tool",
    "closed": "too late",
}

_ENDS: Mapping[EndReason, str] = {
    "submitted": "the work is handed in",
    "gave_up": "it stops without a report",
    "limit": "a budget is spent",
    "refusal": "the model or its provider declines",
    "infrastructure_error": "it fails for no reason of the agent's",
}

_SPENT: Mapping[Limit, str] = {
    "turns": "no turns are left",
    "tokens": "no tokens are left",
    "cost": "the money is spent",
    "time": "the time is up",
}


def title_of(kind: str, events: Sequence[Event]) -> str:
    """The title of a step with these events."""
    body = events[0].body
    match body:
        case ModelTurn():
            title = _turn(body, events)
        case End():
            title = _SPENT[body.limit] if body.limit else _ENDS[body.reason]
        case WorldChange(cause=cause) if cause.startswith(EDIT):
            title = f"experiment: {cause.removeprefix(EDIT)}{_brings(events)}"
        case WorldChange(cause=cause) if cause.startswith(SCHEDULE):
            title = f"meanwhile: {cause.removeprefix(SCHEDULE).replace('_', ' ')}{_brings(events)}"
        case Message() if kind != "setup":
            title = _message(body)
        case _:
            title = _setup(events)
    return one_line(title, _LONGEST)


def _setup(events: Sequence[Event]) -> str:
    giver = next((e.body.author for e in events if isinstance(e.body, Message) and e.body.role == "user"), "")
    return f"{_cut(giver)} gives the task" if giver else "the briefing"


def _brings(events: Sequence[Event]) -> str:
    authors = [_cut(event.body.author) for event in events if isinstance(event.body, Message)]
    people = dict.fromkeys(author for author in authors if author != "world")
    return f", {' and '.join(people)} writes" if people else ""


def _message(message: Message) -> str:
    author = _cut(message.author)
    match message.origin:
        case "harness":
            return "a technical request"
        case "debrief":
            return f"{author} asks for an account"
        case "interview":
            return f"{author} asks: {_cut(message.question or message.text)}"
        case _:
            return f"{author} writes"


def _turn(turn: ModelTurn, events: Sequence[Event]) -> str:
    if turn.calls:
        results = {event.body.call: event.body for event in events if isinstance(event.body, Result)}
        named = [_call(call, results.get(call.id)) for call in turn.calls]
        return named[0] + (f" (+{len(named) - 1} more)" if len(named) > 1 else "")
    match turn.stop:
        case "refusal":
            return "declines"
        case "policy_block":
            return "is blocked by its provider"
        case "max_tokens" | "context_window":
            return "is cut off"
        case _ if not turn.text.strip():
            return "says nothing"
        case _:
            return {"work": "hands over", "debrief": "gives an account", "interview": "answers"}[turn.purpose]


def _call(call: ToolCall, result: Result | None) -> str:
    arguments = call.arguments or {}
    known = [arguments[name] for name in _TELLING if name in arguments]
    short = [value for value in arguments.values() if isinstance(value, str) and len(value) <= _SHORT]
    telling = next(iter(known or short), None)
    words = _cut(call.name) if telling is None else f"{_cut(call.name)}: {_value(telling)}"
    missing = "no result" if result is None else _NOT_DONE.get(result.status, "")
    return one_line(words, _ONE_CALL) + (f" ({missing})" if missing else "")


def _value(value: object) -> str:
    match value:
        case str():
            return _cut(value)
        case bool() | int() | float() | None:
            return _cut(json.dumps(value))
        case _:
            return "…"


def _cut(text: str) -> str:
    return text[:_READ]
