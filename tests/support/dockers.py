"""Docker for tests: a client of a daemon that has the sandbox image, or a skip that says what is missing.

Tests that use it carry the marker ``docker``. ``make docker`` provides what they need. CI sets
``ULTERIOR_REQUIRE_DOCKER=1`` once its daemon runs; what is missing then is a failure.
"""

import os
from functools import cache
from typing import TYPE_CHECKING

import pytest

from ulterior.errors import SandboxUnavailable
from ulterior.sandbox.docker_client import connect
from ulterior.sandbox.docker_image import find

if TYPE_CHECKING:
    from docker import DockerClient

__all__ = ["docker_or_skip"]


def docker_or_skip() -> "DockerClient":
    """A client, one for all tests of a process. Skips the test, or fails it where Docker is required."""
    found = _look()
    if not isinstance(found, str):
        return found
    if os.environ.get("ULTERIOR_REQUIRE_DOCKER") == "1":
        pytest.fail(f"ULTERIOR_REQUIRE_DOCKER is set, but: {found}")
    pytest.skip(found)


@cache
def _look() -> "DockerClient | str":
    try:
        client = connect()
        image = find(client)
    except SandboxUnavailable as error:
        return f"{error.what}: {error.why} (make docker)"
    if image is None or not image.current:
        return f"the sandbox image is {'outdated' if image else 'missing'} (make docker)"
    return client
