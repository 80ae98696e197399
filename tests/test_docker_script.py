"""``tools/docker.sh`` on machines that can't run a daemon of their own: one loud line that says why."""

import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

SCRIPT = Path(__file__).parent.parent / "tools" / "docker.sh"
TOOLS = ("awk", "cat", "dirname", "grep", "mkdir", "rm", "sort")


def start(folder: Path, system: str, user: str) -> subprocess.CompletedProcess[str]:
    """Start on a machine of that system, as that user, without apt-get, curl and a compiler."""
    binaries = folder / "bin"
    binaries.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (binaries / tool).symlink_to(found)
    for name, answer in {"uname": system, "id": user}.items():
        (binaries / name).write_text(f"#!/bin/sh\necho {answer}\n")
        (binaries / name).chmod(0o755)
    return subprocess.run(
        ["/bin/sh", str(SCRIPT), "start", str(folder / "d")],
        env={"PATH": str(binaries)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("system", "user", "why"),
    [
        ("Darwin", "0", "a daemon of its own needs Linux; install Docker Desktop or Colima instead"),
        ("Linux", "1000", "it needs root; use sudo, or a rootless Docker of your own and set DOCKER_HOST"),
    ],
)
def test_where_it_can_not_start_it_says_why(tmp_path: Path, system: str, user: str, why: str) -> None:
    done = start(tmp_path, system, user)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"docker: NOT STARTED: {why}\n")


def test_what_is_missing_is_named_when_it_can_not_be_installed() -> None:
    with TemporaryDirectory(prefix="dk") as folder:  # short, because of what a socket's path may have
        done = start(Path(folder), "Linux", "0")
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(
        r"docker: NOT STARTED: missing:( docker.io)? mmdebstrap gcc libc6-dev curl, "
        r"and there is no apt-get to install them with\n",
        done.stderr,
    )


def test_stopping_what_does_not_run_is_harmless(tmp_path: Path) -> None:
    done = subprocess.run(
        ["/bin/sh", str(SCRIPT), "stop", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
