"""JavaScript cut into tokens, as far as an inliner has to understand it.

Covered: strings, templates with expressions inside, regular expressions, comments, words, numbers,
punctuation. Whether a slash divides or begins a regular expression is told by what stands before it; where
that can't be told, behind a brace, it is refused, as is all that can't be cut. Not covered: any meaning.
"""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Token", "Unreadable", "tokens_of"]

Kind = Literal["word", "number", "string", "template", "regex", "mark"]

_OPERATORS = frozenset(  # words after which a slash begins a regular expression
    ("await", "case", "delete", "do", "else", "in", "instanceof", "new", "of", "return", "throw", "typeof")
) | {"void", "yield"}
_HEADS = frozenset(("for", "if", "while", "with"))
_SPACE = " \t\n\r\ufeff"


class Unreadable(Exception):
    """Source that is no JavaScript that we know; ``at`` is the offset where it stops making sense."""

    def __init__(self, why: str, at: int) -> None:
        super().__init__(why)
        self.why = why
        self.at = at


@dataclass(frozen=True)
class Token:
    """A piece of source, ``source[start:end]``. A template is cut where its expressions begin and end."""

    kind: Kind
    text: str
    start: int
    end: int


def tokens_of(source: str) -> list[Token]:
    """All tokens of a module, without spaces and comments. Raises :class:`Unreadable`."""
    return _Cutter(source).cut()


class _Cutter:
    def __init__(self, source: str) -> None:
        self.source = source
        self.open: list[tuple[str, int]] = []  # brackets, and "${" for an expression inside a template
        self.heads: set[int] = set()  # where the brackets of `if (...)` open, and where they are closed

    def cut(self) -> list[Token]:
        found: list[Token] = []
        at = self._after_space(0)
        while at < len(self.source):
            before = found[-1] if found else None
            kind = self._kind(at, before)
            if self.source[at] == "(" and before and before.kind == "word" and before.text in _HEADS:
                self.heads.add(at)
            end = self._end(kind, at)
            found.append(Token(kind, self.source[at:end], at, end))
            at = self._after_space(end)
        if self.open:
            bracket, start = self.open[-1]
            raise Unreadable(f"{bracket!r} is never closed", start)
        return found

    def _after_space(self, at: int) -> int:
        source = self.source
        while at < len(source):
            if source[at] in _SPACE:
                at += 1
            elif source.startswith("//", at):
                at = end if (end := source.find("\n", at)) >= 0 else len(source)
            elif source.startswith("/*", at):
                if (end := source.find("*/", at + 2)) < 0:
                    raise Unreadable("a comment is never closed", at)
                at = end + 2
            else:
                break
        return at

    def _kind(self, at: int, before: Token | None) -> Kind:
        first = self.source[at]
        if first in "'\"":
            return "string"
        if first == "`" or (first == "}" and self.open and self.open[-1][0] == "${"):
            return "template"
        if first == "/" and self._begins_expression(at, before):
            return "regex"
        if first.isdigit() or (first == "." and self.source[at + 1 : at + 2].isdigit()):
            return "number"
        return "word" if _in_word(first) or first == "#" else "mark"

    def _begins_expression(self, at: int, before: Token | None) -> bool:
        """Whether an expression, and not an operator, comes at a place."""
        if before is None:
            return True
        if before.kind == "word":
            return before.text in _OPERATORS
        if before.kind == "template":
            return before.text.endswith("${")
        if before.text == "}":
            raise Unreadable("whether this divides can't be told: put brackets around what it divides", at)
        if before.text == ")":
            return before.start in self.heads
        return before.kind == "mark" and before.text not in ("]", "++", "--")

    def _end(self, kind: Kind, start: int) -> int:
        match kind:
            case "string":
                return self._quoted(start, self.source[start])
            case "template":
                return self._template(start)
            case "regex":
                return self._regex(start)
            case "word" | "number":
                return self._word(start)
            case "mark":
                return self._mark(start)

    def _word(self, at: int) -> int:
        at += 1
        while at < len(self.source) and (_in_word(self.source[at]) or self._in_number(at)):
            at += 1
        return at

    def _in_number(self, at: int) -> bool:
        """Whether this is the point of ``1.5``."""
        before, point, after = self.source[at - 1], self.source[at], self.source[at + 1 : at + 2]
        return point == "." and before.isdigit() and after.isdigit()

    def _quoted(self, start: int, quote: str) -> int:
        at = start + 1
        while at < len(self.source) and self.source[at] not in (quote, "\n"):
            at += 2 if self.source[at] == "\\" else 1
        if self.source[at : at + 1] != quote:
            raise Unreadable("a string is never closed", start)
        return at + 1

    def _template(self, start: int) -> int:
        if self.source[start] == "}":
            self.open.pop()
        at = start + 1
        while at < len(self.source) and self.source[at] != "`":
            if self.source.startswith("${", at):
                self.open.append(("${", at))
                return at + 2
            at += 2 if self.source[at] == "\\" else 1
        if at >= len(self.source):
            raise Unreadable("a template is never closed", start)
        return at + 1

    def _regex(self, start: int) -> int:
        at, in_class = start + 1, False
        while at < len(self.source) and self.source[at] != "\n":
            each = self.source[at]
            if each == "/" and not in_class:
                return self._word(at)  # its flags
            in_class = each == "[" or (in_class and each != "]")
            at += 2 if each == "\\" else 1
        raise Unreadable("a regular expression is never closed", start)

    def _mark(self, start: int) -> int:
        mark = self.source[start]
        if mark in "([{":
            self.open.append((mark, start))
        elif mark in ")]}":
            bracket, opened = self.open.pop() if self.open else ("", 0)
            if bracket + mark not in ("()", "[]", "{}"):
                raise Unreadable(f"{mark!r} closes nothing", start)
            if opened in self.heads:
                self.heads.add(start)
        return start + (2 if self.source[start : start + 2] in ("++", "--", "=>", "?.") else 1)


def _in_word(character: str) -> bool:
    return character.isalnum() or character in "_$"
