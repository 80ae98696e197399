"""What the pages' own files never do, whoever writes them: the rules that keep hostile traces inert."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from ulterior.viewer.inline import modules_from
from ulterior.viewer.modules import parsed
from ulterior.viewer.page import FRONT
from ulterior.viewer.tokens import Token, tokens_of

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    path.relative_to(FRONT).as_posix() for path in FRONT.rglob("*.js") if FRONT / "vendor" not in path.parents
)
STYLES = sorted(path.relative_to(FRONT).as_posix() for path in FRONT.rglob("*.css"))
INDEX = (FRONT / "index.html").read_text()

MARKUP = {
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "dangerouslySetInnerHTML",
    "srcdoc",
    "setHTMLUnsafe",
}
CODE = {
    "eval",
    "Function",
    "createContextualFragment",
    "DOMParser",
    "parseHTMLUnsafe",
    "importScripts",
    "Worker",
}
NETWORK = {"XMLHttpRequest", "sendBeacon", "WebSocket"}
AT_SERVERS = {"fetch": {"documents.js", "labels/", "live.js", "token.js"}, "EventSource": {"live.js"}}


def read(name: str) -> str:
    return (FRONT / name).read_text(encoding="utf-8")


def tokens(name: str, *kinds: str) -> list[Token]:
    return [token for token in tokens_of(read(name)) if token.kind in kinds]


@pytest.mark.parametrize("name", MODULES)
def test_a_module_never_makes_markup_or_code_of_text(name: str) -> None:
    words = {token.text for token in tokens(name, "word")}
    words |= {token.text.strip("'\"") for token in tokens(name, "string")}  # x["innerHTML"]
    assert words & (MARKUP | CODE | NETWORK) == set()
    assert not re.search(
        r"\bdocument\s*\.\s*write", " ".join(token.text for token in tokens(name, "word", "mark"))
    )


@pytest.mark.parametrize("name", MODULES)
def test_a_module_names_no_address_and_no_inline_style_or_handler(name: str) -> None:
    text = " ".join(token.text for token in tokens(name, "string", "template"))
    assert re.findall(r"https?:|javascript:|\bwss?:", text, re.I) == []
    assert re.findall(r"\sstyle=(?!$)[^$ ]|\bon[a-z]+=[\"']", text) == []


@pytest.mark.parametrize("name", MODULES)
def test_only_modules_that_talk_to_the_server_ask_the_network(name: str) -> None:
    words = {token.text for token in tokens(name, "word")}
    assert {
        way for way, places in AT_SERVERS.items() if way in words and not name.startswith(tuple(places))
    } == set()


def test_every_module_is_reached_from_the_first_without_a_circle_and_can_be_inlined() -> None:
    assert set(MODULES) - set(modules_from("app.js", read)) == {"types.js"}  # types only, which JSDoc names


def test_what_a_module_exports_somebody_imports() -> None:
    modules = {name: parsed(name, read(name)) for name in MODULES}
    used = {(path, name) for each in modules.values() for path, names in each.imports for name, _ in names}
    exported = {(path, name) for path, module in modules.items() for name in module.exports}
    assert exported - used == set()


def test_every_class_of_a_style_sheet_is_one_that_a_page_gives() -> None:
    pages = INDEX + "".join(read(name) for name in MODULES)
    given = set(re.findall(r"[A-Za-z][\w-]*", pages))
    for name in STYLES:
        selectors = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", read(name), flags=re.S)
        assert set(re.findall(r"\.([A-Za-z][\w-]*)", selectors)) - given == set(), name


@pytest.mark.parametrize("name", MODULES)
def test_every_module_is_checked_by_the_compiler(name: str) -> None:
    assert read(name).startswith("// @ts-check\n")


def test_only_one_module_knows_the_libraries_that_draw() -> None:
    users = {
        name
        for name in MODULES
        for path, _ in parsed(name, read(name)).imports
        if path in ("vendor/preact.js", "vendor/hooks.js", "vendor/htm.js")
    }
    assert users == {"html.js"}


def test_the_page_names_every_style_sheet_once_and_holds_nothing_of_its_own() -> None:
    assert sorted(re.findall(r'<link rel="stylesheet" href="([^"]+)">', INDEX)) == STYLES
    assert re.findall(r"<script[^>]*>", INDEX) == ['<script type="module" src="app.js">']
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|https?:", INDEX)


@pytest.mark.parametrize("name", STYLES)
def test_a_style_sheet_asks_for_nothing_and_takes_its_colours_from_variables(name: str) -> None:
    text = re.sub(r"/\*.*?\*/", "", read(name), flags=re.S)
    assert re.findall(r"url\(|@import|https?:|</style", text) == []
    lines = [line.strip() for line in text.splitlines()]
    assert [
        line
        for line in lines
        if re.search(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(", line)
        and "--" not in line
        and "backdrop" not in line
    ] == []


@pytest.mark.parametrize("tool", ["viewer_types.py", "vendor.py"])
def test_what_is_made_by_a_tool_is_as_the_tool_makes_it(tool: str) -> None:
    command = [sys.executable, ROOT / "tools" / tool, "--check"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
