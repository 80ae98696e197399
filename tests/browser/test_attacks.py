"""The command as it runs, and pages of other sites that try to read, to write and to frame what it serves."""

import json
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

import pytest
from browsing import serving
from playwright.sync_api import Browser, Page, Response, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.responses import Response as Answer
from starlette.routing import Route

from ulterior.traces import Study

THEIRS = """<!doctype html><title>another site</title><ul></ul>
<iframe name="target"></iframe><iframe src="BASE"></iframe><object data="BASE"></object><embed src="BASE">
<form action="BASElabels/small" method="post" enctype="text/plain" target="target">
<input type="hidden"></form>
<button>open</button>
<script>
const BODY = JSON.stringify(LABEL);
const say = (text) => document.querySelector("ul").append(
  Object.assign(document.createElement("li"), { textContent: text }));
const attempt = (name, make) =>
  new Promise(make).then(() => say(name + ": done"), () => say(name + ": refused"));
const blind = (path, how) => fetch("BASE" + path, { mode: "no-cors", ...how });
attempt("a look without permission", (done, no) => blind("data/catalog.json").then(done, no));
attempt("a post without permission", (done, no) =>
  blind("labels/small", { method: "POST", body: BODY }).then(done, no));
attempt("a post with a made-up token", (done, no) => fetch("BASElabels/small", { method: "POST", body: BODY,
  headers: { "content-type": "application/json", "x-ulterior-token": "guess" } }).then(done, no));
attempt("live updates", (done, no) => {
  const source = new EventSource("BASElive/small");
  source.onopen = source.onmessage = done;
  source.onerror = () => (source.close(), no());
});
attempt("a socket", (done, no) => Object.assign(new WebSocket("BASElive/small".replace("http", "ws")),
  { onopen: done, onerror: no }));
attempt("a worker", (done, no) => { new Worker("BASEapp.js").onerror = no; });
attempt("a module", (done, no) => import("BASEapp.js").then(done, no));
navigator.sendBeacon("BASElabels/small", BODY);
const form = document.querySelector("form");
form.firstElementChild.name = BODY.slice(0, -1) + ', "x": "';
form.firstElementChild.value = '"}';
form.submit();
document.querySelector("button").onclick = () => { window.other = window.open("BASE"); };
const reach = () => { try { return other.document.documentElement.innerText; } catch { return "refused"; } };
</script>"""
ATTEMPTS = (
    "a look without permission",
    "a module",
    "a post with a made-up token",
    "a post without permission",
    "a socket",
    "a worker",
    "live updates",
)


@dataclass
class Running:
    """``ulterior view`` in a process of its own: its address, its token, its study and what it said."""

    base: str
    token: str
    root: Path
    process: subprocess.Popen[str]

    def given(self) -> bytes:
        """The file of labels, as it is on the disk."""
        path = self.root / "labels" / "labels.jsonl"
        return path.read_bytes() if path.exists() else b""

    def label(self) -> dict[str, object]:
        """An answer that the server would take from a page of its own."""
        episode = next(Study.open(self.root).sealed()).name.partition(".")[0]
        about = {"episode": episode, "rubric": "breach", "about": None, "label": "broken"}
        return {**about, "comment": "", "annotator": "mallory", "blinded": False}


@pytest.fixture
def running(small_study: Path, tmp_path: Path) -> Generator[Running]:
    root = copytree(small_study, tmp_path / "small")
    command = [sys.executable, "-m", "ulterior.cli", "view", str(root), "--port", "0", "--no-open"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        base, _, token = process.stdout.readline().strip().partition("#token=")
        yield Running(base, token, root, process)
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def page(browser: Browser) -> Generator[Page]:
    with browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(10_000)
        yield page


POST = """async ([label, token]) => {
  const answer = await fetch("labels/small", {
    method: "POST", body: JSON.stringify(label),
    headers: { "content-type": "application/json", "x-ulterior-token": token },
  });
  await answer.text();
  return answer.status;
}"""


def test_another_site_reads_writes_and_frames_nothing_whatever_it_tries(page: Page, running: Running) -> None:
    text = THEIRS.replace("BASE", running.base).replace("LABEL", json.dumps(running.label()))

    def theirs(_: Request) -> Answer:
        return HTMLResponse(text)

    answers: list[Response] = []
    page.context.on("response", lambda answer: answers.append(answer))
    with serving(Starlette(routes=[Route("/", theirs)])) as port:
        for name in ("127.0.0.1", "localhost"):
            page.goto(f"http://{name}:{port}/")
            expect(page.get_by_role("listitem")).to_have_count(len(ATTEMPTS))
            told = sorted(page.get_by_role("listitem").all_inner_texts())
            assert told == [f"{attempt}: refused" for attempt in ATTEMPTS]
            with page.expect_popup() as opened:  # a link leads here, but who opened it can't look in
                page.get_by_role("button", name="open").click()
            expect(opened.value.get_by_role("heading", level=1)).to_be_visible()
            assert page.evaluate("reach()") in ("", "refused")
            opened.value.close()
            assert [frame.url for frame in page.frames if frame.url.startswith(running.base)] == []
        page.goto("about:blank")
    assert {each.status for each in answers if each.request.method == "POST"} == {403}
    assert running.given() == b""
    page.goto(running.base)  # what none of them could write is written by a page of ours
    assert page.evaluate(POST, [running.label(), "guess"]) == 401
    assert running.given() == b""
    assert page.evaluate(POST, [running.label(), running.token]) == 200
    assert [json.loads(line)["annotator"] for line in running.given().splitlines()] == ["mallory"]


def test_a_name_that_was_made_to_lead_here_gets_nothing(page: Page, running: Running) -> None:
    base = running.base.replace("127.0.0.1", "rebound.localhost")
    for path in ("", "data/catalog.json", "app.js"):
        answer = page.goto(base + path)
        assert answer is not None
        assert (answer.status, b"not called by that name" in answer.body()) == (421, True)
    assert page.evaluate(POST, [running.label(), running.token]) == 421
    assert running.given() == b""


def test_the_token_is_in_no_answer_no_address_no_log_and_no_export(page: Page, running: Running) -> None:
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{running.base}#token={running.token}/s/small")
    expect(page.get_by_role("table", name="Episodes")).to_be_visible()
    page.get_by_role("table", name="Episodes").get_by_role("rowheader").get_by_role("link").first.click()
    expect(page.get_by_role("region", name="Timeline")).to_be_visible()
    assert page.evaluate(POST, [running.label(), running.token]) == 200
    whole = [each for each in answers if "/live/" not in each.url and each.status == 200]
    assert len(whole) > 30
    assert [each.url for each in whole if running.token.encode() in each.body()] == []
    assert [each.url for each in answers if running.token in each.request.url] == []
    assert running.token not in page.content()

    made = running.root.with_name("made.html")
    command = [sys.executable, "-m", "ulterior.cli", "export", str(running.root), "-o", str(made)]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    assert running.token not in made.read_text("utf-8") + said.stdout + said.stderr
    stored = [path for path in running.root.rglob("*") if path.is_file()]
    assert [path for path in stored if running.token.encode() in path.read_bytes()] == []
    page.goto("about:blank")
    running.process.terminate()
    stdout, stderr = running.process.communicate(timeout=10)
    assert running.token not in stdout + stderr
