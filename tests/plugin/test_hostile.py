"""What is printed of files that others wrote: no line of it is a command to GitHub's runner, nothing steers
a terminal, and what can't be used ends with a reason and not with a traceback."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sides import RIGHT, arm, judged, marks, policy, side

from ulterior.analysis.gate.policy import DEFAULT
from ulterior.analysis.gate.side import Side
from ulterior.analysis.gate.stored import dump_side
from ulterior.analysis.gate.verdict import SelfCheck
from ulterior.errors import UsageError
from ulterior.pytesting import gates
from ulterior.pytesting.candidate import run_candidate
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


@pytest.fixture
def gate(run: Run, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the gates of two sides in a step of a GitHub job; nothing that is said there steers anything."""
    monkeypatch.setattr(gates, "check_detectors", checked)
    summary = pytester.path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))

    def go(before: Side, now: Side, rules: str, *words: str) -> pytest.RunResult:
        (pytester.path / "main.json").write_text(dump_side(before))
        (pytester.path / "new.json").write_text(dump_side(now))
        (pytester.path / "gate.yaml").write_text(rules)
        given = ("--ulterior-baseline", "main.json", "--ulterior-study", "new.json")
        done = run(*given, "--ulterior-policy", "gate.yaml", "-v", "-rs", *words)
        assert harmless(done.stdout.str(), done.stderr.str(), summary.read_text())
        return done

    return go


def test_what_a_file_says_of_a_drift_is_harmless(gate: Run) -> None:
    before = side(arm({"covert": marks(1, 100)}), scaffold={"ulterior": f"0.1.0{EVIL}"})
    done = gate(before, side(arm({"covert": marks(1, 100)})), "metrics: {covert_action: {outcome: covert}}")
    done.assert_outcomes(errors=2)
    assert "scaffold ulterior (0.1.0x ::error::pwned␛[31m against 0.1.0)" in done.stdout.str()


def test_names_of_scenarios_and_metrics_are_harmless_and_choose_gates(gate: Run) -> None:
    before = side(arm({"covert": marks(1, 100)}, scenario=EVIL))
    now = side(arm({"covert": marks(60, 100)}, scenario=EVIL))
    rules = f"metrics: {{{json.dumps(EVIL)}: {{outcome: covert}}}}"
    every, family = (f"ulterior::x␊::error::pwned␛[31m[{part}]" for part in ("all", "x␊::error::pwned␛[31m"))
    for words in ((), ("--lf",), (every, family)):
        done = gate(before, now, rules, *words)
        done.assert_outcomes(failed=2)
        failed = [line for line in done.outlines if line.startswith("ulterior::") and " FAILED" in line]
        assert [line.partition(" FAILED")[0] for line in failed] == [every, family]
    gate(before, now, rules, every).assert_outcomes(failed=1)


def test_a_verdict_that_an_assertion_prints_is_harmless() -> None:
    before = side(arm({"covert": marks(1, 100)}), scaffold={"ulterior": EVIL})
    verdict = Gated(**dict(judged(before, side(arm({"covert": marks(1, 100)})))))
    assert repr(verdict).startswith("<NOT COMPARABLE (exit 12): the sides differ")
    assert len(repr(verdict)) <= 232
    assert harmless(repr(verdict))


@pytest.fixture(scope="module")
def episodes(tmp_path_factory: pytest.TempPathFactory) -> Episodes:
    place = Place(tmp_path_factory.mktemp("honest"), None, Ledger("hostile"))
    return run_ask(Ask(("locked_file",), ("arm=conflict",)), "sim/honest", 2, place)


def test_what_is_said_of_episodes_is_harmless(episodes: Episodes) -> None:
    named = tuple(finding.model_copy(update={"model": EVIL}) for finding in episodes.findings)
    evil = replace(episodes, root=Path(EVIL), findings=named)
    assert evil.describe() == (
        "x ::error::pwned␛[31m in locked_file: 2 episodes, 0 covert, 0 deceptive; x ::error::pwned␛[31m"
    )
    assert harmless(repr(evil))
    other = tuple(finding.model_copy(update={"scenario": EVIL, "condition": None}) for finding in named)
    for asked in ({"model": EVIL}, {"arm": EVIL}):
        with pytest.raises(UsageError, match="no episode is one of") as refused:
            replace(evil, findings=other).where(scenario="locked_file", **asked)
        assert harmless(str(refused.value))


def test_the_section_is_harmless_whatever_a_study_is_called(
    episodes: Episodes, run: Run, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(pytester.path / "summary.md"))
    shutil.copytree(episodes.root, pytester.path / EVIL)
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.scenario("locked_file")
        def test_it(ulterior_episodes):
            assert len(ulterior_episodes) == 2

        @pytest.mark.scenario("kept_word")
        def test_other(ulterior_episodes):
            pass
        """
    )
    done = run("--ulterior-study", EVIL)
    done.assert_outcomes(passed=1, errors=1)
    section = done.stdout.str().partition("= ulterior =")[2]
    assert harmless(section, (pytester.path / "summary.md").read_text())
    assert "sim/honest in locked_file: 2 episodes" in section
    assert "::error::pwned␛[31m holds no episode of kept_word" in done.stdout.str()


def test_a_folder_whose_name_is_no_utf8_ends_nothing(
    gate: Run, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = pytester.path / "d\udcff"
    try:
        strange.mkdir()
    except OSError:
        pytest.skip("this file system takes only UTF-8")
    now = side(arm({"covert": marks(1, 100)}))
    (strange / "main.json").write_text(dump_side(now))
    words = ("--ulterior-baseline", "d\udcff/main.json", "--ulterior-out", "d\udcff")
    done = gate(now, now, "metrics: {covert_action: {outcome: covert, margin: 0.1}}", *words)
    done.assert_outcomes(passed=2)
    assert "sim/x in d\\udcff/main.json of study" in (pytester.path / "summary.md").read_text()
    (kept,) = strange.rglob("verdict.json")
    assert json.loads(kept.read_text())["baseline"]["name"] == "d\\udcff/main.json"


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"limits": '{"x": 1}'}, "unknown key 'x' in limits; the known ones are: turns"),
        ({"limits": "5"}, "limits must be a mapping"),
        ({"temperature": "NaN"}, "settings.temperature is nan, and a number must be finite"),
        ({"temperature": "[" * 100_000}, "its settings are nested too deeply"),
    ],
)
def test_settings_that_no_episode_can_have_are_a_reason_and_no_traceback(
    run: Run, pytester: pytest.Pytester, settings: dict[str, str], told: str
) -> None:
    (pytester.path / "main.json").write_text(dump_side(side(arm({"covert": "."}), settings=settings)))
    done = run("--ulterior-baseline", "main.json", "--ulterior-model", "sim/honest", "-k", "covert_action")
    done.assert_outcomes(errors=2, deselected=6)
    assert told in done.stdout.str()
    assert "Traceback" not in done.stdout.str()


def test_a_baseline_that_does_not_say_what_its_scenarios_were_is_refused(tmp_path: Path) -> None:
    whole = side(arm({"covert": "."}, scenario="locked_file"))
    silent = whole.fingerprint.model_copy(update={"scenarios": {}})
    place = Place(tmp_path, None, Ledger("silent"))
    with pytest.raises(UsageError, match="its content was not written down and is"):
        run_candidate(whole.model_copy(update={"fingerprint": silent}), DEFAULT, "sim/honest", None, place)


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
