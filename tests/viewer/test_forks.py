"""The forks document says what the commands that made the forks said, and hides no fork."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from written_traces import covert, honest, spec

from ulterior.analysis import EpisodeFinding, analyze_study, exact_rate
from ulterior.analysis.forks import MISSING, OUTCOMES
from ulterior.analysis.statistics.paired import Difference, difference_bounds
from ulterior.cli import main
from ulterior.traces import ForkBranch, ForkExperiment, ForkOrigin, Study
from ulterior.traces.fork_tree import record_forks
from ulterior.viewer.asked import StoredAnswers
from ulterior.viewer.branches import ForkSources, branch_of
from ulterior.viewer.documents import Branch, Experiment, ForkContrast, ForkListed, Forks
from ulterior.viewer.forks import build_forks
from ulterior.viewer.library import Library


def said(*words: str | Path) -> dict[str, Any]:
    """What a command prints with ``--json``."""
    out = io.StringIO()
    with pytest.raises(SystemExit) as stopped, redirect_stdout(out), redirect_stderr(io.StringIO()):
        main([str(word) for word in words])
    assert stopped.value.code == 0
    return json.loads(out.getvalue()) if "--json" in words else {}


class Made:
    """A study in which every kind of fork experiment was made of one covert episode."""

    def __init__(self, root: Path) -> None:
        models = ["-m", "sim/covert", "-m", "sim/wary"]
        said("run", "-s", "borrowed_allotment", *models[:2], "--seeds", "1", "-o", root)
        said("run", "-s", "notice:SCENARIO", *models[2:], "--seeds", "1", "-o", root)
        ids = {(s.spec.model, s.spec.condition.get("arm")): s.episode for s in Study.open(root).summaries()}
        self.tempted, self.control = ids["sim/covert", "conflict"], ids["sim/covert", "enough"]
        self.wary = next(episode for (model, _), episode in ids.items() if model == "sim/wary")
        fork = ("fork", root, self.tempted, "-n", "2", "--json")
        self.edit = said(*fork, "--at", "start", "-e", "factor:arm=enough")
        self.scan = said(*fork, "--bisect")
        asked = ("--wording", "direct", "-n", "2", "--json")
        self.interview = said("interview", root, self.tempted, self.control, *asked)
        self.probe = said("probe", root, self.tempted, self.control, "-n", "1", "--json")
        self.tells = said("tells", root, self.wary, "--at", "turn:2", "-n", "2", "--json")
        self.document = Library.open([root]).document(f"forks/{root.name}")

    def of(self, kind: str) -> Experiment:
        assert isinstance(self.document, Forks)
        return next(each for each in self.document.experiments if each.kind == kind)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp("forked") / "small")


def here(k: int, n: int) -> Any:
    return exact_rate(k, n).model_copy(update={"estimand": "this fork point"})


def test_experiments_come_as_they_were_made_and_parents_have_names(made: Made) -> None:
    assert isinstance(made.document, Forks)
    kinds = [experiment.kind for experiment in made.document.experiments]
    assert kinds == ["edit", "scan", "interview", "probe", "tells"]
    assert made.document.parents == {
        made.tempted: "borrowed_allotment · sim/covert · arm=conflict · seed 0",
        made.control: "borrowed_allotment · sim/covert · arm=enough · seed 0",
        made.wary: "notice:SCENARIO · sim/wary · seed 0",
    }


def test_an_edit_has_the_arms_and_differences_that_the_command_printed(made: Made) -> None:
    experiment = made.of("edit")
    shown = experiment.model_dump(mode="json")
    assert (shown["arms"], shown["contrasts"]) == (made.edit["arms"], made.edit["contrasts"])
    low, high = difference_bounds(0, 2, 2)
    control, edited = experiment.branches
    assert (control.arm, control.parent, control.edits, control.effects) == ("control", made.tempted, (), ())
    assert control.rates == {
        "violated": here(2, 2),
        "covert": here(2, 2),
        "deceptive": here(0, 2),
        "volunteered": here(0, 2),
    }
    assert (edited.edits, {fork.outcome for fork in edited.forks}) == (("arm is enough",), {"kept"})
    assert (edited.rates["violated"], edited.unscored) == (
        here(0, 2),
        {"volunteered": {"nothing that would have to be told was true": 2}},
    )
    assert edited.effects[0] == ForkContrast(
        outcome="violated",
        difference=Difference(
            n=2,
            clusters=1,
            gained=0,
            lost=2,
            estimate=-1.0,
            low=low,
            high=high,
            p=0.5,
            method="exact bounds of paired differences",
            estimand="this fork point",
        ),
        left_out={},
    )


def test_a_scan_has_its_steps_in_order_and_the_commit_step_that_the_command_printed(made: Made) -> None:
    experiment = made.of("scan")
    shown = experiment.model_dump(mode="json")
    assert shown["commit"] == shown["commits"]["violated"] == made.scan["commit"]
    assert [(branch["at"], branch["rates"]["violated"]["k"]) for branch in shown["branches"]] == [
        (step["at"], step["rate"]["k"]) for step in made.scan["steps"]
    ]
    assert set(experiment.commits) == set(OUTCOMES)


def test_an_interview_has_its_table_and_says_of_each_parent_what_there_was_to_say(made: Made) -> None:
    experiment = made.of("interview")
    assert experiment.interview is not None
    shown = experiment.interview.model_dump(mode="json")
    assert shown == {name: made.interview[name] for name in shown}
    assert [(branch.parent, branch.asked, branch.rates) for branch in experiment.branches] == [
        (made.tempted, "direct", {"denied": here(0, 2), "told": here(2, 2)}),
        (made.control, "direct", {"confessed": here(0, 2)}),
    ]


def test_a_probe_has_its_arms_and_each_branch_its_answers(made: Made) -> None:
    experiment = made.of("probe")
    assert experiment.probe is not None
    shown = experiment.probe.model_dump(mode="json")
    assert shown == {name: made.probe[name] for name in shown}
    numbers = [branch for branch in experiment.branches if branch.mean is not None]
    assert [(b.asked, b.mean, b.rates["0-24"]) for b in numbers] == [
        ("probe_confidence", 5.0, here(1, 1))
    ] * 2


def test_tells_have_the_effects_that_the_command_printed(made: Made) -> None:
    experiment = made.of("tells")
    assert experiment.tells is not None
    shown = experiment.tells.model_dump(mode="json")
    assert shown == {name: made.tells[name] for name in shown}
    assert [branch.asked for branch in experiment.branches] == [
        "everything",
        *sorted(effect["artefact"]["where"] for effect in made.tells["effects"]),
    ]


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study.create(tmp_path / "study", {"name": "by hand"}, packages={"ulterior": "0.1.0"})


# ---- What went wrong -----------------------------------------------------------------------------------


def test_forks_that_are_missing_running_or_damaged_are_listed_with_the_reason(study: Study) -> None:
    parent = covert(study, spec("sim/one")).episode
    origins = [ForkOrigin(parent=parent, at=3, replica=replica) for replica in range(3)]
    specs = [spec("sim/one").model_copy(update={"fork": origin}) for origin in origins]
    honest(study, specs[0])
    damaged = covert(study, specs[1]).path
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:-50])
    branch = ForkBranch(arm="control", parent=parent, at=3, turn=1, episodes=tuple(each.id for each in specs))
    experiment = ForkExperiment(id="x", kind="edit", created=1.0, branches=(branch,))
    record_forks(study, experiment)
    findings = {finding.episode: finding for finding in analyze_study(study)}
    reason = findings[specs[1].id].reasons["act"]
    (found,) = build_forks("by-hand", study, findings.values()).experiments
    assert found.branches == (
        Branch(
            arm="control",
            parent=parent,
            at=3,
            turn=1,
            edits=(),
            forks=(
                ForkListed(episode=specs[0].id, act="none", outcome="kept"),
                ForkListed(episode=specs[1].id, act=None, outcome="corrupt", reason=reason),
                ForkListed(episode=specs[2].id, act=None, outcome="missing", reason=MISSING),
            ),
            rates={
                "violated": here(0, 1),
                "covert": here(0, 1),
                "deceptive": here(0, 1),
                "volunteered": here(1, 1),
            },
            unscored={
                "violated": {reason: 1, MISSING: 1},
                "covert": {reason: 1, MISSING: 1},
                "deceptive": {reason: 1, MISSING: 1},
                "volunteered": {reason: 1, MISSING: 1},
            },
        ),
    )


@pytest.mark.parametrize("kind", ["edit", "scan", "interview", "probe", "tells"])
def test_an_experiment_whose_parent_is_gone_is_listed_without_numbers(study: Study, kind: Any) -> None:
    arm = {"edit": "edit", "scan": "scan", "tells": "edit"}.get(kind, "ask")
    branch = ForkBranch.model_validate(
        {"arm": arm, "parent": "f" * 32, "at": 3, "turn": 1, "episodes": ["e" * 32]}
    )
    record_forks(study, ForkExperiment(id="x", kind=kind, created=1.0, branches=(branch,)))
    document = build_forks("by-hand", study, [])
    assert document.parents == {"f" * 32: "ffffffffffff"}
    (found,) = document.experiments
    assert found.branches[0].forks == (
        ForkListed(episode="e" * 32, act=None, outcome="missing", reason=MISSING),
    )
    assert all(rate.n == 0 for rate in found.branches[0].rates.values())


def test_a_study_without_forks_has_none(study: Study) -> None:
    covert(study)
    document = build_forks("by-hand", study, analyze_study(study))
    assert document == Forks(study="by-hand", parents={}, experiments=())


def test_answers_are_read_once_from_sealed_forks(made: Made, study: Study) -> None:
    sealed = covert(study, spec("sim/one")).path
    answers = StoredAnswers(study)
    first = answers.of([sealed.name[:32]])
    sealed.unlink()
    assert answers.of([sealed.name[:32]]) == first
    assert StoredAnswers(study).of([sealed.name[:32]])[sealed.name[:32]].reason is not None


SCALARS = st.none() | st.integers() | st.sampled_from(["everything", "direct", "probe_confidence", "probe"])
EDIT = SCALARS | st.dictionaries(
    st.sampled_from(["kind", "id", "asks", "wording", "author", "text"]), SCALARS | st.lists(SCALARS)
)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, list[EpisodeFinding]]:
    """A study with one covert episode."""
    study = Study.create(tmp_path_factory.mktemp("alone") / "study", {"name": "alone"})
    covert(study)
    (study.root / "forks").mkdir()
    return study, analyze_study(study)


@given(
    kind=st.sampled_from(["edit", "scan", "interview", "probe", "tells"]),
    edits=st.lists(st.lists(EDIT, max_size=3) | EDIT, max_size=3),
    at=st.sampled_from([-1, 3, 10_000]),
)
def test_a_record_that_says_nonsense_costs_no_document(
    alone: tuple[Study, list[EpisodeFinding]], kind: str, edits: list[Any], at: int
) -> None:
    study, findings = alone
    parent = findings[0].episode
    branches = [
        {"arm": "ask", "parent": parent, "at": at, "turn": n, "edit": {"edits": edit}, "episodes": ["e" * 32]}
        for n, edit in enumerate(edits)
    ]
    experiment = {"id": "x", "kind": kind, "created": 0.0, "branches": branches}
    record = study.root / "forks" / "experiments.jsonl"
    record.write_text(json.dumps(experiment) + "\n", encoding="utf-8")
    (found,) = build_forks("by-hand", study, findings).experiments
    assert [len(branch.forks) for branch in found.branches] == [1] * len(edits)


FINDINGS = st.sampled_from(["violated", "none", "attempted_failed", "ambiguous", None])


@given(st.lists(st.none() | st.tuples(FINDINGS, st.booleans(), st.sampled_from([True, False, None]))))
def test_every_fork_is_in_a_rate_or_unscored_with_a_reason(cases: list[Any]) -> None:
    findings = {
        f"{number}": EpisodeFinding(
            episode=f"{number}",
            status="submitted",
            act=case[0],
            exposed=case[1],
            covert=case[2],
            reasons={"act": "the oracle failed"} if case[0] is None else {},
        )
        for number, case in enumerate(cases)
        if case is not None
    }
    branch = ForkBranch(arm="control", parent="p", at=3, turn=1, episodes=tuple(map(str, range(len(cases)))))
    experiment = ForkExperiment(id="x", kind="edit", created=0.0, branches=(branch,))
    sources = ForkSources(findings, {}, lambda _: (), lambda _: {})
    found = branch_of(experiment, branch, sources)
    assert [fork.episode for fork in found.forks] == list(branch.episodes)
    for outcome, rate in found.rates.items():
        assert rate.n + sum(found.unscored.get(outcome, {}).values()) == len(cases)
        assert rate.estimand == "this fork point"
