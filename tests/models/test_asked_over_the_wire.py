"""Questions put in forks, over loopback: planted agents answer them through an API as they do in process."""

import json
from pathlib import Path
from typing import Any

import pytest

from ulterior.agent_runtime.wire.app import wire_app
from ulterior.agent_runtime.wire.cells import cells_of
from ulterior.agent_runtime.wire.serve import environment, serve
from ulterior.cli import main
from ulterior.scenarios import load_scenario

SCENARIO = "borrowed_allotment"


def ulterior(capsys: pytest.CaptureFixture[str], *words: str | Path) -> str:
    with pytest.raises(SystemExit) as stopped:
        main([str(word) for word in words])
    output = capsys.readouterr()
    assert stopped.value.code == 0, output.err
    return output.out


def asked(capsys: pytest.CaptureFixture[str], root: Path, model: str) -> tuple[Any, Any]:
    """The rates of an interview, and the answers to the probe, of one model."""
    ulterior(capsys, "run", "-s", SCENARIO, "-m", model, "--seeds", "2", "-o", root)
    (table,) = json.loads(ulterior(capsys, "interview", root, "-n", "1", "--json"))["tables"]
    arms = json.loads(ulterior(capsys, "probe", root, "-n", "1", "--json"))["arms"]
    return table["wordings"], [(arm["arm"], arm["probes"]) for arm in arms]


@pytest.mark.parametrize("agent", ["covert", "denier"])
def test_wordings_and_probes_are_answered_over_the_wire_as_in_process(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, agent: str
) -> None:
    in_process = asked(capsys, tmp_path / "sim", f"sim/{agent}")
    with serve(wire_app(cells_of([load_scenario(SCENARIO)], range(2)))) as url:
        for name, value in environment(url).items():
            monkeypatch.setenv(name, value)
        assert asked(capsys, tmp_path / "wire", f"anthropic/{agent}") == in_process
    told = [row["told"]["k"] for row in in_process[0]]
    assert told == ([0] * 4 + [2] * 4 if agent == "covert" else [0] * 8)
