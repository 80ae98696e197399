"""What documents and docstrings name can be found: files by their paths, modules and functions by theirs."""

import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
FOLDERS = ("agent_runtime", "analysis", "benchmarks", "docs", "sandbox", "scenarios", "src", "tests", "tools")
FILES = [
    *(path.relative_to(ROOT).as_posix() for folder in FOLDERS for path in (ROOT / folder).rglob("*.*")),
    *(path.name for path in ROOT.iterdir()),
]
SOURCES = sorted(
    path for folder in FOLDERS if folder not in ("docs", "tests") for path in (ROOT / folder).rglob("*.py")
)


def resolves(name: str) -> bool:
    """Whether a dotted name is a module, or a thing in one."""
    parts = name.split(".")
    for size in range(len(parts), 0, -1):
        module = ".".join(parts[:size])
        try:
            found = find_spec(module)
        except ModuleNotFoundError:
            continue
        if found is None:
            continue
        thing: object = import_module(module)
        for attribute in parts[size:]:
            thing = getattr(thing, attribute, None)
        return thing is not None
    return False


def imported(text: str) -> Iterator[str]:
    """The dotted names of what a document's examples import from Ulterior."""
    for module, names in re.findall(r"from (ulterior[\w.]*) import (\([^)]*\)|[^\n]*)", text):
        for name in re.findall(r"\w+", re.sub(r"#.*| as \w+", "", names)):
            yield f"{module}.{name}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_python_file_that_a_document_names_exists(document: Path) -> None:
    named = re.findall(r"`([\w/.-]+\.py)`", document.read_text())
    assert [name for name in named if not any(f"/{file}".endswith(f"/{name}") for file in FILES)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_module_and_function_that_a_document_names_exists(document: Path) -> None:
    text = document.read_text()
    packages = "agent_runtime|analysis|cli|clock|errors|sandbox|scenarios|traces"  # `ulterior.run` is a label
    names = {*re.findall(rf"`(ulterior\.(?:{packages})\b[\w.]*)", text), *imported(text)}
    assert sorted(name for name in names if not resolves(name)) == []


def test_every_reference_in_a_docstring_leads_somewhere() -> None:
    reference = re.compile(r":(?:mod|func|class|data|exc):`~?(ulterior[\w.]*)`")
    lost = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in SOURCES
        for name in reference.findall(path.read_text())
        if not resolves(name)
    }
    assert sorted(lost) == []
