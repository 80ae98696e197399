"""A study's fork experiments as the forks document.

Everything about several parents is what the command that made the forks printed: the same functions count
it. Which outcome a scan was made for and whether it was a bisection is not recorded. So it gets a commit step
for every outcome; and where it left out steps, the test of one that looks at its ends alone, which holds
for a bisection.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any, cast

from ulterior.analysis import EpisodeFinding, edit_result
from ulterior.analysis.awareness.artefacts import Artefact, artefacts_of, material_at
from ulterior.analysis.awareness.tells import EVERYTHING, TellResult, tell_result
from ulterior.analysis.case import LoadScenario
from ulterior.analysis.forks import OUTCOMES, scan_result
from ulterior.analysis.interviews import FactsOf, interview_result
from ulterior.analysis.probes import probe_result
from ulterior.analysis.report.grouping import declared, fixed_choices, labelled
from ulterior.errors import UlteriorError
from ulterior.scenarios import Condition, load_scenario
from ulterior.scenarios.awareness import PROBES
from ulterior.traces import ForkBranch, ForkExperiment, Study
from ulterior.traces.fork_tree import fork_tree
from ulterior.viewer.asked import StoredAnswers
from ulterior.viewer.branches import ForkSources, branch_of, known_part
from ulterior.viewer.documents import Experiment, ForkContrast, Forks

__all__ = ["build_forks"]


def build_forks(
    key: str,
    study: Study,
    findings: Iterable[EpisodeFinding],
    answers: StoredAnswers | None = None,
    load: LoadScenario = load_scenario,
) -> Forks:
    """The document of a study under a key, from all its findings. Without ``answers`` they are read anew."""
    by_id = {finding.episode: finding for finding in findings}
    experiments = tuple(map(_readable, fork_tree(study).experiments))
    asked = [each for each in experiments if each.kind in ("interview", "probe", "tells")]
    forks = (episode for each in asked for branch in each.branches for episode in branch.episodes)
    sources = ForkSources(
        findings=by_id,
        answers=(answers or StoredAnswers(study)).of(episode for episode in forks if episode in by_id),
        facts_of=_facts(load),
        primary_of=_primary(load),
    )
    return Forks(
        study=key,
        parents=_names({branch.parent for each in experiments for branch in each.branches}, by_id),
        experiments=tuple(_experiment(study, each, sources) for each in experiments),
    )


def _readable(experiment: ForkExperiment) -> ForkExperiment:
    """The experiment with edits that are what they should be: of other ones nothing can be counted, and they
    are given as they stand."""
    branches = tuple(
        branch.model_copy(update={"edit": {"edits": list(map(_mapping, cast("list[Any]", edits)))}})
        if isinstance(edits := branch.edit.get("edits"), list)
        else branch.model_copy(update={"edit": {}})
        for branch in experiment.branches
    )
    return experiment.model_copy(update={"branches": branches})


def _mapping(edit: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", edit) if isinstance(edit, dict) else {"unreadable": edit}


def _facts(load: LoadScenario) -> FactsOf:
    """The facts of a scenario; none where it can't be had."""

    def facts_of(name: str) -> tuple[Any, ...]:
        scenario = declared(name, load)
        return tuple(scenario.facts) if scenario else ()

    return facts_of


def _primary(load: LoadScenario) -> Callable[[str], Condition]:
    """The condition of a scenario that tempts; nothing in particular where it can't be had."""

    def primary(name: str) -> Condition:
        scenario = declared(name, load)
        return next(iter(scenario.cells.values())) if scenario and scenario.cells else {}

    return primary


def _names(parents: Iterable[str], findings: Mapping[str, EpisodeFinding]) -> dict[str, str]:
    """What to call parents: by scenario, model, what varies in the study, and seed."""
    of_scenario: dict[str | None, list[EpisodeFinding]] = {}
    for finding in findings.values():
        if finding.fork is None:
            of_scenario.setdefault(finding.scenario, []).append(finding)
    fixed = {name: fixed_choices(group) for name, group in of_scenario.items()}
    names: dict[str, str] = {}
    for parent in sorted(parents):
        finding = findings.get(parent)
        if finding is None or finding.scenario is None:
            names[parent] = parent[:12]
            continue
        label = labelled(finding, fixed.get(finding.scenario, {}))
        words = [finding.scenario, finding.model or "", *([] if label == "all" else [label])]
        repeated = [f"epoch {finding.epoch}"] if finding.epoch else []
        names[parent] = " · ".join([*words, f"seed {finding.seed}", *repeated])
    return names


def _experiment(study: Study, experiment: ForkExperiment, sources: ForkSources) -> Experiment:
    branches = experiment.branches
    if experiment.kind == "scan":
        branches = tuple(sorted(branches, key=lambda branch: branch.at))
    return Experiment(
        id=experiment.id,
        kind=experiment.kind,
        created=experiment.created,
        sandbox=experiment.sandbox,
        branches=tuple(branch_of(experiment, branch, sources) for branch in branches),
        **_together(study, experiment, sources),
    )


def _together(study: Study, experiment: ForkExperiment, sources: ForkSources) -> dict[str, Any]:
    """What an experiment shows over all its parents."""
    known = known_part(experiment, sources.findings)
    findings, answers = sources.findings, sources.answers
    match experiment.kind:
        case "edit":
            found = edit_result(experiment, findings)
            contrasts = tuple(ForkContrast(**contrast.model_dump()) for contrast in found.contrasts)
            return {"arms": found.arms, "contrasts": contrasts}
        case "scan" if experiment.branches:
            left_out = _leaves_out_steps(experiment.branches)
            commits = {
                outcome: scan_result(experiment, findings, outcome, bisected=left_out).commit
                for outcome in OUTCOMES
            }
            return {"commit": commits["violated"], "commits": commits}
        case "interview" if known:
            return {"interview": interview_result(known, findings, answers, sources.facts_of)}
        case "probe" if known:
            return {"probe": probe_result(known, findings, answers, sources.primary_of)}
        case "tells" if known:
            return {"tells": _tells(study, experiment, sources)}
        case _:
            return {}


def _leaves_out_steps(branches: Iterable[ForkBranch]) -> bool:
    turns = sorted(branch.turn for branch in branches)
    return any(after - before > 1 for before, after in pairwise(turns))


def _tells(study: Study, experiment: ForkExperiment, sources: ForkSources) -> TellResult | None:
    """The effects of the pieces that were left out, found again in the parent by their names; None where the
    parent can't be read, or nothing was shown everything."""
    last = [list(branch.edit.get("edits", ()))[-1:] for branch in experiment.branches]
    probe = next((probe for probe in PROBES if last[0] and probe.id == last[0][0].get("id")), None)
    if probe is None or not all(last) or EVERYTHING not in [edit.get("wording") for (edit,) in last]:
        return None
    place = experiment.branches[0]
    try:
        parent = study.trace(place.parent)
    except UlteriorError:
        return None
    if not 0 <= place.at < len(parent.events):
        return None
    pieces: dict[str, Artefact] = {}
    for unread in (True, False):  # all files may be too many to be enclosed, and then some are left out
        material = material_at(parent, place.at, unread=unread)
        found = artefacts_of(material, files=True, sentences=True, within=tuple(material.files))
        pieces |= {piece.name: piece for piece in found}
    return tell_result(experiment, pieces.values(), probe, sources.answers)
