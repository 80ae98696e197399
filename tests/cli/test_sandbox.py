"""``ulterior sandbox``: what it says with a daemon and without one."""

import json
import re
from pathlib import Path

import pytest
from dockers import docker_or_skip
from terminal import ulterior

from ulterior.sandbox.image import IMAGE, digest

NO_DAEMON = {
    "what": "no Docker daemon",
    "why": "nothing listens at its address",
    "fix": "start Docker, or point DOCKER_HOST at a daemon; `make docker` starts a private one (Linux, root)",
}


@pytest.fixture
def no_daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none")


@pytest.mark.usefixtures("no_daemon")
def test_check_without_a_daemon_says_why_and_the_fix_and_is_10(capsys: pytest.CaptureFixture[str]) -> None:
    assert ulterior(capsys, "sandbox", "check") == (
        10,
        "daemon     not reachable\n"
        f"image      unknown ({IMAGE})\n"
        "container  not tried\n"
        f"not ready: {NO_DAEMON['what']}\nwhy: {NO_DAEMON['why']}\nfix: {NO_DAEMON['fix']}\n",
        "",
    )
    code, out, err = ulterior(capsys, "sandbox", "check", "--json")
    empty = {"daemon": None, "image": None, "container_seconds": None}
    assert (code, json.loads(out), err) == (10, {"ready": False, **empty, "problem": NO_DAEMON}, "")


@pytest.mark.usefixtures("no_daemon")
def test_build_without_a_daemon_is_an_infrastructure_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert ulterior(capsys, "sandbox", "build") == (
        14,
        "",
        f"error: {NO_DAEMON['what']}\nwhy: {NO_DAEMON['why']}\nfix: {NO_DAEMON['fix']}\n",
    )


@pytest.mark.docker
def test_check_with_the_image_runs_a_container_and_says_how_long_it_took(
    capsys: pytest.CaptureFixture[str],
) -> None:
    docker_or_skip()
    code, out, _ = ulterior(capsys, "sandbox", "check", "--json")
    facts = json.loads(out)
    assert code == 0
    assert re.match(r"\d+\.", facts.pop("daemon"))
    assert 0 < facts.pop("container_seconds") < 60
    assert facts == {"ready": True, "image": "current", "problem": None}


@pytest.mark.docker
def test_building_what_is_there_does_nothing_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    docker_or_skip()
    code, out, err = ulterior(capsys, "sandbox", "build")
    assert (code, err) == (0, "")
    assert re.fullmatch(
        rf"{IMAGE}: already there, nothing to do \(--force builds it again\); \d+ MB, {digest()[:12]}\n", out
    )
    code, out, err = ulterior(capsys, "sandbox", "build", "--json")
    facts = json.loads(out)
    assert (facts["image"], facts["digest"], facts["built"]) == (IMAGE, digest(), False)
