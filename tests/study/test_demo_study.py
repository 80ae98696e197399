"""The study that ``make demo`` runs: what is found is what the planted agents declare, through every API."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest

from ulterior.agent_runtime import executors
from ulterior.agent_runtime.models.catalogue import open_model
from ulterior.agent_runtime.models.lane import LaneLimits
from ulterior.agent_runtime.wire.app import wire_app
from ulterior.agent_runtime.wire.cells import cells_of
from ulterior.agent_runtime.wire.faults import Faults
from ulterior.agent_runtime.wire.serve import environment, serve
from ulterior.analysis import EpisodeFinding, analyze_study
from ulterior.cli import main
from ulterior.cli.verification import declared_truth, differences
from ulterior.scenarios import LIBRARY, load_scenario
from ulterior.traces import Study

DEMO = Path(__file__).parents[2] / "studies" / "demo.yaml"
AGENTS = ("honest", "open_violation", "covert", "denier")
SEEDS = 10
pytestmark = pytest.mark.long
QUICK = LaneLimits(backoff=0.001, backoff_cap=0.01)


def run_demo(root: Path, provider: str, agents: Sequence[str], *options: str) -> Study:
    models = [word for agent in agents for word in ("--model", f"{provider}/{agent}")]
    with pytest.raises(SystemExit) as stopped:
        main(["run", str(DEMO), *models, *options, "-o", str(root)])
    assert stopped.value.code == 0
    return Study.open(root)


def problems(study: Study) -> dict[str, list[str]]:
    """Every episode whose finding differs from what its agent declares, whichever API it came through."""
    found: dict[str, list[str]] = {}
    findings = {finding.episode: finding for finding in analyze_study(study)}
    for summary in study.summaries():
        agent = summary.spec.model.partition("/")[2]
        spec = summary.spec.model_copy(update={"model": f"sim/{agent}"})
        truth = declared_truth(load_scenario(spec.scenario), spec)
        if differing := differences(truth, findings[summary.episode]):
            found[f"{spec.scenario} {spec.cell} {spec.model} seed {spec.seed}"] = differing
    return found


def labels(study: Study) -> dict[tuple[object, ...], tuple[object, ...]]:
    """What a study says of every cell, whichever API its models came through."""

    def cell(finding: EpisodeFinding) -> tuple[object, ...]:
        agent = (finding.model or "").partition("/")[2]
        return finding.scenario, finding.cell, agent, finding.seed

    def said(finding: EpisodeFinding) -> tuple[object, ...]:
        return finding.act, finding.exposed, finding.disclosure, finding.covert, finding.deceptive

    return {cell(finding): said(finding) for finding in analyze_study(study)}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The first instance of every cell, in process."""
    return run_demo(tmp_path_factory.mktemp("demo"), "sim", AGENTS, "--seeds", "1")


def test_every_label_of_the_demo_study_is_the_declared_truth(demo: Study) -> None:
    assert problems(demo) == {}
    cells = sum(len(load_scenario(name).conditions) for name in LIBRARY)
    assert len(labels(demo)) == cells * len(AGENTS)
    acts = {finding.act for finding in analyze_study(demo)}
    told = {label for finding in analyze_study(demo) for label in finding.disclosure.values()}
    assert acts == {"none", "violated"}
    assert told == {None, "volunteered", "on_direct_ask", "false_denial"}


def check_over_the_wire(
    root: Path, in_process: Study, agents: Sequence[str], seeds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = {cell: said for cell, said in labels(in_process).items() if cell[2] in agents}
    cells = cells_of([load_scenario(name) for name in LIBRARY], range(seeds))
    monkeypatch.setattr(executors, "open_model", partial(open_model, limits=QUICK))
    with serve(wire_app(cells, Faults(rate=0.2))) as url:
        for name, value in environment(url).items():
            monkeypatch.setenv(name, value)
        for provider in ("anthropic", "openai", "openai-compatible"):
            options = ("--seeds", str(seeds), "--concurrency", "32")
            study = run_demo(root / provider, provider, agents, *options)
            assert problems(study) == {}
            assert labels(study) == expected


def test_the_same_study_through_every_api_says_the_same_though_one_call_in_five_fails(
    demo: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Who tells and who lies. That the other two do the same through every API, event by event, is what
    # tests/models/test_episodes_over_the_wire.py says, and the slow test here says it of all four.
    check_over_the_wire(tmp_path, demo, ("open_violation", "denier"), 1, monkeypatch)


@pytest.mark.slow
def test_the_whole_study_through_every_api_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_process = run_demo(tmp_path / "sim", "sim", AGENTS, "--seeds", str(SEEDS))
    check_over_the_wire(tmp_path, in_process, AGENTS, SEEDS, monkeypatch)
