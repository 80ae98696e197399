"""Forks that belong together: experiments, recorded append-only in ``STUDY/forks/experiments.jsonl``.

Where a fork comes from stands in its own identity. What is recorded here is what can't be told from one fork
alone: which forks were made to be compared, as what, and what their beginnings lost. One line per experiment;
of lines with one id the last counts, since an experiment may be continued with more replicas or steps. A torn
or unreadable line is skipped, and the next append begins a line of its own.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from ulterior.traces.blocks import Frozen
from ulterior.traces.canonical import canonical_json, digest, line_json
from ulterior.traces.disk import append_lines, refusals
from ulterior.traces.store import Study

__all__ = [
    "Arm",
    "ForkBranch",
    "ForkExperiment",
    "ForkTree",
    "Kind",
    "experiment_id",
    "fork_tree",
    "record_forks",
]

Arm = Literal["control", "edit", "scan", "ask"]
Kind = Literal["edit", "scan", "interview", "probe", "tells"]


class ForkBranch(Frozen):
    """Equal forks of one parent at one place: ``episodes`` are their ids, by replica from 0.

    ``at`` is the last event that they share with the parent, ``turn`` the number of the model turn that
    comes next. ``edit`` is that of their :class:`~ulterior.traces.ForkOrigin`. ``dropped`` are the parent's
    model turns, by event number, whose reasoning the forks don't begin with.
    """

    arm: Arm
    parent: str
    at: int
    turn: int
    edit: dict[str, Any] = Field(default_factory=dict[str, Any])
    dropped: tuple[int, ...] = ()
    episodes: tuple[str, ...]


class ForkExperiment(Frozen):
    """One fork experiment. ``created`` is in epoch seconds; ``sandbox`` is set when it isn't the parents'."""

    id: str
    kind: Kind
    created: float
    sandbox: str | None = None
    branches: tuple[ForkBranch, ...]


@dataclass(frozen=True)
class ForkTree:
    """The experiments of a study, in the order in which they were first recorded."""

    experiments: tuple[ForkExperiment, ...]

    def below(self, parent: str) -> list[tuple[ForkExperiment, ForkBranch]]:
        """The branches that leave an episode, by where they leave it."""
        found = [(e, branch) for e in self.experiments for branch in e.branches if branch.parent == parent]
        return sorted(found, key=lambda pair: pair[1].at)


def experiment_id(kind: str, sandbox: str | None, branches: tuple[ForkBranch, ...] | list[ForkBranch]) -> str:
    """16 hex digits that stay the same when an experiment gets more replicas.

    A scan is named by its parent alone, so that it also stays the same when it gets more steps.
    """
    places = [[b.arm, b.parent] if kind == "scan" else [b.arm, b.parent, b.at, b.edit] for b in branches]
    named = sorted({canonical_json(place).decode() for place in places})
    return digest(canonical_json([kind, sandbox, named]))[:16]


def record_forks(study: Study, experiment: ForkExperiment) -> None:
    """Write an experiment down, with what is recorded of it already. Raises :class:`StorageFailure`."""
    known = next((e for e in fork_tree(study).experiments if e.id == experiment.id), None)
    if known is not None:
        experiment = _together(known, experiment)
    if experiment == known:
        return
    path = _path(study)
    with refusals(path):
        append_lines(path, line_json(experiment.model_dump(mode="json")))


def fork_tree(study: Study) -> ForkTree:
    """What is recorded of a study's forks; nothing when there are none."""
    found: dict[str, ForkExperiment] = {}
    for experiment in _recorded(_path(study)):
        found[experiment.id] = experiment
    return ForkTree(tuple(found.values()))


def _together(known: ForkExperiment, more: ForkExperiment) -> ForkExperiment:
    """The branches of both, the longer one where both have it: what was run once is never forgotten."""
    branches: dict[bytes, ForkBranch] = {}
    for branch in (*known.branches, *more.branches):
        place = canonical_json([branch.arm, branch.parent, branch.at, branch.edit])
        if place not in branches or len(branch.episodes) > len(branches[place].episodes):
            branches[place] = branch
    return known.model_copy(update={"branches": tuple(branches.values())})


def _recorded(path: Path) -> Iterator[ForkExperiment]:
    try:
        lines = path.read_bytes().split(b"\n")
    except (FileNotFoundError, NotADirectoryError):
        return
    for line in filter(None, lines):
        with suppress(ValueError, RecursionError):
            yield ForkExperiment.model_validate(json.loads(line))


def _path(study: Study) -> Path:
    return study.root / "forks" / "experiments.jsonl"
