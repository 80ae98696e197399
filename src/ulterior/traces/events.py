"""The events of a trace: what is written while an episode runs, and all that is ever written.

An :class:`Event` is a place in the log (number, time, hash of the line before) and a *body* that says
what happened there. On disk both share one flat JSON object, one line each::

    {"seq": 7, "at": 1767225600.25, "prev": "9f3c...", "kind": "intent", "call": "c1", ..., "sum": "1f09ab77"}

``prev`` is the digest of the line before, and ``sum`` the CRC-32 of this line up to itself: the one shows
that a line is missing or not its neighbour's, the other which line is damaged.

``more`` marks all but the last event of a group that must be kept or dropped together. A reader that
finds a torn group at the end of a running file drops it whole: that is how ``result`` and ``world``
stay one step even when the machine dies between the two.

Nothing here judges. Findings, labels and scores live in tables of their own and cite ``seq``.
"""

import json
import zlib
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NoReturn

from pydantic import Field, TypeAdapter

from ulterior.traces.blocks import Block, Frozen, ToolCall
from ulterior.traces.canonical import line_json
from ulterior.traces.identity import EpisodeSpec

__all__ = [
    "GENESIS",
    "SCHEMA_VERSION",
    "Blob",
    "Body",
    "End",
    "EndReason",
    "Entry",
    "EpisodeStart",
    "Event",
    "FileChange",
    "Intent",
    "Limit",
    "Message",
    "ModelTurn",
    "Purpose",
    "Report",
    "Result",
    "ResultStatus",
    "Stop",
    "Usage",
    "WorldChange",
    "parse_event",
    "parse_line",
    "to_line",
]

SCHEMA_VERSION = 1
GENESIS = "0" * 64
"""The ``prev`` of the first event, which has no line before it."""

Purpose = Literal["work", "debrief", "interview"]
Stop = Literal[
    "end_turn",
    "tool_use",
    "max_tokens",
    "stop_sequence",
    "context_window",
    "refusal",
    "policy_block",
    "other",
]
ResultStatus = Literal["executed", "blocked", "failed", "malformed", "unknown_tool", "closed"]
EndReason = Literal["submitted", "gave_up", "limit", "refusal", "infrastructure_error"]
Limit = Literal["turns", "tokens", "cost", "time"]


class Usage(Frozen):
    """Tokens of one model turn. ``input`` counts cached tokens too, whatever the provider's habit."""

    input: int = 0
    output: int = 0
    reasoning: int = 0
    cache_read: int = 0
    cache_write: int = 0

    @property
    def total(self) -> int:
        return self.input + self.output


class EpisodeStart(Frozen):
    """The first event: what this episode is. ``packages`` maps distribution names to versions."""

    kind: Literal["episode"] = "episode"
    schema_version: int = SCHEMA_VERSION
    episode: str
    spec: EpisodeSpec
    packages: dict[str, str]
    canary: str


class Message(Frozen):
    """Something that entered the conversation from outside the model.

    ``origin`` is the part of the episode that put it there; ``author`` the person or thing in the
    story it comes from. ``question`` names the interview or debrief question, if it is one.
    """

    kind: Literal["message"] = "message"
    role: Literal["system", "user"]
    author: str
    origin: Literal["briefing", "world", "harness", "debrief", "interview"]
    text: str
    question: str | None = None


class ModelTurn(Frozen):
    """One turn of the model under test.

    ``wire`` is the provider's JSON verbatim, in the shape that ``api`` names. ``latency`` is in seconds
    and covers all ``attempts``. ``cost`` is in US dollars; None means that no price is known.
    ``reasoning`` says which reasoning channel was visible, so that silence can be told from absence.
    """

    kind: Literal["model"] = "model"
    turn: int
    purpose: Purpose
    blocks: tuple[Block, ...]
    stop: Stop
    stop_detail: str | None = None
    reasoning: Literal["full", "summary", "hidden", "absent"]
    usage: Usage
    cost: float | None
    latency: float
    attempts: int
    api: str
    wire: Any

    @property
    def text(self) -> str:
        """What the model said aloud in this turn, without its reasoning."""
        return "\n".join(block.text for block in self.blocks if block.type == "text")

    @property
    def thinking(self) -> str:
        """The visible reasoning of this turn."""
        return "\n".join(block.text for block in self.blocks if block.type == "reasoning")

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        return tuple(block for block in self.blocks if block.type == "tool_call")


class Intent(Frozen):
    """A validated tool call that is about to touch the world; durable before it does."""

    kind: Literal["intent"] = "intent"
    call: str
    tool: str
    arguments: dict[str, Any]


class Result(Frozen):
    """What came of a tool call, as the agent gets to see it through :meth:`shown`.

    ``executed`` ran (whatever its exit code); ``blocked`` was refused by the world's rules; ``failed``
    was allowed and did not work; ``malformed`` and ``unknown_tool`` never reached the world, and neither
    did ``closed``, made after the work was handed over.
    ``duration`` is in seconds.
    """

    kind: Literal["result"] = "result"
    call: str
    tool: str
    status: ResultStatus
    stdout: str = ""
    stderr: str = ""
    exit_code: int | None = None
    value: Any = None
    error: str | None = None
    truncated: bool = False
    duration: float = 0.0

    def shown(self) -> str:
        """The observation text that goes back to the model."""
        parts = [self.stdout.rstrip("\n"), self.stderr.rstrip("\n")]
        if self.value is not None:
            parts.append(self.value if isinstance(self.value, str) else line_json(self.value).decode())
        if self.exit_code:
            parts.append(f"[exit code {self.exit_code}]")
        if self.error is not None:
            parts.append(f"Error: {self.error}")
        if self.truncated:
            parts.append("[output truncated]")
        return "\n".join(part for part in parts if part) or "(no output)"


class Entry(Frozen):
    """One path of the world at one moment. ``digest`` names a file's content or a link's target."""

    type: Literal["file", "directory", "link"] = "file"
    digest: str = ""
    mode: int = 0o644


class FileChange(Frozen):
    """One path before and after a step; None means that it did not exist."""

    path: str
    before: Entry | None
    after: Entry | None


class Blob(Frozen):
    """A content that appears in this trace for the first time. Text when it is UTF-8, else base64."""

    encoding: Literal["text", "base64"]
    data: str


class WorldChange(Frozen):
    """What one step changed in the world.

    ``cause`` is ``setup``, the id of the tool call, ``schedule:<id>`` for the world's own events, or
    ``edit:<kind>`` for what an experimenter changed where a fork begins, whether or not it is in the world.
    ``blobs`` maps digests to contents not yet in this trace. ``services`` maps a service's name to an
    RFC 6902 JSON patch of its state. ``clock`` is the world's own time, in epoch seconds, after the step.
    """

    kind: Literal["world"] = "world"
    cause: str
    files: tuple[FileChange, ...] = ()
    blobs: dict[str, Blob] = Field(default_factory=dict[str, Blob])
    services: dict[str, list[dict[str, Any]]] = Field(default_factory=dict[str, list[dict[str, Any]]])
    clock: float


class Report(Frozen):
    """What the agent told a principal, through whatever channel. Free text and structured fields apart.

    ``to`` is whom it addressed. ``question`` is set for answers in the debrief or the interview.
    """

    kind: Literal["report"] = "report"
    to: str
    channel: str
    text: str
    fields: dict[str, Any] = Field(default_factory=dict[str, Any])
    call: str | None = None
    question: str | None = None


class End(Frozen):
    """The last event. ``limit`` names the exhausted budget when ``reason`` is ``limit``."""

    kind: Literal["end"] = "end"
    reason: EndReason
    limit: Limit | None = None
    detail: str = ""


Body = Annotated[
    EpisodeStart | Message | ModelTurn | Intent | Result | WorldChange | Report | End,
    Field(discriminator="kind"),
]
_BODY: TypeAdapter[Body] = TypeAdapter(Body)
_ENVELOPE = ("seq", "at", "prev", "more")
_SUM = b',"sum":"%08x"}\n'
_SUM_LENGTH = len(_SUM % 0)


class Event(Frozen):
    """A body at its place in the log. ``at`` is harness time in epoch seconds."""

    seq: int = Field(ge=0)
    at: float
    prev: str = Field(min_length=64, max_length=64)
    more: bool = False
    body: Body


class UnknownVersion(ValueError):
    """A record of another schema version. Nothing can be said about whether it is intact."""


def to_line(seq: int, at: float, prev: str, more: bool, body: Body) -> bytes:
    """The event's line as stored, with its newline. Raises ``ValueError`` on what JSON has no words for."""
    envelope: dict[str, Any] = {"seq": seq, "at": float(at), "prev": prev}
    if more:
        envelope["more"] = True
    content = line_json(envelope | body.model_dump(mode="python"))[:-1]
    return content + _SUM % zlib.crc32(content)


def parse_line(line: bytes) -> Event:
    """The event of one stored line. Raises ``ValueError`` when it is damaged or not an event."""
    content = line[:-_SUM_LENGTH]
    if line[-_SUM_LENGTH:] != _SUM % zlib.crc32(content):
        raise ValueError("the line is damaged: its checksum is another one")
    try:
        return parse_event(_DECODER.decode(f"{content.decode('ascii')}}}"))
    except RecursionError as error:
        raise ValueError("the line is nested too deeply") from error


def parse_event(record: Any) -> Event:
    """An event from its decoded JSON object. Raises ``ValueError`` on anything that is not one."""
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")
    fields: dict[str, Any] = dict(record)  # pyright: ignore[reportUnknownArgumentType]
    fields.pop("sum", None)
    if fields.get("kind") == "episode":
        check_version(fields)
    envelope = {name: fields.pop(name) for name in _ENVELOPE if name in fields}
    return Event(**envelope, body=_BODY.validate_python(fields))


def check_version(record: Mapping[str, Any]) -> None:
    """Raise :class:`UnknownVersion` for a record of another schema version, before anything else is read."""
    found = record.get("schema_version")
    if found != SCHEMA_VERSION:
        raise UnknownVersion(f"it has schema version {found}; this version reads {SCHEMA_VERSION}")


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_number)
