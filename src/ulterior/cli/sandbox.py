"""``ulterior sandbox``."""

import json
import time
from contextlib import closing

import click

from ulterior.errors import SandboxUnavailable

__all__ = ["sandbox"]

CHECK_FAILED = 10


@click.group()
def sandbox() -> None:
    """Sandboxes in Docker: build their image, and see whether this machine can run them."""


@sandbox.command("build")
@click.option("--force", is_flag=True, help="Build even if the daemon has this very image.")
@click.option(
    "--dockerfile",
    is_flag=True,
    help="Let Docker build it, on a base image from a registry. The default needs Debian's packages only.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def build(force: bool, dockerfile: bool, as_json: bool) -> None:
    """Build the image that Docker sandboxes start from, unless the daemon has it already."""
    from ulterior.sandbox import docker_image
    from ulterior.sandbox.docker_client import connect
    from ulterior.sandbox.image import IMAGE, digest

    began = time.monotonic()
    with closing(connect(timeout=600)) as client:
        image = None if force else docker_image.find(client)
        fresh = image is None or not image.current
        if image is None or fresh:
            image = docker_image.build(client, _say, dockerfile=dockerfile)
    seconds = round(time.monotonic() - began, 1)
    if as_json:
        facts = {"image": IMAGE, "digest": digest(), "id": image.id, "size": image.size}
        click.echo(json.dumps({**facts, "built": fresh, "seconds": seconds}))
    else:
        done = (
            f"built in {seconds:.0f} s" if fresh else "already there, nothing to do (--force builds it again)"
        )
        click.echo(f"{IMAGE}: {done}; {image.size / 1e6:.0f} MB, {digest()[:12]}")


@sandbox.command("check")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def check(as_json: bool) -> int:
    """Say whether a daemon can be reached, has the image, and how long an empty container takes.

    The exit code is 10 when Docker sandboxes can't run here.
    """
    from ulterior.sandbox.image import IMAGE

    found: dict[str, str | float | None] = {"daemon": None, "image": None, "container_seconds": None}
    problem: SandboxUnavailable | None = None
    try:
        _look(found)
    except SandboxUnavailable as error:
        problem = error
    if as_json:
        told = None if problem is None else {"what": problem.what, "why": problem.why, "fix": problem.fix}
        click.echo(json.dumps({"ready": problem is None, **found, "problem": told}))
    else:
        seconds = found["container_seconds"]
        click.echo(f"daemon     {found['daemon'] or 'not reachable'}")
        click.echo(f"image      {found['image'] or 'unknown'} ({IMAGE})")
        click.echo(f"container  {'not tried' if seconds is None else f'{float(seconds):.2f} s'}")
        click.echo("ready" if problem is None else f"not ready: {problem}")
    return CHECK_FAILED if problem else 0


def _look(found: dict[str, str | float | None]) -> None:
    """Fill in what can be seen, in order, until something is wrong."""
    from ulterior.sandbox import docker_image
    from ulterior.sandbox.docker_client import connect

    with closing(connect(timeout=20)) as client:
        found["daemon"] = docker_image.server_version(client)
        image = docker_image.find(client)
        found["image"] = "missing" if image is None else "current" if image.current else "outdated"
        if found["image"] != "current":
            raise SandboxUnavailable(
                f"the sandbox image is {found['image']}",
                "it is built on every machine, and again when its contents change",
                "run: ulterior sandbox build",
            )
        found["container_seconds"] = round(docker_image.time_container(client), 3)


def _say(text: str) -> None:
    click.echo(text, err=True)
