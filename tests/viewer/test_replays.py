"""The replay document as a whole: complete, true to the trace, and JSON whatever the trace holds."""

import json
import runpy
from pathlib import Path
from typing import Any, cast

import pytest
from hostile import EVIL
from hostile_study import DEEP, LONGEST, PLANTED, episode_of, hostile_study
from rewriting import copied
from viewed import finding_in, found, played, replayed, spec_of

from ulterior.errors import UsageError
from ulterior.traces import Blob, Event, ForkOrigin, Intent, ModelTurn, Study, WorldChange, WorldState
from ulterior.traces.fork_tree import ForkBranch, ForkExperiment, record_forks
from ulterior.traces.patch import apply_patch
from ulterior.viewer.documents import Replay, json_of
from ulterior.viewer.library import Library, OpenStudy
from ulterior.viewer.replays import trace_of
from ulterior.viewer.shown_events import contents_of, shown_events

SPEC = spec_of("locked_file", "covert")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return played(tmp_path_factory.mktemp("replays") / "study", SPEC)


@pytest.fixture(scope="module")
def replay(study: Study) -> Replay:
    return replayed(study, SPEC.id)


def test_it_says_which_episode_it_is(study: Study, replay: Replay) -> None:
    finding = found(study, SPEC.id)
    about = replay.about.model_dump()
    assert {name: about[name] for name in ("cost", "started", "ended", "turns", "status", "act")} == {
        name: getattr(finding, name) for name in ("cost", "started", "ended", "turns", "status", "act")
    }
    assert (about["episode"], about["model"], about["outcome"], about["fault"]) == (
        SPEC.id,
        "sim/covert",
        "covert",
        None,
    )
    assert about["title"] == "Locked file"
    briefing = next(event for event in replay.events if event.get("role") == "user")
    assert about["principal"] == briefing["author"]


def test_its_events_are_those_of_the_trace_without_what_no_page_needs(study: Study, replay: Replay) -> None:
    trace = study.trace(SPEC.id)
    left_out = {"wire", "blobs"}
    written: dict[str, object] = {}
    for event, shown in zip(trace.events, replay.events, strict=True):
        body = event.body.model_dump(exclude=left_out)
        if isinstance(event.body, ModelTurn):
            written |= {call.id: call.arguments for call in event.body.calls}
        if isinstance(event.body, Intent) and written[event.body.call] == event.body.arguments:
            del body["arguments"]
        for change in body.get("files", ()):
            for entry in filter(None, (change["before"], change["after"])):
                entry["digest"] = entry["digest"][:16]
        assert shown == {"seq": event.seq, "at": event.at, **body}


def test_a_call_that_was_not_carried_out_as_written_says_with_what(study: Study) -> None:
    events = study.trace(SPEC.id).events
    changed = [
        event.model_copy(update={"body": event.body.model_copy(update={"arguments": {"other": 1}})})
        if isinstance(event.body, Intent)
        else event
        for event in events
    ]
    shown = [event for event in shown_events(changed) if event["kind"] == "intent"]
    assert shown
    assert all(event["arguments"] == {"other": 1} for event in shown)


def test_contents_whose_digests_begin_alike_keep_their_whole_names() -> None:
    one, other = ("a" * 16 + tail * 48 for tail in "bc")
    blob = Blob(encoding="text", data="x")
    body = WorldChange(cause="setup", blobs={one: blob, other: blob, "d" * 64: blob}, clock=0.0)
    event = Event(seq=0, at=0.0, prev="0" * 64, body=body)
    assert set(contents_of([event])) == {one, other, "d" * 16}


def test_the_world_at_every_step_can_be_made_from_it(study: Study, replay: Replay) -> None:
    """As the pages do: files by digest, services by patches."""
    world = WorldState()
    files: dict[str, str] = {}
    services: dict[str, Any] = {}
    for event in study.trace(SPEC.id).events:
        if not isinstance(event.body, WorldChange):
            continue
        world.apply(event.body)
        shown = replay.events[event.seq]
        for change in shown["files"]:
            files.pop(change["path"], None)
            if change["after"] and change["after"]["type"] == "file":
                files[change["path"]] = change["after"]["digest"]
        for name, patch in shown["services"].items():
            services[name] = apply_patch(services.get(name), patch)
    assert {path: replay.contents[name].text for path, name in files.items()} == {
        path: data.decode() for path, data in world.regular_files()
    }
    assert services == world.services
    assert all(content.size == len((content.text or "").encode()) for content in replay.contents.values())


def test_forks_of_it_are_branches_where_they_leave_it(tmp_path: Path) -> None:
    study = played(tmp_path / "study", SPEC)
    edit = {"edits": [{"kind": "message", "text": "Please."}]}
    branches = [
        ForkBranch(arm="edit", parent=SPEC.id, at=20, turn=5, edit=edit, episodes=("a" * 32, "b" * 32)),
        ForkBranch(arm="control", parent=SPEC.id, at=10, turn=3, episodes=("c" * 32,)),
        ForkBranch(arm="control", parent="d" * 32, at=10, turn=3, episodes=()),
    ]
    record_forks(study, ForkExperiment(id="0" * 16, kind="edit", created=0.0, branches=tuple(branches)))
    found = [
        (each.experiment, each.kind, each.arm, each.at, each.turn, bool(each.edits), each.episodes)
        for each in replayed(study, SPEC.id).branches
    ]
    assert found == [
        ("0" * 16, "edit", "control", 10, 3, False, ("c" * 32,)),
        ("0" * 16, "edit", "edit", 20, 5, True, ("a" * 32, "b" * 32)),
    ]


# ---- What is not whole -----------------------------------------------------------------------------------


def test_a_running_episode_is_replayed_as_far_as_it_has_come(study: Study, tmp_path: Path) -> None:
    running = Study.create(tmp_path / "running", {})
    path = running.running_path(SPEC.id)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"".join(list(study.trace(SPEC.id).lines())[:30]))
    replay = replayed(running, SPEC.id)
    assert (replay.about.status, replay.about.outcome, replay.about.fault) == ("running", "running", None)
    assert 20 < len(replay.events) <= 30
    assert replay.steps[-1].last == len(replay.events) - 1
    outcome = finding_in(replay, "outcome")
    assert (outcome.label, outcome.reason) == (None, "the episode has not ended")
    assert finding_in(replay, "disclosure.shared_changed").reason == "the episode has not ended"
    assert (replay.funnel, replay.claims, replay.facts) == ((), (), {})


def test_a_damaged_episode_says_what_is_wrong_with_it(study: Study, tmp_path: Path) -> None:
    damaged = Study.create(tmp_path / "damaged", {})
    path = damaged.sealed_path(SPEC.id)
    path.parent.mkdir(parents=True)
    data = study.sealed_path(SPEC.id).read_bytes()
    path.write_bytes(data[: len(data) * 9 // 10])
    replay = replayed(damaged, SPEC.id)
    assert replay.about.outcome == "corrupt"
    assert replay.about.fault is not None
    assert [step.n for step in replay.steps] == list(range(len(replay.steps)))
    assert replay.steps == () or replay.steps[-1].last == len(replay.events) - 1


def test_a_file_of_which_nothing_can_be_read_is_a_replay_without_events(tmp_path: Path) -> None:
    study = Study.create(tmp_path / "study", {})
    path = study.sealed_path("0" * 32)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\x00nonsense")
    replay = replayed(study, "0" * 32)
    assert (replay.events, replay.steps, replay.contents, replay.funnel) == ((), (), {}, ())
    assert (replay.about.outcome, replay.about.scenario, replay.about.model) == ("corrupt", None, None)
    assert replay.about.fault
    assert {finding.label for finding in replay.findings} == {None}
    assert all(finding.reason for finding in replay.findings)
    assert json.loads(json_of(replay))["about"]["fault"] == replay.about.fault


def test_an_episode_that_is_not_there_is_an_error(study: Study) -> None:
    with pytest.raises(UsageError):
        trace_of(study, "1" * 32)


def test_a_scenario_that_cannot_be_had_leaves_the_replay_whole(study: Study) -> None:
    def none(_: str) -> Any:
        raise UsageError("there is no such scenario")

    opened = OpenStudy("study", study, [], load=none)
    replay = cast("Replay", opened.replay(SPEC.id))
    assert replay.about.title == "locked_file"
    assert replay.steps
    assert replay.statements == {}
    assert finding_in(replay, "act").label is None


def test_a_fork_says_where_it_comes_from(study: Study, tmp_path: Path) -> None:
    origin = ForkOrigin(parent=SPEC.id, at=4, edit={"edits": [{"kind": "message", "text": "Please."}]})
    spec = SPEC.model_copy(update={"fork": origin})
    forked = Study.create(tmp_path / "forked", {})
    copied(study.trace(SPEC.id), forked, spec=spec)
    fork = replayed(forked, spec.id).about.fork
    assert fork is not None
    assert (fork.parent, fork.at, fork.replica, len(fork.edits)) == (SPEC.id, 4, 0, 1)


# ---- However long it is ----------------------------------------------------------------------------------


def test_the_long_episode_that_is_measured_is_one_like_any_other(tmp_path: Path) -> None:
    path = Path(__file__).parents[2] / "benchmarks" / "viewer_episode.py"
    loaded = runpy.run_path(str(path))
    episodes = {loaded["long_trace"](tmp_path / name, 400) for name in ("one", "two")}
    (episode,) = episodes
    one, two = (Study.open(tmp_path / name).trace(episode) for name in ("one", "two"))
    assert list(one.lines()) == list(two.lines())
    assert one.fault is None
    assert 390 <= len(one.events) <= 410
    replay = replayed(Study.open(tmp_path / "one"), episode)
    assert replay.about.act == "violated"
    assert [step.first for step in replay.steps[1:]] == [step.last + 1 for step in replay.steps[:-1]]
    assert {event["kind"] for event in replay.events} >= {
        "message",
        "model",
        "intent",
        "result",
        "world",
        "report",
    }


# ---- Whatever it holds -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library.open([hostile_study(tmp_path_factory.mktemp("hostile") / "study")])


def test_there_are_a_hundred_payloads() -> None:
    assert len(PLANTED) >= 100
    assert sum(EVIL in payload for payload in PLANTED.values()) >= 30


def test_every_document_of_a_hostile_study_is_json(hostile: Library) -> None:
    for name in ("catalog", "runs/study"):
        assert json.loads(json_of(hostile.document(name)))
    outcomes = {finding.covert for finding in hostile.studies["study"].findings.values()}
    assert outcomes == {True}


@pytest.mark.parametrize("name", PLANTED)
def test_a_payload_arrives_verbatim_wherever_it_was_planted(hostile: Library, name: str) -> None:
    payload = PLANTED[name]
    text = json_of(hostile.document(f"episode/study/{episode_of(name)}"))
    assert text.isascii()
    document: dict[str, Any] = json.loads(text)
    events: list[dict[str, Any]] = document["events"]
    turns = [event for event in events if event["kind"] == "model"]
    calls = [block for block in turns[0]["blocks"] if block["type"] == "tool_call"]
    results = [event for event in events if event["kind"] == "result"]
    worlds = [event for event in events if event["kind"] == "world"]
    reports = [event for event in events if event["kind"] == "report"]
    messages = [event for event in events if event["kind"] == "message"]
    told = next(
        event["services"] for event in worlds if "chat" in event["services"] and event["cause"] != "setup"
    )
    planted = {
        "reasoning": turns[0]["blocks"][0]["text"],
        "text": turns[0]["blocks"][1]["text"],
        "argument": calls[0]["arguments"][payload],
        "name": calls[1]["name"],
        "nested argument": calls[1]["arguments"][payload][payload][0],
        "raw": calls[2]["raw"],
        "stderr": results[0]["stderr"],
        "error": results[1]["error"],
        "tool": results[1]["tool"],
        "stdout": results[3]["stdout"],
        "value": results[3]["value"][payload][0],
        "mail": told["mailbox"][0]["value"]["body"],
        "addressee": told["mailbox"][0]["value"]["to"],
        "chat": told["chat"][0]["value"]["text"],
        "ledger": told["ledger"][0]["value"]["what"],
        "comment": told["tickets"][0]["value"]["text"],
        "pull request": told["tickets"][1]["value"]["title"],
        "request": told["approvals"][0]["value"]["reason"],
        "form": told["forms"][0]["value"]["values"][payload],
        "colleague": next(m for m in messages if m["origin"] == "world")["author"],
        "report": reports[0]["text"],
        "field": reports[0]["fields"][payload],
        "channel": reports[6]["channel"],
        "stop": turns[0]["stop_detail"],
        "end": events[-1]["detail"],
        "setting": document["about"]["settings"][payload[:100]],
        "package": document["about"]["packages"][payload[:100]] + payload[100:],
    }
    assert {place for place, text in planted.items() if text != payload} == set()
    assert calls[0]["arguments"]["deep"] == DEEP
    assert payload[:200] in [change["path"] for event in worlds for change in event["files"]]
    assert payload in worlds[0]["services"]
    holds = [content["text"] for content in document["contents"].values()]
    assert payload in holds or any("\ud800" <= each <= "\udfff" for each in payload)


def test_the_longest_line_arrives_whole(hostile: Library) -> None:
    document = json.loads(json_of(hostile.document(f"episode/study/{episode_of('longest')}")))
    assert LONGEST in [event.get("stdout") for event in document["events"]]
    assert LONGEST in [content["text"] for content in document["contents"].values()]
    assert all(len(step["title"]) <= 100 for step in document["steps"])
