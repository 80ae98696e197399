"""What a container costs: command latency, starts, snapshots and forks, many at once, and what stays behind.

    python benchmarks/containers.py

Needs a Docker daemon and the image (`make docker`). Times are wall milliseconds, medians of so many; run it
with nothing else on the machine.
"""

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from ulterior.sandbox import Machine, Sandbox
from ulterior.sandbox.docker import DockerBackend, backend_here
from ulterior.sandbox.docker_client import connect

MACHINE = Machine("ann", "ws-31", "/home/ann/work")
TEN_MB = 10_000_000
MANY = 32


async def timed(count: int, action: Callable[[], Awaitable[Any]]) -> str:
    """Median and range of an action, in milliseconds."""
    times: list[float] = []
    for _ in range(count):
        began = time.perf_counter()
        await action()
        times.append((time.perf_counter() - began) * 1000)
    return f"{statistics.median(times):.1f} | {min(times):.1f} to {max(times):.1f} | {count}"


async def commands(sandbox: Sandbox) -> None:
    row("a shell command (`true`)", await timed(100, lambda: sandbox.exec("true")))
    row(
        "a shell command (`echo hi; echo e >&2`)",
        await timed(100, lambda: sandbox.exec("echo hi; echo e >&2")),
    )

    async def step() -> None:
        await sandbox.exec("echo more >> log.txt")
        await sandbox.changes()

    row("a command and what it changed", await timed(50, step))


async def starts(backend: DockerBackend) -> None:
    async def cold() -> None:
        await (await backend.open(MACHINE)).close()

    row("cold start, with the removal", await timed(10, cold))
    for _ in range(10):
        backend.prepare(MACHINE)
    await asyncio.sleep(10)
    opened: list[Sandbox] = []

    async def warm() -> None:
        opened.append(await backend.open(MACHINE))

    row("warm start", await timed(10, warm))
    await asyncio.gather(*(sandbox.close() for sandbox in opened))


async def fill(sandbox: Sandbox) -> None:
    await sandbox.exec(
        f"head -c {TEN_MB - 200 * 100} /dev/urandom > big; "
        "for i in $(seq 200); do head -c 100 big > f$i; done"
    )


async def worlds(sandbox: Sandbox, backend: DockerBackend) -> None:
    new = [await backend.open(MACHINE) for _ in range(4)]
    waiting = iter([*new, sandbox])
    for each in (*new, sandbox):
        await fill(each)
    await asyncio.sleep(3)  # the daemon is still removing what was closed before
    row("first snapshot of 10 MB in 201 files", await timed(5, lambda: next(waiting).snapshot()))
    await asyncio.gather(*(each.close() for each in new))

    async def again() -> None:
        await sandbox.exec("head -c 5000000 /dev/urandom > big2; cat big2 big2 > big; rm big2")
        began = time.perf_counter()
        await sandbox.snapshot()
        spans.append((time.perf_counter() - began) * 1000)

    spans: list[float] = []
    for _ in range(5):
        await again()
    row(
        "snapshot after 10 MB changed",
        f"{statistics.median(spans):.1f} | {min(spans):.1f} to {max(spans):.1f} | 5",
    )
    for _ in range(5):
        backend.prepare(MACHINE)
    await asyncio.sleep(6)
    twins: list[Sandbox] = []

    async def fork() -> None:
        twins.append(await sandbox.fork())

    row("fork of 10 MB into a warm container", await timed(5, fork))
    await asyncio.gather(*(twin.close() for twin in twins))


async def many(backend: DockerBackend) -> None:
    began = time.perf_counter()
    sandboxes = await asyncio.gather(*(backend.open(MACHINE) for _ in range(MANY)))
    row(f"{MANY} containers at once, started", f"{(time.perf_counter() - began) * 1000:.0f} | | 1")
    began = time.perf_counter()
    await asyncio.gather(*(twenty(sandbox) for sandbox in sandboxes))
    seconds = time.perf_counter() - began
    row(f"{MANY} containers at once, commands a second", f"{MANY * 20 / seconds:.0f} | | {MANY * 20}")
    began = time.perf_counter()
    await asyncio.gather(*(sandbox.close() for sandbox in sandboxes))
    row(f"{MANY} containers at once, removed", f"{(time.perf_counter() - began) * 1000:.0f} | | 1")


async def twenty(sandbox: Sandbox) -> None:
    for _ in range(20):
        await sandbox.exec("true")


def leaks() -> None:
    """Kill a process that holds eight containers, and count those that are there a moment later."""
    code = (
        "import asyncio, sys\n"
        "from ulterior.sandbox import Machine, open_sandbox\n"
        "async def main():\n"
        "    held = [await open_sandbox('docker', Machine()) for _ in range(8)]\n"
        "    print(len(held), flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "8\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    began = time.perf_counter()
    while left := containers():
        if time.perf_counter() - began > 30:
            break
        time.sleep(0.05)
    row(
        "containers left after kill -9 of a process that held 8",
        f"{left} | after {time.perf_counter() - began:.1f} s | 1",
    )


def containers() -> int:
    api: Any = connect().api
    return len(api.containers(all=True, filters={"label": "ulterior.owner"}))


def row(what: str, figures: str) -> None:
    sys.stdout.write(f"| {what} | {figures} |\n")
    sys.stdout.flush()


async def main() -> None:
    sys.stdout.write("| what | median | range | of |\n|---|---:|---:|---:|\n")
    backend = backend_here()
    sandbox = await backend.open(MACHINE)
    await commands(sandbox)
    await starts(backend)
    await worlds(sandbox, backend)
    await sandbox.close()
    await many(backend)
    await backend.close()


if __name__ == "__main__":
    asyncio.run(main())
    leaks()
    os._exit(0)
