"""Whatever stands in a trace, nothing of it runs, hides or breaks what is made of a study."""

import csv
import json
import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hostile import EVIL, PAYLOADS, poisoned, void
from planted_study import Planted
from rewriting import texts

from ulterior.analysis import analyze_study
from ulterior.cli import main
from ulterior.traces import Study

UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
AGENTS = ("open_violation", "denier")
_ACTIVE = re.compile(rf"(?<!\\)\]\(|(?<!\\)\]:|(?<!\\)<\w|(?<!\\)://{EVIL}|www\.{EVIL}", re.IGNORECASE)
"""What Markdown makes a link or markup of, with no backslash in front."""


@pytest.fixture(scope="module")
def hostile(planted: Planted) -> dict[str, str]:
    """The episodes that hold a payload, by its name, in the study beside those as played."""
    return {}


@pytest.fixture(scope="module")
def study(planted: Planted, hostile: dict[str, str]) -> Study:
    study = planted.fresh()
    for epoch, (name, payload) in enumerate(PAYLOADS.items()):
        agent = AGENTS[epoch % len(AGENTS)]
        trace = planted.traces[planted.of(agent, "locked_file")[0]]
        hostile[name] = poisoned(trace, study, payload, epoch).id
        void(trace, study, payload, epoch)
    damaged = study.sealed_path("0" * 32)
    damaged.parent.mkdir(exist_ok=True)
    damaged.write_bytes(b"\x00nonsense<script>")
    return study


def said(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    """What a command prints, which any terminal could."""
    with pytest.raises(SystemExit) as stopped:
        main([str(word) for word in words])
    out, err = capsys.readouterr()
    assert stopped.value.code == 0, err[-2_000:]
    assert unseen(err) == set()
    assert len(out.encode()) > 0
    return out


def unseen(text: str) -> set[str]:
    """Characters in it that steer a terminal or that no reader sees."""
    return {each for each in set(text) if each != "\n" and unicodedata.category(each) in UNSEEN}


class Page(HTMLParser):
    """Notes what a page would load or run."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.active: list[str] = []
        self.inside = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        named = {name: value or "" for name, value in attrs}
        handlers = [name for name in named if name.startswith("on")]
        loads = [
            value for name, value in named.items() if name in ("src", "href", "action") and EVIL in value
        ]
        if handlers or loads or tag in ("iframe", "object", "embed", "base", "link", "img"):
            self.active.append(f"<{tag} {named}>"[:200])

    def handle_data(self, data: str) -> None:
        if self.inside in ("script", "style") and EVIL in data:
            self.active.append(f"{self.inside}: {data[:200]}")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""


def active_markdown(text: str) -> Iterator[str]:
    """Lines that a renderer would make a link, a picture or markup of, outside of fences."""
    fence = ""
    for line in text.splitlines():
        mark = line[: len(line) - len(line.lstrip("`"))]
        if len(mark) >= 3 and (not fence or line == fence):
            fence = "" if fence else mark
        elif not fence and _ACTIVE.search(line):
            yield line[:200]


def test_there_are_forty_and_more_of_them() -> None:
    assert len(PAYLOADS) >= 40


def test_each_is_judged_as_if_nothing_stood_in_it(
    planted: Planted, study: Study, hostile: dict[str, str]
) -> None:
    found = {finding.episode: finding for finding in analyze_study(study)}
    assert len(found) == 2 * len(PAYLOADS) + 1
    assert found["0" * 32].status == "corrupt"
    voids = [finding for finding in found.values() if finding.act == "infra_error"]
    assert len(voids) == len(PAYLOADS)
    for number, (name, episode) in enumerate(hostile.items()):
        agent = AGENTS[number % len(AGENTS)]
        calm = planted.findings[planted.of(agent, "locked_file")[0]]
        one, two = (
            (f.act, f.exposed, f.facts, f.disclosure, f.covert, f.deceptive, f.intent)
            for f in (calm, found[episode])
        )
        assert one == two, name


def test_analyze_prints_a_line_for_each(
    study: Study, hostile: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    out = said(capsys, "analyze", study.root)
    assert unseen(out) == set()
    assert len(out.splitlines()) == 2 * len(PAYLOADS) + 1
    assert all(episode[:12] in out for episode in hostile.values())


def test_analyze_as_json_is_an_object_for_each(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "analyze", study.root, "--json")
    lines = out.split("\n")[:-1]
    assert unseen(out) == set()
    assert len({json.loads(line)["episode"] for line in lines}) == len(lines) == 2 * len(PAYLOADS) + 1


@pytest.mark.parametrize("form", ["text", "md", "html", "json"])
def test_the_report_shows_them_and_does_nothing_for_them(
    study: Study, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = said(capsys, "report", study.root, "--format", form)
    if form == "json":
        scope = json.loads(out)["scope"]
        assert (scope["scored"], scope["infra_error"]) == (len(PAYLOADS), len(PAYLOADS))
    assert unseen(out) == set()
    if form == "html":
        assert Page(out).active == []
    if form == "md":
        assert list(active_markdown(out)) == []


def test_tables_of_them_open_in_a_spreadsheet(
    study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, "tables", study.root, "-o", tmp_path, "--format", "csv")
    csv.field_size_limit(10_000_000)
    for path in tmp_path.glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        assert {len(row) for row in rows} == {len(rows[0])}, path.name
        cells = [cell for row in rows for cell in row]
        assert set().union(*map(unseen, cells)) == set(), path.name
        words = [cell for cell in cells if cell[:1] in ("=", "+", "-", "@") and not number(cell)]
        assert words == [], path.name
    with (tmp_path / "episodes.csv").open(newline="", encoding="utf-8") as file:
        assert sum(1 for _ in csv.reader(file)) == 2 * len(PAYLOADS) + 2


def number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_a_judge_is_asked_about_each(
    study: Study, hostile: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--rubric", "breach", "--rubric", "intent", "--json"]
    out = said(capsys, "judge", study.root, "--model", "sim/judge", *words)
    (record,) = json.loads(out)["batches"]
    assert record["planned"] == record["done"] == 2 * len(hostile)
    assert unseen(out) == set()


@pytest.mark.parametrize("form", ["md", "html", "jsonl"])
def test_people_get_them_to_read_in_safe_forms(
    study: Study, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"queue.{form}"
    with pytest.raises(SystemExit) as stopped:
        main(["label", "export", str(study.root), "-o", str(path), "--budget", "60"])
    assert stopped.value.code == 0, capsys.readouterr().err[-2_000:]
    text = path.read_text(encoding="utf-8")
    assert unseen(text) == set()
    if form == "html":
        assert Page(text).active == []
    if form == "md":
        assert list(active_markdown(text)) == []


@pytest.mark.parametrize("words", ["not only ", '"', "“a b c d e f ", "I and ", "( "])
def test_an_agent_caught_in_a_loop_is_read_like_any_other(planted: Planted, words: str) -> None:
    """These took time that grew with the square of their length: minutes for as much as a model can say."""
    loop = words * (100_000 // len(words))
    found = planted.told(texts(lambda text: f"{text}\n{loop}"), only=planted.of("denier", "locked_file"))
    assert planted.differences(found, "quotes", "remarks") == {}
