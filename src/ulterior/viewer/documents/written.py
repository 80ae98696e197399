"""Documents as JSON text."""

import json
from typing import Any

from ulterior.traces import Frozen
from ulterior.viewer.documents.replay import Replay

__all__ = ["json_of"]


def json_of(document: Frozen) -> str:
    """The document as JSON in ASCII, whatever the trace holds.

    Half a surrogate pair, which a provider may send, is an escape like ``\\ud800``; pydantic's JSON mode
    would raise there, and at values that are nested deeper within a document than they could be in a
    trace. So events are handed over as they are.
    """
    fields: dict[str, Any] = document.model_dump(exclude={"events"})
    if isinstance(document, Replay):
        fields["events"] = document.events
    return json.dumps(fields, separators=(",", ":"), allow_nan=False)
