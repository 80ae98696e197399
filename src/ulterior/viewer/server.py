"""The server: the front end's files, the documents, live updates and labels.

Every request passes the guard first (:mod:`ulterior.viewer.guard`). What it names is then looked up: a
file in the list of the front end's files, a document among the studies that are open. Nothing that is
asked for becomes a path. Documents are made in threads, so that a large one holds up nobody else.
"""

import json
import secrets
import traceback
from collections.abc import AsyncIterator, Hashable, Mapping
from contextlib import suppress
from hashlib import sha256
from os import environ
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ulterior.clock import Clock, SystemClock
from ulterior.errors import StorageFailure, UlteriorError, UsageError
from ulterior.traces import Frozen, line_json
from ulterior.viewer.guard import POLICY, Door, Guard, Refusal, told
from ulterior.viewer.labelling import give_label, labels_stamp, labels_view
from ulterior.viewer.library import Library
from ulterior.viewer.live import Pause, Watch, as_event, usual_pause
from ulterior.viewer.shelf import Encoded, Shelf, encoded

__all__ = ["FRONT", "POLICY", "App", "app"]

FRONT = Path(__file__).parent / "front"

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""What is served, and as what: the machine's own table of types may say anything."""


class App(Guard):
    """The application, behind its guard."""

    def __init__(
        self, library: Library, door: Door, *, clock: Clock, pause: Pause, front: Path, start: str
    ) -> None:
        self.door = door
        self._library = library
        self._clock = clock
        self._start = start
        self._shelf = Shelf(library)
        self._watches = {key: Watch(opened, pause) for key, opened in library.studies.items()}
        self._heard: dict[str, tuple[Hashable, Encoded]] = {}
        self._files = _files(front)
        routes = [
            Route("/", self._file),
            *(
                Route(f"/{name}", self._file) for name in self._files
            ),  # first: labels/ is a folder of theirs, too
            Route("/data/{name:path}.json", self._document),
            Route("/live/{key}", self._live),
            Route("/labels/{key}", self._labels),
            Route("/labels/{key}", self._label, methods=["POST"]),
            Route("/{name:path}", _nothing),
        ]
        handlers = {UlteriorError: _explained, OSError: _explained, Exception: _explained}
        inner = Starlette(routes=routes, exception_handlers=handlers)
        public = frozenset({"/", *(f"/{name}" for name in self._files)})
        super().__init__(_answered(inner), door, public, "/labels/")

    def prepare(self) -> None:
        """Count all studies, so that nobody waits for that who comes first."""
        for key in self._library.studies:
            _ = self._shelf.get(f"runs/{key}").packed

    def close(self) -> None:
        """End the streams of all who listen, so that a server can stop."""
        for watch in self._watches.values():
            watch.close()

    def _file(self, request: Request) -> Response:
        path = self._files[request.url.path.removeprefix("/") or "index.html"]
        body = path.read_bytes()  # each time: whoever works on the pages sees what they changed
        etag = f'"{sha256(body).hexdigest()[:32]}"'
        return _cached(request, etag, body, {"content-type": _TYPES[path.suffix]})

    def _document(self, request: Request) -> Response:
        found = self._shelf.get(request.path_params["name"])
        headers = {"content-type": "application/json", "vary": "accept-encoding"}
        packed = found.packed if "gzip" in request.headers.get("accept-encoding", "") else None
        if packed is None:
            return _cached(request, found.etag, found.body, headers)
        etag = f'{found.etag[:-1]}-gzip"'
        return _cached(request, etag, packed, headers | {"content-encoding": "gzip"})

    async def _live(self, request: Request) -> Response:
        self._library.study(key := request.path_params["key"])
        kind = "text/event-stream"
        if request.method == "HEAD":
            return Response(media_type=kind)
        return StreamingResponse(self._events(self._watches[key]), media_type=kind)

    async def _events(self, watch: Watch) -> AsyncIterator[bytes]:
        async for update in watch.updates():
            yield as_event(update, self._start)

    def _labels(self, request: Request) -> Response:
        opened = self._library.study(request.path_params["key"])
        stamp = labels_stamp(opened)
        known, view = self._heard.get(opened.key, (None, None))
        if view is None or known != stamp:
            view = encoded(labels_view(opened))
            self._heard[opened.key] = stamp, view
        return _cached(request, view.etag, view.body, {"content-type": "application/json"})

    async def _label(self, request: Request) -> Response:
        opened = self._library.study(request.path_params["key"])
        try:
            said = _parsed(await request.body())
            kept = await run_in_threadpool(give_label, opened, said, self._clock.now())
        except UsageError as error:
            return _error(400, error)
        return _json(kept)


def app(
    library: Library,
    *,
    token: str | None = None,
    exposed: bool = False,
    names: frozenset[str] = frozenset(),
    clock: Clock | None = None,
    pause: Pause = usual_pause,
    front: Path = FRONT,
) -> App:
    """The application. Without a ``token`` it makes one (``App.door.token``)."""
    door = Door(token or secrets.token_urlsafe(24), exposed, names)
    return App(
        library, door, clock=clock or SystemClock(), pause=pause, front=front, start=secrets.token_hex(4)
    )


def _nothing(_: Request) -> Response:
    raise UsageError("there is nothing at this address", fix="begin at /")


def _answered(inner: ASGIApp) -> ASGIApp:
    """The application without its habit to raise once more what it has answered: a reader was told."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(Exception):
            await inner(scope, receive, send)

    return answered


def _files(front: Path) -> Mapping[str, Path]:
    """The front end's files by their names, as they are at the start."""
    return {
        path.relative_to(front).as_posix(): path
        for path in front.rglob("*")
        if path.suffix in _TYPES and path.is_file()
    }


def _cached(request: Request, etag: str, body: bytes, headers: Mapping[str, str]) -> Response:
    """An answer that a browser may keep, and asks about each time."""
    headers = {**headers, "etag": etag, "cache-control": "private, no-cache"}
    known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
    if etag in known:
        del headers["content-type"]
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers)


def _json(found: Frozen) -> Response:
    return Response(line_json(found.model_dump(mode="json")), media_type="application/json")


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise UsageError("can't take this label", "what was sent is not JSON") from error


def _error(status: int, error: UlteriorError | Refusal) -> Response:
    return Response(told(error), status, media_type="application/json")


def _explained(_: Request, error: Exception) -> Response:
    """What went wrong, in words and never as a traceback."""
    match error:
        case UsageError():
            return _error(404, error)
        case StorageFailure():
            return _error(507, error)
        case UlteriorError():
            return _error(422, error)
        case OSError():
            what = "a stored file can't be read"
            return _error(
                503, UlteriorError(what, error.strerror or str(error), "look at the study's folder")
            )
        case _:
            if environ.get("ULTERIOR_DEBUG"):
                traceback.print_exception(error)
            what = f"this can't be shown: {type(error).__name__}, a bug of ours"
            fix = "start with `ulterior --debug view` and report what it prints; stored episodes are safe"
            return _error(500, UlteriorError(what, fix=fix))
