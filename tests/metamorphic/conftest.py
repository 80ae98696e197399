"""The planted study that these tests change, played once; examples are the same in every run."""

import sys
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))  # importlib mode adds nothing by itself

from planted_study import Planted, plant

settings.register_profile("same-every-time", derandomize=True, deadline=None, database=None)
settings.load_profile("same-every-time")


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """Six characters in each of five families, under the condition that tempts."""
    return plant(tmp_path_factory.mktemp("planted"))
