"""Runs a batch again and again and kills it with SIGKILL at chosen points, until one run gets through.

    python crashes.py STUDY_FOLDER KILLS SEED

The parent imports everything once and forks for every run, so a run costs no start-up. A child counts its
own writes, syncs, links and unlinks, and kills itself in the middle of the one that the dice chose: half
of a write has then reached the file. Every model sample is noted beforehand in ``samples``, and after
every kill the parent notes in ``logged`` which turns had reached a log.
"""

import asyncio
import os
import random
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ulterior.agent_runtime.executors as executors
from ulterior.agent_runtime.batch import Batch
from ulterior.agent_runtime.models.protocol import Model, ModelReply, ModelRequest, Session
from ulterior.agent_runtime.plan import ScenarioChoice, StudyDesign, plan_study
from ulterior.clock import SystemClock
from ulterior.scenarios import AnyInstance
from ulterior.traces import EpisodeSpec, ModelTurn, Study, load_trace
from ulterior.traces.scan import scan_events

DESIGN = StudyDesign(
    scenarios=[ScenarioChoice(name="errand:SCENARIO", factors={"asked": ["yes", "no"]})],
    models=["sim/steady"],
    seeds=list(range(50)),
)
FURTHEST = 120  # a kill comes within the first so many writes of a run


class Noting:
    """A model that notes every sample before it takes it."""

    def __init__(self, model: Model, path: Path) -> None:
        self.name = model.name
        self._model = model
        self._path = path

    def session(self, spec: EpisodeSpec, instance: AnyInstance) -> Session:
        return _NotingSession(self._model.session(spec, instance), spec.id, self._path)

    async def close(self) -> None:
        await self._model.close()


class _NotingSession:
    def __init__(self, session: Session, episode: str, path: Path) -> None:
        self._session = session
        self._episode = episode
        self._path = path

    async def sample(self, request: ModelRequest) -> ModelReply:
        turn = 1 + sum(isinstance(event.body, ModelTurn) for event in request.conversation)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{self._episode} {turn}\n")
        return await self._session.sample(request)


def die_at(point: int) -> None:
    """Make this process kill itself at its ``point``-th operation on files."""
    left = point
    write = os.write

    def torn_write(fd: int, data: bytes) -> int:
        nonlocal left
        left -= 1
        if left == 0:
            write(fd, data[: len(data) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return write(fd, data)

    def fatal(operation: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **options: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return operation(*arguments, **options)

        return wrapped

    os.write = torn_write  # type: ignore[assignment]
    for name in ("fdatasync", "fsync", "link", "unlink", "replace"):
        setattr(os, name, fatal(getattr(os, name)))


async def run_batch(root: Path) -> None:
    """The same thing that ``ulterior run`` does, with noted samples."""
    open_model = executors.open_model

    def noting(*arguments: Any) -> Model:
        return Noting(open_model(*arguments), root / "samples")

    executors.open_model = noting
    study = Study.create(root, DESIGN.model_dump(mode="json"))
    batch = Batch(study, plan_study(DESIGN, {}), {}, SystemClock(), slots=4)
    outcomes = [outcome async for outcome in batch.outcomes()]
    void = [outcome.why for outcome in outcomes if outcome.status == "void"]
    assert not void, void


def logged_turns(root: Path) -> Iterator[str]:
    """Which model turns have reached a log, as ``episode turn``."""
    for path in (root / "episodes").glob("??/*.jsonl*"):
        if path.name.startswith("."):
            continue
        events = (
            load_trace(path).events if path.suffix == ".zst" else scan_events(path, path.read_bytes()).events
        )
        for event in events:
            if isinstance(event.body, ModelTurn):
                yield f"{path.name.split('.')[0]} {event.body.turn}"


def main() -> None:
    root, kills, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    root.mkdir(parents=True, exist_ok=True)
    dice = random.Random(seed)
    done = 0
    while done < kills:
        before = sorted(logged_turns(root))
        with (root / "samples").open("a", encoding="utf-8") as file:
            file.write("".join(f"logged {turn}\n" for turn in before))
        child = os.fork()
        if child == 0:
            die_at(dice.randint(1, FURTHEST))
            asyncio.run(run_batch(root))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            break
        done += 1
    sys.stdout.write(f"{done}\n")
    sys.stdout.flush()
    asyncio.run(run_batch(root))


if __name__ == "__main__":
    main()
