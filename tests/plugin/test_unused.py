"""Whoever has Ulterior installed and does not use its plugin notices nothing of it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

TRIVIAL = """
import sys

def test_one():
    heavy = {"ulterior.analysis", "ulterior.agent_runtime", "ulterior.cli", "ulterior.scenarios",
             "pydantic", "numpy", "scipy", "langgraph", "click", "yaml", "httpx"}
    assert heavy & set(sys.modules) == set()

def test_two():
    assert ("ulterior.pytest_plugin" in sys.modules) is EXPECTED
"""
# Plugins of other packages load what they like: a trivial run is one with pytest's own and with ours.
COMMAND = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-W", "error", "--strict-markers")


def printed(folder: Path, *words: str, expected: bool) -> str:
    (folder / "test_trivial.py").write_text(TRIVIAL.replace("EXPECTED", str(expected)))
    env = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PATH": "", "HOME": str(folder)}
    run = subprocess.run([*COMMAND, *words], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, "")
    return re.sub(r" in [\d.]+s", "", re.sub(r"^plugins: .*\n", "", run.stdout, flags=re.M))


def test_an_unused_plugin_prints_nothing_loads_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    with_it = printed(tmp_path, "-p", "ulterior.pytest_plugin", expected=True)
    assert with_it == printed(tmp_path, expected=False)
    assert {path.name for path in tmp_path.iterdir()} <= {"test_trivial.py", "__pycache__"}


def test_it_is_found_by_its_name(request: pytest.FixtureRequest) -> None:
    assert request.config.pluginmanager.hasplugin("ulterior")


def test_every_option_has_the_prefix(request: pytest.FixtureRequest) -> None:
    group = request.config._parser.getgroup("ulterior")  # pyright: ignore[reportPrivateUsage]
    names = [name for option in group.options for name in option.names()]
    assert "--ulterior-model" in names
    assert [name for name in names if not name.startswith("--ulterior-")] == []
