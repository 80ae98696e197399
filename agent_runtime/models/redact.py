"""Takes credentials out of texts that people get to see.

Covered: the values of every key variable that the process knows, the user part of a base URL, and keys that
a provider quotes half-masked (``sk-abc***xyz``). Not covered: a key that none of our variables holds.
"""

import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

__all__ = ["redactor"]

_MASKED = re.compile(r"\bsk-[A-Za-z0-9_\-]*\*+[A-Za-z0-9_\-]*")
_SHORTEST = 6  # "EMPTY" and "x" are placeholders; replacing them would garble ordinary words
_REMOVED = "[redacted]"


def redactor(secrets: Iterable[str], urls: Iterable[str] = ()) -> Callable[[str], str]:
    """A function that replaces these secrets, and the credentials within these URLs, in any text."""
    hidden = {secret for secret in secrets if len(secret) >= _SHORTEST}
    for url in urls:
        parts = urlsplit(url)
        hidden.update(part for part in (parts.password, parts.username) if part and len(part) >= _SHORTEST)
    longest_first = sorted(hidden, key=len, reverse=True)  # a key may begin with another

    def redact(text: str) -> str:
        for secret in longest_first:
            text = text.replace(secret, _REMOVED)
        return _MASKED.sub(_REMOVED, text)

    return redact
