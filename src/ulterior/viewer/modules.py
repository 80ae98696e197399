"""A module of the pages: what it imports and exports, and its source without saying so.

Understood are these forms, at the outermost level of a module::

    import { a, b as c } from "./x.js";     import d from "./x.js";      import "./x.js";
    export function f() {}                  export async function f() {} export class C {}
    export const a = ..., b = ...;          export { a, b as c };        export default ...

All else that a module could say about others is refused with file and line: ``import *``, what is handed on,
``export let``, imports that happen later, ``import.meta``, await outside of functions.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from ulterior.viewer.tokens import Token, Unreadable, tokens_of

__all__ = ["Module", "NotInlined", "parsed"]

_OURS = ("$module", "$default")
_STATEMENTS = frozenset(  # words that begin a statement
    ("class", "const", "export", "for", "function", "if", "import", "let", "return", "switch", "throw")
)


class NotInlined(Exception):
    """A module that the inliner does not take, with the file and the line."""

    def __init__(self, path: str, line: int, why: str) -> None:
        super().__init__(f"{path}:{line}: {why}")
        self.path = path
        self.line = line
        self.why = why


@dataclass
class Module:
    """One module. ``imports`` are (module, [(exported name, local name)]); ``exports`` exported → local.

    ``edits`` are (start, end, new text) on the source, in order.
    """

    path: str
    source: str
    imports: list[tuple[str, list[tuple[str, str]]]] = field(
        default_factory=list[tuple[str, list[tuple[str, str]]]]
    )
    exports: dict[str, str] = field(default_factory=dict[str, str])
    edits: list[tuple[int, int, str]] = field(default_factory=list[tuple[int, int, str]])
    lines: dict[str, int] = field(default_factory=dict[str, int])

    def refused(self, at: int, why: str) -> NotInlined:
        return NotInlined(self.path, self.source.count("\n", 0, at) + 1, why)


def parsed(path: str, source: str) -> Module:
    """A module by its path below the front end's folder. Raises :class:`NotInlined`."""
    module = Module(path, source)
    for forbidden in ("</script", "<!--"):  # would end or change the script element that holds it
        if (at := source.lower().find(forbidden)) >= 0:
            raise module.refused(at, f"{forbidden!r} can't stand in a page's script")
    try:
        tokens = tokens_of(source)
    except Unreadable as error:
        raise module.refused(error.at, error.why) from error
    _Reader(module, tokens).read()
    return module


class _Reader:
    """Goes through a module's tokens and notes its imports, its exports and the edits that remove them."""

    def __init__(self, module: Module, tokens: list[Token]) -> None:
        self.module = module
        self.tokens = tokens
        self.at = 0
        self.given: dict[str, Token] = {}  # local names that are exported, and where

    def read(self) -> None:
        depth = 0
        changing: set[str] = set()
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            depth += _opens(token) - _closes(token)
            before = self.tokens[self.at - 1].text if self.at else ""
            if token.kind == "word" and before not in (".", "?."):
                if token.text.startswith(_OURS):
                    raise self._refused(
                        token, f"names that begin with {' or '.join(_OURS)} are the inliner's"
                    )
                following = self.tokens[self.at + 1].text if self.at + 1 < len(self.tokens) else ""
                if token.text == "import" and following in ("(", "."):
                    raise self._refused(
                        token, "only imports that stand at the beginning of a line of their own"
                    )
                if token.text == "let" and depth == 0:
                    changing |= set(self._variables())
                if token.text == "await" and depth == 0:
                    raise self._refused(token, "await outside of a function's braces")
                if token.text in ("import", "export") and following not in (":", "(", ",", "}", "="):
                    if depth:
                        raise self._refused(token, f"{token.text} inside of something else")
                    self._import() if token.text == "import" else self._export()
                    continue
            self.at += 1
        for name in changing & self.given.keys():
            raise self._refused(self.given[name], f"{name!r} can change after it is exported")

    def _variables(self) -> Iterator[str]:
        """The names of ``let a, b = ...``, found by looking ahead."""
        depth = 0
        for before, token in pairwise(self.tokens[self.at :]):
            depth += _opens(token) - _closes(token)
            if depth == 0 and before.text in ("let", ",") and token.kind == "word":
                yield token.text
            if depth == 0 and token.text == ";":
                return

    def _refused(self, token: Token, why: str) -> NotInlined:
        return self.module.refused(token.start, why)

    def _ahead(self) -> Token:
        if self.at >= len(self.tokens):
            raise self.module.refused(len(self.module.source), "the module ends in the middle of a statement")
        return self.tokens[self.at]

    def _next(self, *wanted: str) -> Token:
        """The next token, which must be one of those, or any word where none is named."""
        token = self._ahead()
        if token.text not in wanted if wanted else token.kind != "word":
            raise self._refused(
                token, f"{token.text[:30]!r} where {' or '.join(wanted) or 'a name'} is expected"
            )
        self.at += 1
        return token

    def _follows(self, text: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at].text == text

    def _import(self) -> None:
        first = self._next("import")
        wanted: list[tuple[str, str]] = []
        if self._ahead().kind != "string":
            if self._follows("{"):
                wanted = self._names()
            else:
                wanted = [("default", self._next().text)]
            self._next("from")
        source = self._ahead()
        if source.kind != "string" or not source.text[1:].startswith(("./", "../")):
            raise self._refused(source, "a module is named by a path that begins with ./ or ../")
        self.at += 1
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self.module.path), source.text[1:-1]))
        if path.startswith("../"):
            raise self._refused(source, "it leaves the front end's folder")
        self.module.lines.setdefault(path, self.module.source.count("\n", 0, first.start) + 1)
        self.module.imports.append((path, wanted))
        self._drop(first, self._end_of_statement())

    def _export(self) -> None:
        first = self._next("export")
        kind = self._ahead()
        match kind.text:
            case "{":
                for local, name in self._names():
                    self._give(name, local, kind)
                if self._follows("from"):
                    raise self._refused(kind, "a module does not hand on what is another's")
                self._drop(first, self._end_of_statement())
            case "function" | "class" | "async":
                self.module.edits.append((first.start, kind.start, ""))
                self._give(name := self._declared(), name, kind)
            case "const":
                self.module.edits.append((first.start, kind.start, ""))
                for name in self._constants():
                    self._give(name, name, kind)
            case "default":
                self._default(first)
            case _:
                raise self._refused(kind, "only functions, classes, constants and names are exported")

    def _declared(self) -> str:
        """The name of a function or class, the place before its parameters."""
        if self._next("function", "class", "async").text == "async":
            self._next("function")
        if self._follows("*"):
            self.at += 1
        return self._next().text

    def _constants(self) -> list[str]:
        """The names of ``const a = ..., b = ...;``, found by looking ahead."""
        self._next("const")
        first, names = self.at, [self._next().text]
        self._next("=")
        depth = 0
        while self.at < len(self.tokens) and (depth or not self._follows(";")):
            token = self.tokens[self.at]
            depth += _opens(token) - _closes(token)
            self.at += 1
            if depth == 0 and token.text == ",":
                names.append(self._next().text)
                self._next("=")
            elif (
                depth == 0 and token.kind == "word" and token.text in _STATEMENTS and self._on_new_line(token)
            ):
                raise self._refused(token, "the exported constants before it end with a semicolon")
        self.at = first
        return names

    def _on_new_line(self, token: Token) -> bool:
        return not self.module.source[
            self.module.source.rfind("\n", 0, token.start) + 1 : token.start
        ].strip()

    def _default(self, first: Token) -> None:
        default = self._next("default")
        named = self._name_ahead()
        if named:
            self._drop(first, default)
            self._give("default", named, default)
            return
        self.module.edits.append((first.start, default.end, "const $default ="))
        self._give("default", "$default", default)
        if self._ahead().text in ("function", "class", "async"):
            end = self._end_of_body()
            self.module.edits.append((end.end, end.end, ";"))

    def _name_ahead(self) -> str:
        """The name of the function or class that is exported here; empty where it has none."""
        ahead = [token for token in self.tokens[self.at : self.at + 4] if token.text not in ("async", "*")]
        match [token.text for token in ahead if token.kind in ("word", "mark")][:2]:
            case ["function" | "class", name] if ahead[1].kind == "word" and name != "extends":
                return name
            case _:
                return ""

    def _end_of_body(self) -> Token:
        """The brace that closes the function or class that begins here; reading goes on at its beginning."""
        depth = 0
        for token in self.tokens[self.at :]:
            depth += _opens(token) - _closes(token)
            if depth == 0 and token.text == "}":
                return token
        raise self.module.refused(len(self.module.source), "it never ends")

    def _names(self) -> list[tuple[str, str]]:
        """``{ a, b as c }`` as (a, a), (b, c)."""
        names: list[tuple[str, str]] = []
        self._next("{")
        while not self._follows("}"):
            first = self._next().text
            second = first
            if self._follows("as"):
                self.at += 1
                second = self._next().text
            names.append((first, second))
            if not self._follows("}"):
                self._next(",")
        self._next("}")
        return names

    def _end_of_statement(self) -> Token:
        """The last token of an import or of a list of exports, with its semicolon if it has one."""
        last = self.tokens[self.at - 1]
        if self.at == len(self.tokens):
            return last
        token = self.tokens[self.at]
        if token.text == ";":
            self.at += 1
            return token
        if "\n" not in self.module.source[last.end : token.start]:
            raise self._refused(token, "a statement ends with a semicolon")
        return last

    def _drop(self, first: Token, last: Token) -> None:
        self.module.edits.append((first.start, last.end, ""))

    def _give(self, name: str, local: str, where: Token) -> None:
        if name in self.module.exports:
            raise self._refused(where, f"{name!r} is exported twice")
        self.module.exports[name] = local
        self.given[local] = where


def _opens(token: Token) -> int:
    if token.kind == "template":
        return token.text.endswith("${")
    return token.kind == "mark" and token.text in "([{"


def _closes(token: Token) -> int:
    if token.kind == "template":
        return token.text.startswith("}")
    return token.kind == "mark" and token.text in ")]}"
