"""The embedded sandbox against a dictionary: whatever the order of operations, both hold the same files."""

import asyncio
import posixpath
import shlex
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ulterior.errors import ToolFailed
from ulterior.sandbox import Machine, Tree
from ulterior.sandbox.embedded import EmbeddedSandbox

T = TypeVar("T")
WORK = "/home/mira"
NAMES = st.sampled_from(["a", "b", "it's", "d/a", "d/b", "d/e/f", "x y/é"])
DATA = st.binary(max_size=40)


def files_of(tree: Tree) -> dict[str, bytes]:
    return {posixpath.relpath(path, WORK): node.data for path, node in tree.items() if node.type == "file"}


class SandboxAgainstDictionary(RuleBasedStateMachine):
    trees: Bundle[Any] = Bundle("trees")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.sandbox = EmbeddedSandbox(Machine("mira", "ws-7", WORK))
        self.model: dict[str, bytes] = {}
        self.told: dict[str, bytes] = {}
        self.run(self.sandbox.changes())

    def run(self, call: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(call)

    def sh(self, command: str) -> None:
        assert self.run(self.sandbox.exec(command)).exit_code == 0

    @rule(name=NAMES, data=DATA)
    def write(self, name: str, data: bytes) -> None:
        self.run(self.sandbox.write(name, data))
        self.model[name] = data

    @rule(name=NAMES, word=st.sampled_from(["one", "two"]))
    def append_in_the_shell(self, name: str, word: str) -> None:
        quoted = shlex.quote(name)
        self.sh(f'mkdir -p "$(dirname {quoted})"; echo {word} >> {quoted}')
        self.model[name] = self.model.get(name, b"") + word.encode() + b"\n"

    @rule(name=NAMES)
    def remove(self, name: str) -> None:
        if name in self.model:
            self.run(self.sandbox.remove(name))
            del self.model[name]
        else:
            with pytest.raises(ToolFailed):
                self.run(self.sandbox.remove(name))

    @precondition(lambda self: self.model)
    @rule(data=st.data(), to=NAMES)
    def move_in_the_shell(self, data: st.DataObject, to: str) -> None:
        name = data.draw(st.sampled_from(sorted(self.model)))
        if name != to:
            self.sh(f'mkdir -p "$(dirname {shlex.quote(to)})"; mv {shlex.quote(name)} {shlex.quote(to)}')
            self.model[to] = self.model.pop(name)

    @rule(target=trees)
    def snapshot(self) -> tuple[Tree, dict[str, bytes]]:
        return self.run(self.sandbox.snapshot()), dict(self.model)

    @rule(past=trees)
    def restore(self, past: tuple[Tree, dict[str, bytes]]) -> None:
        tree, files = past
        self.run(self.sandbox.restore(tree))
        self.model, self.told = dict(files), dict(files)

    @rule()
    def go_on_in_a_fork(self) -> None:
        left, self.sandbox = self.sandbox, self.run(self.sandbox.fork())
        self.told = dict(self.model)
        self.run(left.exec(f"rm -rf {WORK}"))
        self.run(left.close())

    @rule()
    def ask_what_changed(self) -> None:
        for change in self.run(self.sandbox.changes()):
            name = posixpath.relpath(change.path, WORK)
            if change.after is not None and change.after.type == "file":
                self.told[name] = change.after.data
            elif change.before is not None and change.before.type == "file":
                del self.told[name]
        assert self.told == self.model

    @invariant()
    def both_hold_the_same_files(self) -> None:
        assert files_of(self.run(self.sandbox.snapshot())) == self.model

    def teardown(self) -> None:
        self.loop.close()


def test_any_order_of_operations_leaves_what_a_dictionary_would_hold() -> None:
    run_state_machine_as_test(  # pyright: ignore[reportUnknownVariableType]
        SandboxAgainstDictionary,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
