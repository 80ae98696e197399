"""Reads ``.env`` files: keys that a person keeps beside a project instead of in the shell."""

import re
from pathlib import Path

__all__ = ["read_dotenv"]

_LINE = re.compile(
    r"""^\s* (?:export\s+)? (?P<name>[A-Za-z_][A-Za-z0-9_]*) \s*=\s*
        (?: "(?P<double>(?:[^"\\]|\\.)*)" | '(?P<single>[^']*)' | (?P<plain>.*?) )
        \s* (?:(?<=\s)\#.*)? $""",
    re.VERBOSE,
)
_ESCAPES = {r"\n": "\n", r"\t": "\t", r"\"": '"', r"\\": "\\"}


def read_dotenv(path: Path) -> dict[str, str]:
    """The variables that a file sets; none when there is no such file.

    It knows ``NAME=value``, ``export``, single and double quotes, blank lines and comments; lines that are
    anything else are skipped, because other tools' files may hold more than we need. The environment is
    the caller's to put first: ``{**read_dotenv(path), **os.environ}``.
    """
    try:
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except (FileNotFoundError, IsADirectoryError):
        return {}
    found: dict[str, str] = {}
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is not None:
            found[match["name"]] = _value(match)
    return found


def _value(match: re.Match[str]) -> str:
    if match["double"] is not None:
        return re.sub(r"\\[nt\"\\]", lambda escape: _ESCAPES[escape[0]], match["double"])
    if match["single"] is not None:
        return match["single"]
    return match["plain"]
