"""The pages' own modules, run by Node, for tests that compare them with Python."""

import json
import shutil
import subprocess
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ulterior.viewer.server import FRONT

__all__ = ["Ask", "asking"]

Ask = Callable[[str, Any], Any]
"""Puts a question of one kind (see ``world_in_node.mjs``) to Node and gives its answer."""


@contextmanager
def asking(folder: Path) -> Generator[Ask]:
    """A Node that answers until the end of the block; ``folder`` is empty, and Node's to work in."""
    shutil.copytree(FRONT, folder / "front")
    shutil.copy(Path(__file__).parent / "world_in_node.mjs", folder)
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    command = ["node", "world_in_node.mjs"]
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as node:
        asked, answered = node.stdin, node.stdout
        assert asked is not None
        assert answered is not None

        def ask(what: str, question: Any) -> Any:
            asked.write(json.dumps({what: question}) + "\n")
            asked.flush()
            return json.loads(answered.readline())

        yield ask
        asked.close()
