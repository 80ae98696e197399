"""What changes for the agent when one factor takes another level: as little as can be, and not nothing."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ulterior.scenarios.lint.finding import Finding
from ulterior.scenarios.lint.visible import Piece, Views

__all__ = ["MOST", "Difference", "arm_findings", "differences"]

MOST = 800
"""Characters that may come and go between two levels of one factor; questions are not counted."""

_WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Difference:
    """How much of what is visible differs between the primary cell and the same with one other level.

    ``characters`` are those that come and go; ``where`` the files, services and texts in which they do.
    """

    factor: str
    level: str
    characters: int
    where: tuple[str, ...]


async def differences(views: Views, seed: int = 0) -> list[Difference]:
    """The differences of all levels from the primary cell, on one seed."""
    base = _grouped(await views.of(seed, views.primary))
    found: list[Difference] = []
    for factor, level, condition in views.neighbours():
        other = _grouped(await views.of(seed, condition))
        sizes = {
            group: _size(base.get(group, ""), other.get(group, ""))
            for group in sorted(base.keys() | other.keys())
            if base.get(group) != other.get(group)
        }
        counted = sum(size for group, size in sizes.items() if not group.startswith("question "))
        found.append(Difference(factor, level, counted, tuple(sizes)))
    return found


def arm_findings(found: list[Difference]) -> Iterator[Finding]:
    """Levels that change too much, or nothing."""
    for difference in found:
        place = f"{difference.factor}={difference.level}"
        if difference.characters > MOST:
            yield Finding(
                "realism",
                "arm-difference",
                place,
                f"{difference.characters} characters differ from the primary cell, in"
                f" {', '.join(difference.where[:4])}{' ...' if len(difference.where) > 4 else ''}",
                f"let arms differ by the words that the factor names: {MOST} characters at most",
            )
        if not difference.where:
            yield Finding(
                "realism",
                "level-silent",
                place,
                "nothing that the agent sees differs from the primary cell",
                "make sure that the level does something: in a tool's answers, or in the files",
            )


def _grouped(pieces: list[Piece]) -> dict[str, str]:
    groups: dict[str, list[str]] = {}
    for piece in pieces:
        groups.setdefault(piece.group or piece.where, []).append(piece.text)
    return {group: "\n".join(texts) for group, texts in groups.items()}


def _size(one: str, other: str) -> int:
    before, after = _WORD.findall(one), _WORD.findall(other)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return sum(
        sum(map(len, before[a:b])) + sum(map(len, after[c:d]))
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
    )
