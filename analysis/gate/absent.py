"""Which planned episodes are not there, and which arms they belong to.

A study remembers what it planned by ids alone, and an id is a hash: it says nothing of the arm. But it
can be recognised. What was run, once for every instance and epoch that anybody met, gives all ids that a
complete study would have; where one of them was planned and is not there, its arm is known. What stays
unknown (a plan of which nothing at all was begun, say) is counted and stands in no arm.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from ulterior.analysis.finding import EpisodeFinding
from ulterior.traces import EpisodeSpec, Study, fork_tree

__all__ = ["Absent", "find_absent"]

_MOST = 200_000
"""Ids that are tried at most, a few seconds' worth."""


@dataclass(frozen=True)
class Absent:
    """``specs`` are the model's missing episodes; ``adrift`` how many more there may be of it."""

    specs: tuple[EpisodeSpec, ...] = ()
    adrift: int = 0


def find_absent(
    study: Study, main: Iterable[EpisodeFinding], specs: Iterable[EpisodeSpec], model: str
) -> Absent:
    """What was planned for ``model`` and is neither sealed nor running; ``specs`` are those that were
    read."""
    specs = list(specs)
    read = {spec.id for spec in specs}
    lost = {finding.episode for finding in main} - read  # damaged: nothing but the name is left
    began = {finding.episode for finding in main}
    missing = (study.planned() - began - _forks(study)) | lost
    if not missing:
        return Absent()
    found: list[EpisodeSpec] = []
    for spec in _imagined(study, specs):
        if not missing:
            break
        if spec.id in missing:
            missing.discard(spec.id)
            if spec.model == model:
                found.append(spec)
    return Absent(tuple(found), len(missing))


def _imagined(study: Study, specs: list[EpisodeSpec]) -> Iterable[EpisodeSpec]:
    """Every cell, of every model, on every instance that occurs or is named by a design."""
    models = sorted({spec.model for spec in specs} | set(_planned_models(study)))
    instances = sorted({(spec.seed, spec.epoch) for spec in specs} | set(_named(study)))
    cells = {
        (spec.scenario, spec.scenario_hash, spec.cell, spec.sandbox, repr(spec.settings)): spec
        for spec in specs
    }
    tried = 0
    for spec in cells.values():
        for model in models:
            for seed, epoch in instances:
                tried += 1
                if tried > _MOST:
                    return
                yield spec.model_copy(update={"model": model, "seed": seed, "epoch": epoch})


def _planned_models(study: Study) -> Iterable[str]:
    """Models of the study's designs: one that never began is not missing in the others."""
    for design in study.about["designs"]:
        models: object = cast("dict[str, Any]", design).get("models") if isinstance(design, dict) else None
        if isinstance(models, list):
            yield from (model for model in cast("list[Any]", models) if isinstance(model, str))


def _named(study: Study) -> Iterable[tuple[int, int]]:
    """Seeds and epochs of the study's designs, as far as they can be read."""
    for design in study.about["designs"]:
        if not isinstance(design, dict):
            continue
        known = cast("dict[str, Any]", design)
        seeds, epochs = known.get("seeds"), known.get("epochs", 1)
        if isinstance(seeds, list) and isinstance(epochs, int):
            for seed in cast("list[Any]", seeds):
                if isinstance(seed, int):
                    yield from ((seed, epoch) for epoch in range(min(epochs, 1000)))


def _forks(study: Study) -> set[str]:
    experiments = fork_tree(study).experiments
    return {episode for each in experiments for branch in each.branches for episode in branch.episodes}
