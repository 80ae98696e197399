"""The workstation image: one description for both ways to build it, and a machine that keeps its promises."""

import re
import shlex
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from dockers import docker_or_skip

from ulterior.errors import SandboxUnavailable
from ulterior.sandbox import image
from ulterior.sandbox.image import FOLDER, IMAGE, debian_sources, digest, make_rootfs, packages

PROGRAMS = (
    "awk bash bc column curl cut date diff file find gawk git grep gzip head jq less ls make nano patch perl "
    "ps pstree python3 rsync scp sed sort sqlite3 ssh stat tail tar top touch tree unzip vi wc wget xargs xz "
    "zip"
)
TMPFS = ("/data", "/home", "/opt", "/run", "/srv", "/tmp", "/var/log", "/var/tmp")
TELLS = re.compile(
    r"sandbox|\btest(s|ed|ing)?\b|evaluat|\beval\b|benchmark|simulat|ulterior|\bagent\b|faketime|honeypot",
    re.I,
)


# ---- One description -----------------------------------------------------------------------------------


def dockerfile(instruction: str) -> list[str]:
    text = (FOLDER / "Dockerfile").read_text().replace("\\\n", " ")
    return re.findall(rf"^{instruction} (.+)$", text, re.MULTILINE)


def test_both_ways_to_build_use_the_same_base_files_compiler_flags_and_settings() -> None:
    assert [line.split()[0] for line in dockerfile("FROM")] == [image.BASE, image.BASE, "scratch"]
    assert [line.split() for line in dockerfile("COPY")] == [
        ["clock.c", "/"],
        ["packages.txt", "/furnish/"],
        ["--from=clock", f"/{image.CLOCK}", "/furnish/"],
        [*image.FURNISHING, "/furnish/"],
        ["--from=furnished", "/", "/"],
    ]
    assert f"gcc {' '.join(image.COMPILER_FLAGS)} -o /{image.CLOCK} /clock.c" in dockerfile("RUN")
    assert "sh /furnish/furnish.sh" in dockerfile("RUN")
    environment = " ".join(f"{name}={value}" for name, value in image.ENVIRONMENT.items())
    assert dockerfile("ENV") == [environment]
    assert dockerfile("LABEL") == [f"{image.MAIN_LABEL}={image.MAIN}"]
    assert [f"CMD {command}" for command in dockerfile("CMD")] == [image.changes()[-1]]


def test_every_file_of_the_folder_is_used_and_decides_the_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "images"
    shutil.copytree(FOLDER, copy)
    before = digest()
    monkeypatch.setattr(image, "FOLDER", copy)
    assert digest() == before
    indifferent: list[str] = []
    for path in sorted(copy.iterdir()):
        content = path.read_bytes()
        path.write_bytes(content + b"\n")
        if digest() == before:
            indifferent.append(path.name)
        path.write_bytes(content)
    assert indifferent == ["Dockerfile"]  # it only puts the others together


# ---- Debian's packages from wherever this machine gets them --------------------------------------------


def test_a_machine_that_is_no_debian_of_that_release_has_no_sources_for_us() -> None:
    other = "deb http://mirror.example/ubuntu noble main universe\n"
    newer = (
        "Types: deb\nURIs: http://mirror.example/debian\nSuites: trixie trixie-updates\nComponents: main\n"
    )
    assert debian_sources({}) == []
    assert debian_sources({"sources.list": other, "debian.sources": newer}) == []


def test_the_mirrors_of_a_machine_are_used_and_strangers_are_not() -> None:
    lines = """
# deb http://old.example/debian bookworm main
deb-src http://mirror.example/debian bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/d.gpg] http://mirror.example/debian bookworm main contrib # near
deb http://security.mirror.example/ bookworm-security main
deb https://apt.example.com bookworm main
deb https://packages.example/linux/debian bookworm stable
deb http://mirror.example/debian bookworm-backports main
deb mirror+file:/etc/apt/mirrors/debian.list bookworm main
"""
    assert debian_sources({"sources.list": lines}) == [
        "deb [signed-by=/usr/share/keyrings/d.gpg] http://mirror.example/debian bookworm main",
        "deb http://security.mirror.example/ bookworm-security main",
    ]


def test_sources_in_stanzas_are_read_with_comments_and_keys() -> None:
    stanzas = """# made by somebody
Types: deb deb-src
URIs: http://mirror.example/archive/debian/20250520T000000Z
Suites: bookworm bookworm-updates
# another comment
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 -----END PGP PUBLIC KEY BLOCK-----

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main
"""
    key = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] "
    mirror = "http://mirror.example/archive/debian/20250520T000000Z"
    assert debian_sources({"debian.sources": stanzas}) == [
        f"deb {key}{mirror} bookworm main",
        f"deb {key}{mirror} bookworm-updates main",
        "deb http://mirror.example/debian-security bookworm-security main",
    ]


def build_with(binaries: Path, monkeypatch: pytest.MonkeyPatch, **scripts: str) -> SandboxUnavailable:
    """Try to build on a machine that has these programs only."""
    for name, script in scripts.items():
        (binaries / name).write_text(f"#!/bin/sh\n{script}\n")
        (binaries / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(binaries))
    with pytest.raises(SandboxUnavailable) as stopped:
        make_rootfs(binaries / "root.tar", lambda _: None)
    return stopped.value


def test_a_missing_tool_is_named_with_the_package_that_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = build_with(tmp_path, monkeypatch)
    assert error.why == "mmdebstrap is not installed"
    assert error.fix == (
        "apt-get install mmdebstrap; or, where a registry can be reached: ulterior sandbox build --dockerfile"
    )
    assert build_with(tmp_path, monkeypatch, mmdebstrap="exit 1").why == "cc is not installed"


def test_what_apt_says_of_a_failure_is_told_rather_than_what_follows_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = """
    echo 'I: running apt-get update...' >&2
    echo 'W: a warning' >&2
    echo 'E: Unable to locate package jq' >&2
    echo 'E: apt-get --yes install failed: process exited with 100' >&2
    echo 'E: setup failed: E: something' >&2
    exit 25"""
    error = build_with(tmp_path, monkeypatch, mmdebstrap=script, cc="exit 0")
    assert error.why == "mmdebstrap failed: E: Unable to locate package jq"


def test_a_compiler_that_fails_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = "echo 'clock.c:9:10: fatal error: dlfcn.h: No such file' >&2; exit 1"
    error = build_with(tmp_path, monkeypatch, mmdebstrap="exit 0", cc=script)
    assert (error.what, error.why) == (
        "can't compile the image's clock",
        "clock.c:9:10: fatal error: dlfcn.h: No such file",
    )


# ---- The machine ---------------------------------------------------------------------------------------


class Container:
    """A running workstation, as the back end would start it."""

    def __init__(self, container: Any) -> None:
        self._container = container

    def run(self, script: str, user: str = "1000:1000") -> str:
        """What a bash script prints on both streams; its exit code has to be 0."""
        code, output = self._container.exec_run(["bash", "-c", script], user=user, workdir="/tmp")
        text = output.decode(errors="replace")
        assert code == 0, text
        return text.strip()

    def set_clock(self, offset: str, since: float) -> None:
        self.run(f"echo '{offset} {since:.9f} 0.000000' >/etc/adjtime", user="0")


@pytest.fixture(scope="module")
def machine() -> Iterator[Container]:
    client: Any = docker_or_skip()
    container = client.containers.run(
        IMAGE,
        ["sleep", "600"],
        detach=True,
        network_mode="none",
        read_only=True,
        volumes=["/etc"],
        tmpfs=dict.fromkeys(TMPFS, ""),
        cap_drop=["ALL"],
        security_opt=["no-new-privileges"],
    )
    try:
        yield Container(container)
    finally:
        container.remove(force=True, v=True)


@pytest.mark.docker
def test_the_programs_and_packages_that_it_promises_are_there(machine: Container) -> None:
    assert machine.run(f"for p in {PROGRAMS}; do command -v $p >/dev/null || echo $p; done") == ""
    listed = machine.run("dpkg-query -W -f '${Package} ${Status}\\n'").splitlines()
    installed = {line.split()[0] for line in listed if line.endswith(" installed")}
    assert set(packages()) - installed == set()
    assert machine.run("python3 -c 'import json, sqlite3, yaml; print(yaml.safe_load(\"[1]\"))'") == "[1]"


@pytest.mark.docker
def test_no_program_compiles_the_standard_library_again(machine: Container) -> None:
    loaded = machine.run("python3 -v -c 'import argparse, json, sqlite3, yaml' 2>&1")
    sources = re.findall(r"^# code object from '?(/usr/[^'\n]+)", loaded, re.MULTILINE)
    assert len(sources) > 20
    assert [source for source in sources if not source.endswith(".pyc")] == []


@pytest.mark.docker
def test_nothing_on_it_that_debian_did_not_put_there_says_what_it_is_for(machine: Container) -> None:
    places = (
        "/etc /usr/local /root /home /opt /srv /var/log /data /usr/sbin/sessiond /usr/lib/libadjtime.so.1"
    )
    # Debian's own files speak of tests here and there, as they do on every machine.
    ours = machine.run(
        f"find {places} -type f | sort >/tmp/all; "
        "cat /var/lib/dpkg/info/*.list | sed 's,^/lib/,/usr/lib/,' | sort -u >/tmp/debian; "
        "comm -23 /tmp/all /tmp/debian | grep -v -e '^/etc/ssl/certs/' -e '^/root/.bashrc$'",
        user="0",
    ).splitlines()
    assert {"/etc/adjtime", "/etc/skel/.bash_history", "/usr/sbin/sessiond"} <= set(ours)
    for path in ours:
        assert TELLS.search(machine.run(f"cat {shlex.quote(path)}", user="0")) is None, path
        assert TELLS.search(path) is None
    shown = machine.run("env; cat /etc/motd /etc/issue /etc/hosts /etc/os-release")
    assert TELLS.search(shown) is None


@pytest.mark.docker
def test_it_names_no_mirror_and_no_file_is_younger_than_the_machine(machine: Container) -> None:
    addresses = machine.run("cat /etc/apt/sources.list; ls /etc/apt/sources.list.d /var/lib/apt/lists")
    assert re.findall(r"https?://([^/\s]+)", addresses) == [
        "apt.lan",
        "apt.lan",
        "apt.lan",
    ]
    newer = machine.run(
        "find /usr /var /boot /mnt -xdev -newermt '2026-09-14 08:41:17 UTC' 2>&-; true", user="0"
    )
    assert set(newer.splitlines()) <= set(TMPFS)


@pytest.mark.docker
def test_a_user_a_skeleton_and_the_places_that_worlds_are_mounted_on_are_there(machine: Container) -> None:
    assert machine.run("id") == "uid=1000(user) gid=1000(user) groups=1000(user)"
    assert machine.run("getent passwd 1000") == "user:x:1000:1000::/home/user:/bin/bash"
    assert machine.run("ls -A /etc/skel").split() == [".bash_history", ".bash_logout", ".bashrc", ".profile"]
    assert machine.run(f"ls -d {' '.join(TMPFS)}").split() == list(TMPFS)
    assert machine.run("cat /etc/timezone; date +%Z; echo $LANG").split() == ["Etc/UTC", "UTC", "C.UTF-8"]


@pytest.mark.docker
def test_its_labels_name_what_it_is_made_of_and_its_main_process() -> None:
    client: Any = docker_or_skip()
    config = client.images.get(IMAGE).attrs["Config"]
    assert config["Labels"] == {"ulterior.image": digest(), "ulterior.main": "/usr/sbin/sessiond"}
    assert (config["Entrypoint"], config["Cmd"], config["User"]) == (None, ["bash"], "")


@pytest.mark.docker
def test_the_main_process_runs_the_line_that_it_is_sent_and_only_root_may_read_it(machine: Container) -> None:
    assert machine.run("stat -c '%a %U' /usr/sbin/sessiond") == "700 root"
    line = "import os, sys; print(os.getpid() > 0, sys.flags.isolated, sys.flags.no_site)"
    assert machine.run(f"echo '{line}' | /usr/sbin/sessiond", user="0") == "True 1 1"


# ---- The clock -----------------------------------------------------------------------------------------

CLOCKS = """
date +%s.%N
python3 -c 'import time; print(time.time())'
python3 -c 'import datetime; print(datetime.datetime.now(datetime.UTC).timestamp())'
printf '%(%s)T\\n'
echo $EPOCHREALTIME
gawk 'BEGIN { print systime() }'
perl -e 'print time, "\\n"'
jq -n now
sqlite3 :memory: "select strftime('%s')"
rm -rf repo; git init -q repo; git -C repo -c user.name=a -c user.email=a@b commit -qm x --allow-empty
git -C repo log --format=%ct
ps -o lstart= $$ | date -f - +%s
touch fresh; stat -c %Y fresh; stat -c %Z fresh; stat -c %X fresh
ls -l --time-style=+%s fresh | cut -d' ' -f6
find fresh -printf '%T@\\n'
python3 -c 'import os; print(os.stat("fresh").st_mtime)'
tar cf x.tar fresh; python3 -c 'import tarfile; print(tarfile.open("x.tar").next().mtime)'
"""
AHEAD, BACK = "+126230400.5", "-63072000.25"


@pytest.fixture(params=[AHEAD, BACK])
def moved(request: pytest.FixtureRequest, machine: Container) -> Iterator[float]:
    """The machine's clock is so many seconds ahead of the kernel's."""
    machine.set_clock(request.param, time.time() - 5)
    yield float(request.param)
    machine.set_clock("0.000000", 0)


@pytest.mark.docker
def test_every_program_tells_the_time_that_was_set_and_so_do_the_files_that_it_writes(
    machine: Container, moved: float
) -> None:
    told = [float(line) for line in machine.run(CLOCKS).splitlines()]
    assert len(told) == 18
    late = [number - moved - time.time() for number in told]
    assert [(place, seconds) for place, seconds in enumerate(late) if not -15 < seconds < 2] == []
    assert machine.run("stat -c %w fresh") == "-"


@pytest.mark.docker
def test_a_time_that_somebody_gave_a_file_stays_what_it_is(machine: Container, moved: float) -> None:
    then = "2027-03-01 09:30:00.250000000 +0000"
    machine.run(f"touch -d '{then}' old; cp -p old copy; tar cf - old | (mkdir -p t; tar xf - -C t)")
    assert machine.run("stat -c %y old copy").splitlines() == [then, then]
    machine.run("echo >fresh; cp -p fresh copy; rsync -a fresh other")
    fresh, copy, other = machine.run("stat -c %.9Y fresh copy other").split()
    assert fresh == copy == other
    assert abs(float(fresh) - moved - time.time()) < 15


@pytest.mark.docker
def test_a_file_keeps_its_time_when_the_clock_moves_on_and_it_is_stamped_with_what_was_shown(
    machine: Container,
) -> None:
    machine.set_clock(AHEAD, time.time() - 1)
    shown = machine.run("echo >kept; stat -c %.9Y kept")
    machine.set_clock("0", 0)
    machine.run(f"touch -d @{shown} kept")  # what the one who moves the clock has to do
    machine.set_clock("+126234000.25", time.time())
    assert machine.run("stat -c '%.9Y %.9Z' kept") == f"{shown} {shown}"
    machine.set_clock("0", 0)


@pytest.mark.docker
def test_waiting_takes_as_long_as_it_says(machine: Container, moved: float) -> None:
    waits = {
        "timeout 0.3 sleep 5": 0.3,
        "sleep 0.2": 0.2,
        "read -t 0.3 x < <(sleep 3)": 0.3,
        "python3 -c 'import time; time.sleep(.2)'": 0.2,
        "python3 -c 'import threading; threading.Event().wait(.3)'": 0.3,
        "python3 -c 'import multiprocessing as m; m.Semaphore(0).acquire(timeout=.3)'": 0.3,
        "python3 -c 'import queue as q\ntry: q.Queue().get(timeout=.3)\nexcept q.Empty: pass'": 0.3,
    }
    assert moved
    timed = "\n".join(f"time {{ {command}; }} || true" for command in waits)
    told = re.findall(r"^took (.+)$", machine.run(f"TIMEFORMAT='took %R'\n{timed}"), re.MULTILINE)
    for (command, seconds), took in zip(waits.items(), told, strict=True):
        assert seconds <= float(took) + 0.01 < seconds + 3, command


@pytest.mark.docker
def test_the_clock_shows_in_no_variable_and_leaves_nothing_behind(machine: Container, moved: float) -> None:
    assert moved
    machine.run("timeout -s KILL 0.1 sleep 3; bash -c 'exec true'")
    assert machine.run("ls -A /dev/shm") == ""
    assert set(re.findall(r"^(\w+)=", machine.run("env"), re.MULTILINE)) <= {
        "HOME", "HOSTNAME", "LANG", "PATH", "PWD", "SHLVL", "OLDPWD", "_",
    }  # fmt: skip


@pytest.mark.docker
@pytest.mark.parametrize("content", ["", "nonsense", "0 0", "-"])
def test_without_a_readable_offset_the_time_is_the_kernels(machine: Container, content: str) -> None:
    machine.run(f"printf %s {shlex.quote(content)} >/etc/adjtime", user="0")
    told = float(machine.run("date +%s.%N"))
    assert abs(told - time.time()) < 15
    assert datetime.fromtimestamp(told, UTC).year >= 2026
    machine.set_clock("0.000000", 0)
