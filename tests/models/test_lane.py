"""The lane: when a sample waits, for how long, who else waits, and when it gives up."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import pytest
from talks import Naps

from ulterior.agent_runtime.models.failures import Failure, Problem, failure_of
from ulterior.agent_runtime.models.lane import Completed, Lane, LaneLimits
from ulterior.clock import ManualClock
from ulterior.errors import ModelRejected, ModelUnavailable

WEATHER = Failure("it rains")


@dataclass
class Track:
    """A lane on a clock that only naps move."""

    limits: LaneLimits = field(default_factory=LaneLimits)

    def __post_init__(self) -> None:
        self.clock = ManualClock(1000.0)
        self.naps = Naps(self.clock)
        self.lane = Lane(
            "some/model",
            self.limits,
            self.clock,
            self.naps,
            random.Random(0),
            lambda text: text.replace("rains", "***"),
        )

    def run(self, *outcomes: Failure | str, seconds: float = 0.0) -> Completed[str]:
        return asyncio.run(self.lane.run(self.attempts(outcomes, seconds)))

    def attempts(self, outcomes: Sequence[Failure | str], seconds: float) -> Callable[[], Awaitable[str]]:
        """Attempts with these outcomes, the last of them for ever; each takes some seconds."""
        left = list(outcomes)

        async def attempt() -> str:
            self.clock.advance(seconds)
            outcome = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(outcome, Failure):
                raise outcome
            return outcome

        return attempt


def test_a_first_success_needs_no_waiting() -> None:
    track = Track()
    assert track.run("yes", seconds=1.5) == Completed("yes", attempts=1, latency=1.5)
    assert track.naps.taken == []


def test_waits_grow_from_attempt_to_attempt_up_to_the_cap() -> None:
    track = Track(LaneLimits(backoff=1.0, backoff_cap=5.0))
    completed = track.run(*[WEATHER] * 6, "yes")
    assert completed.attempts == 7
    assert completed.latency == pytest.approx(sum(track.naps.taken))
    for nap, full in zip(track.naps.taken, [1, 2, 4, 5, 5, 5], strict=True):
        assert full / 2 <= nap <= full


def test_the_deadline_counts_all_attempts_and_waits_together() -> None:
    track = Track(LaneLimits(deadline=10.0, backoff=1.0))
    with pytest.raises(ModelUnavailable) as caught:
        track.run(WEATHER, seconds=3.0)
    assert caught.value.what.startswith("some/model gave no answer: 3 attempts in ")
    assert caught.value.why == "it ***"  # redacted
    assert 1009.0 < track.clock.now() < 1013.0  # the third attempt ended beyond it


def test_an_attempt_that_overruns_the_deadline_is_the_last() -> None:
    track = Track(LaneLimits(deadline=10.0))
    with pytest.raises(ModelUnavailable, match="1 attempt in 20 s"):
        track.run(WEATHER, seconds=20.0)


def test_what_trying_again_cannot_cure_ends_at_once() -> None:
    track = Track()
    with pytest.raises(ModelUnavailable, match=r"some/model rejects our requests\nwhy: 400: what\?"):
        track.run(Failure("400: what?", "give_up"))
    assert track.naps.taken == []


def test_a_provider_that_lets_nobody_in_is_the_users_to_mend_unless_it_did_before() -> None:
    track = Track()
    with pytest.raises(ModelRejected, match=r"some/model does not let us in\nwhy: 401: who are you\?"):
        track.run(Failure("401: who are you?", "keep_out"))
    track.run("yes")
    with pytest.raises(ModelUnavailable, match="rejects our requests"):
        track.run(Failure("403: not now", "keep_out"))
    assert track.naps.taken == []


def test_a_long_silence_is_explained_once_in_a_while(caplog: pytest.LogCaptureFixture) -> None:
    track = Track(LaneLimits(deadline=60.0, backoff=4.0, backoff_cap=4.0))
    with pytest.raises(ModelUnavailable):
        track.run(WEATHER)
    told = [record.getMessage() for record in caplog.records]
    assert 3 <= len(told) <= 5
    assert told[0].startswith("waiting for some/model, attempt ")
    assert told[0].endswith(" failed: it ***")  # redacted


def test_a_busy_provider_is_left_alone_by_everybody() -> None:
    track = Track()
    starts: dict[str, list[float]] = {"one": [], "other": []}

    async def attempt(name: str) -> str:
        starts[name].append(track.clock.now())
        await asyncio.sleep(0)
        if name == "one" and len(starts["one"]) == 1:
            raise Failure("429", busy=True, retry_after=60.0)
        return name

    async def both() -> None:
        first = asyncio.create_task(track.lane.run(lambda: attempt("one")))
        await asyncio.sleep(0.001)  # time for its first attempt
        await asyncio.gather(first, track.lane.run(lambda: attempt("other")))

    asyncio.run(both())
    assert starts["one"][0] == 1000.0
    assert starts["one"][1] >= 1060.0
    assert starts["other"][0] >= 1060.0


def test_other_failures_delay_nobody_else() -> None:
    track = Track()

    async def both() -> tuple[Completed[str], Completed[str]]:
        unlucky = track.lane.run(track.attempts([Failure("500", retry_after=None), "slow"], 0.0))
        return await asyncio.gather(unlucky, track.lane.run(track.attempts(["quick"], 0.0)))

    slow, quick = asyncio.run(both())
    assert (slow.attempts, quick.attempts) == (2, 1)
    assert quick.latency == 0.0


def test_no_more_samples_run_at_once_than_allowed_and_all_get_their_turn() -> None:
    track = Track(LaneLimits(concurrency=3))
    running, most = 0, 0

    async def attempt() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    async def many() -> list[Completed[None]]:
        return await asyncio.gather(*(track.lane.run(attempt) for _ in range(20)))

    assert len(asyncio.run(many())) == 20
    assert most == 3


def test_waiting_for_a_slot_counts_neither_as_latency_nor_towards_the_deadline() -> None:
    track = Track(LaneLimits(concurrency=1, deadline=10.0))

    async def attempt() -> str:
        await asyncio.sleep(0)
        track.clock.advance(8.0)
        return "yes"

    async def many() -> list[Completed[str]]:
        return await asyncio.gather(*(track.lane.run(attempt) for _ in range(5)))

    assert [completed.latency for completed in asyncio.run(many())] == [8.0] * 5


def test_an_attempt_that_never_ends_is_cut_off() -> None:
    track = Track(LaneLimits(attempt=0.02))
    calls = 0

    async def attempt() -> str:
        nonlocal calls
        calls += 1
        if calls == 1:
            await asyncio.sleep(60)
        return "yes"

    assert asyncio.run(track.lane.run(attempt)).attempts == 2


def test_a_timeout_that_is_a_bug_is_not_taken_for_a_slow_provider() -> None:
    async def attempt() -> str:
        raise TimeoutError("a bug")

    with pytest.raises(TimeoutError, match="a bug"):
        asyncio.run(Track().lane.run(attempt))


def test_a_slot_is_free_again_after_a_failure() -> None:
    track = Track(LaneLimits(concurrency=1))

    async def twice() -> str:
        with pytest.raises(ModelUnavailable):
            await track.lane.run(track.attempts([Failure("no", "give_up")], 0.0))
        return (await track.lane.run(track.attempts(["yes"], 0.0))).value

    assert asyncio.run(twice()) == "yes"


def remedy(status: int | None, body: object = None, **headers: str) -> tuple[str, bool, float | None]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    failure = failure_of(Problem(body, status, named), now=1_900_000_000.0)
    return failure.remedy, failure.busy, failure.retry_after


@pytest.mark.parametrize("status", [408, 409, 425, 500, 502, 503, 504, 599])
def test_these_statuses_are_tried_again(status: int) -> None:
    assert remedy(status) == ("retry", False, None)


@pytest.mark.parametrize("status", [429, 529])
def test_these_statuses_close_the_lane_to_everybody(status: int) -> None:
    assert remedy(status) == ("retry", True, None)


@pytest.mark.parametrize("status", [400, 405, 413, 422])
def test_these_statuses_are_final(status: int) -> None:
    assert remedy(status) == ("give_up", False, None)


@pytest.mark.parametrize("status", [401, 402, 403, 404])
def test_these_statuses_keep_everybody_out(status: int) -> None:
    assert remedy(status) == ("keep_out", False, None)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": "0.25"}, 0.25),
        ({"retry_after_ms": "1500", "retry_after": "7"}, 1.5),
        ({"retry_after": "Sun, 17 Mar 2030 17:47:40 GMT"}, 60.0),
        ({"retry_after": "Sun, 17 Mar 2000 17:47:40 GMT"}, 0.0),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "nan"}, None),
        ({"retry_after": "inf"}, None),
        ({"retry_after": "-3"}, 0.0),
    ],
)
def test_a_wish_to_be_left_alone_is_read_in_every_form(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert remedy(429, None, **headers) == ("retry", True, seconds)
    assert remedy(503, None, **headers) == ("retry", seconds is not None, seconds)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        # An error within a stream: the SDK says status 200, we know none.
        (200, {"type": "error", "error": {"type": "overloaded_error", "message": "x"}}, ("retry", True)),
        (None, {"type": "error", "error": {"type": "api_error", "message": "x"}}, ("retry", False)),
        (None, {"type": "error", "code": "rate_limit_exceeded", "message": "x"}, ("retry", True)),
        (None, {"error": {"message": "x", "type": "server_error", "code": None}}, ("retry", False)),
        (
            None,
            {"type": "error", "error": {"type": "invalid_request_error", "message": "x"}},
            ("give_up", False),
        ),
        # A quota that is used up is no rate limit, whatever its status.
        (
            429,
            {"message": "x", "type": "insufficient_quota", "code": "insufficient_quota"},
            ("keep_out", False),
        ),
        (400, {"error": {"message": "x", "code": 400}}, ("give_up", False)),
        (500, "<html>", ("retry", False)),
        (500, ["not", "an", "object"], ("retry", False)),
    ],
)
def test_what_the_body_says_comes_before_the_status(
    status: int | None, body: object, expected: tuple[str, bool]
) -> None:
    assert remedy(status, body)[:2] == expected


def test_a_server_that_says_not_to_try_again_is_obeyed() -> None:
    assert remedy(500, None, x_should_retry="false") == ("give_up", False, None)


@pytest.mark.parametrize(
    ("body", "stop", "detail"),
    [
        ({"code": "misalignment_policy_violation"}, "policy_block", "misalignment_policy_violation"),
        (
            {"code": "misalignment_policy_violation", "misalignment": {"error_type": "other"}},
            "policy_block",
            "misalignment_policy_violation: other",
        ),
        ({"error": {"code": "bio_policy", "message": "x"}}, "policy_block", "bio_policy"),
        (
            {"code": "invalid_prompt", "message": "violating our usage policy"},
            "policy_block",
            "usage_policy",
        ),
        ({"message": "Output blocked by content filtering policy"}, "policy_block", "content_filter"),
        ({"code": "context_length_exceeded"}, "context_window", "context_length_exceeded"),
        ({"message": "prompt is too long: 9 tokens > 8 maximum"}, "context_window", "prompt_too_long"),
        ({"message": "This model's maximum context length is 8"}, "context_window", "prompt_too_long"),
    ],
)
def test_blocks_by_policy_and_full_windows_are_outcomes(
    body: dict[str, object], stop: str, detail: str
) -> None:
    failure = failure_of(Problem(body, 400), now=0.0)
    assert (failure.remedy, failure.stop, failure.detail) == ("outcome", stop, detail)
