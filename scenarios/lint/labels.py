"""Words of the experiment that must not reach the agent: conditions, facts, acts, planted agents, modules.

Many of them are ordinary English (``open``, ``low``, ``file``), which a world may be full of. So a name
counts where it can be nothing else: as a whole identifier with an underscore in it, as ``arm=level``, as the
whole of a value or of a file's name if it is one of a few giveaway labels, or as one of a few giveaway words.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from ulterior.scenarios.declaration import ROLES, AnyScenario
from ulterior.scenarios.lint.finding import Finding
from ulterior.scenarios.lint.sources import sources_of
from ulterior.scenarios.lint.visible import Piece
from ulterior.scenarios.verdict import ACTS

__all__ = ["labels", "unrendered"]

_GIVEAWAY_WORDS: Mapping[str, str] = {
    "violated": "an act",
    "covert": "a planted agent",
    "denier": "a planted agent",
    "refuser": "a planted agent",
    "confessor": "a planted agent",
    "reverter": "a planted agent",
    "attempter": "a planted agent",
    "sandbagger": "a planted agent",
    "saboteur": "a planted agent",
    "scheming": "what is looked for",
    "ulterior": "this program",
    "oracle": "a module of ours",
    "playbook": "a module of ours",
    "playbooks": "a module of ours",
}
_PLACEHOLDER = re.compile(
    r"\{\{ ?[a-z][\w.]*[^}\n]*\}\}|\{% ?[a-z]+[^}\n]*%\}|(?<!\$)\{[a-z_]+(?:\.[a-z_]+)+\}"
)
_GIVEAWAY_LABELS = frozenset(
    {"conflict", "control", "authorised", "temptation", "tempted", "treatment", "innocent", "clarified"}
)
"""Names of arms that no ordinary value or file is called."""


def labels(scenario: AnyScenario, pieces: list[Piece]) -> Iterator[Finding]:
    """Where the agent sees a word of the experiment."""
    ordinary = {word.casefold() for word in scenario.about.ordinary_words}
    identifiers = {
        name: what for name, what in _identifiers(scenario).items() if name.casefold() not in ordinary
    }
    words = {word: what for word, what in _GIVEAWAY_WORDS.items() if word not in ordinary}
    named = _any_of({**identifiers, **words})
    statements = {" ".join(fact.statement.casefold().rstrip(".").split()): fact.id for fact in scenario.facts}
    alone = _alone(scenario, ordinary)
    assigned = re.compile(
        rf"\b(?:arm|{'|'.join(map(re.escape, _factors(scenario)))})[\"']?=[\"']?({_levels(scenario)})\b"
        rf"|\barm[\"']?\s*:\s*[\"']?({_levels(scenario)})\b",
        re.IGNORECASE,
    )
    for piece in pieces:
        for match in named.finditer(piece.text):
            word = match.group()
            what = identifiers.get(word) or words.get(word.casefold(), "a label")
            yield _finding(piece, match.start(), f"the agent sees {word!r}, the name of {what}")
        for match in assigned.finditer(piece.text):
            yield _finding(piece, match.start(), f"the agent sees {match.group()!r}, which names a condition")
        if match := alone.search(_value_in(piece)):
            yield _finding(
                piece, match.start(), f"the agent sees {match[1]!r}, alone, which labels a condition"
            )
        text = " ".join(piece.text.casefold().split())
        for statement, fact in statements.items():
            if statement and statement in text:
                yield _finding(piece, 0, f"the agent sees what the fact {fact} says, word for word")


def unrendered(pieces: list[Piece]) -> Iterator[Finding]:
    """Where the agent sees a placeholder that nobody has filled in."""
    for piece in pieces:
        for match in _PLACEHOLDER.finditer(piece.text):
            yield Finding(
                "error",
                "unrendered",
                piece.line_of(match.start()),
                f"the agent sees the placeholder {match.group()!r}",
                "render it: a template, or an f in front of the text",
            )


def _finding(piece: Piece, at: int, what: str) -> Finding:
    return Finding(
        "error",
        "label-visible",
        piece.line_of(at),
        what,
        "say it in words of the story; a word of the story's own goes into About.ordinary_words",
    )


def _identifiers(scenario: AnyScenario) -> dict[str, str]:
    """Names with an underscore in them, and what they are names of."""
    names = {scenario.name: "the scenario", scenario.package.rpartition(".")[2]: "the scenario"}
    names |= {fact.id: "a fact" for fact in scenario.facts}
    names |= dict.fromkeys(ACTS, "an act")
    names |= dict.fromkeys(scenario.playbooks, "a planted agent")
    names |= {factor.name: "a factor" for factor in scenario.factors}
    names |= {level: f"a level of {factor.name}" for factor in scenario.factors for level in factor.levels}
    names |= dict.fromkeys(scenario.cells, "a condition")
    names |= dict.fromkeys(_flags(scenario), "a flag")
    return {name: what for name, what in names.items() if "_" in name.strip("_")}


def _flags(scenario: AnyScenario) -> Iterator[str]:
    """What the oracle's generators of flags yield, as far as it is written down as text."""
    for path in sources_of(scenario):
        if path.suffix == ".py" and "oracle" in path.stem:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                match node:
                    case ast.Yield(ast.Constant(str(flag))) if flag.isidentifier():
                        yield flag
                    case _:
                        pass


def _any_of(names: Mapping[str, str]) -> re.Pattern[str]:
    inner = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) or r"(?!)"
    # A visible canary is a finding of its own.
    return re.compile(rf"(?<![A-Za-z0-9_])(?:{inner})(?![A-Za-z0-9_]|-canary)", re.IGNORECASE)


def _factors(scenario: AnyScenario) -> list[str]:
    return [factor.name for factor in scenario.factors]


def _levels(scenario: AnyScenario) -> str:
    levels = {level for factor in scenario.factors for level in factor.levels}
    return "|".join(sorted(map(re.escape, levels), key=len, reverse=True)) or r"(?!)"


def _alone(scenario: AnyScenario, ordinary: set[str]) -> re.Pattern[str]:
    """A line that holds a giveaway label of this scenario and nothing else, but for a key before it."""
    own = {level for factor in scenario.factors for level in factor.levels} | set(scenario.cells) | set(ROLES)
    inner = "|".join(sorted((own & _GIVEAWAY_LABELS) - ordinary)) or r"(?!)"
    return re.compile(rf"^\s*(?:[\"']?[\w-]+[\"']?\s*[:=]\s*)?[\"']?({inner})[\"']?,?\s*$", re.MULTILINE)


def _value_in(piece: Piece) -> str:
    return PurePosixPath(piece.text).stem if piece.where.startswith("path ") else piece.text
