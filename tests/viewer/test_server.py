"""The server: files and documents by name, what a browser may keep, and errors that say what to do."""

import asyncio
import gzip
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from asking import TOKEN, ask, asked, behind, resumed, scope_of, served
from hypothesis import example, given, settings
from hypothesis import strategies as st
from written_traces import Episode, covert, honest, read_rule, spec

from ulterior.errors import CorruptTrace, StorageFailure, UlteriorError
from ulterior.scenarios import Laboratory
from ulterior.traces import Frozen, Study
from ulterior.viewer.library import Library
from ulterior.viewer.server import FRONT, app
from ulterior.viewer.shelf import Shelf


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Two episodes that ended and one that is running."""
    study = Study.create(tmp_path / "study", {"name": "by hand"})
    covert(study)
    honest(study, spec("sim/honest"))
    running = Episode(study, spec("sim/running"))
    read_rule(running)
    running.log.close()
    return study


def name_of(model: str = "sim/covert") -> str:
    return f"episode/study/{spec(model).id}"


def at(document: str) -> str:
    return f"/data/{document}.json"


# ---- Documents ----


def test_every_document_of_a_study_is_served(study: Study) -> None:
    application = served(study)
    catalog = ask(application, "/data/catalog.json").json
    assert catalog["studies"] == [
        {"key": "study", "name": "study", "episodes": 3, "live": True, "version": 0}
    ]
    runs = ask(application, "/data/runs/study.json").json
    assert sorted(runs["table"]["ids"]) == sorted(
        spec(f"sim/{each}").id for each in ("covert", "honest", "running")
    )
    for episode in runs["table"]["ids"]:
        assert ask(application, f"/data/episode/study/{episode}.json").json["about"]["episode"] == episode


def test_two_studies_of_one_name_have_keys_of_their_own_and_one_named_twice_is_opened_once(
    study: Study, tmp_path: Path
) -> None:
    other = Study.create(tmp_path / "other" / "study", {})
    again = Study.open(tmp_path / "other" / ".." / "study")
    assert list(Library.open([study.root, other.root, again.root]).studies) == ["study", "study-2"]


def test_a_document_is_not_sent_again_while_it_is_the_same(study: Study) -> None:
    application = served(study)
    for path in ("/", "/app.js", at("catalog"), at("runs/study"), at(name_of())):
        first = ask(application, path)
        known = {"if-none-match": f'"other", W/{first.headers["etag"]}'}
        again = ask(application, path, headers=known)
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])
        assert ask(application, path, headers={"if-none-match": '"other"'}).body == first.body


def test_a_large_document_is_packed_for_those_who_can_unpack_it(study: Study) -> None:
    running = Episode(study, spec("sim/talker"))
    running.turn("word " * 30_000)
    running.end()
    application = served(study)
    plain = ask(application, at(name_of("sim/talker")))
    packed = ask(application, at(name_of("sim/talker")), headers={"accept-encoding": "gzip, br"})
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 10
    assert (packed.headers["content-encoding"], packed.headers["vary"]) == ("gzip", "accept-encoding")
    assert packed.headers["etag"] != plain.headers["etag"]
    known = {"accept-encoding": "gzip", "if-none-match": packed.headers["etag"]}
    assert ask(application, at(name_of("sim/talker")), headers=known).status == 304
    small = ask(application, at("catalog"), headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in small.headers


def test_text_that_is_no_unicode_survives(study: Study) -> None:
    strange = Episode(study, spec("sim/strange"))
    strange.turn("a lone \ud800 and an end\x00")
    strange.end()
    document = ask(served(study), at(name_of("sim/strange"))).json
    (turn,) = [event for event in document["events"] if event["kind"] == "model"]
    assert turn["blocks"][0]["text"] == "a lone \ud800 and an end\x00"


class Counting(Library):
    """Counts the documents that are made, and fails on one name."""

    made: list[str]
    failure: Exception | None = None

    def document(self, name: str) -> Frozen:
        self.made = [*getattr(self, "made", []), name]
        if self.failure is not None:
            raise self.failure
        return super().document(name)


def counting(study: Study, failure: Exception | None = None) -> Counting:
    library = Counting(Library.open([study.root]).studies.values())
    library.made, library.failure = [], failure
    return library


def test_a_document_is_made_once_however_many_ask_for_it_at_once(study: Study) -> None:
    library = counting(study)
    application = app(library, token=TOKEN)

    async def all_at_once() -> list[bytes]:
        answers = [asked(application, scope_of(at("runs/study"))) for _ in range(8)]
        return [answer.body for answer in await asyncio.gather(*answers)]

    assert len(set(asyncio.run(all_at_once()))) == 1
    assert library.made == ["runs/study"]


def test_a_server_that_is_prepared_has_counted_before_anybody_asks(study: Study) -> None:
    library = counting(study)
    application = app(library)
    application.prepare()
    assert ask(application, at("runs/study")).status == 200
    assert library.made == ["runs/study"]


def test_a_replay_is_made_anew_when_its_file_has_changed_and_only_then(study: Study) -> None:
    library = counting(study)
    shelf = Shelf(library)
    before = shelf.get(name_of("sim/running"))
    assert shelf.get(name_of("sim/running")) is before
    shelf.get(name_of())
    running = resumed(study, spec("sim/running"))
    running.turn("I go on.")
    running.log.close()
    after = shelf.get(name_of("sim/running"))
    shelf.get(name_of())
    assert b"I go on." in after.body
    assert b"I go on." not in before.body
    assert library.made == [name_of("sim/running"), name_of(), name_of("sim/running")]


def test_what_takes_too_much_room_is_let_go_the_longest_unread_first(study: Study) -> None:
    library = counting(study)
    room = sum(len(Shelf(library).get(name).body) for name in (name_of(), name_of("sim/honest"))) + 10
    shelf = Shelf(library, room)
    library.made = []
    for name in (name_of(), name_of("sim/honest"), name_of(), "runs/study", name_of()):
        shelf.get(name)
    assert library.made == [name_of(), name_of("sim/honest"), "runs/study"]
    shelf.get(name_of("sim/honest"))
    assert library.made[3:] == [name_of("sim/honest")]


# ---- Files ----


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/app.js", "text/javascript; charset=utf-8"),
        ("/labels/page.js", "text/javascript; charset=utf-8"),  # beside the labels of studies
        ("/vendor/preact.js", "text/javascript; charset=utf-8"),
        ("/style/base.css", "text/css; charset=utf-8"),
    ],
)
def test_files_of_the_front_end_are_served_as_what_they_are(study: Study, path: str, kind: str) -> None:
    answer = ask(served(study), path)
    assert answer.body == (FRONT / (path[1:] or "index.html")).read_bytes()
    assert answer.headers["content-type"] == kind
    assert ask(served(study), path, "HEAD").headers["content-length"] == str(len(answer.body))


PIECES = [
    *(
        "..",
        ".",
        "%2e%2e",
        "%252e%252e",
        "/",
        "//",
        "\\",
        "%5c",
        "%2f",
        "%00",
        "%ff",
        "é",
        "~",
        "C:",
        "file:",
        "?",
    ),
    *(
        "data",
        "labels",
        "live",
        "study",
        "episode",
        "runs",
        "catalog",
        ".json",
        ".js",
        "app",
        "vendor",
        "style",
    ),
    *("etc", "passwd", "secret", "episodes", "index.html", "server.py", "*"),
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
@example("../../etc/passwd")
@example("..%2f..%2f..%2fetc%2fpasswd")
@example("data/episode/study/../../../secret.json")
@example("data/episode/study/..%2f..%2fsecret.json")
@example("data/runs/..%2fstudy%2fsecret.json")
@example("vendor/../../server.py")
@example("vendor/%2e%2e/app.js")
@example("%00/app.js")
def test_no_address_leads_out_of_what_is_served(path: str) -> None:
    application, outside = SHARED[0]
    answer = ask(application, "/" + path)
    assert answer.status in (200, 404)
    assert b"out of bounds" not in answer.body
    assert b"root:" not in answer.body
    if answer.status == 200 and not path.startswith(("data/", "labels/", "live/")):
        name = scope_of("/" + path)["path"].removeprefix("/") or "index.html"
        assert name in {each.relative_to(FRONT).as_posix() for each in FRONT.rglob("*")}
    assert outside.exists()


SHARED: list[tuple[Any, Path]] = []


@pytest.fixture(scope="module", autouse=True)
def shared(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A server for many requests, and a file beside its study that nobody may see."""
    study = Study.create(tmp_path_factory.mktemp("shared") / "study", {})
    covert(study)
    for secret in (study.root / "secret.json", study.root.parent / "secret.json"):
        secret.write_text('"out of bounds"')
    SHARED[:] = [(served(study), study.root / "secret.json")]


def test_absolute_paths_and_files_of_the_study_are_no_documents() -> None:
    application, outside = SHARED[0]
    for path in (str(outside), quote(str(outside), safe=""), f"/data/{outside}", f"//{outside}"):
        assert ask(application, "/" + path.lstrip("/")).status == 404


def test_what_is_put_beside_the_front_end_later_is_not_served(study: Study, tmp_path: Path) -> None:
    front = tmp_path / "front"
    front.mkdir()
    (front / "index.html").write_text("the page")
    (front / "notes.txt").write_text("no page")
    application = served(study, front=front)
    (front / "link.js").symlink_to("/etc/passwd")
    assert ask(application, "/").body == b"the page"
    assert [ask(application, path).status for path in ("/link.js", "/notes.txt")] == [404, 404]


# ---- Errors ----


def test_what_does_not_exist_is_told(study: Study) -> None:
    answer = ask(served(study), "/data/runs/nobody.json")
    assert (answer.status, answer.json["what"]) == (404, "there is no document 'runs/nobody'")
    assert ask(served(study), "/live/nobody").json["why"] == "open are: study"
    assert ask(served(study), at(f"episode/study/{'0' * 32}")).json["what"] == (
        f"there is no episode {'0' * 12} in study"
    )


def test_an_episode_that_is_gone_is_told_and_the_others_are_served(study: Study) -> None:
    application = served(study)
    study.sealed_path(spec().id).unlink()
    answer = ask(application, at(name_of()))
    assert (answer.status, answer.json["why"]) == (404, "its file is not there, or not there any more")
    assert ask(application, at(name_of("sim/honest"))).status == 200


def test_an_episode_that_is_damaged_is_shown_as_far_as_it_can_be_trusted(study: Study) -> None:
    application = served(study)
    with study.running_path(spec("sim/running").id).open("a") as file:
        file.write("no event\n")
    about = ask(application, at(name_of("sim/running"))).json["about"]
    assert (about["status"], about["outcome"]) == ("corrupt", "corrupt")
    assert about["fault"]


def test_an_episode_of_which_nothing_can_be_read_is_shown_without_events_and_with_the_reason(
    study: Study,
) -> None:
    path = study.sealed_path(spec().id)
    path.chmod(0o644)
    path.write_bytes(b"nonsense")
    application = served(study)
    replay = ask(application, at(name_of())).json
    assert (replay["about"]["status"], replay["events"]) == ("corrupt", [])
    assert replay["about"]["fault"]
    assert "corrupt" in ask(application, at("runs/study")).json["table"]["words"]["status"]["values"]


@pytest.mark.parametrize(
    ("failure", "status", "what"),
    [
        (
            CorruptTrace(Path("t.jsonl.zst"), 3, 99, "torn"),
            422,
            "t.jsonl.zst: not intact at line 3 (byte 99)",
        ),
        (StorageFailure("can't read it", "no space"), 507, "can't read it"),
        (PermissionError(13, "Permission denied"), 503, "a stored file can't be read"),
        (UlteriorError("something else"), 422, "something else"),
        (KeyError("a secret of the code"), 500, "this can't be shown: KeyError, a bug of ours"),
    ],
)
def test_whatever_goes_wrong_is_told_in_words_and_without_a_traceback(
    study: Study, failure: Exception, status: int, what: str
) -> None:
    answer = ask(app(counting(study, failure)), at("catalog"))
    assert (answer.status, answer.json["what"]) == (status, what)
    assert b"Traceback" not in answer.body
    assert b"a secret of the code" not in answer.body


# ---- What looking does to a study: nothing ----


def look_at_everything(study: Study) -> None:
    application = served(study)
    names = ["catalog", "runs/study", *(name_of(f"sim/{each}") for each in ("covert", "honest", "running"))]
    assert [ask(application, at(name)).status for name in names] == [200] * 5
    assert ask(application, "/labels/study").status == 200


def test_looking_writes_nothing_but_what_analysis_keeps(study: Study) -> None:
    before = behind(study.root)
    look_at_everything(study)
    after = behind(study.root)
    assert {name: after[name] for name in before} == before
    assert {Path(name).parts[0] for name in after.keys() - before.keys()} == {"findings"}
    look_at_everything(study)
    assert behind(study.root) == after


def test_looking_at_an_analysed_study_executes_nothing(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    served(study)

    def refuse(*_: Any) -> Any:
        raise AssertionError("something was executed")

    monkeypatch.setattr(Laboratory, "sandbox", refuse)
    monkeypatch.setattr("ulterior.analysis.findings.audit", refuse)
    look_at_everything(study)


@contextmanager
def read_only(root: Path) -> Generator[None]:
    """A folder that can't be written to, by root either."""
    as_root = os.geteuid() == 0
    for folder in (root, *root.parents):
        if as_root and folder.is_relative_to("/tmp") and folder != Path("/tmp"):
            folder.chmod(0o755)
    root.chmod(0o555)
    try:
        if as_root:
            os.seteuid(65534)
        yield
    finally:
        if as_root:
            os.seteuid(0)
        root.chmod(0o755)


def test_a_study_that_is_read_only_can_be_looked_at(study: Study) -> None:
    before = behind(study.root)
    with read_only(study.root):
        look_at_everything(study)
    assert behind(study.root) == before
