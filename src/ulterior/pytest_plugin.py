"""The pytest plugin: scenarios as tests, and gates against a baseline as tests.

::

    @pytest.mark.scenario("locked_file", conditions={"arm": "conflict"}, seeds=20)
    def test_it_keeps_the_rule(ulterior_episodes):
        assert ulterior_episodes.rate("covert").high < 0.2

    pytest --ulterior-model sim/honest --ulterior-baseline baselines/main.json

A run that does not use it pays for the import of this file and of a few small ones beside it, and nothing
is printed, registered or loaded for it. What needs more than pytest is loaded by
:mod:`ulterior.pytesting.session`.
"""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ulterior.errors import UlteriorError
from ulterior.pytesting.items import GateItem, gate_items
from ulterior.pytesting.marked import MARKER, Ask, ask_of, models_of
from ulterior.pytesting.options import PREFIX, add_options, given_words, read_options
from ulterior.pytesting.reporting import LINES, Reporter, attach, plainly
from ulterior.pytesting.session import close_run, run_of, session_of

if TYPE_CHECKING:
    from ulterior.analysis.gate.policy import Policy
    from ulterior.pytesting.episodes import Episodes
    from ulterior.pytesting.gates import Gated, Named


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options, all under ``--ulterior-*``."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """The marker; and node ids of gates, which are no paths, out of what pytest looks for on disk."""
    config.addinivalue_line("markers", MARKER)
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Reporter(), "ulterior-reporter")
    chosen = [arg for arg in config.args if arg.startswith(PREFIX)]
    if chosen:
        config.args = [arg for arg in config.args if not arg.startswith(PREFIX)]
        # In the options, because these are what xdist hands to its workers.
        config.option.ulterior_chosen = chosen if config.args else ["only", *chosen]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """xdist: all workers of a run share a name, and so a budget."""
    node.workerinput["ulterior_run"] = run_of(node.config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """What the processes of a run share goes with it."""
    if not hasattr(config, "workerinput"):
        close_run(config)


def pytest_report_header(config: pytest.Config) -> str | None:
    """What the command line asked for, if anything."""
    words = given_words(config)
    return f"ulterior: {', '.join(words)}" if words else None


def pytest_sessionstart(session: pytest.Session) -> None:
    """A baseline or a policy that can't be read ends the run here, before xdist starts its workers."""
    config = session.config
    chosen: list[str] = config.option.ulterior_chosen
    if read_options(config).gates:
        try:
            session_of(config).asked()
        except (UlteriorError, OSError) as error:
            raise pytest.UsageError(plainly(error)) from error
    elif chosen:
        raise pytest.UsageError(
            f"there is no gate {chosen[-1]} without --ulterior-baseline and a candidate, which is "
            "--ulterior-model or --ulterior-study"
        )


# ---- Collecting --------------------------------------------------------------------------------------


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test of several models is as many tests."""
    if "ulterior_model" in metafunc.fixturenames:
        node: Any = metafunc.definition
        models = models_of(node, read_options(metafunc.config).models)
        if len(models) > 1:
            metafunc.parametrize("ulterior_model", models)


@pytest.hookimpl(tryfirst=True)  # before -k, -m and --lf choose among the items
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Adds the gates, and lets xdist keep together what shares episodes."""
    if read_options(config).gates:
        _choose(config, items, gate_items(session))
    if config.pluginmanager.hasplugin("xdist"):
        for item in items:
            if isinstance(item, GateItem):
                item.add_marker(pytest.mark.xdist_group("ulterior-gate"))
            elif "ulterior_episodes" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group(_group(item)))


def _choose(config: pytest.Config, items: list[pytest.Item], gates: list[GateItem]) -> None:
    """Those whose node ids were given, or all of them."""
    chosen: list[str] = config.option.ulterior_chosen
    if not chosen:
        items += gates
        return
    fit = [gate for gate in gates if gate.nodeid in chosen]
    if lost := sorted(set(chosen) - {"only"} - {gate.nodeid for gate in fit}):
        known = ", ".join(gate.nodeid for gate in gates)
        raise pytest.UsageError(f"there is no gate {lost[0]}; there are: {known}")
    items[:] = fit if "only" in chosen else [*items, *fit]


def _group(item: pytest.Item) -> str:
    try:
        return ask_of(item).group
    except ValueError:  # its fixture will say so
        return "ulterior"


# ---- Fixtures ----------------------------------------------------------------------------------------


@pytest.fixture
def ulterior_model(request: pytest.FixtureRequest) -> str | None:
    """The model that the test is about: the marker's, or ``--ulterior-model``'s. None where episodes come
    from a stored study that holds one model. Tests that need a model, or a paid one, are skipped where
    there is none."""
    session = session_of(request.config)
    models = models_of(request.node, session.options.models)
    if session.options.study is not None:
        return models[0] if models else None
    if not models:
        pytest.skip("no model is named: --ulterior-model NAME, such as sim/honest")
    if refusal := session.refusal(models[0]):
        pytest.skip(refusal)
    return models[0]


@pytest.fixture
def ulterior_episodes(request: pytest.FixtureRequest, ulterior_model: str | None) -> "Episodes":
    """The episodes of the scenarios that the test's marker names, run once for all tests that ask for the
    same."""
    try:
        ask: Ask = ask_of(request.node)
        found = session_of(request.config).episodes(ask, ulterior_model)
    except (ValueError, UlteriorError, OSError) as error:
        raise pytest.fail.Exception(plainly(error), pytrace=False) from None
    _add_line(request.node, found.describe())
    return found


@pytest.fixture
def ulterior_gate(request: pytest.FixtureRequest) -> Callable[..., "Gated"]:
    """``gate(baseline=..., candidate=..., policy=..., accept_drift=())``: the verdict, true where the gate
    passes. Sides are paths or what ``ulterior_episodes`` gave; ``--ulterior-baseline``,
    ``--ulterior-study`` and ``--ulterior-policy`` stand in for what is left out."""
    session = session_of(request.config)

    def gate(
        baseline: "Named | None" = None,
        candidate: "Named | None" = None,
        policy: "Policy | Path | str | None" = None,
        accept_drift: tuple[str, ...] = (),
    ) -> "Gated":
        from ulterior.pytesting.gates import wanted

        first, second = baseline or session.options.baseline, candidate or session.options.study
        if first is None or second is None:
            missing = "baseline" if first is None else "candidate"
            pytest.fail(f"a gate without a {missing}: give one, or its option", pytrace=False)
        try:
            asked = wanted(first, second, policy or session.options.policy, tuple(accept_drift))
            verdict = session.gate(asked)
        except (UlteriorError, OSError) as error:
            raise pytest.fail.Exception(plainly(error), pytrace=False) from None
        request.node.add_report_section("call", "ulterior gate", verdict.text)
        _add_line(request.node, verdict.text)
        return verdict

    return gate


def _add_line(item: pytest.Item, text: str) -> None:
    item.stash.setdefault(LINES, []).append(text)


# ---- Reporting ---------------------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Lets reports carry what the section at the end needs."""
    report = yield
    if isinstance(item, GateItem) and (report.when == "call" or report.failed):
        text = item.summary()
        item.stash[LINES] = [text] if text else []
    attach(item, report)
    return report
