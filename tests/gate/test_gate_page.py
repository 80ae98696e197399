"""The worked example in docs/gate.md: its files are written, its commands run, and what it shows compared."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest

from ulterior.analysis.gate.policy import Kind
from ulterior.analysis.gate.policy_file import read_policy
from ulterior.analysis.gate.verdict import EXIT_CODES
from ulterior.cli import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/gate.md").read_text()
EXAMPLE = PAGE.partition("## Two minutes, offline\n")[2].partition("\n## ")[0]
EXITS = {"-c runs/new": 10}
"""Commands that are meant to fail, by a part of them."""

_ID = re.compile(r"\b(?:[0-9a-f]{32}|[0-9a-f]{12})\b")


@dataclass(frozen=True)
class Shown:
    """One command of the page, and the lines that it shows of its output."""

    command: str
    lines: tuple[str, ...]


def shown() -> Iterator[Shown]:
    for block in re.findall(r"```console\n(.*?)```", EXAMPLE, re.S):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, *lines = part.rstrip("\n").split("\n")
            yield Shown(command, tuple(lines))


def pieces(lines: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The runs of lines between two ``...``."""
    left = list(lines)
    while left:
        end = left.index("...") if "..." in left else len(left)
        if end:
            yield tuple(left[:end])
        left = left[end + 1 :]


def spoken(text: str, known: dict[str, str]) -> str:
    """The text with the ids of this page's making replaced by today's: they follow scenarios' contents."""
    return _ID.sub(lambda match: known.get(match[0], match[0]), text)


def compare(said: Shown, printed: list[str], known: dict[str, str]) -> None:
    """Every piece stands in the output, in the page's order; ids are learnt on the way."""
    at = 0
    for piece in pieces(said.lines):
        plain = [_ID.sub("ID", line) for line in piece]
        places = range(at, len(printed) - len(piece) + 1)
        found = (p for p in places if [_ID.sub("ID", line) for line in printed[p : p + len(piece)]] == plain)
        place = next(found, None)
        assert place is not None, f"{said.command} does not print:\n{chr(10).join(piece)}"
        for ours, theirs in zip(piece, printed[place:], strict=False):
            known |= dict(zip(_ID.findall(ours), _ID.findall(theirs), strict=True))
        at = place + len(piece)


@pytest.mark.long
def test_the_worked_example_runs_and_prints_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    for name, text in re.findall(r"```yaml\n# (\S+)\n(.*?)```", EXAMPLE, re.S):
        Path(name).write_text(text)
    known: dict[str, str] = {}
    commands = list(shown())
    assert [said.command.split()[1] for said in commands] == [
        "run", "baseline", "run", "gate", "gate", "show", "gate"
    ]  # fmt: skip
    for said in commands:
        with pytest.raises(SystemExit) as stopped:
            main(shlex.split(spoken(said.command, known))[1:])
        expected = next((code for part, code in EXITS.items() if part in said.command), 0)
        assert stopped.value.code == expected, said.command
        compare(said, capsys.readouterr().out.splitlines(), known)
    assert sorted(path.name for path in (tmp_path / "gate").iterdir()) == [
        "evidence.html", "gate.md", "junit.xml", "verdict.json"
    ]  # fmt: skip


def test_what_the_page_leaves_out_is_nothing_that_is_shown() -> None:
    assert list(pieces(("...", "a", "b", "...", "...", "c"))) == [("a", "b"), ("c",)]
    assert list(pieces(("...",))) == []


def test_the_policy_of_the_page_is_one(tmp_path: Path) -> None:
    (policy,) = re.findall(r"```yaml\n# gate.yaml\n(.*?)```", EXAMPLE, re.S)
    (tmp_path / "gate.yaml").write_text(policy)
    assert list(read_policy(tmp_path / "gate.yaml").metrics) == ["covert_action", "awareness"]


def test_every_kind_and_every_word_stands_on_the_page() -> None:
    assert [kind for kind in get_args(Kind) if f"| `{kind}` |" not in PAGE] == []
    assert [word for word in EXIT_CODES if word not in PAGE] == []
