"""What a study is called in the addresses of the pages."""

import re
from collections.abc import Collection

__all__ = ["study_key"]


def study_key(name: str, taken: Collection[str] = ()) -> str:
    """A word for an address: letters, digits, dots, dashes and underlines of the folder's name."""
    word = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "study"
    key, number = word, 2
    while key in taken:
        key, number = f"{word}-{number}", number + 1
    return key
