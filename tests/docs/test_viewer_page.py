"""The page about the viewer names every key, every part of an address and every page that there is."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/viewer.md").read_text(encoding="utf-8")
FRONT = ROOT / "src/ulterior/viewer/front"


def section(title: str) -> str:
    """What stands under a heading, up to the next of its rank."""
    (found,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    return found


def rows(text: str) -> Iterator[list[str]]:
    """The cells of the rows of the first table."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    for line in lines[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def test_the_table_of_keys_is_the_one_that_the_page_follows() -> None:
    source = (FRONT / "episode/keys.js").read_text(encoding="utf-8")
    entries = re.findall(r'^  \[\[((?:"[^"]+"(?:, )?)+)\], "', source, re.M)
    followed = [key for entry in entries for key in re.findall(r'"([^"]+)"', entry)]
    told = [key for keys, _ in rows(section("Keys")) for key in re.findall(r"`([^`]+)`", keys)]
    assert len(followed) > 10
    assert sorted(told) == sorted(followed)


def test_the_table_of_keys_says_what_the_pages_own_list_says() -> None:
    source = (FRONT / "episode/keys.js").read_text(encoding="utf-8")
    in_words = [
        words for words in re.findall(r'^  \[\[(?:"[^"]+"(?:, )?)+\], "([^"]*)"', source, re.M) if words
    ]
    assert [words for _, words in rows(section("Keys"))] == in_words


def test_every_parameter_of_an_address_is_explained() -> None:
    modules = [path for path in FRONT.rglob("*.js") if "vendor" not in path.parts]
    read = {
        name for path in modules for name in re.findall(r"\bparams\.(\w+)", path.read_text(encoding="utf-8"))
    }
    told = {
        word for *_, holds in rows(section("Addresses")) for word in re.findall(r"`(\w+)(?:=\w+)?`", holds)
    }
    assert len(read) > 15
    assert read - told == set()


def test_every_facet_of_the_table_is_explained() -> None:
    source = (FRONT / "runs/filters.js").read_text(encoding="utf-8")
    lists = re.findall(r"^const ORDER\w* = \[(.*)\];$", source, re.M)
    facets = {name for each in lists for name in re.findall(r'"([^"]+)"', each)}
    runs = next(holds for address, _, holds in rows(section("Addresses")) if address == "`#/s/STUDY`")
    assert len(facets) > 15
    assert {name for name in facets if f"`{name}`" not in runs} == set()


def test_every_kind_of_address_is_explained() -> None:
    source = (FRONT / "route.js").read_text(encoding="utf-8")
    known = {match.rstrip("?") for match in re.findall(r"^ \*   (#/[A-Za-z/]*)", source, re.M)}
    assert {address.strip("`") for address, *_ in rows(section("Addresses"))} == known
