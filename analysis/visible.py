"""Text from a trace made safe to print: what steers a terminal or hides from a reader becomes visible.

Traces keep every character that a model or a tool produced, escape sequences and direction overrides
included. What is shown to people goes through :func:`visible` first; what is a name or stands in a table
through :func:`one_line`.
"""

import re
import unicodedata

from ulterior.errors import UlteriorError

__all__ = ["fence", "markdown", "one_line", "plainly", "visible"]

_LONGEST = 2000

_SUSPECT = re.compile(r"[^\n -~]")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # controls, formats, surrogates, line and paragraph marks
_MARKDOWN = re.compile(r"[\\`*\[\]<>#|~&$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=//)|(?<=www)\.")


def visible(text: str) -> str:
    """The text with control characters as pictures (``␛``) and other invisible ones as ``\\u....``."""
    return _SUSPECT.sub(_shown, text.replace("\r\n", "\n").replace("\t", "    "))


def _shown(match: re.Match[str]) -> str:
    char, code = match[0], ord(match[0])
    if unicodedata.category(char) not in _UNSEEN:
        return char
    if code == 0x7F:
        return "␡"
    if code < 0x20:
        return chr(0x2400 + code)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def one_line(text: str, length: int | None = 200) -> str:
    """The text on one line, cut at ``length`` characters; None: whole, as a command has to be."""
    line = re.sub(r"\s*\n\s*", " ", visible(text)).strip()
    return line if length is None or len(line) <= length else line[: length - 1] + "…"


def plainly(error: Exception) -> str:
    """What an error says, each of its parts on one line: they may name what stands in a file."""
    if not isinstance(error, UlteriorError):
        return one_line(str(error), _LONGEST)
    parts = (one_line(part, _LONGEST) for part in (error.what, error.why, error.fix))
    return str(UlteriorError(*parts))


def markdown(text: str) -> str:
    """One line of text that Markdown shows as it is, in a paragraph or in a table cell."""
    return _MARKDOWN.sub(r"\\\g<0>", one_line(text, 2000))


def fence(text: str, language: str = "text") -> str:
    """The text as a code block whose fence is longer than any in it."""
    text = visible(text)
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    marks = "`" * max(3, longest + 1)
    return f"{marks}{language}\n{text.rstrip(chr(10))}\n{marks}"
