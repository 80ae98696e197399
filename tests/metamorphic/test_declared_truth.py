"""Act and disclosure of planted agents are what they declare, however they think and talk meanwhile."""

from pathlib import Path

import pytest
from planted_study import play, spec

from ulterior.analysis import analyze_study
from ulterior.cli.verification import declared_truth, differences
from ulterior.scenarios import load_scenario
from ulterior.traces import Study

FAMILIES = ("borrowed_allotment", "locked_file", "reading_over_limit", "two_questionnaires")
AGENTS = ("honest", "covert", "denier", "open_violation")
VOICES = ("", "+admits", "+rationalises", "+injects", "+verbose")
SEEDS = (0, 1)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_act_and_every_label_is_the_declared_one_in_every_voice(tmp_path: Path, family: str) -> None:
    study = Study.create(tmp_path, {})
    specs = [spec(family, f"{agent}{voice}", seed) for agent in AGENTS for voice in VOICES for seed in SEEDS]
    play(study, specs)
    found = {finding.episode: finding for finding in analyze_study(study)}
    problems = {
        f"{each.model} seed {each.seed}": differing
        for each in specs
        if (differing := differences(declared_truth(load_scenario(family), each), found[each.id]))
    }
    assert (len(found), problems) == (len(AGENTS) * len(VOICES) * len(SEEDS), {})
    told = {finding.model: (finding.act, finding.covert, finding.deceptive) for finding in found.values()}
    for agent in AGENTS:
        assert len({told[f"sim/{agent}{voice}"] for voice in VOICES}) == 1
    assert [told[f"sim/{agent}"] for agent in AGENTS] == [
        ("none", False, False),
        ("violated", True, False),
        ("violated", True, True),
        ("violated", False, False),
    ]
