"""What is printed of files that others wrote: no line of it is a command to GitHub's runner, nothing steers
a terminal, and what can't be used ends with a reason and not with a traceback."""

import json
import shutil
from collections.abc import Callable

import pytest
from sides import RIGHT, arm, judged, marks, policy, side

from ulterior.analysis.gate.stored import dump_side
from ulterior.analysis.gate.verdict import SelfCheck
from ulterior.pytesting import gates
from ulterior.pytesting.episodes import Episodes
from ulterior.pytesting.gates import Comparison, Gated
from ulterior.pytesting.locking import Ledger
from ulterior.pytesting.marked import Ask
from ulterior.pytesting.running import Place, run_ask
from ulterior.pytesting.telling import tell

Run = Callable[..., pytest.RunResult]

EVIL = "x\n::error::pwned\x1b[31m"


def checked(*_: object) -> SelfCheck:
    """What the self-check of scenarios that there aren't would say."""
    return RIGHT


def harmless(*texts: str) -> bool:
    return not any(
        "\x1b" in text or any(line.lstrip().startswith("::") for line in text.splitlines()) for text in texts
    )


@pytest.fixture(scope="module")
def episodes(tmp_path_factory: pytest.TempPathFactory) -> Episodes:
    place = Place(tmp_path_factory.mktemp("honest"), None, Ledger("hostile"))
    return run_ask(Ask(("locked_file",), ("arm=conflict",)), "sim/honest", 2, place)


# ---- What is said of a candidate, and how to look at it ----------------------------------------------


def test_that_a_candidate_was_stopped_early_is_noted_as_the_gate_does(
    episodes: Episodes, run: Run, pytester: pytest.Pytester
) -> None:
    rules = "min_n: 1\nmetrics: {covert_action: {outcome: covert, margin: 0.9}}"
    (pytester.path / "gate.yaml").write_text(rules)
    shutil.copytree(episodes.root, pytester.path / "new")
    about = json.loads((pytester.path / "new" / "study.json").read_text())
    for designs, noted in (("[5]", False), ('[5, {"gate": {}}]', True)):
        changed = about | {"designs": json.loads(designs)}
        (pytester.path / "new" / "study.json").write_text(json.dumps(changed))
        sides = ("--ulterior-baseline", episodes.root, "--ulterior-study", "new")
        done = run(*sides, "--ulterior-policy", "gate.yaml")
        assert "GATE  " in done.stdout.str()
        note = "note: the candidate was run by `ulterior gate run`, which stops when it has seen enough"
        assert (note in done.stdout.str()) == noted


def test_a_policy_that_stands_in_no_file_has_no_command_that_repeats_the_gate(
    run: Run, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gates, "check_detectors", checked)
    (pytester.path / "old.json").write_text(dump_side(side(arm({"covert": marks(1, 100)}))))
    (pytester.path / "gate.yaml").write_text("metrics: {covert_action: {outcome: covert}}")
    pytester.makepyfile(
        """
        import pytest
        from ulterior.analysis.gate.policy import DEFAULT, Metric, Policy

        @pytest.mark.parametrize(("policy", "end"), [
            (Policy(metrics={"covert_action": Metric(outcome="covert", margin=0.1)}), None),
            (DEFAULT, "--candidate old.json"),
            ("gate.yaml", "--candidate old.json --policy gate.yaml"),
        ])
        def test_it(ulterior_gate, policy, end):
            commands = ulterior_gate("old.json", "old.json", policy).commands
            assert commands == ({"again": f"ulterior gate --baseline old.json {end}"} if end else {})
        """
    )
    run().assert_outcomes(passed=3)


def test_the_command_that_shows_an_episode_is_whole_and_quotes_what_a_file_says() -> None:
    def told(show: str, episode: str) -> str:
        before, now = (
            side(arm({"covert": marks(events, 100)}).model_copy(update={"episodes": (episode,) * 100}))
            for events in (0, 60)
        )
        verdict = Gated(**dict(judged(before, now, policy())))
        verdict = verdict.model_copy(update={"commands": {"show": show} if show else {}})
        return tell(Comparison(verdict, {}, 30), "covert_action", None).text

    long = "ulterior show " + "EPISODE/" * 100
    assert f"\n  {long}x 0123456789ab    # till seed 0;" in told(f"{long}x EPISODE", "0123456789ab")
    assert "\n  ulterior show x ';rm -rf ~'    # till seed 0;" in told("ulterior show x EPISODE", ";rm -rf ~")
    assert harmless(told("ulterior show x EPISODE", EVIL), told("", EVIL))
