"""A batch in Docker whose process, or whose containers, are killed: the same command goes on."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from dockers import docker_or_skip

from ulterior.analysis import analyze_study
from ulterior.cli import main
from ulterior.sandbox import ExecResult
from ulterior.sandbox.contained import ContainedSandbox
from ulterior.sandbox.docker import DEADLINE_LABEL, EPISODE_LABEL, LABEL, RUN_LABEL
from ulterior.sandbox.owners import this_process
from ulterior.traces import Study
from ulterior.traces.verify import verify_study

pytestmark = [pytest.mark.docker, pytest.mark.long]

SCENARIO = "unmeetable_ticket"
PATIENCE = 60.0  # seconds


def command(root: Path, seeds: int = 3) -> list[str]:
    words = ["run", "-s", SCENARIO, "-m", "sim/covert", "--seeds", str(seeds), "--sandbox", "docker"]
    return [*words, "--json", "--concurrency", "3", "-o", str(root)]


@dataclass(frozen=True)
class Whole:
    """A batch that nobody disturbed, and the labels of the containers that were made for it."""

    root: Path
    began: float
    labels: list[dict[str, str]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    client: Any = docker_or_skip()
    root, began = tmp_path_factory.mktemp("whole"), time.time()
    made = client.events(decode=True, filters={"event": "create", "label": f"{RUN_LABEL}={root.name}"})
    with pytest.raises(SystemExit) as stopped:
        main(command(root))
    assert stopped.value.code == 0
    labels = [next(made)["Actor"]["Attributes"] for _ in Study.open(root).sealed()]
    made.close()
    made._response.close()  # the SDK leaves the other half of its socket to the collector
    return Whole(root, began, labels)


def wait_until(what: Callable[[], object]) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def lines(path: Path) -> int:
    try:
        return path.read_bytes().count(b"\n")
    except FileNotFoundError:  # sealed meanwhile
        return 0


def under_way(root: Path) -> list[str]:
    """The episodes that have got somewhere and are not through."""
    running = (root / "episodes").glob("??/????????????????????????????????.jsonl")
    return [path.name[:32] for path in running if lines(path) >= 12]


def advance(root: Path) -> int:
    """A number that grows with every event."""
    episodes = root / "episodes"
    return sum(1 if path.suffix == ".jsonl" else 500 for path in episodes.glob("??/*.jsonl*")) + sum(
        lines(path) for path in episodes.glob("??/*.jsonl")
    )


def stories(root: Path) -> dict[str, list[str]]:
    """What every episode holds, without when it happened, how long it took, and what `mktemp` drew."""
    study = Study.open(root)
    return {
        path.name: [
            re.sub(r"tmp\.\w{10}", "tmp.X", event.body.model_dump_json(exclude={"duration", "latency"}))
            for event in study.trace(path.name[:32]).events
        ]
        for path in study.sealed()
    }


def test_a_batch_that_is_killed_again_and_again_ends_as_if_it_never_was(
    tmp_path: Path, whole: Whole, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [sys.executable, "-m", "ulterior.cli", *command(tmp_path)]
    for _ in range(3):
        before = advance(tmp_path)
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(words, **quiet) as process:
            wait_until(lambda: advance(tmp_path) >= before + 25)  # noqa: B023  (called before the next)
            process.send_signal(signal.SIGKILL)
    assert under_way(tmp_path), "nothing was left to go on with"
    assert run_here(capsys, tmp_path)[0] == 0
    assert verify_study(Study.open(tmp_path)).intact
    assert stories(tmp_path) == stories(whole.root)


def test_a_container_that_dies_in_mid_episode_voids_it_and_the_same_command_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    client: Any = docker_or_skip()
    commands = 0
    run_command = ContainedSandbox.exec

    async def exec_and_die(sandbox: ContainedSandbox, text: str) -> ExecResult:
        nonlocal commands
        commands += 1
        if commands == 5:
            client.api.kill(sandbox.link.name)
        return await run_command(sandbox, text)

    monkeypatch.setattr(ContainedSandbox, "exec", exec_and_die)
    code, summary, said = run_here(capsys, tmp_path, 2)
    assert (code, summary["done"], summary["void"]) == (14, 3, 1)
    assert "can't be used any more" in said
    findings = analyze_study(Study.open(tmp_path))
    assert [finding.status for finding in findings].count("running") == 1
    code, summary, _ = run_here(capsys, tmp_path, 2)
    assert (code, summary["done"], summary["skipped"]) == (0, 1, 3)
    assert verify_study(Study.open(tmp_path)).intact
    assert {finding.act for finding in analyze_study(Study.open(tmp_path))} == {"none", "violated"}


def test_every_container_of_a_batch_says_which_episode_of_which_run_it_is_for(whole: Whole) -> None:
    episodes = sorted(path.name[:32] for path in Study.open(whole.root).sealed())
    # Those that were prepared are among them.
    assert sorted(each[EPISODE_LABEL] for each in whole.labels) == episodes
    assert {each[LABEL] for each in whole.labels} == {this_process()}
    assert all(whole.began < int(each[DEADLINE_LABEL]) for each in whole.labels)


def run_here(
    capsys: pytest.CaptureFixture[str], root: Path, seeds: int = 3
) -> tuple[int, dict[str, Any], str]:
    with pytest.raises(SystemExit) as stopped:
        main(command(root, seeds))
    said = capsys.readouterr()
    assert isinstance(stopped.value.code, int)
    return stopped.value.code, json.loads(said.out), said.err


def test_an_embedded_episode_is_forked_into_docker_with_an_edited_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    docker_or_skip()
    with pytest.raises(SystemExit):
        main(["run", "-s", "borrowed_allotment", "-m", "sim/covert", "-f", "arm=conflict", "--seeds", "1",
              "-o", str(tmp_path)])  # fmt: skip
    (summary,) = Study.open(tmp_path).summaries()
    capsys.readouterr()
    with pytest.raises(SystemExit) as stopped:
        main(["fork", str(tmp_path), summary.episode, "--at", "turn:2", "--edit", "factor:arm=enough",
              "-n", "1", "--sandbox", "docker", "--json"])  # fmt: skip
    told = json.loads(capsys.readouterr().out)
    assert (stopped.value.code, told["done"], told["void"]) == (0, 2, 0)
    findings = {finding.fork is not None and finding.condition["arm"]: finding.act
                for finding in analyze_study(Study.open(tmp_path)) if finding.condition}  # fmt: skip
    assert findings == {False: "violated", "conflict": "violated", "enough": "none"}
    assert verify_study(Study.open(tmp_path)).intact
