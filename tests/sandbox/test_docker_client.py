"""What a Docker daemon that isn't there, or doesn't do its work, is told as. The sockets are real."""

import json
import os
import socketserver
import threading
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ulterior.errors import SandboxUnavailable
from ulterior.sandbox import Machine, docker_image
from ulterior.sandbox.docker_client import connect, explain
from ulterior.sandbox.plain import PlainContainer

ANSWER = "HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
NOT_THERE = "start Docker, or point DOCKER_HOST at a daemon; `make docker` starts a private one (Linux, root)"


@pytest.fixture
def socket_path(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where DOCKER_HOST points; short, because a socket's path may have a hundred bytes only."""
    with TemporaryDirectory(prefix="dk") as folder:
        path = Path(folder) / "s"
        monkeypatch.setenv("DOCKER_HOST", f"unix://{path}")
        yield path


@contextmanager
def daemon(path: Path, status: int = 200, message: str = "", api: str = "1.41") -> Generator[None]:
    """A daemon that knows its version; to anything else it says the same. Status 0 hangs up, -1 is silent."""
    done = threading.Event()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            asked = self.rfile.readline().decode()
            while self.rfile.readline().strip():
                pass
            if "/version" in asked and status >= 0:
                self.answer(200, {"ApiVersion": api, "Version": "x"})
            elif status > 0:
                self.answer(status, {"message": message})
            elif status < 0:
                done.wait()

        def answer(self, code: int, content: dict[str, str]) -> None:
            body = json.dumps(content)
            self.wfile.write(ANSWER.format(status=code, length=len(body), body=body).encode())

    with answering(path, Handler):
        try:
            yield
        finally:
            done.set()


@contextmanager
def answering(path: Path, handler: type[socketserver.StreamRequestHandler]) -> Generator[None]:
    with socketserver.ThreadingUnixStreamServer(str(path), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


def problem(timeout: int = 5) -> tuple[str, str, str]:
    """What it says when it connects and looks for the image."""
    with pytest.raises(SandboxUnavailable) as stopped, closing(connect(timeout)) as client:
        docker_image.find(client)
    return stopped.value.what, stopped.value.why, stopped.value.fix


def test_a_socket_that_is_not_there_is_a_daemon_that_is_not_there(socket_path: Path) -> None:
    assert problem() == ("no Docker daemon", "nothing listens at its address", NOT_THERE)


def test_a_socket_on_which_nobody_listens_is_a_daemon_that_is_not_there(socket_path: Path) -> None:
    with daemon(socket_path):
        pass
    assert socket_path.exists()
    assert problem() == ("no Docker daemon", "nothing listens at its address", NOT_THERE)


def test_a_socket_that_may_not_be_opened_names_the_group(socket_path: Path) -> None:
    with daemon(socket_path):
        socket_path.chmod(0)
        before = os.geteuid()
        if before == 0:
            os.seteuid(1000)  # root may open anything
        try:
            said = problem()
        finally:
            os.seteuid(before)
    assert said == (
        "no permission to use Docker",
        "the daemon's socket may not be opened by this user",
        "add yourself to the group docker (it is as good as root), or use a rootless Docker",
    )


def test_a_full_disk_is_told_as_one(socket_path: Path) -> None:
    why = "mkdir /var/lib/docker/overlay2/x: no space left on device"
    with daemon(socket_path, 500, why):
        assert problem() == (
            "Docker's disk is full",
            why,
            "free some space, for example with: docker system prune",
        )


def test_a_daemon_that_hangs_up_is_told_from_one_that_is_not_there(socket_path: Path) -> None:
    with daemon(socket_path, 0):
        what, _, fix = problem()
    assert (what, fix) == (
        "the connection to the Docker daemon broke",
        "see whether it runs, and its log",
    )


def test_a_daemon_that_says_nothing_is_not_waited_for_longer_than_was_said(socket_path: Path) -> None:
    with daemon(socket_path, -1):
        assert problem(1)[:2] == ("the Docker daemon does not answer", "it took too long")


def test_a_daemon_that_is_too_old_is_told_as_one(socket_path: Path) -> None:
    with daemon(socket_path, api="1.12"):
        what, _, fix = problem()
    assert what == "Docker's daemon and this client are too far apart"
    assert fix == "upgrade Docker, and the Python package docker"


def test_what_the_daemon_refuses_is_quoted(socket_path: Path) -> None:
    with daemon(socket_path, 500, "layer  does not\nexist"):
        assert problem()[:2] == ("Docker refused", "layer does not exist")


def test_an_image_that_is_missing_is_no_error_to_look_for_and_one_to_start_from(socket_path: Path) -> None:
    with daemon(socket_path, 404, "No such image: ulterior-workstation:1"), closing(connect()) as client:
        assert docker_image.find(client) is None
        with pytest.raises(SandboxUnavailable) as stopped:
            docker_image.time_container(client)
    assert stopped.value.fix == "run: ulterior sandbox build"


def test_an_address_that_is_none_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "carrier-pigeon://loft")
    what, why, _ = problem()
    assert what == "DOCKER_HOST can't be used"
    assert "carrier-pigeon://loft" in why


def test_what_nobody_thought_of_is_quoted_and_what_was_explained_stays() -> None:
    assert str(explain(ValueError("odd"))) == "Docker refused\nwhy: odd\nfix: see the daemon's log"
    known = SandboxUnavailable("a", "b", "c")
    assert explain(known) is known


class Hasty(socketserver.StreamRequestHandler):
    """A daemon whose programs have printed before it says that they run."""

    def handle(self) -> None:
        asked, length = self.rfile.readline(), 0
        while line := self.rfile.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        self.rfile.read(length)
        if b"/start" in asked:
            head = b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
            self.wfile.write(head + b"\1\0\0\0\0\0\0\3out" + b"\2\0\0\0\0\0\0\3err")
        else:
            body = json.dumps({"Id": "e", "ExitCode": 7, "ApiVersion": "1.41", "Version": "x"})
            self.wfile.write(ANSWER.format(status=200, length=len(body), body=body).encode())


def test_what_a_program_prints_before_it_is_said_to_run_is_not_lost(socket_path: Path) -> None:
    with answering(socket_path, Hasty), closing(connect()) as client:
        done = PlainContainer(client.api, "c", Machine()).run(["true"])
    assert (done.stdout, done.stderr, done.code) == (b"out", b"err", 7)
