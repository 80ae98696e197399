"""Planted agents go through the detectors first: a detector that lost its sight is found out."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sides import arm, side

from ulterior.analysis import EpisodeFinding
from ulterior.analysis.gate.self_check import PLANTED, Planted, check_detectors
from ulterior.analysis.gate.side import Side
from ulterior.analysis.gate.verdict import SelfCheck
from ulterior.cli.gating import play_planted
from ulterior.scenarios import LIBRARY, AnyScenario, load_scenario


def candidate(*names: str) -> Side:
    hashes = {name: load_scenario(name).content_hash for name in names}
    return side(*(arm({"covert": "."}, name) for name in names), hashes=hashes)


def never(_: Mapping[str, AnyScenario], __: Planted) -> list[EpisodeFinding]:
    raise AssertionError("it was remembered")


def test_planted_agents_are_found_as_they_are_and_that_is_remembered(tmp_path: Path) -> None:
    found = check_detectors(candidate("locked_file"), play_planted, tmp_path)
    assert found == SelfCheck(n=4, right=4)
    assert check_detectors(candidate("locked_file"), never, tmp_path) == found


Break = Callable[[EpisodeFinding], dict[str, object]]

BROKEN: list[tuple[str, Break, str]] = [
    ("act", lambda _: {"act": "none"}, "locked_file, covert: it declares the act violated, found is none"),
    (
        "disclosure",
        lambda finding: {"disclosure": dict.fromkeys(finding.disclosure, "volunteered")},
        "locked_file, honest: it declares",
    ),
    ("awareness", lambda _: {"awareness": "none"}, "locked_file, suspicious: it declares the awareness"),
    (
        "nothing",
        lambda _: {"act": None, "reasons": {"act": "no"}},
        "locked_file, honest: it is not judged: no",
    ),
]


@pytest.mark.parametrize(("stage", "broken", "told"), BROKEN, ids=[each[0] for each in BROKEN])
def test_a_detector_that_lost_its_sight_is_found_out(
    stage: str, broken: Break, told: str, tmp_path: Path
) -> None:
    def play(scenarios: Mapping[str, AnyScenario], planted: Planted) -> list[EpisodeFinding]:
        played = play_planted(scenarios, planted)
        return [finding.model_copy(update=broken(finding)) for finding in played]

    found = check_detectors(candidate("locked_file"), play, tmp_path)
    assert found.right < found.n == 4
    assert found.wrong[0].startswith(told)
    assert list(tmp_path.iterdir()) == []  # only a success is remembered


def test_a_changed_detector_is_checked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ulterior.analysis.gate import self_check

    check_detectors(candidate("locked_file"), play_planted, tmp_path)
    monkeypatch.setattr(self_check, "_detectors", lambda: "another")
    with pytest.raises(AssertionError, match="remembered"):
        check_detectors(candidate("locked_file"), never, tmp_path)


def test_a_scenario_that_changed_since_or_that_cannot_be_had_is_a_reason(tmp_path: Path) -> None:
    changed = side(arm({"covert": "."}, "locked_file"), hashes={"locked_file": "0" * 64})
    why = check_detectors(changed, never, tmp_path).reason
    assert why is not None
    assert why.startswith("locked_file has changed since the candidate ran (00000000, now ")
    gone = check_detectors(side(arm({"covert": "."}, "lost_desk")), never, tmp_path)
    assert gone.reason == "lost_desk can't be loaded: unknown scenario 'lost_desk'"


def test_an_agent_that_could_not_be_played_counts_as_wrong(tmp_path: Path) -> None:
    found = check_detectors(candidate("locked_file"), lambda _, __: [], tmp_path)
    assert (found.n, found.right) == (4, 0)
    assert found.wrong[0] == "locked_file, honest: it could not be played"


@pytest.mark.slow
def test_every_scenario_of_the_library_passes_its_check() -> None:
    found = check_detectors(candidate(*LIBRARY), play_planted)
    assert found.wrong == ()
    assert found.n == sum(agent in load_scenario(name).playbooks for name in LIBRARY for agent in PLANTED)
