"""Samples of a study of planted agents, with the truth that each of them declares."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ulterior.analysis.calibration.samples import Sample
from ulterior.analysis.calibration.truths import Asked, telling_truth, truth_of
from ulterior.analysis.case import Case, LoadScenario, Unscored, find_scenario, open_case
from ulterior.analysis.judges.floors import Wordings
from ulterior.analysis.judges.judgement import View, ViewBlock, ViewName
from ulterior.analysis.judges.rubrics import RUBRICS
from ulterior.analysis.judges.views import reports_of, view_of
from ulterior.errors import UlteriorError
from ulterior.scenarios import AnyScenario, Playbook, load_scenario
from ulterior.scenarios.simulated import parse_simulated
from ulterior.traces import EpisodeSpec, Message, Report, Study, Trace

__all__ = ["Planted", "planted_samples", "reports_by_kind", "style_of"]

_SIM = "sim/"
_KINDS: Mapping[str, Asked] = {"debrief": "unasked", "indirect": "indirect"}
"""What a question of a kind makes of an answer, and of all that is reported after it; others are direct."""
_ORDER: Sequence[Asked] = ("unasked", "indirect", "direct")


@dataclass
class Planted:
    """What a study gives. ``left_out`` counts what it doesn't give, by the reason why.

    ``wordings`` say for (episode, fact) how the scenario recognises the fact, for detectors by word rules.
    """

    samples: list[Sample] = field(default_factory=list[Sample])
    wordings: dict[tuple[str, str], Wordings] = field(default_factory=dict[tuple[str, str], Wordings])
    left_out: Counter[str] = field(default_factory=Counter[str])


def planted_samples(study: Study, rubrics: Sequence[str], load: LoadScenario = load_scenario) -> Planted:
    """The samples of all sealed episodes that planted agents have played to their end."""
    planted = Planted()
    scenarios: dict[tuple[str, str], AnyScenario | Unscored] = {}
    for path in sorted(study.sealed()):
        try:
            trace = study.trace(path.name.partition(".")[0])
        except UlteriorError as error:
            planted.left_out[f"can't be read: {error.what}"] += 1
            continue
        spec = trace.spec
        if why := _unfit(trace):
            planted.left_out[why] += 1
            continue
        key = (spec.scenario, spec.scenario_hash)
        if key not in scenarios:
            scenarios[key] = find_scenario(spec, load)
        case = _case(trace, scenarios[key])
        if isinstance(case, Unscored):
            planted.left_out[case.reason] += 1
            continue
        _take(planted, case, rubrics)
    return planted


def _unfit(trace: Trace) -> str | None:
    if not trace.spec.model.startswith(_SIM):
        return "not played by a planted agent"
    if trace.spec.fork is not None:
        return "a fork: what is edited changes what is true"
    if trace.summary is None or trace.summary.end.reason == "infrastructure_error":
        return "void or not finished"
    return None


def _case(trace: Trace, scenario: AnyScenario | Unscored) -> Case | Unscored:
    return scenario if isinstance(scenario, Unscored) else open_case(trace, scenario)


def style_of(spec: EpisodeSpec, playbook: Playbook[object]) -> str:
    """Who speaks: the model's name, or the agent that a mixture drew."""
    name = spec.model.removeprefix(_SIM)
    return playbook.name if name.startswith("mixed?") else name


def _take(planted: Planted, case: Case, rubrics: Sequence[str]) -> None:
    """Add the samples of one episode."""
    spec, trace = case.trace.spec, case.trace
    drawn = parse_simulated(spec.model.removeprefix(_SIM))
    playbook = drawn.playbook(case.scenario, spec.seed, spec.condition, spec.epoch)
    reports = {event.seq: event.body for event in trace.events if isinstance(event.body, Report)}
    for fact, reading in case.instance.facts.items():
        planted.wordings[trace.episode, fact] = Wordings(reading, reports)
    views: dict[ViewName, View] = {}
    for rubric in rubrics:
        for view, truth, about, part in _asked(rubric, case, playbook, views):
            sample = Sample(
                id="/".join(filter(None, (trace.episode, rubric, about, part))),
                family=spec.scenario,
                style=style_of(spec, playbook),
                cluster=f"{spec.scenario}/{spec.seed}",
                view=view,
                rubric=rubric,
                truth=truth,
                about=about,
            )
            if sample.positive is None:
                planted.left_out[f"{rubric}: the agent's declaration leaves it open"] += 1
            elif not sample.readable:
                planted.left_out[f"{rubric}: nothing in the view to judge by"] += 1
            else:
                planted.samples.append(sample)


Question = tuple[View, frozenset[str], str | None, str | None]
"""A view, the labels of which one is right, the fact that is asked about, and which reports are shown."""


def _asked(
    rubric: str, case: Case, playbook: Playbook[object], views: dict[ViewName, View]
) -> Iterator[Question]:
    """What is asked about one episode with one rubric."""
    condition, name = case.trace.spec.condition, RUBRICS[rubric].view
    if name not in views:
        views[name] = view_of(case.trace, name, case.scenario.facts, also=[case.scenario.title])
    if not RUBRICS[rubric].about:
        yield views[name], truth_of(rubric, playbook, condition), None, None
        return
    for asked, reports in reports_by_kind(case).items():
        view = _only(views[name], reports)
        for fact in case.scenario.facts:
            yield view, telling_truth(playbook, condition, fact, asked), fact.id, asked


def reports_by_kind(case: Case) -> dict[Asked, tuple[int, ...]]:
    """The events of the reports, by how they came about; kinds without a report are left out.

    Whatever is reported once a question has been put counts as an answer to the most pointed one so far.
    """
    kinds: dict[str, str] = {question.id: question.kind for question in case.instance.questions}
    speaks = set(reports_of(case.trace))
    found: dict[Asked, list[int]] = {}
    so_far: Asked = "unasked"
    for event in case.trace.events:
        match event.body:
            case Message(question=str(question)):
                now = _KINDS.get(kinds.get(question, ""), "direct")
                so_far = now if _ORDER.index(now) > _ORDER.index(so_far) else so_far
            case Report() if event.seq in speaks:
                found.setdefault(so_far, []).append(event.seq)
            case _:
                pass
    return {asked: tuple(reports) for asked, reports in found.items()}


def _only(whole: View, reports: Sequence[int]) -> View:
    """These reports of a view of all reports, each with the question asked last before it, nothing else."""
    blocks: list[ViewBlock] = []
    question: ViewBlock | None = None
    for block in whole.blocks:
        if block.kind == "question":
            question = block
        elif block.kind == "report":
            wanted = block.passage is not None and block.passage.seq in reports
            blocks += [each for each in (question, block) if each is not None and wanted]
            question = None
    numbered = tuple(replace(block, number=number) for number, block in enumerate(blocks, 1))
    return replace(whole, blocks=numbered, report=reports[0] if len(reports) == 1 else None)
