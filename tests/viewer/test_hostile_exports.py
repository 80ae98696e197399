"""Exports of a study that holds every payload: they are parsed as what they are, and hold all of it."""

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hostile import EVIL
from hostile_study import hostile_study

from ulterior.viewer.documents import json_of
from ulterior.viewer.export import Export, unpacked
from ulterior.viewer.library import Library


class Elements(HTMLParser):
    """Every element with its attributes, and the text of the scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.documents: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.found and (name := self.found[-1][1].get("data-document")) is not None:
            self.documents[name] = self.documents.get(name, "") + data


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library.open(
        [hostile_study(tmp_path_factory.mktemp("hostile") / f"<script src=x.js>{EVIL}\u202e")]
    )


@pytest.fixture(scope="module")
def sent(hostile: Library) -> dict[str, object]:
    """The documents that an export holds beside its catalog, as the server sends them."""
    (key,) = hostile.studies
    names = [
        f"runs/{key}",
        f"forks/{key}",
        *(f"episode/{key}/{each}" for each in hostile.studies[key].findings),
    ]
    return {name: json.loads(json_of(hostile.document(name))) for name in names}


def test_a_file_of_a_hostile_study_has_the_elements_of_any_other_and_holds_every_document(
    hostile: Library, sent: dict[str, object], tmp_path: Path
) -> None:
    Export(hostile).to_file(tmp_path / "hostile.html")
    parsed = Elements()
    parsed.feed((tmp_path / "hostile.html").read_text("utf-8"))
    held = {name: unpacked(text) for name, text in parsed.documents.items() if name != "catalog"}
    assert held == sent
    others = [(tag, attributes) for tag, attributes in parsed.found if "data-document" not in attributes]
    tags = [tag for tag, _ in others]
    assert {tag: tags.count(tag) for tag in ("script", "style", "link", "title", "div", "body")} == {
        "script": 1 + sum("data-licence" in attributes for _, attributes in others),
        "style": 1,
        "link": 1,
        "title": 1,
        "div": 1,
        "body": 1,
    }
    assert EVIL not in repr(others)


def test_a_folder_of_a_hostile_study_holds_every_document_under_a_plain_name(
    hostile: Library, sent: dict[str, object], tmp_path: Path
) -> None:
    Export(hostile).to_folder(tmp_path / "hostile")
    data = tmp_path / "hostile" / "data"
    held: dict[str, object] = {}
    for path in data.rglob("*.js"):
        text = path.read_text("ascii")
        _, call = text.removesuffix(");\n").split("\nulteriorDocument(")
        name, packed = json.loads(f"[{call}]")
        assert path == data / f"{name}.js"
        held[name] = unpacked(packed)
    del held["catalog"]
    assert held == sent
