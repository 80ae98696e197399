"""One way to turn values into bytes and bytes into names.

Two JSON forms exist. :func:`canonical_json` sorts keys and is what identities are hashed over;
:func:`line_json` keeps the order given and is what a trace line holds. Both escape everything
outside ASCII, so that lone surrogates from a provider's wire JSON survive a round trip.
"""

import hashlib
import json
from typing import Any

from pydantic import JsonValue

__all__ = ["JsonObject", "JsonValue", "canonical_json", "digest", "line_json", "scrub"]

JsonObject = dict[str, JsonValue]
# Made once: making one costs more than writing a short line with it.
_LINE = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def canonical_json(value: Any) -> bytes:
    """The one byte string for a JSON value: sorted keys, no spaces, ASCII. NaN raises ``ValueError``."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")


def line_json(value: Any) -> bytes:
    """A JSON value on one line, keys in the order given, without the newline."""
    return _LINE.encode(value).encode("ascii")


def digest(data: bytes) -> str:
    """SHA-256 of some bytes as 64 hex digits: the name of a content everywhere in Ulterior."""
    return hashlib.sha256(data).hexdigest()


def scrub(text: str) -> str:
    """Text that any UTF-8 consumer can read: lone surrogates become visible ``\\udXXX`` escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
