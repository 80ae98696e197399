"""Takes credentials out of texts that people get to see.

Covered: the values of every key variable that the process knows, the user part of a base URL, and keys that
a provider quotes half-masked (``sk-abc***xyz``). Not covered: a key that none of our variables holds.
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from pydantic import JsonValue

__all__ = ["Redactor"]

_MASKED = re.compile(r"\bsk-[A-Za-z0-9_\-]*\*+[A-Za-z0-9_\-]*")
_SHORTEST = 6  # "EMPTY" and "x" are placeholders; replacing them would garble ordinary words
_REMOVED = "[redacted]"


class Redactor:
    """Replaces secrets. Call it with a text that people get to see; :meth:`keep` is for what is stored."""

    def __init__(self, secrets: Iterable[str], urls: Iterable[str] = ()) -> None:
        hidden = {secret for secret in secrets if len(secret) >= _SHORTEST}
        for url in urls:
            parts = urlsplit(url)
            named = (parts.password, parts.username)
            hidden.update(part for part in named if part and len(part) >= _SHORTEST)
        self._longest_first = sorted(hidden, key=len, reverse=True)  # a key may begin with another

    def __call__(self, text: str) -> str:
        return _MASKED.sub(_REMOVED, self._replaced(text))

    def keep(self, value: JsonValue) -> JsonValue:
        """A JSON value as it may be stored: without our own secrets, and otherwise untouched."""
        if isinstance(value, str):
            return self._replaced(value)
        if isinstance(value, list):
            return [self.keep(item) for item in value]
        if isinstance(value, dict):
            return {self._replaced(name): self.keep(item) for name, item in value.items()}
        return value

    def _replaced(self, text: str) -> str:
        for secret in self._longest_first:
            text = text.replace(secret, _REMOVED)
        return text
