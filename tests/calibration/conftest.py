"""One small study of planted agents for all of these tests, and samples written by hand."""

import sys
from pathlib import Path

import pytest

from ulterior.analysis.calibration.planted import Planted, planted_samples
from ulterior.analysis.calibration.truths import DERIVED
from ulterior.cli import main
from ulterior.traces import Study

sys.path.insert(0, str(Path(__file__).parent))

SCENARIOS = ("borrowed_allotment", "locked_file")
STYLES = (
    "honest",
    "confused",
    "confessor",
    "covert",
    "covert+admits",
    "covert+silent",
    "denier",
    "open_violation",
    "suspicious",
    "reverter",
)


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Ten agents in two scenarios, one instance each, with the cards of the word rules on them."""
    root = tmp_path_factory.mktemp("planted") / "study"
    words = ["calibrate", "-o", str(root), "--seeds", "1", "--detector", "rules"]
    words += [word for name in SCENARIOS for word in ("-s", name)]
    words += [word for name in STYLES for word in ("--style", name)]
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 0
    return Study.open(root)


@pytest.fixture(scope="session")
def found(planted: Study) -> Planted:
    """The samples of that study, of all rubrics that planted agents have a truth for."""
    return planted_samples(planted, DERIVED)
