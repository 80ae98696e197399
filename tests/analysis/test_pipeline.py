"""All episodes of a study, one by one: in order, in several processes, whatever dies meanwhile."""

import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import deadly_desk
import pytest
from written_traces import Episode, covert, denier, honest, openly, read_rule, spec

from ulterior.analysis import EpisodeFinding, analyze_study, iter_findings
from ulterior.analysis.findings import EpisodeAnalyst
from ulterior.analysis.work import plan_work
from ulterior.cli import main
from ulterior.traces import EpisodeSpec, Study


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> int:
    """A number of workers that are started even for a few episodes, and get a few each."""
    monkeypatch.setattr("ulterior.analysis.pipeline._WORTH", 1)
    monkeypatch.setattr("ulterior.analysis.work._LEAST", 2)
    return 2


def deadly(seed: int, model: str = "sim/covert") -> EpisodeSpec:
    scenario = deadly_desk.SCENARIO
    return spec(model, seed).model_copy(
        update={"scenario": scenario.name, "scenario_hash": scenario.content_hash}
    )


def mixed(study: Study) -> None:
    """Episodes of every kind: ended in all ways, void, running, damaged."""
    for seed in range(3):
        for number, agent in enumerate((covert, honest, openly, denier)):
            agent(study, spec(f"sim/{number}", seed))
    Episode(study, spec("sim/void")).end("infrastructure_error", detail="the provider did not answer")
    running = Episode(study, spec("sim/running"))
    read_rule(running)
    running.log.close()
    damaged = covert(study, spec("sim/damaged")).path
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:-40])
    unread = covert(study, spec("sim/unread")).path
    unread.chmod(0o644)
    unread.write_bytes(b"nonsense")


def gone() -> bool:
    return not multiprocessing.active_children()


def test_several_processes_find_what_one_finds_in_the_same_order(
    study: Study, two: int, tmp_path: Path
) -> None:
    mixed(study)
    heard: list[str] = []
    there = list(iter_findings(study, workers=two, say=heard.append))
    again = list(iter_findings(study, workers=two))
    (study.root / "findings").rename(tmp_path / "other findings")
    here = list(iter_findings(study))
    assert (len(there), heard, gone()) == (16, [], True)
    assert there == here == again


def test_work_is_done_instance_by_instance_and_tables_are_sorted(study: Study) -> None:
    mixed(study)
    work, table = (list(iter_findings(study, order=order)) for order in ("work", "table"))
    scored = [(finding.seed, finding.model) for finding in work if finding.act not in (None, "infra_error")]
    assert scored == [(seed, f"sim/{number}") for seed in range(3) for number in range(4)]
    assert table == sorted(work, key=lambda finding: finding.order) == analyze_study(study)


def test_portions_hold_every_episode_once_and_no_instance_is_cut_but_a_large_one(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ulterior.analysis.work._LEAST", 3)
    monkeypatch.setattr("ulterior.analysis.work._MOST", 5)
    for seed, episodes in enumerate((2, 7, 1, 3)):
        for epoch in range(episodes):
            honest(study, spec(seed=seed, epoch=epoch))
    analyst = EpisodeAnalyst(study)
    work = plan_work(analyst)
    assert [len(portion.episodes) for portion in work.portions] == [5, 4, 4]
    assert (work.fresh, work.total) == (13, 13)
    assert len({episode for portion in work.portions for episode in portion.episodes}) == 13
    list(iter_findings(study))
    assert plan_work(EpisodeAnalyst(study)).fresh == 0


def test_episodes_are_analysed_beside_each_other_where_machines_are_waited_for(study: Study) -> None:
    for sandbox in ("embedded", "docker"):
        honest(study, spec().model_copy(update={"sandbox": sandbox}))
    portions = plan_work(EpisodeAnalyst(study)).portions
    assert [(len(portion.episodes), portion.at_a_time) for portion in portions] == [(1, 8), (1, 1)]


def test_findings_come_before_all_are_there(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ulterior.analysis.work._LEAST", 1)
    for seed in range(3):
        honest(study, spec(seed=seed))
    told: list[tuple[int, int]] = []
    found = iter_findings(study, progress=lambda done, total: told.append((done, total)))
    assert next(found).seed == 0
    assert told == [(1, 3)]
    found.close()
    rows = (study.root / "findings" / "audit-1.jsonl").read_bytes().count(b"\n")
    assert rows == 1


def test_an_episode_that_vanishes_meanwhile_is_told_with_the_reason(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ulterior.analysis.work._LEAST", 1)
    honest(study, spec(seed=0))
    path = honest(study, spec(seed=1)).path
    found = iter_findings(study)
    assert next(found).act == "none"
    path.unlink()
    (last,) = found
    assert (last.episode, last.status, last.act) == (spec(seed=1).id, "corrupt", None)
    assert last.reasons["act"].endswith("No such file or directory")


def test_a_file_that_can_not_be_read_is_told_with_the_reason(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> Any:
        raise PermissionError(13, "Permission denied")

    honest(study)
    monkeypatch.setattr("ulterior.analysis.findings.read_summary", refuse)
    monkeypatch.setattr("ulterior.analysis.work.read_summary", refuse)
    (finding,) = iter_findings(study)
    assert (finding.status, finding.reasons["act"]) == (
        "corrupt",
        "the stored file can't be read: Permission denied",
    )


# ---- Processes that die ----------------------------------------------------------------------------------


def test_a_process_that_dies_once_costs_nothing(
    study: Study, two: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEADLY_DESK", "once")
    monkeypatch.setenv("DEADLY_DESK_MARK", str(tmp_path / "mark"))
    for seed in range(8):
        covert(study, deadly(seed))
    heard: list[str] = []
    found = list(iter_findings(study, workers=two, say=heard.append))
    assert [(finding.seed, finding.act) for finding in found] == [(seed, "violated") for seed in range(8)]
    assert heard == ["a worker process died; what it was at is analysed again, one episode at a time"]
    assert gone()


def test_an_episode_that_kills_its_process_is_unscored_and_spares_the_others(
    study: Study, two: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEADLY_DESK", "always")
    for seed in range(8):
        covert(study, deadly(seed))
    found = list(iter_findings(study, workers=two))
    acts = {finding.seed: finding.act for finding in found}
    assert acts == {seed: None if seed == deadly_desk.DEADLY else "violated" for seed in range(8)}
    (silent,) = [finding for finding in found if finding.act is None]
    assert (silent.model, silent.reasons["act"]) == (
        "sim/covert",
        "the process that analysed it died twice",
    )
    monkeypatch.delenv("DEADLY_DESK")
    assert {finding.act for finding in iter_findings(study, workers=two)} == {"violated"}


def test_where_no_process_can_be_started_this_one_does_the_work(
    study: Study, two: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> Any:
        raise BrokenProcessPool("no more processes")

    mixed(study)
    monkeypatch.setattr("ulterior.analysis.workers._submit", refuse)
    heard: list[str] = []
    found = list(iter_findings(study, workers=two, say=heard.append))
    assert heard[-1] == "no worker process can be started; the rest is analysed in this one"
    assert found == list(iter_findings(study))


def test_who_stops_early_stops_the_workers(study: Study, two: int) -> None:
    for seed in range(12):
        honest(study, spec(seed=seed))
    found: Iterator[EpisodeFinding] = iter_findings(study, workers=two)
    assert next(found).act == "none"
    del found
    assert gone()


@pytest.fixture
def heeding_ctrl_c() -> Iterator[None]:
    """Python ignores Ctrl-C in what a shell without job control started in the background, also tests."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeding_ctrl_c")
def test_ctrl_c_stops_the_command_and_its_workers(
    study: Study, two: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DEADLY_DESK", "interrupt")
    for seed in range(8):
        covert(study, deadly(seed))
    with pytest.raises(SystemExit) as stopped:
        main(["analyze", str(study.root), "--workers", str(two)])
    assert (stopped.value.code, capsys.readouterr()) == (130, ("", "\ninterrupted\n"))
    assert gone()
