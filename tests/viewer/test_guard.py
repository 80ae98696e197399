"""Who gets in: the viewer's own pages, and nobody else's."""

import asyncio
from typing import Any

import pytest
from asking import TOKEN, Answer, ask, asked, scope_of, sent, served
from hypothesis import given, settings
from hypothesis import strategies as st
from written_traces import covert

from ulterior.traces import Study
from ulterior.viewer.guard import MOST_BYTES, POLICY, Door
from ulterior.viewer.server import App

CROSS = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}
FOLLOWED = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
OWN = {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}
WRITING = {"content-type": "application/json", "x-ulterior-token": TOKEN}
ALL_READ = ("/", "/app.js", "/data/catalog.json", "/data/runs/study.json", "/labels/study")


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> App:
    study = Study.create(tmp_path_factory.mktemp("guard") / "study", {})
    covert(study)
    return served(study)


def open_to(application: App, path: str, headers: dict[str, str], **about: Any) -> bool:
    answer = ask(application, path, headers=headers, **about)
    assert answer.status in (200, 401, 403, 421)
    return answer.status == 200


@pytest.mark.parametrize("host", ["127.0.0.1:7717", "localhost:7717", "LOCALHOST:7717", "[::1]:7717"])
def test_its_own_pages_may_read_everything(guarded: App, host: str) -> None:
    assert all(open_to(guarded, path, OWN, host=host) for path in ALL_READ)
    assert all(open_to(guarded, path, OWN | {"origin": f"http://{host}"}, host=host) for path in ALL_READ)


FOREIGN = """
evil.example
evil.example:7717
127.0.0.1
127.0.0.1:80
127.0.0.1:77177
localhost.:7717
localhost.evil.example:7717
127.0.0.1:7717.evil.example
127.0.0.1:7717, 127.0.0.1:7717
0.0.0.0:7717
a@127.0.0.1:7717
"""


@pytest.mark.parametrize("host", [*FOREIGN.strip().splitlines(), "", None])
def test_a_name_that_was_made_to_point_here_is_refused_with_a_sentence(
    guarded: App, host: str | None
) -> None:
    answers = [ask(guarded, path, host=host) for path in ALL_READ]
    assert {answer.status for answer in answers} == {421}
    assert answers[0].json["what"] == "this server is not called by that name"
    assert answers[0].json["fix"] == "use http://127.0.0.1:7717/; a tunnel has to end at the same port, 7717"


def test_two_host_headers_are_one_too_many(guarded: App) -> None:
    scope = scope_of("/")
    scope["headers"].append((b"Host", b"127.0.0.1:7717"))
    assert asyncio.run(asked(guarded, scope)).status == 421


def test_on_port_80_the_port_may_be_left_away(guarded: App) -> None:
    assert ask(guarded, "/", host="localhost", at=("127.0.0.1", 80)).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        CROSS,
        CROSS | {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"},
        CROSS | {"sec-fetch-site": "same-site"},
        FOLLOWED | {"sec-fetch-dest": "iframe"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:8000"},
        {"origin": "http://localhost:7717"},  # ours by another name: still not the page that was served
        {"origin": "https://127.0.0.1:7717"},
        FOLLOWED | {"origin": "http://evil.example"},
    ],
)
def test_a_page_of_another_site_learns_nothing(guarded: App, headers: dict[str, str]) -> None:
    assert [path for path in ALL_READ if open_to(guarded, path, headers)] == []


def test_a_link_in_a_mail_opens_the_page_and_no_document(guarded: App) -> None:
    assert [path for path in ALL_READ if open_to(guarded, path, FOLLOWED)] == ["/"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (WRITING, 400),  # what the labels say to an empty body
        (WRITING | {"content-type": "application/json; charset=utf-8"}, 400),
        ({"content-type": "application/json"}, 401),
        (WRITING | {"x-ulterior-token": ""}, 401),
        (WRITING | {"x-ulterior-token": TOKEN[:-1]}, 401),
        (WRITING | {"x-ulterior-token": TOKEN + "ä"}, 401),
        (WRITING | {"content-type": "text/plain"}, 415),
        (WRITING | {"content-type": "application/x-www-form-urlencoded"}, 415),
        ({"x-ulterior-token": TOKEN}, 415),
        (WRITING | {"origin": "http://evil.example"}, 403),
        (WRITING | CROSS, 403),
        (WRITING | FOLLOWED, 403),
    ],
)
def test_writing_takes_the_token_json_and_a_page_of_ours(
    guarded: App, headers: dict[str, str], status: int
) -> None:
    assert ask(guarded, "/labels/study", "POST", b"{}", headers=headers).status == status


headers = st.dictionaries(
    st.sampled_from(
        ["origin", "content-type", "x-ulterior-token", "cookie", "sec-fetch-site", "x-http-method"]
    ),
    st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=40),
)


@settings(max_examples=60, deadline=None)
@given(headers, st.sampled_from(["/labels/study", "/labels/study/", "/", "/data/catalog.json"]))
def test_without_the_token_nothing_is_written_whatever_else_is_said(
    guarded: App, headers: dict[str, str], path: str
) -> None:
    answer = ask(guarded, path, "POST", b"{}", headers=headers)
    assert answer.status in (401, 403, 405)


@pytest.mark.parametrize("body", [(b"x" * (MOST_BYTES + 1),), (b"x" * MOST_BYTES, b"x"), (b"[" * 9_000,) * 8])
def test_what_is_too_long_is_not_read_on(guarded: App, body: tuple[bytes, ...]) -> None:
    answer = ask(guarded, "/labels/study", "POST", *body, headers=WRITING)
    assert (answer.status, answer.headers["connection"]) == (413, "close")


def test_a_body_may_come_in_pieces(guarded: App) -> None:
    answer = ask(guarded, "/labels/study", "POST", b'{"epi', b'sode": 1}', headers=WRITING)
    assert (answer.status, answer.json["what"]) == (400, "can't take this label")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "X"])
def test_nothing_can_be_asked_for_in_another_way(guarded: App, method: str) -> None:
    answer = ask(guarded, "/labels/study", method, headers=WRITING)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/", "/data/catalog.json", "/live/study", "/labels"])
def test_nothing_is_written_but_labels(guarded: App, path: str) -> None:
    assert ask(guarded, path, "POST", b"{}", headers=WRITING).status == 405


def every_answer(application: App) -> list[Answer]:
    etag = ask(application, "/").headers["etag"]
    return [
        *(ask(application, path) for path in ALL_READ),
        ask(application, "/", "HEAD"),
        ask(application, "/live/study", "HEAD"),
        ask(application, "/", headers={"if-none-match": etag}),
        ask(application, "/nothing"),
        ask(application, "/data/episode/study/0.json"),
        ask(application, "/", "PUT"),
        ask(application, "/", host="evil.example"),
        ask(application, "/", headers={"origin": "null"}),
        sent(application, "/labels/study", {}),
        ask(application, "/labels/study", "POST", b"x" * (MOST_BYTES + 1), headers=WRITING),
    ]


def test_every_answer_says_what_a_browser_may_do_with_it(guarded: App) -> None:
    answers = every_answer(guarded)
    assert [answer.status for answer in answers] == [200] * 7 + [304, 404, 404, 405, 421, 403, 400, 413]
    for answer in answers:
        assert {
            name: answer.headers.get(name) for name in ("content-security-policy", "x-frame-options")
        } == {
            "content-security-policy": POLICY,
            "x-frame-options": "DENY",
        }
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["cache-control"] in ("no-store", "private, no-cache")
        assert answer.headers.keys().isdisjoint({"access-control-allow-origin", "set-cookie", "server"})


def test_the_policy_allows_no_script_but_the_viewers_own() -> None:
    assert "unsafe" not in POLICY
    assert POLICY.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';")


def test_no_answer_holds_the_token(guarded: App) -> None:
    assert [answer for answer in every_answer(guarded) if TOKEN.encode() in answer.body] == []
    assert TOKEN not in repr(guarded.door)


def test_a_web_socket_is_not_answered(guarded: App) -> None:
    said: list[Any] = []

    async def opened() -> None:
        async def receive() -> Any:
            return {"type": "websocket.connect"}

        async def send(message: Any) -> None:
            said.append(message)

        await guarded({"type": "websocket", "path": "/", "headers": []}, receive, send)

    asyncio.run(opened())
    assert said == []


# ---- Exposed ----


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> App:
    study = Study.create(tmp_path_factory.mktemp("exposed") / "study", {})
    covert(study)
    return served(study, exposed=True, names=frozenset({"lab-7"}))


def test_an_exposed_server_gives_its_program_to_everybody_and_documents_for_the_token(exposed: App) -> None:
    at: dict[str, Any] = {"host": "lab-7:7717", "at": ("10.0.0.7", 7717)}
    assert [path for path in ALL_READ if open_to(exposed, path, {}, **at)] == ["/", "/app.js"]
    assert all(open_to(exposed, path, {"x-ulterior-token": TOKEN}, **at) for path in ALL_READ)
    assert ask(exposed, "/live/study", "HEAD", **at).status == 401
    assert ask(exposed, "/data/catalog.json", headers={"x-ulterior-token": "guess"}, **at).status == 401


@pytest.mark.parametrize("host", ["lab-7:7717", "10.0.0.7:7717", "127.0.0.1:7717"])
def test_an_exposed_server_is_called_by_its_names(exposed: App, host: str) -> None:
    assert ask(exposed, "/", host=host, at=("10.0.0.7", 7717)).status == 200


def test_an_exposed_server_is_called_by_no_other_name_whoever_has_the_token(exposed: App) -> None:
    known = {"x-ulterior-token": TOKEN}
    assert ask(exposed, "/", host="evil.example:7717", at=("10.0.0.7", 7717), headers=known).status == 421
    assert ask(exposed, "/", host="10.0.0.8:7717", at=("10.0.0.7", 7717), headers=known).status == 421


@given(st.text(), st.text())
def test_only_the_token_opens(token: str, other: str) -> None:
    token = token.encode("utf-8", "replace").decode()
    other = other.encode("utf-8", "replace").decode()
    door = Door(token)
    assert door.opens(token)
    assert door.opens(other) is (other == token)
    assert not door.opens(None)
