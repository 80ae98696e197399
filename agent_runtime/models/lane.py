"""One lane to one model of one provider: how many at once, when to try again, when to give up.

Theory of operation. All episodes that use a model share its lane. A sample takes a slot, and from then on
it has one deadline over all its attempts. A provider that says it is busy (429, 529, any ``retry-after``)
closes the lane for everybody until the time it named: the others would only be told the same. Any other
passing failure delays its own sample alone, by exponential backoff with jitter. A wait that would end
beyond the deadline is not begun.

The SDKs' own retries are off, because they know neither deadlines nor each other. The time in the queue
for a slot is ours and not the provider's: it counts neither as latency nor towards the deadline.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from ulterior.agent_runtime.models.failures import Failure
from ulterior.clock import Clock
from ulterior.errors import ModelRejected, ModelUnavailable, UlteriorError

__all__ = ["Completed", "Lane", "LaneLimits", "Sleep"]

_LOG = logging.getLogger(__name__)
_SILENCE = 10.0  # seconds without an answer after which a failed attempt is told

T = TypeVar("T")
Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class LaneLimits:
    """``concurrency`` samples at once; all others are seconds: ``deadline`` for a sample with all its
    attempts, ``attempt`` for each of them, ``backoff`` before the second and at most ``backoff_cap``.
    """

    concurrency: int = 32
    deadline: float = 600.0
    attempt: float = 300.0
    backoff: float = 0.5
    backoff_cap: float = 30.0


@dataclass(frozen=True)
class Completed(Generic[T]):
    """What an attempt brought at last. ``latency`` is in seconds and covers all ``attempts``."""

    value: T
    attempts: int
    latency: float


@dataclass
class _Progress:
    """Where one sample stands: times are monotonic seconds."""

    began: float
    deadline: float
    attempts: int = 0
    not_before: float = 0.0
    last: Failure | None = None


class Lane:
    """The limiter and the retry policy of one model.

    ``redact`` is applied to every text of a provider before it enters an exception.
    """

    def __init__(
        self,
        name: str,
        limits: LaneLimits,
        clock: Clock,
        sleep: Sleep,
        dice: random.Random,
        redact: Callable[[str], str],
    ) -> None:
        self._name = name
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._dice = dice
        self._redact = redact
        self._slots = asyncio.Semaphore(limits.concurrency)
        self._opens_at = 0.0
        self._let_in = False
        self._last_news = clock.monotonic()

    async def run(self, attempt: Callable[[], Awaitable[T]]) -> Completed[T]:
        """Call ``attempt`` until it returns. It raises :class:`Failure` to say that it brought nothing.

        Raises :class:`ModelUnavailable` at the deadline, or at once when trying again can't help, and
        :class:`ModelRejected` when the provider lets nobody in and never has.
        """
        async with self._slots:
            began = self._clock.monotonic()
            progress = _Progress(began, deadline=began + self._limits.deadline)
            while True:
                await self._wait(progress)
                progress.attempts += 1
                outcome = await self._once(attempt, progress)
                if not isinstance(outcome, Failure):
                    self._let_in, self._last_news = True, self._clock.monotonic()
                    return Completed(outcome, progress.attempts, self._clock.monotonic() - began)
                if outcome.remedy != "retry":
                    raise self._rejected(outcome)
                self._hold_back(outcome, progress)

    async def _once(self, attempt: Callable[[], Awaitable[T]], progress: _Progress) -> T | Failure:
        remaining = progress.deadline - self._clock.monotonic()
        allowed = min(self._limits.attempt, remaining)
        timer = asyncio.timeout(allowed)
        try:
            async with timer:
                return await attempt()
        except Failure as failure:
            return failure
        except TimeoutError:
            if not timer.expired():
                raise  # not ours: a bug must not pass for a slow provider
            return Failure(f"no complete answer within {allowed:.3g} s")

    def _hold_back(self, failure: Failure, progress: _Progress) -> None:
        """Note when this sample, or everybody, may try again."""
        self._tell(failure, progress)
        pause = failure.retry_after if failure.retry_after is not None else self._backoff(progress.attempts)
        until = self._clock.monotonic() + pause
        progress.last = failure
        progress.not_before = until
        if failure.busy:
            self._opens_at = max(self._opens_at, until)

    def _tell(self, failure: Failure, progress: _Progress) -> None:
        """Say why nothing happens, but only where nothing has happened for a while."""
        now = self._clock.monotonic()
        if now - self._last_news >= _SILENCE:
            self._last_news = now
            why = self._redact(failure.message)
            _LOG.warning("waiting for %s, attempt %d failed: %s", self._name, progress.attempts, why)

    def _backoff(self, attempts: int) -> float:
        full = min(self._limits.backoff_cap, self._limits.backoff * 2.0 ** min(attempts - 1, 30))
        return full * (0.5 + 0.5 * self._dice.random())

    async def _wait(self, progress: _Progress) -> None:
        """Sleep until the lane is open to this sample; others may close it again meanwhile."""
        while (until := max(progress.not_before, self._opens_at)) > self._clock.monotonic():
            if until >= progress.deadline:
                raise self._exhausted(progress, until)
            await self._sleep(until - self._clock.monotonic())
        if progress.attempts and self._clock.monotonic() >= progress.deadline:
            raise self._exhausted(progress, until)

    def _exhausted(self, progress: _Progress, until: float) -> ModelUnavailable:
        spent = self._clock.monotonic() - progress.began
        last = progress.last.message if progress.last else "the provider asked everybody to wait"
        tried = f"{progress.attempts} attempt{'' if progress.attempts == 1 else 's'} in {spent:.0f} s"
        return ModelUnavailable(
            f"{self._name} gave no answer: {tried}, and the next would have been "
            f"{until - progress.began:.0f} s after the first, beyond the deadline of "
            f"{self._limits.deadline:.0f} s",
            self._redact(last),
            "run the study again later, or with a lower --concurrency: it goes on where it stopped",
        )

    def _rejected(self, failure: Failure) -> UlteriorError:
        why = self._redact(failure.message)
        if failure.remedy == "keep_out" and not self._let_in:
            fix = "check the key, what it may use, and the model's name"
            return ModelRejected(f"{self._name} does not let us in", why, fix)
        fix = "check the model's name, its settings and the key; trying again would not help"
        return ModelUnavailable(f"{self._name} rejects our requests", why, fix)
