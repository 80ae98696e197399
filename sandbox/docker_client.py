"""The way to a Docker daemon, and what its failures mean in one line each."""

import errno
from collections.abc import Iterator
from typing import TYPE_CHECKING

import docker
import requests
from docker import errors

from ulterior.errors import SandboxUnavailable

if TYPE_CHECKING:
    from docker import DockerClient

__all__ = ["connect", "explain"]

_POOL = 64  # connections: episodes of one process that talk to the daemon at the same time
_BUILD = "run: ulterior sandbox build"
_START = "start Docker, or point DOCKER_HOST at a daemon; `make docker` starts a private one (Linux, root)"


def connect(timeout: int = 60) -> "DockerClient":
    """A client of the daemon in ``DOCKER_HOST``, or of the current docker context, that has answered once.

    ``timeout`` is in seconds and holds for every call. Raises :class:`SandboxUnavailable`.
    """
    try:
        return docker.DockerClient.from_env(
            use_ssh_client=True, max_pool_size=_POOL, timeout=timeout, version="auto"
        )
    except (errors.DockerException, OSError, ValueError) as error:
        raise explain(error) from error


def explain(error: BaseException) -> SandboxUnavailable:
    """What a failure of the SDK, or of the connection under it, means for whoever runs the study.

    Never raises: what it doesn't know is quoted as it stands.
    """
    if isinstance(error, SandboxUnavailable):
        return error
    chain = list(_chain(error))
    text = " ".join(str(part) for part in chain)
    lowered = text.lower()
    if errno.ENOSPC in _numbers(chain) or "no space left on device" in lowered:
        return SandboxUnavailable(
            "Docker's disk is full", _short(error), "free some space, for example with: docker system prune"
        )
    if _has(chain, errors.ImageNotFound) or "no such image" in lowered:
        return SandboxUnavailable("the sandbox image is not there", _short(error), _BUILD)
    if _has(chain, errors.InvalidVersion) or "client version" in lowered:
        return SandboxUnavailable(
            "Docker's daemon and this client are too far apart",
            _short(error),
            "upgrade Docker, and the Python package docker",
        )
    if {errno.EACCES, errno.EPERM} & _numbers(chain):
        return SandboxUnavailable(
            "no permission to use Docker",
            "the daemon's socket may not be opened by this user",
            "add yourself to the group docker (it is as good as root), or use a rootless Docker",
        )
    if {errno.ENOENT, errno.ECONNREFUSED} & _numbers(chain):
        return SandboxUnavailable("no Docker daemon", "nothing listens at its address", _START)
    if _has(chain, requests.exceptions.Timeout, TimeoutError):
        return SandboxUnavailable(
            "the Docker daemon does not answer", "it took too long", "see what it is doing, or restart it"
        )
    if _has(chain, requests.exceptions.ConnectionError, ConnectionError):
        return SandboxUnavailable(
            "the connection to the Docker daemon broke", _short(error), "see whether it runs, and its log"
        )
    if "invalid bind address" in lowered:
        return SandboxUnavailable(
            "DOCKER_HOST can't be used", _short(error), "for example: unix:///run/docker.sock or ssh://host"
        )
    return SandboxUnavailable("Docker refused", _short(error), "see the daemon's log")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and every one that it was made of: causes, and what urllib3 wraps as an argument."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, BaseException) and id(part) not in seen:
            seen.add(id(part))
            yield part
            waiting += [*part.args, part.__cause__, part.__context__, getattr(part, "reason", None)]


def _numbers(chain: list[BaseException]) -> set[int | None]:
    return {part.errno for part in chain if isinstance(part, OSError)}


def _has(chain: list[BaseException], *types: type[BaseException]) -> bool:
    return any(isinstance(part, types) for part in chain)


def _short(error: BaseException) -> str:
    """One line: the daemon's own words where there are some."""
    text = getattr(error, "explanation", None) or str(error) or type(error).__name__
    return " ".join(str(text).split())[:300]
