"""The events of a trace as pages get them: the trace's own, without what no page needs.

What stands in a trace twice is left out once, because an episode has to fit into a file that people mail:
contents are named by the beginning of their digest, and a call that was carried out as the model wrote it has
its arguments there only.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ulterior.traces import Event, Intent, ModelTurn, WorldChange
from ulterior.traces.world_state import bytes_of
from ulterior.viewer.documents import Content

__all__ = ["contents_of", "shown_events"]

_LEFT_OUT = {"wire", "blobs"}
_NAME = 16  # hex digits: the beginnings of two digests differ, and where they don't, the whole ones are names


def shown_events(events: Sequence[Event]) -> tuple[dict[str, Any], ...]:
    """All events, as plain JSON values."""
    names = _names(events)
    asked: dict[str, Mapping[str, Any] | None] = {}
    shown: list[dict[str, Any]] = []
    for event in events:
        # Not mode="json": that chokes on halves of surrogate pairs.
        body = event.body.model_dump(exclude=_LEFT_OUT)
        match event.body:
            case ModelTurn(calls=calls):
                asked |= {call.id: call.arguments for call in calls}
            case Intent(call=call, arguments=arguments) if asked.get(call) == arguments:
                del body["arguments"]
            case WorldChange():
                for change in body["files"]:
                    for entry in filter(None, (change["before"], change["after"])):
                        entry["digest"] = names.get(entry["digest"], entry["digest"])
            case _:
                pass
        shown.append({"seq": event.seq, "at": event.at, **body})
    return tuple(shown)


def contents_of(events: Sequence[Event]) -> dict[str, Content]:
    """The contents of files and the targets of links, by the names that events give them."""
    names = _names(events)
    return {
        names[digest]: Content(size=len(bytes_of(blob)), text=blob.data if blob.encoding == "text" else None)
        for event in events
        if isinstance(event.body, WorldChange)
        for digest, blob in event.body.blobs.items()
    }


def _names(events: Iterable[Event]) -> dict[str, str]:
    digests = {d for event in events if isinstance(event.body, WorldChange) for d in event.body.blobs}
    shared = Counter(digest[:_NAME] for digest in digests)
    return {digest: digest[:_NAME] if shared[digest[:_NAME]] == 1 else digest for digest in digests}
