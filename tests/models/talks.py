"""Conversations without a world: a model is asked, its calls get canned results, all of it becomes events."""

import asyncio
import atexit
import json
import random
from collections.abc import Awaitable, Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from lockers import SCENARIO
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ulterior.agent_runtime.models.catalogue import open_model
from ulterior.agent_runtime.models.lane import LaneLimits
from ulterior.agent_runtime.models.protocol import Model, ModelReply, ModelRequest, Session
from ulterior.agent_runtime.wire.app import Received, wire_app
from ulterior.agent_runtime.wire.cells import Cell, cells_of
from ulterior.agent_runtime.wire.chat_api import ChatDialect
from ulterior.agent_runtime.wire.faults import Fault, Faults
from ulterior.agent_runtime.wire.serve import environment, serve
from ulterior.clock import ManualClock
from ulterior.scenarios import AnyInstance
from ulterior.traces import GENESIS, Body, EpisodeSpec, Event, Message, ModelTurn, Result

SEED = 3
KEY = "key-0123456789-secret"
PLAIN = tuple(sorted(SCENARIO.condition({}).items()))
CELL = Cell(SCENARIO, SEED, PLAIN)
INSTANCE = SCENARIO.instance(SEED, {})
PROVIDERS = ("anthropic", "openai", "openai-compatible")


def spec_of(model: str, seed: int = SEED) -> EpisodeSpec:
    return EpisodeSpec(
        scenario="lockers",
        scenario_version="1",
        scenario_hash="0" * 64,
        condition=dict(PLAIN),
        seed=seed,
        model=model,
    )


@dataclass
class Talk:
    """One conversation, as the log would hold it. ``shown`` is what every call returns."""

    instance: AnyInstance = INSTANCE
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    events: list[Event] = field(default_factory=list[Event])
    shown: str = "ran {tool}"

    def __post_init__(self) -> None:
        if not self.events:
            self.add(Message(role="system", author="operator", origin="briefing", text=self.instance.system))
            self.say(self.instance.briefing)

    def add(self, body: Body) -> None:
        self.events.append(Event(seq=len(self.events), at=0.0, prev=GENESIS, body=body))

    def say(self, text: str) -> None:
        self.add(Message(role="user", author="ivo", origin="briefing", text=text))

    @property
    def request(self) -> ModelRequest:
        return ModelRequest(tuple(self.events), self.instance.tools, self.settings)

    @property
    def turns(self) -> list[ModelTurn]:
        return [event.body for event in self.events if isinstance(event.body, ModelTurn)]

    def keep(self, reply: ModelReply) -> ModelTurn:
        """Log a reply and results for its calls."""
        turn = ModelTurn(
            turn=len(self.turns) + 1,
            purpose="work",
            blocks=reply.blocks,
            stop=reply.stop,
            stop_detail=reply.stop_detail,
            reasoning=reply.reasoning,
            usage=reply.usage,
            cost=None,
            latency=reply.latency,
            attempts=reply.attempts,
            api=reply.api,
            wire=reply.wire,
        )
        self.add(turn)
        for call in turn.calls:
            if call.arguments is None:
                self.add(Result(call=call.id, tool=call.name, status="malformed", error="not a JSON object"))
            else:
                self.add(
                    Result(
                        call=call.id,
                        tool=call.name,
                        status="executed",
                        value=self.shown.format(tool=call.name),
                    )
                )
        return turn

    async def take(self, session: Session) -> ModelTurn:
        """Ask for one turn and log it."""
        return self.keep(await session.sample(self.request))

    async def to_the_end(self, session: Session, ask: str | None = None) -> list[ModelTurn]:
        """Take turns until the model hands over; then put a question, if any, and take its answer."""
        while (await self.take(session)).calls:
            pass
        if ask is not None:
            self.say(ask)
            await self.take(session)
        return self.turns


@dataclass
class Stage:
    """A served scenario, with everything that it received."""

    url: str
    received: list[Received]

    @property
    def environ(self) -> dict[str, str]:
        keys = ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "OPENAI_COMPATIBLE_API_KEY")
        return environment(self.url) | dict.fromkeys(keys, KEY)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [received.body for received in self.received]


@contextmanager
def staged(
    *script: Fault,
    rate: float = 0.0,
    dialect: ChatDialect = "reasoning_content",
    cells: list[Cell] | None = None,
) -> Generator[Stage]:
    """Serve the lockers over loopback while the block runs."""
    received: list[Received] = []
    app = wire_app(cells or [CELL], Faults(script, rate=rate), dialect=dialect, watch=received.append)
    with _served(app) as url:
        yield Stage(url, received)


class _Switch:
    """One server for all tests, because stopping one takes a fifth of a second: only its app changes."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None, "a request outside of every test"
        await self.app(scope, receive, send)


_SWITCH = _Switch()


@cache
def _server() -> str:
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(serve(_SWITCH))


@contextmanager
def _served(app: ASGIApp) -> Generator[str]:
    url = _server()
    _SWITCH.app = app
    try:
        yield url
    finally:
        _SWITCH.app = None


def stream(*events: dict[str, Any], done: bool = False) -> Response:
    """A canned stream; ``done`` adds the mark that ends a Chat Completions stream."""
    lines = [f"event: {event.get('type', 'x')}\ndata: {json.dumps(event)}\n\n" for event in events]
    return Response("".join(lines) + ("data: [DONE]\n\n" if done else ""), media_type="text/event-stream")


def failing(status: int, body: dict[str, Any], **headers: str) -> Response:
    return Response(json.dumps(body), status, headers, "application/json")


@contextmanager
def canned(*responses: Response) -> Generator[Stage]:
    """A server that gives these responses in order, whatever it is asked; the last one again and again."""
    received: list[Received] = []

    async def answer(request: Request) -> Response:
        received.append(Received("any", dict(request.headers), await request.json()))
        return responses[min(len(received), len(responses)) - 1]

    with _served(Starlette(routes=[Route("/{path:path}", answer, methods=["POST"])])) as url:
        yield Stage(url, received)


class Naps:
    """A sleep that only moves a manual clock, and remembers."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        self._clock.advance(seconds)
        await asyncio.sleep(0)


def play(
    model: str,
    environ: dict[str, str],
    scene: Callable[[Model], Awaitable[Any]],
    *,
    settings: dict[str, Any] | None = None,
    limits: LaneLimits | None = None,
    naps: Naps | None = None,
    clock: ManualClock | None = None,
) -> Any:
    """Run ``scene`` with a model on a clock that only naps move, and close the model."""
    clock = clock or ManualClock(1_900_000_000.0)
    naps = naps or Naps(clock)

    async def run() -> Any:
        opened = open_model(
            model,
            settings or {},
            environ,
            clock,
            limits,
            sleep=naps,
            dice=random.Random(0),
            find=lambda _: SCENARIO,
        )
        try:
            return await scene(opened)
        finally:
            await opened.close()

    return asyncio.run(run())


def all_cells() -> list[Cell]:
    """All conditions of the lockers on one seed."""
    return cells_of([SCENARIO], [SEED])
