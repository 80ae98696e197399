"""What a failed request means: try again, give up, or an outcome of the episode. Rules as tables, no I/O.

``keep_out`` is giving up for everybody: the provider does not let us in.

A provider that blocks a request by policy, and a conversation that outgrew the model's context, are
things that happened in the episode; a request that is wrong will be wrong again; the rest is weather.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from ulterior.agent_runtime.models.json_values import mapping, text
from ulterior.traces import Stop

__all__ = ["Failure", "Problem", "failure_of"]

Remedy = Literal["retry", "give_up", "keep_out", "outcome"]
_LONGEST_MESSAGE = 500

# Every status of 500 or more is tried again as well; every other one is not.
_PASSING_STATUS = frozenset({408, 409, 425, 429})
_BUSY_STATUS = frozenset({429, 529})

# Types and codes decide before the status: errors in the middle of a stream arrive with status 200.
_BUSY_CODES = frozenset({"overloaded_error", "rate_limit_error", "rate_limit_exceeded", "too_many_requests"})
_FINAL_CODES = frozenset({"invalid_request_error"})
# These concern whoever asks, not what is asked: every other request would be told the same.
_KEEP_OUT_STATUS = frozenset({401, 402, 403, 404})
_KEEP_OUT_CODES = frozenset(
    {
        "authentication_error",
        "billing_error",
        "billing_hard_limit_reached",
        "insufficient_quota",  # a 429 that no waiting cures
        "invalid_api_key",
        "model_not_found",
        "not_found_error",
        "permission_error",
    }
)
_OUTCOME_CODES: Mapping[str, Stop] = {
    "bio_policy": "policy_block",
    "content_filter": "policy_block",
    "content_policy_violation": "policy_block",
    "cyber_policy": "policy_block",
    "misalignment_policy_violation": "policy_block",
    "context_length_exceeded": "context_window",
}
# Where no code says it, only the words do. They count for rejections (400) alone.
_OUTCOME_WORDS: tuple[tuple[re.Pattern[str], Stop, str], ...] = (
    (re.compile(r"blocked by content filtering policy", re.I), "policy_block", "content_filter"),
    (re.compile(r"violating our usage policy", re.I), "policy_block", "usage_policy"),
    (re.compile(r"prompt is too long", re.I), "context_window", "prompt_too_long"),
    (re.compile(r"maximum context length", re.I), "context_window", "prompt_too_long"),
)


class Failure(Exception):
    """One attempt that brought no reply. ``busy`` asks all who use the provider to hold back.

    ``retry_after`` is in seconds. ``stop`` and ``detail`` say which outcome it is, if it is one.
    """

    def __init__(
        self,
        message: str,
        remedy: Remedy = "retry",
        *,
        busy: bool = False,
        retry_after: float | None = None,
        stop: Stop | None = None,
        detail: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy: Remedy = remedy
        self.busy = busy
        self.retry_after = retry_after
        self.stop: Stop | None = stop
        self.detail = detail


@dataclass(frozen=True)
class Problem:
    """An error as a provider reported it. ``status`` is None for one that came inside a stream."""

    body: Any
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    message: str = ""


def failure_of(problem: Problem, now: float) -> Failure:
    """What to make of a reported problem. ``now`` is in epoch seconds, for a retry-after that is a date."""
    error = _error_object(problem.body)
    message = _message(problem, error)
    codes = _codes(error)
    for code in codes:
        if code in _OUTCOME_CODES:
            return Failure(message, "outcome", stop=_OUTCOME_CODES[code], detail=_detail(code, error))
    if problem.status in (None, 200, 400):
        for words, stop, detail in _OUTCOME_WORDS:
            if words.search(message):
                return Failure(message, "outcome", stop=stop, detail=detail)
    if problem.status in _KEEP_OUT_STATUS or not _KEEP_OUT_CODES.isdisjoint(codes):
        return Failure(message, "keep_out")
    if _is_final(problem, codes):
        return Failure(message, "give_up")
    retry_after = _retry_after(problem.headers, now)
    busy = problem.status in _BUSY_STATUS or not _BUSY_CODES.isdisjoint(codes) or retry_after is not None
    return Failure(message, "retry", busy=busy, retry_after=retry_after)


def _is_final(problem: Problem, codes: tuple[str, ...]) -> bool:
    if problem.headers.get("x-should-retry") == "false" or not _FINAL_CODES.isdisjoint(codes):
        return True
    if problem.status is None or problem.status == 200:
        return False
    return problem.status < 500 and problem.status not in _PASSING_STATUS


def _error_object(body: Any) -> Mapping[str, Any]:
    """The object that describes the error: providers wrap it once, SDKs and some servers do not."""
    outer = mapping(body)
    return mapping(outer.get("error")) or outer


def _codes(error: Mapping[str, Any]) -> tuple[str, ...]:
    named = (mapping(error.get("details")).get("error_code"), error.get("code"), error.get("type"))
    return tuple(code for code in named if isinstance(code, str))


def _detail(code: str, error: Mapping[str, Any]) -> str:
    """The code, and for a misalignment block the provider's own classification."""
    classified = text(mapping(error.get("misalignment")).get("error_type"))
    return f"{code}: {classified}" if classified else code


def _message(problem: Problem, error: Mapping[str, Any]) -> str:
    said = text(error.get("message")) or text(error.get("detail"))  # `detail` is what FastAPI servers say
    line = " ".join((said or problem.message or "no message").split())[:_LONGEST_MESSAGE]
    return line if problem.status in (None, 200) else f"{problem.status}: {line}"


def _retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait as the provider asks: milliseconds, seconds, or an HTTP date."""
    try:
        if "retry-after-ms" in headers:
            seconds = float(headers["retry-after-ms"]) / 1000
        elif "retry-after" in headers:
            seconds = _seconds_or_date(headers["retry-after"], now)
        else:
            return None
    except (ValueError, TypeError):
        return None
    return max(0.0, seconds) if seconds == seconds and seconds != float("inf") else None


def _seconds_or_date(value: str, now: float) -> float:
    try:
        return float(value)
    except ValueError:
        return parsedate_to_datetime(value).timestamp() - now
