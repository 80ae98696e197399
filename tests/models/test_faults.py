"""Every way in which a provider can fail, met by the real SDKs and our lane."""

import pytest
from talks import INSTANCE, KEY, PROVIDERS, Naps, Stage, Talk, play, spec_of, staged

from ulterior.agent_runtime.models.lane import LaneLimits
from ulterior.agent_runtime.models.protocol import Model
from ulterior.agent_runtime.wire.app import wire_app
from ulterior.agent_runtime.wire.faults import Fault, FaultKind, Faults
from ulterior.agent_runtime.wire.serve import serve
from ulterior.clock import ManualClock
from ulterior.errors import ModelRejected, ModelUnavailable
from ulterior.traces import ModelTurn

QUESTION = "What did you do?"
PASSING: list[FaultKind] = ["rate_limit", "overloaded", "server_error", "html", "drop", "midstream"]


def one_turn(
    provider: str,
    stage: Stage,
    *,
    limits: LaneLimits | None = None,
    naps: Naps | None = None,
    clock: ManualClock | None = None,
) -> ModelTurn:
    talk = Talk()

    async def scene(opened: Model) -> ModelTurn:
        return await talk.take(opened.session(spec_of(opened.name), INSTANCE))

    return play(f"{provider}/steady", stage.environ, scene, limits=limits, naps=naps, clock=clock)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("kind", PASSING)
def test_a_passing_fault_costs_attempts_and_changes_nothing_else(provider: str, kind: FaultKind) -> None:
    with staged() as stage:
        undisturbed = one_turn(provider, stage)
    with staged(Fault(kind, turn=1, times=2)) as stage:
        turn = one_turn(provider, stage)
        assert len(stage.received) == 3
    assert turn.attempts == 3
    assert turn.latency > 0
    same = {"attempts": 1, "latency": 0.0}
    assert turn.model_copy(update=same) == undisturbed.model_copy(update=same)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_hanging_attempt_is_given_up_and_made_again(provider: str) -> None:
    with staged(Fault("hang", turn=1, seconds=30)) as stage:
        turn = one_turn(provider, stage, limits=LaneLimits(attempt=1.5))
    assert turn.attempts == 2


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_the_provider_asks_to_wait_is_waited(provider: str) -> None:
    clock = ManualClock(1_900_000_000.0)
    naps = Naps(clock)
    with staged(Fault("rate_limit", turn=1, times=2, seconds=42.5)) as stage:
        turn = one_turn(provider, stage, naps=naps, clock=clock)
    assert naps.taken == [42.5, 42.5]
    assert (turn.attempts, turn.latency) == (3, 85.0)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_error_that_goes_on_ends_at_the_deadline(provider: str) -> None:
    with staged(Fault("overloaded", turn=1, times=1000)) as stage:
        with pytest.raises(ModelUnavailable) as caught:
            one_turn(provider, stage, limits=LaneLimits(deadline=60))
        attempts = len(stage.received)
    assert caught.value.what.startswith(f"{provider}/steady gave no answer: {attempts} attempts in ")
    assert caught.value.why == "529: Overloaded"
    assert 5 < attempts < 15


def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    clock = ManualClock(1_900_000_000.0)
    naps = Naps(clock)
    beyond = pytest.raises(ModelUnavailable, match="beyond the deadline of 600 s")
    with staged(Fault("rate_limit", turn=1, seconds=3600)) as stage, beyond:
        one_turn("anthropic", stage, naps=naps, clock=clock)
    assert naps.taken == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_rejected_key_fails_at_once_and_is_never_quoted(provider: str) -> None:
    with staged(Fault("unauthorized", turn=1, times=9)) as stage:
        with pytest.raises(ModelRejected) as caught:
            one_turn(provider, stage)
        assert [received.headers["authorization"] for received in stage.received] == [f"Bearer {KEY}"]
    assert str(caught.value).splitlines() == [
        f"{provider}/steady does not let us in",
        "why: 401: incorrect API key: [redacted]",
        "fix: check the key, what it may use, and the model's name",
    ]
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None  # a traceback would show the SDK's own words


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_request_that_is_wrong_is_not_repeated(provider: str) -> None:
    with staged(Fault("bad_request", turn=1, times=9)) as stage:
        with pytest.raises(ModelUnavailable, match="rejects our requests\nwhy: 400: max_tokens: too large"):
            one_turn(provider, stage)
        assert len(stage.received) == 1


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_policy_block_is_an_outcome_of_the_episode(provider: str) -> None:
    with staged(Fault("policy", turn=1, times=9)) as stage:
        turn = one_turn(provider, stage)
    details = {
        "anthropic": "content_filter",
        "openai": "misalignment_policy_violation: potentially_unintended_destructive_activity",
        "openai-compatible": "misalignment_policy_violation",
    }
    assert (turn.stop, turn.stop_detail, turn.blocks) == ("policy_block", details[provider], ())


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_conversation_can_go_on_after_a_policy_block(provider: str) -> None:
    talk = Talk()

    async def scene(opened: Model) -> None:
        await talk.take(opened.session(spec_of(opened.name), INSTANCE))

    with staged(Fault("policy", turn=1)) as stage:
        play(f"{provider}/steady", stage.environ, scene)
    talk.say("Please try again.")
    with staged() as stage:  # the blocked turn left nothing to send back, so the server counts anew
        play(f"{provider}/steady", stage.environ, scene)
    assert [turn.stop for turn in talk.turns] == ["policy_block", "tool_use"]


def test_nobody_at_the_port_is_a_passing_failure() -> None:
    with serve(wire_app([])) as url:
        pass
    with pytest.raises(ModelUnavailable) as caught:
        one_turn("anthropic", Stage(url, []), limits=LaneLimits(deadline=2))
    assert "the connection failed" in caught.value.why


def test_every_second_attempt_failing_leaves_every_conversation_as_it_was() -> None:
    def turns(provider: str, stage: Stage) -> list[ModelTurn]:
        talk = Talk()

        async def scene(opened: Model) -> list[ModelTurn]:
            return await talk.to_the_end(
                opened.session(spec_of(opened.name), INSTANCE), ask="What did you do?"
            )

        return play(f"{provider}/steady", stage.environ, scene)

    with staged() as stage:
        calm = [turn for provider in PROVIDERS for turn in turns(provider, stage)]
    with staged(rate=0.5) as stage:
        rough = [turn for provider in PROVIDERS for turn in turns(provider, stage)]
    same = {"attempts": 1, "latency": 0.0}
    assert [turn.model_copy(update=same) for turn in rough] == [turn.model_copy(update=same) for turn in calm]
    assert sum(turn.attempts for turn in rough) > sum(turn.attempts for turn in calm)


def test_random_faults_are_the_same_every_time_and_end_after_three() -> None:
    def drawn(seed: int) -> list[Fault | None]:
        faults = Faults(rate=1.0, seed=seed)
        return [faults.meet("a conversation", 1) for _ in range(5)]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert [fault is None for fault in drawn(1)] == [False, False, False, True, True]


def test_random_faults_come_about_as_often_as_asked() -> None:
    faults = Faults(rate=0.2)
    met = sum(faults.meet(f"conversation {number}", 1) is not None for number in range(2000))
    assert 340 < met < 460
