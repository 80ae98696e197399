"""What the adapters share in dealing with an SDK: one streamed request, and what can go wrong with it."""

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from types import ModuleType
from typing import Any

from ulterior.agent_runtime.models.failures import Failure, Problem, failure_of
from ulterior.agent_runtime.models.lane import LaneLimits
from ulterior.agent_runtime.models.sse import GarbledStream, read_events

__all__ = ["client_options", "events_of", "incomplete"]

_CONNECT_SECONDS = 10.0


def client_options(sdk: ModuleType, limits: LaneLimits) -> dict[str, Any]:
    """Options for an SDK's client: no retries of its own, as many connections as the lane has slots.

    Its timeout is the gap between two bytes; the lane's deadline is what bounds an attempt.
    """
    import httpx2  # deferred: it comes with the SDKs and is as slow to load

    pool = httpx2.Limits(max_connections=limits.concurrency * 2, max_keepalive_connections=limits.concurrency)
    return {
        "max_retries": 0,
        "timeout": httpx2.Timeout(limits.attempt, connect=min(_CONNECT_SECONDS, limits.attempt)),
        "http_client": sdk.DefaultAsyncHttpxClient(limits=pool),
    }


async def events_of(
    sdk: ModuleType, opening: AbstractAsyncContextManager[Any], now: Callable[[], float]
) -> list[dict[str, Any]]:
    """All events of one streamed reply. Raises :class:`Failure` for whatever the provider is to blame for.

    ``opening`` is what ``with_streaming_response.create(stream=True, extra_body=...)`` returns. Bodies go
    through ``extra_body`` because the SDKs walk everything else against its types, item by item and turn by
    turn again: that costs more than the request, and may change what must go back verbatim. The events
    are collected before anything is made of them, so that an error of ours can't leave a stream half read.
    """
    import httpx2

    try:
        async with opening as response:
            events = [event async for event in read_events(response.iter_bytes())]
    except sdk.APIStatusError as error:
        problem = Problem(error.body, error.status_code, error.response.headers, _title(error.status_code))
    except (sdk.APIConnectionError, httpx2.HTTPError) as error:
        # The SDKs wrap what fails before the answer; what fails within it comes as it is.
        problem = Problem(None, message=f"the connection failed: {_root(error)}")
    except GarbledStream as error:
        problem = Problem(None, message=f"the answer can't be read: {error}")
    else:
        reported = next((event for event in events if _is_error(event)), None)
        if reported is None:
            return events
        problem = Problem(reported, message=json.dumps(reported)[:200])
    raise failure_of(problem, now())


def incomplete(events: list[dict[str, Any]], awaited: str) -> Failure:
    """The failure of a stream that ended before the event that completes it."""
    return Failure(f"the answer broke off after {len(events)} events, before {awaited}")


def _is_error(event: dict[str, Any]) -> bool:
    """An error in the middle of a stream, in any provider's form."""
    return event.get("type") == "error" or bool(event.get("error"))


def _title(status: int) -> str:
    return "an error page without details" if status >= 500 else "no details"


def _root(error: BaseException) -> str:
    """The message of the first cause, which names the address or the reset; the SDK's says nothing."""
    while error.__cause__ is not None:
        error = error.__cause__
    return f"{type(error).__name__}: {error}"
