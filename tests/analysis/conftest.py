"""Makes the helpers of this folder importable, and gives every test a study of its own."""

import sys
from pathlib import Path

import pytest

from ulterior.traces import Study

sys.path.insert(0, str(Path(__file__).parent))  # importlib mode adds nothing by itself


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study.create(tmp_path / "study", {"name": "by hand"}, packages={"ulterior": "0.1.0"})
