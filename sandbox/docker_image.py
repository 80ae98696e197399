"""The workstation image at a daemon: is it there, bring it there, try it."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import requests
from docker import errors

from ulterior.errors import SandboxUnavailable
from ulterior.sandbox.docker_client import explain
from ulterior.sandbox.image import DIGEST_LABEL, FOLDER, IMAGE, changes, digest, labels, make_rootfs

if TYPE_CHECKING:
    from docker import DockerClient

__all__ = ["Built", "build", "find", "server_version", "time_container"]

_PART = 1 << 20
_FAILURES = (errors.DockerException, requests.exceptions.RequestException, OSError)


@dataclass(frozen=True)
class Built:
    """The image at the daemon: size in bytes, and whether it is what this version would build."""

    id: str
    size: int
    current: bool


def find(client: "DockerClient") -> Built | None:
    """The image that has our name, if there is one."""
    try:
        image = _api(client).inspect_image(IMAGE)
    except errors.ImageNotFound:
        return None
    except _FAILURES as error:
        raise explain(error) from error
    has: dict[str, str] = image["Config"]["Labels"] or {}
    return Built(image["Id"], image["Size"], has.get(DIGEST_LABEL) == digest())


def build(client: "DockerClient", say: Callable[[str], None], *, dockerfile: bool = False) -> Built:
    """Make the image, whether it is there or not, from Debian's packages or with Docker's own builder."""
    try:
        if dockerfile:
            _let_docker_build(client, say)
        else:
            _build_and_import(client, say)
    except _FAILURES as error:
        raise explain(error) from error
    built = find(client)
    if built is None or not built.current:
        raise SandboxUnavailable(
            "the image is not what was built", "the daemon has another one under its name", "build it again"
        )
    return built


def server_version(client: "DockerClient") -> str:
    try:
        return str(_api(client).version()["Version"])
    except _FAILURES as error:
        raise explain(error) from error


def time_container(client: "DockerClient") -> float:
    """Seconds that a container takes which does nothing, from its making to its removal."""
    began = time.perf_counter()
    try:
        client.containers.run(IMAGE, ["true"], network_mode="none", remove=True)
    except _FAILURES as error:
        raise explain(error) from error
    return time.perf_counter() - began


def _api(client: "DockerClient") -> Any:
    """The low-level interface, which has no types; what comes out of it is checked by use."""
    return client.api


def _build_and_import(client: "DockerClient", say: Callable[[str], None]) -> None:
    repository, _, tag = IMAGE.partition(":")
    with TemporaryDirectory(prefix="workstation") as folder:
        tar = Path(folder) / "root.tar"
        make_rootfs(tar, say)
        say(f"importing {tar.stat().st_size / 1e6:.0f} MB into Docker")
        answer = _api(client).import_image_from_stream(
            _parts(tar, say), repository=repository, tag=tag, changes=changes()
        )
    # The daemon says 200 before it has read anything; what failed later stands in the lines of its answer.
    for line in str(answer).splitlines():
        _raise_if_failed(json.loads(line) if line.startswith("{") else {})


def _parts(tar: Path, say: Callable[[str], None]) -> Iterator[bytes]:
    size, sent, told = tar.stat().st_size, 0, 0
    with tar.open("rb") as file:
        while part := file.read(_PART):
            yield part
            sent += len(part)
            if (tenth := 10 * sent // size) > told:
                told = tenth
                say(f"imported {tenth}0%")


def _let_docker_build(client: "DockerClient", say: Callable[[str], None]) -> None:
    progress = _api(client).build(
        path=str(FOLDER), tag=IMAGE, labels=labels(), rm=True, forcerm=True, decode=True, network_mode="host"
    )
    for message in progress:
        _raise_if_failed(message)
        text = str(message.get("stream") or message.get("status") or "").strip()
        if text.startswith(("Step ", "Pulling from", "Successfully")):
            say(text)


def _raise_if_failed(message: dict[str, Any]) -> None:
    if failure := message.get("error"):
        raise errors.DockerException(str(failure))
