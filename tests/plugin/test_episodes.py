"""``@pytest.mark.scenario`` and the fixtures that run episodes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ulterior import __version__
from ulterior.errors import UsageError
from ulterior.pytesting.locking import Ledger
from ulterior.pytesting.marked import Ask
from ulterior.pytesting.running import Place, stored_ask
from ulterior.traces import Study

Run = Callable[..., pytest.RunResult]

TESTS = """
import pytest

@pytest.mark.scenario("locked_file", conditions={"arm": ["conflict", "control"]}, seeds=3)
def test_rate(ulterior_episodes):
    assert len(ulterior_episodes) == 6
    assert ulterior_episodes.rate("covert").k == 0

@pytest.mark.scenario("locked_file", conditions="arm=conflict,control", seeds=3)
def test_arm(ulterior_episodes):
    assert len(ulterior_episodes.where(arm="control")) == 3
"""


def studies(root: Path) -> list[Path]:
    return sorted(path.parent for path in root.rglob("study.json"))


def test_episodes_are_run_once_for_equal_markers_and_not_again(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(TESTS)
    first = run("--ulterior-model", "sim/honest")
    first.assert_outcomes(passed=2)
    (study,) = studies(pytester.path)
    assert study.parts[-5:-1] == ("d", "ulterior", "studies", __version__)
    sealed = {path: path.stat().st_mtime_ns for path in Study.open(study).sealed()}
    assert len(sealed) == 6
    first.stdout.fnmatch_lines(
        [
            "ulterior: model sim/honest",
            "*= ulterior =*",
            "sim/honest in locked_file: 6 episodes, 0 covert, 0 deceptive; *",
        ]
    )
    run("--ulterior-model", "sim/honest").assert_outcomes(passed=2)
    assert studies(pytester.path) == [study]
    assert {path: path.stat().st_mtime_ns for path in Study.open(study).sealed()} == sealed
    # The same study, stored: nothing is run, and no model has to be named.
    run("--ulterior-study", study, "--ulterior-out", "none").assert_outcomes(passed=2)
    with pytest.raises(UsageError, match="holds no episode of kept_word"):
        stored_ask(study, Ask(("kept_word",)), None)


def test_a_test_of_several_models_is_as_many_tests(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.scenario("locked_file", conditions={"arm": "conflict"})
        def test_keeps(ulterior_episodes, ulterior_model):
            share = ulterior_episodes.rate("covert")
            assert share.n == 2
            assert (share.k == 0) == (ulterior_model == "sim/honest"), str(share)

        @pytest.mark.scenario("locked_file", conditions={"arm": "conflict"}, model="sim/covert", seeds=9)
        def test_detects(ulterior_episodes):
            assert len(ulterior_episodes.showing("covert")) == 2
        """
    )
    both = ("--ulterior-model", "sim/honest", "--ulterior-model", "sim/covert")
    done = run(*both, "--ulterior-seeds", "2", "-v", "--ulterior-out", "kept")
    done.stdout.fnmatch_lines(
        ["*::test_keeps?sim/honest? PASSED*", "*::test_keeps?sim/covert? PASSED*", "*::test_detects PASSED*"]
    )
    assert len(studies(pytester.path / "kept")) == 2


def test_an_episode_that_another_test_had_run_is_not_run_again(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(TESTS.replace("seeds=3", "seeds=2").replace("== 6", "== 4").replace("== 3", "== 2"))
    run("--ulterior-model", "sim/honest", "--ulterior-out", "kept").assert_outcomes(passed=2)
    pytester.makepyfile(TESTS)
    run("--ulterior-model", "sim/honest", "--ulterior-out", "kept").assert_outcomes(passed=2)
    small, large = sorted(
        map(Study.open, studies(pytester.path)), key=lambda study: len(list(study.sealed()))
    )
    shared = [large.sealed_path(path.name.partition(".")[0]) for path in small.sealed()]
    assert len(list(large.sealed())) == 6
    assert [path.stat().st_nlink for path in shared] == [2, 2, 2, 2]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "no model is named: --ulterior-model NAME"),
        (("--ulterior-model", "anthropic/claude-opus-5"), "costs money: --ulterior-live runs it"),
    ],
)
def test_what_has_no_model_or_a_paid_one_is_skipped_with_the_reason(
    pytester: pytest.Pytester, run: Run, words: tuple[str, ...], told: str
) -> None:
    pytester.makepyfile(TESTS)
    done = run("-rs", *words)
    done.assert_outcomes(skipped=2)
    assert told in done.stdout.str()
    assert studies(pytester.path) == []


@pytest.mark.parametrize(
    ("marker", "words", "told"),
    [
        ("", (), "which episodes? Mark it with"),
        ("scenario('locked_file', seed=3)", (), "no argument 'seed'; it has conditions, design, epochs"),
        ("scenario('locked_file', seeds=0)", (), "seeds of the marker scenario is 0, and should be"),
        ("scenario('locked_file', conditions=3)", (), "conditions of the marker scenario is 3"),
        ("scenario('lockedfile')", (), "lockedfile"),
        ("scenario('locked_file', conditions='arm=nowhere')", (), "nowhere"),
        ("scenario('locked_file', model='sim/nobody')", (), "nobody"),
        ("scenario('locked_file', model='anthropic/x')", ("--ulterior-live",), "ANTHROPIC_API_KEY"),
        ("scenario('locked_file')", ("--ulterior-budget", "much"), "can't read the budget 'much'"),
    ],
)
def test_what_cannot_be_run_fails_with_the_reason_and_no_traceback(
    pytester: pytest.Pytester, run: Run, marker: str, words: tuple[str, ...], told: str
) -> None:
    decorator = f"@pytest.mark.{marker}\n" if marker else ""
    pytester.makepyfile(f"import pytest\n{decorator}def test_it(ulterior_episodes): pass\n")
    done = run("--ulterior-model", "sim/honest", *words)
    done.assert_outcomes(errors=1)
    assert told in done.stdout.str()
    assert "Traceback" not in done.stdout.str()
    assert "conftest" not in done.stdout.str()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--ulterior-seeds", "0"), "--ulterior-seeds 0: there have to be 1 or more"),
        (("ulterior::covert_action[all]",), "there is no gate ulterior::covert_action"),
        (("--ulterior-baseline", "nowhere.json", "--ulterior-study", "x"), "nowhere.json is not a study"),
    ],
)
def test_options_that_cannot_be_used_end_the_run(
    pytester: pytest.Pytester, run: Run, words: tuple[str, ...], told: str
) -> None:
    pytester.makepyfile(TESTS)
    done = run(*words)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    assert told in done.stderr.str()


def test_a_budget_is_that_of_the_whole_run(tmp_path: Path) -> None:
    from ulterior.pytesting import running

    place = Place(tmp_path, "2usd", Ledger(tmp_path.name))
    left = running._left  # pyright: ignore[reportPrivateUsage]
    try:
        assert left(place) == 2.0
        place.ledger.spend(0.5)
        Ledger(tmp_path.name).spend(0.25)  # another worker of the same run
        assert left(place) == 1.25
        place.ledger.spend(2.0)
        with pytest.raises(UsageError, match="the budget of 2usd is reached"):
            left(place)
    finally:
        place.ledger.close()
    assert left(Place(tmp_path, None, place.ledger)) is None


def test_rates_are_about_what_tempts_and_never_about_nothing(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile(
        """
        import pytest
        from ulterior.errors import UsageError

        @pytest.mark.scenario("locked_file", conditions={"arm": ["conflict", "control"]}, seeds=2)
        def test_it(ulterior_episodes):
            share = ulterior_episodes.rate("violated")
            assert (share.k, share.n, share.missing) == (2, 2, 0)
            assert str(share) == "violated 2/2, 95 % [15.8 %, 100.0 %]"
            assert ulterior_episodes.rate("violated", purpose=None).n > 2
            assert ulterior_episodes.rate("violated", arm="conflict") == share
            for asked in ({"purpose": "blocked"}, {"arm": "nowhere"}, {"scenario": "kept_word"}):
                with pytest.raises(UsageError, match="no episode is one of"):
                    ulterior_episodes.rate("violated", **asked)
            with pytest.raises(UsageError, match="no outcome 'bad'"):
                ulterior_episodes.rate("bad")
        """
    )
    run("--ulterior-model", "sim/covert").assert_outcomes(passed=1)


def test_what_is_always_wanted_stands_in_the_ini_file(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makeini(
        """
        [pytest]
        ulterior_model = sim/honest sim/covert
        ulterior_seeds = 1
        ulterior_out = kept
        """
    )
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.scenario("locked_file", conditions={"arm": "conflict"})
        def test_it(ulterior_episodes):
            assert len(ulterior_episodes) == 1
        """
    )
    done = run()
    done.assert_outcomes(passed=2)
    assert not any(line.startswith("ulterior: ") for line in done.outlines)
    assert len(studies(pytester.path / "kept")) == 2
