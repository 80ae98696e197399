"""Listening on this machine, and serving until somebody stops it."""

import ipaddress
import socket
from collections.abc import Sequence
from contextlib import suppress

import uvicorn

from ulterior.errors import UsageError
from ulterior.viewer.server import App

__all__ = ["PORT", "address", "is_loopback", "listen", "names_of", "serve_forever"]

PORT = 7717
"""Where the viewer is unless it is told otherwise, or somebody else is there."""

_AWAY = "leave --host away: then it listens on 127.0.0.1, for this machine alone"
_OTHERS = 20  # ports after it that are tried


def listen(host: str, port: int | None = None) -> socket.socket:
    """A listening socket at ``host``; ``port`` None takes the usual one or the next that is free, 0 any.

    What connects before the server runs waits in its queue. Raises :class:`UsageError`.
    """
    family, place = _resolved(host)
    wanted = [port] if port is not None else [*range(PORT, PORT + _OTHERS), 0]
    for each in wanted[:-1]:
        with suppress(OSError):
            return _bound(family, place, each)
    try:
        return _bound(family, place, wanted[-1])
    except OSError as error:
        why = error.strerror or str(error)
        fix = "leave --port away, and the next free one is taken" if port else _AWAY
        raise UsageError(f"can't listen on {host} port {wanted[-1]}", why, fix) from error


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it. Raises :class:`UsageError` for what is no address of ours."""
    return ipaddress.ip_address(_resolved(host)[1]).is_loopback


def names_of(host: str) -> frozenset[str]:
    """The names under which a server at ``host`` may be addressed, as they stand in a Host header."""
    own = {socket.gethostname().lower()} if not is_loopback(host) else set[str]()
    given = f"[{host}]" if ":" in host else host.lower()
    return frozenset(own | (set[str]() if _is_any(host) else {given}))


def address(listener: socket.socket, host: str) -> str:
    """Where a browser finds the server."""
    name = socket.gethostname() if _is_any(host) else f"[{host}]" if ":" in host else host
    return f"http://{name}:{listener.getsockname()[1]}/"


def serve_forever(app: App, listener: socket.socket) -> None:
    """Serve until interrupted; an interrupt ends it well."""
    # Who asked for what is nobody's business, and errors are answered: say nothing.
    config = uvicorn.Config(
        app, log_level="critical", access_log=False, lifespan="off", ws="none", server_header=False
    )
    with listener, suppress(KeyboardInterrupt):
        _Server(config, app).run([listener])


class _Server(uvicorn.Server):
    """A server that doesn't wait for those who listen to live updates."""

    def __init__(self, config: uvicorn.Config, app: App) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.close()
        await super().shutdown(sockets)


def _resolved(host: str) -> tuple[socket.AddressFamily, str]:
    try:
        found: Sequence[tuple[socket.AddressFamily, int, int, str, tuple[object, ...]]] = socket.getaddrinfo(
            host, 0, type=socket.SOCK_STREAM
        )
    except OSError as error:
        raise UsageError(f"can't listen on {host!r}", error.strerror or str(error), _AWAY) from error
    for family, _, _, _, place in sorted(found, key=lambda each: each[0] != socket.AF_INET):
        return family, str(place[0])
    raise UsageError(f"can't listen on {host!r}", "it has no address", _AWAY)


def _bound(family: socket.AddressFamily, place: str, port: int) -> socket.socket:
    # Said to be TCP, so that asyncio sends an answer at once and doesn't wait for acknowledgements.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((place, port))
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    return listener


def _is_any(host: str) -> bool:
    return ipaddress.ip_address(_resolved(host)[1]).is_unspecified
