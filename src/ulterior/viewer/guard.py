"""Who may ask the viewer's server for what, and what a browser may do with the answers.

Covered: pages of other sites (their requests are refused whether they read or write, also through a name
that was made to point here, "DNS rebinding"; they can neither frame nor embed an answer); writes by
anything that does not know the token of this start; oversized bodies; markup or scripts that came out of a
trace (the policy lets a page run nothing but the viewer's own files); and, where the server is exposed to
a network, everybody without the token, for everything but the viewer's own program.

Not covered: people with an account on this machine, who can read what is served on its loopback address,
unless the server is exposed, which asks everybody for the token; programs that run as the same user;
whoever listens on the network between an exposed server and its reader (it speaks plain HTTP: prefer a
tunnel, `ssh -L`); a study's files, which are as safe as their folder; and what somebody does who was given
the token.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ulterior.errors import UlteriorError

__all__ = ["MOST_BYTES", "POLICY", "TOKEN", "Door", "Guard", "Refusal", "told"]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
TOKEN = "x-ulterior-token"
MOST_BYTES = 64 * 2**10
"""The longest body that a request may have."""

_ALWAYS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_OUR_SITES = ("same-origin", "none")  # "none": an address that somebody typed, or a bookmark


@dataclass(frozen=True)
class Door:
    """How to get in. ``exposed``: beyond this machine, so that reading takes the token, too. ``names`` are
    those by which the machine may be addressed beside its usual loopback ones, in lower case."""

    token: str = field(repr=False)
    exposed: bool = False
    names: frozenset[str] = frozenset()

    def opens(self, given: str | None) -> bool:
        """Whether this is the token. Takes as long for any other."""
        return given is not None and hmac.compare_digest(given.encode(), self.token.encode())


class Refusal(NamedTuple):
    """Why a request is not answered."""

    status: HTTPStatus
    what: str
    why: str = ""
    fix: str = ""


class Guard:
    """Lets through what may be asked, and puts the headers on every answer.

    ``public`` are the paths of the viewer's own program, ``written`` where a path begins that may be
    posted to.
    """

    def __init__(self, app: ASGIApp, door: Door, public: frozenset[str], written: str) -> None:
        self._app = app
        self._door = door
        self._public = public
        self._written = written

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        if scope["type"] != "http":
            return
        guarded = _with_headers(send)
        refusal = self.refusal(scope)
        if refusal is None and scope["method"] == "POST":
            body = await _body(receive)
            if body is None:
                refusal = Refusal(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"more than {MOST_BYTES} bytes were sent"
                )
            else:
                receive = _again(body, receive)
        if refusal is None:
            await self._app(scope, receive, guarded)
        else:
            await _refuse(refusal, guarded)

    def refusal(self, scope: Scope) -> Refusal | None:
        """Why a request is refused, None where it is not."""
        headers = _headers(scope)
        return (
            self._wrong_host(scope, headers)
            or self._foreign(scope, headers)
            or self._wrong_method(scope)
            or self._no_token(scope, headers)
            or (_not_json(headers) if scope["method"] == "POST" else None)
        )

    def _wrong_host(self, scope: Scope, headers: Mapping[str, str]) -> Refusal | None:
        dialled, port = scope.get("server") or ("", None)
        names = {*_LOOPBACK, *self._door.names}
        if self._door.exposed:
            names.add(f"[{dialled}]" if ":" in dialled else dialled)
        allowed = {f"{name}:{port}" for name in names}
        if port == 80:  # what browsers leave away
            allowed |= names
        if headers.get("host", "").lower() in allowed:
            return None
        return Refusal(
            HTTPStatus.MISDIRECTED_REQUEST,
            "this server is not called by that name",
            "a foreign name that points to this machine is a way to read what it serves",
            f"use http://127.0.0.1:{port}/; a tunnel has to end at the same port, {port}",
        )

    def _foreign(self, scope: Scope, headers: Mapping[str, str]) -> Refusal | None:
        site, origin = headers.get("sec-fetch-site", "none"), headers.get("origin")
        ours = origin is None or origin.lower() == f"http://{headers['host'].lower()}"
        followed = (  # a link in a mail: the page opens, and the other site learns nothing
            scope["path"] == "/"
            and scope["method"] in ("GET", "HEAD")
            and headers.get("sec-fetch-mode") == "navigate"
            and headers.get("sec-fetch-dest") == "document"
        )
        if ours and (site in _OUR_SITES or followed):
            return None
        return Refusal(
            HTTPStatus.FORBIDDEN,
            "only this server's own pages may ask it",
            "the request comes from another site",
            "open the address that `ulterior view` prints",
        )

    def _wrong_method(self, scope: Scope) -> Refusal | None:
        method = scope["method"]
        if method in ("GET", "HEAD") or (method == "POST" and scope["path"].startswith(self._written)):
            return None
        return Refusal(HTTPStatus.METHOD_NOT_ALLOWED, f"nothing here can be asked for by {method:.20}")

    def _no_token(self, scope: Scope, headers: Mapping[str, str]) -> Refusal | None:
        needed = scope["method"] == "POST" or (self._door.exposed and scope["path"] not in self._public)
        if not needed or self._door.opens(headers.get(TOKEN)):
            return None
        return Refusal(
            HTTPStatus.UNAUTHORIZED,
            "this needs the token of the running server",
            "the token is missing or is that of an earlier start",
            "open the address that `ulterior view` printed, with all that stands behind #",
        )


def told(error: UlteriorError | Refusal) -> bytes:
    """An error as the pages get it: ``error`` is all of it in lines."""
    parts = [error.what, error.why and f"why: {error.why}", error.fix and f"fix: {error.fix}"]
    text = "\n".join(part for part in parts if part)
    return json.dumps({"error": text, "what": error.what, "why": error.why, "fix": error.fix}).encode()


def _headers(scope: Scope) -> dict[str, str]:
    """By name; what is given twice is joined, so that it equals nothing that is allowed."""
    found: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _not_json(headers: Mapping[str, str]) -> Refusal | None:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return None
    return Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "what is sent here has to be JSON")


async def _body(receive: Receive) -> bytes | None:
    """All that is sent, None when that is too much."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """A body that was read already, and then what comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return waiting.pop() if waiting else await receive()

    return replayed


def _with_headers(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = [
                (name, value) for name, value in message["headers"] if name.decode().lower() not in _ALWAYS
            ]
            if not any(name.lower() == b"cache-control" for name, _ in given):
                given.append((b"cache-control", b"no-store"))
            ours = [(name.encode(), value.encode()) for name, value in _ALWAYS.items()]
            message = {**message, "headers": [*given, *ours]}
        await send(message)

    return guarded


async def _refuse(refusal: Refusal, send: Send) -> None:
    body = told(refusal)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if refusal.status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers.append((b"allow", b"GET, HEAD"))
    if refusal.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": refusal.status.value, "headers": headers})
    await send({"type": "http.response.body", "body": body})
