"""The application: three APIs, one playbook behind them, faults in between.

It lets the providers' real SDKs be tested, and whole studies run, over loopback without a key. It checks no
key, keeps no state but the count of attempts that faults need, and never says the canary.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ulterior.agent_runtime.models.json_values import mapping
from ulterior.agent_runtime.sim_judge import SimJudge, is_sim_judge
from ulterior.agent_runtime.wire.anthropic_api import AnthropicApi
from ulterior.agent_runtime.wire.api import WireApi
from ulterior.agent_runtime.wire.asked import Asked, Rejected
from ulterior.agent_runtime.wire.cells import Cell, Cells
from ulterior.agent_runtime.wire.chat_api import ChatApi, ChatDialect
from ulterior.agent_runtime.wire.faults import ALTERING, STATUS_FAULTS, Fault, Faults
from ulterior.agent_runtime.wire.responses_api import ResponsesApi
from ulterior.agent_runtime.wire.speech import Speech, speech_of
from ulterior.errors import UsageError
from ulterior.scenarios import Move

__all__ = ["Received", "wire_app"]

_JSON = "application/json"
_EVENTS = "text/event-stream"
_REQUEST_ID = {"request-id": "req_wire", "x-request-id": "req_wire"}


@dataclass(frozen=True)
class Received:
    """One request as it arrived, for those who watch. ``headers`` have lower-case names."""

    api: str
    headers: dict[str, str]
    body: dict[str, Any]


Watcher = Callable[[Received], None]


def wire_app(
    cells: Iterable[Cell],
    faults: Faults | None = None,
    *,
    dialect: ChatDialect = "reasoning_content",
    watch: Watcher | None = None,
) -> Starlette:
    """An ASGI application that plays the planted agents of these cells, and the simulated judges
    (``judge?...``). ``watch`` sees every request."""
    stage = _Stage(Cells(cells), faults or Faults(), watch)
    apis: tuple[WireApi, ...] = (AnthropicApi(), ResponsesApi(), ChatApi(dialect))
    return Starlette(routes=[Route(api.path, stage.endpoint(api), methods=["POST"]) for api in apis])


@dataclass(frozen=True)
class _Stage:
    cells: Cells
    faults: Faults
    watch: Watcher | None

    def endpoint(self, api: WireApi) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            try:
                return await self._answer(api, request)
            except Rejected as rejected:
                body = api.error(rejected.kind, rejected.message, rejected.code)
                return _json(body, rejected.status)

        return answer

    async def _answer(self, api: WireApi, request: Request) -> Response:
        body = await _body(request)
        if self.watch is not None:
            self.watch(Received(api.name, dict(request.headers), body))
        asked = api.parse(body)
        fault = None if asked.resumed else self.faults.meet(asked.head, asked.turn)
        if fault is not None and fault.kind not in ALTERING:
            return await self._disturbed(api, request, asked, fault)
        return self._spoken(api, asked, fault)

    def _spoken(self, api: WireApi, asked: Asked, fault: Fault | None) -> Response:
        speech = self._speech(asked, fault)
        if not asked.stream:
            return _json(api.reply(asked, speech))
        return _stream(api, api.events(asked, speech))

    def _speech(self, asked: Asked, fault: Fault | None) -> Speech:
        move = _judgement(asked) or self.cells.move(asked)
        return speech_of(move, fault.kind if fault else None)

    async def _disturbed(self, api: WireApi, request: Request, asked: Asked, fault: Fault) -> Response:
        if fault.kind in STATUS_FAULTS:
            return _status(api, request, fault)
        if fault.kind == "html":
            return Response("<html><body>502 Bad Gateway</body></html>", 502, media_type="text/html")
        if fault.kind == "drop":
            return _Dropped(media_type=_EVENTS if asked.stream else _JSON)
        if fault.kind == "hang":
            await _hang(request, fault.seconds)
            return self._spoken(api, asked, None)
        if not asked.stream:
            return _json(api.error("overloaded_error", "Overloaded", None), 529)
        events = api.events(asked, self._speech(asked, None))
        return _stream(api, [*events[: len(events) // 2], api.stream_error("overloaded_error", "Overloaded")])


def _judgement(asked: Asked) -> Move | None:
    """The answer of the simulated judge that the request names, if it names one."""
    name = f"sim/{asked.model.removeprefix('sim/')}"
    if not is_sim_judge(name):
        return None
    try:
        judge = SimJudge.parse(name)
    except UsageError as error:
        raise Rejected(404, "not_found_error", str(error)) from error
    return Move(say=judge.answer(asked.system, asked.opening, asked.schema or {}))


class _Dropped(Response):
    """A response whose connection ends before its body does."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", str(self.media_type).encode()), (b"content-length", b"9999")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'data: {"type": "', "more_body": True})


async def _hang(request: Request, seconds: float) -> None:
    """Wait, but no longer than there is somebody at the other end."""
    try:
        async with asyncio.timeout(seconds):
            while not await request.is_disconnected():  # noqa: ASYNC110  (there is no event to wait for)
                await asyncio.sleep(0.01)
    except TimeoutError:
        return


async def _body(request: Request) -> dict[str, Any]:
    try:
        return mapping(json.loads(await request.body()))
    except ValueError as error:
        raise Rejected(400, "invalid_request_error", f"the body is not JSON: {error}") from error


def _status(api: WireApi, request: Request, fault: Fault) -> Response:
    told = STATUS_FAULTS[fault.kind]
    key = request.headers.get("authorization", "").removeprefix("Bearer ")
    body = api.error(told.kind, told.message.format(key=key), told.code)
    wait = {"retry-after": str(fault.seconds)} if fault.kind == "rate_limit" else {}
    return _json(body, told.status, wait)


def _json(body: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    # In ASCII: playbooks may hold lone surrogates, which have no UTF-8.
    return Response(json.dumps(body), status, {**_REQUEST_ID, **(headers or {})}, _JSON)


def _stream(api: WireApi, events: list[dict[str, Any]]) -> Response:
    lines = [_event(api, event) for event in events]
    if not api.names_events:
        lines.append("data: [DONE]\n\n")
    return Response("".join(lines), 200, _REQUEST_ID, _EVENTS)


def _event(api: WireApi, event: dict[str, Any]) -> str:
    name = f"event: {event['type']}\n" if api.names_events else ""
    return f"{name}data: {json.dumps(event)}\n\n"
