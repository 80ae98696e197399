"""How a fork begins, while edits are made to it: its parent's events, and what is added behind them.

Theory of operation. A fork truncates at the edit. An edit may change or leave out an event among those that
the fork copies, as long as no later model turn is kept: nobody has said what the model would have said
then. What it changes in the world, and everything else that it wants to be known, becomes a ``world`` event
at the fork itself with the cause ``edit:<kind>``, so that the fork's own file says what was done to it.
Events keep their parent's numbers here; they get their own when they are copied.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from ulterior.agent_runtime.models.reasoning import without_reasoning
from ulterior.agent_runtime.world_edits import written
from ulterior.errors import UsageError
from ulterior.scenarios import AnyScenario
from ulterior.traces import (
    GENESIS,
    Body,
    EpisodeSpec,
    Event,
    Message,
    ModelTurn,
    Trace,
    TraceState,
    WorldChange,
    WorldState,
    diff,
)
from ulterior.traces.fold import EDIT

__all__ = ["Beginning"]


@dataclass
class Beginning:
    """What a fork of ``parent`` behind event ``at`` begins with.

    ``spec`` is the fork's identity, ``state`` the parent's state at ``at``, ``world`` the fork's world,
    ``dropped`` the numbers of the model turns whose reasoning does not come along, ``removed_tools`` those
    that the agent of the fork does not have.
    """

    parent: Trace
    at: int
    scenario: AnyScenario
    spec: EpisodeSpec
    state: TraceState = field(init=False)
    world: WorldState = field(init=False)
    dropped: list[int] = field(default_factory=list[int], init=False)
    removed_tools: set[str] = field(init=False)
    _kept: dict[int, Event] = field(init=False)
    _added: list[tuple[Body, ...]] = field(default_factory=list[tuple[Body, ...]], init=False)

    def __post_init__(self) -> None:
        self.state = self.parent.state_at(self.at)
        self.world = self.state.world.copy()
        self.removed_tools = set(self.state.removed_tools)
        self._kept = {event.seq: event for event in self.parent.events[: self.at + 1]}

    # ---- Looking -------------------------------------------------------------------------------------

    def refuse(self, what: str, why: str, fix: str = "") -> NoReturn:
        """Raise the :class:`UsageError` for an edit that can't be made here."""
        raise UsageError(f"can't {what} in a fork of {self.parent.episode[:12]} at event {self.at}", why, fix)

    def body(self, seq: int, what: str) -> Body:
        """An event that the fork copies, as edited so far. Raises :class:`UsageError`."""
        event = self._kept.get(seq)
        if event is None:
            self.refuse(what, f"the fork has no event {seq}: it begins with 0 to {self.at}")
        return event.body

    def turns(self) -> list[tuple[int, ModelTurn]]:
        """The model turns that the fork copies, with their events' numbers."""
        return [(seq, e.body) for seq, e in self._kept.items() if isinstance(e.body, ModelTurn)]

    def require_no_turn_after(self, seq: int, what: str) -> None:
        """Raise :class:`UsageError` when the fork keeps a model turn that was made after this event."""
        later = next((number for number, _ in self.turns() if number > seq), None)
        if later is not None:
            why = f"the model has answered it in event {later}, and a fork keeps no turn behind its edit"
            self.refuse(what, why, f"fork at event {later - 1} or before")

    # ---- Changing ------------------------------------------------------------------------------------

    def put(self, seq: int, body: Body) -> None:
        """Another body for an event that the fork copies."""
        self._kept[seq] = self._kept[seq].model_copy(update={"body": body})

    def leave_out(self, seq: int) -> None:
        """Not to copy an event."""
        del self._kept[seq]

    def drop_reasoning(self, unless: Callable[[ModelTurn], bool]) -> None:
        """Take the reasoning out of every kept turn, but for those of which ``unless`` is true."""
        for seq, turn in self.turns():
            bare = turn if unless(turn) else without_reasoning(turn)
            if bare is not turn:
                self.put(seq, bare)
                self.dropped.append(seq)

    def note(
        self,
        kind: str,
        files: Mapping[str, bytes | None] | None = None,
        services: Mapping[str, Any] | None = None,
        message: Message | None = None,
    ) -> None:
        """Write that an edit was made, with what it changes in the world and what it has the agent told.

        ``files`` maps paths to contents, None for no file; ``services`` maps names to states. Raises
        ``ValueError`` when a path can't be changed like that.
        """
        changes, blobs = written(self.world, files or {})
        patches = {
            name: patch
            for name, state in sorted((services or {}).items())
            if (patch := diff(self.world.services.get(name), state))
        }
        change = WorldChange(
            cause=f"{EDIT}{kind}",
            files=changes,
            blobs=blobs,
            services=patches,
            clock=self.world.clock,
        )
        self.world.apply(change)
        self._added.append((change,) if message is None else (change, message))

    # ---- What comes of it ----------------------------------------------------------------------------

    def events(self) -> list[Event]:
        """The fork's first events, numbered anew, with their parent's times, to be chained when written."""
        copied = [event.model_copy(update={"more": more}) for event, more in self._regrouped()]
        at = copied[-1].at
        added = [
            Event(seq=0, at=at, prev=GENESIS, more=body is not group[-1], body=body)
            for group in self._added
            for body in group
        ]
        return [event.model_copy(update={"seq": seq}) for seq, event in enumerate([*copied, *added])]

    def _regrouped(self) -> list[tuple[Event, bool]]:
        """The kept events, and whether each belongs together with the next: groups may have lost members."""
        found: list[tuple[Event, bool]] = []
        group: list[Event] = []
        for event in self.parent.events[: self.at + 1]:
            if (kept := self._kept.get(event.seq)) is not None:
                group.append(kept)
            if not event.more:
                found += [(member, member is not group[-1]) for member in group]
                group = []
        return found
