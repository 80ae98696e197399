"""``ulterior view``: an address on stdout, everything else on stderr, and a quiet end."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from terminal import ERRAND, start, ulterior

from ulterior.cli import view as view_module
from ulterior.traces import Study
from ulterior.viewer.serving import PORT, address, is_loopback, listen, names_of


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("view") / "small"
    started = start("run", "--scenario", ERRAND, "--model", "sim/steady", "--seeds", "1", "-o", root)
    assert started.wait(60) == 0, started.communicate()
    started.communicate()
    return root


@contextmanager
def viewing(*words: str | Path) -> Generator[tuple[subprocess.Popen[str], str]]:
    """The command while it runs, and the address that it printed."""
    process = start("view", *words, environ={"NO_OPEN": "1"})
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def followed(url: str) -> Any:
    return urllib.request.urlopen(url.partition("#")[0] + "live/small", timeout=10)


def got(url: str, **headers: str) -> Any:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, headers=headers), timeout=10) as answer:
        return json.load(answer)


def test_the_address_is_all_that_stands_on_stdout_and_an_interrupt_ends_it_well(study: Path) -> None:
    with viewing(study, "--port", "0") as (process, url):
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/#token=[\w-]{32}", url)
        assert got(url.partition("#")[0] + "data/catalog.json")["studies"][0]["name"] == "small"
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert process.communicate() == ("", "showing small (1 episodes); Ctrl-C stops\n")


def test_an_interrupt_does_not_wait_for_those_who_follow_a_study(study: Path) -> None:
    with viewing(study, "--port", "0") as (process, url), followed(url) as line:
        assert line.readline().startswith(b'data: {"version":0')
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert line.read() == b"\n"


def test_it_opens_at_an_episode(study: Path) -> None:
    (path,) = Study.open(study).sealed()
    episode = path.name.partition(".")[0]
    with viewing(study, "--port", "0", "--episode", episode[:8]) as (_, url):
        assert url.endswith(f"/s/small/e/{episode}")


def test_the_usual_port_that_is_taken_is_left_for_the_next_and_that_is_said(study: Path) -> None:
    with taken() as others, viewing(study) as (process, url):
        port = int(re.findall(r":(\d+)/", url)[0])
        assert port not in {PORT, others}
        process.send_signal(signal.SIGINT)
        assert f"note: port {PORT} is taken, so this is on port {port}" in process.communicate()[1]


@contextmanager
def taken() -> Generator[int]:
    """The usual port, taken by us unless somebody was faster."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            held.bind(("127.0.0.1", PORT))
            held.listen()
        except OSError:
            pass
        yield PORT


def test_what_listens_says_that_it_is_tcp_so_that_answers_are_sent_at_once() -> None:
    with listen("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_a_port_that_was_asked_for_and_is_taken_is_an_error_with_the_fix(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = str(held.getsockname()[1])
        code, out, err = ulterior(capsys, "view", study, "--port", port)
    assert (code, out) == (2, "")
    assert f"can't listen on 127.0.0.1 port {port}" in err
    assert "leave --port away, and the next free one is taken" in err


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_others_can_not_reach_it_unless_that_is_asked_for(
    study: Path, capsys: pytest.CaptureFixture[str], host: str
) -> None:
    code, out, err = ulterior(capsys, "view", study, "--host", host)
    assert (code, out) == (2, "")
    assert f"others could reach {host}" in err
    assert "or add --expose" in err


def test_an_exposed_server_asks_for_the_token_and_says_what_that_means(study: Path) -> None:
    with viewing(study, "--host", "0.0.0.0", "--expose", "--port", "0") as (process, url):
        base, _, token = url.partition("#token=")
        assert base.startswith(f"http://{socket.gethostname()}:")
        here = f"http://127.0.0.1:{base.rstrip('/').rpartition(':')[2]}/data/catalog.json"
        with pytest.raises(urllib.error.HTTPError, match="401"):
            got(here)
        assert got(here, **{"x-ulterior-token": token})["studies"][0]["name"] == "small"
        process.send_signal(signal.SIGINT)
        assert "warning: whoever has this address can read and label" in process.communicate()[1]


def test_on_a_shared_machine_the_token_can_be_asked_of_all_who_read(study: Path) -> None:
    with viewing(study, "--expose", "--port", "0") as (process, url):
        base, _, token = url.partition("#token=")
        with pytest.raises(urllib.error.HTTPError, match="401"):
            got(base + "data/catalog.json")
        assert got(base + "data/catalog.json", **{"x-ulterior-token": token})["studies"][0]["name"] == "small"
        process.send_signal(signal.SIGINT)
        assert "warning" not in process.communicate()[1]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nowhere"], "nowhere is not a study\nwhy: there is no such folder"),
        (["ROOT", "--episode", "zz"], "'zz' names no single episode"),
        (["ROOT", "--host", "no such host"], "can't listen on 'no such host'"),
        (["ROOT", "--judged-by", "nobody"], "nobody"),
        ([], "Missing argument"),
    ],
)
def test_what_can_not_be_shown_is_a_usage_error(
    study: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    given = [study if word == "ROOT" else word for word in words]
    code, out, err = ulterior(capsys, "view", *given, "--port", "0", "--no-open")
    assert (code, out) == (2, "")
    assert told in err


@pytest.mark.parametrize(
    ("environ", "terminals", "said"),
    [
        ({"DISPLAY": ":0"}, (True, True), None),
        ({"DISPLAY": ":0", "NO_OPEN": "1"}, (True, True), ""),
        ({"DISPLAY": ":0"}, (False, True), ""),
        ({"DISPLAY": ":0"}, (True, False), ""),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "a b c d"}, (True, True), "over ssh: forward the port"),
    ],
)
def test_a_browser_is_opened_where_somebody_sits_in_front_of_one(
    environ: dict[str, str], terminals: tuple[bool, bool], said: str | None
) -> None:
    found = view_module.why_not_open(environ, terminals)
    assert (found or "").startswith(said or "")
    assert (found is None) == (said is None)


def test_addresses_are_written_as_browsers_read_them() -> None:
    assert (is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")) == (True, True, False)
    assert (names_of("::1"), names_of("127.0.0.1")) == (frozenset({"[::1]"}), frozenset({"127.0.0.1"}))
    assert names_of("0.0.0.0") == {socket.gethostname().lower()}
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert address(listener, "127.0.0.1") == f"http://127.0.0.1:{port}/"
        assert address(listener, "::1") == f"http://[::1]:{port}/"


def test_looking_loads_nothing_that_runs_agents(study: Path) -> None:
    code = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parents[1] / "support")!r})
import ulterior.cli.view
from ulterior.viewer.library import Library
from ulterior.viewer.server import app
import ulterior.viewer.serving
library = Library.open([Path({str(study)!r})])
app(library)
(opened,) = library.studies.values()
[library.document(f"episode/small/{{episode}}") for episode in opened.findings]
library.document("runs/small")
heavy = ("langgraph", "langchain_core", "anthropic", "openai", "docker", "ulterior.agent_runtime")
print([name for name in heavy if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ))
    assert (done.stdout, done.stderr) == ("[]\n", "")
