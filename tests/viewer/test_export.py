"""Exports hold what the server would send, whole or not at all."""

import errno
import json
import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ulterior.cli import main
from ulterior.errors import StorageFailure, UsageError
from ulterior.scenarios import CANARY
from ulterior.traces import Frozen
from ulterior.viewer.documents import Cell, Column, Runs, Table
from ulterior.viewer.export import Export, packed, unpacked
from ulterior.viewer.library import Library
from ulterior.viewer.page import page
from ulterior.viewer.selection import Selection, narrowed

SMALL = ["--scenario", "locked_file", "--model", "sim/honest", "--model", "sim/covert", "--seeds", "1"]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("studies") / "small"
    with pytest.raises(SystemExit):
        main(["run", *SMALL, "-o", str(root)])
    return root


@pytest.fixture(scope="module")
def library(study: Path) -> Library:
    return Library.open([study])


def plain(document: Frozen) -> Any:
    return json.loads(json.dumps(document.model_dump(mode="json")))


class Blocks(HTMLParser):
    """The elements of a page that hold text: (tag, attributes, text)."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], str]] = []
        self.metas: dict[str | None, str | None] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "meta":
            self.metas[given.get("name", given.get("http-equiv"))] = given.get("content")
        self.found.append((tag, given, ""))

    def handle_data(self, data: str) -> None:
        if self.found:
            tag, given, text = self.found[-1]
            self.found[-1] = (tag, given, text + data)

    def documents(self) -> dict[str, Any]:
        return {
            str(given["data-document"]): unpacked(text.strip())
            for _, given, text in self.found
            if "data-document" in given
        }


def documents_in(folder: Path) -> dict[str, Any]:
    def each() -> Iterator[tuple[str, Any]]:
        for file in sorted((folder / "data").rglob("*.js")):
            said = re.fullmatch(
                rf"// {CANARY}\nulteriorDocument\((\"[^\"]+\"),\"([A-Za-z0-9+/=]+)\"\);\n",
                file.read_text("ascii"),
            )
            assert said is not None
            name = json.loads(said[1])
            assert file == folder / "data" / f"{name}.js"
            yield name, unpacked(said[2])

    return dict(each())


def expected(library: Library, where: str) -> dict[str, Any]:
    runs = library.document("runs/small")
    assert isinstance(runs, Runs)
    names = ["runs/small", *(f"episode/small/{episode}" for episode in runs.table.ids)]
    found = {name: plain(library.document(name)) for name in names}
    return {"catalog": {**plain(library.document("catalog")), "where": where}, **found}


def test_a_file_holds_every_document_as_the_server_would_send_it(library: Library, tmp_path: Path) -> None:
    written = Export(library).to_file(tmp_path / "x.html")
    found = Blocks(written.path.read_text()).documents()
    wanted = expected(library, "file")
    assert {name: found[name] for name in wanted} == wanted
    assert {name.partition("/")[0] for name in found.keys() - wanted.keys()} <= {"forks"}
    assert (written.episodes, written.documents, written.left_out) == (4, len(found), 0)
    assert written.size == written.path.stat().st_size


def test_a_folder_holds_the_same_documents_one_in_each_file(library: Library, tmp_path: Path) -> None:
    written = Export(library).to_folder(tmp_path / "x")
    found = documents_in(written.path)
    wanted = expected(library, "folder")
    assert {name: found[name] for name in wanted} == wanted
    assert written.size == sum(file.stat().st_size for file in written.path.rglob("*") if file.is_file())
    assert sorted(each.name for each in written.path.iterdir()) == ["data", "index.html"]


def test_the_same_study_gives_the_same_bytes(library: Library, tmp_path: Path) -> None:
    files = [Export(library).to_file(tmp_path / name).path.read_bytes() for name in ("a.html", "b.html")]
    assert files[0] == files[1]


def test_a_page_lets_in_its_own_script_and_style_and_nothing_else(library: Library, tmp_path: Path) -> None:
    blocks = Blocks(Export(library).to_file(tmp_path / "x.html").path.read_text())
    hashes = r"script-src 'sha256-[\w+/]{43}='; style-src 'sha256-[\w+/]{43}='"
    ends = "img-src data:; base-uri 'none'; form-action 'none'"
    policy = blocks.metas["Content-Security-Policy"] or ""
    assert re.fullmatch(f"default-src 'none'; {hashes}; {ends}", policy)
    assert (blocks.metas["ulterior-where"], blocks.metas["canary"]) == ("file", CANARY)
    tags = [tag for tag, given, _ in blocks.found if tag in ("script", "style") and "type" not in given]
    assert tags == ["style", "script"]
    links = [given for tag, given, _ in blocks.found if {"src", "href"} & given.keys() or tag == "link"]
    assert links == [{"rel": "icon", "href": "data:,"}]


def test_a_page_in_a_folder_may_load_the_scripts_beside_it(library: Library, tmp_path: Path) -> None:
    written = Export(library).to_folder(tmp_path / "x")
    metas = Blocks((written.path / "index.html").read_text()).metas
    assert re.search(r"script-src 'sha256-[\w+/]{43}=' 'self';", metas["Content-Security-Policy"] or "")
    assert (metas["ulterior-where"], metas["canary"]) == ("folder", CANARY)


def test_everything_that_comes_before_the_policy_in_a_page_is_its_encoding() -> None:
    before, _, _ = page("file").head.partition("<meta http-equiv=")
    assert before.split() == [
        "<!doctype",
        "html>",
        "<html",
        'lang="en">',
        "<head>",
        "<meta",
        'charset="utf-8">',
    ]


# ---- some of its episodes ----


def test_chosen_episodes_are_handed_on_alone(library: Library, tmp_path: Path) -> None:
    runs = library.document("runs/small")
    assert isinstance(runs, Runs)
    wanted = runs.table.ids[1]
    written = Export(library, Selection((wanted[:10],))).to_file(tmp_path / "x.html")
    found = Blocks(written.path.read_text()).documents()
    assert list(found) == ["catalog", "runs/small", f"episode/small/{wanted}"]
    assert found["catalog"]["studies"][0]["episodes"] == 1
    assert found["runs/small"]["table"]["ids"] == [wanted]
    assert found["runs/small"]["study"]["about"]["exported"].startswith("1 of 4 episodes, chosen by")


def test_flagged_episodes_are_those_that_the_findings_flag(library: Library) -> None:
    runs = library.document("runs/small")
    assert isinstance(runs, Runs)
    (opened,) = library.studies.values()
    flagged = {episode for episode, finding in opened.findings.items() if finding.flagged}
    assert flagged
    assert set(Selection(flagged=True).of(runs)) == flagged


@pytest.mark.parametrize(
    ("prefix", "why"), [("zz", "no episode begins with it"), ("", "4 episodes begin with it")]
)
def test_a_prefix_that_names_no_single_episode_is_refused(library: Library, prefix: str, why: str) -> None:
    with pytest.raises(UsageError) as refused:
        Export(library, Selection((prefix,)))
    assert refused.value.why == why


@given(st.data())
def test_rows_and_cells_still_belong_together_when_some_are_left_out(data: st.DataObject) -> None:
    cells = data.draw(st.integers(1, 4))
    places = data.draw(st.lists(st.none() | st.integers(0, cells - 1), max_size=8))
    ids = [f"{number:032x}" for number in range(len(places))]
    models = [None if place is None else f"m{place}" for place in places]
    values = list(dict.fromkeys([*models, "unused"]))
    runs = made(
        cells, Table(
            n=len(ids),
            ids=ids,
            words={"model": Column(values=values, codes=[values.index(model) for model in models])},
            numbers={"cell": [place if place is None else float(place) for place in places]},
        ),
    )  # fmt: skip
    chosen = {episode for episode in ids if data.draw(st.booleans())}
    after = narrowed(runs, chosen)
    column = after.table.words["model"]
    decoded = [column.values[code] for code in column.codes]
    assert after.table.ids == [episode for episode in ids if episode in chosen]
    assert decoded == [model for episode, model in zip(ids, models, strict=True) if episode in chosen]
    assert set(column.values) == set(decoded)
    belongs = [None if cell is None else after.cells[int(cell)].model for cell in after.table.numbers["cell"]]
    assert belongs == decoded
    assert {cell.model for cell in after.cells} == set(after.models) == {m for m in decoded if m is not None}


def made(cells: int, table: Table) -> Runs:
    """A runs document with a cell for each of some models."""
    zeros = dict.fromkeys(("episodes", "scored", "unscored", "void", "running", "corrupt", "refused"), 0)
    empty: dict[str, Any] = {"limits": {}, "undecided": {}, "acts": {}, "rates": {}, "condition": {}}
    counts = (
        "episodes",
        "scored",
        "infra_error",
        "unscored",
        "running",
        "corrupt",
        "forks",
        "void_attempts",
        "missing",
    )
    return Runs.model_validate(
        {
            "study": {
                "key": "k", "name": "k", "about": {}, "designs": (), "started": None, "ended": None,
                "live": False, "scope": dict.fromkeys(counts, 0),
            },
            "detectors": (),
            "scenarios": {"s": {"title": "", "summary": "", "versions": (), "facts": {}, "fixed": {}}},
            "models": tuple(f"m{number}" for number in range(cells)),
            "cells": tuple(
                Cell(scenario="s", label="", model=f"m{number}", purpose=None, **zeros, **empty)
                for number in range(cells)
            ),
            "table": table,
        }
    )  # fmt: skip


# ---- whole or not there ----


def test_an_earlier_export_is_replaced_whole(library: Library, tmp_path: Path) -> None:
    Export(library).to_folder(tmp_path / "x")
    runs = library.document("runs/small")
    assert isinstance(runs, Runs)
    Export(library, Selection((runs.table.ids[0],))).to_folder(tmp_path / "x")
    assert len(documents_in(tmp_path / "x")) == 3
    assert [each.name for each in tmp_path.iterdir()] == ["x"]


@pytest.mark.parametrize("file", ["notes.txt", "index.html"])
def test_a_folder_that_is_no_export_is_never_overwritten(library: Library, tmp_path: Path, file: str) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / file).write_text("mine")
    with pytest.raises(UsageError, match="is no export of ours"):
        Export(library).to_folder(tmp_path / "x")
    assert (tmp_path / "x" / file).read_text() == "mine"


def test_an_export_to_which_somebody_added_a_file_is_kept(library: Library, tmp_path: Path) -> None:
    Export(library).to_folder(tmp_path / "x")
    (tmp_path / "x" / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="is no export of ours"):
        Export(library).to_folder(tmp_path / "x")


def test_a_file_that_would_be_too_big_is_not_written(library: Library, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="larger than 0 MB") as refused:
        Export(library).to_file(tmp_path / "x.html", limit=40_000)
    assert refused.value.fix.startswith(f"-o {tmp_path / 'x'} writes a folder")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["to_file", "to_folder"])
def test_a_disk_that_is_full_leaves_nothing_behind(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StorageFailure) as refused:
        getattr(Export(library), form)(tmp_path / "x")
    assert (refused.value.why, refused.value.fix[:20]) == (os.strerror(errno.ENOSPC), "choose another place")
    assert list(tmp_path.iterdir()) == []


def test_an_episode_that_cannot_be_read_is_left_out_and_said(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = library.document("runs/small")
    assert isinstance(runs, Runs)
    bad, said = f"episode/small/{runs.table.ids[2]}", list[str]()
    whole = library.document

    def gone(name: str) -> Frozen:
        if name == bad:
            raise UsageError("it is gone")
        return whole(name)

    monkeypatch.setattr(library, "document", gone)
    written = Export(library).to_file(tmp_path / "x.html", say=said.append)
    assert (written.left_out, said) == (1, ["left out: it is gone"])
    assert bad not in Blocks(written.path.read_text()).documents()


@given(st.text())
def test_a_packed_document_is_plain_letters_and_unpacks_to_itself(text: str) -> None:
    class Said(Frozen):
        text: str

    letters = packed(Said(text=text + "\ud800</script>"))
    assert re.fullmatch(r"[A-Za-z0-9+/]+=*", letters)
    assert unpacked(letters) == {"text": text + "\ud800</script>"}
