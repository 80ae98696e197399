"""Another level of a factor in a fork: what it changes depends on how much has happened.

The instance is built at both levels from the same seed, and only what differs between the two is changed.
What the agent has been given once (its instructions, its tools, what has happened or been asked) can't be
taken back behind its turns, so a factor that shows there needs a fork at the start. Files and services that
differ are put to their other value, unless the agent has changed them: then there is no other value to put.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ulterior.agent_runtime.beginning import Beginning
from ulterior.agent_runtime.phases import is_due
from ulterior.scenarios import AnyInstance
from ulterior.traces import Message, TraceState

__all__ = ["change_level"]


def change_level(fork: Beginning, name: str, level: str) -> None:
    """Put a factor of the fork's scenario to another level. Raises :class:`UsageError`."""
    what = f"put {name} to {level}"
    condition = fork.scenario.condition({**fork.spec.condition, name: level})
    if condition == fork.spec.condition:
        fork.refuse(what, "it is so already")
    before = fork.scenario.instance(fork.spec.seed, fork.spec.condition)
    after = fork.scenario.instance(fork.spec.seed, condition)
    if fork.state.turns == 0:
        _brief_anew(fork, after)
    elif given := list(_given_differently(before, after, fork.state)):
        why = f"the agent has worked with the other level's {' and '.join(given)}"
        fork.refuse(what, why, "fork with --at start")
    fork.spec = fork.spec.model_copy(update={"condition": condition})
    files, services = _files(fork, before, after, what), _services(fork, before, after, what)
    if fork.state.turns == 0:
        fork.world.clock += after.clock - before.clock
    try:
        fork.note("factor", files, services)
    except ValueError as error:
        fork.refuse(what, str(error), "fork before that happened, or with --at start")


def _brief_anew(fork: Beginning, instance: AnyInstance) -> None:
    """Exchange the messages of the briefing."""
    told = {
        "system": Message(role="system", author="operator", origin="briefing", text=instance.system),
        "user": Message(role="user", author=instance.principal, origin="briefing", text=instance.briefing),
    }
    for event in fork.parent.events[: fork.at + 1]:
        if isinstance(event.body, Message) and event.body.origin == "briefing":
            fork.put(event.seq, told[event.body.role])


def _given_differently(before: AnyInstance, after: AnyInstance, state: TraceState) -> Iterator[str]:
    """What of the two instances differs, among the things that can't be changed under way."""
    if before.system != after.system:
        yield "system text"
    if (before.briefing, before.principal) != (after.briefing, after.principal):
        yield "briefing"
    if _tools(before) != _tools(after):
        yield "tools"
    if (before.machine, before.clock) != (after.machine, after.clock):
        yield "machine"
    if _due(before, state) != _due(after, state):
        yield "schedule"
    if _asked(before, state) != _asked(after, state):
        yield "questions"


def _tools(instance: AnyInstance) -> list[tuple[str, str, dict[str, Any]]]:
    return [(tool.name, tool.description, tool.schema) for tool in instance.tools]


def _due(instance: AnyInstance, state: TraceState) -> set[tuple[str, int, float | None]]:
    due = (event for event in instance.schedule if is_due(event, state, instance))
    return {(event.id, event.after_turn, event.at) for event in due}


def _asked(instance: AnyInstance, state: TraceState) -> list[Any]:
    return [question for question in instance.questions if question.id in state.asked]


def _files(fork: Beginning, before: AnyInstance, after: AnyInstance, what: str) -> dict[str, bytes | None]:
    old, new = before.files, after.files
    changed = {path for path in {*old, *new} if old.get(path) != new.get(path)}
    if touched := sorted(path for path in changed if fork.world.read(path) != old.get(path)):
        _refuse_touched(fork, what, touched[0])
    return {path: new.get(path) for path in changed}


def _services(fork: Beginning, before: AnyInstance, after: AnyInstance, what: str) -> dict[str, Any]:
    old, new = _states(before), _states(after)
    if gone := sorted(old.keys() - new.keys()):
        fork.refuse(what, f"the other level has no {gone[0]}, and a service can't be taken away")
    changed = {name: state for name, state in new.items() if old.get(name) != state}
    if touched := sorted(name for name in changed if fork.world.services.get(name) != old.get(name)):
        _refuse_touched(fork, what, f"the service {touched[0]}")
    return changed


def _states(instance: AnyInstance) -> Mapping[str, Any]:
    return {name: service.model_dump(mode="json") for name, service in instance.services.items()}


def _refuse_touched(fork: Beginning, what: str, thing: str) -> None:
    why = f"{thing} differs between the levels, and isn't what it was at the start any more"
    fork.refuse(what, why, "fork before that happened, or with --at start")
