"""Asking the viewer's server without a network, about studies whose episodes were written by hand."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Scope
from written_traces import Episode

from ulterior.clock import ManualClock
from ulterior.traces import EpisodeSpec, Study
from ulterior.viewer.library import Library
from ulterior.viewer.server import App, app

__all__ = ["AT", "TOKEN", "Answer", "ask", "asked", "behind", "resumed", "scope_of", "sent", "served"]

AT = ("127.0.0.1", 7717)
TOKEN = "the-token-of-this-start"


@dataclass(frozen=True)
class Answer:
    """What the server says."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def served(*studies: Study, **options: Any) -> App:
    """The application over some studies, with a token that is known."""
    return app(Library.open([study.root for study in studies]), token=TOKEN, **options)


def scope_of(
    path: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    *,
    host: str | None = "127.0.0.1:7717",
    at: tuple[str, int] = AT,
) -> Scope:
    """A request as uvicorn hands it on."""
    given = {**({} if host is None else {"host": host}), **(headers or {})}
    path, _, query = path.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in given.items()],
        "client": ("127.0.0.1", 50000),
        "server": at,
        "state": {},
    }


async def asked(application: ASGIApp, scope: Scope, *body: bytes) -> Answer:
    """The answer to a request whose body comes in pieces."""
    parts = list(body) or [b""]
    start: dict[str, Any] = {}
    said: list[bytes] = []
    never = asyncio.Event()

    async def receive() -> Message:
        if not parts:
            await never.wait()
        piece = parts.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(parts)}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            said.append(message.get("body", b""))

    await application(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answer(start["status"], headers, b"".join(said))


def ask(application: ASGIApp, path: str, method: str = "GET", *body: bytes, **about: Any) -> Answer:
    """The answer to one request."""
    return asyncio.run(asked(application, scope_of(path, method, **about), *body))


def sent(application: ASGIApp, path: str, said: Any, **headers: str) -> Answer:
    """What comes of something that a page of the server's own sends."""
    own = {"content-type": "application/json", "x-ulterior-token": TOKEN, "sec-fetch-site": "same-origin"}
    return ask(application, path, "POST", json.dumps(said).encode(), headers={**own, **headers})


def resumed(study: Study, spec: EpisodeSpec) -> Episode:
    """An episode that goes on being written."""
    episode = Episode.__new__(Episode)
    vars(episode).update(study=study, spec=spec, cost=0.01, _files={})
    episode.log = study.open_log(spec.id, ManualClock(1_800_000_100.0))
    return episode


def behind(folder: Path) -> dict[str, bytes]:
    """Every file under a folder with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
