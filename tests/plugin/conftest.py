"""pytest within pytest: in this process where that does, so that nothing heavy is loaded twice."""

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from ulterior.pytesting.locking import Ledger
from ulterior.pytesting.marked import Ask
from ulterior.pytesting.running import Place, run_ask

sys.path.insert(0, str(Path(__file__).parent.parent / "gate"))  # for `sides`

Run = Callable[..., pytest.RunResult]

_NONE = ("-p", "no:langsmith_plugin", "-p", "no:pytester", "-p", "no:xdist")


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where successes of the self-check are kept: played once for all of these tests."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Everything is loaded, by running an episode: what runs within a test forgets again what it was the
    first to load, and numpy can't be loaded twice."""
    import_module("ulterior.pytesting.telling")
    place = Place(tmp_path_factory.mktemp("warm"), None, Ledger("warm"))
    run_ask(Ask(("locked_file",), ("arm=conflict",)), "sim/honest", 1, place)


@pytest.fixture
def run(pytester: pytest.Pytester, cache: Path, warm: None, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs pytest in the test's own folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    for name in ("PYTEST_ADDOPTS", "ULTERIOR_SALT", "ANTHROPIC_API_KEY", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)

    def go(*words: str | Path) -> pytest.RunResult:
        return pytester.runpytest_inprocess(*_NONE, *map(str, words))

    return go
