import os
from functools import cache

import docker

from ulterior.errors import SandboxUnavailable

IMAGE = "base:1"


@cache
def connect():
    return docker.DockerClient(base_url=os.environ["DOCKER_HOST"], timeout=60, max_pool_size=64)


def explain(e):
    return e if isinstance(e, SandboxUnavailable) else SandboxUnavailable(repr(e))
