"""What can go wrong on the way, on purpose and reproducibly.

Two sources. A script names the turns to disturb. A rate disturbs any attempt with that probability, drawn
from a hash of seed, conversation, turn and attempt, and never more than a few times in a row, so that every
request succeeds in the end. The rate draws only among faults after which trying again gives the very same
reply; faults that change what the agent says are for scripts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from ulterior.traces import canonical_json, digest

__all__ = ["ALTERING", "PASSING", "STATUS_FAULTS", "Fault", "FaultKind", "Faults", "StatusFault"]

FaultKind = Literal[
    "rate_limit",  # 429 with a retry-after
    "overloaded",  # 529
    "server_error",  # 500
    "html",  # a 502 page of some proxy
    "drop",  # the connection ends within the body
    "midstream",  # an error event within the stream
    "hang",  # nothing, for a while
    "unauthorized",  # 401 that quotes the key
    "bad_request",  # 400
    "policy",  # 400: blocked by the provider
    "refusal",  # the provider refuses in the model's place
    "truncated",  # cut off at the token limit
    "malformed",  # a call whose arguments are not JSON
    "pause",  # the model pauses and wants to be asked again
]

PASSING: tuple[FaultKind, ...] = ("rate_limit", "overloaded", "server_error", "html", "drop", "midstream")
"""Faults that a rate draws among."""

ALTERING: frozenset[FaultKind] = frozenset({"refusal", "truncated", "malformed", "pause"})
"""Faults that are replies, and not the ones that the agent would have given."""

_MOST_IN_A_ROW = 3


@dataclass(frozen=True)
class StatusFault:
    """An error response. ``code`` is OpenAI's."""

    status: int
    kind: str
    message: str
    code: str | None = None


STATUS_FAULTS: Mapping[FaultKind, StatusFault] = {
    "rate_limit": StatusFault(429, "rate_limit_error", "too many requests", "rate_limit_exceeded"),
    "overloaded": StatusFault(529, "overloaded_error", "Overloaded"),
    "server_error": StatusFault(500, "api_error", "internal server error", "server_error"),
    "unauthorized": StatusFault(401, "authentication_error", "incorrect API key: {key}", "invalid_api_key"),
    "bad_request": StatusFault(400, "invalid_request_error", "max_tokens: too large"),
    "policy": StatusFault(
        400,
        "invalid_request_error",
        "Output blocked by content filtering policy",
        "misalignment_policy_violation",
    ),
}


@dataclass(frozen=True)
class Fault:
    """One disturbance: the first ``times`` attempts at model turn ``turn`` of each conversation.

    ``seconds`` is how long ``hang`` hangs, and what ``rate_limit`` asks for.
    """

    kind: FaultKind
    turn: int
    times: int = 1
    seconds: float = 0.01


class Faults:
    """Says which fault meets an attempt. Attempts are counted for each request body."""

    def __init__(self, script: Iterable[Fault] = (), *, rate: float = 0.0, seed: int = 0) -> None:
        self._script = tuple(script)
        self._rate = rate
        self._seed = seed
        self._attempts: Counter[str] = Counter()

    def meet(self, conversation: str, turn: int) -> Fault | None:
        """The fault of the next attempt at this turn of this conversation, if any."""
        attempt = self._attempts[conversation]
        self._attempts[conversation] += 1
        first = 0
        for fault in (fault for fault in self._script if fault.turn == turn):
            if first <= attempt < first + fault.times:
                return fault
            first += fault.times
        return self._drawn(conversation, turn, attempt - first)

    def _drawn(self, conversation: str, turn: int, attempt: int) -> Fault | None:
        if attempt >= _MOST_IN_A_ROW:
            return None
        drawn = int(digest(canonical_json([self._seed, conversation, turn, attempt]))[:13], 16)
        if drawn / 16**13 >= self._rate:
            return None
        return Fault(PASSING[drawn % len(PASSING)], turn)
