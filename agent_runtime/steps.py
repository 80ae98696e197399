"""The steps of an episode: brief, think, act, happen, ask, end.

Each takes the :class:`Run`, writes events and returns; what was written decides what follows (see
:mod:`ulterior.agent_runtime.phases`). Nothing is remembered between steps but the log's own fold and
the world, which can be rebuilt from it: a step that is cut short leaves either all of its group of
events or none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ulterior.agent_runtime.models.prices import cost
from ulterior.agent_runtime.models.protocol import ModelReply, ModelRequest, Session
from ulterior.agent_runtime.phases import due_event, ending, next_question, purpose
from ulterior.clock import Clock
from ulterior.sandbox import MalformedCall, Sandbox, Tool, World, run_tool
from ulterior.scenarios import CANARY, AnyInstance, Limits
from ulterior.traces import (
    Body,
    End,
    EpisodeSpec,
    EpisodeStart,
    EventLog,
    Intent,
    Message,
    ModelTurn,
    Report,
    Result,
    ToolCall,
    TraceState,
)

__all__ = ["Run", "act", "ask", "brief", "end", "happen", "think"]

CLOSED = "The task is closed and its tools are put away. Please answer in words."
CUT_OFF = "Your last message was cut off at the length limit. Please go on from there."


@dataclass
class Run:
    """Everything one episode needs while it runs. ``tools`` is the instance's, by name."""

    spec: EpisodeSpec
    instance: AnyInstance
    limits: Limits
    session: Session
    sandbox: Sandbox
    world: World | None
    log: EventLog
    clock: Clock
    packages: Mapping[str, str]
    tools: dict[str, Tool] = field(init=False)

    def __post_init__(self) -> None:
        self.tools = {tool.name: tool for tool in self.instance.tools}

    @property
    def state(self) -> TraceState:
        return self.log.state

    @property
    def ready_world(self) -> World:
        assert self.world is not None, "the world is built when the episode is briefed"
        return self.world


async def brief(run: Run) -> None:
    """Build the world and put the task before the model."""
    instance = run.instance
    run.world = await World.create(run.sandbox, instance.files, instance.services, instance.clock)
    run.log.append(
        EpisodeStart(episode=run.spec.id, spec=run.spec, packages=dict(run.packages), canary=CANARY),
        await run.world.commit("setup"),
        Message(role="system", author="operator", origin="briefing", text=instance.system),
        Message(role="user", author=instance.principal, origin="briefing", text=instance.briefing),
    )


async def think(run: Run) -> None:
    """Sample one model turn. A turn without calls hands over the work or answers the question."""
    request = ModelRequest(tuple(run.state.conversation), run.instance.tools, run.spec.settings)
    reply = await run.session.sample(request)
    turn = _model_turn(run, reply)
    run.log.append(turn, *_said(run, turn))
    if not turn.calls:
        await run.log.sync()


def _model_turn(run: Run, reply: ModelReply) -> ModelTurn:
    return ModelTurn(
        turn=run.state.turns + 1,
        purpose=purpose(run.state, run.instance),
        blocks=reply.blocks,
        stop=reply.stop,
        stop_detail=reply.stop_detail,
        reasoning=reply.reasoning,
        usage=reply.usage,
        cost=cost(run.spec.model, reply.usage),
        latency=reply.latency,
        attempts=reply.attempts,
        api=reply.api,
        wire=reply.wire,
    )


def _said(run: Run, turn: ModelTurn) -> tuple[Body, ...]:
    """What a turn without calls amounts to: a report to the principal, or a message that was cut off."""
    if turn.calls or turn.stop in ("refusal", "policy_block", "context_window"):
        return ()
    if turn.stop == "max_tokens":
        return (Message(role="user", author="operator", origin="harness", text=CUT_OFF),)
    channel = {"work": "final_message", "debrief": "debrief", "interview": "answer"}[turn.purpose]
    asked = run.state.asked[-1] if run.state.asked else None
    to = next((q.author for q in run.instance.questions if q.id == asked), run.instance.principal)
    return (Report(to=to, channel=channel, text=turn.text, question=asked),)


async def act(run: Run) -> None:
    """Run the open calls of the last model turn in the order in which it made them."""
    for call in list(run.state.pending):
        prepared = _prepare(run, call)
        if isinstance(prepared, Result):
            run.log.append(prepared)
        else:
            await _execute(run, call.id, run.tools[call.name], prepared)
    await run.log.sync()


def _prepare(run: Run, call: ToolCall) -> dict[str, Any] | Result:
    """The validated arguments of a call, or the observation for one that must not reach the world."""
    turn = run.state.last_turn
    assert turn is not None, "calls come from a model turn"
    if turn.purpose != "work":
        return Result(call=call.id, tool=call.name, status="closed", error=CLOSED)
    if turn.stop != "tool_use":
        return _malformed(call, "the message was cut off before this call was complete; it was not run")
    if call.name not in run.tools:
        known = ", ".join(run.tools)
        error = f"there is no tool {call.name!r}; the tools are: {known}"
        return Result(call=call.id, tool=call.name, status="unknown_tool", error=error)
    if call.arguments is None:
        return _malformed(call, "the arguments are not a JSON object; the call was not run")
    try:
        return run.tools[call.name].parse(call.arguments)
    except MalformedCall as error:
        return _malformed(call, str(error))


def _malformed(call: ToolCall, error: str) -> Result:
    return Result(call=call.id, tool=call.name, status="malformed", error=error)


async def _execute(run: Run, call: str, tool: Tool, arguments: dict[str, Any]) -> None:
    """One call: intent, effect, then result and world together.

    After a crash the world was restored to the step before, so an intent that is already written stands
    for the call about to be run again.
    """
    world, written = run.ready_world, run.state.intent
    if written is None or written.call != call:
        run.log.append(Intent(call=call, tool=tool.name, arguments=arguments))
    began = run.clock.monotonic()
    await world.advance(tool.seconds)
    outcome = await run_tool(tool, world, arguments)
    result = Result(
        call=call,
        tool=tool.name,
        status=outcome.status,
        stdout=outcome.stdout,
        stderr=outcome.stderr,
        exit_code=outcome.exit_code,
        value=outcome.value,
        error=outcome.error,
        truncated=outcome.truncated,
        duration=run.clock.monotonic() - began,
    )
    reports = (report.model_copy(update={"call": call}) for report in outcome.reports)
    run.log.append(result, await world.commit(call), *reports)


async def happen(run: Run) -> None:
    """Let the world's own due event happen, and tell the agent if there is something to tell."""
    event = due_event(run.state, run.instance)
    assert event is not None, "the phase says that an event is due"
    told = await event.happen(run.ready_world)
    change = await run.ready_world.commit(f"schedule:{event.id}")
    notice = () if told is None else (Message(role="user", author="world", origin="world", text=told),)
    run.log.append(change, *notice)


async def ask(run: Run) -> None:
    """Put the next question of the debrief or the interview."""
    question = next_question(run.state, run.instance)
    assert question is not None, "the phase says that a question is left"
    origin = "debrief" if question.kind == "debrief" else "interview"
    run.log.append(
        Message(role="user", author=question.author, origin=origin, text=question.text, question=question.id)
    )


async def end(run: Run) -> None:
    """Write why the episode is over."""
    run.log.append(ending(run.state, run.instance, run.limits) or _handed_over(run.state))
    await run.log.sync()


def _handed_over(state: TraceState) -> End:
    said = any(report.text.strip() or report.fields for report in state.reports)
    return (
        End(reason="submitted")
        if said
        else End(reason="gave_up", detail="it stopped without saying anything")
    )
