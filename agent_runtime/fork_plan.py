"""Planning fork experiments: which episodes to run, and the record of what they are to each other."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from ulterior.agent_runtime.edits import AskEdit, Edit, recorded
from ulterior.agent_runtime.fork_points import HANDOVER, Place, Step
from ulterior.agent_runtime.forks import begin_fork, fork_spec
from ulterior.agent_runtime.models.catalogue import check_model
from ulterior.errors import UsageError
from ulterior.sandbox import BACKENDS
from ulterior.scenarios import AnyScenario, Question, load_scenario
from ulterior.scenarios.awareness import probe_questions
from ulterior.scenarios.wording import Wording, interview_questions
from ulterior.traces import EpisodeSpec, ForkBranch, ForkExperiment, Trace, experiment_id
from ulterior.traces.fork_tree import Arm, Kind

__all__ = ["ForkPlan", "plan_edit", "plan_interview", "plan_probe", "plan_scan", "plan_tells", "scenario_of"]


@dataclass(frozen=True)
class ForkPlan:
    """A checked experiment with its episodes, in the order to run them: replica by replica, arms together."""

    experiment: ForkExperiment
    specs: tuple[EpisodeSpec, ...]


@dataclass(frozen=True)
class _Branch:
    branch: ForkBranch
    specs: tuple[EpisodeSpec, ...]


def plan_edit(
    parents: Sequence[Trace],
    place: Place,
    edits: Sequence[Edit],
    replicas: int,
    *,
    sandbox: str | None,
    environ: Mapping[str, str],
    now: float,
) -> ForkPlan:
    """Forks of every parent at a place, with the edits and, as a control, without; ``replicas`` of each.

    Everything that can be wrong with it is found here, before anything runs. Raises :class:`UsageError`.
    """
    branches: list[_Branch] = []
    for parent in parents:
        at = place.locate(parent)
        branches.append(_branch("control", parent, at, (), replicas, sandbox, environ))
        if edits:
            branches.append(_branch("edit", parent, at, edits, replicas, sandbox, environ))
    return _plan("edit", branches, sandbox, now)


def plan_scan(
    parent: Trace,
    steps: Iterable[Step],
    replicas: int,
    *,
    sandbox: str | None,
    environ: Mapping[str, str],
    now: float,
) -> ForkPlan:
    """``replicas`` forks without an edit from each of these steps. Raises as :func:`plan_edit` does."""
    branches = [_branch("scan", parent, step.at, (), replicas, sandbox, environ) for step in steps]
    return _plan("scan", branches, sandbox, now)


def plan_interview(
    parents: Iterable[Trace],
    wordings: Collection[Wording],
    replicas: int,
    *,
    sandbox: str | None,
    environ: Mapping[str, str],
    now: float,
) -> ForkPlan:
    """``replicas`` forks of every parent at its hand-over for each of these wordings of its questions.

    Raises as :func:`plan_edit` does.
    """
    asked: list[tuple[Trace, AskEdit]] = []
    for parent in parents:
        spec = parent.spec
        for wording, question in interview_questions(scenario_of(parent), spec.seed, spec.condition):
            if wording in wordings:
                asked.append((parent, _asking(question, wording.name)))
    return _plan_questions("interview", asked, HANDOVER, replicas, sandbox, environ, now)


def plan_probe(
    parents: Iterable[Trace],
    place: Place,
    replicas: int,
    *,
    sandbox: str | None,
    environ: Mapping[str, str],
    now: float,
) -> ForkPlan:
    """``replicas`` forks of every parent for each question of the awareness probe. Raises likewise."""
    asked = [
        (parent, _asking(question))
        for parent in parents
        for question in probe_questions(parent.spec.seed, parent.spec.epoch)
    ]
    return _plan_questions("probe", asked, place, replicas, sandbox, environ, now)


def plan_tells(
    parent: Trace,
    at: int,
    arms: Sequence[Sequence[Edit]],
    replicas: int,
    *,
    sandbox: str | None,
    environ: Mapping[str, str],
    now: float,
) -> ForkPlan:
    """``replicas`` forks of one parent behind event ``at`` for each of these arms, the control first.

    Raises as :func:`plan_edit` does.
    """
    named: list[tuple[Arm, Sequence[Edit]]] = [
        ("control" if each is arms[0] else "edit", each) for each in arms
    ]
    branches = [_branch(arm, parent, at, edits, replicas, sandbox, environ) for arm, edits in named]
    return _plan("tells", branches, sandbox, now)


def _asking(question: Question, wording: str = "") -> AskEdit:
    return AskEdit(
        id=question.id, asks=question.kind, author=question.author, text=question.text, wording=wording
    )


def _plan_questions(
    kind: Kind,
    asked: Iterable[tuple[Trace, AskEdit]],
    place: Place,
    replicas: int,
    sandbox: str | None,
    environ: Mapping[str, str],
    now: float,
) -> ForkPlan:
    branches = [
        _branch("ask", parent, place.locate(parent), (edit,), replicas, sandbox, environ)
        for parent, edit in asked
    ]
    return _plan(kind, branches, sandbox, now)


def scenario_of(parent: Trace) -> AnyScenario:
    """The scenario that a parent was run with. Raises :class:`UsageError` when it has changed since."""
    scenario = load_scenario(parent.spec.scenario)
    if scenario.content_hash != parent.spec.scenario_hash:
        raise UsageError(
            f"can't fork {parent.episode[:12]}",
            f"scenario {parent.spec.scenario} has changed since: a fork would go on in another one",
            "run the parent again, or use the version of the scenario that it was run with",
        )
    return scenario


def _branch(
    arm: Arm,
    parent: Trace,
    at: int,
    edits: Sequence[Edit],
    replicas: int,
    sandbox: str | None,
    environ: Mapping[str, str],
) -> _Branch:
    if sandbox is not None and sandbox not in BACKENDS:
        raise UsageError(f"unknown sandbox {sandbox!r}", fix=f"choose one of: {', '.join(BACKENDS)}")
    scenario = scenario_of(parent)
    beginning = begin_fork(parent, at, scenario, edits)
    first = fork_spec(parent, at, scenario, edits, sandbox=sandbox)
    check_model(first.model, {k: v for k, v in first.settings.items() if k != "limits"}, environ)
    assert first.fork is not None, "made by fork_spec"
    origins = [first.fork.model_copy(update={"replica": replica}) for replica in range(replicas)]
    specs = tuple(first.model_copy(update={"fork": origin}) for origin in origins)
    branch = ForkBranch(
        arm=arm,
        parent=parent.episode,
        at=at,
        turn=beginning.state.turns + 1,
        edit=recorded(edits),
        dropped=tuple(beginning.dropped),
        episodes=tuple(spec.id for spec in specs),
    )
    return _Branch(branch, specs)


def _plan(kind: Kind, branches: Sequence[_Branch], sandbox: str | None, now: float) -> ForkPlan:
    records = tuple(each.branch for each in branches)
    experiment = ForkExperiment(
        id=experiment_id(kind, sandbox, records),
        kind=kind,
        created=now,
        sandbox=sandbox,
        branches=records,
    )
    rounds = zip_longest(*(each.specs for each in branches))
    return ForkPlan(experiment, tuple(spec for each in rounds for spec in each if spec is not None))
