"""The loop: LangGraph over a cursor, with the event log as the only memory.

::

    START ─▶ brief ─▶ think ⇄ act ─▶ ... ─▶ ask ─▶ think ─▶ ... ─▶ end ─▶ END
                        ▲      │
                        └ happen (the world's own events)

The graph's state is where the log stands, ``{seq, phase}``, and nothing else; messages, tool results and
worlds live in the log. There is no checkpointer: the log is the checkpoint. Every edge is the same
question to :func:`~ulterior.agent_runtime.phases.next_phase`, also the one from START, so starting,
resuming and forking are one path. The graph is compiled once and shared; what belongs to an episode
travels in its :class:`~ulterior.agent_runtime.steps.Run`.
"""

import os
from collections.abc import Awaitable, Callable
from typing import Any, TypedDict

# A user's LangSmith settings must not upload what an agent under test does.
os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command

from ulterior.agent_runtime import steps
from ulterior.agent_runtime.phases import next_phase
from ulterior.agent_runtime.steps import Run

__all__ = ["run_to_end"]

_ENDLESS = 10**9  # LangGraph's own step limit; budgets are ours


class Cursor(TypedDict):
    """Where the log stands."""

    seq: int
    phase: str


def _cursor(run: Run) -> Cursor:
    return {"seq": run.state.seq, "phase": next_phase(run.state, run.instance, run.limits)}


def _node(
    step: Callable[[Run], Awaitable[None]],
) -> Callable[[Cursor, Runtime[Run]], Awaitable[Command[Any]]]:
    async def node(state: Cursor, runtime: Runtime[Run]) -> Command[Any]:
        await step(runtime.context)
        cursor = _cursor(runtime.context)
        return Command(update=cursor, goto=_ROUTES[cursor["phase"]])  # cheaper than a conditional edge

    return node


def _phase(state: Cursor) -> str:
    return state["phase"]


_STEPS = {
    "brief": steps.brief,
    "think": steps.think,
    "act": steps.act,
    "happen": steps.happen,
    "ask": steps.ask,
    "end": steps.end,
}


_ROUTES = {name: name for name in _STEPS} | {"over": END}


def _compile() -> Any:
    builder: Any = StateGraph(Cursor, context_schema=Run)  # its methods' types are only partly known
    builder.add_conditional_edges(START, _phase, _ROUTES)
    for name, step in _STEPS.items():
        builder.add_node(name, _node(step), destinations=tuple(_ROUTES.values()))
    return builder.compile(name="episode")


_GRAPH = _compile()


async def run_to_end(run: Run) -> None:
    """Run an episode from wherever its log stands to its ``end`` event."""
    await _GRAPH.ainvoke(_cursor(run), context=run, config={"recursion_limit": _ENDLESS})
