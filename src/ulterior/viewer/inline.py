"""The pages' modules as one script, for files that are opened from a disk.

Theory of operation. A page that is opened from a disk may not load modules, so an export carries them in
itself. Each module becomes a function that is called once, in the order in which modules need each other;
what it imports is taken from the results of others, what it exports is its result::

    const $module1 = (function () { "use strict";
    const { h, render: draw } = $module0;
    ... the module as it stands, without its comments ...
    return { html, render };
    })();

That is right only for modules that import and export in the forms of :mod:`ulterior.viewer.modules`, whose
exports don't change once the module has run, and that need each other without a circle. All else is refused
with file and line, so that an export never differs from the pages that the server sends.
"""

from collections.abc import Callable, Mapping

from ulterior.viewer.modules import Module, NotInlined, parsed
from ulterior.viewer.tokens import tokens_of

__all__ = ["NotInlined", "inlined", "modules_from"]

Read = Callable[[str], str]
"""A module's source by its path below the front end's folder, such as ``runs/page.js``. Raises ``KeyError``
or ``OSError`` where there is none."""


def inlined(entry: str, read: Read) -> str:
    """One classic script that does what the module at ``entry`` does. Raises :class:`NotInlined`."""
    modules = _in_order(entry, read)
    names = {path: f"$module{number}" for number, path in enumerate(modules)}
    for module in modules.values():
        for path, wanted in module.imports:
            for name, _ in wanted:
                if name not in modules[path].exports:
                    line = module.lines[path]
                    raise NotInlined(module.path, line, f"{path} exports no {name!r}")
    return "(() => {\n" + "".join(_wrapped(module, names) for module in modules.values()) + "})();\n"


def modules_from(entry: str, read: Read) -> tuple[str, ...]:
    """The paths of all modules that an entry needs, itself too, each after those that it needs."""
    return tuple(_in_order(entry, read))


def _in_order(entry: str, read: Read) -> dict[str, Module]:
    done: dict[str, Module] = {}
    under_way: list[str] = []

    def visit(path: str, wanted_by: Module | None) -> None:
        if path in done:
            return
        if path in under_way:
            assert wanted_by is not None
            circle = " → ".join([*under_way[under_way.index(path) :], path])
            raise NotInlined(wanted_by.path, wanted_by.lines[path], f"modules need each other: {circle}")
        try:
            source = read(path)
        except (KeyError, OSError) as error:
            if wanted_by is None:
                raise NotInlined(path, 1, "there is no such module") from error
            raise NotInlined(wanted_by.path, wanted_by.lines[path], f"there is no module {path}") from error
        module = parsed(path, source)
        under_way.append(path)
        for needed, _ in module.imports:
            visit(needed, module)
        under_way.pop()
        done[path] = module

    visit(entry, None)
    return done


def _wrapped(module: Module, names: Mapping[str, str]) -> str:
    taken = [
        f"const {{ {', '.join(_pair(name, local) for name, local in wanted)} }} = {names[path]};\n"
        for path, wanted in module.imports
        if wanted
    ]
    given = ", ".join(_pair(name, local) for name, local in module.exports.items())
    result = f"return {{ {given} }};\n" if given else ""
    head = f'const {names[module.path]} = (function () {{ "use strict"; // {module.path}\n'
    return f"{head}{''.join(taken)}{_compact(_edited(module))}\n{result}}})();\n"


def _pair(name: str, local: str) -> str:
    return name if name == local else f"{name}: {local}"


def _edited(module: Module) -> str:
    pieces: list[str] = []
    at = 0
    for start, end, text in module.edits:
        pieces += [module.source[at:start], text]
        at = end
    return "".join([*pieces, module.source[at:]])


def _compact(source: str) -> str:
    """Source without comments and indentation, a quarter less to carry. Ends of lines stay: they count."""
    pieces: list[str] = []
    end = 0
    for token in tokens_of(source):
        gap = source[end : token.start]
        pieces += ["" if not pieces or not gap else "\n" if "\n" in gap else " ", token.text]
        end = token.end
    return "".join(pieces)
