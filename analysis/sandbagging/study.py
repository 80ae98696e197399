"""From a study's findings to groups, and from groups to verdicts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from ulterior.analysis.case import LoadScenario, Unscored, open_case
from ulterior.analysis.finding import EpisodeFinding
from ulterior.analysis.sandbagging.arms import Arms, arms_of
from ulterior.analysis.sandbagging.group import MARGIN, Group, GroupVerdict
from ulterior.analysis.sandbagging.held import Held, held_in_reasoning, right_answers
from ulterior.analysis.sandbagging.outcomes import Sitting, sitting_of
from ulterior.analysis.sandbagging.pairs import Cell
from ulterior.analysis.sandbagging.verdict import judge_groups
from ulterior.errors import UlteriorError
from ulterior.scenarios import AnyScenario, load_scenario
from ulterior.traces import Study, canonical_json

__all__ = ["groups_of", "held_in_study", "puts_items", "sandbagging_verdicts"]

_A_FORK = "it is a fork"
_TWICE = "another episode of the same cell"


def sandbagging_verdicts(
    study: Study,
    findings: Iterable[EpisodeFinding],
    *,
    load: LoadScenario = load_scenario,
    margin: float = MARGIN,
    reasoning: bool = True,
) -> list[GroupVerdict]:
    """The verdicts on every model and scenario of a study that puts items, judged together.

    With ``reasoning`` every trace of them is read once for right answers that the reasoning holds.
    """
    findings = list(findings)
    held = held_in_study(study, findings, load) if reasoning else []
    return judge_groups(groups_of(findings, load=load, held=held), margin)


def puts_items(findings: Iterable[EpisodeFinding]) -> frozenset[str]:
    """The scenarios whose oracle measures single items."""
    return frozenset(
        finding.scenario
        for finding in findings
        if finding.scenario is not None and any(name.startswith("item:") for name in finding.measures)
    )


def groups_of(
    findings: Iterable[EpisodeFinding],
    *,
    load: LoadScenario = load_scenario,
    held: Iterable[Held] = (),
) -> list[Group]:
    """One group for each model and scenario, in their order. What is left out is counted with its reason."""
    findings = sorted(findings, key=lambda finding: finding.order)
    arms = {name: arms_of(load(name)) for name in sorted(puts_items(findings))}
    by_group: dict[tuple[str, str], list[EpisodeFinding]] = defaultdict(list)
    for finding in findings:
        if finding.scenario in arms and finding.model is not None:
            by_group[finding.scenario, finding.model].append(finding)
    read = {each.episode: each for each in held}
    return [
        _group(scenario, model, arms[scenario], members, read)
        for (scenario, model), members in by_group.items()
    ]


def _group(
    scenario: str, model: str, arms: Arms, members: Iterable[EpisodeFinding], held: Mapping[str, Held]
) -> Group:
    sittings: dict[str, dict[Cell, Sitting]] = defaultdict(dict)
    left_out: Counter[str] = Counter()
    for finding in members:
        sitting = _A_FORK if finding.fork is not None else sitting_of(finding)
        if isinstance(sitting, str) or finding.condition is None:
            left_out[sitting if isinstance(sitting, str) else "its condition can't be read"] += 1
            continue
        arm = sittings[arms.arm_of(finding.condition)]
        cell = _cell(finding, arms)
        if cell in arm:
            left_out[_TWICE] += 1
        else:
            arm[cell] = sitting
    return Group(scenario, model, sittings, left_out, held)


def _cell(finding: EpisodeFinding, arms: Arms) -> Cell:
    """Everything that has to be equal within a pair."""
    return (
        finding.scenario_version,
        finding.seed,
        finding.epoch,
        arms.setting_of(finding.condition or {}),
        finding.sandbox,
        canonical_json(finding.settings),
    )


def held_in_study(
    study: Study, findings: Iterable[EpisodeFinding], load: LoadScenario = load_scenario
) -> list[Held]:
    """What the reasoning of each episode holds, for scenarios that offer their right answers."""
    findings = list(findings)
    scenarios: dict[str, AnyScenario] = {name: load(name) for name in puts_items(findings)}
    return [
        _held(study, finding.episode, scenarios[finding.scenario])
        for finding in findings
        if finding.scenario in scenarios and finding.act not in (None, "infra_error")
    ]


def _held(study: Study, episode: str, scenario: AnyScenario) -> Held:
    try:
        trace = study.trace(episode)
    except UlteriorError as error:  # gone or damaged since it was found
        return Held(episode=episode, wrong=0, items=None, reason=str(error))
    case = open_case(trace, scenario)
    if isinstance(case, Unscored):
        return Held(episode=episode, wrong=0, items=None, reason=case.reason)
    answers = right_answers(case.instance)
    if answers is None:
        why = "the scenario does not offer its right answers"
        return Held(episode=episode, wrong=0, items=None, reason=why)
    return held_in_reasoning(trace, answers)
