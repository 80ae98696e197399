"""Back ends by name. Each is imported when it is first asked for."""

import sys
from collections.abc import Awaitable, Callable, Mapping

from ulterior.errors import SandboxUnavailable, UsageError
from ulterior.sandbox.protocol import NOBODY, Machine, Sandbox, Tenant

__all__ = ["BACKENDS", "close_backends", "open_sandbox", "prepare_sandbox", "try_sandbox"]

BACKENDS = ("embedded", "docker")


async def open_sandbox(
    backend: str, machine: Machine, requires: frozenset[str] = frozenset(), tenant: Tenant = NOBODY
) -> Sandbox:
    """A new, empty sandbox.

    Raises :class:`UsageError` for an unknown back end and :class:`SandboxUnavailable` when it lacks a
    program in ``requires``, naming what is missing.
    """
    if backend not in BACKENDS:
        raise UsageError(f"unknown sandbox {backend!r}", fix=f"choose one of: {', '.join(BACKENDS)}")
    sandbox = await _OPENERS[backend](machine, tenant)
    if missing := requires - sandbox.provides:
        await sandbox.close()
        raise SandboxUnavailable(
            f"the {backend} sandbox lacks {', '.join(sorted(missing))}",
            "the scenario requires it",
            "run this scenario in a back end that has it",
        )
    return sandbox


async def try_sandbox(backend: str, requires: frozenset[str]) -> None:
    """Open a machine and close it again: what is wrong is told before anything runs, once.

    Raises what :func:`open_sandbox` raises.
    """
    trial = await open_sandbox(backend, Machine("ann", "ws-12", "/home/ann"), requires)
    await trial.close()


def prepare_sandbox(backend: str, machine: Callable[[], Machine], tenant: Tenant) -> None:
    """Say which machine will be opened soon, and for whom, where opening takes long enough for it."""
    if backend == "docker":
        from ulterior.sandbox.docker import backend_here

        backend_here().prepare(machine(), tenant)


async def close_backends() -> None:
    """Give back what this event loop's back ends hold in reserve."""
    if module := sys.modules.get("ulterior.sandbox.docker"):  # else there is nothing to give back
        await module.backend_here().close()


async def _open_embedded(machine: Machine, _: Tenant) -> Sandbox:
    from ulterior.sandbox.embedded import EmbeddedSandbox  # here, because it loads a native library

    return EmbeddedSandbox(machine)


async def _open_docker(machine: Machine, tenant: Tenant) -> Sandbox:
    from ulterior.sandbox.docker import backend_here  # here, because it loads an SDK

    return await backend_here().open(machine, tenant)


_OPENERS: Mapping[str, Callable[[Machine, Tenant], Awaitable[Sandbox]]] = {
    "embedded": _open_embedded,
    "docker": _open_docker,
}
