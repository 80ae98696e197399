"""``make setup`` on machines that can't do it: one clear line, and the fix in it."""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
TOOLS = ("sh", "cat", "cksum", "dirname", "rm", "pwd", "env")


def set_up(folder: Path, python: str) -> subprocess.CompletedProcess[str]:
    """The set-up in a checkout of its own, on a machine whose only Python is the given script."""
    checkout, binaries = folder / "checkout", folder / "bin"
    binaries.mkdir(parents=True)
    for part in ("tools", "requirements"):
        shutil.copytree(ROOT / part, checkout / part)
    shutil.copy(ROOT / "pyproject.toml", checkout)
    for tool in TOOLS:
        found = shutil.which(tool)
        if found:
            (binaries / tool).symlink_to(found)
    (binaries / "python3").write_text(f"#!{binaries}/sh\n{python}\n")
    (binaries / "python3").chmod(0o755)
    environment = {"PATH": str(binaries), "HOME": os.environ.get("HOME", "/")}
    command = ["sh", str(checkout / "tools" / "setup.sh")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_machine_without_a_new_enough_python_is_told_what_is_needed(tmp_path: Path) -> None:
    done = set_up(tmp_path, 'case $1 in --version) echo "Python 3.9.2" ;; *) exit 1 ;; esac')
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "setup: Ulterior needs Python 3.11 or newer, and found Python 3.9.2. Install one (python.org, your "
        "package manager, pyenv or uv) so that python3.11 or later is on PATH."
    ]


def test_a_python_without_ensurepip_is_named_with_the_package_that_brings_it(tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python3"
    done = set_up(
        tmp_path,
        f'case "$1 $2" in *ensurepip*|*virtualenv*) exit 1 ;; --version*) echo "Python 3.12.1" ;; '
        f"*) echo {python} ;; esac",
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"setup: {python} can't make virtual environments. On Debian or Ubuntu: apt install python3-venv. "
        "Elsewhere: install uv or virtualenv."
    )
    assert len(done.stderr.splitlines()) == 2


def test_packages_that_cannot_be_fetched_are_told_with_the_way_round(tmp_path: Path) -> None:
    """Nothing is ever installed outside .venv, so a Python that its distribution manages is no obstacle."""
    python = tmp_path / "bin" / "python3"
    make = 'mkdir -p "$3/bin"; printf "#!/bin/sh\\necho no route to the index >&2; exit 1" > "$3/bin/python"'
    done = set_up(
        tmp_path,
        f"PATH=/usr/bin:/bin; case \"$1 $2\" in *'-m venv'*) {make}; chmod +x .venv/bin/python ;; "
        f'--version*) echo "Python 3.12.1" ;; *) echo {python} ;; esac',
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[1:] == [
        "no route to the index",
        "setup: installing the packages failed; the lines above say why. No network, or behind a mirror? "
        "Set PIP_INDEX_URL and run it again.",
    ]
