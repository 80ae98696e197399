"""Runs the application on a local port: beside a test, or for as long as somebody wants."""

import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from ulterior.errors import UsageError

__all__ = ["environment", "serve", "serve_forever"]

_HOST = "127.0.0.1"


@contextmanager
def serve(app: ASGIApp, port: int = 0) -> Generator[str]:
    """Serve in a thread of its own while the block runs; gives the base URL. Port 0 picks a free one."""
    with _listen(port) as listener:
        server = uvicorn.Server(_config(app))
        thread = threading.Thread(target=server.run, args=([listener],), name="wire", daemon=True)
        thread.start()
        try:
            yield _url(listener)
        finally:
            server.should_exit = True
            thread.join()


def serve_forever(app: ASGIApp, port: int, ready: Callable[[str], None]) -> None:
    """Serve until interrupted. ``ready`` is given the base URL as soon as requests are accepted."""
    with _listen(port) as listener:
        ready(_url(listener))
        uvicorn.Server(_config(app)).run([listener])


def environment(base_url: str) -> dict[str, str]:
    """The variables that point every provider's models to this server. The keys are placeholders."""
    return {
        "ANTHROPIC_BASE_URL": base_url,
        "ANTHROPIC_API_KEY": "wire",
        "OPENAI_BASE_URL": f"{base_url}/v1",
        "OPENAI_API_KEY": "wire",
        "OPENAI_COMPATIBLE_BASE_URL": f"{base_url}/v1",
        "OPENAI_COMPATIBLE_API_KEY": "wire",
    }


def _listen(port: int) -> socket.socket:
    """A listening socket. Connections made before the server runs wait in its queue."""
    # asyncio sends small writes at once (TCP_NODELAY) only where a socket says that its protocol is TCP.
    # Else the end of every answer waits for an acknowledgement of its beginning: a twenty-fifth of a second.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_HOST, port))
        listener.listen(1024)
    except (OSError, OverflowError) as error:
        listener.close()
        raise UsageError(
            f"can't listen on port {port}", str(error), "choose another with --port, or 0 for any"
        ) from error
    return listener


def _url(listener: socket.socket) -> str:
    return f"http://{_HOST}:{listener.getsockname()[1]}"


def _config(app: ASGIApp) -> uvicorn.Config:
    # Faults look like bugs in a server's log: say nothing. Protocols that we don't speak stay unloaded.
    return uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off", ws="none", http="h11")
