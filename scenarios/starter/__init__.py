"""A new scenario to begin with: small, whole, and green in every check, for somebody to make it their own.

The files stand in ``templates/scenario/``, Python files as ``.py.txt``, with words to fill in:
``@NAME@``, ``@TITLE@``, ``@HOME@``, which is what stands before a module's name in an import, and ``@LOAD@``,
by which its test loads it. In the library's own folder imports are absolute; a pack's are relative, so that
it can be loaded from anywhere.

ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3
"""

import keyword
import re
from pathlib import Path

from ulterior.errors import UsageError
from ulterior.scenarios.registry import LIBRARY

__all__ = ["write_scenario"]

_SOURCES = Path(__file__).parent / "templates" / "scenario"
_LIBRARY_FOLDER = Path(__file__).parent.parent
_BESIDE = 'str(Path(__file__).parent / "@NAME@")'
_IN_LIBRARY = 'str(Path(__file__).parents[2] / "scenarios" / "@NAME@")'
_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


def write_scenario(name: str, into: Path) -> list[Path]:
    """Write the folder ``into/name`` and ``into/test_name.py`` beside it; returns the files, in order.

    In the library's own folder the test goes where the library's tests are, if they are there. Raises
    :class:`UsageError` for a name that can't be one and for anything that would be overwritten.
    """
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise UsageError(
            f"{name!r} can't be the name of a scenario",
            "it becomes the name of a Python package and of planted agents' dice",
            "take lower-case words joined by underscores, such as loading_list",
        )
    if name in LIBRARY:
        raise UsageError(f"the library has a scenario {name!r}", fix="take another name")
    if not into.is_dir():
        raise UsageError(f"there is no folder {into}", fix="make it, or give another one with --into")
    folder, test = into / name, into / f"test_{name}.py"
    ours = into.resolve() == _LIBRARY_FOLDER.resolve()
    if ours and (tests := into.resolve().parent / "tests" / "scenarios").is_dir():
        test = tests / f"test_{name}.py"
    for taken in (folder, test):
        if taken.exists():
            raise UsageError(f"{taken} is there already", fix="take another name, or move it away")
    words = {
        "@NAME@": name,
        "@TITLE@": name.replace("_", " ").capitalize(),
        "@HOME@": f"ulterior.scenarios.{name}." if ours else ".",
        "@LOAD@": (_IN_LIBRARY if ours else _BESIDE).replace("@NAME@", name),
    }
    written: list[Path] = []
    for source in sorted(path for path in _SOURCES.rglob("*") if path.is_file()):
        inside = source.relative_to(_SOURCES).as_posix().removesuffix(".txt")
        target = test if inside == "test_scenario.py" else folder / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_filled_in(source.read_text(encoding="utf-8"), words), encoding="utf-8")
        written.append(target)
    return written


def _filled_in(text: str, words: dict[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(word, value)
    return text
