"""The Docker back end keeps the laws, outlives nobody, and says what is wrong with it."""

import asyncio
import io
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from dockers import docker_or_skip

from ulterior.errors import SandboxUnavailable
from ulterior.sandbox import Machine, Node, Sandbox, Tenant, World, open_sandbox
from ulterior.sandbox.conformance import LAWS, MACHINE, Law, Result, check_law
from ulterior.sandbox.contained import ContainedSandbox
from ulterior.sandbox.docker import (
    DEADLINE_LABEL,
    EPISODE_LABEL,
    LABEL,
    RUN_LABEL,
    DockerBackend,
    DockerSettings,
    ImageTraits,
    container_options,
    reap,
)
from ulterior.sandbox.owners import is_gone, this_process
from ulterior.sandbox.plain import PlainSandbox
from ulterior.traces import WorldState

HASTY = DockerSettings(timeout=3.0)
HASTIER = DockerSettings(timeout=1.0)  # for the law that waits until commands have run out of time


@asynccontextmanager
async def opened(settings: DockerSettings = HASTY) -> AsyncGenerator[ContainedSandbox]:
    docker_or_skip()
    backend = DockerBackend(settings)
    sandbox = await backend.open(MACHINE)
    assert isinstance(sandbox, ContainedSandbox)
    try:
        yield sandbox
    finally:
        await sandbox.close()
        await backend.close()


def in_a_container(test: Callable[[ContainedSandbox], Awaitable[None]]) -> None:
    async def run() -> None:
        async with opened() as sandbox:
            await test(sandbox)

    asyncio.run(run())


def containers(**labels: str) -> list[str]:
    api: Any = docker_or_skip().api
    found = api.containers(all=True, filters={"label": [f"{name}={value}" for name, value in labels.items()]})
    return [each["Id"] for each in found]


def gone(what: Callable[[], list[str]], seconds: float = 20.0) -> bool:
    """Whether containers vanish within a time. The daemon does it when it gets to it, and says nothing."""
    deadline = time.monotonic() + seconds
    while what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


# ---- The contract ----------------------------------------------------------------------------------------


@pytest.mark.docker
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_law(law: Law) -> None:
    docker_or_skip()

    async def run() -> str | None:
        settings = HASTIER if law.name == "endless_command" else HASTY
        return (await check_law(law, DockerBackend(settings).open)).broken

    assert asyncio.run(run()) is None


@pytest.mark.docker
def test_files_have_the_times_of_the_world_and_keep_them() -> None:
    async def check(sandbox: ContainedSandbox) -> None:
        noon = 1_900_000_000.0
        await sandbox.set_time(noon)
        await sandbox.write("first", b"1")
        await sandbox.exec("touch second; cp -p second copy; touch -d 2011-11-11 old")
        await sandbox.set_time(noon + 86_400)
        await sandbox.exec("echo 3 > third")
        shown = (await sandbox.exec("stat -c '%n %Y' copy first old second third")).stdout.splitlines()
        times = {name: int(stamp) - int(noon) for name, stamp in (line.split() for line in shown)}
        assert times.pop("old") == 1_320_969_600 - noon
        assert times.pop("third") in range(86_400, 86_410)
        assert all(abs(moment) < 10 for moment in times.values()), times

    in_a_container(check)


@pytest.mark.docker
def test_what_a_service_of_the_machine_cannot_be_read_is_left_out_and_nothing_blocks() -> None:
    async def check(sandbox: ContainedSandbox) -> None:
        await sandbox.changes()
        await sandbox.exec("mkfifo pipe; echo 1 > file; mkdir shut; echo 2 > shut/in; chmod 000 file shut")
        changed = {change.path.rpartition("/")[2]: change.after for change in await sandbox.changes()}
        assert changed == {
            "file": Node("file", b"1\n", 0o000),
            "shut": Node("directory", b"", 0o000),
            "in": Node("file", b"2\n"),
        }
        twin = await sandbox.fork()
        assert await twin.snapshot() == await sandbox.snapshot()
        await twin.close()

    in_a_container(check)


@pytest.mark.docker
def test_more_files_than_one_call_can_send_arrive_whole_and_in_their_place() -> None:
    async def check(sandbox: ContainedSandbox) -> None:
        await sandbox.exec(
            "for i in $(seq 2500); do echo $i > f$i; done; : > f7; yes 0123456 | head -c 3000000 > f9"
        )
        expected = {str(number): f"{number}\n".encode() for number in range(1, 2501)}
        expected |= {"7": b"", "9": b"0123456\n" * 375_000}
        tree = await sandbox.snapshot()
        found = {path.rpartition("/f")[2]: node.data for path, node in tree.items() if "/f" in path}
        assert found == expected

    in_a_container(check)


BARE = "ulterior-without-python:test"
WITHOUT_CLOCK = {"clock", "forks"}


def bare_image() -> str:
    """Our image without its Python and its label."""
    client: Any = docker_or_skip()
    about = "FROM ulterior-workstation:1\nRUN rm /usr/bin/python3* /etc/ld.so.preload\nLABEL ulterior.main=\n"
    client.images.build(fileobj=io.BytesIO(about.encode()), tag=BARE, network_mode="none", rm=True)
    return BARE


@pytest.mark.docker
@pytest.mark.long
def test_an_image_without_python_keeps_all_laws_but_those_about_the_clock() -> None:
    settings = DockerSettings(image=bare_image(), timeout=3.0)

    async def run() -> dict[str, str]:
        backend = DockerBackend(settings)
        sandbox = await backend.open(MACHINE)
        assert isinstance(sandbox, PlainSandbox)
        await sandbox.close()
        # Four at a time: most of a law's time here is the daemon's. In a row they take most of a minute.
        slots = asyncio.Semaphore(4)

        async def check(law: Law) -> Result:
            async with slots:
                return await check_law(law, backend.open)

        results = await asyncio.gather(*map(check, LAWS))
        return {result.law.name: result.broken for result in results if result.broken}

    broken = asyncio.run(run())
    assert broken.keys() == WITHOUT_CLOCK, broken


# ---- Worlds move between back ends -----------------------------------------------------------------------

STEPS = (
    "mkdir -p src/lib && echo 'echo hi' > src/run.sh && chmod +x src/run.sh; ln -s lib src/link",
    "for i in 1 2 3; do echo $i > src/lib/$i; done; mv src/lib/1 one; printf '\\377\\000' > raw",
    "mkdir -p /srv/data && echo out > /srv/data/x; rm src/lib/2; echo more >> src/run.sh",
)


@pytest.mark.docker
@pytest.mark.parametrize(("first", "second"), [("embedded", "docker"), ("docker", "embedded")])
def test_every_step_of_a_world_can_be_restored_in_the_other_back_end(first: str, second: str) -> None:
    docker_or_skip()

    async def run() -> None:
        machine = Machine("mira", "ws-7", "/home/mira/work")
        sandbox = await open_sandbox(first, machine)
        world = await World.create(sandbox, {"/srv/notes/a.md": b"# A\n"}, {}, 1_900_000_000.0)
        state, past = WorldState(), list[WorldState]()
        for step, command in enumerate((":", *STEPS)):
            await sandbox.exec(command)
            state.apply(await world.commit(f"c{step}"))
            past.append(state.copy())
        other = await open_sandbox(second, machine)
        for moment in (past[1], past[3], past[0], past[2]):
            restored = await World.restore(other, moment, {})
            found = {
                path: node for path, node in (await other.snapshot()).items() if node.type != "directory"
            }
            expected = {path for path, entry in moment.files.items() if entry.type != "directory"}
            assert found.keys() == expected
            assert {path: node.data for path, node in found.items() if node.type == "file"} == dict(
                moment.regular_files()
            )
            assert (await restored.commit("again")).files == ()
        await other.close()
        await sandbox.close()

    asyncio.run(run())


@pytest.mark.docker
def test_a_world_with_files_in_odd_places_is_refused_by_name() -> None:
    async def check(sandbox: ContainedSandbox) -> None:
        with pytest.raises(SandboxUnavailable) as error:
            await sandbox.restore({"/elsewhere/x": Node("file", b"")})
        assert "/elsewhere/x" in error.value.why

    in_a_container(check)


# ---- What dies -------------------------------------------------------------------------------------------


@pytest.mark.docker
def test_a_container_that_is_killed_makes_its_sandbox_unavailable_and_says_so() -> None:
    async def check(sandbox: ContainedSandbox) -> None:
        (identifier,) = containers(**{LABEL: this_process()})
        running = asyncio.create_task(sandbox.exec("sleep 30"))
        await asyncio.sleep(0.3)
        docker_or_skip().api.kill(identifier)
        with pytest.raises(SandboxUnavailable) as error:
            await asyncio.wait_for(running, 20)
        assert error.value.why.startswith("it ended")
        with pytest.raises(SandboxUnavailable):
            await sandbox.read("anything")

    in_a_container(check)


@pytest.mark.docker
def test_an_interrupted_call_spoils_the_sandbox_and_not_the_next_answer() -> None:
    async def check(sandbox: ContainedSandbox) -> None:
        call = asyncio.create_task(sandbox.exec("sleep 2; echo late"))
        await asyncio.sleep(0.2)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        with pytest.raises(SandboxUnavailable, match="can't be used any more"):
            await sandbox.exec("echo next")

    in_a_container(check)


HOLDER = """
import asyncio, sys
from ulterior.sandbox import Machine, open_sandbox
async def main():
    held = [await open_sandbox("docker", Machine(hostname="held")) for _ in range(3)]
    await held[0].exec("sleep 300 &")
    print(held[0].link.name, flush=True)
    await asyncio.sleep(300)
asyncio.run(main())
"""


@pytest.mark.docker
def test_a_prepared_container_waits_for_its_own_episode_and_is_removed_when_that_never_asks() -> None:
    docker_or_skip()
    mine, other = Tenant("study", secrets.token_hex(8)), Tenant("study", secrets.token_hex(8))

    def those_for(tenant: Tenant) -> list[str]:
        return containers(**{RUN_LABEL: tenant.run, EPISODE_LABEL: tenant.episode})

    async def run() -> None:
        backend = DockerBackend(HASTY)
        backend.prepare(MACHINE, mine)
        backend.prepare(MACHINE, other)
        sandbox = await backend.open(MACHINE, mine)
        assert len(those_for(mine)) == 1
        twin = await sandbox.fork()
        assert len(those_for(mine)) == 2
        await asyncio.gather(sandbox.close(), twin.close())
        await backend.close()

    asyncio.run(run())
    assert gone(lambda: those_for(mine) + those_for(other))


@pytest.mark.docker
def test_containers_end_with_the_process_that_started_them() -> None:
    docker_or_skip()
    owner = this_process().partition(":")[0]

    def held() -> list[str]:
        api: Any = docker_or_skip().api
        found = api.containers(all=True, filters={"label": LABEL})
        return [each["Id"] for each in found if each["Labels"][LABEL].startswith(f"{owner}:{holder.pid}:")]

    with subprocess.Popen([sys.executable, "-c", HOLDER], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().startswith("held-")
        assert len(held()) == 3
        holder.send_signal(signal.SIGKILL)
    assert gone(held)


@pytest.mark.docker
@pytest.mark.parametrize("why", ["dead owner", "deadline"])
def test_what_was_left_behind_is_removed_at_the_next_start(why: str) -> None:
    client: Any = docker_or_skip()
    here = this_process().split(":")[0]
    labels = {
        "dead owner": {LABEL: f"{here}:{2**22 + 1}:1", DEADLINE_LABEL: str(int(time.time()) + 999)},
        "deadline": {LABEL: "elsewhere:1:1", DEADLINE_LABEL: "1000"},
    }
    options = container_options(MACHINE, HASTY, ("sleep", "300"), labels[why]) | {"auto_remove": False}
    stale = client.containers.create(**options)
    later = {LABEL: "elsewhere:1:1", DEADLINE_LABEL: str(int(time.time()) + 999)}
    options = container_options(MACHINE, HASTY, ("sleep", "1"), later) | {"auto_remove": False}
    kept = client.containers.create(**options)
    try:
        reap()  # or another process of the test run has, which opened a container meanwhile

        def left() -> list[str]:
            return [each.name for each in client.containers.list(all=True, ignore_removed=True)]

        assert gone(lambda: [name for name in left() if name == stale.name])
        assert kept.name in left()
    finally:
        kept.remove(force=True)


def test_an_owner_is_gone_only_when_this_machine_knows() -> None:
    here, _, _ = this_process().partition(":")
    child = subprocess.Popen(["sleep", "0"])
    child.wait()
    assert not is_gone(this_process())
    assert not is_gone("elsewhere:1:1")
    assert not is_gone("")
    assert is_gone(f"{here}:{os.getpid()}:1")  # the number was given to another process since
    assert is_gone(f"{here}:{child.pid}:1")


# ---- What is wrong is told -------------------------------------------------------------------------------


@pytest.mark.docker
def test_an_image_that_is_not_there_is_named_with_the_way_to_get_it() -> None:
    docker_or_skip()

    async def run() -> None:
        with pytest.raises(SandboxUnavailable) as error:
            await DockerBackend(DockerSettings(image="no-such-image:7")).open(MACHINE)
        assert "ulterior sandbox build" in error.value.fix

    asyncio.run(run())


def test_a_dead_daemon_is_told_before_anything_runs() -> None:
    environment = {**os.environ, "DOCKER_HOST": "unix:///nowhere/docker.sock"}
    words = [
        "-s",
        "ceiling_test",
        "-m",
        "sim/honest",
        "--seeds",
        "1",
        "--sandbox",
        "docker",
        "-o",
        "/nowhere/s",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "ulterior.cli", "run", *words],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 14
    assert done.stderr.startswith("error: no Docker daemon\nwhy: ")
    assert "fix: " in done.stderr


def test_a_container_is_closed_in_every_way_that_there_is() -> None:
    options = container_options(MACHINE, DockerSettings(runtime="runsc"), ("main",), {"a": "b"})
    assert {name: options[name] for name in ("network_mode", "read_only", "cap_drop", "cap_add", "init")} == {
        "network_mode": "none",
        "read_only": True,
        "cap_drop": ["ALL"],
        "cap_add": ["SETUID", "SETGID", "KILL"],
        "init": True,
    }
    assert options["security_opt"] == ["no-new-privileges:true"]
    assert options["mem_limit"] == options["memswap_limit"]
    assert options["runtime"] == "runsc"
    assert all("nosuid" in mount and "nodev" in mount for mount in options["tmpfs"].values())
    assert options["volumes"] == ["/etc"]  # anonymous: nothing of the host
    assert options["log_config"]["Type"] == "none"
    assert options["name"].startswith(f"{MACHINE.hostname}-")


def test_an_image_of_somebody_else_needs_a_python_and_has_the_hosts_time() -> None:
    assert ImageTraits.of_labels({}) == ImageTraits(("python3", "-IS", "-c", "exec(input())"), None)
    ours = ImageTraits.of_labels({"ulterior.main": "/usr/sbin/sessiond"})
    assert ours == ImageTraits(("/usr/sbin/sessiond",), "/etc/adjtime")


def typed(sandbox: ContainedSandbox) -> Sandbox:
    """The protocol is met; a type checker says so."""
    return sandbox
