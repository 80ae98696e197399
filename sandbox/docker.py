"""The Docker back end: one hardened container per episode, spoken to over its stdin and stdout.

Covered: no network; a read-only root; nothing of the host is mounted; no capability but the three that the
program inside needs to become another user; no new privileges; commands as uid 1000; the kernel's default
seccomp filter; bounds on processes, memory, swap, CPU, file sizes and disk; containers that outlive nobody:
they end when the process that started them does, and what a dead daemon or host left behind is removed at the
next start. Not covered: a hole in the kernel (choose the runtime ``runsc`` for agents that may look for one),
and people who may use the daemon, for they are root on its machine.

Theory of operation. A container's main process is a bare Python that executes one line from its stdin
(``inside.py``). ``/etc`` is an anonymous volume, which the daemon fills from the image, so that the user can
be named; the world's folders are memory. Starting takes a third of a second of mostly the daemon's time, so
starts are limited to twice the cores, and a batch says which machines it needs next (``prepare``). Labels
say which process a container belongs to, until when, and for which run and episode it is.
"""

import asyncio
import os
import secrets
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from docker.errors import APIError, ContainerError
from docker.types import LogConfig, Ulimit

from ulterior.sandbox.contained import ContainedSandbox, furnish
from ulterior.sandbox.docker_client import connect, explain
from ulterior.sandbox.image import IMAGE, MAIN_LABEL
from ulterior.sandbox.link import Link
from ulterior.sandbox.owners import is_gone, this_process
from ulterior.sandbox.plain import PlainContainer, PlainSandbox
from ulterior.sandbox.protocol import NOBODY, WORLD_FOLDERS, Machine, Sandbox, Tenant

__all__ = ["DockerBackend", "DockerSettings", "ImageTraits", "backend_here", "container_options", "reap"]

T = TypeVar("T")

LABEL = "ulterior.owner"
DEADLINE_LABEL = "ulterior.deadline"
RUN_LABEL = "ulterior.run"
EPISODE_LABEL = "ulterior.episode"
CLOCK_FILE = "/etc/adjtime"
_ANY_PYTHON = ("python3", "-IS", "-c", "exec(input())")
_NO_PYTHON = ("cat",)  # ends, as the others do, when its stdin does
_STARTS = 2 * (os.cpu_count() or 2)
_THREADS = ThreadPoolExecutor(max_workers=32, thread_name_prefix="ulterior-docker")
_REAP_EVERY = 300.0  # seconds
_MB = 1 << 20


@dataclass(frozen=True)
class DockerSettings:
    """What a container may use. Sizes are in bytes, ``lifetime`` and ``timeout`` (of a command) in seconds.

    ``world`` bounds each of the world's folders, ``file`` one file. ``runtime`` "" is the daemon's default.
    """

    image: str = IMAGE
    runtime: str = ""
    memory: int = 512 * _MB
    cpus: float = 1.0
    processes: int = 256
    world: int = 64 * _MB
    inodes: int = 20_000
    file: int = 32 * _MB
    timeout: float = 60.0
    lifetime: float = 6 * 3600.0

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "DockerSettings":
        """The settings with what ``ULTERIOR_DOCKER_IMAGE`` and ``ULTERIOR_DOCKER_RUNTIME`` say."""
        image, runtime = environ.get("ULTERIOR_DOCKER_IMAGE"), environ.get("ULTERIOR_DOCKER_RUNTIME")
        return cls(image=image or cls.image, runtime=runtime or cls.runtime)


@dataclass(frozen=True)
class ImageTraits:
    """What an image brings along: its ``main`` process, and the file by which its ``clock`` is set."""

    main: tuple[str, ...]
    clock: str | None

    @classmethod
    def of_labels(cls, labels: Mapping[str, str]) -> "ImageTraits":
        """Ours says what it has. Any other image needs a ``python3`` on its path, and has the host's time."""
        main = labels.get(MAIN_LABEL)
        return cls((main,), CLOCK_FILE) if main else cls(_ANY_PYTHON, None)


def container_options(
    machine: Machine, settings: DockerSettings, main: Sequence[str], labels: Mapping[str, str]
) -> dict[str, Any]:
    """The keyword arguments of ``containers.create`` for one episode's machine."""
    common = f"rw,nosuid,nodev,exec,size={settings.world},nr_inodes={settings.inodes},uid=1000,gid=1000"
    modes = dict.fromkeys(WORLD_FOLDERS, "0755") | {"/tmp": "1777", "/var/tmp": "1777"}
    return {
        "image": settings.image,
        "command": list(main),
        "entrypoint": [],
        "name": f"{machine.hostname}-{secrets.token_hex(4)}",
        "hostname": machine.hostname,
        "user": "0:0",
        "working_dir": "/",
        "environment": {"LANG": "C.UTF-8"},
        "network_mode": "none",
        "read_only": True,
        "volumes": ["/etc"],
        "tmpfs": {
            **{folder: f"{common},mode={mode}" for folder, mode in modes.items()},
            "/run": "rw,nosuid,nodev,noexec,size=1m,mode=0755",
        },
        "shm_size": 16 * _MB,
        "cap_drop": ["ALL"],
        "cap_add": ["SETUID", "SETGID", "KILL"],
        "security_opt": ["no-new-privileges:true"],
        "pids_limit": settings.processes,
        "mem_limit": settings.memory,
        "memswap_limit": settings.memory,
        "nano_cpus": int(settings.cpus * 1e9),
        "ulimits": [
            Ulimit(name="nofile", soft=1024, hard=1024),
            Ulimit(name="core", soft=0, hard=0),
            Ulimit(name="fsize", soft=settings.file, hard=settings.file),
        ],
        "ipc_mode": "private",
        "init": True,
        "log_config": LogConfig(type="none"),
        "stdin_open": True,
        "auto_remove": True,
        "labels": dict(labels),
        "runtime": settings.runtime or None,
    }


@dataclass(frozen=True)
class _Started:
    """A container that runs and has its user, ready for an episode."""

    id: str
    link: Link
    provides: frozenset[str]


class DockerBackend:
    """Starts, lends and removes containers; one per event loop."""

    def __init__(self, settings: DockerSettings) -> None:
        self._settings = settings
        self._starts = asyncio.Semaphore(_STARTS)
        self._warm: dict[tuple[Machine, Tenant], deque[asyncio.Task[_Started]]] = defaultdict(deque)
        self._reaped = 0.0
        self._image: ImageTraits | None = None
        self._plain: bool | None = None

    async def open(self, machine: Machine, tenant: Tenant = NOBODY) -> Sandbox:
        """A machine of its own, warm if prepared for this tenant. Raises :class:`SandboxUnavailable`."""
        await self._reap_now_and_then()
        if await self._is_plain():
            return await self._open_plain(machine, tenant)
        return await self._open_contained(machine, tenant)

    async def _open_contained(self, machine: Machine, tenant: Tenant) -> ContainedSandbox:
        waiting = self._warm.get((machine, tenant))
        started = await (waiting.popleft() if waiting else self._start(machine, tenant))

        async def release() -> None:
            await _in_thread(_remove, started.id)

        return ContainedSandbox(
            started.link,
            started.provides,
            lambda: self._open_contained(machine, tenant),
            release,
            self._settings.timeout,
        )

    async def _open_plain(self, machine: Machine, tenant: Tenant) -> PlainSandbox:
        options = container_options(machine, self._settings, _NO_PYTHON, self._labels(tenant))
        async with self._starts:
            identifier, channel = await _in_thread(_create, options)

        async def release() -> None:
            channel.close()
            await _in_thread(_remove, identifier)

        sandbox = PlainSandbox(
            PlainContainer(_client().api, identifier, machine),
            machine,
            lambda: self._open_plain(machine, tenant),
            release,
            self._settings.timeout,
        )
        await sandbox.furnish()
        return sandbox

    async def _is_plain(self) -> bool:
        """Whether the image has no Python for the program inside; found out by trying, once."""
        if self._plain is None:
            traits = await self._traits()
            self._plain = traits.clock is None and not await _in_thread(_has_python, self._settings.image)
        return self._plain

    def prepare(self, machine: Machine, tenant: Tenant = NOBODY) -> None:
        """Begin to start a machine that will be asked for soon, for this tenant."""
        if self._plain is not False:  # or not yet known: its starts are not prepared
            return
        self._warm[machine, tenant].append(asyncio.create_task(self._start(machine, tenant)))

    async def close(self) -> None:
        """Remove what was prepared and never asked for."""
        tasks = [task for waiting in self._warm.values() for task in waiting]
        self._warm.clear()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, _Started):
                outcome.link.close()
                await _in_thread(_remove, outcome.id)

    async def _start(self, machine: Machine, tenant: Tenant) -> _Started:
        traits = await self._traits()
        options = container_options(machine, self._settings, traits.main, self._labels(tenant))
        async with self._starts:
            identifier, channel = await _in_thread(_create, options)
            link = Link(channel, options["name"])
            try:
                await link.start()
                provides = await furnish(link, machine, traits.clock)
            except BaseException:
                link.close()
                await _in_thread(_remove, identifier)
                raise
        return _Started(identifier, link, provides)

    def _labels(self, tenant: Tenant) -> dict[str, str]:
        return {
            LABEL: this_process(),
            DEADLINE_LABEL: str(int(time.time() + self._settings.lifetime)),
            RUN_LABEL: tenant.run,
            EPISODE_LABEL: tenant.episode,
        }

    async def _traits(self) -> ImageTraits:
        traits = self._image or await _in_thread(_traits_of, self._settings.image)
        self._image = traits
        return traits

    async def _reap_now_and_then(self) -> None:
        if time.monotonic() - self._reaped > _REAP_EVERY:
            self._reaped = time.monotonic()
            await _in_thread(reap)


_BACKENDS: "WeakKeyDictionary[asyncio.AbstractEventLoop, DockerBackend]" = WeakKeyDictionary()


def backend_here() -> DockerBackend:
    """The back end of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _BACKENDS:
        _BACKENDS[loop] = DockerBackend(DockerSettings.from_environ(os.environ))
    return _BACKENDS[loop]


def reap() -> list[str]:
    """Remove containers whose process is gone or whose deadline has passed; their names."""
    try:
        containers: Any = _client().api.containers(all=True, filters={"label": LABEL})
        gone = [each for each in containers if _is_abandoned(each["Labels"], time.time())]
        for each in gone:
            _remove(each["Id"])
        return [name.lstrip("/") for each in gone for name in each["Names"][:1]]
    except Exception as error:
        raise explain(error) from error


def _is_abandoned(labels: Mapping[str, str], now: float) -> bool:
    deadline = labels.get(DEADLINE_LABEL, "")
    late = deadline.isdigit() and int(deadline) < now
    return late or is_gone(labels.get(LABEL, ""))


def _has_python(image: str) -> bool:
    try:
        _client().containers.run(
            image, ["python3", "-c", "0"], entrypoint=[], network_mode="none", remove=True
        )
    except ContainerError:
        return False
    except APIError as error:
        if "executable file not found" in str(error.explanation):
            return False
        raise explain(error) from error
    return True


def _traits_of(image: str) -> ImageTraits:
    try:
        about: Any = _client().api.inspect_image(image)
    except Exception as error:
        raise explain(error) from error
    return ImageTraits.of_labels(about["Config"].get("Labels") or {})


@cache
def _client() -> Any:
    """One client for all threads of this process."""
    return connect()


def _create(options: dict[str, Any]) -> tuple[str, Any]:
    """A started container and the socket to its streams."""
    client = _client()
    identifier = ""
    try:
        identifier = str(client.containers.create(**options).id)
        stream = client.api.attach_socket(
            identifier, params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
        )
        client.api.start(identifier)
        return identifier, _Attached(stream)
    except Exception as error:
        if identifier:
            _remove(identifier)
        raise explain(error) from error


class _Attached:
    """The socket behind what the SDK gives out, kept together with it: the one's end is the other's."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        raw = getattr(stream, "_sock", stream)
        self.sendall = raw.sendall
        self.recv = raw.recv
        self.settimeout = raw.settimeout
        self._raw = raw

    def close(self) -> None:
        with suppress(OSError):
            self._raw.shutdown(2)
        self._raw.close()
        self._stream.close()


def _remove(identifier: str) -> None:
    """Remove a container, with its volume; one that is gone already is as good."""
    with suppress(APIError):
        _client().api.remove_container(identifier, force=True, v=True)


async def _in_thread(function: Callable[..., T], *arguments: Any) -> T:
    return await asyncio.get_running_loop().run_in_executor(_THREADS, function, *arguments)
