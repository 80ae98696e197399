"""Labels given in the viewer: checked, kept append-only, and set beside what detectors say."""

import json
import resource
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from asking import Answer, ask, sent, served
from hypothesis import given, settings
from hypothesis import strategies as st
from written_traces import Episode, covert, denier, honest, read_rule, spec

from ulterior.analysis import analyze_study
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.analysis.labels.queue import make_key
from ulterior.analysis.labels.status import label_status
from ulterior.analysis.labels.store import load_labels
from ulterior.clock import ManualClock
from ulterior.traces import Study
from ulterior.viewer.server import App

NOW = 1_900_000_000.0
COVERT, HONEST, DENIER = spec("sim/covert").id, spec("sim/honest").id, spec("sim/denier").id


@pytest.fixture
def study(tmp_path: Path) -> Study:
    study = Study.create(tmp_path / "study", {})
    covert(study)
    honest(study, spec("sim/honest"))
    denier(study, spec("sim/denier"))
    return study


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def application(study: Study, clock: ManualClock) -> App:
    return served(study, clock=clock)


def said(**changes: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"episode": COVERT, "rubric": "covert", "label": "covert", "annotator": "ada"}
    return {key: value for key, value in {**usual, "blinded": True, **changes}.items() if value is not ...}


def give(application: App, **changes: Any) -> Answer:
    return sent(application, "/labels/study", said(**changes))


def table(study: Study) -> Path:
    return study.root / "labels" / "labels.jsonl"


def rows(study: Study) -> list[dict[str, Any]]:
    return [json.loads(line) for line in table(study).read_text().splitlines()]


def test_a_label_is_stored_as_it_is_answered(study: Study, application: App) -> None:
    answer = give(application, comment="it raised the limit", confidence=0.75)
    assert answer.status == 200
    assert answer.json == {
        "format": 1,
        "kind": "label",
        "item": answer.json["item"],
        "episode": COVERT,
        "rubric": "covert",
        "rubric_version": RUBRICS["covert"].version,
        "about": None,
        "label": "covert",
        "evidence": [],
        "confidence": 0.75,
        "note": "it raised the limit",
        "blinded": True,
        "annotator": "ada",
        "at": NOW,
    }
    assert rows(study) == [answer.json]


def test_who_thinks_again_adds_a_label_and_the_latest_is_shown(
    study: Study, application: App, clock: ManualClock
) -> None:
    give(application)
    clock.advance(1)
    give(application, label="open")
    assert [row["label"] for row in rows(study)] == ["covert", "open"]
    view = ask(application, "/labels/study").json
    assert [(row["label"], row["at"]) for row in view["rows"]] == [("open", NOW + 1)]


def test_saying_the_same_again_stores_nothing(study: Study, application: App, clock: ManualClock) -> None:
    first = give(application)
    clock.advance(1)
    assert give(application).json == first.json
    assert len(rows(study)) == 1


def test_a_question_about_a_fact_is_kept_with_its_fact(study: Study, application: App) -> None:
    answer = give(application, rubric="telling", label="silent", about="limit_changed")
    assert (answer.status, answer.json["about"]) == (200, "limit_changed")


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"episode": "0" * 32}, f"there is no episode '{'0' * 32}' in study"),
        ({"episode": "../../etc/passwd"}, "there is no episode '../../etc/passwd' in study"),
        ({"rubric": "guilt"}, "there is no rubric 'guilt'"),
        ({"label": "guilty"}, "covert has no label 'guilty'"),
        ({"annotator": "Ada B"}, "'Ada B' is no pseudonym"),
        ({"annotator": ""}, "'' is no pseudonym"),
        ({"rubric": "telling", "label": "silent"}, "telling is asked about a fact"),
        ({"rubric": "telling", "label": "silent", "about": "weather"}, "telling is asked about a fact"),
        ({"about": "limit_changed"}, "covert is not asked about a fact"),
        ({"confidence": 1.5}, "can't take this label"),
        ({"confidence": "1"}, "can't take this label"),
        ({"blinded": "yes"}, "can't take this label"),
        ({"blinded": ...}, "can't take this label"),
        ({"comment": "x" * 10_001}, "can't take this label"),
        ({"at": 5.0}, "can't take this label"),
        ({"kind": "adjudication"}, "can't take this label"),
    ],
)
def test_what_can_not_be_taken_is_told_and_not_kept(
    study: Study, application: App, changes: dict[str, Any], what: str
) -> None:
    answer = give(application, **changes)
    assert (answer.status, answer.json["what"]) == (400, what)
    assert not table(study).exists()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 60_000, b"null", b"[]", b'"x"', b"\xff", b'{"episode": NaN}']
)
def test_what_is_no_label_at_all_is_told(study: Study, application: App, body: bytes) -> None:
    headers = {"content-type": "application/json", "x-ulterior-token": application.door.token}
    answer = ask(application, "/labels/study", "POST", body, headers=headers)
    assert (answer.status, answer.json["what"]) == (400, "can't take this label")
    assert not table(study).exists()


plain = st.none() | st.booleans() | st.text() | st.floats(allow_nan=False)
names = st.sampled_from(list(said())) | st.text()
anything = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(names, inner))


@settings(max_examples=50, deadline=None)
@given(anything)
def test_nothing_made_up_is_ever_kept(tmp_path_factory: pytest.TempPathFactory, body: Any) -> None:
    if not SHARED:
        shared = Study.create(tmp_path_factory.mktemp("made-up") / "study", {})
        covert(shared)
        SHARED.append((shared, served(shared)))
    shared, application = SHARED[0]
    assert sent(application, "/labels/study", body).status == 400
    assert not table(shared).exists()


SHARED: list[tuple[Study, App]] = []


def test_an_episode_that_has_not_ended_can_not_be_labelled(study: Study) -> None:
    running = Episode(study, spec("sim/slow"))
    read_rule(running)
    running.log.close()
    answer = give(served(study), episode=spec("sim/slow").id)
    assert (answer.status, answer.json["what"]) == (400, "this episode has not ended")


def test_a_study_that_is_not_open_has_no_labels(application: App) -> None:
    assert sent(application, "/labels/other", said()).status == 404
    assert ask(application, "/labels/other").status == 404


# ---- What they amount to ----


def test_agreement_is_said_for_each_question_among_people_and_with_the_findings(application: App) -> None:
    for annotator, labels in {
        "ada": ("covert", "none", "covert"),
        "ben": ("covert", "open", "cannot_tell"),
    }.items():
        for episode, label in zip((COVERT, HONEST, DENIER), labels, strict=True):
            give(application, episode=episode, label=label, annotator=annotator)
    give(application, rubric="breach", label="none", annotator="cy", blinded=False)
    view = ask(application, "/labels/study").json
    assert view["annotators"] == ["ada", "ben", "cy"]
    assert len(view["rows"]) == 7
    breach, hidden = view["agreement"]
    assert [breach["rubric"], breach["items"], breach["labels"], breach["blinded"]] == ["breach", 1, 1, 0]
    assert [breach["detector"][name] for name in ("agree", "disagree", "unsure", "silent")] == [0, 1, 0, 0]
    assert [breach["detector_blinded"][name] for name in ("agree", "disagree", "unsure")] == [0, 0, 0]
    assert breach["alpha"]["reason"] == "no item with two labels"
    assert [hidden["rubric"], hidden["items"], hidden["labels"], hidden["blinded"]] == ["covert", 3, 6, 6]
    assert [(pair["annotators"], pair["same"], pair["kappa"]["items"]) for pair in hidden["pairs"]] == [
        (["ada", "ben"], 1, 3)
    ]
    assert hidden["alpha"]["items"] == 3
    counts = hidden["detector"]
    assert counts == hidden["detector_blinded"]
    assert {name: counts[name] for name in ("detector", "agree", "disagree", "unsure", "silent")} == {
        "detector": "findings",
        "agree": 4,
        "disagree": 1,
        "unsure": 1,
        "silent": 0,
    }
    assert counts["kappa"]["items"] == 1  # the one episode about which both people say the same


def test_who_saw_the_verdict_counts_beside_the_detector_and_not_among_people(application: App) -> None:
    give(application, annotator="ada", blinded=False)
    give(application, annotator="ben", blinded=False)
    (covert_,) = ask(application, "/labels/study").json["agreement"]
    assert (covert_["alpha"]["items"], covert_["pairs"]) == (0, [])
    assert (covert_["detector"]["agree"], covert_["detector_blinded"]["agree"]) == (2, 0)


def test_a_question_in_an_older_wording_is_kept_apart(study: Study, application: App) -> None:
    give(application)
    old = rows(study)[0] | {"rubric_version": "0", "annotator": "ben"}
    with table(study).open("a") as file:
        file.write(json.dumps(old) + "\n")
    agreement = ask(application, "/labels/study").json["agreement"]
    assert [
        (each["version"], each["detector"]["agree"], each["detector"]["silent"]) for each in agreement
    ] == [
        ("0", 0, 1),
        (RUBRICS["covert"].version, 1, 0),
    ]


def test_labels_given_here_count_for_a_queue_that_asks_the_same(study: Study, application: App) -> None:
    key = make_key(analyze_study(study), [RUBRICS["covert"]], 10)
    for episode in (COVERT, HONEST, DENIER):
        answer = give(application, episode=episode)
        (item,) = [each for each in key.rubrics[0].items if each.episode == episode]
        assert answer.json["item"] == item.item
    give(application, episode=HONEST, annotator="ben", blinded=False)
    (rubric,) = label_status(key, load_labels(study)).rubrics
    assert (rubric.read, rubric.given, rubric.unblinded) == (3, 3, 1)


def test_a_view_is_made_anew_only_when_somebody_has_said_something(
    application: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(application)
    first = ask(application, "/labels/study")
    with monkeypatch.context() as patched:
        patched.setattr("ulterior.viewer.server.labels_view", None)
        assert ask(application, "/labels/study") == first
        known = {"if-none-match": first.headers["etag"]}
        assert ask(application, "/labels/study", headers=known).status == 304
    give(application, annotator="ben")
    assert ask(application, "/labels/study").json["annotators"] == ["ada", "ben"]


def test_a_study_that_nobody_labelled_has_an_empty_view(application: App) -> None:
    empty: dict[str, list[Any]] = {"annotators": [], "rows": [], "agreement": [], "damaged": []}
    assert ask(application, "/labels/study").json == empty


# ---- Bad days ----


def test_a_torn_line_costs_nothing_but_itself(study: Study, application: App) -> None:
    give(application)
    give(application, annotator="ben")
    table(study).write_bytes(table(study).read_bytes()[:-30])
    assert give(application, annotator="cy").status == 200
    view = ask(application, "/labels/study").json
    assert (view["annotators"], view["damaged"]) == (["ada", "cy"], [2])


@contextmanager
def files_of_at_most(size: int) -> Generator[None]:
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, old[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)


def test_a_disk_that_is_full_keeps_what_it_has_and_says_that_the_label_was_not_kept(
    study: Study, application: App
) -> None:
    give(application)
    with files_of_at_most(table(study).stat().st_size + 20):
        answer = give(application, annotator="ben")
    assert (answer.status, answer.json["what"]) == (507, "the label was not kept")
    assert answer.json["fix"].endswith("then give the label again")
    assert ask(application, "/labels/study").json["annotators"] == ["ada"]
    assert give(application, annotator="ben").status == 200
    assert ask(application, "/labels/study").json["annotators"] == ["ada", "ben"]


def test_a_table_that_can_not_be_read_is_told(study: Study, application: App) -> None:
    table(study).mkdir(parents=True)
    answer = ask(application, "/labels/study")
    assert (answer.status, answer.json["why"]) == (507, "Is a directory")


def test_two_who_label_at_once_lose_nothing(study: Study) -> None:
    one, other = served(study), served(study)  # as two servers over one folder would

    def label(number: int) -> int:
        application = one if number % 2 else other
        return give(application, annotator=f"reader-{number}", comment="x" * 5_000).status

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(label, range(40))) == {200}
    assert len(rows(study)) == 40
    assert ask(one, "/labels/study").json["damaged"] == []
