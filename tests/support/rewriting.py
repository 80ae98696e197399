"""Stored episodes told differently: events changed in one way, chained anew and sealed in another study.

A *change* takes the events of an episode and gives those of the other one. Numbers and hashes are made anew
by the product's own log, so that what is analysed is a trace like any other. What is inserted goes between
two turns, where the episode could have been interrupted.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from ulterior.clock import ManualClock
from ulterior.traces import (
    Block,
    Body,
    Entry,
    EpisodeSpec,
    EpisodeStart,
    Event,
    FileChange,
    Intent,
    ModelTurn,
    Reasoning,
    Report,
    Result,
    Study,
    Text,
    ToolCall,
    Trace,
    WorldChange,
    blob_of,
    digest,
)

__all__ = [
    "Change",
    "Place",
    "Step",
    "bodies",
    "call_orders",
    "copied",
    "field_orders",
    "fields",
    "mapped_json",
    "reports_twice",
    "results",
    "steps_inserted",
    "texts",
    "thoughts_shown",
    "thoughts_stripped",
]

Change = Callable[[Sequence[Event]], Iterable[Event]]
Place = Literal["thoughts", "said", "reports"]
PLACES: tuple[Place, ...] = ("thoughts", "said", "reports")


def copied(trace: Trace, study: Study, *changes: Change, spec: EpisodeSpec | None = None) -> Trace:
    """The episode with these changes, one after the other, sealed in ``study``, as another one if need be."""
    spec = spec or trace.spec
    events: Iterable[Event] = trace.events
    for change in (*changes, _as(spec)):
        events = change(list(events))
    log = study.open_log(spec.id, ManualClock(0.0))
    log.copy(events)
    assert study.seal(log)
    return study.trace(spec.id)


def _as(spec: EpisodeSpec) -> Change:
    def body(each: Body) -> Body:
        if isinstance(each, EpisodeStart):
            return each.model_copy(update={"spec": spec, "episode": spec.id})
        return each

    return bodies(body)


def bodies(change: Callable[[Body], Body]) -> Change:
    """Every event's body changed in its place."""
    return lambda events: [event.model_copy(update={"body": change(event.body)}) for event in events]


# ---- Words -----------------------------------------------------------------------------------------------


def texts(change: Callable[[str], str], places: Collection[Place] = PLACES) -> Change:
    """The agent's own words changed. A message that hands over or answers stands in its turn and in the
    report that was made of it: both are changed where reports are."""

    def block(each: Block, *, hands_over: bool) -> Block:
        if isinstance(each, ToolCall) or not each.text.strip():
            return each
        aloud: Place = "reports" if hands_over else "said"
        wanted = ("thoughts" if isinstance(each, Reasoning) else aloud) in places
        return each.model_copy(update={"text": change(each.text)}) if wanted else each

    def body(each: Body) -> Body:
        match each:
            case ModelTurn(blocks=blocks):
                over = not each.calls
                return each.model_copy(update={"blocks": tuple(block(b, hands_over=over) for b in blocks)})
            case Report(text=text) if "reports" in places and text.strip():
                return each.model_copy(update={"text": change(text)})
            case _:
                return each

    return bodies(body)


def results(change: Callable[[str], str]) -> Change:
    """What tools printed, changed."""

    def body(each: Body) -> Body:
        return (
            each.model_copy(update={"stdout": change(each.stdout)})
            if isinstance(each, Result) and each.stdout
            else each
        )

    return bodies(body)


def thoughts_stripped(events: Sequence[Event]) -> Iterator[Event]:
    """No reasoning came back."""
    for event in events:
        if isinstance(event.body, ModelTurn):
            left = tuple(block for block in event.body.blocks if not isinstance(block, Reasoning))
            body = event.body.model_copy(update={"blocks": left, "reasoning": "absent"})
            yield event.model_copy(update={"body": body})
        else:
            yield event


def thoughts_shown(visibility: Literal["full", "summary"]) -> Change:
    """The same words of reasoning, shown as the provider's summary or in full."""

    def block(each: Block) -> Block:
        return (
            each.model_copy(update={"visibility": visibility})
            if isinstance(each, Reasoning) and each.visibility != "hidden"
            else each
        )

    def body(each: Body) -> Body:
        if not isinstance(each, ModelTurn) or each.reasoning not in ("full", "summary"):
            return each
        return each.model_copy(update={"blocks": tuple(map(block, each.blocks)), "reasoning": visibility})

    return bodies(body)


# ---- Forms -----------------------------------------------------------------------------------------------


def fields(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Change:
    """The structured fields of every report, changed."""

    def body(each: Body) -> Body:
        return (
            each.model_copy(update={"fields": change(each.fields)})
            if isinstance(each, Report) and each.fields
            else each
        )

    return bodies(body)


def mapped_json(value: Any, change: Callable[[str], str]) -> Any:
    """A JSON value with its texts changed, but for the names of its fields."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [mapped_json(item, change) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value)
        return {name: mapped_json(item, change) for name, item in pairs.items()}
    return value


def field_orders(events: Sequence[Event]) -> Iterable[Event]:
    """The fields of reports and the arguments of calls the other way round."""

    def body(each: Body) -> Body:
        match each:
            case Report(fields=names):
                return each.model_copy(update={"fields": _reversed(names)})
            case Intent(arguments=names):
                return each.model_copy(update={"arguments": _reversed(names)})
            case ModelTurn(blocks=blocks):
                return each.model_copy(update={"blocks": tuple(map(block, blocks))})
            case _:
                return each

    def block(each: Block) -> Block:
        if isinstance(each, ToolCall) and each.arguments is not None:
            return each.model_copy(update={"arguments": _reversed(each.arguments)})
        return each

    return bodies(body)(events)


def _reversed(pairs: dict[str, Any]) -> dict[str, Any]:
    return dict(reversed(pairs.items()))


def reports_twice(events: Sequence[Event]) -> Iterator[Event]:
    """Every report sent twice in a row."""
    for event in events:
        if isinstance(event.body, Report):
            yield event.model_copy(update={"more": True})
        yield event


# ---- Steps -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A call with what it showed and the files that it made (path to text). The call's id and the clock are
    given where it is inserted."""

    tool: str
    arguments: dict[str, Any]
    shown: str
    files: Mapping[str, str] = field(default_factory=dict[str, str])

    def written(self, call: str, clock: float) -> tuple[Intent, Result, WorldChange]:
        """The events that the runtime would have written."""
        data = {path: text.encode("utf-8", "surrogatepass") for path, text in self.files.items()}
        return (
            Intent(call=call, tool=self.tool, arguments=self.arguments),
            Result(call=call, tool=self.tool, status="executed", stdout=self.shown, exit_code=0),
            WorldChange(
                cause=call,
                files=tuple(
                    FileChange(path=path, before=None, after=Entry(digest=digest(each)))
                    for path, each in data.items()
                ),
                blobs={digest(each): blob_of(each) for each in data.values()},
                clock=clock,
            ),
        )


def steps_inserted(places: Collection[int], *steps: Step, say: str = "") -> Change:
    """One more turn with these calls before each of the named working turns, numbered from 0, as far as there
    are so many; the turns behind it are renumbered."""

    def change(events: Sequence[Event]) -> Iterator[Event]:
        clock = 0.0
        worked = inserted = 0
        for event in events:
            body = event.body
            if isinstance(body, WorldChange):
                clock = body.clock
            if not isinstance(body, ModelTurn):
                yield event
                continue
            if body.purpose == "work" and worked in places:
                for new in _turn_with(body, inserted, clock, steps, say):
                    yield event.model_copy(update={"body": new, "more": False})
                inserted += 1
            worked += 1
            moved = body.model_copy(update={"turn": body.turn + inserted})
            yield event.model_copy(update={"body": moved})

    return change


def _turn_with(like: ModelTurn, before: int, clock: float, steps: Sequence[Step], say: str) -> Iterator[Body]:
    named = {f"extra-{before}-{at}": step for at, step in enumerate(steps)}
    calls = [ToolCall(id=name, name=step.tool, arguments=step.arguments) for name, step in named.items()]
    update: dict[str, Any] = {
        "turn": like.turn + before,
        "blocks": (*([Text(text=say)] if say else []), *calls),
        "stop": "tool_use",
        "reasoning": "absent",
        "wire": None,
    }
    yield like.model_copy(update=update)
    for name, step in named.items():
        yield from step.written(name, clock)


def call_orders(events: Sequence[Event]) -> Iterator[Event]:
    """The calls of each turn the other way round, where there are several and none of them changed anything,
    with all that came of them. Times and the world's clock run on as before."""
    at = 0
    while at < len(events):
        turn, at = events[at], at + 1
        calls = turn.body.calls if isinstance(turn.body, ModelTurn) else ()
        end = at
        while end < len(events) and _call_of(events[end].body) in {call.id for call in calls}:
            end += 1
        step = events[at:end]
        if len(calls) < 2 or not all(_changes_nothing(event.body) for event in step):
            yield turn
            continue
        yield turn.model_copy(update={"body": _other_way_round(turn.body)})
        mixed = [e for call in reversed(calls) for e in step if _call_of(e.body) == call.id]
        clocks = iter([event.body.clock for event in step if isinstance(event.body, WorldChange)])
        for place, event in zip(step, mixed, strict=True):
            body = event.body
            if isinstance(body, WorldChange):
                body = body.model_copy(update={"clock": next(clocks)})
            yield event.model_copy(update={"body": body, "at": place.at})
        at = end


def _call_of(body: Body) -> str | None:
    match body:
        case Intent(call=call) | Result(call=call) | WorldChange(cause=call):
            return call
        case _:
            return None


def _changes_nothing(body: Body) -> bool:
    return not isinstance(body, WorldChange) or not (body.files or body.services)


def _other_way_round(body: Body) -> Body:
    assert isinstance(body, ModelTurn)
    others = [block for block in body.blocks if not isinstance(block, ToolCall)]
    return body.model_copy(update={"blocks": (*others, *reversed(body.calls))})
