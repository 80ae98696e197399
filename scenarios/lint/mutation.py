"""Small mistakes put into an oracle, one at a time, to see whether its planted agents would notice.

Theory of operation. A mutant is one edit of the syntax tree of a module in which the oracle decides. It is
put in place by exchanging the code of the one function that it is in (``__code__``), so that every class,
table and closure that refers to the function meets it, and is taken out again afterwards. Nothing on disk
changes, and the modules are the ones that are loaded anyway.

Covered: conditions (a part of ``and`` or ``or`` left out, the two exchanged, a condition negated, a
comparison inverted, a strict one made lax), ``any`` and ``all`` exchanged, numbers compared with (one more),
sets of names emptied, and functions and properties that find nothing. Not covered: texts, what is cited or
measured (functions called evidence, flags, measures, notes or since, and whatever only they use), conditions
of ``while``, defaults behind ``or``, and code outside functions but for sets.
"""

import ast
import inspect
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, cast

from ulterior.scenarios.declaration import AnyScenario
from ulterior.scenarios.lint.sources import folder_of, sources_of

__all__ = ["Mutant", "in_place", "mutants_of", "oracle_modules"]

_TELLING = frozenset({"evidence", "flags", "measures", "measure", "note", "notes", "since"})
"""Functions and arguments that tell of a verdict and decide nothing."""
_CITING = frozenset({"Citation"})
_MOST_SHOWN = 70  # characters of code

_INVERTED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_LAX: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
_EMPTY = {
    "list": "[]",
    "dict": "{}",
    "set": "set()",
    "frozenset": "frozenset()",
    "tuple": "()",
    "Mapping": "{}",
    "Sequence": "()",
    "Iterable": "()",
    "Iterator": "iter(())",
    "bool": "False",
}
"""What a function of such a type returns when there is nothing."""


@dataclass(frozen=True)
class Mutant:
    """One mistake. ``function`` is the qualified name of the function it is in, or of a constant.

    ``lines`` are those of which one has to run for the mistake to matter; empty if that isn't known.
    """

    module: str
    path: str
    function: str
    line: int
    lines: range
    change: str
    code: CodeType | None = None

    @property
    def where(self) -> str:
        return f"{Path(self.path).name}:{self.line}"


def oracle_modules(scenario: AnyScenario) -> list[ModuleType]:
    """The scenario's own modules in which its oracle decides: where it is defined, and ``oracle*.py``."""
    folder, names = folder_of(scenario), list[str]()
    home = getattr(inspect.unwrap(scenario.oracle), "__module__", "")
    if home == scenario.package or home.startswith(f"{scenario.package}."):
        names.append(home)
    for path in sources_of(scenario):
        if path.parent == folder and path.suffix == ".py" and path.stem.startswith("oracle"):
            names.append(f"{scenario.package}.{path.stem}")
    return [import_module(name) for name in dict.fromkeys(names)]


def mutants_of(module: ModuleType) -> list[Mutant]:
    """All mutants of a module that can be put in place, in the order of the source."""
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    telling = _only_telling(tree)
    found: list[Mutant] = []
    for name, function in _functions(tree):
        if name.rpartition(".")[2] not in telling and _function(module, name) is not None:
            found += _in_function(module, tree, name, function)
    return sorted([*found, *_constants(module, tree)], key=lambda mutant: mutant.line)


# ---- What decides ----------------------------------------------------------------------------------------

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(tree: ast.Module) -> Iterator[tuple[str, _Function]]:
    """Functions at the top and methods, with their qualified names."""
    for node in tree.body:
        if isinstance(node, _Function):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, _Function):
                    yield f"{node.name}.{inner.name}", inner


def _only_telling(tree: ast.Module) -> set[str]:
    """Functions that tell, and those that are used for nothing but telling."""
    functions = {name.rpartition(".")[2]: node for name, node in _functions(tree)}
    telling = {name for name in functions if name.strip("_") in _TELLING}
    elsewhere = [node for node in tree.body if not isinstance(node, _Function | ast.ClassDef)]
    outside = {word for node in elsewhere for word in _names_in(node)}
    used_at_all = {word for name, node in functions.items() for word in _names(node) - {name}}
    while True:
        deciding = outside | {
            word
            for name, node in functions.items()
            if name not in telling
            for word in _names_in(node) - {name}
        }
        more = (used_at_all & set(functions)) - deciding - telling
        if not more:
            return telling
        telling |= more


def _names(node: ast.AST) -> set[str]:
    """Everything that is referred to."""
    return {name for inner in ast.walk(node) for name in _named(inner)}


def _named(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr


def _names_in(node: ast.AST) -> set[str]:
    """What is referred to, except in calls and arguments that tell."""
    return {name for inner in _deciding(node) for name in _named(inner)}


def _deciding(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes below, without docstrings, annotations, citations and arguments that tell."""
    yield node
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for child in cast("list[Any]", value) if isinstance(value, list) else [value]:
            if isinstance(child, ast.keyword) and child.arg in _TELLING:
                continue
            if isinstance(child, ast.Call) and isinstance(child.func, ast.Name) and child.func.id in _CITING:
                continue
            if isinstance(child, ast.AST):
                yield from _deciding(child)


# ---- Mistakes --------------------------------------------------------------------------------------------

_Edit = tuple[int, str, Callable[[ast.AST], ast.AST]]
"""The position of a node in the function, what is changed, and how."""


def _in_function(module: ModuleType, tree: ast.Module, name: str, function: _Function) -> Iterator[Mutant]:
    deciding = set(map(id, _deciding(function)))
    nodes = list(ast.walk(function))
    loops = {id(inner) for node in nodes if isinstance(node, ast.While) for inner in ast.walk(node.test)}
    for position, node in enumerate(nodes):
        if id(node) not in deciding or id(node) in loops:
            continue
        for change, edit in _edits(node):
            code = _compiled(module, tree, name, position, edit)
            if code is not None:
                place = node.target if isinstance(node, ast.comprehension) else node
                line = getattr(place, "lineno", function.lineno)
                last = getattr(place, "end_lineno", line) or line
                yield _mutant(module, name, line, range(line, last + 1), change, code)
    empty = _empty_body(function)
    if empty is not None:
        code = _compiled(module, tree, name, 0, lambda node: _emptied(node, empty))
        if code is not None:
            lines = range(function.lineno, (function.end_lineno or function.lineno) + 1)
            yield _mutant(module, name, function.lineno, lines, f"{function.name} is always {empty}", code)


def _mutant(
    module: ModuleType, name: str, line: int, lines: range, change: str, code: CodeType | None
) -> Mutant:
    return Mutant(module.__name__, str(module.__file__), name, line, lines, change, code)


def _edits(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], ast.AST]]]:
    """The mistakes that can be made at one node."""
    match node:
        case ast.BoolOp(op=ast.Or(), values=[*_, ast.Constant() | ast.Dict() | ast.List() | ast.Tuple()]):
            return  # a default, in case there is nothing
        case ast.BoolOp():
            for position, value in enumerate(node.values):
                yield f"without `{_short(value)}`", lambda n, at=position: _without(n, at)
            was, now = ("and", ast.Or()) if isinstance(node.op, ast.And) else ("or", ast.And())
            yield (
                f"`{was}` exchanged in `{_short(node)}`",
                lambda n, op=now: ast.BoolOp(op=op, values=n.values),
            )
        case ast.Compare(ops=[operator]):
            for table in (_INVERTED, _LAX):
                if type(operator) in table:
                    other = table[type(operator)]
                    changed = ast.Compare(left=node.left, ops=[other()], comparators=node.comparators)
                    yield (
                        f"`{_short(node)}` becomes `{_short(changed)}`",
                        lambda n, op=other: ast.Compare(left=n.left, ops=[op()], comparators=n.comparators),
                    )
            match node.comparators:
                case [ast.Constant(value=int(number))] if not isinstance(number, bool):
                    yield (
                        f"`{_short(node)}` compares with {number + 1}",
                        lambda n, to=number + 1: ast.Compare(
                            left=n.left, ops=n.ops, comparators=[ast.Constant(value=to)]
                        ),
                    )
                case _:
                    pass
        case ast.If() | ast.IfExp() if not isinstance(node.test, ast.Compare):
            yield f"`if {_short(node.test)}` negated", _negated
        case ast.comprehension(ifs=[_, *_]):
            for position, test in enumerate(node.ifs):
                yield f"without `if {_short(test)}`", lambda n, at=position: _without_if(n, at)
        case ast.Call(func=ast.Name(id="frozenset"), args=[_]) | ast.Set():
            yield f"`{_short(node)}` is empty", lambda _: ast.parse("frozenset()", mode="eval").body
        case ast.Call(func=ast.Name(id="any" | "all" as called)):
            other = "all" if called == "any" else "any"
            yield (
                f"`{called}` exchanged in `{_short(node)}`",
                lambda n, name=other: ast.Call(
                    func=ast.Name(id=name, ctx=ast.Load()), args=n.args, keywords=n.keywords
                ),
            )
        case _:
            return


def _short(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 4]} ..."


def _without(node: ast.BoolOp, position: int) -> ast.expr:
    left = [value for at, value in enumerate(node.values) if at != position]
    return left[0] if len(left) == 1 else ast.BoolOp(op=node.op, values=left)


def _without_if(node: ast.comprehension, position: int) -> ast.comprehension:
    node.ifs = [test for at, test in enumerate(node.ifs) if at != position]
    return node


def _negated(node: ast.If | ast.IfExp) -> ast.AST:
    node.test = ast.UnaryOp(op=ast.Not(), operand=node.test)
    return node


def _empty_body(function: _Function) -> str | None:
    """What a function would return if there were nothing of the kind."""
    if function.returns is None:
        return None
    returns = ast.unparse(function.returns)
    return "None" if returns.endswith("| None") else _EMPTY.get(returns.partition("[")[0])


def _emptied(node: ast.AST, empty: str) -> ast.AST:
    assert isinstance(node, _Function)
    node.body = [ast.Return(value=ast.parse(empty, mode="eval").body)]
    return node


class _At(ast.NodeTransformer):
    """Replaces one node, known by its identity."""

    def __init__(self, wanted: ast.AST, edit: Callable[[Any], ast.AST]) -> None:
        self._wanted, self._edit = wanted, edit

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self._wanted:
            return ast.copy_location(self._edit(node), node)
        return self.generic_visit(node)


def _compiled(
    module: ModuleType, tree: ast.Module, name: str, position: int, edit: Callable[[Any], ast.AST]
) -> CodeType | None:
    """The function's code with one edit; None when it can't take the place of the old one."""
    copy = deepcopy(tree)
    function = dict(_functions(copy))[name]
    changed = ast.fix_missing_locations(_At(list(ast.walk(function))[position], edit).visit(copy))
    code = _code_of(compile(cast(ast.Module, changed), str(module.__file__), "exec"), name)
    old = _function(module, name)
    if code is None or old is None or code.co_freevars != old.__code__.co_freevars:
        return None
    return code


def _code_of(code: CodeType, name: str) -> CodeType | None:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if constant.co_qualname == name:
                return constant
            if name.startswith(f"{constant.co_qualname}."):
                return _code_of(constant, name)
    return None


def _function(module: ModuleType, name: str) -> FunctionType | None:
    """The function behind a qualified name, out of properties, caches and decorators."""
    owner, _, last = name.rpartition(".")
    holder: Any = vars(module).get(owner) if owner else module
    found: Any = getattr(holder, "__dict__", {}).get(last)
    if isinstance(found, cached_property):
        found = cast("cached_property[Any]", found).func
    elif isinstance(found, property):
        found = found.fget
    elif isinstance(found, staticmethod | classmethod):
        found = cast("staticmethod[..., Any]", found).__func__
    found = inspect.unwrap(found) if callable(found) else None
    return found if isinstance(found, FunctionType) and found.__module__ == module.__name__ else None


def _constants(module: ModuleType, tree: ast.Module) -> Iterator[Mutant]:
    """Sets at the top of a module, emptied."""
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                if isinstance(vars(module).get(name), frozenset | set):
                    yield _mutant(module, name, node.lineno, range(0), f"`{name}` is empty", None)
            case _:
                continue


# ---- Putting it in place ---------------------------------------------------------------------------------


@contextmanager
def in_place(mutant: Mutant) -> Generator[None]:
    """The oracle with the mistake in it, for as long as the block lasts. Not for several threads at once."""
    module = import_module(mutant.module)
    if mutant.code is None:
        was: Any = vars(module)[mutant.function]
        setattr(module, mutant.function, type(was)())
        _forget(module)
        try:
            yield
        finally:
            setattr(module, mutant.function, was)
            _forget(module)
        return
    function = _function(module, mutant.function)
    assert function is not None, "it was there when the mutant was made"
    before, function.__code__ = function.__code__, mutant.code
    _forget(module)
    try:
        yield
    finally:
        function.__code__ = before
        _forget(module)


def _forget(module: ModuleType) -> None:
    """Empty what ``functools.cache`` keeps of the module's functions."""
    for value in vars(module).values():
        clear = getattr(value, "cache_clear", None)
        if clear is not None and getattr(value, "__module__", None) == module.__name__:
            clear()
