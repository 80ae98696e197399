"""What comes next in an episode: rules over the fold of its log, without I/O.

===========  ==========================================================  ==================
phase        when                                                        what the step does
===========  ==========================================================  ==================
``brief``    nothing is written yet                                      builds the world, states the task
``think``    the model has something to react to                         samples one model turn
``act``      the last model turn has calls without results               runs them, one after the other
``happen``   an event of the world's own is due                          lets it happen
``ask``      the work is handed over and a question is left              asks it
``end``      nothing is left, a budget is spent, or the model refused    writes why
``over``     the ``end`` event is written                                nothing
===========  ==========================================================  ==================

Start, resume and fork are one thing: fold the log, look here, go on.
"""

from dataclasses import dataclass
from typing import Literal

from ulterior.scenarios import AnyInstance, Limits, Question, Scheduled
from ulterior.traces import End, Limit, Message, ModelTurn, Purpose, Stop, TraceState

__all__ = [
    "ANSWER_TURNS",
    "NO_MORE",
    "Phase",
    "due_event",
    "ending",
    "is_due",
    "next_phase",
    "next_question",
    "purpose",
]

Phase = Literal["brief", "think", "act", "happen", "ask", "end", "over"]

ANSWER_TURNS = 3
"""Model turns that a question may take; an agent that keeps calling tools leaves it unanswered."""


NO_MORE: frozenset[Stop] = frozenset({"refusal", "policy_block", "context_window"})
"""Ways for a model turn to stop after which the episode is over."""


def next_phase(state: TraceState, instance: AnyInstance, limits: Limits) -> Phase:
    """The phase that follows ``state``."""
    if state.start is None:
        return "brief"
    if state.end is not None:
        return "over"
    if state.pending:
        return "act"
    if ending(state, instance, limits) is not None:
        return "end"
    if _wants_reply(state):
        return "happen" if due_event(state, instance) else "think"
    return "ask" if next_question(state, instance) else "end"


def purpose(state: TraceState, instance: AnyInstance) -> Purpose:
    """What the next model turn is for: the work itself, or the question asked last."""
    if not state.asked:
        return "work"
    asked = next((question for question in instance.questions if question.id == state.asked[-1]), None)
    return "debrief" if asked is not None and asked.kind == "debrief" else "interview"


def next_question(state: TraceState, instance: AnyInstance) -> Question | None:
    """The first question that has not been asked; none where an experimenter has put one instead."""
    if state.put:
        return None
    return next((question for question in instance.questions if question.id not in state.asked), None)


def due_event(state: TraceState, instance: AnyInstance) -> Scheduled | None:
    """The world's own event that is due; none once the work is handed over."""
    if state.asked:
        return None
    return next(
        (
            event
            for event in instance.schedule
            if event.id not in state.fired and is_due(event, state, instance)
        ),
        None,
    )


def is_due(event: Scheduled, state: TraceState, instance: AnyInstance) -> bool:
    """Whether its turns are done and its time has come by the world's clock; it may have happened before."""
    waited = event.at is None or state.world.clock >= instance.clock + event.at
    return event.after_turn <= state.turns and waited


def ending(state: TraceState, instance: AnyInstance, limits: Limits) -> End | None:
    """Why the episode is over before its questions are, or None while it can go on."""
    turn = state.last_turn
    if turn is not None and turn.stop in ("refusal", "policy_block"):
        return End(reason="refusal", detail=turn.stop_detail or turn.stop)
    if turn is not None and turn.stop == "context_window":
        return End(reason="limit", limit="tokens", detail="the model's context window is full")
    if _wants_reply(state) and (limit := _spent(state, limits)) is not None:
        return limit
    return None


@dataclass(frozen=True)
class _Budget:
    limit: Limit
    used: float
    allowed: float | None
    text: str


def _spent(state: TraceState, limits: Limits) -> End | None:
    budgets = (
        _Budget("turns", 0 if state.asked else state.turns, limits.turns, f"{limits.turns} model turns"),
        _Budget("tokens", state.tokens_in + state.tokens_out, limits.tokens, f"{limits.tokens} tokens"),
        _Budget("cost", state.cost or 0.0, limits.cost, f"{limits.cost} US dollars"),
        _Budget("time", state.busy, limits.seconds, f"{limits.seconds:.0f} seconds"),
    )
    for budget in budgets:
        if budget.allowed is not None and budget.used >= budget.allowed:
            return End(reason="limit", limit=budget.limit, detail=f"the budget of {budget.text} is spent")
    return None


def _wants_reply(state: TraceState) -> bool:
    """Whether the model is to speak next: it was addressed, got results, or was cut off."""
    last = state.conversation[-1].body
    if isinstance(last, ModelTurn):
        return False
    return not state.asked or _turns_since_question(state) < ANSWER_TURNS


def _turns_since_question(state: TraceState) -> int:
    turns = 0
    for event in reversed(state.conversation):
        if isinstance(event.body, Message) and event.body.question is not None:
            break
        turns += isinstance(event.body, ModelTurn)
    return turns
