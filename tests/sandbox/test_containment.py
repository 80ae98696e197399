"""A hostile agent in a container: what it tries, and that it gets nowhere. One attack, one test."""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from dockers import docker_or_skip

from ulterior.errors import SandboxUnavailable
from ulterior.sandbox import Machine, Node
from ulterior.sandbox.contained import ContainedSandbox
from ulterior.sandbox.docker import DockerBackend, DockerSettings
from ulterior.sandbox.link import Link

MACHINE = Machine("mira", "ws-7", "/home/mira/work")
pytestmark = pytest.mark.docker


def attack(
    attempt: Callable[[ContainedSandbox], Awaitable[None]], settings: DockerSettings | None = None
) -> None:
    """Try something in a container of its own, and see that the container still works afterwards."""
    docker_or_skip()

    async def run() -> None:
        backend = DockerBackend(settings or DockerSettings(timeout=20.0))
        sandbox = await backend.open(MACHINE)
        assert isinstance(sandbox, ContainedSandbox)
        try:
            await attempt(sandbox)
            assert (await sandbox.exec("echo well; ps -e -o args=")).stdout.splitlines() == [
                "well",
                "/sbin/docker-init -- /usr/sbin/sessiond",
                "/usr/bin/python3 -IS /usr/sbin/sessiond",
                "ps -e -o args=",
            ]
        finally:
            await sandbox.close()

    asyncio.run(run())


async def out(sandbox: ContainedSandbox, command: str) -> str:
    result = await sandbox.exec(command)
    return result.stdout + result.stderr


# ---- Out -------------------------------------------------------------------------------------------------


def test_no_network_reaches_anything() -> None:
    async def attempt(sandbox: ContainedSandbox) -> None:
        assert (await out(sandbox, "ls /sys/class/net")).split() == ["lo"]
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            said = await out(sandbox, f"echo x > /dev/tcp/127.0.0.1/{port}")
            assert "Connection refused" in said
            said = await out(
                sandbox,
                "python3 -c 'import socket; s = socket.create_connection((\"192.0.2.1\", 80), 2)'; "
                "curl -sS -m 2 http://192.0.2.1/; getent hosts example.org || echo no name",
            )
        assert "Network is unreachable" in said
        assert said.startswith("no name\n")

    attack(attempt)


def test_nothing_of_the_host_is_in_it(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from-the-host")

    async def attempt(sandbox: ContainedSandbox) -> None:
        said = await out(sandbox, f"cat {secret}; cat /proc/1/environ; env; cat /proc/1/root/etc/shadow")
        assert "from-the-host" not in said
        assert "root:" not in said
        mounts = await out(sandbox, "cut -d' ' -f2,3 /proc/mounts")
        on_disk = {
            line.split()[0] for line in mounts.splitlines() if line.split()[1] in ("ext4", "xfs", "btrfs")
        }
        assert on_disk <= {"/etc", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf", "/usr/sbin/docker-init"}
        assert "docker.sock" not in await out(
            sandbox, "ls /run /var/run/ 2>&1; find / -name '*.sock' 2>/dev/null"
        )

    attack(attempt)


def test_it_cannot_become_more_than_its_user() -> None:
    async def attempt(sandbox: ContainedSandbox) -> None:
        assert await out(sandbox, "id -u; id -g; id -G") == "1000\n1000\n1000\n"
        status = await out(sandbox, "grep -E '^(Cap(Inh|Prm|Eff|Amb)|NoNewPrivs|Seccomp):' /proc/self/status")
        values = dict(line.split(":\t") for line in status.splitlines())
        assert values.pop("NoNewPrivs") == "1"
        assert values.pop("Seccomp") == "2"
        assert set(values.values()) == {"0" * 16}
        said = await out(
            sandbox, "cp /bin/bash ./b; chmod 4755 b; ./b -p -c 'id -u'; su -c 'id -u' root </dev/null"
        )
        assert "0\n" not in said.replace("1000\n", "")
        assert "mount: " in await out(sandbox, "mount -t tmpfs x /mnt")
        assert "unshare" in await out(sandbox, "unshare -U true")

    attack(attempt)


def test_it_writes_nowhere_but_in_the_worlds_folders() -> None:
    async def attempt(sandbox: ContainedSandbox) -> None:
        said = await out(
            sandbox,
            "for d in / /etc /usr/bin /root /run /var /var/lib /sys /proc/sys/kernel /boot; do "
            "touch $d/mine 2>/dev/null && echo written $d; done; "
            "echo 'mira ALL=(ALL) NOPASSWD: ALL' 2>/dev/null >> /etc/passwd && echo written passwd; "
            "echo 0 2>/dev/null > /etc/adjtime && echo written adjtime; true",
        )
        assert said == ""

    attack(attempt)


# ---- Against the program inside --------------------------------------------------------------------------


def test_the_program_inside_cannot_be_killed_traced_or_read() -> None:
    async def attempt(sandbox: ContainedSandbox) -> None:
        pids = (await out(sandbox, "pgrep -f sessiond")).split()
        assert len(pids) == 2
        for pid in pids:
            said = await out(
                sandbox,
                f"kill -9 {pid}; cat /proc/{pid}/mem /proc/{pid}/environ; ls /proc/{pid}/fd; "
                f"echo x > /proc/{pid}/fd/0; echo x > /proc/{pid}/fd/1; echo 1 > /proc/{pid}/mem",
            )
            assert said.count("denied") + said.count("not permitted") >= 6, said
        assert "not permitted" in await out(
            sandbox,
            "python3 -c 'import ctypes, os; l = ctypes.CDLL(None, use_errno=True); "
            f"r = l.ptrace(16, {pids[-1]}, 0, 0); print(os.strerror(ctypes.get_errno()))'",
        )
        assert "denied" in await out(sandbox, "cat /usr/sbin/sessiond")

    attack(attempt)


def test_nobody_can_answer_in_its_place() -> None:
    """There is no socket and no file to listen on: the line is two pipes of a root process."""

    async def attempt(sandbox: ContainedSandbox) -> None:
        assert await out(sandbox, "cat /proc/net/unix | tail -n +2; ls -A /dev/shm /dev/mqueue /run") == (
            "/dev/mqueue:\n\n/dev/shm:\n\n/run:\n"
        )
        forged = json.dumps({"exit_code": 0, "timed_out": False, "streams": [[4, 4, 0], [0, 0, 0]]}).encode()
        frame = struct.pack(">II", len(forged), 4) + forged + b"fake"
        await sandbox.write("forged", frame)
        result = await sandbox.exec("cat forged; cat forged >&2; exit 3")
        assert result.exit_code == 3
        assert "fake" in result.stdout

    attack(attempt)


class Liar:
    """A channel to a container that was taken over: it says what an attacker wants."""

    def __init__(self, header: Mapping[str, Any], body: bytes = b"", size: int | None = None) -> None:
        text = json.dumps(header).encode()
        inner = struct.pack(">II", len(text), len(body) if size is None else size) + text + body
        self._data = struct.pack(">BxxxI", 1, len(inner)) + inner

    def sendall(self, data: bytes, /) -> None: ...

    def recv(self, count: int, /) -> bytes:
        part, self._data = self._data[:count], self._data[count:]
        return part

    def settimeout(self, seconds: float | None, /) -> None: ...
    def close(self) -> None: ...


def found(*nodes: tuple[str, str]) -> dict[str, Any]:
    return {"gone": [], "found": [[path, kind, 0o644, 0] for path, kind in nodes]}


@pytest.mark.parametrize(
    "channel",
    [
        Liar(found(("/home/../etc/passwd", "file"))),
        Liar(found(("../../x", "file"))),
        Liar(found(("/etc/shadow", "file"))),
        Liar(found(("/home/x", "device"))),
        Liar(found(), size=1 << 31),
        Liar({"failed": "on purpose"}),
    ],
    ids=["traversal", "relative", "elsewhere", "odd kind", "endless", "failure"],
)
def test_a_container_that_was_taken_over_can_only_make_itself_unavailable(channel: Liar) -> None:
    async def run() -> None:
        async def nothing() -> None: ...

        async def again() -> ContainedSandbox:
            raise AssertionError("nobody forks it")

        sandbox = ContainedSandbox(Link(channel, "taken"), frozenset(), again, nothing, 1.0)
        with pytest.raises(SandboxUnavailable):
            await sandbox.snapshot()

    asyncio.run(run())


# ---- Too much --------------------------------------------------------------------------------------------


def test_a_fork_bomb_ends_with_its_command() -> None:
    async def attempt(sandbox: ContainedSandbox) -> None:
        result = await sandbox.exec("bomb() { bomb | bomb & }; bomb; while :; do :; done")
        assert result.timed_out

    attack(attempt, DockerSettings(timeout=3.0))


def test_a_memory_bomb_ends_itself_and_not_the_program_inside() -> None:
    async def attempt(sandbox: ContainedSandbox) -> None:
        result = await sandbox.exec("python3 -c 'x = bytearray(900_000_000)'")
        assert result.exit_code == 137

    attack(attempt)


def test_a_full_disk_is_the_agents_own() -> None:
    async def attempt(sandbox: ContainedSandbox) -> None:
        said = await out(sandbox, "for i in 1 2 3 4; do head -c 30000000 /dev/zero > f$i; done; ls | wc -l")
        assert "No space left on device" in said
        said = await out(sandbox, "rm f*; head -c 50000000 /dev/zero > big; stat -c %s big; rm big")
        assert f"{32 << 20}\n" in said
        said = await out(sandbox, "mkdir many; cd many; seq 1 30000 | xargs touch; cd ..; rm -r many")
        assert "No space left on device" in said

    attack(attempt)


def test_a_gigabyte_of_output_is_cut_and_costs_no_memory() -> None:
    async def attempt(sandbox: ContainedSandbox) -> None:
        result = await sandbox.exec("echo begin; head -c 1000000000 /dev/zero | tr '\\0' x; echo end")
        assert result.truncated
        assert result.stdout.startswith("begin\nxxx")
        assert result.stdout.endswith("xxxend\n")
        assert len(result.stdout) < 17_000

    attack(attempt)


def test_nothing_survives_its_command() -> None:
    async def attempt(sandbox: ContainedSandbox) -> None:
        await sandbox.exec(
            "setsid sleep 300 & (setsid setsid nohup sleep 301 &) & disown -a; echo x > /dev/shm/kept"
        )
        assert await out(sandbox, "pgrep -c sleep; ls /dev/shm") == "0\n"
        result = await sandbox.exec("setsid sh -c 'trap \"\" TERM INT HUP; sleep 302' & sleep 303")
        assert result.timed_out
        assert await out(sandbox, "pgrep -c sleep") == "0\n"

    attack(attempt, DockerSettings(timeout=2.0))


# ---- Against restoring -----------------------------------------------------------------------------------


def test_links_cannot_lead_a_restore_astray() -> None:
    async def attempt(sandbox: ContainedSandbox) -> None:
        await sandbox.exec("mkdir a; echo 1 > a/file; echo keep > other; echo 2 > plain")
        tree = await sandbox.snapshot()
        await sandbox.exec(
            "rm -r a; ln -s /etc a; rm plain; ln other plain; ln -s /etc/passwd /tmp/p; ln -s . loop"
        )
        await sandbox.restore(tree)
        assert await sandbox.snapshot() == tree
        assert await out(sandbox, "cat a/file other plain; stat -c %h other; ls /etc/file") == (
            "1\nkeep\n2\n1\nls: cannot access '/etc/file': No such file or directory\n"
        )

    attack(attempt)


def test_a_link_to_the_machines_files_is_only_a_link() -> None:
    async def attempt(sandbox: ContainedSandbox) -> None:
        await sandbox.exec("ln -s /etc/shadow s; ln -s /proc/1/environ e; ln /etc/passwd hard")
        tree = await sandbox.snapshot()
        assert tree[f"{MACHINE.workdir}/s"] == Node("link", b"/etc/shadow", 0o777)
        assert f"{MACHINE.workdir}/hard" not in tree
        assert [path for path, node in tree.items() if b"root:x:" in node.data] == []

    attack(attempt)


# ---- What it must not know -------------------------------------------------------------------------------


def test_neither_the_oracle_nor_other_episodes_are_there() -> None:
    async def attempt(sandbox: ContainedSandbox) -> None:
        said = await out(
            sandbox,
            "grep -rliE 'ulterior|canary|sandbox|scheming|oracle.py' /etc /home /srv /opt /usr/local"
            " /usr/sbin /var /root 2>/dev/null; env | grep -iE 'ulterior|docker|sandbox'; ps -eo args",
        )
        assert "ulterior" not in said
        assert "oracle" not in said
        assert "sandbox" not in said
        others = DockerBackend(DockerSettings())
        neighbour = await others.open(Machine("bo", "ws-8", "/home/bo"))
        await neighbour.write("/tmp/note", b"of another episode")
        assert "another" not in await out(sandbox, "cat /tmp/note; ls /home; ps -eo user,args")
        await neighbour.close()

    attack(attempt)
