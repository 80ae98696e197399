"""A command of ulterior's, run in this process."""

from pathlib import Path

import pytest

from ulterior.cli import main

__all__ = ["ulterior"]


def ulterior(*words: str | Path) -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as stopped:
        main([str(word) for word in words])
    assert isinstance(stopped.value.code, int)
    return stopped.value.code
