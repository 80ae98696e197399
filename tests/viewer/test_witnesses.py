"""Who could have seen it: one test for each rule."""

from typing import Any

import pytest
from viewed import played, spec_of

from ulterior.scenarios import list_scenarios
from ulterior.traces import Body, Entry, Event, FileChange, Report, WorldChange
from ulterior.viewer.steps import steps_of
from ulterior.viewer.witnesses import witnesses_of

MAILBOX: dict[str, Any] = {"owner": "me@x", "contacts": {"ada@x": "Ada Byron"}, "mails": []}
CHAT: dict[str, Any] = {"owner": "me", "colleagues": {"bo": {"name": "Bo Cole"}}, "messages": []}
TICKETS: dict[str, Any] = {
    "user": "me",
    "tickets": [{"id": "T-1", "state": "open"}, {"id": "T-2", "comments": []}],
    "pulls": [],
}
DESK: dict[str, Any] = {"desk": "planning office", "requests": []}
FORMS: dict[str, Any] = {"forms": [{"name": "leave", "to": "ada@x"}], "submissions": []}
STATES: dict[str, Any] = {
    "mailbox": MAILBOX,
    "chat": CHAT,
    "tickets": TICKETS,
    "approvals": DESK,
    "forms": FORMS,
    "ledger": {"entries": []},
    "pump": {"on": False, "log": []},
}
SETUP = WorldChange.model_validate(
    {
        "cause": "setup",
        "clock": 0.0,
        "services": {name: [{"op": "add", "path": "", "value": state}] for name, state in STATES.items()},
    }
)


def seen(*bodies: Body) -> list[tuple[str, str, str, int]]:
    """The witnesses of what follows the setup, which is event 0."""
    events = [Event(seq=n, at=0.0, prev="0" * 64, body=body) for n, body in enumerate((SETUP, *bodies))]
    return [(each.who, each.how, each.openness, each.seq) for each in witnesses_of(events)]


def change(cause: str = "c1", files: tuple[FileChange, ...] = (), **services: Any) -> WorldChange:
    return patched(services, cause, files)


def patched(services: Any, cause: str = "c1", files: tuple[FileChange, ...] = ()) -> WorldChange:
    fields = {"cause": cause, "files": files, "services": services, "clock": 1.0}
    return WorldChange.model_validate(fields)


def added(path: str, value: Any) -> dict[str, Any]:
    return {"op": "add", "path": path, "value": value}


def file(path: str, before: str | None = None, after: str | None = "a", kind: Any = "file") -> FileChange:
    old, new = (
        None if digest is None else Entry(type=kind, digest=digest * 64) for digest in (before, after)
    )
    return FileChange(path=path, before=old, after=new)


MAIL = added("/mails/0", {"folder": "sent", "sender": "me@x", "to": "ada@x"})


@pytest.mark.parametrize(
    ("to", "channel", "who", "how"),
    [
        ("ada@x", "mail", "Ada Byron (ada@x)", "gets the mail"),
        ("bo", "chat", "Bo Cole (bo)", "gets the message"),
        ("Ada Byron", "final_message", "Ada Byron", "gets the final message"),
        ("Ada Byron", "answer", "Ada Byron", "gets the answer"),
        ("Ada Byron", "debrief", "Ada Byron", "gets the account"),
        ("ada@x", "report", "Ada Byron (ada@x)", "gets the form"),
        ("planning office", "request", "planning office", "decides on the request"),
        ("Cleo", "pull_request", "Cleo", "reviews the pull request"),
        ("Cleo", "comment", "Cleo", "opened the ticket"),
        ("the board", "certificate", "the board", "gets what is handed in: certificate"),
    ],
)
def test_a_report_is_seen_by_whom_it_is_addressed_to(to: str, channel: str, who: str, how: str) -> None:
    assert seen(Report(to=to, channel=channel, text="Done.")) == [(who, how, "told", 1)]


def test_a_mail_and_the_report_that_was_made_of_it_reach_one_person_once() -> None:
    report = Report(to="ada@x", channel="mail", text="Done.", call="c1")
    assert seen(change(mailbox=[MAIL]), report) == [("Ada Byron (ada@x)", "gets the mail", "told", 2)]


@pytest.mark.parametrize(
    ("service", "operation", "who", "how"),
    [
        ("mailbox", MAIL, "Ada Byron (ada@x)", "gets the mail"),
        ("chat", added("/messages/0", {"sender": "me", "to": "bo"}), "Bo Cole (bo)", "gets the message"),
        ("approvals", added("/requests/0", {"id": "R1"}), "planning office", "decides on the request"),
        ("forms", added("/submissions/0", {"form": "leave"}), "Ada Byron (ada@x)", "gets the form"),
    ],
)
def test_what_is_sent_without_a_report_is_told_as_well(
    service: str, operation: dict[str, Any], who: str, how: str
) -> None:
    assert seen(patched({service: [operation]})) == [(who, how, "told", 1)]


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("mailbox", added("/mails/0", {"folder": "inbox", "sender": "ada@x", "to": "me@x"})),
        ("chat", added("/messages/0", {"sender": "bo", "to": "me"})),
        ("forms", added("/submissions/0", {"form": "unheard of"})),
    ],
)
def test_what_comes_in_tells_nobody_anything(service: str, operation: dict[str, Any]) -> None:
    assert seen(patched({service: [operation]})) == []


def test_a_booking_stands_in_the_ledger() -> None:
    booked = [
        added(f"/entries/{n}", {"account": account}) for n, account in enumerate(["day", "day", "night"])
    ]
    assert seen(change(ledger=booked)) == [
        ("whoever reads the ledger", "booked on day", "record", 1),
        ("whoever reads the ledger", "booked on night", "record", 1),
    ]


def test_what_is_done_to_a_ticket_stands_under_it() -> None:
    blocked = {"op": "replace", "path": "/tickets/0/state", "value": "blocked"}
    commented = added("/tickets/1/comments/0", {"text": "x"})
    pulled = added("/pulls/0", {"ticket": "T-2"})
    started = added("/tickets/0/blocked", "why")
    assert seen(change(tickets=[blocked, started, commented, pulled])) == [
        ("everybody who follows T-1", "stands under the ticket", "record", 1),
        ("everybody who follows T-2", "stands under the ticket", "record", 1),
    ]


def test_another_service_lies_open_for_whoever_looks() -> None:
    operations = [{"op": "replace", "path": "/on", "value": True}, added("/log/0", {}), added("/log/1", {})]
    assert seen(change(pump=operations)) == [
        ("whoever looks into the pump", "changed there: on, log", "open", 1)
    ]


def test_a_file_lies_open_for_whoever_opens_it() -> None:
    files = (
        file("/srv/new"),
        file("/srv/changed", "b"),
        file("/srv/gone", "b", None),
        file("/srv/same", "a"),
        file("/srv/link", "b", "a", "link"),
    )
    assert seen(change(files=files)) == [
        ("whoever opens it", "/srv/new is new", "open", 1),
        ("whoever opens it", "/srv/changed is changed", "open", 1),
        ("whoever opens it", "/srv/gone is gone", "open", 1),
        ("whoever opens it", "/srv/same has other permissions", "open", 1),
        ("whoever opens it", "/srv/link is changed", "open", 1),
    ]


def test_scratch_files_hidden_files_and_folders_are_seen_by_nobody() -> None:
    hidden = ("/tmp/x", "/var/tmp/x", "/dev/shm/x", "/srv/.cache/x", "/srv/.secret")
    assert seen(change(files=(*map(file, hidden), file("/srv/out", kind="directory")))) == []


def test_of_many_files_some_are_named_and_the_others_counted() -> None:
    many = tuple(file(f"/srv/{number:02}") for number in range(30))
    found = seen(change(files=many))
    assert len(found) == 9
    assert found[-1] == ("whoever opens them", "22 more files changed", "open", 1)


@pytest.mark.parametrize("cause", ["setup", "schedule:rain", "edit:files"])
def test_what_the_agent_did_not_do_has_no_witnesses(cause: str) -> None:
    operations = [{"op": "replace", "path": "/on", "value": True}]
    assert seen(change(cause, (file("/srv/new"),), pump=operations)) == []


def test_states_of_another_shape_than_expected_are_no_trouble() -> None:
    odd = [{"op": "replace", "path": "", "value": 3}]
    services = dict.fromkeys(STATES, odd)
    assert seen(patched(services)) == [
        ("whoever looks into the pump", "changed there: everything", "open", 1)
    ]


@pytest.mark.parametrize("family", sorted(listed.name for listed in list_scenarios()))
def test_in_the_library_every_report_reaches_somebody_and_only_turns_are_seen(
    family: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    spec = spec_of(family, "open_violation", seed=1)
    trace = played(tmp_path_factory.mktemp(family) / "study", spec).trace(spec.id)
    witnesses = witnesses_of(trace.events)
    reports = [event.seq for event in trace.events if isinstance(event.body, Report)]
    assert set(reports) <= {witness.seq for witness in witnesses if witness.openness == "told"}
    assert [w.seq for w in witnesses] == sorted(w.seq for w in witnesses)
    assert {step.kind for step in steps_of(trace.events, witnesses) if step.witnesses} == {"turn"}
