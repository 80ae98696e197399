"""The command line as tests use it: in this process, or in one of its own."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ulterior.cli import main

__all__ = ["ERRAND", "SMALL", "start", "study_file", "ulterior"]

ERRAND = "errand:SCENARIO"
SMALL = ["--scenario", ERRAND, "--model", "sim/steady"]
SUPPORT = Path(__file__).parents[1] / "support"


def ulterior(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    with pytest.raises(SystemExit) as stopped:
        main([str(word) for word in words])
    output = capsys.readouterr()
    code = stopped.value.code
    assert isinstance(code, int)
    return code, output.out, output.err


def start(*words: str | Path, environ: dict[str, str] | None = None, **options: Any) -> subprocess.Popen[str]:
    """A process of its own, with both streams as pipes unless it is said otherwise."""
    environment = {**os.environ, "PYTHONPATH": str(SUPPORT), **(environ or {})}
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    command = [sys.executable, "-m", "ulterior.cli", *map(str, words)]
    return subprocess.Popen(command, env=environment, text=True, encoding="utf-8", errors="replace", **pipes)


def study_file(folder: Path, content: str) -> Path:
    path = folder / "study.yaml"
    path.write_text(content, encoding="utf-8")
    return path
