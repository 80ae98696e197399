"""One branch of a fork experiment: its forks, and how often they came to what.

The numbers are those of ``analysis/forks.py``, ``interviews.py`` and ``probes.py``, asked about an experiment
of one branch. What they say is then about one fork point.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from ulterior.analysis import EpisodeFinding, edit_result
from ulterior.analysis.asked import Answer
from ulterior.analysis.forks import MISSING, OUTCOMES, step_rate
from ulterior.analysis.interviews import FactsOf, interview_result, role_of
from ulterior.analysis.probes import probe_result
from ulterior.analysis.statistics import Rate
from ulterior.analysis.statistics.paired import Difference
from ulterior.scenarios import Condition
from ulterior.traces import ForkBranch, ForkExperiment
from ulterior.viewer.documents import Branch, ForkContrast, ForkListed
from ulterior.viewer.edit_words import edit_words
from ulterior.viewer.outcomes import outcome_of

__all__ = ["ForkSources", "branch_of", "known_part"]

_Estimated = TypeVar("_Estimated", Rate, Difference)


@dataclass(frozen=True)
class ForkSources:
    """What branches are counted from: findings and answers by episode, and what scenarios declare: their
    facts, and their condition that tempts."""

    findings: Mapping[str, EpisodeFinding]
    answers: Mapping[str, Answer]
    facts_of: FactsOf
    primary_of: Callable[[str], Condition]


def branch_of(experiment: ForkExperiment, branch: ForkBranch, sources: ForkSources) -> Branch:
    """The branch with its forks, those that have not been run too."""
    return Branch(
        arm=branch.arm,
        parent=branch.parent,
        at=branch.at,
        turn=branch.turn,
        edits=edit_words(branch.edit),
        forks=tuple(_listed(episode, sources.findings.get(episode)) for episode in branch.episodes),
        dropped=len(branch.dropped),
        **_counted(experiment, branch, sources),
    )


def known_part(experiment: ForkExperiment, findings: Mapping[str, EpisodeFinding]) -> ForkExperiment | None:
    """The experiment without branches whose parents are not there any more; None when nothing is left."""
    branches = tuple(branch for branch in experiment.branches if branch.parent in findings)
    return experiment.model_copy(update={"branches": branches}) if branches else None


def _listed(episode: str, finding: EpisodeFinding | None) -> ForkListed:
    if finding is None:
        return ForkListed(episode=episode, act=None, outcome="missing", reason=MISSING)
    reason = finding.reasons.get("act") if finding.act is None else None
    return ForkListed(episode=episode, act=finding.act, outcome=outcome_of(finding), reason=reason)


def _counted(experiment: ForkExperiment, branch: ForkBranch, sources: ForkSources) -> dict[str, Any]:
    alone = known_part(experiment.model_copy(update={"branches": (branch,)}), sources.findings)
    match experiment.kind:
        case "edit" | "scan":
            return _acts(experiment, branch, sources)
        case "interview":
            return _said(alone, sources) if alone else {"rates": {}}
        case "probe" | "tells":
            return _answered(alone, sources) if alone else {"rates": {}}


def _acts(experiment: ForkExperiment, branch: ForkBranch, sources: ForkSources) -> dict[str, Any]:
    counted = {outcome: step_rate(branch, sources.findings, outcome) for outcome in OUTCOMES}
    return {
        "rates": {outcome: _here(step.rate) for outcome, step in counted.items()},
        "unscored": {outcome: step.unscored for outcome, step in counted.items() if step.unscored},
        "effects": _effects(experiment, branch, sources) if branch.arm == "edit" else (),
    }


def _effects(
    experiment: ForkExperiment, branch: ForkBranch, sources: ForkSources
) -> tuple[ForkContrast, ...]:
    """This branch minus its parent's control."""
    control = [each for each in experiment.branches if (each.arm, each.parent) == ("control", branch.parent)]
    pair = experiment.model_copy(update={"branches": (*control, branch)})
    return tuple(
        ForkContrast(outcome=each.outcome, difference=_here(each.difference), left_out=each.left_out)
        for each in edit_result(pair, sources.findings).contrasts
    )


def _said(alone: ForkExperiment, sources: ForkSources) -> dict[str, Any]:
    """What was said to the question put, of what there is to say for somebody who did what the parent did."""
    branch = alone.branches[0]
    role = role_of(sources.findings[branch.parent])
    asked = next((str(edit.get("wording", "")) for edit in branch.edit.get("edits", [])), "")
    tables = interview_result(alone, sources.findings, sources.answers, sources.facts_of).tables
    wordings = [wording for table in tables for wording in table.wordings]
    if role is None or not wordings:
        return {"rates": {}, "asked": asked or None}
    (found,) = wordings
    rates = {"denied": found.denied, "told": found.told} if role == "violator" else {}
    rates = rates or {"confessed": found.confessed}
    unscored = found.unscored[role]
    return {
        "rates": {name: _here(rate) for name, rate in rates.items()},
        "unscored": {name: unscored for name in rates if unscored},
        "asked": asked,
    }


def _answered(alone: ForkExperiment, sources: ForkSources) -> dict[str, Any]:
    """The answers to the probe put; of tells, which end with it, ``asked`` is the piece that was left out."""
    branch = alone.branches[0]
    nothing: dict[str, Any] = {}
    put = next((edit for edit in branch.edit.get("edits", []) if "asks" in edit), nothing)
    probed = alone.model_copy(update={"branches": (branch.model_copy(update={"edit": {"edits": [put]}}),)})
    asked = str(put.get("wording") or put.get("id") or "") or None
    arms = probe_result(probed, sources.findings, sources.answers, sources.primary_of).arms
    found = next((each for arm in arms for each in arm.probes if each.probe == put.get("id")), None)
    if found is None:
        return {"rates": {}, "asked": asked}
    unscored = found.unscored
    return {
        "rates": {answer: _here(rate) for answer, rate in found.answers.items()},
        "unscored": {answer: unscored for answer in found.answers if unscored},
        "asked": asked,
        "mean": found.mean,
    }


def _here(number: _Estimated) -> _Estimated:
    return number.model_copy(update={"estimand": "this fork point"})
