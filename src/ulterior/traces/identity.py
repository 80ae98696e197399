"""Which episode is which: the identity that makes a batch resumable.

An episode's id is the hash of everything that a study chooses about it. The same study run again names the
same episodes; a changed scenario, setting or back end names others. Versions of packages are no part of it:
they are recorded in the trace.
"""

from typing import Any

from pydantic import Field

from ulterior.traces.blocks import Frozen
from ulterior.traces.canonical import canonical_json, digest

__all__ = ["EPISODE_ID_LENGTH", "EpisodeSpec", "ForkOrigin"]

EPISODE_ID_LENGTH = 32


class ForkOrigin(Frozen):
    """Where a fork left its parent: it shares events ``0 .. at`` and replaces what came after.

    ``edit`` holds what was changed there, ``{"edits": [...]}`` as :mod:`ulterior.agent_runtime.edits` writes
    it, and is empty in a control. ``replica`` tells equal forks apart.
    """

    parent: str
    at: int = Field(ge=0)
    edit: dict[str, Any] = Field(default_factory=dict[str, Any])
    replica: int = 0


class EpisodeSpec(Frozen):
    """One cell of a study: one model, in one scenario, under one condition, on one instance seed.

    ``condition`` maps every factor of the scenario to its level. ``scenario_hash`` is the content hash
    of the scenario's sources. ``settings`` are the sampling settings and limits that the study sets.
    ``epoch`` counts repetitions of an otherwise equal cell from 0.
    """

    scenario: str
    scenario_version: str
    scenario_hash: str
    condition: dict[str, str]
    seed: int
    model: str
    settings: dict[str, Any] = Field(default_factory=dict[str, Any])
    epoch: int = 0
    sandbox: str = "embedded"
    fork: ForkOrigin | None = None

    @property
    def id(self) -> str:
        """32 hex digits of SHA-256 over the canonical JSON of this spec.

        Ids of stored episodes must never change: a field added later has to stay out of the hash while
        it has its default.
        """
        return digest(canonical_json(self.model_dump(mode="json")))[:EPISODE_ID_LENGTH]

    @property
    def cell(self) -> str:
        """The condition in one readable word, ``arm=conflict,ask=direct``, in alphabetical order."""
        return ",".join(f"{name}={level}" for name, level in sorted(self.condition.items()))
