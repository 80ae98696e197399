"""The embedded sandbox keeps every law, and a sandbox that breaks one is caught by that law."""

import asyncio
import os
import random
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from ulterior.sandbox import Change, ExecResult, Machine, Node, Tree
from ulterior.sandbox.conformance import LAWS, Law, check_law, check_sandbox
from ulterior.sandbox.embedded import EmbeddedSandbox

TIMEOUT = 0.25
SLOW = ("endless_command", "no_background")  # they wait for timeouts


async def embedded(machine: Machine) -> EmbeddedSandbox:
    return EmbeddedSandbox(machine, TIMEOUT)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_the_embedded_sandbox_keeps_the_law(law: Law) -> None:
    assert asyncio.run(check_law(law, embedded)).broken is None


class LosesDeletions(EmbeddedSandbox):
    async def changes(self) -> tuple[Change, ...]:
        return tuple(change for change in await super().changes() if change.after is not None)


class ReportsTwice(EmbeddedSandbox):
    before: tuple[Change, ...] = ()

    async def changes(self) -> tuple[Change, ...]:
        now = await super().changes()
        told, self.before = now or self.before, now
        return told


class ForgetsModes(EmbeddedSandbox):
    async def write(self, path: str, data: bytes, mode: int | None = None) -> None:
        await super().write(path, data, 0o644)


class KeepsStaleFiles(EmbeddedSandbox):
    async def restore(self, tree: Tree) -> None:
        await super().restore({**await self.snapshot(), **tree})


class SharesItsForks(EmbeddedSandbox):
    async def fork(self) -> EmbeddedSandbox:
        return self


class LiveSnapshots(EmbeddedSandbox):
    """Hands out one mapping and keeps it up to date."""

    async def snapshot(self) -> Tree:
        self.live = dict(await super().snapshot())
        return self.live

    async def exec(self, command: str) -> ExecResult:
        result = await super().exec(command)
        if hasattr(self, "live"):
            self.live.clear()
            self.live.update(await super().snapshot())
        return result


class LeaksTheHostsEnvironment(EmbeddedSandbox):
    async def exec(self, command: str) -> ExecResult:
        result = await super().exec(command)
        leak = "".join(f"{name}={value}\n" for name, value in os.environ.items())
        return replace(result, stdout=result.stdout + leak) if "env" in command else result


class ReadsTheHostsFiles(EmbeddedSandbox):
    async def read(self, path: str) -> bytes:
        return Path(path).read_bytes() if Path(path).is_file() else await super().read(path)  # noqa: ASYNC240


class HidesTimeouts(EmbeddedSandbox):
    async def exec(self, command: str) -> ExecResult:
        return replace(await super().exec(command), timed_out=False)


class HidesWhatItCut(EmbeddedSandbox):
    async def exec(self, command: str) -> ExecResult:
        return replace(await super().exec(command), truncated=False)


class MixesItsStreams(EmbeddedSandbox):
    async def exec(self, command: str) -> ExecResult:
        result = await super().exec(command)
        return replace(result, stdout=result.stdout + result.stderr, stderr="")


class DrawsAtRandom(EmbeddedSandbox):
    async def exec(self, command: str) -> ExecResult:
        await super().write(".cache", random.randbytes(8))
        return await super().exec(command)


class TellsTheHostsTime(EmbeddedSandbox):
    async def set_time(self, now: float) -> None:
        await super().set_time(1_790_000_000.0)


class FollowsLinks(EmbeddedSandbox):
    async def changes(self) -> tuple[Change, ...]:
        return tuple([await self.behind(change) for change in await super().changes()])

    async def behind(self, change: Change) -> Change:
        if change.after is None or change.after.type != "link" or not change.path.endswith("/file"):
            return change
        return replace(change, after=Node("file", await self.read(change.path)))


class CallsOut(EmbeddedSandbox):
    async def exec(self, command: str) -> ExecResult:
        if found := re.search(r"http://127.0.0.1:(\d+)", command):
            _, writer = await asyncio.open_connection("127.0.0.1", int(found[1]))
            writer.close()
        return await super().exec(command)


class SharesATemporaryFolder(EmbeddedSandbox):
    shared: ClassVar[dict[str, Node]] = {}

    async def exec(self, command: str) -> ExecResult:
        for path, node in self.shared.items():
            await super().write(path, node.data)
        result = await super().exec(command)
        tree = await self.snapshot()
        self.shared.update({p: n for p, n in tree.items() if p.startswith("/tmp/") and n.type == "file"})
        return result


class RunsAfterItsClose(EmbeddedSandbox):
    async def close(self) -> None:
        return None


class RaisesBuiltinErrors(EmbeddedSandbox):
    async def read(self, path: str) -> bytes:
        if path.startswith("missing"):
            raise FileNotFoundError(path)
        return await super().read(path)


MUTANTS: dict[type[EmbeddedSandbox], str] = {
    LosesDeletions: "changes_by_value",
    ReportsTwice: "changes_told_once",
    ForgetsModes: "modes",
    KeepsStaleFiles: "restore_any_step",
    SharesItsForks: "forks",
    LiveSnapshots: "snapshots_stay",
    LeaksTheHostsEnvironment: "no_host_environment",
    ReadsTheHostsFiles: "no_host_files",
    HidesTimeouts: "endless_command",
    HidesWhatItCut: "bounded_output",
    MixesItsStreams: "two_streams",
    DrawsAtRandom: "same_commands_same_files",
    TellsTheHostsTime: "clock",
    FollowsLinks: "links",
    CallsOut: "no_network",
    SharesATemporaryFolder: "neighbours",
    RunsAfterItsClose: "closing",
    RaisesBuiltinErrors: "bad_paths",
}


@pytest.mark.parametrize(
    ("mutant", "name"), MUTANTS.items(), ids=lambda value: getattr(value, "__name__", "")
)
def test_a_broken_promise_is_caught_by_the_law_that_names_it(
    mutant: type[EmbeddedSandbox], name: str
) -> None:
    async def factory(machine: Machine) -> EmbeddedSandbox:
        return mutant(machine, TIMEOUT)

    kit = [law for law in LAWS if law.name == name or law.name not in SLOW]
    broken = [result.law.name for result in asyncio.run(check_sandbox(factory, kit)) if result.broken]
    assert name in broken


def test_a_law_is_a_sentence_with_a_name_of_its_own() -> None:
    assert len({law.name for law in LAWS}) == len(LAWS) >= 30
    assert [law.name for law in LAWS if not law.text.endswith(".")] == []


def test_every_law_stands_in_the_documentation_word_for_word() -> None:
    page = Path(__file__).parents[2].joinpath("docs", "sandbox.md").read_text(encoding="utf-8")
    assert [law.name for law in LAWS if f"| `{law.name}` | {law.text} |" not in page] == []


def test_the_command_names_a_back_end_that_there_is_not() -> None:
    command = [sys.executable, "-W", "error", "-m", "ulterior.sandbox.conformance", "abacus"]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stdout) == (2, "")
    assert "unknown sandbox 'abacus'" in finished.stderr
