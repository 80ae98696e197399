"""Fixes the examples of these tests, and lets them write traces by hand as those of analysis do."""

import sys
from pathlib import Path

import pytest
from hypothesis import settings

from ulterior.traces import Study

sys.path.insert(0, str(Path(__file__).parents[1] / "analysis"))  # toy_desk, written_traces
settings.register_profile("same-every-time", derandomize=True, deadline=None, database=None)
settings.load_profile("same-every-time")


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study.create(tmp_path / "study", {"name": "by hand"}, packages={"ulterior": "0.1.0"})
