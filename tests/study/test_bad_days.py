"""What a provider can do to a study: lock us out, quote the key, fail half-way and charge for it."""

import json
from pathlib import Path

import pytest

from ulterior.agent_runtime.models import prices
from ulterior.agent_runtime.wire.app import Received, wire_app
from ulterior.agent_runtime.wire.cells import cells_of
from ulterior.agent_runtime.wire.faults import Fault, Faults
from ulterior.agent_runtime.wire.serve import environment, serve
from ulterior.cli import main
from ulterior.scenarios import load_scenario
from ulterior.traces import Study

SCENARIO = "ceiling_test"
SECRET = "sk-recognisable-0123456789"
KEYS = ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "OPENAI_COMPATIBLE_API_KEY")


def ulterior(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main([str(word) for word in words])
    output = capsys.readouterr()
    assert isinstance(stopped.value.code, int)
    return stopped.value.code, output.out, output.err


def everything_in(folder: Path) -> bytes:
    """All that a study holds on disk, sealed files opened."""
    lines = b"".join(b"".join(Study.open(folder).trace(path.name[:32]).lines()) for path in sealed(folder))
    return lines + b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def sealed(folder: Path) -> list[Path]:
    return list(Study.open(folder).sealed())


@pytest.mark.parametrize("provider", ["anthropic", "openai", "openai-compatible"])
def test_a_key_that_is_refused_stops_the_run_at_once_and_is_never_shown(
    provider: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    received: list[Received] = []
    cells = cells_of([load_scenario(SCENARIO)], range(4))
    app = wire_app(cells, Faults([Fault("unauthorized", turn=1, times=99)]), watch=received.append)
    study = ["-s", SCENARIO, "-m", f"{provider}/covert", "--seeds", 4, "-o", tmp_path]
    with serve(app) as url:
        for name, value in environment(url).items():
            monkeypatch.setenv(name, SECRET if name in KEYS else value)
        code, out, err = ulterior(capsys, "run", *study, "--concurrency", 2)
    assert code == 2
    assert err.splitlines()[-3:] == [
        f"error: {provider}/covert does not let us in",
        "why: 401: incorrect API key: [redacted]",
        "fix: check the key, what it may use, and the model's name",
    ]
    assert len(received) <= 2  # what was under way; nothing was started after the first refusal
    assert SECRET not in out + err
    assert SECRET.encode() not in everything_in(tmp_path)
    with serve(wire_app(cells)) as url:
        for name, value in environment(url).items():
            monkeypatch.setenv(name, value)
        code, out, _ = ulterior(capsys, "run", *study, "--json")
    assert (code, json.loads(out)["done"]) == (0, 8)


def test_a_budget_counts_what_void_episodes_have_cost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cells = cells_of([load_scenario(SCENARIO)], range(8))
    faults = Faults([Fault("bad_request", turn=3, times=99)])
    dear = prices.Price(input=5000.0, output=0.0, cache_read=5000.0, cache_write=5000.0)
    monkeypatch.setattr(prices, "PRICES", {"anthropic/honest": dear})
    study = ["-s", SCENARIO, "-m", "anthropic/honest", "--seeds", 8, "-o", tmp_path, "--concurrency", 1]
    with serve(wire_app(cells, faults)) as url:
        for name, value in environment(url).items():
            monkeypatch.setenv(name, value)
        code, out, err = ulterior(capsys, "run", *study, "--budget", "1usd", "--json")
    summary = json.loads(out)
    assert (code, summary["done"], summary["void"], summary["cost"] > 1) == (13, 0, 1, True)
    assert "the budget is reached; 15 episodes are left" in err
