#!/usr/bin/env python3
"""docs/demo.html: a small study of simulated agents as one page, for a look before anything is installed.

.venv/bin/python tools/demo_page.py            make it (`make demo-page`)
.venv/bin/python tools/demo_page.py --check    the committed page is what this would make (CI)

The same study gives the same bytes: agents are simulated, episodes run one after the other, and their clock
moves only when somebody looks at it. The check compares documents as values and all else byte for byte,
since two versions of zlib pack the same text differently.
"""

import asyncio
import os
import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from ulterior import __version__
from ulterior.agent_runtime.edit_syntax import parse_edit
from ulterior.agent_runtime.episode import run_episode
from ulterior.agent_runtime.fork_plan import plan_edit
from ulterior.agent_runtime.fork_points import parse_place
from ulterior.agent_runtime.models.catalogue import open_model
from ulterior.agent_runtime.plan import merge_design, plan_study
from ulterior.clock import ManualClock
from ulterior.sandbox import close_backends
from ulterior.scenarios import load_scenario
from ulterior.traces import EpisodeSpec, Study, record_forks
from ulterior.viewer.export import Export, unpacked
from ulterior.viewer.library import Library

PAGE = Path(__file__).parents[1] / "docs" / "demo.html"
MOST = 1_000_000  # bytes: it is committed

SCENARIOS = ("locked_file", "reading_over_limit")
MODELS = ("sim/honest", "sim/open_violation", "sim/covert+admits", "sim/denier+suspects")
FORKED = {"scenario": "locked_file", "model": "sim/covert+admits", "seed": 0, "arm": "conflict"}
EDIT = "factor:arm=control"


class Ticking(ManualClock):
    """A clock that moves a little whenever somebody looks at it."""

    def now(self) -> float:
        self.advance(0.01)
        return super().now()

    def monotonic(self) -> float:
        return self.now()


def made(page: Path) -> None:
    """Run the study in a folder of its own and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "demo")
        asyncio.run(_run(root))
        Export(Library.open([root])).to_file(page, limit=MOST)


async def _run(root: Path) -> None:
    design = merge_design(None, scenarios=SCENARIOS, models=MODELS, seeds=2)
    clock = Ticking(1_767_225_600.0)  # the first of January 2026
    specs = plan_study(design, {})
    study = Study.create(root, design.model_dump(mode="json"), packages={"ulterior": __version__})
    study.expect(spec.id for spec in specs)
    await _run_all(specs, study, clock)
    (parent,) = (study.trace(spec.id) for spec in specs if _fits(spec))
    plan = plan_edit(
        [parent],
        parse_place("start"),
        [parse_edit(EDIT, str)],
        2,
        sandbox=None,
        environ={},
        now=clock.now(),
    )
    record_forks(study, plan.experiment)
    study.expect(spec.id for spec in plan.specs)
    await _run_all(plan.specs, study, clock)
    await close_backends()


def _fits(spec: EpisodeSpec) -> bool:
    of = {"scenario": spec.scenario, "model": spec.model, "seed": spec.seed, "arm": spec.condition["arm"]}
    return of == FORKED


async def _run_all(specs: Iterable[EpisodeSpec], study: Study, clock: Ticking) -> None:
    for spec in specs:
        model = open_model(spec.model, spec.settings, {}, clock)
        scenario = load_scenario(spec.scenario)
        outcome = await run_episode(spec, scenario, model, study, clock, {"ulterior": __version__})
        await model.close()
        if outcome.status != "done":
            raise RuntimeError(f"{spec.scenario} {spec.model}: {outcome.status}: {outcome.why}")


_BLOCK = re.compile(r'(<script type="application/json" data-document="[^"]*">)([A-Za-z0-9+/=]*)(</script>)')


def plain(page: str) -> list[object]:
    """A page with its documents as values, in pieces that can be compared."""
    return [unpacked(piece) if number % 4 == 2 else piece for number, piece in enumerate(_BLOCK.split(page))]


def check() -> str | None:
    """What is wrong with the committed page."""
    if not PAGE.exists():
        return f"there is no {PAGE.name}: run `make demo-page`"
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder, "demo.html")
        made(fresh)
        now, then = plain(fresh.read_text("utf-8")), plain(PAGE.read_text("utf-8"))
    differ = [str(a)[:60] for a, b in zip(now, then, strict=False) if a != b]
    if len(now) != len(then) or differ:
        return f"{PAGE.name} is not current: run `make demo-page`\n" + "\n".join(differ[:5])
    return None


if __name__ == "__main__":
    os.chdir(Path(__file__).parents[1])
    if sys.argv[1:] == ["--check"]:
        sys.exit(check())
    made(PAGE)
    print(f"{PAGE.relative_to(Path.cwd())}: {PAGE.stat().st_size / 1e6:.2f} MB")
