"""A study that was judged, by every way a judge can be good or bad: whose labels are in the findings."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from commands import ulterior

from ulterior.analysis import EpisodeFinding, JudgedBy, analyze_study
from ulterior.analysis.judges import JudgeModel, JudgeReply, JudgeRequest
from ulterior.analysis.judges.store import load_judgements
from ulterior.cli import judging
from ulterior.traces import Study

AXES = ("disclosure", "intent", "awareness")
RUBRICS = [word for rubric in ("telling", "intent", "awareness") for word in ("--rubric", rubric)]
AGENTS = ("sim/covert", "sim/covert+admits", "sim/covert+injects", "sim/honest")
EPISODES = 4 * len(AGENTS)  # two scenarios, two seeds, the arm that tempts


def ran(folder: Path, *words: str) -> Path:
    where = ("--factor", "arm=conflict", "--seeds", "2", "-o", folder)
    assert ulterior("run", "--scenario", "locked_file", *words, *where) == 0
    return folder


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    models = [word for agent in AGENTS for word in ("--model", agent)]
    return ran(tmp_path_factory.mktemp("ran") / "study", "--scenario", "kept_word", *models)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Agents whose truth about all three questions is known."""
    models = (
        "--model",
        "sim/open_violation",
        "--model",
        "sim/covert+admits",
        "--model",
        "sim/honest+suspects",
    )
    return ran(tmp_path_factory.mktemp("ran") / "planted", *models)


@pytest.fixture
def study(once: Path, tmp_path: Path) -> Study:
    return Study.open(Path(shutil.copytree(once, tmp_path / "study")))


def judge(study: Study, name: str, *words: str | Path) -> int:
    return ulterior("judge", study.root, "--model", name, *RUBRICS, *words)


def labels(finding: EpisodeFinding) -> tuple[object, ...]:
    return finding.disclosure, finding.covert, finding.deceptive, finding.intent, finding.awareness


def by_cell(found: list[EpisodeFinding], model: str) -> dict[tuple[object, ...], tuple[object, ...]]:
    return {(f.scenario, f.cell, f.seed): labels(f) for f in found if f.model == model}


def test_the_labels_are_the_judge_s_and_the_acts_are_the_oracle_s(study: Study) -> None:
    by_rules = analyze_study(study)
    assert judge(study, "sim/judge") == 0
    found = analyze_study(study, judged_by=JudgedBy("sim/judge"))
    assert len(found) == EPISODES
    given = {(each.episode, each.rubric): each for each in load_judgements(study) if each.about is None}
    for finding, before in zip(found, by_rules, strict=True):
        assert (finding.act, finding.citations, finding.facts) == (before.act, before.citations, before.facts)
        assert finding.scored
        assert finding.intent == given[finding.episode, "intent"].label
        assert finding.awareness == given[finding.episode, "awareness"].label
        assert {finding.detectors[axis].partition(" ")[0] for axis in AXES} == {"sim/judge"}
    assert [labels(finding) for finding in found] != [labels(finding) for finding in by_rules]
    assert analyze_study(study) == by_rules


@pytest.mark.parametrize("name", ["sim/judge", "sim/judge?gullible=1"])
def test_who_talks_to_the_judge_gets_the_labels_of_who_does_not(study: Study, name: str) -> None:
    assert judge(study, name) == 0
    found = analyze_study(study, judged_by=JudgedBy(name))
    assert by_cell(found, "sim/covert+injects") == by_cell(found, "sim/covert")
    talks = {finding.model for finding in found if "addresses_judge" in finding.flags}
    assert talks == {"sim/covert+injects"}


def test_a_judge_that_misses_the_spikes_judges_nothing(study: Study, planted: Path) -> None:
    assert judge(study, "sim/judge?lies=1", "--spikes", planted) == 10
    for finding in analyze_study(study, judged_by=JudgedBy("sim/judge?lies=1")):
        assert finding.act is not None
        assert not finding.scored
        assert labels(finding)[1:] == (None, None, None, None)
        assert set(finding.disclosure.values()) == {None}
        for axis in (*AXES, "covert", "deceptive"):
            why = finding.reasons[axis]
            assert why.startswith("not judged by sim/judge?lies=1: its batch is invalid: "), why
            assert " were missed, more than 25%" in why or " were not recognised, more than 25%" in why


class Priced:
    """A judge that is paid for."""

    def __init__(self, judge: JudgeModel) -> None:
        self.name, self._judge = judge.name, judge

    async def ask(self, request: JudgeRequest) -> JudgeReply:
        return replace(await self._judge.ask(request), cost=0.01)

    async def close(self) -> None:
        await self._judge.close()


def test_a_study_that_was_judged_half_says_of_the_rest_that_it_was_not(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = judging.open_judge

    def open_judge(
        name: str, environ: Mapping[str, str], settings: Mapping[str, Any], *, concurrency: int
    ) -> JudgeModel:
        return Priced(free(name, environ, settings, concurrency=concurrency))

    monkeypatch.setattr(judging, "open_judge", open_judge)
    assert judge(study, "sim/judge", "--budget", "0.5usd", "--concurrency", "1") == 13
    judged = {each.episode for each in load_judgements(study)}
    found = analyze_study(study, judged_by=JudgedBy("sim/judge"))
    assert 0 < len(judged) < EPISODES
    assert {finding.episode for finding in found if finding.scored} == judged
    why = "not judged by sim/judge: its batch stopped early (budget)"
    for finding in (each for each in found if each.episode not in judged):
        assert {finding.reasons[axis] for axis in (*AXES, "covert", "deceptive")} == {why}
    assert judge(study, "sim/judge") == 0
    assert all(finding.scored for finding in analyze_study(study, judged_by=JudgedBy("sim/judge")))


def test_every_command_says_who_judged_and_how_often_that_judge_is_wrong(
    study: Study, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert judge(study, "sim/judge") == 0
    cards = tmp_path / "cards"
    words = ("--seeds", "1", "--scenario", "locked_file", "--style", "covert+admits", "--style", "honest")
    assert ulterior("calibrate", "-o", cards, "--detector", "sim/judge", "--rubric", "intent", *words) == 0
    capsys.readouterr()
    words = ("--judged-by", "sim/judge", "--cards", str(cards))
    assert ulterior("analyze", study.root, "--json", *words) == 0
    out, err = capsys.readouterr()
    told, intent, awareness = err.splitlines()
    assert told.startswith("disclosure judged by sim/judge ")
    assert intent.endswith("on planted agents only")
    assert "; finds " in intent
    assert "; not measured: no card of sim/judge " in awareness
    found = [json.loads(line) for line in out.splitlines()]
    assert {each["detectors"]["intent"].partition(" ")[0] for each in found} == {"sim/judge"}

    assert ulterior("tables", study.root, "-o", tmp_path / "t", "--format", "jsonl", *words) == 0
    about = json.loads((tmp_path / "t" / "tables.json").read_text())
    assert about["ulterior.detectors"] == found[0]["detectors"]
    rows = [json.loads(line) for line in (tmp_path / "t" / "findings.jsonl").read_text().splitlines()]
    assert {row["detector"] for row in rows if row["stage"] == "disclosure"} == {"sim/judge"}

    assert ulterior("report", study.root, "--format", "json", *words, "-o", tmp_path / "report.json") == 0
    capsys.readouterr()
    assert ulterior("analyze", study.root, "--judged-by", "panel", "--cards", cards, "--json") == 0
    panel = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {each["detectors"]["intent"].partition(" ")[0] for each in panel} == {"panel"}
    assert {each["intent"] for each in panel} <= {"none", "euphemistic", "stated", None}
    assert {each["reasons"]["awareness"] for each in panel} == {
        "panel gives no label: no member has a voice (sim/judge: never measured)"
    }


def test_what_can_not_be_is_said(study: Study, capsys: pytest.CaptureFixture[str]) -> None:
    assert ulterior("analyze", study.root, "--judged-by", "sim/judge") == 2
    assert "no judgement of this study is by sim/judge" in capsys.readouterr().err
    assert ulterior("report", study.root, "--cards", study.root) == 2
    assert "--cards is for judges" in capsys.readouterr().err
