"""Forks: episodes that share their beginning with another one.

A fork's file is self-contained. Its parent's events up to the fork are copied into it, times and all, under
a first event that names the fork and where it comes from. After that nothing tells it from an episode that
was interrupted there, so the call that starts and resumes episodes runs it too.
"""

from collections.abc import Mapping

from ulterior.errors import UsageError
from ulterior.traces import EpisodeSpec, EpisodeStart, EventLog, ForkOrigin, Trace

__all__ = ["copy_beginning", "fork_spec"]


def fork_spec(parent: Trace, at: int, *, replica: int = 0, model: str | None = None) -> EpisodeSpec:
    """The episode that shares the parent's events ``0 .. at`` and goes on by itself.

    ``replica`` counts equal forks; ``model`` lets another model go on. Raises :class:`UsageError` when the
    parent can't be left there.
    """
    _check_leaving(parent, at)
    origin = ForkOrigin(parent=parent.episode, at=at, replica=replica)
    return parent.spec.model_copy(update={"fork": origin, "model": model or parent.spec.model})


def copy_beginning(log: EventLog, spec: EpisodeSpec, parent: Trace, packages: Mapping[str, str]) -> None:
    """Bring a fork's log to where the fork leaves its parent. One that is there or further stays as it is."""
    assert spec.fork is not None, "only a fork has a parent"
    _check_leaving(parent, spec.fork.at)
    events = list(parent.events[log.state.seq + 1 : spec.fork.at + 1])
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
