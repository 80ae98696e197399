"""A laboratory that remembers gives what a fresh one gives, and opens fewer machines."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ulterior.analysis.laboratory import RememberingLaboratory
from ulterior.errors import SandboxUnavailable, ToolFailed
from ulterior.sandbox import ExecResult, Machine, Sandbox
from ulterior.sandbox.conformance import LAWS, Law, Result, check_law
from ulterior.sandbox.embedded import EmbeddedSandbox
from ulterior.scenarios import Laboratory

MACHINE = Machine("ann", "ws-12", "/home/ann")
FILES = {"/home/ann/run.sh": b"echo $RANDOM; cat notes.txt\n", "/home/ann/notes.txt": b"one\n"}

Step = Callable[[Sandbox], Coroutine[Any, Any, object]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Machine]:
    """The machines that were really opened."""
    machines: list[Machine] = []
    start = EmbeddedSandbox.__init__

    def counted(self: EmbeddedSandbox, machine: Machine, timeout: float = 10.0) -> None:
        machines.append(machine)
        start(self, machine, timeout)

    monkeypatch.setattr(EmbeddedSandbox, "__init__", counted)
    return machines


async def _did(laboratory: Laboratory, steps: Sequence[Step]) -> list[object]:
    """What each step came to, and the files at the end."""
    seen: list[object] = []
    async with laboratory.sandbox(MACHINE, FILES) as sandbox:
        for step in steps:
            try:
                seen.append(await step(sandbox))
            except ToolFailed as failure:
                seen.append(str(failure))
        seen.append(await sandbox.snapshot())
    return seen


def did(laboratory: Laboratory, *steps: Step) -> list[object]:
    return asyncio.run(_did(laboratory, steps))


def running(command: str) -> Step:
    return lambda sandbox: sandbox.exec(command)


def writing(path: str, data: bytes) -> Step:
    return lambda sandbox: sandbox.write(path, data)


async def _back(sandbox: Sandbox) -> object:
    tree = await sandbox.snapshot()
    await sandbox.exec("rm -rf notes.txt; mkdir notes.txt")
    return await sandbox.restore(tree)


STEPS: dict[str, Step] = {
    "run": running("bash run.sh"),
    "add": running("echo more >> notes.txt"),
    "fail": running("cat nothing; exit 3"),
    "write": writing("notes.txt", b"two\n"),
    "elsewhere": writing("/tmp/notes.txt", b"three\n"),
    "remove": lambda sandbox: sandbox.remove("notes.txt"),
    "read": lambda sandbox: sandbox.read("notes.txt"),
    "changes": lambda sandbox: sandbox.changes(),
    "later": lambda sandbox: sandbox.set_time(2e9),
    "date": running("date"),
    "back": _back,
}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from(sorted(STEPS)), max_size=6), min_size=2, max_size=4))
def test_whatever_is_done_comes_to_what_it_comes_to_on_fresh_machines(plans: list[list[str]]) -> None:
    remembering = RememberingLaboratory()
    for plan in plans:
        steps = [STEPS[name] for name in plan]
        assert did(remembering, *steps) == did(Laboratory(), *steps)


def test_what_was_done_before_is_not_done_again(opened: list[Machine]) -> None:
    laboratory = RememberingLaboratory()
    first = did(laboratory, STEPS["run"], STEPS["add"])
    assert did(laboratory, STEPS["run"], STEPS["add"]) == first
    assert len(opened) == 1
    did(laboratory, STEPS["run"], STEPS["write"])
    assert len(opened) == 2
    did(laboratory, STEPS["run"], STEPS["write"])
    assert len(opened) == 2


def test_other_files_and_other_machines_are_other_worlds(opened: list[Machine]) -> None:
    laboratory = RememberingLaboratory()

    async def read(machine: Machine, files: dict[str, bytes]) -> bytes:
        async with laboratory.sandbox(machine, files) as sandbox:
            return await sandbox.read("/home/ann/notes.txt")

    other = {**FILES, "/home/ann/notes.txt": b"other\n"}
    assert asyncio.run(read(MACHINE, FILES)) == b"one\n"
    assert asyncio.run(read(MACHINE, other)) == b"other\n"
    assert asyncio.run(read(Machine("bob", "ws-12", "/home/ann"), FILES)) == b"one\n"
    assert len(opened) == 3


def test_a_second_run_in_one_world_is_a_run_of_its_own() -> None:
    laboratory = RememberingLaboratory()
    draws = running("head -c 16 /dev/urandom | od -An -tx1")
    first, second, _ = did(laboratory, draws, draws)
    assert first != second
    assert did(laboratory, draws, draws)[:2] == [first, second]


def test_what_ran_out_of_time_is_tried_again(opened: list[Machine], monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(self: EmbeddedSandbox, command: str) -> ExecResult:
        return ExecResult("", "Killed\n", 137, timed_out=True)

    laboratory = RememberingLaboratory()
    with monkeypatch.context() as patched:
        patched.setattr(EmbeddedSandbox, "exec", hang)
        hung, _ = did(laboratory, STEPS["date"])
    assert isinstance(hung, ExecResult)
    assert hung.timed_out
    again, _ = did(laboratory, STEPS["date"])
    assert isinstance(again, ExecResult)
    assert not again.timed_out
    assert len(opened) == 2


def test_a_world_that_was_not_opened_for_long_is_forgotten(opened: list[Machine]) -> None:
    laboratory = RememberingLaboratory()

    async def visit(number: int) -> None:
        async with laboratory.sandbox(MACHINE, {"/home/ann/number": str(number).encode()}) as sandbox:
            await sandbox.read("number")

    async def visits() -> None:
        for number in (*range(40), 39, 0):
            await visit(number)

    asyncio.run(visits())
    assert len(opened) == 41


def test_a_closed_machine_answers_nothing_also_from_memory() -> None:
    laboratory = RememberingLaboratory()
    did(laboratory, STEPS["run"])

    async def too_late() -> None:
        async with laboratory.sandbox(MACHINE, FILES) as sandbox:
            pass
        await sandbox.exec("bash run.sh")

    with pytest.raises(SandboxUnavailable):
        asyncio.run(too_late())


QUICK = [law for law in LAWS if law.name != "endless_command"]  # that one takes ten seconds of patience


@pytest.mark.parametrize("law", QUICK, ids=lambda law: law.name)
def test_remembered_machines_keep_the_laws_of_a_sandbox(law: Law) -> None:
    laboratory = RememberingLaboratory()

    async def check() -> Result:
        async with AsyncExitStack() as stack:
            return await check_law(
                law, lambda machine: stack.enter_async_context(laboratory.sandbox(machine, {}))
            )

    assert asyncio.run(check()).broken is None
    assert asyncio.run(check()).broken is None, "from memory"
