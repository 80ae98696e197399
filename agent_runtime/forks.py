"""Forks: episodes that share their beginning with another one.

A fork's file is self-contained. Its parent's events up to the fork are copied into it, times and all, under
a first event that names the fork and where it comes from; behind them stands what was edited, if anything.
After that nothing tells it from an episode that was interrupted there, so the call that starts and resumes
episodes runs it too.
"""

from collections.abc import Mapping, Sequence

from ulterior.agent_runtime.beginning import Beginning
from ulterior.agent_runtime.edits import Edit, edits_in, recorded
from ulterior.errors import UsageError
from ulterior.scenarios import AnyScenario
from ulterior.traces import EpisodeSpec, EpisodeStart, EventLog, ForkOrigin, Trace

__all__ = ["begin_fork", "copy_beginning", "fork_spec"]


def fork_spec(
    parent: Trace,
    at: int,
    scenario: AnyScenario,
    edits: Sequence[Edit] = (),
    *,
    replica: int = 0,
    sandbox: str | None = None,
) -> EpisodeSpec:
    """The episode that shares the parent's events ``0 .. at``, is edited there, and goes on by itself.

    ``replica`` counts equal forks; ``sandbox`` lets it go on in another back end. Raises :class:`UsageError`
    when the parent can't be left there or an edit can't be made there.
    """
    spec = begin_fork(parent, at, scenario, edits).spec
    origin = ForkOrigin(parent=parent.episode, at=at, edit=recorded(edits), replica=replica)
    return spec.model_copy(update={"fork": origin, "sandbox": sandbox or spec.sandbox})


def begin_fork(parent: Trace, at: int, scenario: AnyScenario, edits: Sequence[Edit] = ()) -> Beginning:
    """How a fork begins, with ``edits`` made one after the other. Raises :class:`UsageError`."""
    _check_leaving(parent, at)
    beginning = Beginning(parent, at, scenario, parent.spec)
    for edit in edits:
        edit.apply(beginning)
    return beginning


def copy_beginning(
    log: EventLog, spec: EpisodeSpec, parent: Trace, scenario: AnyScenario, packages: Mapping[str, str]
) -> None:
    """Bring a fork's log to where the fork begins to go on. One that is there or further stays as it is."""
    assert spec.fork is not None, "only a fork has a parent"
    beginning = begin_fork(parent, spec.fork.at, scenario, edits_in(spec.fork.edit))
    events = beginning.events()[log.state.seq + 1 :]
    if events and isinstance(start := events[0].body, EpisodeStart):
        named = start.model_copy(update={"episode": spec.id, "spec": spec, "packages": dict(packages)})
        events[0] = events[0].model_copy(update={"body": named})
    log.copy(events)


def _check_leaving(parent: Trace, at: int) -> None:
    what = f"can't fork {parent.episode} at event {at}"
    if not 0 <= at < len(parent.events):
        raise UsageError(what, f"its events are 0 to {len(parent.events) - 1}")
    if parent.events[at].more:
        end = next(event.seq for event in parent.events[at:] if not event.more)
        raise UsageError(
            what, f"it was written together with what follows up to event {end}", f"fork at {end}"
        )
    if parent.state_at(at).end is not None:
        raise UsageError(what, "the episode is over there", "fork at an earlier event")
