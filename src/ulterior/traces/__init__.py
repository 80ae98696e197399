"""What is written: event types, the log, sealed episodes, the study on disk."""

from ulterior.traces.blocks import Block, Frozen, Reasoning, Text, ToolCall
from ulterior.traces.canonical import canonical_json, digest, line_json, scrub
from ulterior.traces.events import (
    GENESIS,
    SCHEMA_VERSION,
    Blob,
    Body,
    End,
    EndReason,
    Entry,
    EpisodeStart,
    Event,
    FileChange,
    Intent,
    Limit,
    Message,
    ModelTurn,
    Purpose,
    Report,
    Result,
    ResultStatus,
    Stop,
    Usage,
    WorldChange,
    parse_event,
    to_line,
)
from ulterior.traces.fold import TraceState, fold
from ulterior.traces.identity import EpisodeSpec, ForkOrigin
from ulterior.traces.log import EventLog, LockedElsewhere
from ulterior.traces.patch import diff
from ulterior.traces.sealed import Summary, read_summary
from ulterior.traces.store import Study
from ulterior.traces.trace import Trace, load_trace
from ulterior.traces.world_state import WorldState, blob_of, bytes_of

__all__ = [
    "GENESIS",
    "SCHEMA_VERSION",
    "Blob",
    "Block",
    "Body",
    "End",
    "EndReason",
    "Entry",
    "EpisodeSpec",
    "EpisodeStart",
    "Event",
    "EventLog",
    "FileChange",
    "ForkOrigin",
    "Frozen",
    "Intent",
    "Limit",
    "LockedElsewhere",
    "Message",
    "ModelTurn",
    "Purpose",
    "Reasoning",
    "Report",
    "Result",
    "ResultStatus",
    "Stop",
    "Study",
    "Summary",
    "Text",
    "ToolCall",
    "Trace",
    "TraceState",
    "Usage",
    "WorldChange",
    "WorldState",
    "blob_of",
    "bytes_of",
    "canonical_json",
    "diff",
    "digest",
    "fold",
    "line_json",
    "load_trace",
    "parse_event",
    "read_summary",
    "scrub",
    "to_line",
]
