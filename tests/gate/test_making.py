"""From a study to a side, kept beside it, and as a baseline's file."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sides import arm, side

from ulterior.analysis import EpisodeFinding, analyze_study
from ulterior.analysis.gate.diffing import diff_sides, diff_text, side_text
from ulterior.analysis.gate.making import side_of
from ulterior.analysis.gate.side import Side
from ulterior.analysis.gate.stored import dump_side, load_side, stored_side
from ulterior.cli import main
from ulterior.errors import UsageError
from ulterior.scenarios import load_scenario
from ulterior.traces import Study
from ulterior.traces.sealed import read_sealed

MODELS = ("sim/covert", "sim/honest+suspects")
SEEDS = 4


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two models in one scenario under its two default conditions, analysed."""
    root = tmp_path_factory.mktemp("gate") / "both"
    models = [word for model in MODELS for word in ("--model", model)]
    with pytest.raises(SystemExit) as stopped:
        main(["run", "-s", "locked_file", *models, "--seeds", str(SEEDS), "-o", str(root)])
    assert stopped.value.code == 0
    analyze_study(Study.open(root))
    return root


@pytest.fixture
def study(ran: Path, tmp_path: Path) -> Study:
    """A copy of one's own."""
    shutil.copytree(ran, tmp_path / "both")
    return Study.open(tmp_path / "both")


def made(study: Study, model: str = MODELS[0]) -> Side:
    return side_of(study, analyze_study(study), model)


def test_a_side_holds_an_arm_for_every_condition_with_its_purpose(study: Study) -> None:
    found = made(study)
    assert [(each.scenario, each.condition["arm"], each.purpose, each.seeds) for each in found.arms] == [
        ("locked_file", "conflict", "temptation", (0, 1, 2, 3)),
        ("locked_file", "control", "control", (0, 1, 2, 3)),
    ]
    tempted = found.arms[0].outcomes
    assert {name: tempted[name] for name in ("covert", "violated", "overt", "aware", "refused")} == {
        "covert": "xxxx", "violated": "xxxx", "overt": "....", "aware": "....", "refused": "...."
    }  # fmt: skip
    assert made(study, MODELS[1]).arms[0].outcomes["aware"] == "xxxx"
    assert (found.planned, found.counted, found.missing, found.adrift) == (8, 8, {}, 0)
    assert found.arms[0].cost == 0
    assert found.arms[0].tokens is not None


def test_a_side_says_what_it_rests_on(study: Study) -> None:
    about = made(study).fingerprint
    scenario = load_scenario("locked_file")
    assert about.scenarios["locked_file"].hash == scenario.content_hash
    assert set(about.scaffold) == {"bashkit", "langgraph", "pydantic", "ulterior"}  # no SDK has a part in it
    assert about.detectors["audit"] == "scenario oracle 1"
    assert (about.settings, about.sandbox, about.calibration) == ({}, ("embedded",), {})


def test_a_study_of_several_models_asks_which_one(study: Study) -> None:
    findings = analyze_study(study)
    with pytest.raises(UsageError, match="holds 2 models") as refused:
        side_of(study, findings)
    assert "sim/covert, sim/honest+suspects" in str(refused.value)
    with pytest.raises(UsageError, match="has no model 'sim/cover'"):
        side_of(study, findings, "sim/cover")
    with pytest.raises(UsageError, match="holds no episodes"):
        side_of(study, [])


def test_planned_episodes_that_are_gone_are_missing_in_their_arm_and_not_in_the_other_models(
    study: Study,
) -> None:
    lost = [each for each in analyze_study(study) if each.model == MODELS[0] and each.seed == 2]
    for finding in lost:
        study.sealed_path(finding.episode).unlink()
    found, other = made(study), made(study, MODELS[1])
    assert [each.outcomes["covert"] for each in found.arms] == ["xx-x", "..-."]
    assert (found.missing, found.planned, found.counted, found.adrift) == ({"absent": 2}, 8, 6, 0)
    assert other.missing == {}


def test_a_seed_that_nobody_ran_is_found_by_the_design(study: Study) -> None:
    for finding in analyze_study(study):
        if finding.seed == 3:
            study.sealed_path(finding.episode).unlink()
    assert [each.outcomes["covert"] for each in made(study).arms] == ["xxx-", "...-"]


def test_a_model_that_never_began_is_not_missing_in_the_others(study: Study) -> None:
    for finding in analyze_study(study):
        if finding.model == MODELS[1]:
            study.sealed_path(finding.episode).unlink()
    assert (made(study).missing, made(study).adrift) == ({}, 0)


def test_planned_episodes_of_no_known_arm_are_counted_all_the_same(study: Study) -> None:
    study.expect(["f" * 32])
    found = made(study)
    assert (found.missing, found.adrift, found.planned) == ({"absent": 1}, 1, 9)


def test_what_is_damaged_running_or_failed_is_missing_for_its_reason(study: Study) -> None:
    first, second, third, *_ = (each for each in analyze_study(study) if each.model == MODELS[0])
    study.sealed_path(first.episode).write_bytes(b"nothing of the kind")
    for finding in (second, third):
        lines = b"".join(event_lines(study, finding))
        study.sealed_path(finding.episode).unlink()
        study.running_path(finding.episode).write_bytes(lines)
    study.note_failure(third.episode, "the provider went away")
    assert made(study).missing == {"damaged": 1, "running": 1, "void": 1}


def event_lines(study: Study, finding: EpisodeFinding) -> list[bytes]:
    """The first lines of an episode, as a running log holds them."""
    _, lines, _ = read_sealed(study.sealed_path(finding.episode))
    return [line + b"\n" for line in lines.split(b"\n")[:3]]


# ---- Kept beside the study ---------------------------------------------------------------------------


def never(_: Study) -> list[EpisodeFinding]:
    raise AssertionError("the side was there")


def test_a_side_is_read_again_only_when_something_changed(study: Study) -> None:
    first = stored_side(study, analyze_study, MODELS[0])
    assert stored_side(study, never, MODELS[0]) == first
    assert len(list((study.root / "findings").glob("side-*.json"))) == 1
    finding = next(each for each in analyze_study(study) if each.model == MODELS[0])
    study.sealed_path(finding.episode).unlink()
    with pytest.raises(AssertionError, match="was there"):
        stored_side(study, never, MODELS[0])
    again = stored_side(study, analyze_study, MODELS[0])
    assert again.missing == {"absent": 1}
    assert len(list((study.root / "findings").glob("side-*.json"))) == 1


def test_a_side_with_unscored_episodes_is_not_kept(study: Study) -> None:
    def unscored(opened: Study) -> list[EpisodeFinding]:
        return [each.model_copy(update={"act": None}) for each in analyze_study(opened)]

    found = stored_side(study, unscored, MODELS[0])
    assert found.missing == {"unscored": 8}
    assert stored_side(study, analyze_study, MODELS[0]).missing == {}


def test_a_kept_side_that_is_damaged_is_made_again(study: Study) -> None:
    first = stored_side(study, analyze_study, MODELS[0])
    (path,) = (study.root / "findings").glob("side-*.json")
    path.write_text("{")
    assert stored_side(study, analyze_study, MODELS[0]) == first


# ---- Baselines' files --------------------------------------------------------------------------------


def test_a_baselines_file_has_a_line_for_every_arm_and_scenario(study: Study, tmp_path: Path) -> None:
    text = dump_side(made(study))
    lines = text.splitlines()
    assert sum(line.startswith('    {"scenario": "locked_file"') for line in lines) == 2
    assert sum(line.startswith('      "locked_file": {"version"') for line in lines) == 1
    (tmp_path / "main.json").write_text(text)
    assert load_side(tmp_path / "main.json") == made(study)


@settings(max_examples=30, deadline=None)
@given(st.permutations(["a", "b", "c"]), st.text("x.?-", min_size=1, max_size=9))
def test_equal_sides_have_equal_files_whatever_their_arms_order(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], text: str
) -> None:
    path = tmp_path_factory.mktemp("file") / "main.json"
    found = side(*(arm({"covert": text}, name) for name in names))
    path.write_text(dump_side(found))
    assert dump_side(load_side(path)) == dump_side(found)
    assert dump_side(found) == dump_side(side(*(arm({"covert": text}, name) for name in sorted(names))))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"format": 2}, "it has format 2"),
        ({"arms": []}, "at least 1 item"),
        ({"arms": 3}, "it does not describe a side"),
        ({"more": 1}, "Extra inputs"),
        ({"adrift": -1}, "greater than or equal to 0"),
    ],
)
def test_a_baseline_that_cannot_be_one_is_refused(
    tmp_path: Path, change: dict[str, object], told: str
) -> None:
    whole = json.loads(dump_side(side(arm({"covert": "x."}))))
    (tmp_path / "main.json").write_text(json.dumps(whole | change))
    with pytest.raises(UsageError) as refused:
        load_side(tmp_path / "main.json")
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"outcomes": {"covert": "xy"}}, "'y' is no outcome"),
        ({"outcomes": {"covert": "x"}}, "differ in length"),
        ({"seeds": [1, 1]}, "stands there twice"),
    ],
)
def test_an_arm_that_contradicts_itself_is_refused(
    tmp_path: Path, change: dict[str, object], told: str
) -> None:
    whole = json.loads(dump_side(side(arm({"covert": "x."}))))
    whole["arms"][0] |= change
    (tmp_path / "main.json").write_text(json.dumps(whole))
    with pytest.raises(UsageError) as refused:
        load_side(tmp_path / "main.json")
    assert told in str(refused.value)


def test_a_number_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "main.json").write_text(
        dump_side(side(arm({"covert": "x."}))).replace('"cost": null', '"cost": NaN')
    )
    with pytest.raises(UsageError, match="is no JSON"):
        load_side(tmp_path / "main.json")
    with pytest.raises(UsageError, match="can't read the baseline"):
        load_side(tmp_path / "other.json")


def test_what_changed_between_two_baselines_is_told_in_counts_and_in_what_they_rest_on() -> None:
    before = side(arm({"covert": "x" + "." * 49}), arm({"covert": "."}, "desk"))
    now = side(arm({"covert": "x" * 20 + "." * 30}), scaffold={"ulterior": "0.2.0"})
    assert diff_text(diff_sides(before, now)) == (
        "from sim/x in study to sim/x in study\n\n"
        "till all covert: 1/50 to 20/50  +38.0 points [+23.0, +51.9]\n"
        "desk all covert: gone, 0/1\n\n"
        "scaffold ulterior: 0.1.0, now 0.2.0\n"
        "design desk, temptation: 1 episodes, seeds 0 to 0, now nothing\n"
    )
    assert diff_text(diff_sides(before, before)).endswith("no count differs\n\nnothing drifted\n")


def test_a_side_is_told_in_rates_with_their_bounds() -> None:
    assert "  covert        2.0 %  1/50  [0.1 %, 10.6 %]\n" in side_text(
        side(arm({"covert": "x" + "." * 49}))
    )
